"""The data quality profile of a table: what each column holds, how full it is, what stands out."""

from typing import Any, Final

import polars as pl

from recon378_engine.table import Column, ColumnType, Role, Table

SAMPLES: Final = 5
PATTERNS: Final = 5
SAMPLE_ROWS_MAX: Final = 50_000  # patterns are told from the first rows
VALUE_LENGTH_MAX: Final = 120
OUTLIER_SPREADS: Final = 5.0  # beyond the quartiles, in interquartile ranges
EMPTY_SHARE_WARNED: Final = 0.05
KEY_ROLES: Final = (Role.IDENTIFIER, Role.REFERENCE)
MEASURES: Final = (ColumnType.AMOUNT, ColumnType.NUMBER)


def profile_columns(table: Table) -> list[dict[str, Any]]:
    """One `ColumnOut` a column, as plain data."""
    return [profile_column(column, table.frame[column.name]) for column in table.columns]


def profile_column(column: Column, values: pl.Series) -> dict[str, Any]:
    filled = values.drop_nulls()
    distinct = filled.n_unique()
    profile = {
        "name": column.name,
        "type": column.type.value,
        "role": column.role.value,
        "filled": round(len(filled) / len(values), 4) if len(values) else 0.0,
        "distinct": distinct,
        "minimum": _text(filled.min()),
        "maximum": _text(filled.max()),
        "samples": [text for value in filled.unique(maintain_order=True).head(SAMPLES) if (text := _text(value)) is not None],
        "patterns": _patterns(filled),
        "duplicates": len(filled) - distinct,
        "outliers": _outliers(column, filled),
    }
    return profile | {"warnings": _warnings(column, profile)}


def _patterns(filled: pl.Series) -> list[dict[str, Any]]:
    """The most frequent shapes: a digit is 9, a letter A or a, everything else stands for itself."""
    texts = filled.head(SAMPLE_ROWS_MAX).cast(pl.String).str.slice(0, VALUE_LENGTH_MAX)
    shapes = texts.str.replace_all(r"\p{Lu}", "A").str.replace_all(r"\p{Ll}", "a").str.replace_all(r"\d", "9")
    shapes = shapes.str.replace_all("a{3,}", "a…").str.replace_all("A{3,}", "A…").str.replace_all("9{5,}", "9…")
    counted = pl.DataFrame({"label": shapes}).group_by("label").len("count").sort("count", "label", descending=[True, False])
    return counted.head(PATTERNS).to_dicts()


def _outliers(column: Column, filled: pl.Series) -> int:
    """Values far outside the middle half (Tukey's fences, taken wide)."""
    if column.type not in MEASURES or len(filled) < 20:
        return 0
    numbers = filled.cast(pl.Float64)
    low, high = numbers.quantile(0.25), numbers.quantile(0.75)
    if low is None or high is None or high <= low:
        return 0
    reach = OUTLIER_SPREADS * (high - low)
    return int(((numbers < low - reach) | (numbers > high + reach)).sum())


def _warnings(column: Column, profile: dict[str, Any]) -> list[str]:
    warnings = []
    empty = 1 - profile["filled"]
    if profile["filled"] == 0:
        warnings.append("The column is empty.")
    elif empty >= EMPTY_SHARE_WARNED:
        warnings.append(f"{empty:.0%} of the rows have no value.")
    if column.role in KEY_ROLES and profile["duplicates"]:
        warnings.append(f"{profile['duplicates']:,} values repeat an earlier one.")
    if profile["outliers"]:
        warnings.append(f"{profile['outliers']:,} values lie far from the rest.")
    return warnings


def _text(value: object) -> str | None:
    return None if value is None else str(value)[:VALUE_LENGTH_MAX]
