"""Type inference: what each text column is, decided from its values and its name, or asked when they leave it open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from recon378_engine.errors import BadFile
from recon378_engine.reading.inspection import Question
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.values import dates, vocabulary
from recon378_engine.reading.values.cells import expanded, filled, unwrapped
from recon378_engine.reading.values.currencies import CURRENCY_CODES, minor_units
from recon378_engine.reading.values.evidence import Evidence, gather
from recon378_engine.table import ColumnType

SCALE_MAX = 18
SHARE_NAMED, SHARE_NATIVE, SHARE_UNNAMED = 0.5, 0.75, 0.95
MANY_VALUES = 20
LONGEST_NUMBER = 18
_NO_DATE = r"^\s*(?:[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:[.,][0-9]+)?\s*(?:[AaPp][Mm])?|[0-9]{4})\s*$"  # times of day and years
CODES = frozenset(CURRENCY_CODES.split())
SERIALS = (
    ("excel", 20_000, 73_000),
    ("epoch_1", 10**9, 4 * 10**9),
    ("epoch_1000", 10**12, 4 * 10**12),
    ("epoch_1000000", 10**15, 4 * 10**15),
)


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """How one text column becomes typed. `mark` and `scale` serve amounts, `order` and `serial` dates.

    `serial` is "" or excel, epoch_1, epoch_1000, epoch_1000000. `keep_time` adds a datetime column beside a date,
    `keep_currency` a column for the currency written in the cell. `tokens_are_null` reads "N/A" as an empty cell,
    `wrapped` takes values out of `="…"`, `exponents` reads 1.5E+3 as a number, `native` has numbers
    written by a machine, so that a text such as `1,234` among them stays open,
    `errors_are_blank` leaves out #DIV/0! and the like,
    `blank_when_wrong` leaves out a bad value instead of its row.
    """

    index: int
    name: str
    type: ColumnType
    mark: str = "."
    scale: int = 0
    order: str = "ymd"
    serial: str = ""
    keep_time: bool = False
    keep_currency: bool = False
    time_name: str = ""
    currency_name: str = ""
    tokens_are_null: bool = True
    wrapped: bool = False
    exponents: bool = False
    native: bool = False
    errors_are_blank: bool = False
    blank_when_wrong: bool = False


@dataclass(frozen=True, slots=True)
class _Column:
    """A column to plan: its texts, what they say, and whether its numbers were written by a machine."""

    index: int
    name: str
    texts: pl.Series
    evidence: Evidence
    native: bool


@dataclass(frozen=True, slots=True)
class _Settled:
    """What other columns of the file settle: decimal mark, order of dates, and the decimals of all its currencies."""

    mark: str | None
    order: str | None
    decimals: int | None


def plan_columns(
    names: Sequence[str], sample: Mapping[str, pl.Series], native: frozenset[int], notes: Notes
) -> tuple[ColumnPlan, ...]:
    """Plan every column from a sample of its texts; `native` columns hold numbers written by a machine, with a dot."""
    wrapped = {key for key, texts in sample.items() if texts.str.contains(r'^="[^"]*"$').any()}
    bare = {key: unwrapped(texts) if key in wrapped else texts for key, texts in sample.items()}
    numeric = {index for index, name in enumerate(names) if index in native or vocabulary.says_amount(name)}
    for index in sorted(numeric):
        bare[str(index)] = _without_exponents(bare[str(index)], names[index], notes)
    evidence = gather(bare)
    columns = [_Column(index, name, bare[str(index)], evidence[str(index)], index in native) for index, name in enumerate(names)]
    mark = _agreed({column.evidence.mark for column in columns if not column.native and _amount_like(column)})
    order = _agreed({column.evidence.order for column in columns if _date_like(column)})
    settled = _Settled(mark, order, _decimals(columns))
    plans = [_plan(column, settled, notes) for column in columns]
    if all(plan.type is not ColumnType.AMOUNT for plan in plans) and not notes.questions:
        # master data: a wrong date of birth makes no one disappear
        plans = [replace(plan, blank_when_wrong=plan.type in (ColumnType.DATE, ColumnType.DATETIME)) for plan in plans]
    taken = {name.lower() for name in names}
    first = next((plan.index for plan in plans if vocabulary.says_amount(plan.name)), None)
    plans = [
        replace(
            plan,
            wrapped=str(plan.index) in wrapped,
            native=plan.index in native,
            errors_are_blank=plan.type in (ColumnType.AMOUNT, ColumnType.NUMBER) and not _is_essential(plan, first),
            exponents=plan.index in numeric and plan.type in (ColumnType.AMOUNT, ColumnType.NUMBER),
        )
        for plan in plans
    ]
    _warn_of_names(plans, columns, notes)
    return tuple(_named(plan, taken) for plan in plans)


def _is_essential(plan: ColumnPlan, first: int | None) -> bool:
    """Whether a record is worthless without this number: the first column named like an amount, or one of debit and credit."""
    return plan.index == first or bool(vocabulary.words(plan.name) & (vocabulary.DEBIT | vocabulary.CREDIT))


def _warn_of_names(plans: Sequence[ColumnPlan], columns: Sequence[_Column], notes: Notes) -> None:
    """Say which columns are named like amounts or dates, hold digits, and were kept as text all the same."""
    for plan, column in zip(plans, columns, strict=True):
        if plan.type not in (ColumnType.TEXT, ColumnType.IDENTIFIER) or f"type:{column.name}" in notes.answers:
            continue
        named = "an amount" if vocabulary.says_amount(column.name) else "a date" if vocabulary.says_date(column.name) else ""
        if not named or vocabulary.says_identifier(column.name):
            continue
        values = filled(column.texts)
        odd = values.filter(values.str.contains(r"[0-9]") & ~values.str.contains(_NO_DATE))
        some = column.evidence.readable if named == "an amount" else column.evidence.shaped
        if odd.len() * 2 > values.len() or some:
            example = f"its values, such as '{(odd if odd.len() else values)[0][:40]}', are not all such"
            notes.warn(f"Column '{column.name}' is named like {named}, but {example}; they were kept as text.")


def _without_exponents(texts: pl.Series, name: str, notes: Notes) -> pl.Series:
    """The texts with exponents written out, and a word about it."""
    plain = expanded(texts)
    changed = (plain != texts).fill_null(False)
    if changed.any():
        first = str(texts.filter(changed)[0]).strip()
        notes.warn(
            f"Column '{name}' holds numbers such as {first}; they were written out, but a program may have cut their digits."
        )
    return plain


def _named(plan: ColumnPlan, taken: set[str]) -> ColumnPlan:
    """The plan with names for its additional columns that no other column has."""
    if plan.keep_time:
        return replace(plan, time_name=free_name(f"{plan.name} time", taken))
    return replace(plan, currency_name=free_name(f"{plan.name} currency", taken)) if plan.keep_currency else plan


def free_name(name: str, taken: set[str]) -> str:
    """A name that is not yet taken (lower case), which it then is."""
    free, count = name, 1
    while free.lower() in taken:
        count += 1
        free = f"{name} ({count})"
    taken.add(free.lower())
    return free


def _agreed(found: set[str | None]) -> str | None:
    """What the other columns of the file say, when they say one thing."""
    known = found - {None}
    return known.pop() if len(known) == 1 else None


def _decimals(columns: Sequence[_Column]) -> int | None:
    """Decimals of the currencies in the first column of currency codes, when all have the same."""
    for column in columns:
        codes = set(filled(column.texts).str.strip_chars().str.to_uppercase().unique().head(50).to_list())
        if codes and codes <= CODES:
            units = {minor_units(code) for code in codes}
            return units.pop() if len(units) == 1 else None
    return None


def _enough(count: int, evidence: Evidence, named: bool, least: float = SHARE_NAMED) -> bool:
    """Named columns may hold bad values; unnamed ones must be nearly pure, and wholly so when they are short."""
    if not evidence.values:
        return named and evidence.tokens > 0
    share = count / evidence.values
    if named:
        return count > 0 and share >= least
    return share == 1 or (evidence.values >= MANY_VALUES and share >= SHARE_UNNAMED)


def _date_like(column: _Column) -> bool:
    evidence, named = column.evidence, vocabulary.says_date(column.name)
    if not evidence.shaped or (vocabulary.says_identifier(column.name) and not named):
        return False
    if evidence.compact * 2 > evidence.shaped and not named:
        return evidence.compact == evidence.values and evidence.distinct >= 5 and _all_days(column.texts)
    return _enough(evidence.shaped, evidence, named)


def _all_days(texts: pl.Series) -> bool:
    values = filled(texts)
    return dates.read_dates(values, "dmy").null_count() == 0


def _amount_like(column: _Column) -> bool:
    if vocabulary.says_identifier(column.name):
        return False
    least = SHARE_NATIVE if column.native else SHARE_NAMED  # a cell with another type was meant to have it
    return _enough(column.evidence.readable, column.evidence, vocabulary.says_amount(column.name), least)


def _plan(column: _Column, settled: _Settled, notes: Notes) -> ColumnPlan:
    forced = notes.answer(f"type:{column.name}")
    if forced is not None:
        return _forced(column, forced, settled, notes)
    serial = _serial(column)
    if serial:
        return _serial_plan(column, serial, notes)
    if _date_like(column):
        return _date_plan(column, settled, notes)
    if _amount_like(column) and not _leading_zeros(column.evidence):
        return _number_plan(column, settled, notes)
    if column.texts.str.contains(r"[\r\n]").any():
        notes.warn(f"Values of column '{column.name}' hold line breaks; they were kept.")
    return ColumnPlan(column.index, column.name, ColumnType.IDENTIFIER if _code_like(column) else ColumnType.TEXT)


def _forced(column: _Column, forced: str, settled: _Settled, notes: Notes) -> ColumnPlan:
    """The type that a person chose."""
    if forced == ColumnType.AMOUNT:
        return replace(_number_plan(column, settled, notes), type=ColumnType.AMOUNT)
    if forced == ColumnType.DATE:
        return _date_plan(column, settled, notes)
    if forced in (ColumnType.TEXT, ColumnType.IDENTIFIER):
        return ColumnPlan(column.index, column.name, ColumnType(forced))
    raise BadFile(
        f"'{forced}' is no type for column '{column.name}'; choose amount, date, text or identifier.", column=column.name
    )


def _serial(column: _Column) -> str:
    """Whether a column named like a date holds serial numbers or counts since 1970."""
    evidence = column.evidence
    if not vocabulary.says_date(column.name) or not evidence.values or evidence.readable < evidence.values:
        return ""
    texts = filled(column.texts).str.strip_chars()
    number = texts.str.extract(r"^([0-9]{5,16})(?:\.[0-9]+)?$").cast(pl.Int64, strict=False)
    if number.null_count():
        return ""
    low, high = number.min(), number.max()
    for kind, least, most in SERIALS:
        if isinstance(low, int) and isinstance(high, int) and least <= low and high <= most:
            return kind
    return ""


def _serial_plan(column: _Column, serial: str, notes: Notes) -> ColumnPlan:
    if serial == "excel":
        notes.warn(f"Column '{column.name}' holds spreadsheet serial numbers; they were read as days since 1900.")
        return ColumnPlan(column.index, column.name, ColumnType.DATE, serial=serial, tokens_are_null=False)
    notes.warn(f"Column '{column.name}' holds counts since 1970; they were read as times in UTC.")
    return ColumnPlan(column.index, column.name, ColumnType.DATETIME, serial=serial, tokens_are_null=False)


def _date_plan(column: _Column, settled: _Settled, notes: Notes) -> ColumnPlan:
    key, evidence = f"date_order:{column.name}", column.evidence
    answer = notes.answer(key, "date_order")
    if answer not in (None, "dmy", "mdy", "ymd"):
        raise BadFile(f"'{answer}' is not an order of dates; choose dmy, mdy or ymd.", column=column.name)
    chosen = answer or evidence.order
    if chosen is None and evidence.order_open:
        if settled.order is None or evidence.orders_conflict:
            notes.ask(_order_question(key, column))
            return ColumnPlan(column.index, column.name, ColumnType.TEXT)
        notes.warn(f"The dates in column '{column.name}' could be read two ways; another column settles them as {settled.order}.")
        chosen = settled.order
    says_date, timed = vocabulary.says_date(column.name), evidence.timed > 0
    with_time = timed and evidence.zoned == 0 and (vocabulary.says_time(column.name) or not says_date)
    kind = ColumnType.DATETIME if with_time else ColumnType.DATE
    keep_time = timed and not with_time
    return ColumnPlan(column.index, column.name, kind, order=chosen or "dmy", keep_time=keep_time, tokens_are_null=not says_date)


def _order_question(key: str, column: _Column) -> Question:
    evidence = column.evidence
    shaped = column.texts.str.extract_groups(r"^\s*0?([0-9]{1,2})[./\-' ]0?([0-9]{1,2})[./\-' ]").struct.unnest()
    differ = column.texts.filter((shaped["1"] != shaped["2"]).fill_null(False))
    example = str((differ if differ.len() else column.texts.filter(shaped["1"].is_not_null()))[0]).strip()
    why = f"No date in column '{column.name}' has a day above 12, so '{example}' may be day first or month first."
    if evidence.orders_conflict:
        counts = f"{evidence.dmy} and {evidence.mdy} values"
        why = f"Column '{column.name}' mixes day-first and month-first dates ({counts}), such as '{example}'."
    orders = ("dmy", "mdy", "ymd") if evidence.year_first == evidence.shaped else ("dmy", "mdy")
    return Question(key, orders, why, evidence.ambiguous)


def _leading_zeros(evidence: Evidence) -> bool:
    """Digits with leading zeros are a code, unless decimals show that the column is money."""
    return evidence.leading_zero > 0 and evidence.dot + evidence.comma + evidence.either == 0


def _code_like(column: _Column) -> bool:
    evidence = column.evidence
    if vocabulary.says_identifier(column.name) or _leading_zeros(evidence):
        return True
    return 0 < evidence.values == evidence.code and evidence.distinct * 10 >= 9 * evidence.values


def _number_plan(column: _Column, settled: _Settled, notes: Notes) -> ColumnPlan:
    evidence, money = column.evidence, vocabulary.says_amount(column.name)
    chosen = "." if column.native else _mark(column, settled, notes)
    text = ColumnPlan(column.index, column.name, ColumnType.TEXT)
    if chosen is None:
        return text
    scale = evidence.scale_dot if chosen == "." else evidence.scale_comma
    if scale > SCALE_MAX:
        notes.warn(f"Column '{column.name}' has numbers with {scale} decimals; it was kept as text.")
        return text
    if evidence.integer == evidence.values and not money:
        return ColumnPlan(column.index, column.name, ColumnType.NUMBER)
    if not money and evidence.longest > LONGEST_NUMBER and scale == 0:
        return replace(text, type=ColumnType.IDENTIFIER)
    currency = evidence.currency > 0
    plan = ColumnPlan(column.index, column.name, ColumnType.AMOUNT, keep_currency=currency, tokens_are_null=not money)
    return replace(plan, mark=chosen, scale=scale)


def _mark(column: _Column, settled: _Settled, notes: Notes) -> str | None:
    """The decimal mark of a column, None after asking for it."""
    key, evidence = f"decimal:{column.name}", column.evidence
    answer = notes.answer(key, "decimal")
    if answer not in (None, ".", ","):
        raise BadFile(f"'{answer}' is not a decimal mark; choose . or ,", column=column.name)
    chosen = answer or evidence.mark
    if chosen or not evidence.mark_open:
        return chosen or "."
    if not evidence.marks_conflict:
        by_currency = _mark_by_currency(column, settled.decimals)
        found = by_currency or settled.mark
        if found:
            why = "the currency" if by_currency else "another column"
            notes.warn(f"The amounts in column '{column.name}' could be read two ways; {why} settles '{found}' as decimal mark.")
            return found
    notes.ask(_mark_question(key, column))
    return None


def _mark_by_currency(column: _Column, decimals: int | None) -> str | None:
    """Three digits behind a sign are decimals in Kuwait and thousands in Japan."""
    signs = set(column.texts.str.extract(r"([.,])[0-9]{3}\D*$").drop_nulls().to_list())
    if decimals not in (0, 3) or len(signs) != 1:
        return None
    sign = str(signs.pop())
    return sign if decimals == 3 else ("," if sign == "." else ".")


def _mark_question(key: str, column: _Column) -> Question:
    evidence = column.evidence
    if evidence.marks_conflict:
        counts = f"{evidence.dot} values with a decimal dot, {evidence.comma} with a decimal comma"
        return Question(
            key, (".", ","), f"Column '{column.name}' mixes two ways to write amounts: {counts}.", evidence.dot + evidence.comma
        )
    example = str(column.texts.filter(column.texts.str.contains(r"[.,][0-9]{3}").fill_null(False))[0]).strip()
    why = f"'{example}' in column '{column.name}' may be a thousand or a decimal fraction, and no other value settles it."
    return Question(key, (".", ","), why, evidence.either)
