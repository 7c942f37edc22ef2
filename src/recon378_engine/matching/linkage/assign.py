"""Choose the matches: the exact best assignment of each conflict component, equal records as counts."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COMPONENT_RECORDS_MAX = 300  # a side; larger components are assigned greedily, and counted in the diagnostics
CHANCE_MIN = 0.01  # a pair below takes no part


@dataclass(frozen=True, slots=True)
class Assignment:
    """Chosen pairs (numbers of the candidate pairs, ascending), how many copies each joins, and how components came out."""

    pairs: Ints
    copies: Ints
    components: int
    largest: int
    greedy_components: int


def assign(
    one: NDArray[np.uint32], other: NDArray[np.uint32], chances: Floats, left_copies: Ints, right_copies: Ints
) -> Assignment:
    """One-to-one assignment with the greatest sum of chances.

    Copies that stay free after a round may take another counterpart.
    """
    free = left_copies.copy(), right_copies.copy()
    eligible = np.flatnonzero(chances >= CHANCE_MIN)
    pairs, copies = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    components = largest = greedy = 0
    for turn in range(int(max(left_copies.max(initial=1), right_copies.max(initial=1)))):
        chosen, count, size, capped = _one_round(one[eligible], other[eligible], chances[eligible])
        if not turn:
            components, largest, greedy = count, size, capped
        numbers = eligible[chosen]
        if not numbers.size:
            break
        joined = np.minimum(free[0][one[numbers]], free[1][other[numbers]])
        pairs.append(numbers)
        copies.append(joined)
        free[0][one[numbers]] -= joined
        free[1][other[numbers]] -= joined
        taken = np.zeros(chances.shape[0], np.bool_)
        taken[numbers] = True
        eligible = eligible[(free[0][one[eligible]] > 0) & (free[1][other[eligible]] > 0) & ~taken[eligible]]
    found, joined = np.concatenate(pairs), np.concatenate(copies)
    order = np.argsort(found, kind="stable")
    return Assignment(found[order], joined[order], components, largest, greedy)


def _one_round(one: NDArray[np.uint32], other: NDArray[np.uint32], chances: Floats) -> tuple[Ints, int, int, int]:
    """(numbers of the chosen pairs, components, records of the largest, components that were too large for the exact optimum)."""
    if not one.size:
        return np.empty(0, np.int64), 0, 0, 0
    lefts, left = np.unique(one, return_inverse=True)
    rights, right = np.unique(other, return_inverse=True)
    size = lefts.shape[0] + rights.shape[0]
    graph = coo_array((np.ones(one.shape[0], np.int8), (left, right + lefts.shape[0])), shape=(size, size))
    count, label = connected_components(graph, directed=False)
    component = label[left]
    edges = np.bincount(component, minlength=count)
    alone = edges[component] == 1
    chosen = [np.flatnonzero(alone)]
    rest = np.flatnonzero(~alone)
    rest = rest[np.argsort(component[rest], kind="stable")]
    greedy = 0
    for part in np.split(rest, np.flatnonzero(np.diff(component[rest])) + 1) if rest.size else []:
        picked, capped = _best_of(left[part], right[part], chances[part])
        chosen.append(part[picked])
        greedy += capped
    return np.sort(np.concatenate(chosen)), int(count), int(np.bincount(label).max()), greedy


def _best_of(left: Ints, right: Ints, chances: Floats) -> tuple[Ints, bool]:
    lefts, row = np.unique(left, return_inverse=True)
    rights, column = np.unique(right, return_inverse=True)
    if lefts.shape[0] == 1 or rights.shape[0] == 1:
        return np.array([int(np.argmax(chances))]), False
    if max(lefts.shape[0], rights.shape[0]) > COMPONENT_RECORDS_MAX:
        order = np.lexsort((right, left, -chances))
        return order[_greedy(row[order], column[order], lefts.shape[0], rights.shape[0])], True
    table = np.zeros((lefts.shape[0], rights.shape[0]))
    table[row, column] = chances
    number = np.full(table.shape, -1, np.int64)
    number[row, column] = np.arange(left.shape[0])
    rows, columns = linear_sum_assignment(table, maximize=True)
    picked = number[rows, columns]
    return picked[picked >= 0], False


@njit(nogil=True, cache=True)
def _greedy(row: Ints, column: Ints, rows: int, columns: int) -> NDArray[np.bool_]:
    """Whether each pair, best first, still finds both its records free."""
    row_taken, column_taken = np.zeros(rows, np.bool_), np.zeros(columns, np.bool_)
    chosen = np.zeros(row.shape[0], np.bool_)
    for pair in range(row.shape[0]):
        if not row_taken[row[pair]] and not column_taken[column[pair]]:
            row_taken[row[pair]] = True
            column_taken[column[pair]] = True
            chosen[pair] = True
    return chosen
