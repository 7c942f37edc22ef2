"""Two small tables that make every kernel of the finance passes run once, so that the first job need not wait."""

import datetime
from decimal import Decimal

import polars as pl

from recon378_engine.table import Column, ColumnType, Role, Table

_ROWS = 40
_Row = tuple[int, int, str | None, str]
_COLUMNS = (
    Column("date", ColumnType.DATE, Role.DATE),
    Column("amount", ColumnType.AMOUNT, Role.AMOUNT, 2),
    Column("currency", ColumnType.TEXT, Role.CURRENCY),
    Column("reference", ColumnType.IDENTIFIER, Role.REFERENCE),
    Column("text", ColumnType.TEXT, Role.FREE_TEXT),
)


def rehearsal_tables() -> tuple[Table, Table]:
    """References whole, short and missing, a name with an error, a sum of several, a fee, and records without a counterpart."""
    left: list[_Row] = []
    right: list[_Row] = []
    for number in range(_ROWS):
        cents = 10_000 + 137 * number
        name, reference = f"Harbor{chr(97 + number % 20)} Trading", f"INV-{number:06d}"
        written = (reference, str(number + 100_000), reference[:9], None)[number % 4]
        right.append((number, cents, reference, f"{name} Ltd"))
        left.append((number + 1, cents - (250 if number % 7 == 0 else 0), written, name.upper().replace("HARBOR", "HARBR")))
    right += [(_ROWS, cents, f"SUM-{cents:06d}", "Cedar Foods Ltd") for cents in (11_100, 12_250, 13_333)]
    left.append((_ROWS, 11_100 + 12_250 + 13_333, None, "CEDAR FOODS"))
    left += [(_ROWS, 99_901, None, "Nobody"), (_ROWS, -99_901, None, "Nobody")]
    return _table(left), _table(right)


def _table(rows: list[_Row]) -> Table:
    frame = pl.DataFrame(
        {
            "date": [datetime.date(2024, 1, 1) + datetime.timedelta(day) for day, *_ in rows],
            "amount": pl.Series([Decimal(cents).scaleb(-2) for _, cents, *_ in rows], dtype=pl.Decimal(38, 2)),
            "currency": ["EUR"] * len(rows),
            "reference": pl.Series([reference for _, _, reference, _ in rows], dtype=pl.String),
            "text": [text for *_, text in rows],
        }
    )
    return Table(frame, _COLUMNS, pl.Series(range(len(rows)), dtype=pl.UInt32), source="rehearsal")
