"""How many of the records that a pass is given have their counterpart among them, told by the pairs themselves.

Whether a pair is a match depends on how many matches there are at all: among the records that earlier passes left over, few
have a counterpart, and of those more differ by a fee. EM steps on one number for each level of amount difference, the expected
matches, settle it; the evidence of a pair stays as it is.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from recon378_engine.matching.books import settlement, texts
from recon378_engine.matching.passes.rivalry import Rivalry

EM_STEPS = 8
ROUNDS_A_STEP = 4
GUESS_ROWS = 50.0  # records that the guess before the first step is worth
MATCHED_SHARE_MAX = 0.9  # of either side: a record may always be alone
DIFFERENT_SHARE_MAX = 0.4  # of what is left open, those that differ by one kind of difference, before any are seen
Array = NDArray[Any]


def settled_bits(
    bits: settlement.Bits, weights: settlement.Weights, left: Array, right: Array, heights: tuple[int, int], still_open: float
) -> Array:
    """The evidence of each pair and its prior odds, from the matches expected among `heights` records of the two sides.

    `still_open` is the share of left records that earlier passes left; since those took the equal amounts, a larger share of
    what is left differs by a fee or by rounding.
    """
    if not len(left):
        return bits.total
    text_levels = texts.levels(bits.text_similarity).astype(np.int64)
    kinds = bits.amount_level.astype(np.int64) * (texts.LEVELS + 1) + text_levels
    shares = np.outer([*weights.amount_m, 1.0], [*weights.text_m, 1.0])
    evidence = bits.total - weights.prior_bits - np.log2(shares).ravel()[kinds]
    guess = _guess(shares, np.bincount(kinds, minlength=shares.size).reshape(shares.shape) > 0, min(heights), still_open).ravel()
    weight = GUESS_ROWS / (GUESS_ROWS + min(heights))
    matches = guess
    rivalry = Rivalry(left, right)
    for _ in range(EM_STEPS):
        total = evidence + _prior_bits(matches, heights)[kinds]
        found = np.bincount(kinds, rivalry.probabilities(total, ROUNDS_A_STEP), len(guess))
        matches = found * (1.0 - weight) + guess * weight
    return np.asarray(evidence + _prior_bits(matches, heights)[kinds])


def _guess(shares: Array, present: Array, smaller: int, still_open: float) -> Array:
    """Expected matches of each kind, by levels of amount and text, before any pair is looked at; none of kinds that no pair
    is of.
    """
    amount = shares[:, -1]
    different = np.clip(amount / max(still_open, 1e-6), amount, np.maximum(amount, DIFFERENT_SHARE_MAX))
    different[[settlement.EQUAL, settlement.MISSING]] = amount[[settlement.EQUAL, settlement.MISSING]]
    guess = np.where(present, different[:, None] * shares[-1], 0.0)
    return np.asarray(settlement.MATCHED_SHARE * smaller * guess / max(1.0, guess.sum()))


def _prior_bits(matches: Array, heights: tuple[int, int]) -> Array:
    """log2 of the odds, before evidence, of a pair of each kind against both of its records being alone."""
    alone = [1.0 - min(MATCHED_SHARE_MAX, float(matches.sum()) / height) for height in heights]
    return np.asarray(np.log2(np.maximum(matches, 1e-3) / (float(heights[0]) * heights[1] * alone[0] * alone[1])))
