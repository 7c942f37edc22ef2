"""Which subsets of a few amounts add up to a target, exactly, in minor units: depth first with a bound on what is still to
come.
"""

from typing import Any

import numpy as np
from numba import njit

CANDIDATES_MAX = 40  # candidates of a target; a subset is a bit mask
SOLUTIONS_MAX = 8  # solutions kept and counted
NODES_MAX = 200_000  # steps of one search before it gives up
COMBINATIONS_MAX = 50_000.0  # subsets that one search goes through
SEARCHED_ACCIDENTS = 0.5  # accidental solutions to be expected up to which candidates are searched together
ODDS_BITS_MAX = 30.0  # how much less likely than the best candidate another may be


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
def weighted_combinations(odds: Any, size_max: Any) -> Any:  # pragma: no cover - compiled
    """For every size up to `size_max` the sum over all subsets of that size of the product of their odds (the elementary
    symmetric polynomials); with equal odds of one it counts the subsets.
    """
    sums = np.zeros(size_max + 1)
    sums[0] = 1.0
    for place in range(len(odds)):
        for size in range(min(place + 1, size_max), 0, -1):
            sums[size] += odds[place] * sums[size - 1]
    return sums


@njit(cache=True, nogil=True)
def _search(
    amounts: Any, rank: Any, target: Any, members_min: Any, members_max: Any, reach: Any, masks: Any, found: Any
) -> Any:  # pragma: no cover - compiled
    """Search the best candidates by `rank` in stages, the fewer the candidates the more members, as long as a stage has at
    most `reach` combinations. Adds new masks from `found` on and returns how many there are.
    """
    before = 0
    for members in range(members_max, members_min - 1, -1):
        best = min(len(amounts), max(members, before))
        while best < len(amounts) and combinations(best + 1, members_min, members) <= reach:
            best += 1
        if best > before:
            found = _search_best(amounts, rank, best, target, members, masks, found)
        before = best
        if best == len(amounts) or found == len(masks):
            break
    return found


@njit(cache=True, nogil=True)
def _search_best(
    amounts: Any, rank: Any, best: Any, target: Any, members: Any, masks: Any, found: Any
) -> Any:  # pragma: no cover - compiled
    places = np.flatnonzero(rank < best)
    fresh = np.zeros(len(masks), dtype=np.int64)
    nodes = np.zeros(1, dtype=np.int64)
    for solution in range(subsets(amounts[places], target, members, NODES_MAX, fresh, nodes)):
        mask = _spread_mask(fresh[solution], places)
        known = False
        for earlier in range(found):
            known |= masks[earlier] == mask
        if not known and found < len(masks):
            masks[found] = mask
            found += 1
    return found


@njit(cache=True, nogil=True)
def _spread_mask(mask: Any, places: Any) -> Any:  # pragma: no cover - compiled
    """The mask over all candidates of a mask over those at `places`."""
    whole = np.int64(0)
    for place in range(len(places)):
        if mask >> place & 1:
            whole |= np.int64(1) << places[place]
    return whole


@njit(cache=True, nogil=True)
def solve_all(
    offsets: Any, amounts: Any, bits: Any, rank: Any, forced: Any, targets: Any, members_max: Any, resolution: Any,
    masks: Any, counts: Any, surprise: Any,
) -> None:  # fmt: skip  # pragma: no cover - compiled
    """Find the subsets of the candidates [offsets[t], offsets[t+1]) of every target t that add up to targets[t].

    Candidates are sorted by descending amount; `bits` says how strongly each belongs to the target, `rank` numbers them by it.
    Candidates that `forced` marks are taken first; where that gives nothing, all are free. `surprise` is set to the expected
    number of accidental solutions that are as good as each one found: the combinations of its size, each weighted by how well
    its members belong compared to those of the solution, over the range of sums in units of `resolution` minor units, times
    the sizes that are tried.
    """
    for target in range(len(targets)):
        start, stop = offsets[target], offsets[target + 1]
        here = amounts[start:stop]
        spread = max(1.0, targets[target] / resolution)
        reach = min(COMBINATIONS_MAX, SEARCHED_ACCIDENTS * spread)
        counts[target] = _with_forced(
            here, rank[start:stop], forced[start:stop], targets[target], members_max, reach, masks[target]
        )
        if counts[target] == 0:
            counts[target] = _search(here, rank[start:stop], targets[target], 2, members_max, reach, masks[target], 0)
        if counts[target] == 0:
            continue
        odds = 2.0 ** np.maximum(bits[start:stop] - bits[start:stop].max(), -ODDS_BITS_MAX)
        sums = weighted_combinations(odds, members_max)
        for solution in range(counts[target]):
            size, product = 0, 1.0
            for place in range(stop - start):
                if masks[target, solution] >> place & 1:
                    size += 1
                    product *= odds[place]
            surprise[target, solution] = (members_max - 1) * sums[size] / product / spread


@njit(cache=True, nogil=True)
def _with_forced(
    amounts: Any, rank: Any, forced: Any, target: Any, members_max: Any, reach: Any, masks: Any
) -> Any:  # pragma: no cover - compiled
    """Search the subsets that hold all forced candidates; returns how many there are."""
    bound = np.flatnonzero(forced)
    left = target - amounts[bound].sum()
    if len(bound) == 0 or len(bound) > members_max or left < 0:
        return 0
    whole = _spread_mask((np.int64(1) << len(bound)) - 1, bound)
    if left == 0:
        masks[0] = whole
        return 1
    free = np.flatnonzero(~forced)
    order = np.argsort(np.argsort(rank[free]))
    found = _search(amounts[free], order, left, 1, members_max - len(bound), reach, masks, 0)
    for solution in range(found):
        masks[solution] = whole | _spread_mask(masks[solution], free)
    return found
