"""Join the outcomes of all passes into the frames of a result."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from recon378_engine.matching.books.entries import NO_CURRENCY, Book
from recon378_engine.matching.books.rates import RateTable
from recon378_engine.matching.books.settlement import Weights
from recon378_engine.matching.outcome import PassOutcome, Positions
from recon378_engine.matching.rulesets.conditions import Converted, Pass
from recon378_engine.result import ITEMS_SCHEMA, MATCHES_SCHEMA, MatchStatus, Side

CONFIDENCE_DECIMALS = 6
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Members:
    """The matched records of one side: number of the match and position of each, ascending by match and file row."""

    match: Ints
    position: Positions


@dataclass(frozen=True, slots=True)
class Assembled:
    """`matches` and `items` in the schemas of a result, and the same items as members, whose matches are their ids."""

    matches: pl.DataFrame
    items: pl.DataFrame
    members: dict[Side, Members]


def assemble(
    outcomes: list[tuple[Pass, PassOutcome]], rows: dict[Side, pl.Series], book: Book, weights: Weights, rates: RateTable
) -> Assembled:
    """Number all matches by their smallest left and right row, and work out counts, currency and residual of each."""
    matches, members = _stacked(outcomes)
    file_rows = {side: rows[side].to_numpy() for side in Side}
    numbers = matches["match"].to_numpy()
    size = int(numbers.max()) + 1 if numbers.size else 0
    lowest = {side: _lowest(part, file_rows[side], size)[numbers] for side, part in members.items()}
    order = np.lexsort((lowest[Side.RIGHT], lowest[Side.LEFT]))
    ids = np.zeros(size, np.int64)
    ids[numbers[order]] = np.arange(order.shape[0])
    members = {side: _by_match(ids[part.match], part.position, file_rows[side], order.shape[0]) for side, part in members.items()}
    counts = {side: np.bincount(part.match, minlength=order.shape[0]) for side, part in members.items()}
    matches = matches[order].with_columns(
        match_id=pl.int_range(pl.len(), dtype=pl.UInt32),
        left_count=pl.Series(counts[Side.LEFT]),
        right_count=pl.Series(counts[Side.RIGHT]),
    )
    matches = matches.with_columns(_residuals(members, matches["converted"], book, rates))
    matches = matches.with_columns(_residual_reason(book, weights).alias("residual_reason"))
    matches = _runner_up_rows(matches, rows)
    return Assembled(
        matches=matches.select(*MATCHES_SCHEMA).cast(MATCHES_SCHEMA),  # type: ignore[arg-type]
        items=_items(members, counts, file_rows),
        members=members,
    )


def _stacked(outcomes: list[tuple[Pass, PassOutcome]]) -> tuple[pl.DataFrame, dict[Side, Members]]:
    """All matches, and their records by side, under numbers that run on from pass to pass."""
    matches, items = [], []
    offset = 0
    for step, outcome in outcomes:
        shift = (pl.col("match") + offset).cast(pl.UInt32)
        named = outcome.matches.with_columns(
            shift, pl.col("confidence").round(CONFIDENCE_DECIMALS), pass_name=pl.lit(step.name), method=pl.lit(step.kind.value),
            converted=pl.lit(step.condition(Converted) is not None),
        )  # fmt: skip
        matches.append(named)
        items.append(outcome.items.with_columns(shift))
        # Numbers have gaps where a match with a rejected pair was taken out, so the next pass begins after the highest one.
        offset += 0 if outcome.matches.is_empty() else int(outcome.matches["match"].to_numpy().max()) + 1
    every = pl.concat(items)
    members = {}
    for side in Side:
        part = every.filter(pl.col("side") == side.value)
        members[side] = Members(part["match"].to_numpy().astype(np.int64), part["position"].to_numpy())
    return pl.concat(matches), members


def _lowest(members: Members, rows: NDArray[np.uint32], size: int) -> Ints:
    """The smallest file row of each match, -1 where it has none on this side."""
    lowest = np.full(size, np.iinfo(np.int64).max)
    np.minimum.at(lowest, members.match, rows[members.position].astype(np.int64))
    lowest[lowest == np.iinfo(np.int64).max] = -1
    return lowest


def _by_match(ids: Ints, positions: Positions, rows: NDArray[np.uint32], size: int) -> Members:
    order = _grouped(ids, rows[positions], size)
    return Members(ids[order], positions[order])


@njit("int64[::1](int64[::1], uint32[::1], int64)", nogil=True, cache=True)
def _grouped(ids: Ints, rows: NDArray[np.uint32], size: int) -> Ints:
    """The order by id (0 … size − 1), then row: counted by id, for each has few rows."""
    starts = np.zeros(size + 1, np.int64)
    for place in range(ids.shape[0]):
        starts[ids[place] + 1] += 1
    for number in range(size):
        starts[number + 1] += starts[number]
    free, order = starts.copy(), np.empty(ids.shape[0], np.int64)
    for place in range(ids.shape[0]):
        slot = free[ids[place]]
        free[ids[place]] += 1
        while slot > starts[ids[place]] and rows[order[slot - 1]] > rows[place]:
            order[slot] = order[slot - 1]
            slot -= 1
        order[slot] = place
    return order


def _items(members: dict[Side, Members], counts: dict[Side, Ints], rows: dict[Side, NDArray[np.uint32]]) -> pl.DataFrame:
    """match_id, side, row of every member, ascending; the left of a match before its right."""
    left, right = members[Side.LEFT], members[Side.RIGHT]
    before = {side: np.cumsum(counts[side]) - counts[side] for side in Side}
    places = {
        Side.LEFT: np.arange(left.match.shape[0]) + before[Side.RIGHT][left.match],
        Side.RIGHT: np.arange(right.match.shape[0]) + (before[Side.LEFT] + counts[Side.LEFT])[right.match],
    }
    height = left.match.shape[0] + right.match.shape[0]
    match, row, on_right = np.empty(height, np.uint32), np.empty(height, np.uint32), np.zeros(height, np.uint8)
    for side, part in members.items():
        match[places[side]], row[places[side]] = part.match, rows[side][part.position]
    on_right[places[Side.RIGHT]] = 1
    names = pl.Series([Side.LEFT.value, Side.RIGHT.value]).gather(on_right)
    return pl.DataFrame({"match_id": match, "side": names, "row": row}, schema=ITEMS_SCHEMA)


def _runner_up_rows(matches: pl.DataFrame, rows: dict[Side, pl.Series]) -> pl.DataFrame:
    return matches.with_columns(
        pl.col("runner_up_confidence").round(CONFIDENCE_DECIMALS),
        runner_up_left_row=rows[Side.LEFT].gather(matches["runner_up_left"]),
        runner_up_right_row=rows[Side.RIGHT].gather(matches["runner_up_right"]),
    )


def _residuals(members: dict[Side, Members], converted: pl.Series, book: Book, rates: RateTable) -> list[pl.Series]:
    """residual_minor and currency of each match; null residual where any member has no amount."""
    size = len(converted)
    residual, lacking = np.zeros(size, np.int64), np.zeros(size, np.bool_)
    codes = {side: np.full(size, NO_CURRENCY, np.int32) for side in Side}
    for side, entries, sign in ((Side.LEFT, book.left, 1), (Side.RIGHT, book.right, -1)):
        part = members[side]
        np.add.at(residual, part.match, sign * entries.amount[part.position])
        lacking[part.match[~entries.has_amount[part.position]]] = True
        np.maximum.at(codes[side], part.match, entries.currency[part.position])
    code = np.maximum(codes[Side.LEFT], codes[Side.RIGHT])
    chosen = np.flatnonzero(converted.to_numpy())
    if chosen.size:  # one record a side
        left, right = (_only(members[side], chosen) for side in Side)
        residual[chosen], lacking[chosen] = rates.residuals(book, left, right), False
        code[chosen] = codes[Side.RIGHT][chosen]
    amounts = pl.select(pl.when(pl.Series(~lacking)).then(pl.Series(residual)).alias("residual_minor")).to_series()
    names = pl.Series("currency", [None, *book.currencies], dtype=pl.String)
    return [amounts, names.gather(code + 1)]


def _only(members: Members, chosen: Ints) -> Positions:
    """The position of the first member of each chosen match."""
    return members.position[np.searchsorted(members.match, chosen)]


def _residual_reason(book: Book, weights: Weights) -> pl.Expr:
    size = pl.col("residual_minor").abs()
    return (
        pl.when((size == 0) | size.is_null())
        .then(None)
        .when(pl.col("converted"))
        .then(pl.lit("fx"))
        .when(size <= weights.rounding_minor)
        .then(pl.lit("rounding"))
        .when((size <= weights.fee_minor) & (pl.col("left_count") == 1) & (pl.col("right_count") == 1))
        .then(pl.lit("fee"))
        .otherwise(pl.lit("tolerance"))
    )


def states_of(members: Members, matches: pl.DataFrame, height: int, states: tuple[int, int, int]) -> NDArray[Any]:
    """For each position of a side: states[0] confirmed, states[1] suggested, states[2] open."""
    out = np.full(height, states[2], dtype=np.uint8)
    confirmed = (matches["status"] == MatchStatus.CONFIRMED.value).to_numpy()
    out[members.position] = np.where(confirmed[members.match], states[0], states[1])
    return out
