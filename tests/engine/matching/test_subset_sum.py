"""Subset sums against brute force."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recon378_engine.matching.passes.subset_sum import combinations as count_combinations
from recon378_engine.matching.passes.subset_sum import subsets


def found_by_search(amounts: list[int], target: int, members_max: int) -> set[tuple[int, ...]]:
    masks, nodes = np.zeros(5_000, dtype=np.int64), np.zeros(1, dtype=np.int64)
    count = subsets(np.array(amounts, dtype=np.int64), target, members_max, 10_000_000, masks, nodes)
    return {tuple(place for place in range(len(amounts)) if mask >> place & 1) for mask in masks[:count].tolist()}


def found_by_force(amounts: list[int], target: int, members_max: int) -> set[tuple[int, ...]]:
    return {
        chosen
        for size in range(1, members_max + 1)
        for chosen in combinations(range(len(amounts)), size)
        if sum(amounts[place] for place in chosen) == target
    }


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 30), min_size=1, max_size=11), st.integers(1, 120), st.integers(1, 8))
def test_every_subset_is_found_once(amounts: list[int], target: int, members_max: int) -> None:
    descending = sorted(amounts, reverse=True)
    assert found_by_search(descending, target, members_max) == found_by_force(descending, target, members_max)


def test_the_search_stops_at_its_limits() -> None:
    amounts = np.full(28, 5, dtype=np.int64)
    masks, nodes = np.zeros(3, dtype=np.int64), np.zeros(1, dtype=np.int64)
    assert subsets(amounts, 20, 8, 1_000_000, masks, nodes) == 3
    assert subsets(np.arange(28, 0, -1, dtype=np.int64) * 2, 101, 8, 1_000, masks, nodes) == -1


def test_combinations_are_counted() -> None:
    assert count_combinations(5, 2, 3) == 20
    assert count_combinations(4, 1, 8) == 15
