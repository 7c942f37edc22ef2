"""Run every file of a corpus through `recon378 inspect`, judge it by the manifest, print totals a family and each miss.

    python -m benchmarks.corpus FOLDER [--only FAMILY] [--workers 2]

FOLDER holds manifest.jsonl, one JSON object a line: `file`, `expect` (accept, reject, ask, accept_with_row_errors,
accept_with_warning, or several joined by _or_), and `alt`, `rows`, `rows_in_file`, `typed_rows`, `columns`, `sum_amount`,
`sha256` where they are known. A file is right when its status fits and all that is known agrees; silently wrong when it was
accepted without a warning, a question or a bad row and something differs. Exit 0 when at least 97 % are right, none is
silently wrong, no file crashes the importer or takes 10 s, and every file that must be refused is.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

RIGHT_SHARE_MIN = 0.97
SLOW_SECONDS = 10.0
GIVE_UP_SECONDS = 60.0
RIGHT, LOUD, SILENT, CRASH = "right", "loudly wrong", "silently wrong", "crash"
ACCEPTED = ("accepted", "accepted_with_errors")
NOT_JUDGED = ("strings", "names")
WHOLE = {"accept": ("accepted",), "no_crash": (*ACCEPTED, "question", "rejected")}
PARTS = {"accept": ACCEPTED, "reject": ("rejected",), "ask": ("question",), "row": ("accepted_with_errors",), "warning": ACCEPTED}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one file fared; `why` says what differs."""

    file: str
    expect: str
    kind: str
    why: str
    seconds: float

    @property
    def family(self) -> str:
        return self.file.split("/", 1)[0]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus", description="Judge the importer on a corpus of files.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="families whose name contains this")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    chosen = [entry for entry in entries(options.folder) if options.only in entry["file"].split("/", 1)[0]]
    with ThreadPoolExecutor(options.workers) as pool:
        verdicts = list(pool.map(lambda entry: verdict(options.folder, entry), chosen))
    return report(verdicts)


def entries(folder: Path) -> Iterator[dict[str, Any]]:
    """The entries of the manifest that are judged and whose files are there."""
    for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line) if line.strip() else {"expect": NOT_JUDGED[0]}
        if entry["expect"] not in NOT_JUDGED and (folder / entry["file"]).exists():
            yield entry


def verdict(folder: Path, entry: dict[str, Any]) -> Verdict:
    """Inspect one file as a person would, and judge what came out."""
    command = [str(Path(sys.executable).parent / "recon378"), "inspect", str(folder / entry["file"]), "--json"]
    with tempfile.TemporaryDirectory() as scratch:
        written = Path(scratch) / "rows.ndjson"
        started = time.monotonic()
        try:
            done = subprocess.run([*command, "--rows", str(written)], capture_output=True, timeout=GIVE_UP_SECONDS)
            seen = json.loads(done.stdout)
        except subprocess.TimeoutExpired:
            return Verdict(entry["file"], entry["expect"], CRASH, "no answer", GIVE_UP_SECONDS)
        except ValueError:
            return Verdict(entry["file"], entry["expect"], CRASH, done.stderr.decode("utf-8", "replace")[-200:], 0.0)
        took = time.monotonic() - started
        rows = [json.loads(line) for line in written.read_text().splitlines()] if written.exists() else []
    why = "; ".join(differences(folder, entry, seen, rows))
    quiet = seen["status"] == "accepted" and not seen["warnings"]
    return Verdict(entry["file"], entry["expect"], (SILENT if quiet else LOUD) if why else RIGHT, why, took)


def differences(folder: Path, entry: dict[str, Any], seen: dict[str, Any], rows: list[dict[str, Any]]) -> Iterator[str]:
    """All that is not as the manifest says."""
    status = seen["status"]
    if status not in statuses(entry["expect"]) and not (entry.get("alt") and status in statuses(entry["alt"])):
        yield f"{status} instead of {entry['expect']}: {seen['error'] or ''}"
    if seen["rows"] + len(seen["row_errors"]) + seen["skipped"] != seen["rows_in_file"]:
        yield "imported + rejected + skipped are not the rows in the file"
    if status == "rejected" and not seen["error"]:
        yield "refused without a reason"
    if seen["sha256"] and hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest() != seen["sha256"]:
        yield "another sha256"
    if status in ACCEPTED:
        yield from differences_of_rows(entry, rows)


def differences_of_rows(entry: dict[str, Any], rows: list[dict[str, Any]]) -> Iterator[str]:
    wanted = entry.get("typed_rows")
    if wanted is None:
        if entry.get("rows") is not None and len(rows) != entry["rows"]:
            yield f"{len(rows)} rows instead of {entry['rows']}"
        return
    if len(rows) != len(wanted):
        yield f"{len(rows)} rows instead of {len(wanted)}"
        return
    for number, (ours, theirs) in enumerate(zip(rows, wanted, strict=True)):
        lowered = {key.strip().lower(): value for key, value in ours.items()}
        for key, value in theirs.items():
            if not same(lowered.get(key.lower()), value):
                yield f"row {number}, {key}: {lowered.get(key.lower())!r} instead of {value!r}"
                return


def statuses(expect: str) -> set[str]:
    """The statuses that an expectation allows; words of `_or_` and of "with" add theirs."""
    if expect in WHOLE:
        return set(WHOLE[expect])
    parts = [part for word, part in PARTS.items() if word in expect]
    return {status for part in parts for status in part} or set(WHOLE["no_crash"])


def same(ours: Any, theirs: Any) -> bool:
    """Equal as text, whatever its line ends, or as numbers; nothing equals an empty text."""
    left, right = ("" if value is None else str(value).replace("\r\n", "\n") for value in (ours, theirs))
    if left == right:
        return True
    try:
        return Decimal(left) == Decimal(right)
    except InvalidOperation:
        return False


def report(verdicts: list[Verdict]) -> int:
    """Print misses, families and totals; the exit code."""
    families: dict[str, Counter[str]] = defaultdict(Counter)
    for found in verdicts:
        families[found.family][found.kind] += 1
        if found.kind != RIGHT:
            print(f"{found.kind}: {found.file}: {found.why}"[:300])
    print(f"\n{'family':<28}{'files':>7}{RIGHT:>8}{LOUD:>14}{SILENT:>16}{CRASH:>7}")
    for family, counts in sorted(families.items()):
        figures = f"{counts[RIGHT]:>8}{counts[LOUD]:>14}{counts[SILENT]:>16}{counts[CRASH]:>7}"
        print(f"{family:<28}{counts.total():>7}{figures}")
    totals = sum(families.values(), Counter[str]())
    share = totals[RIGHT] / max(1, totals.total())
    slow = [found.file for found in verdicts if found.seconds > SLOW_SECONDS]
    refused = [found.kind == RIGHT for found in verdicts if found.expect == "reject"]
    slowest = max(verdicts, key=lambda found: found.seconds)
    print(
        f"\n{share:.1%} of {totals.total()} right, {totals[SILENT]} silently wrong, {totals[LOUD]} loudly wrong, "
        f"{totals[CRASH]} crashes; "
        f"{sum(refused)} of {len(refused)} refused as they must be; "
        f"{len(slow)} over {SLOW_SECONDS:.0f} s, the slowest {slowest.seconds:.1f} s ({slowest.file})"
    )
    good = share >= RIGHT_SHARE_MIN and not totals[SILENT] and not totals[CRASH] and not slow and all(refused)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
