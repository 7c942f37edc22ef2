"""The steps: what is run for one seed, and which figures come of it. Each draws its own files and can be run by itself."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.bars.bar import CONFIRMED, GIBIBYTES, SAME, SECONDS
from benchmarks.contest import OURS, PEERS, ROOT, Outcome, Program, our_command, outcome
from benchmarks.given import draw_given, join_parts
from benchmarks.peers.environment import Environment
from benchmarks.runs import Run, run_program
from benchmarks.scoring import Score, confirmed_precision
from benchmarks.sets import BenchmarkSet, drawn_set, given_sets

SPLINK = PEERS[0]
PARTS = 10  # of people-huge: one draw of all its rows would need more memory than matching them
PART_SEEDS = 1_000  # how far the seeds of parts lie from one another
LIMIT_SECONDS = 4 * 3600.0
SPARK_MASTER = "local-cluster[2,1,2048]"  # a master and two workers of one core and 2 GiB, each a process of its own
OWN_KINDS = {"batch": "one_to_many", "instalments": "many_to_one"}
Figures = dict[str, float]


class StepFailed(Exception):
    """A step that could not be measured, with the reason."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What a step works with: `rows` a side and files below `scratch`.

    `data` is the folder of public sets, `generators` one with make_people.py and make_transactions.py (ours where it has none),
    `spark_python` a Python that has this package and PySpark.
    """

    seed: int
    rows: int
    scratch: Path
    environment: Environment
    data: Path | None = None
    generators: Path | None = None
    spark_python: Path | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """`minutes` is about what one seed takes on two cores, drawing included."""

    name: str
    title: str
    rows: int
    seeds: int
    large: bool
    minutes: float
    measure: Callable[[Bench], Figures]


def people(bench: Bench) -> Figures:
    """Ours and Splink with its best settings, one after the other on the same files."""
    drawn = people_set(bench)
    ours, splink = (measured(program, drawn, bench) for program in (OURS, SPLINK))
    summary = json.loads((out_of(bench, drawn) / "summary.json").read_text(encoding="utf-8"))
    recall = summary["diagnostics"]["passes"][-1].get("candidate_recall_estimate", math.nan)
    return {
        "wall, share of Splink's": ours.run.wall_seconds / splink.run.wall_seconds,
        "CPU, share of Splink's": ours.run.cpu_seconds / splink.run.cpu_seconds,
        "candidate recall, our estimate": recall,
        **costs_and_quality(ours),
        **{f"Splink {name}": value for name, value in costs_and_quality(splink).items()},
    }


def public(bench: Bench) -> Figures:
    if bench.data is None:
        raise StepFailed("give the folder of the public sets with --data")
    return {f"{given.name} F1": score_of(measured(OURS, given, bench)).f1 for given in given_sets(bench.data)}


def transactions(bench: Bench) -> Figures:
    drawn = transactions_set(bench)
    done = measured(OURS, drawn, bench)
    kinds = {OWN_KINDS.get(kind, kind): share for kind, share in score_of(done).recall_by_kind.items()}
    return {
        **costs_and_quality(done),
        **{f"recall {kind}": share for kind, share in kinds.items()},
        CONFIRMED: confirmed_precision(drawn.folder / "truth.csv", out_of(bench, drawn) / "matches.csv"),
    }


def transactions_large(bench: Bench) -> Figures:
    tenth = transactions(replace(bench, rows=bench.rows // 10))
    whole = transactions(bench)
    return {**whole, "F1, distance to that of a tenth": abs(whole["F1"] - tenth["F1"])}


def people_huge(bench: Bench) -> Figures:
    """PARTS draws one below the other, against the first of them alone."""
    part_rows = bench.rows // PARTS
    parts = [people_set(replace(bench, rows=part_rows, seed=bench.seed + part * PART_SEEDS)) for part in range(PARTS)]
    whole = BenchmarkSet(parts[0].name, part_rows * PARTS, bench.scratch / f"joined-{bench.rows}-{bench.seed}", bench.seed)
    if not (whole.folder / "truth.csv").exists():
        join_parts([part.folder for part in parts], part_rows, whole.folder)
    one, all_parts = measured(OURS, parts[0], bench), measured(OURS, whole, bench)
    growth = {
        f"exponent of {name}": math.log(costs_and_quality(all_parts)[name] / costs_and_quality(one)[name], PARTS)
        for name in (SECONDS, "CPU s")
    }
    return {**costs_and_quality(all_parts), **growth}


def spark(bench: Bench) -> Figures:
    """The result hash of the threads and of a cluster of two workers, on people and on transactions."""
    if bench.spark_python is None:
        raise StepFailed("PySpark is not installed: ./run test-spark installs it")
    found: Figures = {}
    for name, drawn in (("people", people_set(bench)), ("transactions", transactions_set(bench))):
        threads, cluster = bench.scratch / f"out-{name}-threads", bench.scratch / f"out-{name}-spark"
        local = command_line(bench, our_command(drawn, threads))
        spread = command_line(bench, [*our_command(drawn, cluster), "--engine", "spark", "--spark-master", SPARK_MASTER])
        found[f"{name}: {SAME}"] = float(hash_in(threads) == hash_in(cluster))
        found["CPU s of the threads"] = found.get("CPU s of the threads", 0.0) + local.cpu_seconds
        found["CPU s"] = found.get("CPU s", 0.0) + spread.cpu_seconds
    return found


STEPS = (
    Step("people", "people, 1,000,000 a side, beside Splink", 1_000_000, 3, True, 5, people),
    Step("public", "public sets", 0, 1, False, 2, public),
    Step("transactions", "transactions, 100,000 a side", 100_000, 3, False, 1, transactions),
    Step("transactions-large", "transactions, 1,000,000 a side", 1_000_000, 3, True, 4, transactions_large),
    Step("people-huge", "people, 10,000,000 a side", 10_000_000, 1, True, 30, people_huge),
    Step("spark", "Spark with two workers, 100,000 a side", 100_000, 3, False, 4, spark),
)


def people_set(bench: Bench) -> BenchmarkSet:
    return given_or_own(bench, "make_people.py", "customers", "people")


def transactions_set(bench: Bench) -> BenchmarkSet:
    return given_or_own(bench, "make_transactions.py", "transactions", "payouts", ("--hard", "0.5"))


def given_or_own(bench: Bench, script: str, given: str, own: str, extra: tuple[str, ...] = ()) -> BenchmarkSet:
    """The set of the given generator where its folder has the script, else of ours; drawn once."""
    path = bench.generators / script if bench.generators else None
    if path is None or not path.exists():
        return drawn_set(own, bench.rows, bench.seed, bench.scratch)
    folder = bench.scratch / f"{given}-{bench.rows}-{bench.seed}"
    if not (folder / "drawn").exists():
        draw_given(path, folder, bench.rows, bench.seed, extra)
        (folder / "drawn").touch()
    return BenchmarkSet(given, bench.rows, folder, bench.seed)


def warm(bench: Bench) -> None:
    """Let the kernels be compiled and the disk know the programs before a clock runs."""
    for name in ("people", "payouts"):
        measured(OURS, drawn_set(name, 300, 1, bench.scratch), bench)


def measured(program: Program, drawn: BenchmarkSet, bench: Bench) -> Outcome:
    done = outcome(program, drawn, bench.environment, LIMIT_SECONDS, bench.scratch)
    if done.run.failure:
        raise StepFailed(f"{program.title} on {drawn.title}: {done.run.failure}")
    return done


def score_of(done: Outcome) -> Score:
    assert done.score is not None
    return done.score


def out_of(bench: Bench, drawn: BenchmarkSet) -> Path:
    return bench.scratch / "out" / f"{drawn.folder.name}-{OURS.peer}"


def costs_and_quality(done: Outcome) -> Figures:
    score, run = score_of(done), done.run
    quality = {"F1": score.f1, "ECE>.01": score.calibration_error}
    return {**quality, SECONDS: run.wall_seconds, "CPU s": run.cpu_seconds, GIBIBYTES: run.peak_gibibytes}


def command_line(bench: Bench, command: list[str]) -> Run:
    """Run `recon378 …` with the Python that has PySpark."""
    assert bench.spark_python is not None
    work = f"SPARK_WORKER_DIR={bench.scratch / 'work'}"
    done = run_program(["env", work, str(bench.spark_python.parent / "recon378"), *command[1:]], LIMIT_SECONDS, ROOT)
    if done.failure:
        raise StepFailed(done.failure)
    return done


def hash_in(folder: Path) -> str:
    return str(json.loads((folder / "summary.json").read_text(encoding="utf-8"))["result_hash"])
