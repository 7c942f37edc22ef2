"""Which subsets of a few amounts add up to a target, exactly, in minor units: depth first with a bound on what is still to
come.
"""

from typing import Any

import numpy as np
from numba import njit

CANDIDATES_MAX = 60  # candidates of a target; a subset is a bit mask
SOLUTIONS_MAX = 8  # solutions kept and counted
NODES_MAX = 200_000  # steps of one search before it gives up
COMBINATIONS_MAX = 50_000.0  # subsets that one search goes through
SEARCHED_ACCIDENTS = 0.5  # accidental solutions to be expected up to which candidates are searched together
RUN_SHARE = 0.25  # of genuine sums, those whose members follow each other in number
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
        found = _add(_spread_mask(fresh[solution], places), masks, found)
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
def _add(mask: Any, masks: Any, found: Any) -> Any:  # pragma: no cover - compiled
    for earlier in range(found):
        if masks[earlier] == mask:
            return found
    if found < len(masks):
        masks[found] = mask
        found += 1
    return found


@njit(cache=True, nogil=True)
def _search_runs(
    amounts: Any, order: Any, target: Any, members_max: Any, masks: Any, found: Any
) -> Any:  # pragma: no cover - compiled
    """Search the candidates that follow each other in `order`, of any two to `members_max` in a row."""
    start, total = 0, 0
    for stop in range(len(order)):
        total += amounts[order[stop]]
        while total > target or stop - start >= members_max:
            total -= amounts[order[start]]
            start += 1
        if total == target and stop > start:
            mask = np.int64(0)
            for place in range(start, stop + 1):
                mask |= np.int64(1) << order[place]
            found = _add(mask, masks, found)
    return found


@njit(cache=True, nogil=True)
def _run_weight(odds: Any, order: Any, size: Any, mask: Any) -> Any:  # pragma: no cover - compiled
    """The sum over all runs of `size` of the product of their odds; 0 when `mask` is no run."""
    weight, is_run = 0.0, False
    for start in range(len(order) - size + 1):
        product, inside = 1.0, np.int64(0)
        for place in range(start, start + size):
            product *= odds[order[place]]
            inside |= np.int64(1) << order[place]
        weight += product
        is_run |= inside == mask
    return weight if is_run else 0.0


@njit(cache=True, nogil=True)
def solve_all(
    offsets: Any, amounts: Any, bits: Any, rank: Any, forced: Any, number: Any, targets: Any, members_max: Any, resolution: Any,
    masks: Any, counts: Any, surprise: Any,
) -> None:  # fmt: skip  # pragma: no cover - compiled
    """Find the subsets of the candidates [offsets[t], offsets[t+1]) of every target t that add up to targets[t].

    Candidates are sorted by descending amount; `bits` says how strongly each belongs to the target, `rank` numbers them by it,
    `number` is that of the document (negative without one). Candidates that `forced` marks are taken first; where that gives
    nothing, all are free. `surprise` is set to the expected number of accidental solutions that are as good as each one found:
    the combinations of its size, each weighted by how well its members belong compared to those of the solution, over the
    range of sums in units of `resolution` minor units, times the sizes that are tried. Members that follow each other in
    number have far fewer combinations.
    """
    for target in range(len(targets)):
        start, stop = offsets[target], offsets[target + 1]
        here, order, bound = amounts[start:stop], rank[start:stop], forced[start:stop]
        spread = max(1.0, targets[target] / resolution)
        reach = min(COMBINATIONS_MAX, SEARCHED_ACCIDENTS * spread)
        numbered = np.flatnonzero(number[start:stop] >= 0)
        run = numbered[np.argsort(number[start:stop][numbered], kind="mergesort")]
        found = _search_runs(here, run, targets[target], members_max, masks[target], 0)
        before = found
        found = _with_forced(here, order, bound, targets[target], members_max, reach, masks[target], found)
        if found == before:
            found = _search(here, order, targets[target], 2, members_max, reach, masks[target], found)
        counts[target] = found
        if found == 0:
            continue
        odds = 2.0 ** np.maximum(bits[start:stop] - bits[start:stop].max(), -ODDS_BITS_MAX)
        sums = weighted_combinations(odds, members_max)
        for solution in range(found):
            size, product = 0, 1.0
            for place in range(stop - start):
                if masks[target, solution] >> place & 1:
                    size += 1
                    product *= odds[place]
            likely = (1.0 - RUN_SHARE) * product / sums[size]
            in_a_row = _run_weight(odds, run, size, masks[target, solution]) if size > 1 else 0.0
            if in_a_row > 0.0:
                likely += RUN_SHARE * product / in_a_row
            surprise[target, solution] = (members_max - 1) / likely / spread


@njit(cache=True, nogil=True)
def _with_forced(
    amounts: Any, rank: Any, forced: Any, target: Any, members_max: Any, reach: Any, masks: Any, found: Any
) -> Any:  # pragma: no cover - compiled
    """Search the subsets that hold all forced candidates; adds new masks from `found` on and returns how many there are."""
    bound = np.flatnonzero(forced)
    left = target - amounts[bound].sum()
    if len(bound) == 0 or len(bound) > members_max or left < 0:
        return found
    whole = _spread_mask((np.int64(1) << len(bound)) - 1, bound)
    if left == 0:
        return _add(whole, masks, found)
    free = np.flatnonzero(~forced)
    order = np.argsort(np.argsort(rank[free]))
    parts = np.zeros(len(masks), dtype=np.int64)
    for part in range(_search(amounts[free], order, left, 1, members_max - len(bound), reach, parts, 0)):
        found = _add(whole | _spread_mask(parts[part], free), masks, found)
    return found
