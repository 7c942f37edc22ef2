"""Join the outcomes of all passes into the frames of a result."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.matching.books.entries import Book
from recon378_engine.matching.books.rates import RateTable
from recon378_engine.matching.books.settlement import Weights
from recon378_engine.matching.outcome import PassOutcome
from recon378_engine.matching.rulesets.conditions import Converted, Pass
from recon378_engine.result import ITEMS_SCHEMA, MATCHES_SCHEMA, Side

CONFIDENCE_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Assembled:
    """`matches` and `items` in the schemas of a result, and the same items as positions: match_id, side, position."""

    matches: pl.DataFrame
    items: pl.DataFrame
    placed: pl.DataFrame


def assemble(
    outcomes: list[tuple[Pass, PassOutcome]], rows: dict[Side, pl.Series], book: Book, weights: Weights, rates: RateTable
) -> Assembled:
    """Number all matches by their smallest left and right row, and work out counts, currency and residual of each."""
    matches, placed = _stacked(outcomes)
    placed = _with_rows(placed, rows)
    order = (
        placed.group_by("match")
        .agg(
            left=pl.col("row").filter(pl.col("side") == Side.LEFT).min(),
            right=pl.col("row").filter(pl.col("side") == Side.RIGHT).min(),
            left_count=(pl.col("side") == Side.LEFT).sum(),
            right_count=(pl.col("side") == Side.RIGHT).sum(),
        )
        .sort("left", "right")
        .with_row_index("match_id")
    )
    matches = matches.join(order.drop("left", "right"), on="match").join(
        _residuals(placed, matches, book, rates), on="match", how="left"
    )
    matches = matches.with_columns(_residual_reason(book, weights).alias("residual_reason"))
    matches = _runner_up_rows(matches, rows)
    placed = placed.join(order.select("match", "match_id"), on="match").sort("match_id", "side", "row")
    return Assembled(
        matches=matches.sort("match_id").select(*MATCHES_SCHEMA).cast(MATCHES_SCHEMA),  # type: ignore[arg-type]
        items=placed.select(*ITEMS_SCHEMA).cast(ITEMS_SCHEMA),  # type: ignore[arg-type]
        placed=placed.select("match_id", "side", "position"),
    )


def _stacked(outcomes: list[tuple[Pass, PassOutcome]]) -> tuple[pl.DataFrame, pl.DataFrame]:
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
    return pl.concat(matches), pl.concat(items)


def _with_rows(placed: pl.DataFrame, rows: dict[Side, pl.Series]) -> pl.DataFrame:
    parts = []
    for side, numbers in rows.items():
        part = placed.filter(pl.col("side") == side)
        parts.append(part.with_columns(row=numbers.gather(part["position"])))
    return pl.concat(parts)


def _runner_up_rows(matches: pl.DataFrame, rows: dict[Side, pl.Series]) -> pl.DataFrame:
    return matches.with_columns(
        pl.col("runner_up_confidence").round(CONFIDENCE_DECIMALS),
        runner_up_left_row=rows[Side.LEFT].gather(matches["runner_up_left"]),
        runner_up_right_row=rows[Side.RIGHT].gather(matches["runner_up_right"]),
    )


def _residuals(placed: pl.DataFrame, matches: pl.DataFrame, book: Book, rates: RateTable) -> pl.DataFrame:
    """match, residual_minor, currency; null residual where no member has an amount."""
    parts = []
    for side, entries, sign in ((Side.LEFT, book.left, 1), (Side.RIGHT, book.right, -1)):
        part = placed.filter(pl.col("side") == side)
        places = part["position"].to_numpy()
        parts.append(
            part.select("match").with_columns(
                amount=pl.Series(entries.amount[places] * sign),
                filled=pl.Series(entries.has_amount[places]),
                code=pl.Series(entries.currency[places]),
                right=pl.lit(side == Side.RIGHT),
            )
        )
    sums = pl.concat(parts).group_by("match").agg(
        residual_minor=pl.when(pl.col("filled").all()).then(pl.col("amount").sum()),
        code=pl.col("code").max(),
        right_code=pl.col("code").filter("right").max(),
    )  # fmt: skip
    sums = _converted(sums, placed, matches, book, rates)
    names = pl.DataFrame(
        {"code": np.arange(len(book.currencies), dtype=np.int32), "currency": pl.Series(book.currencies, dtype=pl.String)}
    )
    return sums.join(names, on="code", how="left").select("match", "residual_minor", "currency")


def _converted(sums: pl.DataFrame, placed: pl.DataFrame, matches: pl.DataFrame, book: Book, rates: RateTable) -> pl.DataFrame:
    chosen = matches.filter("converted").select("match")
    if chosen.is_empty():
        return sums
    pairs = chosen.join(placed.filter(pl.col("side") == Side.LEFT).select("match", left="position"), on="match")
    pairs = pairs.join(placed.filter(pl.col("side") == Side.RIGHT).select("match", right="position"), on="match")
    values = rates.residuals(book, pairs["left"].to_numpy(), pairs["right"].to_numpy())
    exact = pairs.select("match").with_columns(exact=pl.Series(values))
    return sums.join(exact, on="match", how="left").with_columns(
        residual_minor=pl.coalesce("exact", "residual_minor"),
        code=pl.when(pl.col("exact").is_not_null()).then("right_code").otherwise("code"),
    )


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


def states_of(placed: pl.DataFrame, matches: pl.DataFrame, side: Side, height: int, states: tuple[int, int, int]) -> NDArray[Any]:
    """For each position of a side: states[0] confirmed, states[1] suggested, states[2] open."""
    out = np.full(height, states[2], dtype=np.uint8)
    members = placed.filter(pl.col("side") == side).join(matches.select("match_id", "status"), on="match_id")
    confirmed = (members["status"] == "confirmed").to_numpy()
    out[members["position"].to_numpy()] = np.where(confirmed, states[0], states[1])
    return out
