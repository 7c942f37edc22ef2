"""Data quality of the columns of a table: filled, distinct, range, patterns, commonest values, duplicates and outliers."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from recon378_engine.profiling.roles import hash_sample
from recon378_engine.table import Column, ColumnType, Role, Table

PATTERN_SAMPLE_ROWS = 20_000
TOP = 5  # patterns, values and examples shown
COLUMNS_AT_ONCE = 32  # many plans at once cost polars more than in proportion: 100 columns took 0.7 s, 400 took 10 s
FENCE = 3.0  # interquartile ranges beyond the quartiles from which a value is far out (Tukey 1977)
RARE_PATTERN_SHARE = 0.001  # share of the sample below which a pattern is odd, in a column that otherwise keeps to few patterns
_ORDERED = frozenset({ColumnType.AMOUNT, ColumnType.NUMBER, ColumnType.DATE, ColumnType.DATETIME})


@dataclass(frozen=True, slots=True)
class Frequent:
    """A value or pattern and the share of the filled rows, 0..1, that have it."""

    text: str
    share: float


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What one column holds. `duplicates` counts the rows whose value stands in an earlier row too; values are as written.

    Patterns are written with `A` for a run of letters and `9` for a digit, from a sample. `outliers` counts rows far outside the
    middle half of an amount, number or date, or (from the sample) of a text with an odd pattern.
    """

    name: str
    type: ColumnType
    role: Role
    rows: int
    filled: int
    distinct: int
    duplicates: int
    minimum: str | None
    maximum: str | None
    patterns: tuple[Frequent, ...]
    top_values: tuple[Frequent, ...]
    outliers: int
    outlier_examples: tuple[str, ...]


def profile_columns(table: Table) -> tuple[ColumnProfile, ...]:
    """Profile every column, in the order of the table. Columns are measured in parallel, COLUMNS_AT_ONCE of them."""
    measured: list[pl.DataFrame] = []
    for start in range(0, len(table.columns), COLUMNS_AT_ONCE):
        some = table.columns[start : start + COLUMNS_AT_ONCE]
        measured += pl.collect_all(plan for column in some for plan in _plans(table.frame, column))
    return tuple(
        _profile(table, column, measured[2 * number], measured[2 * number + 1]) for number, column in enumerate(table.columns)
    )


def _plans(frame: pl.DataFrame, column: Column) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """(one row of aggregates, the commonest values with their counts) of a column, not yet run."""
    values = frame.lazy().select(value=pl.col(column.name))
    ordered = column.type in _ORDERED
    text = pl.col("value").cast(pl.String)
    quartiles = pl.col("value").to_physical().cast(pl.Float64) if ordered else pl.lit(None, pl.Float64)
    aggregates = values.select(
        filled=pl.col("value").count(),
        distinct=pl.col("value").drop_nulls().n_unique(),
        minimum=pl.col("value").min().cast(pl.String) if ordered else text.min(),
        maximum=pl.col("value").max().cast(pl.String) if ordered else text.max(),
        low=quartiles.quantile(0.25),
        high=quartiles.quantile(0.75),
    )
    counted = values.drop_nulls().group_by("value").agg(count=pl.len())
    return aggregates, counted.sort(["count", "value"], descending=[True, False]).head(TOP)


def _profile(table: Table, column: Column, aggregates: pl.DataFrame, top: pl.DataFrame) -> ColumnProfile:
    facts: dict[str, Any] = aggregates.row(0, named=True)
    filled = int(facts["filled"])
    values = table.frame.get_column(column.name).drop_nulls()
    patterns = _patterns(values) if column.type in (ColumnType.TEXT, ColumnType.IDENTIFIER) else pl.DataFrame(schema=_PATTERNS)
    far_out = _far_out(values, facts) if column.type in _ORDERED else _odd(patterns)
    return ColumnProfile(
        column.name,
        column.type,
        column.role,
        table.height,
        filled,
        int(facts["distinct"]),
        filled - int(facts["distinct"]),
        facts["minimum"],
        facts["maximum"],
        tuple(Frequent(pattern, share) for pattern, share in patterns.select("pattern", "share").head(TOP).iter_rows()),
        tuple(Frequent(str(value), count / filled) for value, count in top.iter_rows()),
        far_out[0],
        far_out[1],
    )


_PATTERNS = {"pattern": pl.String, "count": pl.UInt32, "share": pl.Float64, "example": pl.String}


def _patterns(values: pl.Series) -> pl.DataFrame:
    """Patterns of a sample of a text column, the commonest first, each with its share and least example."""
    sample = hash_sample(values.cast(pl.String), PATTERN_SAMPLE_ROWS).to_frame("example")
    shaped = sample.with_columns(pattern=pl.col("example").str.replace_all(r"\pL+", "A").str.replace_all(r"\pN", "9"))
    counted = shaped.group_by("pattern").agg(count=pl.len(), example=pl.col("example").min())
    return counted.with_columns(share=pl.col("count") / max(1, sample.height)).sort(
        ["count", "pattern"], descending=[True, False]
    )


def _odd(patterns: pl.DataFrame) -> tuple[int, tuple[str, ...]]:
    """Rare patterns of a column of which TOP patterns cover nearly all; free text has no odd ones."""
    if patterns.is_empty() or patterns.get_column("share").head(TOP).sum() < 0.95:
        return 0, ()
    odd = patterns.filter(pl.col("share") < RARE_PATTERN_SHARE)
    return int(odd.get_column("count").sum()), tuple(odd.get_column("example").head(TOP).to_list())


def _far_out(values: pl.Series, facts: dict[str, Any]) -> tuple[int, tuple[str, ...]]:
    low, high = facts["low"], facts["high"]
    if low is None or high <= low:
        return 0, ()
    reach = FENCE * (high - low)
    size = values.to_physical().cast(pl.Float64)
    outside = values.filter((size < low - reach) | (size > high + reach))
    examples = pl.concat([outside.sort().head(TOP // 2), outside.sort().tail(TOP - TOP // 2)]).unique().sort()
    return outside.len(), tuple(str(value) for value in examples.to_list())
