"""Who a text of the left may mean: the parties of the right with the most words in common, and the pairs that follow."""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recon378_engine.matching.calendars import ordinals
from recon378_engine.matching.entries import NO_DATE
from recon378_engine.matching.outcome import Pool
from recon378_engine.matching.conditions import DateWithin
from recon378_engine.matching.sides import Sides

PARTIES_MAX = 200  # parties that a text may mean; more than that and it means none
NEARLY_BEST = 0.75  # a party this close to the best in words is a rival
POSTINGS_MAX = 50_000  # parties that share a word before it is too common to find anyone by
ROWS_MAX = 400  # records of one party inside the window of one record
Array = NDArray[Any]


def pairs(sides: Sides, pool: Pool, window: DateWithin | None) -> tuple[Array, Array]:
    """Pairs of the pool whose texts may mean the same party and whose dates lie in the window."""
    left_place, party = resolve(sides, pool.left)
    if window is None:
        days_left = np.zeros(len(sides.book.left.date), dtype=np.int32)
        days_right = np.zeros(len(sides.book.right.date), dtype=np.int32)
        start = end = 0
    else:
        both = ordinals(np.concatenate([sides.book.left.date, sides.book.right.date]), window)
        days_left, days_right = both[: sides.left.height], both[sides.left.height :]
        start, end = window.start, window.end
    right = pool.right[sides.texts.party[pool.right] >= 0]
    order = np.lexsort((right, days_right[right], sides.texts.party[right]))
    right = right[order]
    bounds = np.zeros(len(sides.texts.party_share) + 1, dtype=np.int64)
    np.cumsum(np.bincount(sides.texts.party[right], minlength=len(bounds) - 1), out=bounds[1:])
    left = pool.left[left_place]
    days = np.where(days_left[left] == NO_DATE, np.int64(2**40), days_left[left].astype(np.int64))
    return _expand(left, days, party, right, days_right[right], bounds, sides.book.left.currency, sides.book.right.currency, start, end)


def resolve(sides: Sides, left: Array) -> tuple[Array, Array]:
    """For each record of `left` the parties it may mean: (place in `left`, party), best first."""
    index = sides.texts
    offsets, postings, totals = _postings(sides)
    place, party = _resolve(
        left, index.left.offsets, index.left.ids, index.left.total, index.weight, index.alternative_offsets, index.alternatives,
        offsets, postings, totals,
    )  # fmt: skip
    return place, party


def _postings(sides: Sides) -> tuple[Array, Array, Array]:
    """The parties that use each word (as ranges of one array), and the weight of each party's words."""
    words, party = sides.texts.right, sides.texts.party
    filled = np.flatnonzero(party >= 0)
    _, first = np.unique(party[filled], return_index=True)
    rows = filled[first]
    counts = words.offsets[rows + 1] - words.offsets[rows]
    owner = np.repeat(np.arange(len(rows), dtype=np.int32), counts)
    starts = np.repeat(words.offsets[rows] - np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64), counts)
    ids = words.ids[starts + np.arange(len(owner))] if len(owner) else np.empty(0, dtype=np.int32)
    order = np.lexsort((owner, ids))
    offsets = np.zeros(len(sides.texts.weight) + 1, dtype=np.int64)
    np.cumsum(np.bincount(ids, minlength=len(sides.texts.weight)), out=offsets[1:])
    return offsets, owner[order], words.total[rows]


@njit(cache=True, nogil=True)
def _resolve(
    left: Any, l_offsets: Any, l_ids: Any, l_total: Any, weight: Any, alternative_offsets: Any, alternatives: Any,
    offsets: Any, postings: Any, totals: Any,
) -> Any:  # fmt: skip  # pragma: no cover - compiled
    score = np.zeros(len(totals), dtype=np.float32)
    touched = np.empty(len(totals), dtype=np.int32)
    places = np.empty(len(left) * 4 + PARTIES_MAX, dtype=np.int64)
    parties = np.empty(len(left) * 4 + PARTIES_MAX, dtype=np.int32)
    found = 0
    for place in range(len(left)):
        row = left[place]
        count = 0
        for one in range(l_offsets[row], l_offsets[row + 1]):
            word = l_ids[one]
            for step in range(alternative_offsets[word] - 1, alternative_offsets[word + 1]):
                same = step < alternative_offsets[word]
                other = word if same else alternatives[step]
                if offsets[other + 1] - offsets[other] > POSTINGS_MAX:
                    continue
                gain = weight[other] if same else 0.7 * weight[other]
                for posting in range(offsets[other], offsets[other + 1]):
                    party = postings[posting]
                    if score[party] == 0.0:
                        touched[count] = party
                        count += 1
                    score[party] += gain
        best = 0.0
        for index in range(count):
            party = touched[index]
            score[party] = min(1.0, score[party] / max(0.001, min(l_total[row], totals[party])))
            best = max(best, score[party])
        kept = 0
        if best >= 0.35:
            for index in range(count):
                if score[touched[index]] >= best * NEARLY_BEST:
                    kept += 1
            if kept <= PARTIES_MAX:
                if found + kept > len(places):
                    places = np.append(places, np.empty(len(places), dtype=np.int64))
                    parties = np.append(parties, np.empty(len(parties), dtype=np.int32))
                for index in range(count):
                    if score[touched[index]] >= best * NEARLY_BEST:
                        places[found] = place
                        parties[found] = touched[index]
                        found += 1
        for index in range(count):
            score[touched[index]] = 0.0
    return places[:found], parties[:found]


@njit(cache=True, nogil=True)
def _expand(
    left: Any, days: Any, party: Any, right: Any, right_days: Any, bounds: Any, l_currency: Any, r_currency: Any, start: Any, end: Any
) -> Any:  # pragma: no cover - compiled
    total = 0
    for fill in range(2):
        if fill == 1:
            out_left = np.empty(total, dtype=np.uint32)
            out_right = np.empty(total, dtype=np.uint32)
        place = 0
        for row in range(len(left)):
            low, high = bounds[party[row]], bounds[party[row] + 1]
            first = low + np.searchsorted(right_days[low:high], days[row] + start)
            for index in range(first, min(high, first + ROWS_MAX)):
                if right_days[index] > days[row] + end:
                    break
                one, two = l_currency[left[row]], r_currency[right[index]]
                if one == two or one < 0 or two < 0:
                    if fill == 1:
                        out_left[place] = left[row]
                        out_right[place] = right[index]
                    place += 1
        total = place
    return out_left, out_right
