"""Entries of bank statements as records, the proof of each statement, and what stands between statements: gaps and duplicates."""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import polars as pl

from recon378_engine.reading.content import Content, content_of
from recon378_engine.reading.inspection import Statement
from recon378_engine.reading.notes import Notes
from recon378_engine.table import Column, ColumnType

HOLDS, BROKEN, ABSENT = "holds", "broken", "absent"
_KINDS = {
    "date": ColumnType.DATE,
    "value_date": ColumnType.DATE,
    "amount": ColumnType.AMOUNT,
    "currency": ColumnType.TEXT,
    "description": ColumnType.TEXT,
    "id": ColumnType.IDENTIFIER,
    "reference": ColumnType.IDENTIFIER,
    "counterparty": ColumnType.TEXT,
    "counterparty_account": ColumnType.IDENTIFIER,
    "memo": ColumnType.TEXT,
    "type": ColumnType.TEXT,
    "status": ColumnType.TEXT,
    "account": ColumnType.IDENTIFIER,
    "statement": ColumnType.IDENTIFIER,
    "entry": ColumnType.IDENTIFIER,
    "entry_amount": ColumnType.AMOUNT,
}
_ALWAYS = frozenset({"date", "description", "amount", "id"})
NAMED_IN_WARNING = 5
DECIMALS_MAX = 12
AMOUNT_LIMIT = Decimal(10) ** 25


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement, signed from the account's point of view. `line` is where it stands, `row` its number in the file."""

    line: int
    row: int
    date: datetime.date | None
    amount: Decimal | None
    currency: str = ""
    description: str = ""
    id: str = ""
    value_date: datetime.date | None = None
    reference: str = ""
    counterparty: str = ""
    counterparty_account: str = ""
    memo: str = ""
    type: str = ""
    status: str = ""
    account: str = ""
    statement: str = ""
    entry: str = ""
    entry_amount: Decimal | None = None


@dataclass(slots=True)
class Book:
    """Entries and statements as they are read."""

    entries: list[Entry] = field(default_factory=list)
    rows: int = 0

    def next_row(self) -> int:
        self.rows += 1
        return self.rows - 1


def content_of_entries(book: Book, notes: Notes) -> Content:
    """Typed content of the entries; columns that hold nothing are left out."""
    entries = [entry for entry in book.entries if _is_storable(entry, notes)]
    _warn_of_twins(entries, notes)
    _warn_between_statements(notes)
    filled = [name for name in _KINDS if name in _ALWAYS or any(getattr(entry, name) for entry in entries)]
    columns = [_column(name, entries) for name in filled]
    return content_of(columns, pl.DataFrame([_series(column, entries) for column in columns]), [entry.row for entry in entries])


def _is_storable(entry: Entry, notes: Notes) -> bool:
    """Refuse an entry whose amount has more digits than any money."""
    amounts = [amount for amount in (entry.amount, entry.entry_amount) if amount is not None]
    if all(decimals_of(amount) <= DECIMALS_MAX and abs(amount) < AMOUNT_LIMIT for amount in amounts):
        return True
    notes.refuse_row(entry.line, entry.row, "The amount has more digits than can be kept.", str(entry.amount))
    return False


def _column(name: str, entries: Sequence[Entry]) -> Column:
    kind = _KINDS[name]
    if kind is not ColumnType.AMOUNT:
        return Column(name, kind)
    amounts: list[Decimal] = [amount for entry in entries if (amount := getattr(entry, name)) is not None]
    return Column(name, kind, scale=max((decimals_of(amount) for amount in amounts), default=2))


def decimals_of(amount: Decimal) -> int:
    """Decimals as written."""
    exponent = amount.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _series(column: Column, entries: Sequence[Entry]) -> pl.Series:
    values = [getattr(entry, column.name) for entry in entries]
    if column.type is ColumnType.AMOUNT:
        texts = [None if value is None else format(value, "f") for value in values]
        return pl.Series(column.name, texts, dtype=pl.String).cast(pl.Decimal(38, column.scale))
    if column.type is ColumnType.DATE:
        return pl.Series(column.name, values, dtype=pl.Date)
    return pl.Series(column.name, [value or None for value in values], dtype=pl.String)


def proved(
    account: str,
    number: str,
    currency: str,
    opening: Decimal | None,
    closing: Decimal | None,
    movements: Sequence[Decimal],
    notes: Notes,
    opening_date: datetime.date | None = None,
    closing_date: datetime.date | None = None,
) -> Statement:
    """The statement with its proof, noted; a broken one is a warning that names the difference."""
    moved = sum(movements, Decimal(0))
    difference = None if opening is None or closing is None else closing - opening - moved
    proof = ABSENT if difference is None else HOLDS if difference == 0 else BROKEN
    if proof == BROKEN:
        notes.warn(
            f"Statement {number or '?'} of account {account or '?'}: opening {opening} and movements {moved} do not make"
            f" the closing balance {closing}: proof broken by {difference}."
        )
    statement = Statement(
        account,
        number,
        currency,
        _plain(opening),
        _plain(closing),
        str(_plain(moved)),
        len(movements),
        opening_date.isoformat() if opening_date else None,
        closing_date.isoformat() if closing_date else None,
        proof,
        _plain(difference),
    )
    notes.statements.append(statement)
    return statement


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, "f")


def _warn_of_twins(entries: Sequence[Entry], notes: Notes) -> None:
    """Name entries that carry one bank reference more than once; they stay in."""
    keys = Counter((entry.account, entry.id, entry.entry) for entry in entries if entry.id and not entry.entry)
    twins = [key for key, count in keys.items() if count > 1]
    if twins:
        named = ", ".join(identifier for _, identifier, _ in twins[:NAMED_IN_WARNING])
        more = f" and {len(twins) - NAMED_IN_WARNING} more" if len(twins) > NAMED_IN_WARNING else ""
        notes.warn(f"The bank reference {named}{more} occurs more than once; these may be duplicates and were kept.")


def _warn_between_statements(notes: Notes) -> None:
    """Name statements that occur twice, and gaps: a closing balance that is not the next opening balance."""
    seen: set[tuple[str, str, str | None, str | None, str]] = set()
    last: dict[tuple[str, str], Statement] = {}
    for statement in notes.statements:
        key = (statement.account, statement.number, statement.opening, statement.closing, statement.movements)
        if statement.number and statement.entries and key in seen:
            notes.warn(f"Statement {statement.number} of account {statement.account} occurs twice in the file.")
            continue
        seen.add(key)
        before = last.get((statement.account, statement.currency))
        if before and before.closing is not None and statement.opening is not None:
            missing = Decimal(statement.opening) - Decimal(before.closing)
            if missing:
                notes.warn(
                    f"Gap between statements {before.number or '?'} and {statement.number or '?'} of account {statement.account}:"
                    f" closing {before.closing}, next opening {statement.opening}, {missing} is missing."
                )
        last[statement.account, statement.currency] = statement
