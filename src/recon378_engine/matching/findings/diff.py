"""The difference of two results over the same records: what a changed ruleset, or a new run, changes."""

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from recon378_engine.notebook import html_of
from recon378_engine.result import Result, Side

CONFIDENCE_MOVED = 0.05  # a smaller move of confidence is no news


@dataclass(frozen=True, slots=True)
class Change:
    """The pairs of one kind of change: left_row, right_row and what is known of them, and the value of their left records.

    `value` is in the unit of the amounts that `diff_results` was given, each left record counted once; 0 without amounts.
    """

    pairs: pl.DataFrame
    value: Decimal

    @property
    def count(self) -> int:
        """How many pairs."""
        return self.pairs.height


@dataclass(frozen=True, slots=True)
class Difference:
    """`gained` pairs were open before, `lost` pairs are open now, `regrouped` pairs have records that were and are matched,
    otherwise; `moved` pairs kept together with another status or a confidence that moved by at least CONFIDENCE_MOVED."""

    gained: Change
    lost: Change
    regrouped: Change
    moved: Change
    unchanged: int

    def _repr_html_(self) -> str:
        return html_of(self)


def diff_results(before: Result, after: Result, left_amounts: pl.DataFrame | None = None) -> Difference:
    """Compare two results over the same records, pair by pair.

    `left_amounts` has row and amount (decimal) of the left records, from which the value of each kind of change is added; without
    it values are 0. The order of arguments is the order of time: what `after` has and `before` has not is gained.
    """
    old, new = _pairs(before), _pairs(after)
    both = old.join(new, on=["left_row", "right_row"], suffix="_after")
    fresh, gone = (one.join(other, on=["left_row", "right_row"], how="anti") for one, other in ((new, old), (old, new)))
    was, now = _matched(before), _matched(after)
    gained, regrouped_new = _split(fresh, was)
    lost, _ = _split(gone, now)
    moved = both.filter(
        (pl.col("status") != pl.col("status_after"))
        | ((pl.col("confidence") - pl.col("confidence_after")).abs() >= CONFIDENCE_MOVED)
    )
    changes = [Change(part, _value(part, left_amounts)) for part in (gained, lost, regrouped_new, moved)]
    gain, loss, regroup, move = changes
    return Difference(gain, loss, regroup, move, both.height - moved.height)


def _pairs(result: Result) -> pl.DataFrame:
    members = {
        side: result.items.filter(pl.col("side") == side).select("match_id", pl.col("row").alias(f"{side}_row")) for side in Side
    }
    joined = members[Side.LEFT].join(members[Side.RIGHT], on="match_id")
    return (
        joined.join(result.matches.select("match_id", "confidence", "status"), on="match_id")
        .drop("match_id")
        .sort("left_row", "right_row")
    )


def _matched(result: Result) -> dict[Side, pl.DataFrame]:
    return {side: result.items.filter(pl.col("side") == side).select(pl.col("row").alias(f"{side}_row")) for side in Side}


def _split(pairs: pl.DataFrame, matched: dict[Side, pl.DataFrame]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pairs neither of whose records is matched in the other result, and the rest."""
    free = pairs
    for side in Side:
        free = free.join(matched[side], on=f"{side}_row", how="anti")
    return free, pairs.join(free, on=["left_row", "right_row"], how="anti")


def _value(pairs: pl.DataFrame, amounts: pl.DataFrame | None) -> Decimal:
    if amounts is None or pairs.is_empty():
        return Decimal(0)
    rows = pairs.select(row="left_row").unique().join(amounts, on="row")
    return Decimal(str(rows["amount"].sum() or 0))
