"""Records as the kernels read them: equality keys, characters, numbers and text features, row by row in flat arrays."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.matching.comparison import Comparison, Kind
from recon378_engine.matching.money import signed_minor
from recon378_engine.matching.nicknames import canonical_given_names
from recon378_engine.matching.normalise import is_ascii, normalised
from recon378_engine.matching.similarity import LONGEST
from recon378_engine.matching.start import StartCounts, Strings, start_counts
from recon378_engine.matching.text import TextSide, encode_texts
from recon378_engine.table import Role, Table

HASH_SEED = 378
RARITY_SHIFT = 29  # a key is rarity bucket << 29 | hash; 0 is a missing value
RARITY_COUNTS_MAX = (1.5, 4.0, 16.0, 128.0, 1024.0)  # mean occurrences a side up to which a value is of rarity 0, 1, 2, …
_COUNT_SLOTS = 1 << 22
MISSING_NUMBER = np.iinfo(np.int64).min

Keys = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Side:
    """One table, encoded. `keys` is (height, comparisons + aliases); a column of `lengths` or `numbers` belongs to one comparison."""

    keys: Keys
    offsets: NDArray[np.int64]
    lengths: NDArray[np.uint8]
    characters: NDArray[Any]
    numbers: NDArray[np.int64]
    texts: tuple[TextSide, ...]
    starts: tuple[NDArray[np.uint8], ...]

    @property
    def height(self) -> int:
        return int(self.keys.shape[0])


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts of each comparison lie: `slot` is the column of its strings, numbers, texts or starts; -1 where there is none."""

    comparisons: tuple[Comparison, ...]
    slot: tuple[int, ...]
    alias: tuple[int, ...]  # key column of an alias of the value (nicknames), or -1
    partner: tuple[int, ...]  # comparison with which values are confused (given and family name), or -1
    alphabet: int  # number of character codes
    log_records: float  # log2 of the records of both sides, for START


@dataclass(frozen=True, slots=True)
class Encoded:
    left: Side
    right: Side
    layout: Layout
    values: dict[str, tuple[pl.Series, pl.Series]]  # comparison forms of strings, for the model's table of common values


def encode(
    left: Table,
    right: Table,
    left_frame: pl.DataFrame,
    right_frame: pl.DataFrame,
    comparisons: tuple[Comparison, ...],
    *,
    flip_right: bool,
) -> Encoded:
    """Encode the rows of two frames (columns of `left` and `right`, any rows of them) for one set of comparisons."""
    strings = [comparison for comparison in comparisons if comparison.kind in (Kind.STRING, Kind.START)]
    forms = {
        comparison.name: (
            normalised(left_frame, comparison, comparison.left).str.head(LONGEST),
            normalised(right_frame, comparison, comparison.right).str.head(LONGEST),
        )
        for comparison in strings
    }
    numeric = [comparison for comparison in comparisons if comparison.kind in (Kind.ATTRIBUTE_DATE, Kind.EVENT_DATE, Kind.AMOUNT)]
    numbers = {
        comparison.name: _numbers(left, right, left_frame, right_frame, comparison, flip_right=flip_right)
        for comparison in numeric
    }
    layout = _layout(comparisons, left_frame.height + right_frame.height)
    keys = _keys(comparisons, forms, numbers, left_frame.height, right_frame.height)
    characters, alphabet = _characters([forms[comparison.name] for comparison in strings], left_frame.height, right_frame.height)
    texts = [
        encode_texts(normalised(left_frame, comparison, comparison.left), normalised(right_frame, comparison, comparison.right))
        for comparison in comparisons
        if comparison.kind is Kind.TEXT
    ]
    starts: list[StartCounts] = [
        start_counts(characters[0].strings, characters[1].strings, slot)
        for slot, comparison in enumerate(strings)
        if comparison.kind is Kind.START
    ]
    sides = [
        Side(
            keys[side],
            characters[side].offsets,
            characters[side].lengths,
            characters[side].codes,
            _stacked([numbers[comparison.name][side] for comparison in numeric], (left_frame, right_frame)[side].height),
            tuple(text[side] for text in texts),
            tuple(start[side] for start in starts),
        )
        for side in (0, 1)
    ]
    return Encoded(sides[0], sides[1], _with_alphabet(layout, alphabet), forms)


@dataclass(frozen=True, slots=True)
class Characters:
    """The strings of a row side by side: row r, string s starts at offsets[r] + lengths[r, :s].sum()."""

    offsets: NDArray[np.int64]
    lengths: NDArray[np.uint8]
    codes: NDArray[Any]

    @property
    def strings(self) -> Strings:
        return self.offsets, self.lengths, self.codes


def _layout(comparisons: tuple[Comparison, ...], records: int) -> Layout:
    counters = {"string": 0, "number": 0, "text": 0}
    slots, aliases, extra = [], [], len(comparisons)
    for comparison in comparisons:
        family = {Kind.STRING: "string", Kind.START: "string", Kind.TEXT: "text"}.get(comparison.kind, "number")
        slots.append(counters[family])
        counters[family] += 1
        has_alias = comparison.kind is Kind.STRING and comparison.role is Role.GIVEN_NAME
        aliases.append(extra if has_alias else -1)
        extra += has_alias
    return Layout(comparisons, tuple(slots), tuple(aliases), _partners(comparisons), 256, float(np.log2(max(2, records))))


def _with_alphabet(layout: Layout, alphabet: int) -> Layout:
    return Layout(layout.comparisons, layout.slot, layout.alias, layout.partner, alphabet, layout.log_records)


def _partners(comparisons: tuple[Comparison, ...]) -> tuple[int, ...]:
    place = {
        comparison.role: number
        for number, comparison in enumerate(comparisons)
        if comparison.kind is Kind.STRING and comparison.role in (Role.GIVEN_NAME, Role.FAMILY_NAME)
    }
    if len(place) < 2:
        return (-1,) * len(comparisons)
    swap = {place[Role.GIVEN_NAME]: place[Role.FAMILY_NAME], place[Role.FAMILY_NAME]: place[Role.GIVEN_NAME]}
    return tuple(swap.get(number, -1) for number in range(len(comparisons)))


def _numbers(
    left: Table, right: Table, left_frame: pl.DataFrame, right_frame: pl.DataFrame, comparison: Comparison, *, flip_right: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if comparison.kind is Kind.AMOUNT:
        scale = max(
            table.column(name).scale for table, names in ((left, comparison.left), (right, comparison.right)) for name in names
        )
        flip = flip_right and comparison.role is Role.AMOUNT
        one = signed_minor(left, comparison.left, scale, left_frame)
        other = signed_minor(right, comparison.right, scale, right_frame)
        return _filled(one), _filled(-other if flip else other)
    return _filled(left_frame.get_column(comparison.left[0]).cast(pl.Date)), _filled(
        right_frame.get_column(comparison.right[0]).cast(pl.Date)
    )


def _filled(values: pl.Series) -> NDArray[np.int64]:
    physical = values.cast(pl.Int32) if values.dtype == pl.Date else values
    return physical.cast(pl.Int64).fill_null(MISSING_NUMBER).to_numpy()


def _stacked(columns: list[NDArray[np.int64]], height: int) -> NDArray[np.int64]:
    return np.ascontiguousarray(np.stack(columns, axis=1)) if columns else np.zeros((height, 0), np.int64)


def _keys(
    comparisons: tuple[Comparison, ...],
    forms: dict[str, tuple[pl.Series, pl.Series]],
    numbers: dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]],
    left_height: int,
    right_height: int,
) -> tuple[Keys, Keys]:
    columns: list[tuple[NDArray[np.uint32], NDArray[np.uint32]]] = []
    aliases = []
    for comparison in comparisons:
        if comparison.kind is Kind.STRING:
            one, other = forms[comparison.name]
            columns.append(with_rarity(_hashed(one), _hashed(other)))
            if comparison.role is Role.GIVEN_NAME:
                aliases.append(with_rarity(_hashed(canonical_given_names(one)), _hashed(canonical_given_names(other))))
        elif comparison.name in numbers:
            one_number, other_number = numbers[comparison.name]
            columns.append(with_rarity(_hashed_numbers(one_number), _hashed_numbers(other_number)))
        else:
            columns.append((np.zeros(left_height, np.uint32), np.zeros(right_height, np.uint32)))
    columns += aliases
    return (
        np.ascontiguousarray(np.stack([one for one, _ in columns], axis=1)),
        np.ascontiguousarray(np.stack([other for _, other in columns], axis=1)),
    )


def _hashed(values: pl.Series) -> NDArray[np.uint64]:
    """64-bit hashes, 0 for null."""
    hashes = values.hash(seed=HASH_SEED).to_numpy() | np.uint64(1)
    hashes[values.is_null().to_numpy()] = 0
    return hashes


def _hashed_numbers(values: NDArray[np.int64]) -> NDArray[np.uint64]:
    mixed = values.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9) | np.uint64(1)
    mixed[values == MISSING_NUMBER] = 0
    return mixed


def with_rarity(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Keys whose upper three bits say how common the value is, counted over both sides; equal values have equal keys."""
    slots = [(side >> np.uint64(20)).astype(np.int64) & (_COUNT_SLOTS - 1) for side in (left, right)]
    counts = np.zeros(_COUNT_SLOTS, np.int64)
    for slot, side in zip(slots, (left, right), strict=True):
        counts += np.bincount(slot[side != 0], minlength=_COUNT_SLOTS)
    rarity = np.searchsorted(np.array(RARITY_COUNTS_MAX), counts / 2.0).astype(np.uint32)
    low = np.uint64((1 << RARITY_SHIFT) - 1)
    keys = []
    for slot, side in zip(slots, (left, right), strict=True):
        key = np.maximum((side >> np.uint64(8)) & low, np.uint64(1)).astype(np.uint32) | (rarity[slot] << np.uint32(RARITY_SHIFT))
        key[side == 0] = 0
        keys.append(key)
    return keys[0], keys[1]


def _characters(
    forms: list[tuple[pl.Series, pl.Series]], left_height: int, right_height: int
) -> tuple[tuple[Characters, Characters], int]:
    sides = [_one_side([form[side] for form in forms], (left_height, right_height)[side]) for side in (0, 1)]
    if all(side.codes.dtype == np.uint8 for side in sides):
        return (sides[0], sides[1]), 256
    return _remapped(sides[0], sides[1])


def _one_side(strings: list[pl.Series], height: int) -> Characters:
    if not strings:
        return Characters(np.zeros(height, np.int64), np.zeros((height, 0), np.uint8), np.zeros(1, np.uint8))
    lengths = np.stack([values.str.len_chars().fill_null(0).to_numpy().astype(np.uint8) for values in strings], axis=1)
    together = pl.DataFrame([values.alias(str(number)) for number, values in enumerate(strings)]).select(
        row=pl.concat_str(pl.all().fill_null(""))
    )
    row = together.get_column("row")
    codes = code_points(row)
    sizes = lengths.sum(axis=1, dtype=np.int64)
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)[:-1]])
    return Characters(offsets, np.ascontiguousarray(lengths), codes if codes.size else np.zeros(1, np.uint8))


def code_points(values: pl.Series) -> NDArray[Any]:
    """All characters of a String series without nulls, one after the other: bytes where all are ASCII, else 32-bit code points."""
    everything = values.str.join("").item() if values.len() else ""
    if everything.isascii():
        return np.frombuffer(everything.encode("ascii"), np.uint8)
    return np.frombuffer(everything.encode("utf-32-le"), np.uint32)


def _remapped(left: Characters, right: Characters) -> tuple[tuple[Characters, Characters], int]:
    """Dense codes for the code points that occur: one byte each where they are few, else two."""
    seen = np.zeros(0x110000, np.bool_)
    for side in (left, right):
        seen[side.codes] = True
    dense = np.cumsum(seen) - 1
    alphabet = int(seen.sum())
    small = np.uint8 if alphabet <= 256 else np.uint16
    mapped = [Characters(side.offsets, side.lengths, dense[side.codes].astype(small)) for side in (left, right)]
    return (mapped[0], mapped[1]), 256 if alphabet <= 256 else 65536
