"""Blocking: which records are worth comparing, found by equal keys.

A rule is a mask of key columns that must all be equal. A pair is emitted by the first rule that holds for it, so that pairs
need no de-duplication. A block with too many pairs is purged, which is noted on its rows so that later rules do not count on it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recon378_engine.matching.linkage.keys import Keys, equal_columns
from recon378_engine.running.runner import Buffers, Kernel, Runner

Indices = NDArray[np.uint32]

ROW_BITS = np.uint64(26)  # 67 million rows a side; 38 bits of the key remain, so that chance collisions of keys stay harmless
BLOCK_PAIRS_MAX = 20_000  # on people, this lost no recall and saved 40 % of the pairs
BLOCKS_AT_ONCE_MIN = 4_096
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Order:
    """Rows that have a key under a rule, ascending by key."""

    keys: NDArray[np.uint64]  # without their lowest bits, where the row stood
    rows: Indices


@dataclass(frozen=True, slots=True)
class Blocks:
    """Ranges of equal keys in a left and a right order: (blocks, 4) of left start, left stop, right start, right stop."""

    left: Order
    right: Order
    ranges: NDArray[np.int64]

    @property
    def pairs(self) -> NDArray[np.int64]:
        return (self.ranges[:, 1] - self.ranges[:, 0]) * (self.ranges[:, 3] - self.ranges[:, 2])


def by_column(keys: Keys) -> Keys:
    """Keys column by column (columns, height), as the mixing of a few columns of all rows reads them fast."""
    return np.ascontiguousarray(keys.T)


@njit(nogil=True, cache=True)
def mixed_keys(columns: Keys, rule: np.uint32) -> NDArray[np.uint64]:
    """One 64-bit key a row for the columns of a rule; 0 where any of them is missing. `columns` is (columns, height)."""
    mixed = np.full(columns.shape[1], np.uint64(1469598103934665603))
    for column in range(columns.shape[0]):
        if rule >> np.uint32(column) & np.uint32(1):
            for row in range(columns.shape[1]):
                key = np.uint64(columns[column, row])
                total = (mixed[row] ^ key) * _MIX
                total ^= total >> np.uint64(32)
                mixed[row] = total if key != 0 and mixed[row] != 0 else np.uint64(0)
    return mixed


def ordered(columns: Keys, rule: int, *, every: int = 1) -> Order:
    """Sort the rows by their key under a rule; with `every` above 1 only about one key in so many, the same ones on both sides.

    Key and row are sorted as one number, the row in the lower bits: fast, and the same on every machine.
    """
    packed = np.sort(_packed(mixed_keys(columns, np.uint32(rule)), np.uint64(every)))
    return Order(packed >> ROW_BITS, (packed & ((np.uint64(1) << ROW_BITS) - np.uint64(1))).astype(np.uint32))


@njit(nogil=True, cache=True)
def _packed(mixed: NDArray[np.uint64], every: np.uint64) -> NDArray[np.uint64]:
    packed = np.empty(mixed.shape[0], np.uint64)
    chosen = 0
    for row in range(mixed.shape[0]):
        if mixed[row] != 0 and (every == 1 or mixed[row] % every == 0):
            packed[chosen] = (mixed[row] >> ROW_BITS) << ROW_BITS | np.uint64(row)
            chosen += 1
    return packed[:chosen]


def blocks_of(left: Order, right: Order) -> Blocks:
    return Blocks(left, right, _ranges(left.keys, right.keys))


@njit(nogil=True, cache=True)
def _ranges(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> NDArray[np.int64]:
    found = np.empty((min(left.shape[0], right.shape[0]), 4), np.int64)
    blocks = 0
    one, other = 0, 0
    while one < left.shape[0] and other < right.shape[0]:
        if left[one] < right[other]:
            one += 1
        elif left[one] > right[other]:
            other += 1
        else:
            key = left[one]
            found[blocks, 0], found[blocks, 2] = one, other
            while one < left.shape[0] and left[one] == key:
                one += 1
            while other < right.shape[0] and right[other] == key:
                other += 1
            found[blocks, 1], found[blocks, 3] = one, other
            blocks += 1
    return found[:blocks].copy()


def emit(
    blocks: Blocks,
    left_keys: Keys,
    right_keys: Keys,
    rules: NDArray[np.uint32],
    rule: int,
    purged: NDArray[np.uint32],
    *,
    runner: Runner,
) -> tuple[Indices, Indices]:
    """Pairs of rule number `rule` that no earlier rule emitted.

    Purges its giant blocks: sets the rule's bit in `purged` (one word a left row).
    """
    sizes = blocks.pairs
    giant = sizes > BLOCK_PAIRS_MAX
    for start, stop in blocks.ranges[giant, :2].tolist():
        purged[blocks.left.rows[start:stop]] |= np.uint32(1 << rule)
    ranges, sizes = blocks.ranges[~giant], sizes[~giant]
    if not sizes.size:
        return np.empty(0, np.uint32), np.empty(0, np.uint32)

    buffers: Buffers = {
        "ranges": ranges, "left rows": blocks.left.rows, "right rows": blocks.right.rows, "left keys": left_keys,
        "right keys": right_keys, "earlier": rules[:rule], "purged": purged.copy(),
    }  # fmt: skip
    chunk = max(BLOCKS_AT_ONCE_MIN, min(65_536, sizes.shape[0] // (4 * runner.threads) + 1))
    one, other = runner.table(_EMIT, buffers, None, sizes.shape[0], chunk=chunk)
    return one, other


def _emit_range(buffers: Buffers, _settings: None, start: int, stop: int) -> tuple[Indices, Indices]:
    ranges = buffers["ranges"][start:stop]
    room = int(((ranges[:, 1] - ranges[:, 0]) * (ranges[:, 3] - ranges[:, 2])).sum())
    return _emit(
        ranges, buffers["left rows"], buffers["right rows"], buffers["left keys"], buffers["right keys"], buffers["earlier"],
        buffers["purged"], room,
    )  # fmt: skip


_EMIT = Kernel(_emit_range, (np.uint32, np.uint32))


@njit(nogil=True, cache=True)
def emitted_earlier(
    left_keys: Keys, right_keys: Keys, left: np.uint32, right: np.uint32, rules: NDArray[np.uint32], purged: np.uint32
) -> bool:
    equal = equal_columns(left_keys, right_keys, left, right)
    for rule in range(rules.shape[0]):
        if equal & rules[rule] == rules[rule] and not (purged >> np.uint32(rule)) & np.uint32(1):
            return True
    return False


@njit(nogil=True, cache=True)
def found_by_rules(
    one: Indices, other: Indices, left_keys: Keys, right_keys: Keys, rules: NDArray[np.uint32], purged: NDArray[np.uint32]
) -> NDArray[np.bool_]:
    """Whether each pair was emitted by one of the rules."""
    found = np.zeros(one.shape[0], np.bool_)
    for pair in range(one.shape[0]):
        found[pair] = emitted_earlier(left_keys, right_keys, one[pair], other[pair], rules, purged[one[pair]])
    return found


@njit(nogil=True, cache=True)
def _emit(
    ranges: NDArray[np.int64], left_rows: Indices, right_rows: Indices, left_keys: Keys, right_keys: Keys,
    earlier: NDArray[np.uint32], purged: NDArray[np.uint32], room: int,
) -> tuple[Indices, Indices]:  # fmt: skip
    one, other = np.empty(room, np.uint32), np.empty(room, np.uint32)
    filled = 0
    for block in range(ranges.shape[0]):
        for left_place in range(ranges[block, 0], ranges[block, 1]):
            left = left_rows[left_place]
            for right_place in range(ranges[block, 2], ranges[block, 3]):
                right = right_rows[right_place]
                if not emitted_earlier(left_keys, right_keys, left, right, earlier, purged[left]):
                    one[filled], other[filled] = left, right
                    filled += 1
    return one[:filled].copy(), other[:filled].copy()


def sample_inside(order: Order, size: int, seed: int) -> tuple[Indices, Indices]:
    """Up to `size` pairs of different rows of one table that share a key, drawn evenly from the blocks that are not giant."""
    edges = (
        np.flatnonzero(np.concatenate([np.ones(1, np.bool_), order.keys[1:] != order.keys[:-1]]))
        if order.keys.size
        else np.empty(0, np.int64)
    )
    counts = np.diff(np.append(edges, order.keys.size))
    usable = (counts > 1) & (counts * counts <= BLOCK_PAIRS_MAX)
    edges, counts = edges[usable].astype(np.int64), counts[usable].astype(np.int64)
    ends = np.cumsum(counts * (counts - 1) // 2)
    total = int(ends[-1]) if ends.size else 0
    if total == 0:
        return np.empty(0, np.uint32), np.empty(0, np.uint32)
    drawn = np.arange(total) if total <= size else np.unique(np.random.default_rng(seed).integers(0, total, size))
    block = np.searchsorted(ends, drawn, side="right")
    within = drawn - np.concatenate([np.zeros(1, np.int64), ends])[block]
    # The pair number within a block counts (1, 0), (2, 0), (2, 1), …: a triangular number finds the later of the two.
    later = ((1 + np.sqrt(8.0 * within + 1)) // 2).astype(np.int64)
    later -= later * (later - 1) // 2 > within
    earlier = within - later * (later - 1) // 2
    return order.rows[edges[block] + earlier], order.rows[edges[block] + later]


_SLOTS = 1 << 22


@njit(nogil=True, cache=True)
def expected_pairs(
    left: NDArray[np.uint64],
    right: NDArray[np.uint64],
    left_counts: NDArray[np.int32],
    right_counts: NDArray[np.int32],
    scale: float,
) -> tuple[float, float]:
    """(pairs with equal keys in blocks that are not giant, share of the left rows with a key that lie in such blocks).

    Counted in hashed slots, which are all zero before and after; the chance collisions of slots are taken off. `scale` is how
    many pairs each counted pair stands for.
    """
    left_filled, right_filled = 0.0, 0.0
    for row in range(left.shape[0]):
        if left[row]:
            left_counts[_slot(left[row])] += 1
            left_filled += 1.0
    for row in range(right.shape[0]):
        if right[row]:
            right_counts[_slot(right[row])] += 1
            right_filled += 1.0
    pairs, kept = 0.0, 0.0
    for row in range(left.shape[0]):
        if left[row]:
            others = np.float64(right_counts[_slot(left[row])])
            if left_counts[_slot(left[row])] * others * scale <= BLOCK_PAIRS_MAX:
                pairs += others
                kept += 1.0
    for row in range(left.shape[0]):
        left_counts[_slot(left[row])] = 0
    for row in range(right.shape[0]):
        right_counts[_slot(right[row])] = 0
    return max(0.0, pairs - left_filled * right_filled / _SLOTS), kept / max(1.0, left_filled)


@njit(nogil=True, cache=True)
def _slot(key: np.uint64) -> Any:
    return np.int64(key >> np.uint64(40)) & (_SLOTS - 1)


def slot_counts() -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Scratch for `expected_pairs`."""
    return np.zeros(_SLOTS, np.int32), np.zeros(_SLOTS, np.int32)
