"""Measure every bar and say which are held.

    python -m benchmarks.bars [--seed 7001] [--seeds N] [--only STEP …] [--large] [--data FOLDER] [--generators FOLDER]
                              [--keep FOLDER] [--page] [--scale 0.01]

Steps: public, transactions, spark; and people and transactions-large (a million rows) and people-huge (ten million), which run
with --large or when named. What was measured is kept in --keep, one file a step and seed, and not measured again until the engine
changes; a step that was stopped goes on with the files that it drew. --page writes the section "Bars" of docs/benchmarks.md from
what is kept, measuring nothing. --scale shrinks all sets to try the command out.
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.bars.bar import BARS
from benchmarks.bars.kept import Measured, engine_digest, keep, kept
from benchmarks.bars.steps import PARTS, STEPS, Bench, Step, StepFailed, warm
from benchmarks.bars.verdicts import rows, section, verdict, verdicts
from benchmarks.contest import ROOT
from benchmarks.machine import describe_machine
from benchmarks.page import BARS as HEADING
from benchmarks.peers.environment import Environment, peer_environment
from benchmarks.section import replace_section

FIRST_SEED = 7001
PAGE = ROOT / "docs" / "benchmarks.md"
SPARK_PYTHON = ROOT / ".tools" / "spark" / "bin" / "python"


def main() -> int:
    options = arguments()
    if not options.page:
        for step in chosen(options):
            run(step, options)
    found = {step.name: kept(options.keep, step.name, rows_of(step, options.scale), seeds_of(step, options)) for step in STEPS}
    judged = verdicts(found)
    for row in rows(judged):
        print(f"{row[0]:<42}{row[1]:<34}{row[2]:>10}  {row[3]:<26}{row[4].strip('*')}")
    if options.page:
        replace_section(PAGE, HEADING, section(found, command(options), engine_digest()), before="## Protocol")
        print("Wrote the section Bars of docs/benchmarks.md.")
    return 1 if any(one.held is False for one in judged) else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bars", description="Measure every bar and say which are held.")
    parser.add_argument("--seed", type=int, default=FIRST_SEED, help="the first seed; the others follow it")
    parser.add_argument("--seeds", type=int, help="how many; default: as many as the step asks for")
    parser.add_argument("--only", action="append", choices=[step.name for step in STEPS], help="a step; may be repeated")
    parser.add_argument("--large", action="store_true", help="a million rows and ten million as well")
    parser.add_argument("--data", type=Path, help="folder of public sets with left.csv, right.csv and truth.csv")
    parser.add_argument("--generators", type=Path, help="folder with make_people.py and make_transactions.py; default: ours")
    parser.add_argument("--keep", type=Path, default=ROOT / ".tools" / "bars", help="where results and drawn files are kept")
    parser.add_argument("--page", action="store_true", help="write the page from what is kept and measure nothing")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the rows, to try the command out; not for the page")
    options = parser.parse_args()
    if options.page and options.scale != 1.0:
        parser.error("The page shows the sizes that the bars are about: leave --scale out.")
    options.keep = options.keep.resolve()
    return options


def chosen(options: argparse.Namespace) -> list[Step]:
    if options.only:
        return [step for step in STEPS if step.name in options.only]
    return [step for step in STEPS if options.large or not step.large]


def run(step: Step, options: argparse.Namespace) -> None:
    """Measure the seeds of a step that are not kept yet, and print each."""
    code, size = engine_digest(), rows_of(step, options.scale)
    environment = peer_environment(ROOT, ("splink",)) if step.name == "people" else Environment(Path())
    for seed in seeds_of(step, options):
        known = [one for one in kept(options.keep, step.name, size, [seed]) if one.code == code and one.failure is None]
        if known:
            show(step, known, "kept")
            continue
        scratch = options.keep / f"drawn-{step.name}-{size}-{seed}"
        bench = Bench(seed, size, scratch, environment, options.data, options.generators, spark_python())
        figures, failure = measure(step, bench)
        measured = Measured(step.name, seed, size, code, describe_machine(), options.generators is not None, figures, failure)
        keep(measured, options.keep)
        if failure is None:
            shutil.rmtree(scratch)
        show(step, [measured], "measured")


def measure(step: Step, bench: Bench) -> tuple[dict[str, float], str | None]:
    bench.scratch.mkdir(parents=True, exist_ok=True)
    print(f"{step.title}, seed {bench.seed}: about {step.minutes:g} minutes at full size …", file=sys.stderr, flush=True)
    try:
        warm(bench)
        return step.measure(bench), None
    except StepFailed as failed:
        return {}, str(failed)


def show(step: Step, measured: Sequence[Measured], how: str) -> None:
    print(f"{step.name}, seed {measured[0].seed} ({how}):", flush=True)
    for bar in (bar for bar in BARS if bar.step == step.name):
        one = verdict(step, bar, measured)
        print(f"  {bar.figure:<34}{bar.words:>10}  {one.measured:<12} {one.word.strip('*')}", flush=True)


def seeds_of(step: Step, options: argparse.Namespace) -> range:
    """Given sets have no seed; the others have as many as asked for, or as the step does."""
    if not step.rows:
        return range(1)
    return range(options.seed, options.seed + (options.seeds or step.seeds))


def rows_of(step: Step, scale: float) -> int:
    """Divisible by PARTS, and enough to match anything."""
    return max(PARTS * 100, round(step.rows * scale / PARTS) * PARTS) if step.rows else 0


def spark_python() -> Path | None:
    return SPARK_PYTHON if SPARK_PYTHON.exists() else None


def command(options: argparse.Namespace) -> str:
    seed = f" --seed {options.seed}" if options.seed != FIRST_SEED else ""
    generators = " --generators FOLDER" if options.generators else ""
    return f"python -m benchmarks.bars --large --data FOLDER{generators}{seed}"


if __name__ == "__main__":
    sys.exit(main())
