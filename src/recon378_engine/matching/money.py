"""Amounts as whole minor units, the only form in which the engine compares and adds them."""

import polars as pl

from recon378_engine.table import ColumnType, Role, Table


def minor_units(values: pl.Series, scale: int) -> pl.Series:
    """Int64 of value × 10^scale; null stays null. Digits beyond `scale` are rounded; a Decimal never passes through a float."""
    if values.dtype.is_integer():
        return pl.Series(values.name, values.cast(pl.Int64) * 10**scale)
    if values.dtype.is_float():
        return (values * 10.0**scale).round(0).cast(pl.Int64, strict=False)
    return pl.Series(values.name, (values.cast(pl.Decimal(38, scale)) * 10**scale).cast(pl.Int64, strict=False))


def signed_minor(table: Table, columns: tuple[str, ...], scale: int, frame: pl.DataFrame | None = None) -> pl.Series:
    """One signed amount (Int64) for a column, or debit minus credit, over the rows of `frame` or of the whole table."""
    rows = table.frame if frame is None else frame
    total: pl.Series | None = None
    for name in columns:
        column = table.column(name)
        minor = minor_units(_numeric(rows.get_column(name), column.type), scale)
        if column.role is Role.CREDIT and len(columns) > 1:
            minor = -minor
        total = minor if total is None else _sum_of_filled(total, minor)
    if total is None:
        raise ValueError("signed_minor needs at least one column")
    return total.alias("amount")


def _numeric(values: pl.Series, kind: ColumnType) -> pl.Series:
    return values if kind in (ColumnType.AMOUNT, ColumnType.NUMBER) else values.cast(pl.Decimal(38, 6), strict=False)


def _sum_of_filled(one: pl.Series, other: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"one": one, "other": other})
    filled = pl.col("one").is_not_null() | pl.col("other").is_not_null()
    return frame.select(total=pl.when(filled).then(pl.sum_horizontal("one", "other"))).get_column("total")
