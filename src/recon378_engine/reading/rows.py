"""Typed records as plain JSON values: dates ISO, amounts decimal strings, identifiers text."""

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from recon378_engine.table import Column, ColumnType


def plain_rows(frame: pl.DataFrame, columns: Sequence[Column]) -> Iterator[dict[str, Any]]:
    """One dict of JSON values a record, keyed by column name."""
    written = frame.select(_plain(column) for column in columns)
    yield from written.iter_rows(named=True)


def _plain(column: Column) -> pl.Expr:
    value = pl.col(column.name)
    match column.type:
        case ColumnType.AMOUNT:
            return value.cast(pl.String)
        case ColumnType.DATE:
            return value.dt.to_string("iso")
        case ColumnType.DATETIME:
            return value.dt.to_string("%Y-%m-%dT%H:%M:%S%.f")
        case _:
            return value
