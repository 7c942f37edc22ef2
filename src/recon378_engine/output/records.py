"""What a reader of the output sees of a record: its identifier, date, amount, currency and words."""

import polars as pl

from recon378_engine.errors import BadInput
from recon378_engine.profiling.roles import assign_roles
from recon378_engine.table import ColumnType, Role, Table

_IDENTIFIERS = (Role.IDENTIFIER, Role.REFERENCE)
_DATES = (Role.DATE, Role.VALUE_DATE)
_MONEY = (Role.AMOUNT, Role.DEBIT, Role.CREDIT)
_WORDS = (Role.ORGANISATION, Role.PERSON_NAME, Role.GIVEN_NAME, Role.FAMILY_NAME, Role.FREE_TEXT)
WORDS_LENGTH = 200


def with_roles(table: Table) -> Table:
    """The table with its roles inferred where reading left them open."""
    return assign_roles(table)


def identifiers(table: Table, named: str | None) -> pl.DataFrame:
    """row, id: the column that was named, else the first identifier column, else the first reference, else nulls."""
    if named is not None and named not in table.frame.columns:
        raise BadInput(
            f"{table.source or 'The table'} has no column '{named}'; its columns are {', '.join(table.frame.columns)}."
        )
    name = named or next((column.name for role in _IDENTIFIERS for column in table.columns if column.role is role), None)
    ids = pl.Series([None] * table.height, dtype=pl.String) if name is None else table.frame[name].cast(pl.String)
    return pl.DataFrame({"row": table.rows, "id": ids})


def shown(table: Table, ids: pl.DataFrame) -> pl.DataFrame:
    """row, id, date, amount, currency, words of every record; a credit beside a debit counts negative."""
    words = [column.name for role in _WORDS for column in table.columns if column.role is role]
    text = (
        pl.concat_str(words, separator=" · ", ignore_nulls=True).str.head(WORDS_LENGTH)
        if words
        else pl.lit(None, dtype=pl.String)
    )
    frame = table.frame.select(
        date=_first(table, _DATES).cast(pl.String), amount=_amount(table),
        currency=_first(table, (Role.CURRENCY,)).cast(pl.String), words=text,
    )  # fmt: skip
    return pl.concat([ids, frame], how="horizontal")


def _first(table: Table, roles: tuple[Role, ...]) -> pl.Expr:
    name = next((column.name for role in roles for column in table.columns if column.role is role), None)
    return pl.lit(None, dtype=pl.String) if name is None else pl.col(name)


def _amount(table: Table) -> pl.Expr:
    money = [
        column
        for role in _MONEY
        for column in table.columns
        if column.role is role and column.type in (ColumnType.AMOUNT, ColumnType.NUMBER)
    ]
    if not money:
        return pl.lit(None, dtype=pl.Decimal(38, 2))
    scale = max(column.scale for column in money)
    if money[0].role is Role.AMOUNT:
        return pl.col(money[0].name).cast(pl.Decimal(38, scale))
    parts = [
        pl.col(column.name).cast(pl.Decimal(38, scale)) * (-1 if column.role is Role.CREDIT and len(money) > 1 else 1)
        for column in money
    ]
    filled = pl.any_horizontal(pl.col(column.name).is_not_null() for column in money)
    return pl.when(filled).then(pl.sum_horizontal(part.fill_null(0) for part in parts))
