"""Records as entries of a book: signed amount in minor units, currency, date, as plain arrays of both sides."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.errors import BadInput
from recon378_engine.matching.fingerprint import Hashes
from recon378_engine.matching.money import signed_minor
from recon378_engine.matching.outcome import PairedField, Pairing
from recon378_engine.table import ColumnType, Role, Table

NO_DATE = np.int32(-(2**31))
NO_CURRENCY = np.int32(-1)
DATE_ROLES = (Role.DATE, Role.VALUE_DATE)
_AMOUNT_MAX = 2**62  # so that a sum of a few entries stays inside 64 bits


@dataclass(frozen=True, slots=True)
class Entries:
    """One side. `amount` is in minor units with the book's scale, in the sign in which the sides are compared, 0 where there
    is none; `date` counts days since 1970; `currency` is an index into the book's currencies; `copies` counts the records
    with the same contents."""

    amount: NDArray[np.int64]
    has_amount: NDArray[np.bool_]
    currency: NDArray[np.int32]
    date: NDArray[np.int32]
    copies: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Book:
    """Both sides as entries; `right_sign` is -1 where right amounts are compared negated."""

    left: Entries
    right: Entries
    currencies: tuple[str, ...]
    scale: int
    right_sign: int
    has_amounts: bool
    has_dates: bool

    def currency_of(self, code: int) -> str | None:
        return None if code < 0 else self.currencies[code]


def open_book(left: Table, right: Table, pairing: Pairing, hashes: tuple[Hashes, Hashes]) -> Book:
    """Read amounts, currencies and dates of both sides by the fields of the pairing."""
    amount = field_of(pairing, Role.AMOUNT)
    currency = field_of(pairing, Role.CURRENCY)
    date = next((field for role in DATE_ROLES if (field := field_of(pairing, role))), None)
    scale = max([2, *(_scale(left, amount.left), _scale(right, amount.right))] if amount else [2])
    codes = _currency_codes(left, right, currency)
    sign = -1 if pairing.flip_right_sign else 1
    return Book(
        left=_entries(left, hashes[0], tuple(_left(field) for field in (amount, currency, date)), codes, scale, 1),
        right=_entries(right, hashes[1], tuple(_right(field) for field in (amount, currency, date)), codes, scale, sign),
        currencies=codes,
        scale=scale,
        right_sign=sign,
        has_amounts=amount is not None,
        has_dates=date is not None,
    )


def field_of(pairing: Pairing, role: Role) -> PairedField | None:
    """The first field of the pairing that has the role."""
    return next((field for field in pairing.fields if field.role is role), None)


def _left(field: PairedField | None) -> tuple[str, ...]:
    return () if field is None else field.left


def _right(field: PairedField | None) -> tuple[str, ...]:
    return () if field is None else field.right


def _scale(table: Table, names: tuple[str, ...]) -> int:
    return max((table.column(name).scale for name in names if table.column(name).type is ColumnType.AMOUNT), default=0)


def _currency_codes(left: Table, right: Table, field: PairedField | None) -> tuple[str, ...]:
    if field is None:
        return ()
    values = [_currency(table, names).unique() for table, names in ((left, field.left), (right, field.right))]
    return tuple(sorted(pl.concat(values).drop_nulls().unique().to_list()))


def _currency(table: Table, names: tuple[str, ...]) -> pl.Series:
    return table.frame.select(
        pl.coalesce(pl.col(name).cast(pl.String) for name in names).str.strip_chars().str.to_uppercase()
    ).to_series()


def _entries(
    table: Table,
    hashes: Hashes,
    columns: tuple[tuple[str, ...], ...],
    codes: tuple[str, ...],
    scale: int,
    sign: int,
) -> Entries:
    amount, currency, date = columns
    minor = _checked_minor(table, amount, scale) if amount else pl.Series([None] * table.height, dtype=pl.Int64)
    days = pl.Series([None] * table.height, dtype=pl.Int32)
    if date:
        days = table.frame.select(pl.coalesce(pl.col(name).cast(pl.Date) for name in date)).to_series().to_physical()
    code = np.full(table.height, NO_CURRENCY, dtype=np.int32)
    if currency:
        code = (
            _currency(table, currency)
            .replace_strict(list(codes), list(range(len(codes))), default=-1, return_dtype=pl.Int32)
            .to_numpy()
            .copy()
        )
        code[code < 0] = NO_CURRENCY
    return Entries(
        amount=minor.fill_null(0).to_numpy() * np.int64(sign),
        has_amount=minor.is_not_null().to_numpy(),
        currency=code,
        date=days.fill_null(int(NO_DATE)).to_numpy(),
        copies=_copies(hashes),
    )


def _checked_minor(table: Table, names: tuple[str, ...], scale: int) -> pl.Series:
    minor = signed_minor(table, names, scale)
    filled = table.frame.select(pl.any_horizontal(pl.col(name).is_not_null() for name in names)).to_series()
    largest = minor.abs().max()
    if (filled & minor.is_null()).any() or (isinstance(largest, int) and largest > _AMOUNT_MAX):
        raise BadInput(
            f"Column '{names[0]}' of {table.source or 'the table'} holds amounts that are no numbers or too large to add; "
            "check that column."
        )
    return minor


def _copies(hashes: Hashes) -> NDArray[np.int32]:
    _, where, counts = np.unique(hashes, return_inverse=True, return_counts=True)
    return np.asarray(counts[where], dtype=np.int32)
