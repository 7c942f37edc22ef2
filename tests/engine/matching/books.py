"""Builders of small tables for matching tests."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from recon378_engine.table import Column, ColumnType, Role, Table

_KINDS = {
    "amount": (ColumnType.AMOUNT, Role.AMOUNT),
    "debit": (ColumnType.AMOUNT, Role.DEBIT),
    "credit": (ColumnType.AMOUNT, Role.CREDIT),
    "date": (ColumnType.DATE, Role.DATE),
    "reference": (ColumnType.IDENTIFIER, Role.REFERENCE),
    "currency": (ColumnType.TEXT, Role.CURRENCY),
    "name": (ColumnType.TEXT, Role.ORGANISATION),
    "text": (ColumnType.TEXT, Role.FREE_TEXT),
    "batch": (ColumnType.IDENTIFIER, Role.IDENTIFIER),
    "booking_date": (ColumnType.DATE, Role.DATE),
    "doc_date": (ColumnType.DATE, Role.DATE),
    "document": (ColumnType.IDENTIFIER, Role.REFERENCE),
    "description": (ColumnType.TEXT, Role.FREE_TEXT),
    "partner": (ColumnType.TEXT, Role.ORGANISATION),
}
_TYPES = {
    ColumnType.AMOUNT: pl.Decimal(38, 2),
    ColumnType.DATE: pl.Date(),
    ColumnType.TEXT: pl.String(),
    ColumnType.IDENTIFIER: pl.String(),
}


def table(header: str, *rows: Sequence[Any], source: str = "table") -> Table:
    """A table of the columns named in `header` (known kinds: amount, date, reference, currency, name, text, batch …).

    Amounts are written as text, dates as ISO text.
    """
    names = header.split()
    columns = tuple(Column(name, *_KINDS[name], 2 if _KINDS[name][0] is ColumnType.AMOUNT else 0) for name in names)
    values = {
        column.name: pl.Series([_value(column.type, row[place]) for row in rows], dtype=_TYPES[column.type])
        for place, column in enumerate(columns)
    }
    return Table(pl.DataFrame(values), columns, pl.Series(range(len(rows)), dtype=pl.UInt32), source=source)


def _value(kind: ColumnType, written: Any) -> Any:
    if written is None:
        return None
    if kind is ColumnType.AMOUNT:
        return Decimal(written)
    return datetime.date.fromisoformat(written) if kind is ColumnType.DATE else written


def shuffled(original: Table, seed: int) -> Table:
    """The same records in another order, with their row numbers."""
    order = pl.Series(range(original.height), dtype=pl.UInt32).sample(fraction=1.0, shuffle=True, seed=seed)
    frame = original.frame[order]
    return Table(frame, original.columns, original.rows.gather(order), original.rejected_rows, original.source, original.sha256)
