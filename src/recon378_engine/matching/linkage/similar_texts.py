"""Candidates without keys: for each text the most similar ones of the other side, by an inverted index of its rarer features."""

from collections.abc import Callable

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recon378_engine.matching.linkage.text_features import WORD_SLOTS, TextSide
from recon378_engine.running.local import for_chunks

Indices = NDArray[np.uint32]

NEIGHBOURS = 12  # kept for each text; the true one is rarely below the third place, the rest serve as rivals
STEPS_MIN, STEPS_PER_RECORD = 400_000_000, 400  # visits of the index allowed: a few seconds on one thread
CHUNK = 512


def nearest_texts(
    left: TextSide,
    right: TextSide,
    *,
    neighbours: int,
    threads: int,
    same: bool = False,
    rows_max: int | None = None,
    done: Callable[[float], None] | None = None,
) -> tuple[Indices, Indices]:
    """Pairs (left row, right row): the `neighbours` nearest right texts of each left text; with `same`, not the row itself.

    `rows_max` asks for the first so many left texts only.
    """
    heights = left.norms.shape[0], right.norms.shape[0]
    used = _affordable(left, right, max(STEPS_MIN, STEPS_PER_RECORD * max(heights)))
    starts, rows = _index(right.starts, right.ids, used)

    def work(start: int, stop: int) -> NDArray[np.int64]:
        return _nearest(left.starts, left.ids, left.norms, starts, rows, right.norms, left.weights, start, stop, neighbours, same)

    if heights[0] == 0 or heights[1] == 0:
        return np.empty(0, np.uint32), np.empty(0, np.uint32)
    rows_asked = heights[0] if rows_max is None else min(rows_max, heights[0])
    found = np.concatenate(for_chunks(work, rows_asked, threads=threads, chunk=CHUNK, done=done))
    place = np.flatnonzero(found.ravel() >= 0)
    return (place // neighbours).astype(np.uint32), found.ravel()[place].astype(np.uint32)


def _affordable(left: TextSide, right: TextSide, steps_max: int) -> NDArray[np.bool_]:
    """The features to index: the rarest first, while the visits they cost stay within the limit."""
    counts = [np.bincount(side.ids, minlength=2 * WORD_SLOTS) for side in (left, right)]
    cost = counts[0] * counts[1]
    shared = np.flatnonzero(cost)
    order = shared[np.argsort(cost[shared], kind="stable")]
    used = np.zeros(2 * WORD_SLOTS, np.bool_)
    used[order[np.cumsum(cost[order]) <= steps_max]] = True
    return used


@njit(nogil=True, cache=True)
def _index(
    starts: NDArray[np.int64], ids: NDArray[np.uint32], used: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    bounds = np.zeros(used.shape[0] + 1, np.int64)
    for place in range(ids.shape[0]):
        if used[ids[place]]:
            bounds[ids[place] + 1] += 1
    for feature in range(used.shape[0]):
        bounds[feature + 1] += bounds[feature]
    fill = bounds[:-1].copy()
    rows = np.empty(bounds[-1], np.uint32)
    for row in range(starts.shape[0] - 1):
        for place in range(starts[row], starts[row + 1]):
            feature = ids[place]
            if used[feature]:
                rows[fill[feature]] = row
                fill[feature] += 1
    return bounds, rows


@njit(nogil=True, cache=True)
def _nearest(
    left_starts: NDArray[np.int64], left_ids: NDArray[np.uint32], left_norms: NDArray[np.float32], bounds: NDArray[np.int64],
    rows: NDArray[np.uint32], right_norms: NDArray[np.float32], weights: NDArray[np.float32],
    start: int, stop: int, neighbours: int, same: bool,
) -> NDArray[np.int64]:  # fmt: skip
    found = np.full((stop - start, neighbours), -1, np.int64)
    shared = np.zeros(right_norms.shape[0], np.float32)
    touched = np.empty(right_norms.shape[0], np.uint32)
    best = np.empty(neighbours, np.float64)
    for left in range(start, stop):
        reached = 0
        for place in range(left_starts[left], left_starts[left + 1]):
            feature = left_ids[place]
            gain = weights[feature] * weights[feature]
            for posting in range(bounds[feature], bounds[feature + 1]):
                right = rows[posting]
                if shared[right] == 0.0:
                    touched[reached] = right
                    reached += 1
                shared[right] += gain
        kept = 0
        for step in range(reached):
            right = touched[step]
            smaller = min(left_norms[left], right_norms[right])
            score = np.float64(shared[right]) ** 2 / (np.float64(left_norms[left]) * right_norms[right] * smaller * smaller)
            shared[right] = 0.0
            if same and right == left:
                continue
            if kept == neighbours and score < best[kept - 1]:
                continue
            place = kept if kept < neighbours else neighbours - 1
            if kept == neighbours and score == best[place] and right > found[left - start, place]:
                continue
            while place > 0 and (
                best[place - 1] < score or (best[place - 1] == score and found[left - start, place - 1] > right)
            ):
                best[place] = best[place - 1]
                found[left - start, place] = found[left - start, place - 1]
                place -= 1
            best[place] = score
            found[left - start, place] = right
            kept = min(neighbours, kept + 1)
    return found
