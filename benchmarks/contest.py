"""Us and the peers on the same sets in one run: who runs what, and what came of it."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.environment import Environment
from benchmarks.runs import Run, run_program
from benchmarks.scoring import Score, score
from benchmarks.sets import BenchmarkSet

ROOT = Path(__file__).resolve().parents[1]
LARGE_ROWS = 1_000_000
LARGE_PATIENCE = 10


@dataclass(frozen=True, slots=True)
class Program:
    """`peer` is the adapter's name, None for our own command line; `package` is what it needs; `rows_max` is the largest set it
    is tried on."""

    title: str
    peer: str | None = None
    package: str = ""
    rows_max: int = 100_000


OURS = Program("recon378", rows_max=10**9)
PEERS = (
    Program("Splink, best settings", "splink-best", "splink", 10**9),
    Program("Splink, documented settings", "splink-documented", "splink"),
    Program("recordlinkage, ECM", "recordlinkage-ecm", "recordlinkage"),
    Program("dedupe, 100 labels", "dedupe-labels", "dedupe"),
    Program("goldenmatch, zero configuration", "goldenmatch-zero", "goldenmatch"),
    Program("exact join", "exact-join", "recordlinkage", 10**9),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`score` is None where the run failed."""

    program: Program
    set: BenchmarkSet
    run: Run
    score: Score | None


def contest(sets: Iterable[BenchmarkSet], programs: tuple[Program, ...], environment: Environment, limit_seconds: float,
            scratch: Path) -> Iterator[Outcome]:  # fmt: skip
    """Run every program on every set, one after the other, and score what it wrote; a large set may take LARGE_PATIENCE times
    as long.
    """
    for test_set in sets:
        patience = LARGE_PATIENCE if test_set.rows >= LARGE_ROWS else 1
        for program in programs:
            if test_set.rows <= program.rows_max:
                yield outcome(program, test_set, environment, limit_seconds * patience, scratch)


def outcome(program: Program, test_set: BenchmarkSet, environment: Environment, limit_seconds: float, scratch: Path) -> Outcome:
    if program.package in environment.missing:
        return Outcome(program, test_set, Run(0.0, 0.0, 0.0, environment.missing[program.package]), None)
    out = scratch / "out" / f"{test_set.folder.name}-{program.peer}"
    command = our_command(test_set, out) if program.peer is None else peer_command(program.peer, test_set, environment, out)
    run = run_program(command, limit_seconds, ROOT)
    result = None if run.failure else score(test_set.folder / "truth.csv", out / "matches.csv")
    return Outcome(program, test_set, run, result)


def our_command(test_set: BenchmarkSet, out: Path) -> list[str]:
    """The command line as a person would use it: two files, no settings."""
    files = [str(test_set.folder / f"{side}.csv") for side in ("left", "right")]
    return [str(Path(sys.executable).parent / "recon378"), "reconcile", *files, "--out", str(out), "--formats", "csv"]


def peer_command(peer: str, test_set: BenchmarkSet, environment: Environment, out: Path) -> list[str]:
    return [str(environment.python), "-m", "benchmarks.peers", peer, test_set.name, str(test_set.folder), str(out)]
