"""Groups by key: all records that share a key or a reference belong together when their sums agree."""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from recon378_engine.matching.books.entries import NO_DATE
from recon378_engine.matching.books.sides import Sides
from recon378_engine.matching.outcome import OUTCOME_ITEMS, OUTCOME_MATCHES, OUTCOME_RIVALS, PassOutcome, Pool
from recon378_engine.matching.passes.joins import day_differences, field_keys, linked
from recon378_engine.matching.rulesets.conditions import Ambiguity, AmountWithin, DateWithin, Decide, Equal, Pass, SharedReference
from recon378_engine.matching.rulesets.ruleset import Ruleset
from recon378_engine.result import MatchStatus, Side

GROUP_MAX = 1_000  # records of a group; a key that more share is no key
CONFIDENCE = 0.99  # a shared key and sums equal to the cent; what remains is a wrong key with the right sum
WITHOUT_AMOUNT = 0.9  # a shared key alone
Array = NDArray[Any]


def run_group_key(sides: Sides, step: Pass, pool: Pool, ruleset: Ruleset) -> PassOutcome:
    """Match every group of the pool whose left and right sums agree within the pass's tolerance (equal without one)."""
    left, left_label, right, right_label = _groups(sides, step, pool)
    frame = pl.concat([_members(sides, Side.LEFT, left, left_label), _members(sides, Side.RIGHT, right, right_label)])
    is_left = pl.col("side") == Side.LEFT
    groups = frame.group_by("group").agg(
        left=is_left.sum(), right=(~is_left).sum(), records=pl.len(), filled=pl.col("filled").all(),
        currencies=pl.col("currency").n_unique(), difference=pl.col("signed").sum(),
        size=pl.col("signed").filter(~is_left).sum().abs(),
    )  # fmt: skip
    groups = groups.filter((pl.col("left") > 0) & (pl.col("right") > 0) & (pl.col("records") <= GROUP_MAX))
    if step.condition(AmountWithin) or sides.book.has_amounts:
        groups = groups.filter(
            pl.col("filled") & (pl.col("currencies") == 1) & (pl.col("difference").abs() <= _allowed(sides, step))
        )
    return _outcome(sides, step, ruleset, frame, groups.sort("group"))


def _groups(sides: Sides, step: Pass, pool: Pool) -> tuple[Array, Array, Array, Array]:
    """Positions of both sides that are in some group, and the group of each."""
    equal = [condition for condition in step.conditions if isinstance(condition, Equal)]
    if equal and not step.condition(SharedReference):
        keys = np.ones(sides.left.height, dtype=np.uint64), np.ones(sides.right.height, dtype=np.uint64)
        for condition in equal:
            here = field_keys(sides, condition)
            keys = tuple(_both(one, two) for one, two in zip(keys, here, strict=True))  # type: ignore[assignment]
        left, right = pool.left[keys[0][pool.left] != 0], pool.right[keys[1][pool.right] != 0]
        _, label = np.unique(np.concatenate([keys[0][left], keys[1][right]]), return_inverse=True)
        return left, label[: len(left)], right, label[len(left) :]
    left_pairs, right_pairs = _linked_pairs(sides, step, pool)
    left, left_index = np.unique(left_pairs, return_inverse=True)
    right, right_index = np.unique(right_pairs, return_inverse=True)
    size = len(left) + len(right)
    graph = coo_array((np.ones(len(left_pairs)), (left_index, right_index + len(left))), shape=(size, size))
    _, label = connected_components(graph, directed=False) if size else (0, np.empty(0, dtype=np.int64))
    return left, label[: len(left)], right, label[len(left) :]


def _linked_pairs(sides: Sides, step: Pass, pool: Pool) -> tuple[Array, Array]:
    left, right = linked(sides, pool)
    one, two = sides.book.left.currency[left], sides.book.right.currency[right]
    keep = (one == two) | (one < 0) | (two < 0)
    window = step.condition(DateWithin)
    if window:
        days = day_differences(sides, window, left, right)
        keep &= (days != NO_DATE) & (days >= window.start) & (days <= window.end)
    return left[keep], right[keep]


def _both(one: Array, two: Array) -> Array:
    with np.errstate(over="ignore"):
        mixed = ((one ^ (two << np.uint64(1))) * np.uint64(0x9FB21C651E98DF25)) | np.uint64(1)
    return np.where((one == 0) | (two == 0), np.uint64(0), mixed)


def _members(sides: Sides, side: Side, positions: Array, label: Array) -> pl.DataFrame:
    entries, sign = (sides.book.left, 1) if side is Side.LEFT else (sides.book.right, -1)
    return pl.DataFrame(
        {
            "group": label.astype(np.int64),
            "position": positions.astype(np.uint32),
            "filled": entries.has_amount[positions],
            "currency": entries.currency[positions],
            "signed": entries.amount[positions] * sign,
        }
    ).select(pl.lit(side.value).alias("side"), *("group", "position", "filled", "currency", "signed")).select(
        "group", "side", "position", "filled", "currency", "signed"
    )  # fmt: skip


def _allowed(sides: Sides, step: Pass) -> pl.Expr:
    condition = step.condition(AmountWithin) or AmountWithin()
    fixed = int(max(condition.absolute, condition.fee).scaleb(sides.book.scale))
    hundredths = int(condition.percent * 10_000)
    return pl.max_horizontal(pl.lit(fixed), pl.col("size") * hundredths // 1_000_000)


def _outcome(sides: Sides, step: Pass, ruleset: Ruleset, frame: pl.DataFrame, groups: pl.DataFrame) -> PassOutcome:
    summed = sides.book.has_amounts
    confidence = CONFIDENCE if summed else WITHOUT_AMOUNT
    confirmed = (
        step.outcome is Decide.CONFIRM
        and step.ambiguity is not Ambiguity.SUGGEST_ALL
        and confidence >= ruleset.confirm_confidence
    )
    numbered = groups.with_row_index("match")
    matches = numbered.select(
        "match", status=pl.lit((MatchStatus.CONFIRMED if confirmed else MatchStatus.SUGGESTED).value),
        confidence=pl.lit(confidence),
        runner_up_confidence=None, runner_up_left=None, runner_up_right=None, solutions=pl.lit(1), ambiguous=pl.lit(value=False),
        reason=pl.lit(None if confirmed else "The pass only suggests."),
    )  # fmt: skip
    items = frame.join(numbered.select("group", "match"), on="group").sort("match", "side", "position").select(*OUTCOME_ITEMS)
    return PassOutcome(
        matches.select(*OUTCOME_MATCHES).cast(OUTCOME_MATCHES),  # type: ignore[arg-type]
        items.cast(OUTCOME_ITEMS),  # type: ignore[arg-type]
        pl.DataFrame(schema=OUTCOME_RIVALS),
    )
