"""Frames of a notebook as tables, and results as frames: the way in and out for people who have their data in polars."""

from collections.abc import Mapping

import polars as pl

from recon378_engine.errors import BadInput
from recon378_engine.result import Result, Side
from recon378_engine.table import Column, ColumnType, Role, Table

_NO_AMOUNTS: Mapping[str, int] = {}
_NO_ROLES: Mapping[str, Role] = {}
_LAST_DECIMAL_SHARE = 1e-4  # how far a binary fraction may lie from the decimal that it stands for, in units of the last place
_WIDE = pl.Decimal(38, 12)


def table_of(
    frame: pl.DataFrame,
    *,
    amounts: Mapping[str, int] = _NO_AMOUNTS,
    roles: Mapping[str, Role] = _NO_ROLES,
    source: str = "",
) -> Table:
    """A polars frame as a table, its rows numbered from 0.

    Types follow the frame's: strings, categoricals and enums are text, decimals are amounts, integers and floats are numbers,
    dates and booleans are themselves. `amounts` names columns that are money, with their decimal places: `{"paid": 2}` makes a
    float, integer or text column exact, since money is never a float inside. `roles` says what a column means where neither its
    name nor its values tell. Raises BadInput for a column of another type, a column that is not there, and an amount that would
    have to be rounded.
    """
    for name in (*amounts, *roles):
        if name not in frame.columns:
            raise BadInput(f"The frame has no column '{name}'; its columns are {', '.join(frame.columns)}.")
    typed = [_typed(frame[name], amounts.get(name)) for name in frame.columns]
    columns = tuple(Column(values.name, kind, roles.get(values.name, Role.OTHER), _scale(values.dtype)) for values, kind in typed)
    rows = pl.Series("row", range(frame.height), dtype=pl.UInt32)
    return Table(pl.DataFrame([values for values, _ in typed]), columns, rows, source=source)


def joined(result: Result, left: Table, right: Table) -> pl.DataFrame:
    """The matches with the values of both sides: one row for each (left record, right record) pair that a match joins.

    Columns: match_id, left_row, right_row, confidence, method, status, then the columns of the left table as `left NAME` and
    those of the right as `right NAME`. Sorted by match, left row, right row. `left` and `right` are the tables that were
    reconciled.
    """
    pairs = result.matches.select("match_id", "confidence", "method", "status")
    for side, table in ((Side.LEFT, left), (Side.RIGHT, right)):
        rows = result.items.filter(pl.col("side") == side).select("match_id", pl.col("row").alias(f"{side}_row"))
        values = table.frame.select(pl.all().name.prefix(f"{side} ")).with_columns(table.rows.alias(f"{side}_row"))
        pairs = pairs.join(rows.join(values, on=f"{side}_row"), on="match_id")
    first = ["match_id", "left_row", "right_row"]
    return pairs.select(*first, pl.exclude(first)).sort(first)


def _typed(values: pl.Series, scale: int | None) -> tuple[pl.Series, ColumnType]:
    kind = values.dtype
    if scale is not None:
        return _exact(values, scale), ColumnType.AMOUNT
    if isinstance(kind, pl.Decimal):
        return values.cast(pl.Decimal(38, kind.scale)), ColumnType.AMOUNT
    if kind in (pl.String, pl.Categorical, pl.Enum, pl.Null):
        return values.cast(pl.String), ColumnType.TEXT
    if kind.is_integer():
        return values.cast(pl.Int64), ColumnType.NUMBER
    if kind.is_float():
        return values.cast(pl.Float64), ColumnType.NUMBER
    if kind == pl.Date:
        return values, ColumnType.DATE
    if isinstance(kind, pl.Datetime):
        return values.dt.replace_time_zone(None).cast(pl.Datetime("us")), ColumnType.DATETIME
    if kind == pl.Boolean:
        return values, ColumnType.BOOLEAN
    raise BadInput(
        f"The column '{values.name}' is of type {kind}, which has no place in a table; make it text, a number or a date."
    )


def _exact(values: pl.Series, scale: int) -> pl.Series:
    """The values as decimals of that scale; BadInput where one would have to be rounded."""
    amount = pl.Decimal(38, scale)
    try:
        if values.dtype.is_float():
            units = (values * 10.0**scale).round(0)
            off = (values * 10.0**scale - units).abs() > _LAST_DECIMAL_SHARE
            exact = pl.select(pl.lit(units.cast(pl.Int64)).cast(amount) / pl.lit(10**scale)).to_series().cast(amount)
        else:
            exact = values.cast(amount)
            off = exact.cast(_WIDE) != values.cast(_WIDE)
    except pl.exceptions.PolarsError as error:
        raise BadInput(f"The column '{values.name}' cannot be read as amounts with {scale} decimal places: {error}.") from error
    if off.any():
        worst = values.filter(off.fill_null(value=False))[0]
        raise BadInput(
            f"The column '{values.name}' has {worst}, which is more exact than {scale} decimal places; round it first."
        )
    return exact.alias(values.name)


def _scale(kind: pl.DataType) -> int:
    return kind.scale if isinstance(kind, pl.Decimal) else 0
