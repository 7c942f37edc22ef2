"""Which subsets of a few amounts add up to a target, exactly, in minor units: depth first with a bound on what is still to
come.
"""

from typing import Any

import numpy as np
from numba import njit

CANDIDATES_MAX = 28  # amounts a target; a subset is a bit mask
SOLUTIONS_MAX = 8  # solutions kept and counted
NODES_MAX = 200_000  # steps a target before the search gives up


@njit("int64(int64[::1], int64, int64, int64, int64[::1], int64[::1])", cache=True, nogil=True)
def subsets(  # noqa: C901  # depth-first search without recursion, which numba compiles badly
    amounts: Any, target: Any, members_max: Any, nodes_max: Any, masks: Any, nodes: Any
) -> Any:  # pragma: no cover - compiled
    """Find subsets of `amounts` (positive, descending) of 1 to `members_max` members whose sum is `target` (positive).

    Writes them to `masks` as bit masks and returns how many there are, at most len(masks), or -1 when `nodes_max` steps were
    not enough. `nodes[0]` is set to the steps taken.
    """
    count = len(amounts)
    rest = np.zeros(count + 1, dtype=np.int64)
    for place in range(count - 1, -1, -1):
        rest[place] = rest[place + 1] + amounts[place]
    chosen = np.empty(members_max + 1, dtype=np.int64)
    depth, place, left, found = 0, 0, target, 0
    mask = np.int64(0)
    nodes[0] = 0
    while True:
        nodes[0] += 1
        if nodes[0] > nodes_max:
            return -1
        advanced = False
        if depth < members_max and left > 0:
            while place < count and amounts[place] > left:
                place += 1
            enough = place < count and rest[place] >= left
            if enough and (depth < members_max - 1 or amounts[place] == left):
                chosen[depth] = place
                mask |= np.int64(1) << place
                left -= amounts[place]
                depth += 1
                place += 1
                advanced = True
        if advanced and left == 0:
            masks[found] = mask
            found += 1
            if found == len(masks):
                return found
        if not advanced or left == 0:
            if depth == 0:
                return found
            depth -= 1
            place = chosen[depth]
            mask &= ~(np.int64(1) << place)
            left += amounts[place]
            place += 1


@njit(cache=True, nogil=True)
def combinations(count: Any, members_min: Any, members_max: Any) -> Any:  # pragma: no cover - compiled
    """How many subsets of `members_min` to `members_max` of `count` things there are."""
    total, term = 0.0, 1.0
    for size in range(members_max + 1):
        if size >= members_min:
            total += term
        term = term * (count - size) / (size + 1)
    return total


@njit(cache=True, nogil=True)
def solve_all(
    offsets: Any,
    amounts: Any,
    forced: Any,
    targets: Any,
    members_max: Any,
    masks: Any,
    counts: Any,
    accidental: Any,
    resolution: Any,
) -> None:  # pragma: no cover - compiled
    """Solve every target over its candidates [offsets[t], offsets[t+1]), sorted by descending amount.

    Candidates that `forced` marks are taken first: the search is then only over the rest, and fewer accidents are to be
    expected. Where that gives nothing, all candidates are free. `accidental` is the expected number of solutions by
    coincidence: combinations over the range of sums, in units of `resolution` minor units.
    """
    nodes = np.zeros(1, dtype=np.int64)
    for target in range(len(targets)):
        start, stop = offsets[target], offsets[target + 1]
        size = stop - start
        bound, forced_sum, forced_mask, free_count = 0, 0, np.int64(0), 0
        free = np.empty(size, dtype=np.int64)
        places = np.empty(size, dtype=np.int64)
        for place in range(size):
            if forced[start + place]:
                bound += 1
                forced_sum += amounts[start + place]
                forced_mask |= np.int64(1) << place
            else:
                free[free_count] = amounts[start + place]
                places[free_count] = place
                free_count += 1
        spread = max(1.0, targets[target] / resolution)
        if bound > 0 and bound <= members_max and forced_sum <= targets[target]:
            if forced_sum == targets[target]:
                masks[target, 0] = forced_mask
                counts[target] = 1
                accidental[target] = 1.0 / spread
                continue
            found = subsets(free[:free_count], targets[target] - forced_sum, members_max - bound, 200_000, masks[target], nodes)
            if found > 0:
                for solution in range(found):
                    mask = forced_mask
                    for place in range(free_count):
                        if masks[target, solution] & (np.int64(1) << place):
                            mask |= np.int64(1) << places[place]
                    masks[target, solution] = mask
                counts[target] = found
                accidental[target] = combinations(free_count, 1, members_max - bound) / spread
                continue
        counts[target] = subsets(amounts[start:stop], targets[target], members_max, 200_000, masks[target], nodes)
        accidental[target] = combinations(size, 2, members_max) / spread
