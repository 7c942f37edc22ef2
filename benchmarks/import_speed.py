"""Time and memory of the importer on files of its own making: typed, profiled and stored, in its child process.

    python -m benchmarks.import_speed [--rows 1000000] [--only NAME] [--gigabytes 0]

Prints for each file its size, wall and processor seconds (with the profile of at most a million rows) and the peak memory of
the child. The bars of the project on two free cores: CSV of a million rows of ten columns within 6 s and 600 MiB, XLSX of
100,000 rows within 4 s; --gigabytes N writes and reads a CSV of N gigabytes, which must keep within the same memory.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

SHEET_ROWS = 100_000
GIGABYTE = 10**9
HEAD = ("date", "value date", "description", "amount", "currency", "id", "account", "balance", "type", "note")
CHILD = (
    "import resource, sys; from recon378_engine.reading import read_contained; from recon378_engine.dataset import load_table;"
    "from recon378_engine.profiling.columns import profile_columns;"
    "seen = read_contained(sys.argv[1], sys.argv[2]);"
    "sys.exit(f'{seen.inspection.status}: {seen.inspection.error}') if seen.dataset is None else None;"
    "profile_columns(load_table(seen.dataset, rows_max=1_000_000));"
    "print(seen.inspection.rows, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)


@dataclass(frozen=True, slots=True)
class Cost:
    rows: int
    wall_seconds: float
    cpu_seconds: float
    peak_mebibytes: float


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.import_speed", description="Time and memory of the importer.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--only", default="", help="files whose name contains this")
    parser.add_argument("--gigabytes", type=float, default=0)
    options = parser.parse_args()
    makers: dict[str, Callable[[Path], None]] = {
        "plain.csv": lambda path: write_csv(path, options.rows, ","),
        "german.csv": lambda path: write_csv(path, options.rows, ";"),
        "lines.ndjson": lambda path: write_lines(path, SHEET_ROWS),
        "sheet.xlsx": lambda path: write_sheet(path, SHEET_ROWS),
    }
    if options.gigabytes:
        makers["large.csv"] = lambda path: write_large(path, options.gigabytes)
    print(f"{'file':<14}{'MB':>8}{'rows':>12}{'wall s':>9}{'CPU s':>9}{'MiB':>8}")
    for name, make in makers.items():
        if options.only not in name:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / name
            make(path)
            cost = measured(path, Path(scratch) / "out")
            size = path.stat().st_size / 10**6
            figures = f"{cost.wall_seconds:>9.1f}{cost.cpu_seconds:>9.1f}{cost.peak_mebibytes:>8.0f}"
            print(f"{name:<14}{size:>8.1f}{cost.rows:>12,}{figures}", flush=True)
    return 0


def measured(path: Path, out: Path) -> Cost:
    """Read in a process of its own and account for it and the child that it starts as the operating system does."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", CHILD, str(path), str(out)], stdout=subprocess.PIPE)
    written = process.stdout.read() if process.stdout else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{path.name} was not read, see the line above")
    scale = 2**20 if sys.platform == "darwin" else 2**10
    rows, peak = map(int, written.split())
    return Cost(rows, time.perf_counter() - started, usage.ru_utime + usage.ru_stime, peak / scale)


def records(rows: int, german: bool) -> Iterator[tuple[str, ...]]:
    """Bank movements: days of a year, texts of three words, amounts with two decimals, keys with zeros."""
    draw = random.Random(378)
    words = ("invoice", "payment", "fee", "refund", "ACME GmbH", "Müller & Söhne", "order", "salary")
    kinds = ("transfer", "card", "debit")
    balance = 0
    for row in range(rows):
        cents = draw.randrange(-1_000_000, 1_000_000)
        balance += cents
        month, day = draw.randrange(1, 13), draw.randrange(1, 29)
        text = f"{draw.choice(words)} {draw.choice(words)} {row}"
        date = f"{day:02d}.{month:02d}.2025" if german else f"2025-{month:02d}-{day:02d}"
        yield (
            date,
            date,
            text,
            money(cents, german),
            "EUR",
            f"{row:09d}",
            "DE89370400440532013000",
            money(balance, german),
            draw.choice(kinds),
            "",
        )


def money(cents: int, german: bool) -> str:
    sign, whole, part = "-" if cents < 0 else "", abs(cents) // 100, abs(cents) % 100
    return f"{sign}{whole:,}".replace(",", ".") + f",{part:02d}" if german else f"{sign}{whole}.{part:02d}"


def write_csv(path: Path, rows: int, delimiter: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(delimiter.join(HEAD) + "\n")
        file.writelines(delimiter.join(record) + "\n" for record in records(rows, delimiter == ";"))


def write_lines(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for record in records(rows, german=False):
            file.write("{" + ",".join(f'"{name}":"{value}"' for name, value in zip(HEAD, record, strict=True)) + "}\n")


def write_sheet(path: Path, rows: int) -> None:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        for row, record in enumerate(records(rows, german=False), start=1):
            for column, value in enumerate(record):
                if column in (3, 7):
                    sheet.write_number(row, column, float(value))
                elif value:
                    sheet.write_string(row, column, value)


def write_large(path: Path, gigabytes: float) -> None:
    """The same hundred thousand movements over and over, each time with other keys, until the size is reached."""
    block = [",".join(record) for record in records(100_000, german=False)]
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(HEAD) + "\n")
        turn = 0
        while file.tell() < gigabytes * GIGABYTE:
            file.write("\n".join(line.replace(",EUR,0", f",EUR,{turn}") for line in block) + "\n")
            turn += 1


if __name__ == "__main__":
    sys.exit(main())
