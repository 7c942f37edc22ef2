"""The probability of each candidate pair, all other pairs of both records taken into account.

A set of candidate pairs of which each record takes part in at most one is a monomer-dimer model; its marginals are found by
belief propagation, which is exact on trees and converges on every graph, from above and below in turn (Bayati, Gamarnik, Katz,
Nair and Tetali 2007, "Simple deterministic approximation algorithms for counting matchings"). A rival that is itself taken by
another record no longer stands in the way.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

BITS_MAX = 45.0  # beyond, what rivals add would be lost in rounding
ROUNDS = 12
Array = NDArray[Any]


class Rivalry:
    """Candidate pairs whose probabilities are asked for repeatedly; what the last answer found is where the next one starts."""

    def __init__(self, left: Array, right: Array) -> None:
        self.left, self.right = left.astype(np.int64), right.astype(np.int64)
        self.left_height, self.right_height = (int(side.max()) + 1 if len(side) else 0 for side in (self.left, self.right))
        self.from_left = np.ones(len(left))
        self.from_right = np.ones(len(left))

    def probabilities(self, bits: Array, rounds: int = ROUNDS) -> Array:
        """Of each pair, from its odds in bits against both of its records being alone."""
        odds = np.exp2(np.clip(bits, -BITS_MAX, BITS_MAX))
        rows = self.left, self.right, self.left_height, self.right_height
        return np.asarray(_propagate(odds, *rows, self.from_left, self.from_right, (rounds + 1) // 2))


def with_rivals(left: Array, right: Array, bits: Array) -> Array:
    """Probability of each pair against all other pairs of its records and against no match at all."""
    return Rivalry(left, right).probabilities(bits)


@njit(cache=True, nogil=True)
def _propagate(
    odds: Any, left: Any, right: Any, left_height: Any, right_height: Any, from_left: Any, from_right: Any, rounds: Any
) -> Any:  # pragma: no cover - compiled
    """A message says how free its record is of the others; two half rounds bound the answer from both sides."""
    upper = np.empty(len(left))
    lower = np.empty(len(left))
    for _ in range(rounds):
        _half_round(left, right, odds, left_height, right_height, from_left, from_right, upper)
        _half_round(left, right, odds, left_height, right_height, from_left, from_right, lower)
    return (upper + lower) / 2.0


@njit(cache=True, nogil=True)
def _half_round(
    left: Any, right: Any, odds: Any, left_height: Any, right_height: Any, from_left: Any, from_right: Any, out: Any
) -> None:  # pragma: no cover - compiled
    claims_left = np.ones(left_height)
    claims_right = np.ones(right_height)
    for pair in range(len(left)):
        claims_left[left[pair]] += odds[pair] * from_right[pair]
        claims_right[right[pair]] += odds[pair] * from_left[pair]
    for pair in range(len(left)):
        own_left, own_right = odds[pair] * from_right[pair], odds[pair] * from_left[pair]
        from_left[pair] = 1.0 / max(1.0, claims_left[left[pair]] - own_left)
        from_right[pair] = 1.0 / max(1.0, claims_right[right[pair]] - own_right)
        joined = odds[pair] * from_left[pair] * from_right[pair]
        out[pair] = joined / (1.0 + joined)
