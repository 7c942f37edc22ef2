"""Choose among candidate pairs: one-to-one over whole conflict components, equal records as counts.

Records with equal contents form a class. A class of k left records against one of j right records gives min(k, j) matches,
whichever copies are taken; so pairs are chosen between classes with room for as many matches as they have records.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from recon378_engine.matching.passes.rivalry import with_rivals

COMPONENT_MAX = 400  # classes of a component that is solved exactly; larger ones are taken best first
RIVAL_SHARE = 0.1  # a rival with at least this share of the pair's probability makes it ambiguous
Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """The pairs taken. `pair` is the place of each among the candidates (that of an equal pair, where copies are matched);
    `confidence` takes rivals into account; `rival_left`, `rival_right` is the best pair that shares a
    record (-1 without one); `unique` says that no rival comes near; `copies` that equal records of one side were left over."""

    left: Array
    right: Array
    pair: Array
    confidence: Array
    rival_left: Array
    rival_right: Array
    rival_confidence: Array
    unique: Array
    copies: Array


def content_classes(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Number equal contents; `hashes` is ascending (canonical order)."""
    return np.asarray(np.cumsum(np.diff(hashes, prepend=hashes[:1]) != 0))


def choose(left: Array, right: Array, bits: Array, left_classes: Array, right_classes: Array) -> Choice:
    """Choose from pairs of positions with their evidence in bits; ties fall to the canonical order, which contents alone
    decide.
    """
    one, two = left_classes[left], right_classes[right]
    _, first = np.unique((one.astype(np.uint64) << np.uint64(32)) | two.astype(np.uint64), return_index=True)
    left_room, right_room = _Room(one, left), _Room(two, right)
    one, two, strength = one[first], two[first], np.minimum(bits[first], 60.0)
    confidence = with_rivals(one, two, strength)
    picked, flow = _pick(one, two, strength, confidence, left_room, right_room)
    rival = _best_rivals(one, two, confidence, picked)
    known = rival >= 0
    share = np.where(known, confidence[rival] / np.maximum(confidence[picked], 1e-300), 0.0)
    times = np.repeat(np.arange(len(picked)), flow)
    copies = (left_room.size(one[picked]) != right_room.size(two[picked])) & ~known
    return Choice(
        left=left_room.take(one[picked], flow),
        right=right_room.take(two[picked], flow),
        pair=first[picked][times],
        confidence=confidence[picked][times],
        rival_left=np.where(known, left[first][rival].astype(np.int64), -1)[times],
        rival_right=np.where(known, right[first][rival].astype(np.int64), -1)[times],
        rival_confidence=np.where(known, confidence[rival], np.nan)[times],
        unique=(share < RIVAL_SHARE)[times],
        copies=copies[times],
    )


class _Room:
    """How many records of each class are among the pairs, and which."""

    def __init__(self, classes: Array, positions: Array) -> None:
        self.positions, where = np.unique(positions, return_index=True)
        self.classes = classes[where]
        self.labels, self.starts, self.counts = np.unique(self.classes, return_index=True, return_counts=True)

    def size(self, classes: Array) -> Array:
        return self.counts[np.searchsorted(self.labels, classes)]

    def take(self, classes: Array, flow: Array) -> Array:
        """The next `flow` records of each class, in the order given."""
        used = np.zeros(len(self.labels), dtype=np.int64)
        places = np.searchsorted(self.labels, classes)
        before = _running_totals(places, flow, used)
        starts = np.repeat(self.starts[places] + before, flow)
        within = np.arange(int(flow.sum())) - np.repeat(np.cumsum(flow) - flow, flow)
        return np.asarray(self.positions[starts + within])


def _running_totals(places: Array, flow: Array, used: Array) -> Array:
    """For each entry the sum of earlier flows of the same place."""
    order = np.argsort(places, kind="stable")
    total = np.cumsum(flow[order]) - flow[order]
    heads = np.flatnonzero(np.diff(places[order], prepend=-1) != 0)
    base = np.repeat(total[heads], np.diff(np.append(heads, len(order))))
    before = np.empty_like(total)
    before[order] = total - base
    return before


def _pick(one: Array, two: Array, bits: Array, confidence: Array, left_room: _Room, right_room: _Room) -> tuple[Array, Array]:
    """The class pairs to take and how many matches each gives."""
    order = np.lexsort((two, one, -bits))
    left_free = left_room.counts.copy()
    right_free = right_room.counts.copy()
    left_place, right_place = np.searchsorted(left_room.labels, one), np.searchsorted(right_room.labels, two)
    flow = np.zeros(len(one), dtype=np.int64)
    single = _alone(left_place, right_place)
    flow[single] = np.minimum(left_free[left_place[single]], right_free[right_place[single]])
    rest = order[~single[order]]
    _greedy(rest, left_place, right_place, left_free, right_free, flow)
    _improve(rest, left_place, right_place, bits, left_room.counts, right_room.counts, flow)
    picked = np.flatnonzero(flow)
    return picked, flow[picked]


def _alone(left: Array, right: Array) -> Array:
    """Pairs whose classes have no other pair."""
    if not len(left):
        return np.zeros(0, dtype=np.bool_)
    return np.asarray((np.bincount(left)[left] == 1) & (np.bincount(right)[right] == 1))


def _greedy(order: Array, left: Array, right: Array, left_free: Array, right_free: Array, flow: Array) -> None:
    for pair in order.tolist():
        taken = min(left_free[left[pair]], right_free[right[pair]])
        if taken:
            flow[pair] = taken
            left_free[left[pair]] -= taken
            right_free[right[pair]] -= taken


def _improve(pairs: Array, left: Array, right: Array, bits: Array, left_counts: Array, right_counts: Array, flow: Array) -> None:
    """Solve components exactly in which the best-first choice left someone with less than the best, or both sides with
    someone alone.
    """
    if not len(pairs):
        return
    shift = len(left_counts)
    graph = coo_array((np.ones(len(pairs)), (left[pairs], right[pairs] + shift)), shape=(shift + len(right_counts),) * 2)
    _, label = connected_components(graph, directed=False)
    component = label[left[pairs]]
    best = np.full(shift + len(right_counts), -np.inf)
    np.maximum.at(best, left[pairs], bits[pairs])
    np.maximum.at(best, right[pairs] + shift, bits[pairs])
    content = (flow[pairs] > 0) & (bits[pairs] >= best[left[pairs]]) & (bits[pairs] >= best[right[pairs] + shift])
    matched = np.zeros(shift + len(right_counts), dtype=np.bool_)
    matched[left[pairs[flow[pairs] > 0]]] = True
    matched[right[pairs[flow[pairs] > 0]] + shift] = True
    lonely = np.intersect1d(component[~matched[left[pairs]]], component[~matched[right[pairs] + shift]])
    doubtful = np.union1d(component[(flow[pairs] > 0) & ~content], lonely)
    plural = np.unique(component[(left_counts[left[pairs]] > 1) | (right_counts[right[pairs]] > 1)])
    members = np.isin(component, np.setdiff1d(doubtful, plural))
    order = np.argsort(component[members], kind="stable")
    chosen, groups = pairs[members][order], component[members][order]
    for part in np.split(chosen, np.flatnonzero(np.diff(groups)) + 1) if len(chosen) else ():
        _solve(np.sort(part), left, right, bits, flow)


def _solve(part: Array, left: Array, right: Array, bits: Array, flow: Array) -> None:
    rows, row = np.unique(left[part], return_inverse=True)
    columns, column = np.unique(right[part], return_inverse=True)
    if len(rows) + len(columns) > COMPONENT_MAX:
        return
    gain = np.zeros((len(rows), len(columns)))
    gain[row, column] = np.logaddexp2(0.0, bits[part])  # of matching over leaving both alone
    best_rows, best_columns = linear_sum_assignment(gain, maximize=True)
    chosen = np.zeros(gain.shape, dtype=np.bool_)
    chosen[best_rows, best_columns] = gain[best_rows, best_columns] > 0
    flow[part] = chosen[row, column]


def _best_rivals(one: Array, two: Array, confidence: Array, picked: Array) -> Array:
    """For each picked pair the likeliest other pair that shares a class with it, or -1."""
    best = np.full(len(picked), -1, dtype=np.int64)
    strength = np.full(len(picked), -np.inf)
    for classes in (one, two):
        order = np.lexsort((np.arange(len(classes)), -confidence, classes))
        starts = np.flatnonzero(np.diff(classes[order], prepend=-1) != 0)
        first = order[starts]
        after = np.minimum(starts + 1, len(order) - 1)
        second = np.where((starts + 1 < len(order)) & (classes[order[after]] == classes[first]), order[after], -1)
        place = np.searchsorted(classes[first], classes[picked])
        rival = np.where(first[place] == picked, second[place], first[place])
        better = (rival >= 0) & (confidence[rival] > strength)
        best[better], strength[better] = rival[better], confidence[rival[better]]
    return best
