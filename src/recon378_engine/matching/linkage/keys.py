"""Equality keys: one 32-bit number for each value that candidates can be looked up by.

A comparison has one key column of its own; further columns are derived from it for finding candidates only: nicknames, amounts
and dates in overlapping ranges, beginnings of memos.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from recon378_engine.matching.linkage.comparison import Comparison, Kind
from recon378_engine.matching.linkage.forms import Form, Hashes, flat, form_hashes
from recon378_engine.matching.linkage.nicknames import CANONICAL
from recon378_engine.running.local import for_each
from recon378_engine.table import Role

RARITY_SHIFT = 29  # a key is rarity bucket << 29 | hash; 0 is a missing value
RARITY_COUNTS_MAX = (1.5, 4.0, 16.0, 128.0, 1024.0)  # mean occurrences a side up to which a value is of rarity 0, 1, 2, …
COUNT_SLOTS = 1 << 22
MISSING_NUMBER = np.iinfo(np.int64).min
AMOUNT_RANGE = 0.2  # natural log: a range is 22 % wide, so that amounts up to 10 % apart share one of the two overlapping ranges
DATE_RANGE_DAYS = 16  # dates up to 8 days apart share one of the two overlapping ranges
START_LETTERS = (4, 8)
COLUMNS_MAX = 32  # bits of a rule's mask

Keys = NDArray[np.uint32]
Column = tuple[Keys, Keys]  # left, right
Forms = dict[str, tuple[Form, Form]]
Numbers = dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]]


@dataclass(frozen=True, slots=True)
class KeyColumn:
    """What a key column is called and which comparison it comes from."""

    name: str
    comparison: int


def key_columns(
    comparisons: tuple[Comparison, ...], forms: Forms, numbers: Numbers, heights: tuple[int, int], threads: int
) -> tuple[Keys, Keys, tuple[KeyColumn, ...]]:
    """(left keys, right keys, what each column is): the first columns are those of the comparisons, in their order."""
    made = for_each(
        lambda comparison: (_own(comparison, forms, numbers, heights), _derived(comparison, forms, numbers)), comparisons, threads
    )
    columns = [own for own, _ in made]
    labels = [KeyColumn(comparison.name, number) for number, comparison in enumerate(comparisons)]
    derived = [(number, suffix, column) for number, (_, extra) in enumerate(made) for suffix, column in extra]
    for number, suffix, column in derived[: COLUMNS_MAX - len(columns)]:
        columns.append(column)
        labels.append(KeyColumn(f"{comparisons[number].name} {suffix}", number))
    left, right = (np.ascontiguousarray(np.stack([column[side] for column in columns], axis=1)) for side in (0, 1))
    return left, right, tuple(labels)


def _own(comparison: Comparison, forms: Forms, numbers: Numbers, heights: tuple[int, int]) -> Column:
    if comparison.kind in (Kind.STRING, Kind.CATEGORY):
        one, other = forms[comparison.name]
        return with_rarity(form_hashes(one), form_hashes(other))
    if comparison.name in numbers:
        one_number, other_number = numbers[comparison.name]
        return with_rarity(_hashed_numbers(one_number), _hashed_numbers(other_number))
    return np.zeros(heights[0], np.uint32), np.zeros(heights[1], np.uint32)


def _derived(comparison: Comparison, forms: Forms, numbers: Numbers) -> list[tuple[str, Column]]:
    if comparison.kind is Kind.STRING and comparison.role is Role.GIVEN_NAME:
        one, other = (_canonical(form_hashes(side)) for side in forms[comparison.name])
        return [("nickname", with_rarity(one, other))]
    if comparison.kind is Kind.AMOUNT:
        return [
            (name, _ranges(numbers[comparison.name], _amount_range, shift))
            for name, shift in (("about", 0.0), ("about too", 0.5))
        ]
    if comparison.kind is Kind.EVENT_DATE:
        return [
            (name, _ranges(numbers[comparison.name], _date_range, shift))
            for name, shift in (("around", 0.0), ("around too", 0.5))
        ]
    if comparison.kind is Kind.START:
        return [(f"first {letters} letters", _starts(forms[comparison.name], letters)) for letters in START_LETTERS]
    return []


def _amount_range(values: NDArray[np.int64], shift: float) -> NDArray[np.int64]:
    sizes = np.floor(np.log(np.maximum(1.0, np.abs(values.astype(np.float64)))) / AMOUNT_RANGE + shift).astype(np.int64)
    return 2 * sizes + (values < 0)


def _date_range(values: NDArray[np.int64], shift: float) -> NDArray[np.int64]:
    return np.floor(values / DATE_RANGE_DAYS + shift).astype(np.int64)


def _ranges(
    values: tuple[NDArray[np.int64], NDArray[np.int64]],
    ranged: Callable[[NDArray[np.int64], float], NDArray[np.int64]],
    shift: float,
) -> Column:
    sides = [np.where(side == MISSING_NUMBER, MISSING_NUMBER, ranged(side, shift)) for side in values]
    return with_rarity(_hashed_numbers(sides[0]), _hashed_numbers(sides[1]))


def _starts(forms: tuple[Form, Form], letters: int) -> Column:
    one, other = (form_hashes(side, letters) for side in forms)
    return with_rarity(one, other)


def _canonical(hashes: Hashes) -> Hashes:
    """Hashes of given names, those of nicknames replaced by that of the name they stand for."""
    nicknames = form_hashes(flat(pl.Series(list(CANONICAL))))
    names = form_hashes(flat(pl.Series(list(CANONICAL.values()))))
    order = np.argsort(nicknames)
    place = order[np.minimum(np.searchsorted(nicknames[order], hashes), nicknames.shape[0] - 1)]
    return np.where(nicknames[place] == hashes, names[place], hashes)


def _hashed_numbers(values: NDArray[np.int64]) -> NDArray[np.uint64]:
    mixed = values.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9) | np.uint64(1)
    mixed[values == MISSING_NUMBER] = 0
    return mixed


def with_rarity(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> Column:
    """Keys whose upper three bits say how common the value is, counted over both sides; equal values have equal keys."""
    counts = np.zeros(COUNT_SLOTS, np.int32)
    _count(left, counts)
    _count(right, counts)
    rarity = np.searchsorted(np.array(RARITY_COUNTS_MAX), np.arange(2 * int(RARITY_COUNTS_MAX[-1]) + 2) / 2.0).astype(np.uint32)
    return _keyed(left, counts, rarity), _keyed(right, counts, rarity)


@njit(nogil=True, cache=True)
def _count(hashes: NDArray[np.uint64], counts: NDArray[np.int32]) -> None:
    for row in range(hashes.shape[0]):
        if hashes[row]:
            counts[np.int64(hashes[row] >> np.uint64(20)) & (COUNT_SLOTS - 1)] += 1


@njit(nogil=True, cache=True)
def _keyed(hashes: NDArray[np.uint64], counts: NDArray[np.int32], rarity: NDArray[np.uint32]) -> NDArray[np.uint32]:
    keys = np.zeros(hashes.shape[0], np.uint32)
    low = np.uint64((1 << RARITY_SHIFT) - 1)
    for row in range(hashes.shape[0]):
        if hashes[row]:
            count = counts[np.int64(hashes[row] >> np.uint64(20)) & (COUNT_SLOTS - 1)]
            bucket = rarity[min(count, rarity.shape[0] - 1)]
            key = max((hashes[row] >> np.uint64(8)) & low, np.uint64(1))
            keys[row] = np.uint32(key) | bucket << np.uint32(RARITY_SHIFT)
    return keys


@njit(nogil=True, cache=True)
def equal_columns(left_keys: Keys, right_keys: Keys, left: Any, right: Any) -> np.uint32:
    """Mask of the key columns in which a left and a right row have the same value."""
    equal = np.uint32(0)
    for column in range(left_keys.shape[1]):
        key = left_keys[left, column]
        if key != 0 and key == right_keys[right, column]:
            equal |= np.uint32(1) << np.uint32(column)
    return equal


@njit(nogil=True, cache=True)
def one_row_a_key(left: Keys, right: Keys, rarity_min: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first row of each key at least so common, of the left and, for keys the left does not have, of the right."""
    slots = np.zeros(1 << max(10, int(np.ceil(np.log2(2.0 * (left.shape[0] + right.shape[0]) + 1.0)))), np.uint32)
    return _first_rows(left, slots, rarity_min), _first_rows(right, slots, rarity_min)


@njit(nogil=True, cache=True)
def _first_rows(keys: Keys, slots: Keys, rarity_min: int) -> NDArray[np.int64]:
    rows = np.empty(keys.shape[0], np.int64)
    found = 0
    for row in range(keys.shape[0]):
        key = keys[row]
        if key == 0 or key >> np.uint32(RARITY_SHIFT) < rarity_min:
            continue
        place = (np.int64(key) * 0x9E3779B1 >> 7) & (slots.shape[0] - 1)
        while slots[place] != 0 and slots[place] != key:
            place = (place + 1) & (slots.shape[0] - 1)
        if slots[place] == 0:
            slots[place] = key
            rows[found] = row
            found += 1
    return rows[:found].copy()
