"""Records as the kernels read them: equality keys, characters, numbers and text features, row by row in flat arrays."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.matching.linkage.characters import encode_characters
from recon378_engine.matching.linkage.common_values import CommonValues, common_numbers, common_strings
from recon378_engine.matching.linkage.comparison import Comparison, Kind
from recon378_engine.matching.linkage.forms import Form, flat, form_of
from recon378_engine.matching.linkage.keys import MISSING_NUMBER, Forms, KeyColumn, Keys, Numbers, key_columns
from recon378_engine.matching.linkage.nodes import Nodes
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
class Vocabulary:
    """What the model keeps of the values of both sides, by the name of a comparison."""

    records: int
    common_values: dict[str, CommonValues]  # of strings and amounts
    feature_counts: dict[str, NDArray[np.int32]]  # of texts: records that hold each feature
    beginnings: Values  # of START


@dataclass(frozen=True, slots=True)
class Encoded:
    left: Side
    right: Side
    layout: Layout
    vocabulary: Vocabulary


def encode(
    left: Table,
    right: Table,
    left_nodes: Nodes,
    right_nodes: Nodes,
    comparisons: tuple[Comparison, ...],
    *,
    flip_right: bool,
    threads: int,
) -> Encoded:
    """Encode the nodes of two tables for one set of comparisons."""
    heights = left_nodes.height, right_nodes.height
    strings = [comparison for comparison in comparisons if comparison.kind in (Kind.STRING, Kind.START)]
    categories = [comparison for comparison in comparisons if comparison.kind is Kind.CATEGORY]
    worded = [*strings, *categories]
    values: Values = dict(
        for_each(
            lambda comparison: (comparison.name, _both_values(left_nodes, right_nodes, comparison)),
            [comparison for comparison in worded if comparison.kind is not Kind.STRING],
            threads,
        )
    )
    forms = dict(
        for_each(lambda comparison: (comparison.name, _both_forms(left_nodes, right_nodes, comparison, values)), worded, threads)
    )
    numeric = [comparison for comparison in comparisons if comparison.kind in _NUMERIC]
    numbers = {comparison.name: _numbers(left, right, left_nodes, right_nodes, comparison, flip_right) for comparison in numeric}
    numbers |= {comparison.name: _ranks(comparison, values[comparison.name]) for comparison in categories}
    left_keys, right_keys, columns = key_columns(comparisons, forms, numbers, heights, threads)
    common_values = dict(
        for_each(
            lambda number: (
                comparisons[number].name,
                _common_values(number, comparisons, (left_keys, right_keys), forms, numbers),
            ),
            [number for number, comparison in enumerate(comparisons) if comparison.kind in (Kind.STRING, Kind.AMOUNT)],
            threads,
        )
    )
    left_forms, right_forms = ([forms[comparison.name][side] for comparison in strings] for side in (0, 1))
    forms.clear()
    left_characters, right_characters, alphabet, space = encode_characters(left_forms, right_forms, heights)
    texts = {
        comparison.name: encode_texts(*_both_values(left_nodes, right_nodes, comparison))
        for comparison in comparisons
        if comparison.kind is Kind.TEXT
    }
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
            tuple(text[side] for text in texts.values()),
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
    counts = {name: text[0].counts for name, text in texts.items()}
    return Encoded(sides[0], sides[1], layout, Vocabulary(sum(heights), common_values, counts, values))


def _both_forms(left: Nodes, right: Nodes, comparison: Comparison, values: Values) -> tuple[Form, Form]:
    if comparison.name in values:
        one, other = values[comparison.name]
        return flat(one), flat(other)
    return _form(left, comparison, comparison.left), _form(right, comparison, comparison.right)


def _form(nodes: Nodes, comparison: Comparison, names: tuple[str, ...]) -> Form:
    return form_of(nodes.select(names), comparison, names)


def _both_values(left: Nodes, right: Nodes, comparison: Comparison) -> tuple[pl.Series, pl.Series]:
    return _values(left, comparison, comparison.left), _values(right, comparison, comparison.right)


def _values(nodes: Nodes, comparison: Comparison, names: tuple[str, ...]) -> pl.Series:
    frame = nodes.select(names)
    if comparison.kind is Kind.TEXT:
        return normalised_text(frame, names)
    if comparison.kind is Kind.START:
        return normalised_text(frame, names).str.head(LONGEST)
    return normalised(frame, comparison.role, names, comparison.part).str.head(LONGEST)


def _common_values(
    number: int, comparisons: tuple[Comparison, ...], keys: tuple[Keys, Keys], forms: Forms, numbers: Numbers
) -> CommonValues:
    name = comparisons[number].name
    column = keys[0][:, number], keys[1][:, number]
    return common_strings(column, forms[name]) if name in forms else common_numbers(column, numbers[name])


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
    left: Table, right: Table, left_nodes: Nodes, right_nodes: Nodes, comparison: Comparison, flip_right: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    sides = ((left, left_nodes, comparison.left), (right, right_nodes, comparison.right))
    if comparison.kind is not Kind.AMOUNT:
        one, other = (nodes.select(names).get_column(names[0]).cast(pl.Date) for _, nodes, names in sides)
        return _filled(one), _filled(other)
    scale = max(table.column(name).scale for table, _, names in sides for name in names)
    one, other = (signed_minor(table, names, scale, nodes.select(names)) for table, nodes, names in sides)
    return _filled(one), _filled(-other if flip_right and comparison.role is Role.AMOUNT else other)


def _filled(values: pl.Series) -> NDArray[np.int64]:
    physical = values.cast(pl.Int32) if values.dtype == pl.Date else values
    return physical.cast(pl.Int64).fill_null(MISSING_NUMBER).to_numpy()


def _stacked(columns: list[NDArray[np.int64]], height: int) -> NDArray[np.int64]:
    return np.ascontiguousarray(np.stack(columns, axis=1)) if columns else np.zeros((height, 0), np.int64)
