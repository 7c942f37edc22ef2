"""The bars: fixed here, before anything is measured, and changed only together with what the project promises."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.table import share

CONFIRMED, GIBIBYTES, SECONDS, SAME = "precision of confirmed", "peak GiB", "wall s", "same hash"


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure of a step. `limit` is the least it may be, or the most where `at_most`; None is told without being judged."""

    step: str
    figure: str
    limit: float | None = None
    at_most: bool = False

    def held(self, measured: Sequence[float]) -> bool:
        """Whether every measured value is on the right side; the worst seed decides."""
        if self.limit is None:
            return True
        return max(measured) <= self.limit if self.at_most else min(measured) >= self.limit

    @property
    def words(self) -> str:
        if self.limit is None:
            return ""
        value = written(self.figure, self.limit)
        return value if self.figure.endswith(SAME) else f"{'≤' if self.at_most else '≥'} {value}"


def _bars(step: str, *figures: tuple[str, float | None] | tuple[str, float | None, bool]) -> tuple[Bar, ...]:
    return tuple(Bar(step, *figure) for figure in figures)


BARS = (
    *_bars(
        "people",
        ("wall, share of Splink's", 1 / 3, True),
        ("CPU, share of Splink's", 1 / 3, True),
        ("F1", 0.992),
        ("ECE>.01", 0.02, True),
        (SECONDS, None),
        ("CPU s", None),
        (GIBIBYTES, None),
        ("candidate recall, our estimate", None),
        ("Splink F1", None),
        ("Splink ECE>.01", None),
        ("Splink wall s", None),
        ("Splink CPU s", None),
        ("Splink peak GiB", None),
    ),
    *_bars(
        "public",
        ("bank_transactions F1", 0.96),
        ("abt_buy F1", 0.93),
        ("dblp_acm F1", 0.993),
        ("fodors_zagats F1", 0.99),
        ("febrl4 F1", 0.9995),
    ),
    *_bars(
        "transactions",
        ("F1", 0.97),
        ("recall fee", 0.93),
        ("recall rounding", 0.93),
        ("recall one_to_many", 0.93),
        ("recall many_to_one", 0.93),
        (CONFIRMED, 0.99),
        ("ECE>.01", None),
    ),
    *_bars(
        "transactions-large",
        (SECONDS, 20, True),
        (GIBIBYTES, 3, True),
        ("F1, distance to that of a tenth", 0.01, True),
        ("F1", None),
        (CONFIRMED, None),
        ("CPU s", None),
    ),
    *_bars(
        "people-huge",
        (GIBIBYTES, 12, True),
        ("exponent of wall s", 1.1, True),
        ("exponent of CPU s", 1.1, True),
        ("F1", None),
        (SECONDS, None),
        ("CPU s", None),
    ),
    *_bars("spark", (f"people: {SAME}", 1), (f"transactions: {SAME}", 1), ("CPU s", None), ("CPU s of the threads", None)),
)
"""Grouped by step, in the order of `benchmarks.bars.steps`."""


def written(figure: str, value: float) -> str:
    """A value as its figure is written: whole where it is a count, with one digit where it is a cost, as a share otherwise."""
    if figure.endswith(SAME):
        return "yes" if value == 1 else "no"
    if figure.endswith(("wall s", "CPU s", "threads")) and not figure.startswith("exponent"):
        return f"{value:.1f}"
    if figure.endswith("GiB") or figure.startswith("exponent"):
        return f"{value:.2f}"
    if "share" in figure:
        return f"{value:.3f}".removeprefix("0")
    return share(value)
