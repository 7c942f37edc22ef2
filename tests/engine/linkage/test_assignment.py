"""Assignment and the probabilities of rivals, against brute force."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recon378_engine.matching.linkage.assign import assign
from recon378_engine.matching.linkage.rivals import matching_marginals

edges = st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 3)), st.floats(0.02, 0.98), min_size=1, max_size=7)


def matchings(pairs: list[tuple[int, int]]) -> list[tuple[int, ...]]:
    """All subsets of the pairs in which no record stands twice."""
    found = []
    for size in range(len(pairs) + 1):
        for chosen in combinations(range(len(pairs)), size):
            if all(len({pairs[number][side] for number in chosen}) == size for side in (0, 1)):
                found.append(chosen)
    return found


@settings(max_examples=150, deadline=None)
@given(edges)
def test_assignment_has_the_greatest_sum_of_chances(chance: dict[tuple[int, int], float]) -> None:
    pairs = list(chance)
    one, other = (np.array([pair[side] for pair in pairs], np.uint32) for side in (0, 1))
    copies = np.ones(4, np.int64)
    chosen = assign(one, other, np.array(list(chance.values())), copies, copies)
    best = max(sum(chance[pairs[number]] for number in matching) for matching in matchings(pairs))
    assert abs(sum(chance[pairs[number]] for number in chosen.pairs) - best) < 1e-9
    assert len(set(one[chosen.pairs])) == len(set(other[chosen.pairs])) == chosen.pairs.size


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0.01, 50.0), min_size=1, max_size=6), st.booleans())
def test_chances_are_exact_where_the_candidates_form_a_path(odds: list[float], turned: bool) -> None:
    """Pairs (0,0), (1,0), (1,1), (2,1), …: a tree, on which belief propagation is exact."""
    pairs = [((number + 1) // 2, number // 2) for number in range(len(odds))]
    if turned:
        pairs = [(right, left) for left, right in pairs]
    weights = {matching: float(np.prod([odds[number] for number in matching])) for matching in matchings(pairs)}
    total = sum(weights.values())
    exact = [sum(weight for matching, weight in weights.items() if number in matching) / total for number in range(len(odds))]
    one, other = (np.array([pair[side] for pair in pairs], np.uint32) for side in (0, 1))
    copies = np.ones(5, np.int64)
    assert np.allclose(matching_marginals(one, other, np.array(odds), copies, copies, 200), exact, atol=1e-4)


def test_two_equal_candidates_cannot_both_be_sure() -> None:
    one, other = np.array([0, 1], np.uint32), np.array([0, 0], np.uint32)
    chances = matching_marginals(one, other, np.array([1e6, 1e6]), np.ones(2, np.int64), np.ones(1, np.int64), 60)
    assert np.allclose(chances, 0.5, atol=1e-3)


def test_copies_are_joined_as_counts() -> None:
    chosen = assign(np.array([0], np.uint32), np.array([0], np.uint32), np.array([0.9]), np.array([3]), np.array([2]))
    assert chosen.copies.tolist() == [2]
