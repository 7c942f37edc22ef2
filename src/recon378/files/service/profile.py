"""The data quality profile of a table: what each column holds, how full it is, what stands out, ready to be drawn."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
import polars as pl

from recon378_engine.profiling.columns import FENCE, ColumnProfile, Frequent
from recon378_engine.profiling.columns import profile_columns as measure
from recon378_engine.table import Column, ColumnType, Role, Table

SAMPLES: Final = 5
BINS: Final = 12
VALUE_LENGTH_MAX: Final = 120
EMPTY_SHARE_WARNED: Final = 0.05
KEY_ROLES: Final = (Role.IDENTIFIER, Role.REFERENCE)
DAY_SECONDS: Final = 86_400
FAR_ROWS_MIN: Final = 20  # of fewer values none is far from the rest
ORDERED: Final = (ColumnType.AMOUNT, ColumnType.NUMBER, ColumnType.DATE, ColumnType.DATETIME)


def profile_columns(table: Table) -> list[dict[str, Any]]:
    """One `ColumnOut` a column, as plain data."""
    return [
        column_out(column, _trusted(profile), table.frame[column.name])
        for column, profile in zip(table.columns, measure(table), strict=True)
    ]


def column_out(column: Column, profile: ColumnProfile, values: pl.Series) -> dict[str, Any]:
    return {
        "name": column.name,
        "type": column.type.value,
        "role": column.role.value,
        "filled": round(profile.filled / profile.rows, 4) if profile.rows else 0.0,
        "distinct": profile.distinct,
        "minimum": _text(profile.minimum),
        "maximum": _text(profile.maximum),
        "samples": _samples(values),
        "patterns": _counted(profile.patterns, profile.filled),
        "top_values": _counted(profile.top_values, profile.filled),
        "histogram": histogram(column, values),
        "duplicates": profile.duplicates,
        "outliers": profile.outliers,
        "outlier_examples": [example[:VALUE_LENGTH_MAX] for example in profile.outlier_examples],
        "warnings": _warnings(column, profile),
    }


def histogram(column: Column, values: pl.Series) -> list[dict[str, Any]]:
    """Counts of an ordered column over equal ranges; what lies far outside the middle half gets a range of its own at either end,
    so that one wild value does not flatten all others. Nothing where all values are equal.
    """
    if column.type not in ORDERED:
        return []
    numbers = _measures(column, values.drop_nulls())
    if len(numbers) == 0 or numbers.min() == numbers.max():
        return []
    low, high = _inner_range(numbers)
    counts, edges = np.histogram(numbers, BINS, (low, high))
    bins = [(edges[place], edges[place + 1], int(count), False) for place, count in enumerate(counts)]
    if numbers.min() < low:
        bins.insert(0, (numbers.min(), low, int((numbers < low).sum()), True))
    if numbers.max() > high:
        bins.append((high, numbers.max(), int((numbers > high).sum()), True))
    return [
        {"low": _edge(column, start), "high": _edge(column, end), "count": count, "is_far": is_far}
        for start, end, count, is_far in bins
    ]


def _measures(column: Column, filled: pl.Series) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Values as floats, dates as days and times as seconds since 1970: good for drawing, never for money."""
    if column.type is ColumnType.DATETIME:
        return filled.dt.epoch("s").cast(pl.Float64).to_numpy()
    return (filled.to_physical() if column.type is ColumnType.DATE else filled).cast(pl.Float64).to_numpy()


def _inner_range(numbers: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float, float]:
    """The range without what counts as far: the same fences as the outliers of the profile."""
    lower, upper = np.quantile(numbers, (0.25, 0.75))
    least, most = float(numbers.min()), float(numbers.max())
    if upper <= lower or len(numbers) < FAR_ROWS_MIN:
        return least, most
    reach = FENCE * (upper - lower)
    return max(least, float(lower - reach)), min(most, float(upper + reach))


def _edge(column: Column, value: float) -> str:
    if column.type is ColumnType.AMOUNT:
        return f"{value:.{column.scale}f}"
    if column.type is ColumnType.NUMBER:
        return f"{value:.12g}"
    seconds = value if column.type is ColumnType.DATETIME else value * DAY_SECONDS
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=float(seconds))
    return at.strftime("%Y-%m-%d %H:%M") if column.type is ColumnType.DATETIME else at.date().isoformat()


def _trusted(profile: ColumnProfile) -> ColumnProfile:
    """The profile without outliers where there are too few values to call one far."""
    return profile if profile.filled >= FAR_ROWS_MIN else replace(profile, outliers=0, outlier_examples=())


def _samples(values: pl.Series) -> list[str]:
    distinct = values.drop_nulls().unique(maintain_order=True).head(SAMPLES)
    return [text for value in distinct if (text := _text(value)) is not None]


def _counted(frequent: tuple[Frequent, ...], filled: int) -> list[dict[str, Any]]:
    return [{"label": one.text[:VALUE_LENGTH_MAX], "count": round(one.share * filled)} for one in frequent]


def _warnings(column: Column, profile: ColumnProfile) -> list[str]:
    warnings = []
    empty = profile.rows - profile.filled
    if profile.rows and not profile.filled:
        warnings.append("The column is empty.")
    elif profile.rows and empty / profile.rows >= EMPTY_SHARE_WARNED:
        warnings.append(f"{empty / profile.rows:.0%} of the rows have no value.")
    if column.role in KEY_ROLES and 0 < profile.duplicates < profile.distinct:  # else it is no key of rows, as an account is none
        warnings.append(f"{profile.duplicates:,} values repeat an earlier one.")
    if profile.outliers:
        warnings.append(f"{profile.outliers:,} values lie far from the rest.")
    return warnings


def _text(value: object) -> str | None:
    return None if value is None else str(value)[:VALUE_LENGTH_MAX]
