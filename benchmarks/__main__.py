"""Run the command line and the peers on every set, print one table and write docs/benchmarks.md.

    python -m benchmarks [--rows 20000] [--seed 101] [--seeds 3] [--set NAME …] [--data FOLDER] [--large] [--no-peers]

The sets are our own: people, products (a tenth of the rows) and payouts, drawn anew for the seed. --set chooses others, among
them the harder shapes of people. With --data every folder in it that holds left.csv, right.csv and truth.csv is run as well.
--large adds people of a million rows. The page is written by runs of the default sets with peers only; the rest prints.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from benchmarks.contest import LARGE_ROWS, OURS, PEERS, ROOT, Outcome, contest, outcome
from benchmarks.machine import describe_machine
from benchmarks.page import Report, write_page
from benchmarks.peers.environment import Environment, peer_environment
from benchmarks.people import SHAPES
from benchmarks.sets import DRAWN, BenchmarkSet, drawn_set, given_sets
from benchmarks.spread import HEADING as SPREAD_HEADING
from benchmarks.spread import spread_rows
from benchmarks.table import HEADING, cells, markdown, plain

CONTESTED = ("people", "products", "payouts")
DEFAULT_ROWS = 20_000
SHAPED = tuple(f"people-{name}" for name in SHAPES if name != "plain")


def main() -> int:
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="recon378-bench-") as name:
        scratch = Path(name)
        environment = Environment(Path()) if options.no_peers else peer_environment(ROOT, tuple({peer.package for peer in PEERS}))
        programs = (OURS,) if options.no_peers else (OURS, *PEERS)
        warm(scratch, options.limit)
        print(plain(HEADING))
        contested = list(shown(contest(contested_sets(options, scratch), programs, environment, options.limit, scratch)))
        own = [kept for kept in contested if kept.program == OURS and kept.set.seed is not None and kept.set.rows < LARGE_ROWS]
        own += shown(contest(own_sets(options, scratch), (OURS,), environment, options.limit, scratch))
        print("\n".join(markdown(spread_rows(own), SPREAD_HEADING)))
        report = Report(contested, sorted_by_set(own), describe_machine(), version("recon378"), options.limit, command(options))
        if whole(options):
            write_page(report, ROOT / "docs")
            print("Wrote docs/benchmarks.md and docs/benchmarks.svg.")
    return 1 if any(kept.run.failure for kept in own) else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Quality and speed, ours and others', side by side."
    )
    parser.add_argument("--rows", type=int, default=DEFAULT_ROWS)
    parser.add_argument("--seed", type=int, default=101, help="the first seed; the others follow it")
    parser.add_argument("--seeds", type=int, default=3, help="how many seeds our own figures are taken over")
    parser.add_argument("--set", action="append", choices=sorted(DRAWN), help="instead of the default sets; may be repeated")
    parser.add_argument("--data", type=Path, help="folder of sets with left.csv, right.csv and truth.csv")
    parser.add_argument("--large", action="store_true", help="people of a million rows as well")
    parser.add_argument("--no-peers", action="store_true", help="ours alone")
    parser.add_argument("--limit", type=float, default=90.0, help="seconds after which a run is ended (ten times for --large)")
    return parser.parse_args()


def whole(options: argparse.Namespace) -> bool:
    return not options.set and not options.no_peers


def command(options: argparse.Namespace) -> str:
    extra = [f"--seed {options.seed}"]
    extra += [f"--rows {options.rows}"] if options.rows != DEFAULT_ROWS else []
    extra += ["--large"] if options.large else []
    extra += ["--data FOLDER"] if options.data else []
    return " ".join(["./run bench", *extra])


def warm(scratch: Path, limit_seconds: float) -> None:
    """Let the kernels be compiled before a clock runs."""
    for name in CONTESTED:
        outcome(OURS, drawn_set(name, 300, 1, scratch), Environment(Path()), limit_seconds, scratch)


def contested_sets(options: argparse.Namespace, scratch: Path) -> Iterator[BenchmarkSet]:
    for name in options.set or CONTESTED:
        yield drawn_set(name, rows_of(name, options.rows), options.seed, scratch)
    if options.data:
        yield from given_sets(options.data)
    if options.large:
        yield drawn_set("people", LARGE_ROWS, options.seed, scratch)


def own_sets(options: argparse.Namespace, scratch: Path) -> Iterator[BenchmarkSet]:
    """What the contest did not run: the further seeds, and the harder shapes of people."""
    for seed in range(options.seed, options.seed + options.seeds):
        names = (options.set or CONTESTED) if seed > options.seed else ()
        for name in (*names, *(SHAPED if not options.set else ())):
            yield drawn_set(name, rows_of(name, options.rows), seed, scratch)


def rows_of(name: str, rows: int) -> int:
    return rows // 10 if name == "products" else rows // 4 if name in SHAPED else rows


def shown(outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    for kept in outcomes:
        print(plain(cells(kept)), flush=True)
        yield kept


def sorted_by_set(outcomes: list[Outcome]) -> list[Outcome]:
    order = list(dict.fromkeys(kept.set.title for kept in outcomes))
    return sorted(outcomes, key=lambda kept: (order.index(kept.set.title), kept.set.seed or 0))


if __name__ == "__main__":
    sys.exit(main())
