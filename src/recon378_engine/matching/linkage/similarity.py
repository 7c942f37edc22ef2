"""String similarities on encoded characters, bit-parallel, without the interpreter lock.

Strings are slices of at most 64 codes; `table` is a zeroed scratch array of uint64, one word for each code of the alphabet,
and is zero again on return. Results agree exactly with rapidfuzz on the same code points.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

LONGEST = 64  # one machine word holds a string's positions


@njit(nogil=True, cache=True, inline="never")
def osa_distance(
    one: NDArray[Any],
    one_start: int,
    one_length: int,
    other: NDArray[Any],
    other_start: int,
    other_length: int,
    table: NDArray[np.uint64],
) -> int:
    """Optimal string alignment distance: insert, delete, replace, swap neighbours (Hyyrö 2003, bit-parallel)."""
    if one_length == 0:
        return other_length
    if other_length == 0:
        return one_length
    for position in range(one_length):
        table[one[one_start + position]] |= np.uint64(1) << np.uint64(position)
    unit = np.uint64(1)
    plus = ~np.uint64(0)
    minus = np.uint64(0)
    zero_diagonal = np.uint64(0)
    previous = np.uint64(0)
    last = unit << np.uint64(one_length - 1)
    distance = one_length
    for position in range(other_length):
        match = table[other[other_start + position]]
        swap = (((~zero_diagonal) & match) << unit) & previous
        zero_diagonal = (((match & plus) + plus) ^ plus) | match | minus | swap
        horizontal_plus = minus | ~(zero_diagonal | plus)
        horizontal_minus = zero_diagonal & plus
        if horizontal_plus & last:
            distance += 1
        if horizontal_minus & last:
            distance -= 1
        horizontal_plus = (horizontal_plus << unit) | unit
        horizontal_minus = horizontal_minus << unit
        plus = horizontal_minus | ~(zero_diagonal | horizontal_plus)
        minus = horizontal_plus & zero_diagonal
        previous = match
    for position in range(one_length):
        table[one[one_start + position]] = np.uint64(0)
    return distance


@njit(nogil=True, cache=True, inline="never")
def jaro_winkler(  # noqa: C901  # one pass, branches are its steps
    one: NDArray[Any],
    one_start: int,
    one_length: int,
    other: NDArray[Any],
    other_start: int,
    other_length: int,
    table: NDArray[np.uint64],
) -> float:
    """Jaro-Winkler similarity in 0..1 with prefix weight 0.1 over four characters, above a Jaro of 0.7 (Winkler 1990)."""
    if one_length == 0 and other_length == 0:
        return 1.0
    if one_length == 0 or other_length == 0:
        return 0.0
    unit = np.uint64(1)
    reach = max(one_length, other_length) // 2 - 1
    reach = max(reach, 0)
    for position in range(one_length):
        table[one[one_start + position]] |= unit << np.uint64(position)
    one_flags = np.uint64(0)
    other_flags = np.uint64(0)
    common = 0
    everything = ~np.uint64(0)
    for position in range(other_length):
        low = position - reach
        high = position + reach
        window = everything
        if high < 63:
            window = (unit << np.uint64(high + 1)) - unit
        if low > 0:
            window &= everything << np.uint64(low) if low < 64 else np.uint64(0)
        free = table[other[other_start + position]] & window & ~one_flags
        lowest = free & (~free + unit)
        if lowest:
            one_flags |= lowest
            other_flags |= unit << np.uint64(position)
            common += 1
    transposed = 0
    if common:
        left, right = one_flags, other_flags
        position = 0
        while right:
            while not (right >> np.uint64(position)) & unit:
                position += 1
            lowest = left & (~left + unit)
            if not table[other[other_start + position]] & lowest:
                transposed += 1
            left ^= lowest
            right ^= unit << np.uint64(position)
    for position in range(one_length):
        table[one[one_start + position]] = np.uint64(0)
    if not common:
        return 0.0
    jaro = (common / one_length + common / other_length + (common - transposed // 2) / common) / 3.0
    if jaro > 0.7:
        prefix = 0
        while (
            prefix < 4
            and prefix < one_length
            and prefix < other_length
            and one[one_start + prefix] == other[other_start + prefix]
        ):
            prefix += 1
        jaro += prefix * 0.1 * (1.0 - jaro)
    return jaro


@njit(nogil=True, cache=True)
def jaro_winkler_most(one_length: int, other_length: int, common: int, prefix: int) -> float:
    """The highest Jaro-Winkler similarity of two strings with at most so many characters in common."""
    if common <= 0:
        return 0.0
    jaro = (common / one_length + common / other_length + 1.0) / 3.0
    return jaro + min(prefix, 4) * 0.1 * (1.0 - jaro) if jaro > 0.7 else jaro


@njit(nogil=True, cache=True)
def lacking_characters(
    one: NDArray[Any], one_start: int, one_length: int, other: NDArray[Any], other_start: int, other_length: int
) -> tuple[int, int]:
    """How many distinct characters of each string the other lacks, at least: each costs an edit and has no counterpart.

    Told from one bit for each code modulo 64, so that it costs a fraction of a distance.
    """
    mine, theirs = np.uint64(0), np.uint64(0)
    for place in range(one_start, one_start + one_length):
        mine |= np.uint64(1) << (np.uint64(one[place]) & np.uint64(63))
    for place in range(other_start, other_start + other_length):
        theirs |= np.uint64(1) << (np.uint64(other[place]) & np.uint64(63))
    return _bits(mine & ~theirs), _bits(theirs & ~mine)


@njit(nogil=True, cache=True)
def _bits(word: np.uint64) -> Any:
    """Number of bits set (Hacker's Delight, 5-1)."""
    word -= (word >> np.uint64(1)) & np.uint64(0x5555555555555555)
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@njit(nogil=True, cache=True, inline="never")
def common_prefix(
    one: NDArray[Any], one_start: int, one_length: int, other: NDArray[Any], other_start: int, other_length: int
) -> int:
    """Number of equal characters at the start."""
    shortest = min(one_length, other_length)
    length = 0
    while length < shortest and one[one_start + length] == other[other_start + length]:
        length += 1
    return length


@njit(nogil=True, cache=True, inline="never")
def contains_words(
    one: NDArray[Any], one_start: int, one_length: int, other: NDArray[Any], other_start: int, other_length: int, space: int
) -> bool:
    """Whether the shorter string stands in the longer one between blanks or its ends."""
    if one_length > other_length:
        one, one_start, one_length, other, other_start, other_length = (
            other,
            other_start,
            other_length,
            one,
            one_start,
            one_length,
        )
    for place in range(other_length - one_length + 1):
        if place > 0 and other[other_start + place - 1] != space:
            continue
        end = place + one_length
        if end < other_length and other[other_start + end] != space:
            continue
        same = 0
        while same < one_length and one[one_start + same] == other[other_start + place + same]:
            same += 1
        if same == one_length:
            return True
    return False
