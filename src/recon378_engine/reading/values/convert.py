"""From text cells to typed columns along a plan; what does not fit is listed by line, never bent."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from recon378_engine.reading.notes import Notes
from recon378_engine.reading.values import amounts, dates
from recon378_engine.reading.values.cells import ERROR_TOKENS, NULL_TOKENS, Cells, expanded, unwrapped
from recon378_engine.reading.values.plans import ColumnPlan
from recon378_engine.table import Column, ColumnType

PRECISION = 38
_WHAT = {
    ColumnType.AMOUNT: "an amount",
    ColumnType.NUMBER: "a number",
    ColumnType.DATE: "a date",
    ColumnType.DATETIME: "a date and time",
}


@dataclass(frozen=True, slots=True)
class Batch:
    """Typed records; `rows` (UInt32) are their numbers among the data rows of the file."""

    frame: pl.DataFrame
    rows: pl.Series


class PlanTooNarrow(Exception):
    """Values of a later batch do not fit the plan; carries texts to plan again with."""

    def __init__(self, index: int, texts: pl.Series) -> None:
        super().__init__(f"column {index}")
        self.index = index
        self.texts = texts


def columns_of(plans: Sequence[ColumnPlan]) -> tuple[Column, ...]:
    """The columns that `convert` yields for these plans, in order."""
    return tuple(column for plan in plans for column in _outputs(plan))


def _outputs(plan: ColumnPlan) -> list[Column]:
    outputs = [Column(plan.name, plan.type, scale=plan.scale)]
    if plan.keep_time:
        outputs.append(Column(plan.time_name, ColumnType.DATETIME))
    if plan.keep_currency:
        outputs.append(Column(plan.currency_name, ColumnType.TEXT))
    return outputs


def convert(cells: Cells, plans: Sequence[ColumnPlan], notes: Notes, may_replan: bool = False) -> Batch:
    """Typed records of `cells`; bad rows go to `notes`. With `may_replan`, a plan at fault raises PlanTooNarrow."""
    columns: list[pl.Series] = []
    faults: list[tuple[ColumnPlan, pl.Series]] = []
    for plan in plans:
        written = cells.frame[str(plan.index)]
        text = _blank_to_null(unwrapped(written) if plan.wrapped else written, plan)
        if plan.errors_are_blank:
            text = _without_errors(text, plan, cells, notes)
        typed = _typed(text, plan)
        wrong = typed[0].is_null() & text.is_not_null()
        if plan.exponents and wrong.any():
            typed = _typed(expanded(text), plan)
            wrong = typed[0].is_null() & text.is_not_null()
        if plan.type in _WHAT and wrong.any():
            if may_replan and _plan_is_wrong(plan, wrong, text):
                raise PlanTooNarrow(plan.index, text.filter(wrong).head(10_000))
            if plan.blank_when_wrong:
                first = int(wrong.arg_true()[0])
                notes.blank(plan.name, int(wrong.sum()), int(cells.lines[first]), str(text[first])[:40])
            else:
                faults.append((plan, wrong))
        columns.extend(series.alias(column.name) for series, column in zip(typed, _outputs(plan), strict=True))
    frame = pl.DataFrame(columns)
    if not faults:
        return Batch(frame, cells.rows)
    keep = ~_refuse(cells, faults, notes)
    return Batch(frame.filter(keep), cells.rows.filter(keep))


def _plan_is_wrong(plan: ColumnPlan, wrong: pl.Series, text: pl.Series) -> bool:
    """One bad amount in a column of amounts is a bad row; a number column that meets a word was never one."""
    if plan.type is ColumnType.NUMBER:
        return True
    if plan.type is ColumnType.AMOUNT and int(text.filter(wrong).str.contains(r"^\s*[+-]?[0-9]*[.,]?[0-9]*\s*$").sum()):
        return True
    return int(wrong.sum()) * 20 > text.len() - text.null_count()


def _refuse(cells: Cells, faults: list[tuple[ColumnPlan, pl.Series]], notes: Notes) -> pl.Series:
    """List each faulty row once, under its first bad column."""
    seen: dict[int, ColumnPlan] = {}
    for plan, wrong in faults:
        for index in wrong.arg_true().to_list():
            seen.setdefault(index, plan)
    for index in sorted(seen):
        plan = seen[index]
        value = cells.frame[str(plan.index)][index]
        reason = f"'{str(value)[:60]}' in column '{plan.name}' is not {_WHAT[plan.type]}."
        notes.refuse_row(int(cells.lines[index]), int(cells.rows[index]), reason, cells.raw(index))
    flags = pl.Series([False]).new_from_index(0, cells.height)
    return flags.scatter(list(seen), True)


def _without_errors(text: pl.Series, plan: ColumnPlan, cells: Cells, notes: Notes) -> pl.Series:
    """The texts without the errors of formulas, which are noted."""
    errors = text.str.strip_chars().str.to_lowercase().is_in(list(ERROR_TOKENS)).fill_null(False)
    if not errors.any():
        return text
    first = int(errors.arg_true()[0])
    notes.blank(plan.name, int(errors.sum()), int(cells.lines[first]), str(text[first]))
    return text.zip_with(~errors, pl.Series([None], dtype=pl.String).new_from_index(0, text.len()))


def _blank_to_null(text: pl.Series, plan: ColumnPlan) -> pl.Series:
    if plan.type in (ColumnType.TEXT, ColumnType.IDENTIFIER):
        return text
    stripped = pl.col("v").str.strip_chars()
    empty = stripped == ""
    if plan.tokens_are_null:
        empty = empty | stripped.str.to_lowercase().is_in(list(NULL_TOKENS))
    return pl.DataFrame({"v": text}).select(pl.when(~empty).then(pl.col("v"))).to_series()


def _typed(text: pl.Series, plan: ColumnPlan) -> list[pl.Series]:
    match plan.type:
        case ColumnType.AMOUNT:
            return _amount(text, plan)
        case ColumnType.NUMBER:
            return [_number(text)]
        case ColumnType.DATE | ColumnType.DATETIME:
            return _date(text, plan)
        case _:
            return [_kept(text, plan)]


def _kept(text: pl.Series, plan: ColumnPlan) -> pl.Series:
    """Text is kept character by character; an identifier loses only the blanks around it. Empty is null."""
    value = pl.col("v").str.strip_chars() if plan.type is ColumnType.IDENTIFIER else pl.col("v")
    return pl.DataFrame({"v": text}).select(pl.when(value != "").then(value)).to_series()


def _number(text: pl.Series) -> pl.Series:
    return (
        text.cast(pl.Int64, strict=False)
        if not text.len()
        else text.str.strip_chars().str.strip_prefix("+").cast(pl.Int64, strict=False)
    )


def _amount(text: pl.Series, plan: ColumnPlan) -> list[pl.Series]:
    """Plain and grouped numbers by one cast, the rest by the grammar of `amounts`."""
    kind = pl.Decimal(PRECISION, plan.scale)
    frame = pl.DataFrame({"v": text})
    typed = frame.select(_plain_number(plan).cast(kind, strict=False)).to_series()
    rest = (typed.is_null() & text.is_not_null()).arg_true()
    if len(rest):
        written = amounts.read_amounts(text.gather(rest), plan.mark)
        fitting = amounts.decimals(pl.col("value")) <= plan.scale
        if plan.native:
            fitting &= ~pl.lit(text.gather(rest).str.contains(r"^\s*[+-]?[1-9][0-9]{0,2},[0-9]{3}\s*$"))
        fits = pl.when(fitting).then(pl.col("value"))
        typed = typed.scatter(rest, written.select(fits.cast(kind, strict=False)).to_series())
    return [typed, amounts.read_amounts(text, plan.mark)["currency"]] if plan.keep_currency else [typed]


def _plain_number(plan: ColumnPlan) -> pl.Expr:
    """Numbers without currency or brackets in the form `-1234.56`, null for all others; groups of a native column stay open."""
    value, group = pl.col("v"), "," if plan.mark == "." else "."
    tail = rf"(?:[{plan.mark}][0-9]{{1,{plan.scale}}})?$" if plan.scale else "$"
    number: pl.Expr = pl.when(value.str.contains(rf"^-?[0-9]+{tail}")).then(value)
    if not plan.native:
        grouped = value.str.contains(rf"^-?[1-9][0-9]{{0,2}}(?:[{group}][0-9]{{3}})+{tail}")
        number = pl.coalesce(number, pl.when(grouped).then(value.str.replace_all(group, "", literal=True)))
    return number if plan.mark == "." else number.str.replace(",", ".", literal=True)


def _date(text: pl.Series, plan: ColumnPlan) -> list[pl.Series]:
    frame = pl.DataFrame({"v": text})
    value = pl.col("v")
    if plan.serial == "excel":
        return [frame.select(dates.serial_date(value)).to_series()]
    if plan.serial:
        return [frame.select(dates.epoch_datetime(value, int(plan.serial.removeprefix("epoch_")))).to_series()]
    if plan.type is ColumnType.DATETIME:
        return [dates.read_datetimes(text, plan.order)]
    days = dates.read_dates(text, plan.order)
    return [days, dates.read_datetimes(text, plan.order)] if plan.keep_time else [days]
