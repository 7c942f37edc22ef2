"""Probabilities of pairs among their rivals, against brute force over all ways to match."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon378_engine.matching.passes.rivalry import with_rivals

Pair = tuple[int, int]


def by_force(bits: dict[Pair, float]) -> dict[Pair, float]:
    """The share of each pair in the weight of all ways to match in which no record is matched twice."""
    pairs = list(bits)
    weights = dict.fromkeys(pairs, 0.0)
    total = 0.0
    for taken in product([False, True], repeat=len(pairs)):
        chosen = [pair for pair, take in zip(pairs, taken, strict=True) if take]
        if len({left for left, _ in chosen}) == len(chosen) == len({right for _, right in chosen}):
            weight = float(np.prod([2.0 ** bits[pair] for pair in chosen]))
            total += weight
            for pair in chosen:
                weights[pair] += weight
    return {pair: weight / total for pair, weight in weights.items()}


def by_engine(bits: dict[Pair, float]) -> dict[Pair, float]:
    left, right = (np.array([pair[side] for pair in bits], dtype=np.uint32) for side in (0, 1))
    return dict(zip(bits, with_rivals(left, right, np.array(list(bits.values()))).tolist(), strict=True))


CHAINS = st.lists(st.floats(-6, 20), min_size=1, max_size=8).map(
    lambda bits: {((place + 1) // 2, place // 2): strength for place, strength in enumerate(bits)}
)
GRAPHS = st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 3)), st.floats(-6, 8), min_size=1, max_size=9)


@settings(max_examples=100, deadline=None)
@given(CHAINS)
def test_a_chain_of_rivals_is_exact(bits: dict[Pair, float]) -> None:
    assert by_engine(bits) == pytest.approx(by_force(bits), abs=1e-3)


@settings(max_examples=100, deadline=None)
@given(GRAPHS)
def test_any_rivals_are_near_the_truth_and_no_record_is_promised_twice(bits: dict[Pair, float]) -> None:
    found = by_engine(bits)
    assert found == pytest.approx(by_force(bits), abs=0.15)
    for side in (0, 1):
        for record in {pair[side] for pair in bits}:
            assert sum(share for pair, share in found.items() if pair[side] == record) <= 1.1


def test_a_rival_that_is_taken_elsewhere_does_not_stand_in_the_way() -> None:
    found = by_engine({(0, 0): 12.0, (0, 1): 12.0, (1, 1): 30.0})
    assert found[(0, 0)] > 0.99
    assert found[(0, 1)] < 0.01
