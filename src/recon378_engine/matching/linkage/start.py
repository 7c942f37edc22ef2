"""How common each beginning of a string is: memos that were cut at their end still agree in how they begin."""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

LONGEST_START = 24
_SLOTS = 1 << 22

StartCounts = tuple[NDArray[np.uint8], NDArray[np.uint8]]
Strings = tuple[NDArray[np.int64], NDArray[np.uint8], NDArray[Any]]  # offsets, lengths, codes of one side


def start_counts(left: Strings, right: Strings, slot: int) -> StartCounts:
    """For each side (height, LONGEST_START): 8 × log2 of the records of both sides that begin with the same k + 1 characters.

    `slot` is the column of `lengths` meant.
    """
    counts = np.zeros(_SLOTS, np.int32)
    for side in (left, right):
        _count_starts(*side, slot, counts)
    return _look_up(*left, slot, counts), _look_up(*right, slot, counts)


@njit(nogil=True, cache=True)
def _count_starts(
    offsets: NDArray[np.int64], lengths: NDArray[np.uint8], codes: NDArray[Any], slot: int, counts: NDArray[np.int32]
) -> None:
    for row in range(lengths.shape[0]):
        start = offsets[row]
        for column in range(slot):
            start += lengths[row, column]
        mixed = np.uint64(1469598103934665603)
        for place in range(min(LONGEST_START, lengths[row, slot])):
            mixed = (mixed ^ np.uint64(codes[start + place])) * np.uint64(1099511628211)
            counts[np.int64((mixed ^ (mixed >> np.uint64(31))) & np.uint64(_SLOTS - 1))] += 1


@njit(nogil=True, cache=True)
def _look_up(
    offsets: NDArray[np.int64], lengths: NDArray[np.uint8], codes: NDArray[Any], slot: int, counts: NDArray[np.int32]
) -> NDArray[np.uint8]:
    found = np.zeros((lengths.shape[0], LONGEST_START), np.uint8)
    for row in range(lengths.shape[0]):
        start = offsets[row]
        for column in range(slot):
            start += lengths[row, column]
        mixed = np.uint64(1469598103934665603)
        for place in range(min(LONGEST_START, lengths[row, slot])):
            mixed = (mixed ^ np.uint64(codes[start + place])) * np.uint64(1099511628211)
            count = counts[np.int64((mixed ^ (mixed >> np.uint64(31))) & np.uint64(_SLOTS - 1))]
            found[row, place] = np.uint8(8.0 * np.log2(count))
    return found
