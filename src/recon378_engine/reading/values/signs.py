"""One signed amount out of the ways in which banks split it: debit and credit columns, or a column of marks."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from recon378_engine.reading.notes import Notes
from recon378_engine.reading.values import vocabulary
from recon378_engine.reading.values.convert import Batch
from recon378_engine.reading.values.plans import free_name
from recon378_engine.table import Column, ColumnType

_DEBIT = ("d", "dr", "debit", "dbit", "debet", "db", "s", "soll", "af", "uit", "out", "withdrawal", "débit", "-")
_CREDIT = ("c", "cr", "credit", "crdt", "h", "haben", "bij", "in", "deposit", "crédit", "gutschrift", "+")


@dataclass(frozen=True, slots=True)
class SignPlan:
    """`kind` is columns (credit − debit, or their sum where debits are negative) or marks (`debit` names their column)."""

    kind: str
    debit: str
    credit: str
    name: str
    scale: int
    debit_is_negative: bool = False


def plan_signs(columns: Sequence[Column], sample: pl.DataFrame, notes: Notes) -> SignPlan | None:
    """Find split amounts by column names and by the values of a typed sample."""
    if notes.answer("sign") == "as written":
        return None
    return _debit_credit(columns, sample, notes) or _marks(columns, sample, notes)


def _debit_credit(columns: Sequence[Column], sample: pl.DataFrame, notes: Notes) -> SignPlan | None:
    numeric = [column for column in columns if _is_amount(column, sample)]
    debits = [column for column in numeric if vocabulary.words(column.name) & vocabulary.DEBIT]
    credits_ = [column for column in numeric if vocabulary.words(column.name) & vocabulary.CREDIT]
    if len(debits) != 1 or len(credits_) != 1 or debits[0] == credits_[0]:
        return None
    debit, credit = debits[0], credits_[0]
    both = sample.filter(sample[debit.name].fill_null(0) != 0, sample[credit.name].fill_null(0) != 0).height
    if both * 2 > max(1, sample.height):
        return None  # totals of both sides, not one amount split in two
    low, high = sample[debit.name].min(), sample[debit.name].max()
    negative = low is not None and high is not None and bool(high <= 0) and bool(low < 0)  # type: ignore[operator]
    taken = {column.name.lower() for column in columns}
    if any(column.name.lower() == "amount" and column.type is ColumnType.AMOUNT for column in columns):
        return None  # the file brings its own
    name = free_name("amount", taken)
    notes.warn(f"Column '{name}' was made of '{credit.name}' {'plus' if negative else 'minus'} '{debit.name}'.")
    return SignPlan("columns", debit.name, credit.name, name, max(debit.scale, credit.scale), negative)


def _is_amount(column: Column, sample: pl.DataFrame) -> bool:
    empty_pair = column.type in (ColumnType.TEXT, ColumnType.IDENTIFIER) and sample[column.name].null_count() == sample.height
    return column.type in (ColumnType.AMOUNT, ColumnType.NUMBER) and not empty_pair


def _marks(columns: Sequence[Column], sample: pl.DataFrame, notes: Notes) -> SignPlan | None:
    amount = _single_amount(columns)
    if amount is None:
        return None
    for column in columns:
        if column.type in (ColumnType.TEXT, ColumnType.IDENTIFIER) and _are_marks(column.name, sample[column.name]):
            low = sample[amount.name].min()
            if low is not None and low < 0:  # type: ignore[operator]
                notes.warn(f"The amounts in '{amount.name}' are signed already; '{column.name}' was not applied.")
                return None
            notes.warn(f"The sign of '{amount.name}' was taken from column '{column.name}'.")
            return SignPlan("marks", column.name, "", amount.name, amount.scale)
    return None


def _single_amount(columns: Sequence[Column]) -> Column | None:
    """The amount that marks can speak of: the only one, or the only one that is no balance or fee."""
    amounts = [column for column in columns if column.type is ColumnType.AMOUNT]
    if len(amounts) > 1:
        aside = {"balance", "saldo", "solde", "fee", "fees", "tax", "vat", "running", "kontostand"}
        amounts = [column for column in amounts if not vocabulary.words(column.name) & aside]
    return amounts[0] if len(amounts) == 1 else None


def _are_marks(name: str, values: pl.Series) -> bool:
    marks = {str(value).strip().lower() for value in values.drop_nulls().unique().head(20).to_list()}
    if not marks or not marks <= {*_DEBIT, *_CREDIT}:
        return False
    named = bool(vocabulary.words(name) & vocabulary.SIGN)
    return named or bool(marks & set(_DEBIT) and marks & set(_CREDIT))


def apply_signs(batch: Batch, plan: SignPlan) -> Batch:
    """The batch with its one signed amount."""
    kind = pl.Decimal(38, plan.scale)
    if plan.kind == "columns":
        credit, debit = (pl.col(name).cast(kind) for name in (plan.credit, plan.debit))
        debit = debit if plan.debit_is_negative else -debit
        amount = pl.when(credit.is_null() & debit.is_null()).then(None).otherwise(credit.fill_null(0) + debit.fill_null(0))
    else:
        mark = pl.col(plan.debit).str.strip_chars().str.to_lowercase()
        amount = pl.when(mark.is_in(list(_DEBIT))).then(-pl.col(plan.name)).otherwise(pl.col(plan.name))
    return Batch(batch.frame.with_columns(amount.cast(kind).alias(plan.name)), batch.rows)


def columns_with(columns: Sequence[Column], plan: SignPlan) -> tuple[Column, ...]:
    """The columns of a batch after `apply_signs`."""
    if plan.kind == "marks":
        return tuple(columns)
    return (*columns, Column(plan.name, ColumnType.AMOUNT, scale=plan.scale))
