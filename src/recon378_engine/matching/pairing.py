"""Pair the columns of two tables: those that mean the same, by name, role and values."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from recon378_engine.errors import BadInput
from recon378_engine.matching.money import signed_minor
from recon378_engine.matching.outcome import PairedField, Pairing
from recon378_engine.profiling.headers import words
from recon378_engine.profiling.roles import hash_sample
from recon378_engine.table import Column, ColumnType, Role, Table

SAMPLE_VALUES = 2_000
WORDY_VALUES = 50_000  # from which the words are taken
PAIR_SCORE_MIN = 0.45  # a shared role alone (0.5) pairs, a shared type alone (0.2) does not
NUMBERED_SHARE_MIN = 0.5  # of the addresses of one side that hold a number, for the house number of the other to belong to them
SAID_SHARE_MIN = 0.4  # of the words of a column that a text must hold to say the same
CODES_SAID_SHARE_MIN = 0.2  # of its article numbers and the like, which chance does not repeat
WORDS_COUNT_AS = 0.7  # shared words are weaker evidence than shared values: with no kinship of roles they do not pair
SIGN_ROWS = 20_000  # records about which the vote on the sign is taken, chosen by their amounts so that equal ones meet
FLIP_MARGIN = 1.5  # how many times more amounts must pair with the sign flipped before it is proposed
FLIP_DEVIATIONS = 2.0  # standard deviations of a fair coin by which they must be more
FLIP_VOTES_MIN = 2.0  # where one side is all positive and the other all negative
VOTERS_MAX = 50  # records of a side with one amount, beyond which it pairs by chance
VOTE_DAYS = 10

_MONEY = frozenset({Role.AMOUNT, Role.DEBIT, Role.CREDIT})
_KEYS = frozenset({Role.REFERENCE, Role.IDENTIFIER})
_TEXTS = frozenset({Role.FREE_TEXT, Role.OTHER})
_HOUSE = frozenset({"house", "housenumber", "haus", "hausnummer", "hausnr", "huisnummer", "husnummer", "civico"})
_NAMES = frozenset({Role.GIVEN_NAME, Role.FAMILY_NAME})
_TIMES = frozenset({ColumnType.DATE, ColumnType.DATETIME})
_NUMBERS = frozenset({ColumnType.AMOUNT, ColumnType.NUMBER})
# Roles that stand for each other when nothing nearer is there.
_KIN: tuple[frozenset[Role], ...] = (
    frozenset({Role.IDENTIFIER, Role.REFERENCE}),
    frozenset({Role.FREE_TEXT, Role.REFERENCE}),
    frozenset({Role.PERSON_NAME, Role.ORGANISATION}),
    frozenset({Role.PERSON_NAME, Role.FREE_TEXT}),
    frozenset({Role.ORGANISATION, Role.FREE_TEXT}),
    frozenset({Role.DATE, Role.VALUE_DATE}),
    frozenset({Role.ADDRESS, Role.FREE_TEXT}),
    frozenset({Role.CITY, Role.ADDRESS}),
    frozenset({Role.CATEGORY, Role.OTHER}),
    frozenset({Role.FREE_TEXT, Role.OTHER}),
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One thing of one side that can be paired: a column, or several that are read as one."""

    columns: tuple[Column, ...]
    role: Role
    values: frozenset[str]
    words: frozenset[str]
    codes: frozenset[str]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def pair_columns(left: Table, right: Table) -> Pairing:
    """Pair columns one to one by the best total of name, role and value evidence, and settle the sign of amounts.

    Debit and credit columns become one amount; given and family name, and street and house number, become one where the other
    side has them in one. Fields are ordered by name, so that the order of columns changes nothing. No common column gives no
    fields.
    """
    left_parts, right_parts = _candidates(left, right), _candidates(right, left)
    fields = _fields(left_parts, right_parts)
    if not any(field.role in (Role.DATE, Role.VALUE_DATE) for field in fields):  # a list of things, not a book of entries
        fields = _with_spread_texts(fields, left_parts, right_parts)
    ordered = tuple(sorted(fields, key=lambda field: (field.name, field.left, field.right)))
    return _with_sign(left, right, ordered)


def pair_by_hand(left: Table, right: Table, fields: Sequence[PairedField]) -> Pairing:
    """The pairs that a person chose, with the sign of their amounts settled as that of proposed ones.

    Any two columns may be paired; what cannot be added up or counted in days is compared as text. Raises BadInput for a
    column that a table does not have.
    """
    _check_names(left, right, fields)
    return _with_sign(left, right, tuple(replace(field, role=_fitting_role(left, right, field)) for field in fields))


def check_fields(left: Table, right: Table, fields: Sequence[PairedField]) -> None:
    """Raise BadInput for a field of a ruleset whose columns are not there, or hold nothing that its role could compare."""
    _check_names(left, right, fields)
    for field in fields:
        columns = _columns_of(left, right, field)
        has_dates_for_amounts = field.role is Role.AMOUNT and any(column.type in _TIMES for column in columns)
        if has_dates_for_amounts or not _holds_days(field.role, columns):
            raise BadInput(
                f"The ruleset's field '{field.name}' compares {'amounts' if has_dates_for_amounts else 'days'}, which not all of "
                f"its columns hold ({', '.join(field.left + field.right)}); correct their types, or take 'other' as its role."
            )


def _check_names(left: Table, right: Table, fields: Sequence[PairedField]) -> None:
    for field in fields:
        for table, names in ((left, field.left), (right, field.right)):
            for name in names:
                if name not in table.frame.columns:
                    raise BadInput(
                        f"The ruleset's field '{field.name}' uses the column '{name}', "
                        f"which {table.source or 'a table'} does not have."
                    )


def _fitting_role(left: Table, right: Table, field: PairedField) -> Role:
    columns = _columns_of(left, right, field)
    if field.role in _MONEY:
        return Role.AMOUNT if all(column.type in _NUMBERS for column in columns) else Role.OTHER
    return field.role if _holds_days(field.role, columns) else Role.OTHER


def _columns_of(left: Table, right: Table, field: PairedField) -> list[Column]:
    return [table.column(name) for table, names in ((left, field.left), (right, field.right)) for name in names]


def _holds_days(role: Role, columns: Iterable[Column]) -> bool:
    """Whether columns may have this role: days can only be compared where every column has dates."""
    return role not in (Role.DATE, Role.VALUE_DATE) or all(column.type in _TIMES for column in columns)


def _candidates(table: Table, other: Table) -> list[_Candidate]:
    merged = _merged_money(table) + _merged_names(table, other) + _merged_addresses(table, other)
    taken = {column.name for part in merged for column in part}
    groups = merged + [(column,) for column in table.columns if column.name not in taken and column.role is not Role.BALANCE]
    found = [
        _Candidate(group, _role_of(group), _sample_values(table, group), *_sample_words(table, group))
        for group in groups
        if any(table.frame.get_column(column.name).null_count() < table.height for column in group)
    ]
    return sorted(found, key=lambda part: part.names)


def _merged_money(table: Table) -> list[tuple[Column, ...]]:
    debit = [column for column in table.columns if column.role is Role.DEBIT]
    credit = [column for column in table.columns if column.role is Role.CREDIT]
    return [(debit[0], credit[0])] if debit and credit else []


def _merged_names(table: Table, other: Table) -> list[tuple[Column, ...]]:
    given = [column for column in table.columns if column.role is Role.GIVEN_NAME]
    family = [column for column in table.columns if column.role is Role.FAMILY_NAME]
    split_elsewhere = any(column.role in _NAMES for column in other.columns)
    return [(given[0], family[0])] if given and family and not split_elsewhere else []


def _merged_addresses(table: Table, other: Table) -> list[tuple[Column, ...]]:
    """Street and house number where the other side has both in one, in the order in which that has them."""
    streets = [column for column in table.columns if column.role is Role.ADDRESS]
    numbers = [column for column in table.columns if set(words(column.name)) & _HOUSE and column not in streets]
    theirs = [column for column in other.columns if column.role is Role.ADDRESS]
    if len(streets) != 1 or len(numbers) != 1 or len(theirs) != 1 or any(set(words(c.name)) & _HOUSE for c in other.columns):
        return []
    values = hash_sample(other.frame.get_column(theirs[0].name).drop_nulls().cast(pl.String), SAMPLE_VALUES)
    if values.str.contains(r"\d").sum() < NUMBERED_SHARE_MIN * values.len():
        return []
    leads = 2 * values.str.contains(r"^\s*\d").sum() > values.len()
    return [(numbers[0], streets[0]) if leads else (streets[0], numbers[0])]


def _role_of(group: tuple[Column, ...]) -> Role:
    if len(group) == 1:
        return Role.AMOUNT if group[0].role in _MONEY else group[0].role
    if any(column.role is Role.ADDRESS for column in group):
        return Role.ADDRESS
    return Role.AMOUNT if group[0].role in _MONEY else Role.PERSON_NAME


def _sample_values(table: Table, group: tuple[Column, ...]) -> frozenset[str]:
    """Up to SAMPLE_VALUES of the distinct values, folded to lower-case letters and digits, chosen by hash."""
    if group[0].role in _MONEY:
        return frozenset()
    values = table.frame.get_column(group[0].name).drop_nulls()
    every = max(1, values.len() // (SAMPLE_VALUES * 4))
    values = values.filter(values.hash(seed=378) % every == 0).unique() if every > 1 else values.unique()
    text = values.cast(pl.String).str.to_lowercase().str.replace_all(r"[^\pL\pN]+", "").unique()
    chosen = text.to_frame("value").sort(pl.col("value").hash(seed=378), "value").head(SAMPLE_VALUES)
    return frozenset(chosen.get_column("value").to_list()) - {""}


def _sample_words(table: Table, group: tuple[Column, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Up to SAMPLE_VALUES of the distinct words of letters, and of those with several digits, chosen by hash: a memo shares
    only words with a name, and only what looks like a reference with a column of references.
    """
    if group[0].type not in (ColumnType.TEXT, ColumnType.IDENTIFIER):
        return frozenset(), frozenset()
    texts = hash_sample(table.frame.get_column(group[0].name).drop_nulls(), WORDY_VALUES).unique().str.to_lowercase()
    codes = texts.str.extract_all(r"[\pL\d\-_/.#]*\d[\pL\d\-_/.#]*\d[\pL\d\-_/.#]*\d[\pL\d\-_/.#]*")
    return _chosen(texts.str.extract_all(r"\pL{3,}").explode()), _chosen(codes.explode().str.replace_all(r"[^\pL\d]", ""))


def _chosen(words: pl.Series) -> frozenset[str]:
    distinct = words.drop_nulls().unique().to_frame("word")
    return frozenset(distinct.sort(pl.col("word").hash(seed=378), "word").head(SAMPLE_VALUES).get_column("word").to_list())


def _fields(left_parts: list[_Candidate], right_parts: list[_Candidate]) -> list[PairedField]:
    if not left_parts or not right_parts:
        return []
    scores: NDArray[np.float64] = np.array([[_affinity(left, right) for right in right_parts] for left in left_parts])
    scores[scores < PAIR_SCORE_MIN] = 0.0  # what does not pair must not decide who else does
    rows, columns = linear_sum_assignment(scores, maximize=True)
    return [
        _paired(left_parts[row], right_parts[column])
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        if scores[row, column] > 0.0
    ]


def _with_spread_texts(fields: list[PairedField], left: list[_Candidate], right: list[_Candidate]) -> list[PairedField]:
    """Add to each paired text the columns left over on one side that it says too: what one list keeps in a title, another
    spreads over name, number and details.
    """
    left_of, right_of = ({part.names: part for part in parts} for parts in (left, right))
    spare_left = _spare(left, {field.left for field in fields})
    spare_right = _spare(right, {field.right for field in fields})
    spread = []
    for field in fields:
        here, there = left_of[field.left], right_of[field.right]
        if field.role in _TEXTS:
            more_left, spare_left = _parted(spare_left, there)
            more_right, spare_right = _parted(spare_right, here)
            field = replace(field, left=(*field.left, *more_left), right=(*field.right, *more_right))
        spread.append(field)
    return spread


def _parted(spare: list[_Candidate], text: _Candidate) -> tuple[list[str], list[_Candidate]]:
    """The columns that a text says too, and the others."""
    said = [part for part in spare if _said_by(part, text)]
    return [name for part in said for name in part.names], [part for part in spare if part not in said]


def _spare(parts: list[_Candidate], taken: set[tuple[str, ...]]) -> list[_Candidate]:
    """Columns of words or numbers that no field uses."""
    return [part for part in parts if part.names not in taken and (part.words or part.codes)]


def _said_by(part: _Candidate, text: _Candidate) -> bool:
    return _overlap(part.words, text.words) >= SAID_SHARE_MIN or _overlap(part.codes, text.codes) >= CODES_SAID_SHARE_MIN


def _paired(left: _Candidate, right: _Candidate) -> PairedField:
    role = left.role if left.role is not Role.OTHER else right.role
    if {left.role, right.role} == {Role.DATE, Role.VALUE_DATE}:
        role = Role.DATE
    if _key_and_text(left, right):
        role = Role.REFERENCE
    if not _holds_days(role, left.columns + right.columns):
        role = Role.OTHER
    return PairedField(" ".join(dict.fromkeys(words(left.names[0]))), role, left.names, right.names)


def _affinity(left: _Candidate, right: _Candidate) -> float:
    """0..about 2: role 0.5, kin 0.25, header up to 1, values up to 0.6; 0 where the types cannot be compared."""
    if not _comparable(left, right):
        return 0.0
    role = 0.5 if left.role is right.role and left.role is not Role.OTHER else 0.25 if _kin(left.role, right.role) else 0.0
    money = 0.3 if left.role is Role.AMOUNT and right.role is Role.AMOUNT else 0.0
    values = max(_overlap(left.values, right.values), WORDS_COUNT_AS * _overlap(left.words, right.words))
    if _key_and_text(left, right):
        values = max(values, _overlap(left.codes, right.codes))
    return role + money + _header_similarity(left, right) + 0.6 * values


def _key_and_text(left: _Candidate, right: _Candidate) -> bool:
    """Whether one is a column of references and the other a text that may carry them."""
    return any(one.role in _KEYS and other.role in _TEXTS for one, other in ((left, right), (right, left)))


def _comparable(left: _Candidate, right: _Candidate) -> bool:
    left_type, right_type = left.columns[0].type, right.columns[0].type
    if (left_type in _TIMES) != (right_type in _TIMES):
        return {left_type, right_type} & {ColumnType.TEXT, ColumnType.IDENTIFIER} != set() and _header_similarity(
            left, right
        ) >= 0.9
    if left.role is Role.AMOUNT or right.role is Role.AMOUNT:
        return left.role is right.role or {left_type, right_type} <= _NUMBERS
    if ColumnType.BOOLEAN in (left_type, right_type):
        return left_type is right_type
    return True


def _kin(left: Role, right: Role) -> bool:
    return any({left, right} <= family for family in _KIN)


def _header_similarity(left: _Candidate, right: _Candidate) -> float:
    """Jaccard of the headers' words, 1 for equal headers."""
    best = 0.0
    for one in left.names:
        for other in right.names:
            left_words, right_words = set(words(one)), set(words(other))
            best = max(best, len(left_words & right_words) / len(left_words | right_words))
    return best


def _overlap(left: frozenset[str], right: frozenset[str]) -> float:
    """Share of the smaller sample that the other holds too; samples are chosen by hash, so that equal values meet."""
    smaller = min(len(left), len(right))
    return len(left & right) / smaller if smaller else 0.0


def _with_sign(left: Table, right: Table, fields: tuple[PairedField, ...]) -> Pairing:
    money = next((field for field in fields if field.role is Role.AMOUNT), None)
    if money is None:
        return Pairing(fields)
    scale = max(left.column(money.left[0]).scale, right.column(money.right[0]).scale)
    left_minor, right_minor = signed_minor(left, money.left, scale), signed_minor(right, money.right, scale)
    keep, flip = _shared_rows(left_minor, right_minor), _shared_rows(left_minor, -right_minor)
    date = next((field for field in fields if field.role in (Role.DATE, Role.VALUE_DATE)), None)
    names = (date.left, date.right) if date else ((), ())
    every = max(1, min(left.height, right.height) // SIGN_ROWS)
    sides = [
        pl.DataFrame({"minor": minor, "day": _days(table, name, minor.len())}).filter(
            pl.col("minor").abs().hash(378) % every == 0
        )
        for table, minor, name in zip((left, right), (left_minor, right_minor), names, strict=True)
    ]
    return Pairing(fields, _is_opposite(*sides), flip, keep)


def _days(table: Table, names: tuple[str, ...], height: int) -> pl.Series:
    """Days since 1970 of the first of the columns when it is a date; else nulls."""
    if not names or table.column(names[0]).type not in _TIMES:
        return pl.Series([None] * height, dtype=pl.Int32)
    return table.frame.get_column(names[0]).cast(pl.Date).to_physical()


def _is_opposite(left: pl.DataFrame, right: pl.DataFrame) -> bool:
    """Whether equal sizes on near days have opposite signs rather than the same, by a margin that chance does not give.

    Every size has one vote, so that a popular amount, which meets itself with any sign, counts no more than a rare one. Where
    each side has one sign and they differ, nothing could pair as it is, and a few votes are enough.
    """
    sides = [
        side.filter(pl.col("minor").is_not_null() & (pl.col("minor") != 0))
        .select("day", size=pl.col("minor").abs(), positive=pl.col("minor") > 0)
        .filter(pl.len().over("size") <= VOTERS_MAX)
        for side in (left, right)
    ]
    apart = (pl.col("day").cast(pl.Int64) - pl.col("day_right").cast(pl.Int64)).abs()
    met = sides[0].join(sides[1], on="size").filter((apart <= VOTE_DAYS).fill_null(value=True))
    votes = met.group_by("size").agg(flip=(pl.col("positive") != pl.col("positive_right")).mean())["flip"]
    flip = float(votes.sum())
    keep = votes.len() - flip
    signs = [set((side.filter(pl.col("minor") != 0)["minor"] > 0).drop_nulls().unique()) for side in (left, right)]
    if all(len(side) == 1 for side in signs) and signs[0] != signs[1]:
        return flip >= FLIP_VOTES_MIN
    return flip > FLIP_MARGIN * keep and flip - keep >= FLIP_DEVIATIONS * math.sqrt(votes.len())


def _shared_rows(left: pl.Series, right: pl.Series) -> float:
    """Share of the smaller side's amounts that find a counterpart of the same value, each used once."""
    counts = [
        side.drop_nulls().to_frame("amount").group_by("amount").len(name) for side, name in ((left, "left"), (right, "right"))
    ]
    smaller = min(left.len() - left.null_count(), right.len() - right.null_count())
    both = counts[0].join(counts[1], on="amount")
    return float(both.select(pl.min_horizontal("left", "right").sum()).item() or 0) / smaller if smaller else 0.0
