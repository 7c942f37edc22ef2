"""The comparison levels: what agreement between two values is told apart, and the kernel that decides it.

A pair's levels lie side by side in one 64-bit word; level 0 of every comparison means that a value is missing.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recon378_engine.matching.linkage.comparison import Comparison, Kind
from recon378_engine.matching.linkage.similarity import (
    common_prefix,
    contains_words,
    jaro_winkler,
    jaro_winkler_most,
    lacking_characters,
    osa_distance,
)
from recon378_engine.matching.linkage.start import LONGEST_START

MISSING, DIFFERENT = 0, 1
RARITIES = 6

# STRING
ALIKE, VERY_ALIKE, CONTAINED, TWO_EDITS, BEGINS, ONE_EDIT, SWAPPED, ALIAS, STRING_EQUAL = 2, 3, 4, 5, 6, 7, 8, 9, 10
CONTAINED_LETTERS_MIN = 4
ALIKE_MIN, VERY_ALIKE_MIN = 0.78, 0.88  # Jaro-Winkler; unrelated names rarely pass .78, spelling variants mostly pass .88
# ATTRIBUTE_DATE
SAME_YEAR, NEAR_DAYS, SAME_DAY, ONE_DIGIT, DAY_MONTH, DATE_EQUAL = 2, 3, 4, 5, 6, 7
# EVENT_DATE: lags of −10..10 days have a level each, longer ones share
LAG_ZERO, LAG_DAY_MONTH = 16, 31
# AMOUNT: relative differences up to these have a level each, on either side
STEPS = np.array([0.001, 0.005, 0.01, 0.02, 0.04, 0.07, 0.12, 0.25, 0.5])
OPPOSITE, AMOUNT_LOWER, AMOUNT_HIGHER, AMOUNT_EQUAL = 2, 3, 13, 23  # lower: right is lower than left
CENTS = 2  # a difference of one or two minor units is rounding
# TEXT
COSINE_LEVELS, RARE_LEVELS = 12, 5
# START
START_BITS_A_LEVEL, START_LEVELS = 2.0, 10

LEVELS = {
    Kind.STRING: STRING_EQUAL + RARITIES,
    Kind.ATTRIBUTE_DATE: DATE_EQUAL + 1,
    Kind.EVENT_DATE: LAG_DAY_MONTH + 1,
    Kind.AMOUNT: AMOUNT_EQUAL + RARITIES,
    Kind.TEXT: 1 + COSINE_LEVELS * RARE_LEVELS,
    Kind.START: 1 + 2 * START_LEVELS,
}


def level_count(comparison: Comparison) -> int:
    """Number of levels of a comparison, missing included."""
    return 1 + len(comparison.values) ** 2 if comparison.kind is Kind.CATEGORY else LEVELS[comparison.kind]


@njit(nogil=True, cache=True)
def string_level(
    one: NDArray[Any],
    one_start: int,
    one_length: int,
    other: NDArray[Any],
    other_start: int,
    other_length: int,
    space: int,
    table: NDArray[np.uint64],
) -> int:
    """The level of two different strings; `space` is the code of the blank between words."""
    shorter, longer = min(one_length, other_length), max(one_length, other_length)
    lost, gained = lacking_characters(one, one_start, one_length, other, other_start, other_length)
    distance = longer
    if max(lost, gained, longer - shorter) <= 2:
        distance = osa_distance(one, one_start, one_length, other, other_start, other_length, table)
    if distance <= 1 and longer >= 4:
        return ONE_EDIT
    prefix = common_prefix(one, one_start, one_length, other, other_start, other_length)
    if prefix == shorter and (shorter >= 3 or shorter == 1):
        return BEGINS
    if distance <= 2 and longer >= 7:
        return TWO_EDITS
    inside = (lost if one_length == shorter else gained) == 0 and shorter >= CONTAINED_LETTERS_MIN
    if inside and contains_words(one, one_start, one_length, other, other_start, other_length, space):
        return CONTAINED
    if jaro_winkler_most(one_length, other_length, min(one_length - lost, other_length - gained), prefix) < ALIKE_MIN:
        return DIFFERENT
    similarity = jaro_winkler(one, one_start, one_length, other, other_start, other_length, table)
    if similarity >= VERY_ALIKE_MIN:
        return VERY_ALIKE
    return ALIKE if similarity >= ALIKE_MIN else DIFFERENT


@njit(nogil=True, cache=True)
def civil(days: int) -> tuple[int, int, int]:
    """Year, month and day of days since 1970-01-01 (Howard Hinnant, chrono-compatible low-level date algorithms)."""
    shifted = days + 719468
    era = shifted // 146097
    day_of_era = shifted - era * 146097
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month_shifted = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month_shifted + 2) // 5 + 1
    month = month_shifted + 3 if month_shifted < 10 else month_shifted - 9
    return year_of_era + era * 400 + (1 if month <= 2 else 0), month, day


@njit(nogil=True, cache=True)
def attribute_date_level(one: int, other: int) -> int:
    if one == other:
        return DATE_EQUAL
    year, month, day = civil(one)
    other_year, other_month, other_day = civil(other)
    if year == other_year and month == other_day and day == other_month:
        return DAY_MONTH
    if _digits_apart(year * 10000 + month * 100 + day, other_year * 10000 + other_month * 100 + other_day) == 1:
        return ONE_DIGIT
    if month == other_month and day == other_day:
        return SAME_DAY
    if abs(one - other) <= 31:
        return NEAR_DAYS
    return SAME_YEAR if year == other_year else DIFFERENT


@njit(nogil=True, cache=True)
def _digits_apart(one: int, other: int) -> int:
    apart = 0
    while one or other:
        apart += one % 10 != other % 10
        one //= 10
        other //= 10
    return apart


@njit(nogil=True, cache=True)
def event_date_level(one: int, other: int) -> int:
    """The lag of the right behind the left."""
    lag = other - one
    size = abs(lag)
    if size <= 10:
        return LAG_ZERO + lag
    year, month, day = civil(one)
    other_year, other_month, other_day = civil(other)
    if year == other_year and month == other_day and day == other_month:
        return LAG_DAY_MONTH
    if size > 62:
        return DIFFERENT
    step = 11 if size <= 15 else 12 if size <= 21 else 13 if size <= 31 else 14
    return LAG_ZERO + step if lag > 0 else LAG_ZERO - step


@njit(nogil=True, cache=True)
def amount_level(one: int, other: int, rarity: int) -> int:
    """The signed relative difference of two amounts in minor units."""
    if one == other:
        return AMOUNT_EQUAL + rarity
    if one == -other:
        return OPPOSITE
    difference = other - one
    size = abs(difference)
    side = AMOUNT_HIGHER if difference > 0 else AMOUNT_LOWER
    if size <= CENTS:
        return side
    relative = size / max(abs(one), abs(other))
    for step in range(STEPS.shape[0]):
        if relative <= STEPS[step]:
            return side + 1 + step
    return DIFFERENT


@njit(nogil=True, cache=True)
def text_level(similarity: float, rarest: int, records: int) -> int:
    """Similarity in steps of .09, above and below it how rare the rarest shared word is."""
    step = min(COSINE_LEVELS - 1, int(similarity * 11.0 + 1e-6))
    rare = 0
    if rarest > 0:
        rare = 1 if rarest * 100 > records else 2 if rarest * rarest > records else 3 if rarest > 4 else 4
    return 1 + step * RARE_LEVELS + rare


@njit(nogil=True, cache=True)
def start_level(length: int, whole: bool, counts: NDArray[np.uint8], log_records: float) -> int:
    """How many bits of surprise the common beginning of `length` characters holds, and whether it is all of both."""
    bits = 0.0
    if length > 0:
        bits = log_records - counts[min(length, LONGEST_START) - 1] / 8.0
    step = min(START_LEVELS - 1, max(0, int(bits / START_BITS_A_LEVEL)))
    return 1 + step + (START_LEVELS if whole else 0)
