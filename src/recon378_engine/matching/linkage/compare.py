"""Compare candidate pairs: one pass gives each a word of levels and the mask of the blocking rules that hold for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recon378_engine.matching.linkage import levels
from recon378_engine.matching.linkage.comparison import Comparison, Kind
from recon378_engine.matching.linkage.encode import Layout, Side, buffers_of, side_of
from recon378_engine.matching.linkage.keys import MISSING_NUMBER, RARITY_SHIFT, equal_columns
from recon378_engine.matching.linkage.levels import (
    amount_level,
    attribute_date_level,
    event_date_level,
    level_count,
    start_level,
    string_level,
    text_level,
)
from recon378_engine.matching.linkage.similarity import common_prefix
from recon378_engine.matching.linkage.text_features import text_similarity
from recon378_engine.running.local import CHUNK_ROWS
from recon378_engine.running.runner import Buffers, Kernel, Runner

Words = NDArray[np.uint64]
Indices = NDArray[np.uint32]

RULE_SHIFT = 48  # levels below, the mask of the rules that hold from here on
WORD_BITS = 48
RULES_MAX = 15
_STRING, _ATTRIBUTE_DATE, _EVENT_DATE, _TEXT, _START, _CATEGORY = (
    int(kind) for kind in (Kind.STRING, Kind.ATTRIBUTE_DATE, Kind.EVENT_DATE, Kind.TEXT, Kind.START, Kind.CATEGORY)
)


@dataclass(frozen=True, slots=True)
class Packing:
    """Where each comparison's level lies in a word."""

    shift: NDArray[np.int64]
    bits: NDArray[np.int64]

    @staticmethod
    def of(comparisons: tuple[Comparison, ...]) -> "Packing":
        bits = np.array([bits_of(comparison) for comparison in comparisons], np.int64)
        return Packing(np.concatenate([np.zeros(1, np.int64), np.cumsum(bits)[:-1]]), bits)


def bits_of(comparison: Comparison) -> int:
    return int(level_count(comparison) - 1).bit_length()


def fitting(comparisons: tuple[Comparison, ...]) -> tuple[Comparison, ...]:
    """The comparisons, in order, whose levels fit into one word together."""
    total, kept = 0, []
    for comparison in comparisons:
        if total + bits_of(comparison) <= WORD_BITS:
            kept.append(comparison)
            total += bits_of(comparison)
    return tuple(kept)


def unpack(words: Words, packing: Packing) -> NDArray[np.int64]:
    """(words, comparisons) levels."""
    mask = (np.int64(1) << packing.bits) - 1
    return (words.astype(np.int64)[:, None] >> packing.shift[None, :]) & mask[None, :]


def compare_pairs(
    left: Side,
    right: Side,
    layout: Layout,
    pairs: tuple[Indices, Indices],
    rules: NDArray[np.uint32],
    *,
    runner: Runner,
    done: Callable[[float], None] | None = None,
) -> Words:
    """Levels and rule mask of each pair (left index, right index); `rules` are masks of key columns that must be equal."""
    buffers = {"one": pairs[0], "other": pairs[1], "rules": rules, **buffers_of(left, "left"), **buffers_of(right, "right")}
    (words,) = runner.table(_COMPARE, buffers, layout, pairs[0].shape[0], chunk=CHUNK_ROWS, done=done)
    return words


def _compare_range(buffers: Buffers, layout: Layout, start: int, stop: int) -> tuple[Words]:
    left, right = side_of(buffers, "left"), side_of(buffers, "right")
    one, other = buffers["one"][start:stop], buffers["other"][start:stop]
    packing = Packing.of(layout.comparisons)
    kinds = np.array([int(comparison.kind) for comparison in layout.comparisons], np.int64)
    slot, alias, partner = (np.array(part, np.int64) for part in (layout.slot, layout.alias, layout.partner))
    radix = np.array([len(comparison.values) for comparison in layout.comparisons], np.int64)
    table, out = np.zeros(layout.alphabet, np.uint64), np.zeros(stop - start, np.uint64)
    _compare(
        one, other, left.keys, right.keys, left.offsets, right.offsets, left.lengths, right.lengths, left.characters,
        right.characters, left.numbers, right.numbers, kinds, slot, alias, partner, radix, packing.shift, buffers["rules"],
        layout.space, table, out,
    )  # fmt: skip
    _compare_wordy(left, right, layout, packing, one, other, out)
    return (out,)


_COMPARE = Kernel(_compare_range, (np.uint64,))


def _compare_wordy(left: Side, right: Side, layout: Layout, packing: Packing, one: Indices, other: Indices, out: Words) -> None:
    starts_done = 0
    for number, comparison in enumerate(layout.comparisons):
        slot, shift = layout.slot[number], int(packing.shift[number])
        if comparison.kind is Kind.TEXT:
            left_text, right_text = left.texts[slot], right.texts[slot]
            _compare_texts(
                one, other, left_text.starts, left_text.ids, left_text.norms, right_text.starts, right_text.ids, right_text.norms,
                left_text.weights, left_text.counts, left.height + right.height, shift, out,
            )  # fmt: skip
        elif comparison.kind is Kind.START:
            _compare_starts(
                one, other, left.offsets, right.offsets, left.lengths, right.lengths, left.characters, right.characters, slot,
                left.starts[starts_done], layout.log_records, shift, out,
            )  # fmt: skip
            starts_done += 1


@njit(nogil=True, cache=True)
def _compare(
    one: Indices, other: Indices, left_keys: NDArray[np.uint32], right_keys: NDArray[np.uint32], left_offsets: NDArray[np.int64],
    right_offsets: NDArray[np.int64], left_lengths: NDArray[np.uint8], right_lengths: NDArray[np.uint8], left_codes: NDArray[Any],
    right_codes: NDArray[Any], left_numbers: NDArray[np.int64], right_numbers: NDArray[np.int64], kinds: NDArray[np.int64],
    slot: NDArray[np.int64], alias: NDArray[np.int64], partner: NDArray[np.int64], radix: NDArray[np.int64],
    shift: NDArray[np.int64], rules: NDArray[np.uint32], space: int, table: NDArray[np.uint64], out: Words,
) -> None:  # fmt: skip
    for pair in range(one.shape[0]):
        left, right = one[pair], other[pair]
        equal = equal_columns(left_keys, right_keys, left, right)
        word = _held_rules(equal, rules)
        left_start, right_start = left_offsets[left], right_offsets[right]
        for number in range(kinds.shape[0]):
            kind, place = kinds[number], slot[number]
            level: Any = 0
            if kind in (_STRING, _START):
                left_length: Any = np.int64(left_lengths[left, place])
                right_length: Any = np.int64(right_lengths[right, place])
                if kind == _STRING and left_length > 0 and right_length > 0:
                    level = _known_level(equal, left_keys, right_keys, left, right, number, alias[number], partner[number])
                    if level == 0:
                        level = string_level(
                            left_codes, left_start, left_length, right_codes, right_start, right_length, space, table
                        )
                left_start += left_length
                right_start += right_length
            elif kind != _TEXT:
                rarity: Any = np.int64(left_keys[left, number] >> np.uint32(RARITY_SHIFT))
                level = _number_level(kind, left_numbers[left, place], right_numbers[right, place], rarity, radix[number])
            word |= np.uint64(level) << np.uint64(shift[number])
        out[pair] = word


@njit(nogil=True, cache=True)
def _held_rules(equal: np.uint32, rules: NDArray[np.uint32]) -> np.uint64:
    word = np.uint64(0)
    for rule in range(rules.shape[0]):
        if equal & rules[rule] == rules[rule]:
            word |= np.uint64(1) << np.uint64(RULE_SHIFT + rule)
    return word


@njit(nogil=True, cache=True)
def _known_level(
    equal: Any,
    left_keys: NDArray[np.uint32],
    right_keys: NDArray[np.uint32],
    left: Any,
    right: Any,
    number: int,
    alias: int,
    partner: int,
) -> Any:
    """The level that the keys alone tell of two strings, or 0."""
    key = left_keys[left, number]
    if (equal >> np.uint32(number)) & np.uint32(1):
        return levels.STRING_EQUAL + np.int64(key >> np.uint32(RARITY_SHIFT))
    if alias >= 0 and (equal >> np.uint32(alias)) & np.uint32(1):
        return levels.ALIAS
    # The hashes of a swapped name agree, whatever the rarity that each has in its own column.
    low = np.uint32((1 << RARITY_SHIFT) - 1)
    if partner >= 0 and key != 0 and key & low == right_keys[right, partner] & low:
        return levels.SWAPPED
    return 0


@njit(nogil=True, cache=True)
def _number_level(kind: int, one: Any, other: Any, rarity: int, radix: int) -> int:
    if one == MISSING_NUMBER or other == MISSING_NUMBER:
        return 0
    if kind == _ATTRIBUTE_DATE:
        return attribute_date_level(one, other)
    if kind == _EVENT_DATE:
        return event_date_level(one, other)
    if kind == _CATEGORY:
        return int(1 + one * radix + other)
    return amount_level(one, other, rarity)


@njit(nogil=True, cache=True)
def _compare_texts(
    one: Indices, other: Indices, left_starts: NDArray[np.int64], left_ids: NDArray[np.uint32], left_norms: NDArray[np.float32],
    right_starts: NDArray[np.int64], right_ids: NDArray[np.uint32], right_norms: NDArray[np.float32],
    weights: NDArray[np.float32], counts: NDArray[np.int32], records: int, shift: int, out: Words,
) -> None:  # fmt: skip
    for pair in range(one.shape[0]):
        left, right = one[pair], other[pair]
        if left_norms[left] <= 0.0 or right_norms[right] <= 0.0:
            continue
        similarity, rarest = text_similarity(
            left_ids[left_starts[left] : left_starts[left + 1]], left_norms[left],
            right_ids[right_starts[right] : right_starts[right + 1]], right_norms[right], weights, counts,
        )  # fmt: skip
        out[pair] |= np.uint64(text_level(similarity, rarest, records)) << np.uint64(shift)


@njit(nogil=True, cache=True)
def _compare_starts(
    one: Indices, other: Indices, left_offsets: NDArray[np.int64], right_offsets: NDArray[np.int64],
    left_lengths: NDArray[np.uint8], right_lengths: NDArray[np.uint8], left_codes: NDArray[Any], right_codes: NDArray[Any],
    slot: int, counts: NDArray[np.uint8], log_records: float, shift: int, out: Words,
) -> None:  # fmt: skip
    for pair in range(one.shape[0]):
        left, right = one[pair], other[pair]
        left_length: Any = np.int64(left_lengths[left, slot])
        right_length: Any = np.int64(right_lengths[right, slot])
        if left_length == 0 or right_length == 0:
            continue
        left_start, right_start = left_offsets[left], right_offsets[right]
        for column in range(slot):
            left_start += left_lengths[left, column]
            right_start += right_lengths[right, column]
        length = common_prefix(left_codes, left_start, left_length, right_codes, right_start, right_length)
        level = start_level(length, length == left_length and length == right_length, counts[left], log_records)
        out[pair] |= np.uint64(level) << np.uint64(shift)


@njit(nogil=True, cache=True)
def _number_words(words: Words, slots: NDArray[np.int64], numbers: NDArray[np.int32], mask: int) -> int:
    distinct = 0
    for pair in range(words.shape[0]):
        word = words[pair]
        place = np.int64((word * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(20)) & mask
        while slots[place] >= 0 and words[slots[place]] != word:
            place = (place + 1) & mask
        if slots[place] < 0:
            if 2 * distinct > mask:
                return -1
            slots[place] = pair
            numbers[pair] = distinct
            distinct += 1
        else:
            numbers[pair] = numbers[slots[place]]
    return distinct


def distinct_words(words: Words) -> tuple[Words, NDArray[np.int32], NDArray[np.int64]]:
    """(distinct words ascending, number of its word for each pair, pairs of each word)."""
    size, distinct = 1 << 16, -1
    numbers = np.empty(words.shape[0], np.int32)
    slots = np.empty(0, np.int64)
    while distinct < 0:
        slots = np.full(size, -1, np.int64)
        distinct = _number_words(words, slots, numbers, size - 1)
        size *= 4
    firsts = slots[slots >= 0]
    found = np.empty(distinct, np.uint64)
    found[numbers[firsts]] = words[firsts]
    order = np.argsort(found, kind="stable")
    rank = np.empty(distinct, np.int32)
    rank[order] = np.arange(distinct, dtype=np.int32)
    numbers = rank[numbers]
    return found[order], numbers, np.bincount(numbers, minlength=distinct).astype(np.int64)
