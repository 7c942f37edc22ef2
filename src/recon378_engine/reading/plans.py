"""Type inference: what each text column is, decided from its values and its name, or asked when they leave it open."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from recon378_engine.errors import BadFile
from recon378_engine.reading import amounts, dates, vocabulary
from recon378_engine.reading.amounts import MarkEvidence
from recon378_engine.reading.cells import ERROR_TOKENS, NULL_TOKENS, filled
from recon378_engine.reading.dates import OrderEvidence
from recon378_engine.reading.inspection import Question
from recon378_engine.reading.notes import Notes
from recon378_engine.table import ColumnType

SCALE_MAX = 18
SHARE_NAMED, SHARE_UNNAMED = 0.5, 0.95
MANY_VALUES = 20


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """How one text column becomes typed. `mark` and `scale` serve amounts, `order` and `serial` dates.

    `serial` is "" or excel, epoch_1, epoch_1000, epoch_1000000. `keep_time` adds a datetime column beside a date,
    `keep_currency` a column for the currency written in the cell. `tokens_are_null` reads "N/A" as an empty cell.
    """

    index: int
    name: str
    type: ColumnType
    mark: str = "."
    scale: int = 0
    order: str = "ymd"
    serial: str = ""
    iso: bool = False
    keep_time: bool = False
    keep_currency: bool = False
    tokens_are_null: bool = True


@dataclass(frozen=True, slots=True)
class _Evidence:
    index: int
    name: str
    values: pl.Series
    tokens: int
    marks: MarkEvidence
    orders: OrderEvidence
    native: bool


def plan_columns(names: Sequence[str], sample: pl.DataFrame, native: frozenset[int], notes: Notes) -> tuple[ColumnPlan, ...]:
    """Plan every column from a sample of its texts; `native` columns hold numbers written by a machine, with a dot."""
    evidence = [_gather(index, name, sample[str(index)], index in native) for index, name in enumerate(names)]
    mark = _agreed({item.marks.decided for item in evidence if _amount_like(item)})
    order = _agreed({item.orders.decided for item in evidence if _date_like(item)})
    return tuple(_plan(item, mark, order, notes) for item in evidence)


def _gather(index: int, name: str, column: pl.Series, native: bool) -> _Evidence:
    values = filled(column)
    lowered = values.str.strip_chars().str.to_lowercase()
    token = lowered.is_in(list(NULL_TOKENS + ERROR_TOKENS))
    values = values.filter(~token)
    return _Evidence(index, name, values, int(token.sum()), amounts.mark_evidence(values), dates.order_evidence(values), native)


def _agreed(found: set[str | None]) -> str | None:
    """What the other columns of the file say, when they say one thing."""
    known = found - {None}
    return known.pop() if len(known) == 1 else None


def _share(count: int, item: _Evidence) -> float:
    return count / max(1, len(item.values))


def _enough(count: int, item: _Evidence, named: bool) -> bool:
    """Named columns may hold bad values; unnamed ones must be nearly pure, and wholly so when they are short."""
    if not len(item.values):
        return named and item.tokens > 0
    if named:
        return count > 0 and _share(count, item) >= SHARE_NAMED
    return count == len(item.values) or (len(item.values) >= MANY_VALUES and _share(count, item) >= SHARE_UNNAMED)


def _date_like(item: _Evidence) -> bool:
    named = vocabulary.says_date(item.name)
    if vocabulary.says_identifier(item.name) and not named:
        return False
    if item.orders.compact * 2 > item.orders.shaped and not named:
        return _enough(item.orders.compact, item, False) and item.values.n_unique() >= 5 and _valid_days(item) == len(item.values)
    return _enough(item.orders.shaped, item, named) and not (item.orders.shaped == 0)


def _valid_days(item: _Evidence) -> int:
    return int(pl.DataFrame({"v": item.values}).select(dates.date_of(pl.col("v"), "dmy").is_not_null().sum()).item())


def _amount_like(item: _Evidence) -> bool:
    if vocabulary.says_identifier(item.name):
        return False
    return _enough(item.marks.readable, item, vocabulary.says_amount(item.name))


def _plan(item: _Evidence, mark: str | None, order: str | None, notes: Notes) -> ColumnPlan:
    forced = notes.answer(f"type:{item.name}")
    if forced is not None:
        return _forced(item, forced, mark, order, notes)
    serial = _serial(item)
    if serial:
        return _serial_plan(item, serial, notes)
    if _date_like(item):
        return _date_plan(item, order, notes)
    if _amount_like(item) and not _leading_zeros(item):
        return _number_plan(item, mark, notes)
    return ColumnPlan(item.index, item.name, ColumnType.IDENTIFIER if _code_like(item) else ColumnType.TEXT)


def _forced(item: _Evidence, forced: str, mark: str | None, order: str | None, notes: Notes) -> ColumnPlan:
    """The type that a person chose."""
    if forced == ColumnType.AMOUNT:
        return replace(_number_plan(item, mark, notes), type=ColumnType.AMOUNT)
    if forced == ColumnType.DATE:
        return _date_plan(item, order, notes)
    if forced in (ColumnType.TEXT, ColumnType.IDENTIFIER):
        return ColumnPlan(item.index, item.name, ColumnType(forced))
    raise BadFile(
        f"'{forced}' is not a type for column '{item.name}'; choose amount, date, text or identifier.", column=item.name
    )


def _serial(item: _Evidence) -> str:
    """Whether a column named like a date holds serial numbers or counts since 1970."""
    if not vocabulary.says_date(item.name) or not len(item.values):
        return ""
    number = item.values.str.strip_chars().str.extract(r"^([0-9]{5,16})(?:\.[0-9]+)?$").cast(pl.Int64, strict=False)
    if number.null_count():
        return ""
    low, high = int(number.min() or 0), int(number.max() or 0)  # type: ignore[arg-type]
    for kind, least, most in (
        ("excel", 20_000, 73_000),
        ("epoch_1", 10**9, 4 * 10**9),
        ("epoch_1000", 10**12, 4 * 10**12),
        ("epoch_1000000", 10**15, 4 * 10**15),
    ):
        if least <= low and high <= most:
            return kind
    return ""


def _serial_plan(item: _Evidence, serial: str, notes: Notes) -> ColumnPlan:
    if serial == "excel":
        notes.warn(f"Column '{item.name}' holds spreadsheet serial numbers; they were read as days since 1900.")
        return ColumnPlan(item.index, item.name, ColumnType.DATE, serial=serial, tokens_are_null=False)
    notes.warn(f"Column '{item.name}' holds counts since 1970; they were read as times in UTC.")
    return ColumnPlan(item.index, item.name, ColumnType.DATETIME, serial=serial, tokens_are_null=False)


def _date_plan(item: _Evidence, order: str | None, notes: Notes) -> ColumnPlan:
    key = f"date_order:{item.name}"
    answer = notes.answer(key, "date_order")
    if answer not in (None, "dmy", "mdy", "ymd"):
        raise BadFile(f"'{answer}' is not an order of dates; choose dmy, mdy or ymd.", column=item.name)
    chosen = answer or item.orders.decided
    if chosen is None and item.orders.open:
        if order is not None and not (item.orders.dmy and item.orders.mdy):
            notes.warn(
                f"The dates in column '{item.name}' could be read two ways; another column of this file settles them as {order}."
            )
            chosen = order
        else:
            notes.ask(_order_question(key, item))
            return ColumnPlan(item.index, item.name, ColumnType.TEXT)
    timed = item.orders.timed > 0
    plain_time = timed and item.orders.zoned == 0 and (vocabulary.says_time(item.name) or not vocabulary.says_date(item.name))
    return ColumnPlan(
        item.index,
        item.name,
        ColumnType.DATETIME if plain_time else ColumnType.DATE,
        order=chosen or "dmy",
        iso=not timed,
        keep_time=timed and not plain_time,
        tokens_are_null=not vocabulary.says_date(item.name),
    )


def _order_question(key: str, item: _Evidence) -> Question:
    example = str(item.values.filter(item.values.str.contains(r"^\s*[0-9]{1,2}[./\-' ][0-9]{1,2}[./\-' ]"))[0]).strip()
    if item.orders.dmy and item.orders.mdy:
        why = f"Column '{item.name}' mixes day-first and month-first dates ({item.orders.dmy} and {item.orders.mdy} values), such as '{example}'."
    else:
        why = f"No date in column '{item.name}' has a day above 12, so '{example}' may be day first or month first."
    return Question(key, ("dmy", "mdy"), why, item.orders.ambiguous)


def _leading_zeros(item: _Evidence) -> bool:
    """Digits with leading zeros are a code unless the column is money by name."""
    codes = int(item.values.str.contains(r"^\s*0[0-9]+\s*$").sum())
    marked = int(item.values.str.contains(r"[.,]").sum())
    return codes > 0 and marked == 0


def _code_like(item: _Evidence) -> bool:
    if vocabulary.says_identifier(item.name) or _leading_zeros(item):
        return True
    code = item.values.str.contains(r"^\s*[A-Za-z0-9/_.:#-]*[0-9][A-Za-z0-9/_.:#-]*\s*$")
    return len(item.values) > 0 and bool(code.all()) and item.values.n_unique() * 10 >= 9 * len(item.values)


def _number_plan(item: _Evidence, mark: str | None, notes: Notes) -> ColumnPlan:
    money = vocabulary.says_amount(item.name)
    chosen = "." if item.native else _mark(item, mark, notes)
    if chosen is None:
        return ColumnPlan(item.index, item.name, ColumnType.TEXT)
    texts = pl.DataFrame({"v": item.values}).select(
        amount=amounts.decimal_text(pl.col("v"), chosen), currency=amounts.currency(pl.col("v"))
    )
    scale = int(texts.select(amounts.decimals(pl.col("amount")).max()).item() or 0)
    plain = bool(item.values.str.contains(r"^\s*[+-]?[0-9]{1,18}\s*$").all())
    if scale > SCALE_MAX:
        notes.warn(f"Column '{item.name}' has numbers with {scale} decimals; it was kept as text.")
        return ColumnPlan(item.index, item.name, ColumnType.TEXT)
    if plain and not money:
        return ColumnPlan(item.index, item.name, ColumnType.NUMBER)
    if not money and int(item.values.str.len_chars().max() or 0) > 18 and scale == 0:  # type: ignore[arg-type]
        return ColumnPlan(item.index, item.name, ColumnType.IDENTIFIER)
    keep_currency = texts["currency"].null_count() < texts.height
    return ColumnPlan(
        item.index, item.name, ColumnType.AMOUNT, mark=chosen, scale=scale, keep_currency=keep_currency, tokens_are_null=not money
    )


def _mark(item: _Evidence, mark: str | None, notes: Notes) -> str | None:
    """The decimal mark of a column, None after asking for it."""
    key = f"decimal:{item.name}"
    answer = notes.answer(key, "decimal")
    if answer not in (None, ".", ","):
        raise BadFile(f"'{answer}' is not a decimal mark; choose . or ,", column=item.name)
    chosen = answer or item.marks.decided
    if chosen or not item.marks.open:
        return chosen or "."
    if mark is not None and not item.marks.conflict:
        notes.warn(
            f"The amounts in column '{item.name}' could be read two ways; another column of this file settles '{mark}' as decimal mark."
        )
        return mark
    notes.ask(_mark_question(key, item))
    return None


def _mark_question(key: str, item: _Evidence) -> Question:
    if item.marks.conflict:
        why = f"Column '{item.name}' mixes two ways to write amounts: {item.marks.dot} values with a decimal dot, {item.marks.comma} with a decimal comma."
        return Question(key, (".", ","), why, item.marks.dot + item.marks.comma)
    example = str(item.values.filter(item.values.str.contains(r"[.,][0-9]{3}"))[0]).strip()
    why = f"'{example}' in column '{item.name}' may be a thousand or a decimal fraction, and no other value of the column settles it."
    return Question(key, (".", ","), why, item.marks.either)
