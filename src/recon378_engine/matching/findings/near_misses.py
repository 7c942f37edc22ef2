"""What comes nearest to each open record: candidates that the passes weighed, shared references, the nearest amount, and
equal amounts.
"""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.matching.books import settlement
from recon378_engine.matching.books.entries import Book, Entries
from recon378_engine.matching.books.sides import Sides
from recon378_engine.matching.outcome import PassOutcome
from recon378_engine.matching.passes.rivalry import with_rivals
from recon378_engine.result import Side

EQUAL_AMOUNTS_MAX = 5  # records of the other side with an amount before that amount proves nothing
Array = NDArray[Any]
PAIR = ("left", "right")


def near_misses(sides: Sides, outcomes: list[PassOutcome], left_open: Array, right_open: Array) -> pl.DataFrame:
    """side, position, rival, confidence and what speaks for and against, for the best rival of every open record that has one.

    `left_open` and `right_open` flag positions. Columns besides: difference (minor units), allowed levels as in
    `settlement`, lag_days, reference_level, text_similarity, other_currency.
    """
    given = pl.concat([outcome.rivals for outcome in outcomes])
    weighed = _as_pairs(given)
    pairs = weighed.select(PAIR)
    if sides.book.has_amounts:
        found = [
            pairs,
            _linked(sides),
            _nearest(sides.book, left_open, right_open),
            _equal_amounts(sides.book, left_open, right_open),
        ]
        pairs = pl.concat(found).unique()
    flags = pl.Series(left_open), pl.Series(right_open)
    pairs = pairs.filter(flags[0].gather(pairs["left"]) | flags[1].gather(pairs["right"])).sort("left", "right")
    judged = _judge(sides, pairs).join(weighed, on=["left", "right"], how="left")
    judged = judged.with_columns(confidence=pl.coalesce("given", "confidence"))
    best = [
        _best(judged, side, other, flag) for side, other, flag in ((Side.LEFT, "right", flags[0]), (Side.RIGHT, "left", flags[1]))
    ]
    return pl.concat(best)


def _as_pairs(rivals: pl.DataFrame) -> pl.DataFrame:
    is_left = pl.col("side") == Side.LEFT
    return (
        rivals.select(
            left=pl.when(is_left).then("position").otherwise("rival"),
            right=pl.when(is_left).then("rival").otherwise("position"),
            given="confidence",
        )
        .group_by("left", "right")
        .agg(pl.col("given").max())
    )  # fmt: skip


def _linked(sides: Sides) -> pl.DataFrame:
    return sides.references.links.select(PAIR)


def _nearest(book: Book, left_open: Array, right_open: Array) -> pl.DataFrame:
    """For each open record the open record of the other side and the same currency whose amount is nearest."""
    one, two = _amounts(book.left, left_open, "left"), _amounts(book.right, right_open, "right")
    if one.is_empty() or two.is_empty():
        return pl.DataFrame(schema={"left": pl.UInt32, "right": pl.UInt32})
    options: dict[str, Any] = {"on": "amount", "by": "currency", "strategy": "nearest", "check_sortedness": False}
    found = [one.join_asof(two, **options), two.join_asof(one, **options)]
    return pl.concat([part.select(PAIR).drop_nulls() for part in found])


def _equal_amounts(book: Book, left_open: Array, right_open: Array) -> pl.DataFrame:
    """Pairs with one open record and amounts that are equal or opposite, in any currency, where the amount is rare."""
    frames = []
    for flags_left, flags_right in ((left_open, np.ones_like(right_open)), (np.ones_like(left_open), right_open)):
        sized = [
            _amounts(entries, flags, name).with_columns(pl.col("amount").abs()).with_columns(many=pl.len().over("amount"))
            for entries, flags, name in ((book.left, flags_left, "left"), (book.right, flags_right, "right"))
        ]
        rare = [
            part.filter(pl.col("many") <= EQUAL_AMOUNTS_MAX).select("amount", name)
            for part, name in zip(sized, PAIR, strict=True)
        ]
        frames.append(rare[0].join(rare[1], on="amount").select(PAIR))
    return pl.concat(frames)


def _amounts(entries: Entries, flags: Array, name: str) -> pl.DataFrame:
    positions = np.flatnonzero(flags & entries.has_amount).astype(np.uint32)
    return pl.DataFrame({name: positions, "amount": entries.amount[positions], "currency": entries.currency[positions]}).sort(
        "amount", name
    )


def _judge(sides: Sides, pairs: pl.DataFrame) -> pl.DataFrame:
    left, right = pairs["left"].to_numpy(), pairs["right"].to_numpy()
    book = sides.book
    bits = settlement.weigh(book, sides.references, sides.texts, sides.weights, left, right)
    one, two = book.left.currency[left], book.right.currency[right]
    other = (one != two) & (one >= 0) & (two >= 0)
    strength = np.where(other, bits.total - 10.0, bits.total)
    both = book.left.has_amount[left] & book.right.has_amount[right]
    return pairs.with_columns(
        confidence=pl.Series(with_rivals(left.astype(np.int64), right.astype(np.int64), strength)),
        strength=pl.Series(strength),
        difference=pl.when(pl.Series(both)).then(pl.Series(book.left.amount[left] - book.right.amount[right])),
        opposite=pl.Series(both & (book.left.amount[left] == -book.right.amount[right]) & (book.left.amount[left] != 0)),
        size=pl.Series(np.abs(book.right.amount[right])),
        lag_days=pl.Series(bits.lag_days),
        reference_level=pl.Series(bits.reference_level),
        text_similarity=pl.Series(bits.text_similarity),
        other_currency=pl.Series(other),
    )


def _best(judged: pl.DataFrame, side: Side, other: str, flags: pl.Series) -> pl.DataFrame:
    mine = judged.filter(flags.gather(judged[side.value]))
    best = mine.sort("strength", "confidence", other, descending=[True, True, False]).unique(
        side.value, keep="first", maintain_order=True
    )
    return best.select(
        pl.lit(side.value).alias("side"), pl.col(side.value).alias("position"), pl.col(other).alias("rival"),
        "confidence", "strength", "difference", "opposite", "size", "lag_days", "reference_level", "text_similarity",
        "other_currency",
    )  # fmt: skip
