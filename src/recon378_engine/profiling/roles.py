"""Infer what each column means for matching, from its name and from its values."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

import polars as pl

from recon378_engine.profiling.headers import roles_of_header
from recon378_engine.table import Column, ColumnType, Role, Table

SAMPLE_ROWS = 4_000
_CURRENCIES = re.compile(r"[A-Z]{3}").findall(
    "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KRW MAD"
    " MXN MYR NGN NOK NZD PEN PHP PLN QAR RON RSD RUB SAR SEK SGD THB TND TRY TWD UAH USD UYU VND ZAR"
)
_COMPANY_FORM = (
    r"(?i)\b(?:ltd|limited|gmbh|inc|llc|plc|ag|sa|sarl|srl|spa|bv|nv|ab|as|aps|oy|kg|corp|co|pty|s\.?a\.?|b\.?v\.?)\.?$"
)
_EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
_PHONE = r"^\+?[\d][\d\s().\-/]{5,19}$|^\([\d]+\)[\d\s().\-/]{5,19}$"
_NUMBER_ROLES = frozenset(
    {Role.QUANTITY, Role.IDENTIFIER, Role.REFERENCE, Role.POSTCODE, Role.PHONE, Role.CATEGORY, Role.AMOUNT, Role.DEBIT}
    | {Role.CREDIT}
)
_POSTCODE = (
    r"(?i)^(?:[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}|\d{4,5}(?:-\d{4})?|\d{4}\s?[a-z]{2}|[a-z]\d[a-z]\s*\d[a-z]\d|\d{3}\s\d{2})$"
)


@dataclass(frozen=True, slots=True)
class _Shape:
    """Shares in 0..1 over the filled values of a sample, and their mean sizes."""

    filled: int
    distinct: float
    tokens: float
    length: float
    email: float
    phone: float
    postcode: float
    currency: float
    company: float
    digits: float
    letters: float
    mixed: float
    separated: float


def assign_roles(table: Table) -> Table:
    """Return the same table with `Column.role` filled; a role that reading already set (not OTHER) is kept.

    The sample is chosen by the values' hashes, so that the order of rows changes nothing.
    """
    columns = tuple(_with_role(column, table.frame.get_column(column.name)) for column in table.columns)
    return replace(table, columns=_settle_dates(columns))


def _with_role(column: Column, values: pl.Series) -> Column:
    if column.role is not Role.OTHER:
        return column
    named = roles_of_header(column.name)
    by_type = {
        ColumnType.AMOUNT: _amount_role,
        ColumnType.DATE: _date_role,
        ColumnType.DATETIME: _date_role,
        ColumnType.NUMBER: _number_role,
        ColumnType.BOOLEAN: _boolean_role,
    }.get(column.type)
    if by_type is not None:
        return replace(column, role=by_type(named))
    return replace(column, role=_text_role(named, shape_of(values), column.type))


def _amount_role(named: tuple[Role, ...]) -> Role:
    return _first(named, {Role.DEBIT, Role.CREDIT, Role.BALANCE, Role.QUANTITY}, Role.AMOUNT)


def _date_role(named: tuple[Role, ...]) -> Role:
    return Role.VALUE_DATE if named[:1] == (Role.VALUE_DATE,) else Role.DATE


def _boolean_role(named: tuple[Role, ...]) -> Role:
    del named  # two values group, whatever they are called
    return Role.CATEGORY


def _number_role(named: tuple[Role, ...]) -> Role:
    return _first(named, _NUMBER_ROLES, Role.OTHER)


def _first(named: tuple[Role, ...], possible: Collection[Role], otherwise: Role) -> Role:
    """The likeliest named role that the column's type can have."""
    return next((role for role in named if role in possible), otherwise)


def _settle_dates(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """A lone value date is the date: VALUE_DATE means the second of two."""
    if any(column.role is Role.DATE for column in columns):
        return columns
    return tuple(replace(column, role=Role.DATE) if column.role is Role.VALUE_DATE else column for column in columns)


def shape_of(values: pl.Series) -> _Shape:
    """Measure a text column on a sample of its values."""
    sample = hash_sample(values.drop_nulls().cast(pl.String), SAMPLE_ROWS)
    if sample.len() == 0:
        return _Shape(0, *([0.0] * 12))
    text = sample.str.strip_chars()
    has_digit, has_letter = text.str.contains(r"\d"), text.str.contains(r"\pL")
    return _Shape(
        filled=values.len() - values.null_count(),
        distinct=sample.n_unique() / sample.len(),
        tokens=_mean(text.str.count_matches(r"\S+")),
        length=_mean(text.str.len_chars()),
        email=_mean(text.str.contains(_EMAIL)),
        phone=_mean(text.str.contains(_PHONE) & (text.str.count_matches(r"\d") >= 7)),
        postcode=_mean(text.str.contains(_POSTCODE)),
        currency=_mean(text.str.to_uppercase().is_in(_CURRENCIES)),
        company=_mean(text.str.contains(_COMPANY_FORM)),
        digits=_mean(has_digit & ~has_letter),
        letters=_mean(has_letter & ~has_digit),
        mixed=_mean(has_digit & has_letter),
        separated=_mean(text.str.contains(r"\d[\s().\-/]+\d|^\+")),
    )


def _mean(series: pl.Series) -> float:
    return float(series.cast(pl.Float64).mean() or 0.0)  # type: ignore[arg-type]  # numeric series have a float mean


def hash_sample(values: pl.Series, rows: int) -> pl.Series:
    """About `rows` of the values (without nulls), chosen by their hashes, so that neither order nor chance plays a part."""
    if values.len() <= rows:
        return values
    chosen = values.filter(values.hash(seed=378) % (values.len() // rows) == 0)
    return chosen if chosen.len() >= rows // 8 else values.unique()


def _text_role(named: tuple[Role, ...], shape: _Shape, kind: ColumnType) -> Role:
    """Values that cannot be mistaken come first, then the header, then what the values look like."""
    if shape.filled == 0:
        return named[0] if named else Role.OTHER
    if shape.email >= 0.8:
        return Role.EMAIL
    if shape.currency >= 0.95:
        return Role.CURRENCY
    fitting = (_fit_header(role, shape) for role in named)
    return next((role for role in fitting if role is not None), _role_of_shape(shape, kind))


def _fit_header(named: Role, shape: _Shape) -> Role | None:
    """The header's role if the values can be that, a neighbour of it if they are that instead, else None."""
    if named in (Role.EMAIL, Role.CURRENCY):
        return None if shape.email < 0.3 and shape.currency < 0.3 else named
    if named is Role.PHONE:
        return Role.PHONE if shape.phone >= 0.3 else None
    if named is Role.PERSON_NAME and shape.company >= 0.15:
        return Role.ORGANISATION
    if named is Role.PERSON_NAME and shape.letters < 0.5:
        return Role.FREE_TEXT if shape.tokens >= 3 else None
    if named in (Role.GIVEN_NAME, Role.FAMILY_NAME) and shape.letters < 0.5:
        return None
    if named in (Role.AMOUNT, Role.DEBIT, Role.CREDIT, Role.BALANCE, Role.QUANTITY, Role.DATE, Role.VALUE_DATE):
        return None  # reading would have made it an amount or a date
    if named is Role.CATEGORY and shape.distinct > 0.5:
        return None
    if named in (Role.IDENTIFIER, Role.REFERENCE) and shape.tokens > 4:
        return Role.FREE_TEXT
    return named


def _role_of_shape(shape: _Shape, kind: ColumnType) -> Role:
    if shape.phone >= 0.8 and shape.separated >= 0.5:
        return Role.PHONE
    if kind is ColumnType.IDENTIFIER:
        return Role.IDENTIFIER if shape.distinct >= 0.9 else Role.CATEGORY if shape.distinct <= 0.02 else Role.REFERENCE
    if shape.postcode >= 0.9 and shape.mixed >= 0.5:
        return Role.POSTCODE
    if shape.company >= 0.2:
        return Role.ORGANISATION
    if shape.tokens > 3.5 or shape.length > 40:
        return Role.FREE_TEXT
    if shape.distinct <= 0.05:
        return Role.CATEGORY
    if shape.tokens <= 1.2 and shape.mixed >= 0.5:
        return Role.REFERENCE
    return Role.OTHER
