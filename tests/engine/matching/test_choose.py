"""Choosing among candidate pairs, against brute force."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon378_engine.matching.passes.choose import choose
from recon378_engine.matching.passes.rivalry import with_rivals

BITS = st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 3)), st.integers(-5, 40).map(float), min_size=1, max_size=10)


def gain(bits: float) -> float:
    return float(np.logaddexp2(0.0, bits))


def best_total(bits: dict[tuple[int, int], float]) -> float:
    best = 0.0
    pairs = list(bits)
    for taken in product([False, True], repeat=len(pairs)):
        chosen = [pair for pair, take in zip(pairs, taken, strict=True) if take]
        if len({left for left, _ in chosen}) == len(chosen) == len({right for _, right in chosen}):
            best = max(best, sum(gain(bits[pair]) for pair in chosen))
    return best


@settings(max_examples=60, deadline=None)
@given(BITS)
def test_the_choice_is_the_best_and_takes_no_record_twice(bits: dict[tuple[int, int], float]) -> None:
    left, right = (np.array([pair[side] for pair in bits], dtype=np.uint32) for side in (0, 1))
    classes = np.arange(4)
    choice = choose(left, right, np.array(list(bits.values())), classes, classes)
    pairs = list(zip(choice.left.tolist(), choice.right.tolist(), strict=True))
    assert len({one for one, _ in pairs}) == len(pairs) == len({two for _, two in pairs})
    assert sum(gain(bits[pair]) for pair in pairs) == pytest.approx(best_total(bits))


def test_equal_records_are_counted() -> None:
    left, right = np.repeat(np.arange(3, dtype=np.uint32), 2), np.tile(np.arange(2, dtype=np.uint32), 3)
    choice = choose(left, right, np.full(6, 20.0), np.zeros(3, dtype=np.int64), np.zeros(2, dtype=np.int64))
    assert len(choice.left) == 2
    assert choice.copies.all()
    assert choice.confidence == pytest.approx([1.0, 1.0], abs=1e-5)


def test_two_equal_candidates_cannot_both_be_likely() -> None:
    probability = with_rivals(np.array([0, 0]), np.array([0, 1]), np.array([20.0, 20.0]))
    assert probability == pytest.approx([0.5, 0.5], abs=1e-5)
    choice = choose(
        np.array([0, 0], dtype=np.uint32), np.array([0, 1], dtype=np.uint32), np.array([20.0, 20.0]), np.arange(1), np.arange(2)
    )
    assert choice.unique.tolist() == [False]
    assert (choice.rival_left.tolist(), choice.rival_right.tolist()) == ([0], [1])


def test_a_chain_is_solved_as_a_whole() -> None:
    left, right = np.array([0, 0, 1], dtype=np.uint32), np.array([0, 1, 0], dtype=np.uint32)
    choice = choose(left, right, np.array([10.0, 9.0, 9.5]), np.arange(2), np.arange(2))
    assert sorted(zip(choice.left.tolist(), choice.right.tolist(), strict=True)) == [(0, 1), (1, 0)]
