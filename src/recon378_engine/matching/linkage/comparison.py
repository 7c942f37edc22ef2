"""Which comparisons a pairing calls for: one kind of comparison for each thing that two records can agree on."""

from dataclasses import dataclass, replace
from enum import IntEnum

import polars as pl

from recon378_engine.matching.linkage.normalise import Part, normalised
from recon378_engine.matching.outcome import PairedField, Pairing
from recon378_engine.profiling.roles import hash_sample
from recon378_engine.table import ColumnType, Role, Table

TEXT_LENGTH_MIN = 30.0  # mean characters above which tokens tell more than edits
SHORT_TEXT_LENGTH_MAX = 40.0  # mean characters up to which the start of a text is evidence by itself: memos are cut at their end
EVENT_SPAN_DAYS_MAX = 5 * 366  # dates spread wider than a business file are attributes (births), not events with a lag
COMPARISONS_MAX = 16
NAME_SAMPLE_ROWS = 20_000
SPLIT_SHARE_MIN = 0.85  # of a column of names that have two or three words: people; shops and firms vary more
CODED_SHARE_MIN = 0.3  # of the records of either side whose texts hold an article number
CATEGORY_VALUES_MAX = 45  # of both sides together; their pairs are the levels

_TIMES = frozenset({ColumnType.DATE, ColumnType.DATETIME})
_NUMBERS = frozenset({ColumnType.AMOUNT, ColumnType.NUMBER})
_PLACE = frozenset({Role.ADDRESS, Role.CITY, Role.POSTCODE})
_NAME = frozenset({Role.GIVEN_NAME, Role.FAMILY_NAME})
_CATEGORICAL = frozenset({Role.CATEGORY, Role.CURRENCY, Role.OTHER})
_WORDY = frozenset({Role.PERSON_NAME, Role.ORGANISATION, Role.OTHER, Role.ADDRESS})


class Kind(IntEnum):
    """How two values are compared; the number is what the kernels know it by."""

    STRING = 0  # equal (by rarity), typed wrong, similar
    ATTRIBUTE_DATE = 1  # equal, digits confused, near
    EVENT_DATE = 2  # lag in days
    AMOUNT = 3  # signed relative difference
    TEXT = 4  # shared words and letter groups
    START = 5  # how rare the common beginning is
    CATEGORY = 6  # which of a few values meets which: VLDB stands for Very Large Data Bases


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison of a left with a right value. Comparisons of one `group` are weighed together, as one piece of evidence."""

    name: str
    kind: Kind
    role: Role
    group: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    values: tuple[str, ...] = ()  # of a CATEGORY: the comparison forms of both sides, ascending
    part: Part = Part.WHOLE

    @property
    def is_key(self) -> bool:
        """Whether equal values can be looked up, so that they can find candidates."""
        return self.kind not in (Kind.TEXT, Kind.START)


def plan_comparisons(left: Table, right: Table, pairing: Pairing) -> tuple[Comparison, ...]:
    """The comparisons of a pairing in the order of its fields, at most COMPARISONS_MAX: the most distinct ones."""
    planned = [comparison for field in pairing.fields for comparison in _comparisons_of(left, right, field)]
    planned += _whole_text(planned)
    planned += _codes(left, right, planned)
    if len(planned) <= COMPARISONS_MAX:
        return tuple(planned)
    worth = {comparison.name: _distinct_values(left, comparison.left) for comparison in planned}
    kept = sorted(planned, key=lambda comparison: (-worth[comparison.name], comparison.name))[:COMPARISONS_MAX]
    return tuple(comparison for comparison in planned if comparison in kept)


def _comparisons_of(left: Table, right: Table, field: PairedField) -> list[Comparison]:
    kind = _kind_of(left, right, field)
    group = "place" if field.role in _PLACE else "name" if field.role in _NAME else field.name
    main = Comparison(field.name, kind, field.role, group, field.left, field.right)
    if kind is Kind.STRING and field.role in _CATEGORICAL:
        values = _values_of(left, right, main)
        if 1 < len(values) <= CATEGORY_VALUES_MAX:
            return [replace(main, kind=Kind.CATEGORY, values=values)]
    if kind is Kind.STRING and field.role is Role.PERSON_NAME and _splits(left, field.left) and _splits(right, field.right):
        return [
            replace(main, name=f"{field.name} {part.value}", role=role, group="name", part=part)
            for part, role in ((Part.GIVEN, Role.GIVEN_NAME), (Part.FAMILY, Role.FAMILY_NAME))
        ]
    if kind is Kind.TEXT and _mean_length(left, field.left) <= SHORT_TEXT_LENGTH_MAX:
        return [main, Comparison(f"{field.name} start", Kind.START, field.role, group, field.left, field.right)]
    return [main]


def _splits(table: Table, names: tuple[str, ...]) -> bool:
    """Whether nearly all names have a given and a family part: two or three words without digits. Two columns are such parts."""
    if len(names) > 1:
        return True
    sample = hash_sample(table.frame.get_column(names[0]).drop_nulls(), NAME_SAMPLE_ROWS)
    words = normalised(sample.to_frame(), Role.PERSON_NAME, names).drop_nulls()
    parted = words.filter(words.str.contains(r"^[^\d ]+(?: [^\d ]+){1,2}$"))
    return words.len() > 0 and parted.len() >= SPLIT_SHARE_MIN * words.len()


def _whole_text(planned: list[Comparison]) -> list[Comparison]:
    """Words wander between a title and a description: several free texts are also compared as one."""
    texts = [comparison for comparison in planned if comparison.kind is Kind.TEXT and comparison.role is Role.FREE_TEXT]
    if len(texts) < 2:
        return []
    left = tuple(name for text in texts for name in text.left)
    right = tuple(name for text in texts for name in text.right)
    return [Comparison("whole text", Kind.TEXT, Role.FREE_TEXT, "text", left, right)]


def _codes(left: Table, right: Table, planned: list[Comparison]) -> list[Comparison]:
    """Article numbers that stand in texts: by them things that sound alike are told apart. Not in the memos of payments."""
    texts = [comparison for comparison in planned if comparison.kind is Kind.TEXT and comparison.role is Role.FREE_TEXT]
    if not texts or any(comparison.kind is Kind.EVENT_DATE for comparison in planned):
        return []
    text = texts[-1]  # the whole text where there is one
    if min(_coded(left, text.left), _coded(right, text.right)) < CODED_SHARE_MIN:
        return []
    return [replace(text, name=f"{text.name} number", kind=Kind.STRING, role=Role.REFERENCE, part=Part.CODE)]


def _coded(table: Table, names: tuple[str, ...]) -> float:
    """Share of the records whose text holds an article number; of the first ones, as tables lie in the order of a hash."""
    found = normalised(table.frame.select(names).head(NAME_SAMPLE_ROWS), Role.FREE_TEXT, names, Part.CODE)
    return 1.0 - found.null_count() / max(1, found.len())


def _kind_of(left: Table, right: Table, field: PairedField) -> Kind:
    types = {side.column(name).type for side, names in ((left, field.left), (right, field.right)) for name in names}
    if types <= _TIMES:
        return Kind.EVENT_DATE if _span_days(left, right, field) <= EVENT_SPAN_DAYS_MAX else Kind.ATTRIBUTE_DATE
    if types <= _NUMBERS:
        return Kind.AMOUNT
    if field.role is Role.FREE_TEXT:
        return Kind.TEXT
    if field.role in _WORDY and _mean_length(left, field.left) + _mean_length(right, field.right) > 2 * TEXT_LENGTH_MIN:
        return Kind.TEXT
    return Kind.STRING


def _values_of(left: Table, right: Table, comparison: Comparison) -> tuple[str, ...]:
    """The comparison forms of both sides, or none where there are far too many."""
    found: set[str] = set()
    for table, names in ((left, comparison.left), (right, comparison.right)):
        distinct = table.frame.select(names).unique()
        if distinct.height > 4 * CATEGORY_VALUES_MAX:
            return ()
        found |= set(normalised(distinct, comparison.role, names).drop_nulls().to_list())
    return tuple(sorted(found))


def _span_days(left: Table, right: Table, field: PairedField) -> int:
    """Days between the 1st and the 99th percentile of both sides: one wrong century does not make an attribute."""
    days = pl.concat(
        [left.frame.get_column(field.left[0]).cast(pl.Date), right.frame.get_column(field.right[0]).cast(pl.Date)]
    ).drop_nulls()
    numbers = days.cast(pl.Int32)
    low, high = numbers.quantile(0.01, "nearest"), numbers.quantile(0.99, "nearest")
    return int(high - low) if low is not None and high is not None else 0


def _mean_length(table: Table, names: tuple[str, ...]) -> float:
    lengths = [table.frame.get_column(name).drop_nulls().cast(pl.String).str.len_chars().mean() for name in names]
    return float(sum(length for length in lengths if isinstance(length, int | float)))


def _distinct_values(table: Table, names: tuple[str, ...]) -> int:
    return sum(table.frame.get_column(name).drop_nulls().n_unique() for name in names)
