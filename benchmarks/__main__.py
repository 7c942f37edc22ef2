"""Run the command line on every set, score what it wrote and print one table.

    python -m benchmarks [--rows 20000] [--seed 1] [--data FOLDER] [--only NAME] [--large]

Without --data the sets are our own: people and payouts, drawn anew for the seed. With --data every folder in it that
holds left.csv, right.csv and truth.csv is run as well. --large adds people and payouts of a million rows.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.payouts import write_payouts
from benchmarks.people import write_people
from benchmarks.scoring import Score, score

HEADER = f"{'set':<24}{'F1 ≥ .5':>9}{'precision':>11}{'recall':>9}{'ECE':>8}{'wall s':>9}{'CPU s':>9}{'GiB':>7}"


@dataclass(frozen=True, slots=True)
class Run:
    wall_seconds: float
    cpu_seconds: float
    peak_gibibytes: float


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Quality and speed on generated and given sets.")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, help="folder of sets with left.csv, right.csv and truth.csv")
    parser.add_argument("--only", help="run the sets whose name contains this")
    parser.add_argument("--large", action="store_true", help="a million rows a side as well")
    options = parser.parse_args()
    print(HEADER)
    with tempfile.TemporaryDirectory() as scratch:
        for name, folder in sets(Path(scratch), options):
            out = Path(scratch) / "out" / name
            run = reconcile(folder, out)
            report(name, score(folder / "truth.csv", out / "matches.csv"), run)
    return 0


def sets(scratch: Path, options: argparse.Namespace) -> Iterator[tuple[str, Path]]:
    makers = {"people": write_people, "payouts": write_payouts}
    sizes = [options.rows, 1_000_000] if options.large else [options.rows]
    for name, make in makers.items():
        for rows in sizes:
            title = f"{name} {rows:,}"
            if not options.only or options.only in title:
                folder = scratch / title.replace(" ", "-")
                make(folder, rows, options.seed)
                yield title, folder
    for truth in sorted(options.data.glob("*/truth.csv")) if options.data else []:
        if (truth.parent / "left.csv").exists() and (not options.only or options.only in truth.parent.name):
            yield truth.parent.name, truth.parent


def reconcile(folder: Path, out: Path) -> Run:
    """Run the command line as a person would and account for it as the operating system does."""
    command = [str(Path(sys.executable).parent / "recon378"), "reconcile", str(folder / "left.csv"), str(folder / "right.csv")]
    started = time.perf_counter()
    child = subprocess.Popen([*command, "--out", str(out), "--formats", "csv"])
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{folder.name}: recon378 reconcile failed, see the line above")
    scale = 2**30 if sys.platform == "darwin" else 2**20
    return Run(time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / scale)


def report(name: str, figures: Score, run: Run) -> None:
    print(
        f"{name:<24}{figures.f1:>9.4f}{figures.precision:>11.4f}{figures.recall:>9.4f}{figures.calibration_error:>8.4f}"
        f"{run.wall_seconds:>9.1f}{run.cpu_seconds:>9.1f}{run.peak_gibibytes:>7.2f}",
        flush=True,
    )
    if figures.recall_by_kind:
        print("  recall " + " · ".join(f"{kind} {share:.3f}" for kind, share in figures.recall_by_kind.items()))


if __name__ == "__main__":
    sys.exit(main())
