"""Probabilities of pairs that compete for the same records.

A pair with odds o against being no match shares its records with rivals. Under one-to-one matching the probability of a set of
pairs is proportional to the product of its odds; the marginals are found by belief propagation on the graph of candidates,
exact on trees (Bayati, Shah, Sharma 2008; Chertkov et al. 2010).
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Indices = NDArray[np.uint32]
SWEEPS_MAX = 60
TOLERANCE = 1e-6


@njit(nogil=True, cache=True)
def matching_marginals(
    one: Indices,
    other: Indices,
    odds: NDArray[np.float64],
    left_copies: NDArray[np.int64],
    right_copies: NDArray[np.int64],
    sweeps_max: int,
) -> NDArray[np.float64]:
    """Probability of each pair, given the odds of each by itself; pairs of a record sum to at most its number of equal copies.

    Each message is the odds of a pair after one of its records has weighed its other candidates; damped by half after ten sweeps.
    """
    contested = _contested(one, other, left_copies.shape[0], right_copies.shape[0])
    left, left_count, left_room = _numbered(one, contested, left_copies)
    right, right_count, right_room = _numbered(other, contested, right_copies)
    disputed = odds[contested]
    from_left, from_right = disputed.copy(), disputed.copy()
    left_total, right_total = np.empty(left_count), np.empty(right_count)
    for sweep in range(sweeps_max):
        left_total[:] = 0.0
        for pair in range(disputed.shape[0]):
            left_total[left[pair]] += from_right[pair]
        right_total[:] = 0.0
        for pair in range(disputed.shape[0]):
            end = left[pair]
            from_left[pair] = disputed[pair] / (1.0 + max(0.0, left_total[end] - from_right[pair]) / left_room[end])
            right_total[right[pair]] += from_left[pair]
        change = 0.0
        for pair in range(disputed.shape[0]):
            end = right[pair]
            fresh = disputed[pair] / (1.0 + max(0.0, right_total[end] - from_left[pair]) / right_room[end])
            if sweep >= 10:
                fresh = 0.5 * (fresh + from_right[pair])
            change = max(change, abs(fresh - from_right[pair]) / (1.0 + fresh))
            from_right[pair] = fresh
        if change < TOLERANCE:
            break
    chances = odds / (1.0 + odds)
    for pair in range(disputed.shape[0]):
        weight = from_left[pair] * (from_right[pair] / disputed[pair]) if disputed[pair] > 0.0 else 0.0
        chances[contested[pair]] = weight / (1.0 + weight)
    return chances


@njit(nogil=True, cache=True)
def _contested(one: Indices, other: Indices, left_height: int, right_height: int) -> NDArray[np.int64]:
    """The pairs that share a record with another pair; the messages of the rest never change."""
    left_pairs, right_pairs = np.zeros(left_height, np.uint8), np.zeros(right_height, np.uint8)  # none, one, more
    for pair in range(one.shape[0]):
        left_pairs[one[pair]] = min(2, left_pairs[one[pair]] + 1)
        right_pairs[other[pair]] = min(2, right_pairs[other[pair]] + 1)
    found = np.empty(one.shape[0], np.int64)
    count = 0
    for pair in range(one.shape[0]):
        if left_pairs[one[pair]] > 1 or right_pairs[other[pair]] > 1:
            found[count] = pair
            count += 1
    return found[:count]


@njit(nogil=True, cache=True)
def _numbered(ends: Indices, contested: NDArray[np.int64], copies: NDArray[np.int64]) -> tuple[Indices, int, NDArray[np.float64]]:
    """(number of each contested pair's record among theirs, how many these are, copies of each): what fits a cache is fast."""
    place = np.zeros(copies.shape[0], np.uint32)
    number, room = np.empty(contested.shape[0], np.uint32), np.empty(contested.shape[0])
    count = 0
    for pair in range(contested.shape[0]):
        end = ends[contested[pair]]
        if place[end] == 0:
            room[count] = copies[end]
            count += 1
            place[end] = count
        number[pair] = place[end] - 1
    return number, count, room[:count]


@njit(nogil=True, cache=True)
def mutual_best(
    one: Indices, other: Indices, score: NDArray[np.float64], left_height: int, right_height: int
) -> NDArray[np.bool_]:
    """Whether each pair is the single best of both its records."""
    left_best = np.full(left_height, -np.inf)
    right_best = np.full(right_height, -np.inf)
    left_ties = np.zeros(left_height, np.int64)
    right_ties = np.zeros(right_height, np.int64)
    for pair in range(score.shape[0]):
        value = score[pair]
        if value > left_best[one[pair]]:
            left_best[one[pair]], left_ties[one[pair]] = value, 1
        elif value == left_best[one[pair]]:
            left_ties[one[pair]] += 1
        if value > right_best[other[pair]]:
            right_best[other[pair]], right_ties[other[pair]] = value, 1
        elif value == right_best[other[pair]]:
            right_ties[other[pair]] += 1
    best = np.zeros(score.shape[0], np.bool_)
    for pair in range(score.shape[0]):
        left, right = one[pair], other[pair]
        best[pair] = (
            score[pair] == left_best[left]
            and score[pair] == right_best[right]
            and left_ties[left] == 1
            and right_ties[right] == 1
        )
    return best
