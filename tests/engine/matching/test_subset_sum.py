"""Subset sums against brute force."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon378_engine.matching.passes.subset_sum import combinations as count_combinations
from recon378_engine.matching.passes.subset_sum import solve_all, subsets, weighted_combinations


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


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0.001, 1.0), min_size=1, max_size=8), st.integers(1, 6))
def test_weighted_combinations_are_sums_over_all_subsets(odds: list[float], size_max: int) -> None:
    by_force = [sum(float(np.prod(chosen)) for chosen in combinations(odds, size)) for size in range(size_max + 1)]
    assert weighted_combinations(np.array(odds), size_max) == pytest.approx(by_force)


AMOUNTS = st.lists(st.integers(100, 999), min_size=2, max_size=9)


def solved(
    amounts: list[int], target: int, bits: list[float], forced: list[bool], numbers: list[int]
) -> dict[tuple[int, ...], float]:
    """The solutions of one target among descending amounts, and the accidental solutions that are as good as each."""
    size = len(amounts)
    masks, counts = np.zeros((1, 64), dtype=np.int64), np.zeros(1, dtype=np.int64)
    surprise = np.full((1, 64), np.inf)
    rank = np.argsort(np.argsort(-np.array(bits), kind="stable"), kind="stable").astype(np.int64)
    solve_all(
        np.array([0, size]), np.array(amounts), np.array(bits), rank, np.array(forced), np.array(numbers),
        np.array([target]), 8, 0.001, masks, counts, surprise,
    )  # fmt: skip
    found = masks[0, : counts[0]].tolist()
    return {tuple(place for place in range(size) if mask >> place & 1): surprise[0, number] for number, mask in enumerate(found)}


@settings(max_examples=100, deadline=None)
@given(AMOUNTS, st.data())
def test_all_solutions_of_a_target_are_found_whatever_the_evidence(amounts: list[int], data: st.DataObject) -> None:
    descending = sorted(amounts, reverse=True)
    size = len(amounts)
    chosen = data.draw(st.sets(st.integers(0, size - 1), min_size=1, max_size=8))
    target = sum(descending[place] for place in chosen)
    bits = data.draw(st.lists(st.floats(-8, 8), min_size=size, max_size=size))
    numbers = data.draw(st.lists(st.integers(-1, 30), min_size=size, max_size=size))
    found = solved(descending, target, bits, [False] * size, numbers)
    assert set(found) == found_by_force(descending, target, 8)
    assert all(np.isfinite(accidents) and accidents > 0 for accidents in found.values())


@settings(max_examples=60, deadline=None)
@given(AMOUNTS, st.data())
def test_what_is_named_is_taken_first(amounts: list[int], data: st.DataObject) -> None:
    descending = sorted(amounts, reverse=True)
    size = len(amounts)
    chosen = data.draw(st.sets(st.integers(0, size - 1), min_size=2, max_size=8))
    named = {min(chosen)}
    target = sum(descending[place] for place in chosen)
    found = solved(descending, target, [0.0] * size, [place in named for place in range(size)], [-1] * size)
    by_force = {solution for solution in found_by_force(descending, target, 8) if named <= set(solution)}
    assert set(found) == by_force


def test_better_evidence_and_following_numbers_leave_less_to_chance() -> None:
    amounts, target = [500, 400, 300, 200, 100], 900
    plain = solved(amounts, target, [0.0] * 5, [False] * 5, [-1] * 5)[(0, 1)]
    liked = solved(amounts, target, [6.0, 6.0, 0.0, 0.0, 0.0], [False] * 5, [-1] * 5)[(0, 1)]
    in_a_row = solved(amounts, target, [0.0] * 5, [False] * 5, [11, 12, 40, 50, 60])[(0, 1)]
    assert liked < plain / 4
    assert in_a_row < plain
