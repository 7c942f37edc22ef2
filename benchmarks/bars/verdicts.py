"""What was measured beside the bars: held, missed, or not measured."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from benchmarks.bars.bar import BARS, SAME, Bar, written
from benchmarks.bars.kept import Measured
from benchmarks.bars.steps import STEPS, Step
from benchmarks.table import markdown

HEADING = ("work", "figure", "bar", "measured", "")
NOT_MEASURED = "not measured"
PROTOCOL = """\
Every seed has to hold a bar; figures are the mean and, over several seeds, the smallest and largest. CSV files in, `matches.csv`
out (`--formats csv`), zero configuration, kernels compiled before. Pairs count from confidence ≥ .5. Splink runs with its best
settings, right after ours on the same files. Ten million people are ten draws of a million, one below the other; the exponents
compare them with the first draw alone. Spark is a master and two workers, each a process of its own, on one machine. The bars
stand in `benchmarks/bars/bar.py`; rows without a bar are told, not judged."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`held` is None for a bar without a figure and for a figure without a bar."""

    step: Step
    bar: Bar
    measured: str
    held: bool | None

    @property
    def word(self) -> str:
        return "" if self.held is None else "held" if self.held else "**missed**"


def verdicts(found: Mapping[str, Sequence[Measured]]) -> list[Verdict]:
    """One for each bar, with what is known of its step."""
    steps = {step.name: step for step in STEPS}
    return [verdict(steps[bar.step], bar, found.get(bar.step, ())) for bar in BARS]


def verdict(step: Step, bar: Bar, found: Sequence[Measured]) -> Verdict:
    failure = next((measured.failure for measured in found if measured.failure), None)
    values = [measured.figures[bar.figure] for measured in found if bar.figure in measured.figures]
    if failure or not values:
        return Verdict(step, bar, failure or NOT_MEASURED, None)
    return Verdict(step, bar, spread(bar.figure, values), None if bar.limit is None else bar.held(values))


def spread(figure: str, values: Sequence[float]) -> str:
    low, high, middle = (written(figure, value) for value in (min(values), max(values), mean(values)))
    if figure.endswith(SAME):
        return low
    return middle if low == high else f"{middle} ({low}–{high})"


def rows(judged: Iterable[Verdict]) -> list[tuple[str, ...]]:
    return [(one.step.title, one.bar.figure, one.bar.words, one.measured, one.word) for one in judged]


def section(found: Mapping[str, Sequence[Measured]], command: str, code: str) -> list[str]:
    """The lines of the page's section."""
    judged = verdicts(found)
    every = [measured for step in found.values() for measured in step]
    machines = " and ".join(sorted({measured.machine for measured in every}))
    own = (
        ""
        if all(measured.given for measured in every if measured.step != "public")
        else " Without given generators, people and transactions are our own."
    )
    older = sorted({measured.step for measured in every if measured.code != code})
    stale = [f"Measured on an earlier state of the engine: {', '.join(older)}.", ""] if older else []
    seeds = {step: ", ".join(str(one.seed) for one in measured) for step, measured in found.items() if measured}
    drawn = "; ".join(f"{step} {numbers}" for step, numbers in seeds.items() if step != "public")
    return [
        f"Written by `{command}`. {machines}. Seeds: {drawn}.{own}",
        "",
        PROTOCOL,
        "",
        *stale,
        *markdown(rows(judged), HEADING, words=3),
        "",
    ]
