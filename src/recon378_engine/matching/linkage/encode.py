"""Records as the kernels read them: equality keys, characters, numbers and text features, row by row in flat arrays."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.matching.linkage.characters import encode_characters
from recon378_engine.matching.linkage.comparison import Comparison, Kind
from recon378_engine.matching.linkage.forms import Form, flat, form_of
from recon378_engine.matching.linkage.keys import MISSING_NUMBER, Forms, KeyColumn, Keys, key_columns
from recon378_engine.matching.linkage.normalise import normalised, normalised_text
from recon378_engine.matching.linkage.similarity import LONGEST
from recon378_engine.matching.linkage.start import start_counts
from recon378_engine.matching.linkage.text_features import TextSide, encode_texts
from recon378_engine.matching.money import signed_minor
from recon378_engine.running.local import for_each
from recon378_engine.running.runner import Buffers
from recon378_engine.table import Role, Table

Values = dict[str, tuple[pl.Series, pl.Series]]

_NUMERIC = frozenset({Kind.ATTRIBUTE_DATE, Kind.EVENT_DATE, Kind.AMOUNT})


@dataclass(frozen=True, slots=True)
class Side:
    """One table, encoded. `keys` is (height, key columns); `lengths` and `numbers` have a column for each string and number."""

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


def buffers_of(side: Side, name: str) -> dict[str, NDArray[Any]]:
    """The arrays of an encoded table, each under a name that begins with `name`."""
    buffers = {f"{name}.{part}": getattr(side, part) for part in _PARTS}
    for number, text in enumerate(side.texts):
        buffers |= {f"{name}.text {number}.{part}": getattr(text, part) for part in _TEXT_PARTS}
    return buffers | {f"{name}.start {number}": start for number, start in enumerate(side.starts)}


def side_of(buffers: Buffers, name: str) -> Side:
    """The encoded table whose arrays `buffers_of` named."""
    texts, starts = 0, 0
    while f"{name}.text {texts}.ids" in buffers:
        texts += 1
    while f"{name}.start {starts}" in buffers:
        starts += 1
    parts = {part: buffers[f"{name}.{part}"] for part in _PARTS}
    return Side(
        texts=tuple(_text_of(buffers, f"{name}.text {number}") for number in range(texts)),
        starts=tuple(buffers[f"{name}.start {number}"] for number in range(starts)),
        **parts,
    )


def _text_of(buffers: Buffers, name: str) -> TextSide:
    return TextSide(**{part: buffers[f"{name}.{part}"] for part in _TEXT_PARTS})


_PARTS = ("keys", "offsets", "lengths", "characters", "numbers")
_TEXT_PARTS = ("starts", "ids", "norms", "weights", "counts")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts of each comparison lie. `slot` is the column of its strings or numbers, or the place of its text."""

    comparisons: tuple[Comparison, ...]
    columns: tuple[KeyColumn, ...]
    slot: tuple[int, ...]
    alias: tuple[int, ...]  # key column of an alias of the value (nicknames), or -1
    partner: tuple[int, ...]  # comparison with which values are confused (given and family name), or -1
    alphabet: int  # number of character codes
    space: int  # code of the blank between words
    log_records: float  # log2 of the records of both sides, for START

    def columns_of(self, number: int) -> int:
        """Mask of the key columns that look at the same data as comparison `number`."""
        same = self.comparisons[number]
        sources = (self.comparisons[column.comparison] for column in self.columns)
        return sum(1 << place for place, source in enumerate(sources) if (source.left, source.part) == (same.left, same.part))

    def sources_of(self, rule: int) -> int:
        """Mask of the key columns that look at the same data as any column of a rule."""
        mask = 0
        for place, column in enumerate(self.columns):
            if rule >> place & 1:
                mask |= self.columns_of(column.comparison)
        return mask


@dataclass(frozen=True, slots=True)
class Encoded:
    left: Side
    right: Side
    layout: Layout
    forms: Forms  # of strings, for the model's table of common values
    beginnings: Values  # of START, for the model's table of common beginnings


def encode(
    left: Table,
    right: Table,
    left_frame: pl.DataFrame,
    right_frame: pl.DataFrame,
    comparisons: tuple[Comparison, ...],
    *,
    flip_right: bool,
    threads: int,
) -> Encoded:
    """Encode the rows of two frames (columns of `left` and `right`, any rows of them) for one set of comparisons."""
    heights = left_frame.height, right_frame.height
    strings = [comparison for comparison in comparisons if comparison.kind in (Kind.STRING, Kind.START)]
    categories = [comparison for comparison in comparisons if comparison.kind is Kind.CATEGORY]
    worded = [*strings, *categories]
    values: Values = dict(
        for_each(
            lambda comparison: (comparison.name, _both_values(left_frame, right_frame, comparison)),
            [comparison for comparison in worded if comparison.kind is not Kind.STRING],
            threads,
        )
    )
    forms = dict(
        for_each(lambda comparison: (comparison.name, _both_forms(left_frame, right_frame, comparison, values)), worded, threads)
    )
    numeric = [comparison for comparison in comparisons if comparison.kind in _NUMERIC]
    numbers = {comparison.name: _numbers(left, right, left_frame, right_frame, comparison, flip_right) for comparison in numeric}
    numbers |= {comparison.name: _ranks(comparison, values[comparison.name]) for comparison in categories}
    left_keys, right_keys, columns = key_columns(comparisons, forms, numbers, heights, threads)
    left_characters, right_characters, alphabet, space = encode_characters(
        [forms[comparison.name] for comparison in strings], heights
    )
    texts = [
        encode_texts(*_both_values(left_frame, right_frame, comparison))
        for comparison in comparisons
        if comparison.kind is Kind.TEXT
    ]
    starts = [
        start_counts(left_characters.strings, right_characters.strings, slot)
        for slot, comparison in enumerate(strings)
        if comparison.kind is Kind.START
    ]
    sides = [
        Side(
            keys,
            *characters.strings,
            _stacked([numbers[comparison.name][side] for comparison in comparisons if comparison.name in numbers], heights[side]),
            tuple(text[side] for text in texts),
            tuple(start[side] for start in starts),
        )
        for side, (keys, characters) in enumerate(((left_keys, left_characters), (right_keys, right_characters)))
    ]
    layout = Layout(
        comparisons,
        columns,
        _slots(comparisons),
        _aliases(columns, comparisons),
        _partners(comparisons),
        alphabet,
        space,
        float(np.log2(max(2, sum(heights)))),
    )
    return Encoded(sides[0], sides[1], layout, forms, values)


def _both_forms(left: pl.DataFrame, right: pl.DataFrame, comparison: Comparison, values: Values) -> tuple[Form, Form]:
    if comparison.name in values:
        one, other = values[comparison.name]
        return flat(one), flat(other)
    return form_of(left, comparison, comparison.left), form_of(right, comparison, comparison.right)


def _both_values(left: pl.DataFrame, right: pl.DataFrame, comparison: Comparison) -> tuple[pl.Series, pl.Series]:
    if comparison.kind is Kind.TEXT:
        return normalised_text(left, comparison.left), normalised_text(right, comparison.right)
    if comparison.kind is Kind.START:
        return normalised_text(left, comparison.left).str.head(LONGEST), normalised_text(right, comparison.right).str.head(
            LONGEST
        )
    one, other = (
        normalised(frame, comparison.role, names, comparison.part)
        for frame, names in ((left, comparison.left), (right, comparison.right))
    )
    return one.str.head(LONGEST), other.str.head(LONGEST)


def _ranks(comparison: Comparison, forms: tuple[pl.Series, pl.Series]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The place of each value among those of the category."""
    place = pl.Enum([value[:LONGEST] for value in comparison.values])
    one, other = (_filled(form.cast(place, strict=False).to_physical()) for form in forms)
    return one, other


def _slots(comparisons: tuple[Comparison, ...]) -> tuple[int, ...]:
    counted = {"string": 0, "number": 0, "text": 0}
    slots = []
    for comparison in comparisons:
        family = {Kind.STRING: "string", Kind.START: "string", Kind.TEXT: "text"}.get(comparison.kind, "number")
        slots.append(counted[family])
        counted[family] += 1
    return tuple(slots)


def _aliases(columns: tuple[KeyColumn, ...], comparisons: tuple[Comparison, ...]) -> tuple[int, ...]:
    found = {column.comparison: place for place, column in enumerate(columns) if column.name.endswith(" nickname")}
    return tuple(found.get(number, -1) for number in range(len(comparisons)))


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
    left: Table, right: Table, left_frame: pl.DataFrame, right_frame: pl.DataFrame, comparison: Comparison, flip_right: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if comparison.kind is not Kind.AMOUNT:
        one, other = (
            frame.get_column(names[0]).cast(pl.Date)
            for frame, names in ((left_frame, comparison.left), (right_frame, comparison.right))
        )
        return _filled(one), _filled(other)
    sides = ((left, comparison.left), (right, comparison.right))
    scale = max(table.column(name).scale for table, names in sides for name in names)
    one, other = signed_minor(left, comparison.left, scale, left_frame), signed_minor(right, comparison.right, scale, right_frame)
    return _filled(one), _filled(-other if flip_right and comparison.role is Role.AMOUNT else other)


def _filled(values: pl.Series) -> NDArray[np.int64]:
    physical = values.cast(pl.Int32) if values.dtype == pl.Date else values
    return physical.cast(pl.Int64).fill_null(MISSING_NUMBER).to_numpy()


def _stacked(columns: list[NDArray[np.int64]], height: int) -> NDArray[np.int64]:
    return np.ascontiguousarray(np.stack(columns, axis=1)) if columns else np.zeros((height, 0), np.int64)
