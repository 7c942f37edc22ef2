"""Our own figures over several seeds: the mean, and the smallest and largest beside it."""

from collections.abc import Callable, Sequence
from statistics import mean

from benchmarks.contest import Outcome
from benchmarks.table import share

HEADING = ("set", "seeds", "F1 ≥ .5", "precision", "recall", "ECE>.01", "wall s", "CPU s", "GiB")
Figure = Callable[[Outcome], float]


def spread_rows(outcomes: Sequence[Outcome]) -> list[tuple[str, ...]]:
    """A row for each set, its outcomes of all seeds together. A set with a failed run shows the failure."""
    names = list(dict.fromkeys(outcome.set.title for outcome in outcomes))
    return [spread_row(name, [outcome for outcome in outcomes if outcome.set.title == name]) for name in names]


def spread_row(name: str, outcomes: list[Outcome]) -> tuple[str, ...]:
    seeds = ", ".join(str(outcome.set.seed) for outcome in outcomes)
    failed = [outcome.run.failure for outcome in outcomes if outcome.run.failure]
    if failed:
        return (name, seeds, str(failed[0]), *[""] * (len(HEADING) - 3))
    scores = [outcome.score for outcome in outcomes if outcome.score]
    figures = [[getattr(score, name) for score in scores] for name in ("f1", "precision", "recall", "calibration_error")]
    runs = [outcome.run for outcome in outcomes]
    costs = [[run.wall_seconds for run in runs], [run.cpu_seconds for run in runs], [run.peak_gibibytes for run in runs]]
    return (name, seeds, *[span(values, share) for values in figures], *[span(values, "{:.1f}".format) for values in costs])


def span(values: Sequence[float], write: Callable[[float], str]) -> str:
    low, high = write(min(values)), write(max(values))
    return write(mean(values)) if low == high else f"{write(mean(values))} ({low}–{high})"
