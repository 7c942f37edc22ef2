"""Who a text of the left may mean: the parties of the right with the most words in common, and the pairs that follow.

A party is found by two of its words at once; a text of which only one word is left finds those who have it, if they are few.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recon378_engine.matching.books.calendars import ordinals
from recon378_engine.matching.books.entries import NO_DATE, Book
from recon378_engine.matching.books.texts import TextIndex, common_weight, set_keys
from recon378_engine.matching.outcome import Pool
from recon378_engine.matching.rulesets.conditions import DateWithin
from recon378_engine.running.local import for_chunks, thread_count

PARTIES_MAX = 200  # parties that a text may mean; more than that and it means none
KEY_WORDS_MAX = 6  # rarest words of a text that are looked up in twos
ROWS_MAX = 400  # records of one party inside the window of one record
CHUNK_TEXTS = 8_192
Array = NDArray[Any]


class PartyIndex:
    """The parties of the right by their words; what a text of the left means is worked out once and kept."""

    def __init__(self, texts: TextIndex, threads: int = 0) -> None:
        self.texts = texts
        self.threads = thread_count(threads)
        filled = np.flatnonzero(texts.party >= 0)
        _, first = np.unique(texts.party[filled], return_index=True)
        self.rows = filled[first]
        self.single_keys, self.single_parties = _single_words(texts, self.rows)
        self.double_keys, self.double_parties = _double_words(texts, self.rows)
        keys = set_keys(texts.left.offsets, texts.left.ids)
        _, self.sample, self.text_of = np.unique(keys, return_index=True, return_inverse=True)
        self.done = np.zeros(len(self.sample), dtype=np.bool_)
        self.starts = np.zeros(len(self.sample), dtype=np.int64)
        self.counts = np.zeros(len(self.sample), dtype=np.int64)
        self.found = np.empty(0, dtype=np.int32)

    def resolve(self, left: Array) -> tuple[Array, Array]:
        """For each record of `left` the parties it may mean: (place in `left`, party)."""
        texts = self.text_of[left]
        fresh = np.unique(texts[~self.done[texts]])
        if len(fresh):
            self._work_out(fresh)
        counts = self.counts[texts]
        place = np.repeat(np.arange(len(left)), counts)
        within = np.arange(len(place)) - np.repeat(np.cumsum(counts) - counts, counts)
        return place, self.found[np.repeat(self.starts[texts], counts) + within]

    def _work_out(self, fresh: Array) -> None:
        rows = self.sample[fresh]
        index = self.texts

        def work(start: int, stop: int) -> tuple[Array, Array]:
            counts, found = _resolve(
                rows[start:stop], index.left.offsets, index.left.ids, index.left.total, index.weight, index.alternative_offsets,
                index.alternatives, self.single_keys, self.single_parties, self.double_keys, self.double_parties, self.rows,
                index.right.offsets, index.right.ids, index.right.total,
            )  # fmt: skip
            return counts, found

        parts = for_chunks(work, len(rows), threads=self.threads, chunk=CHUNK_TEXTS)
        counts = np.concatenate([part[0] for part in parts])
        self.counts[fresh] = counts
        self.starts[fresh] = np.cumsum(counts) - counts + len(self.found)
        self.found = np.concatenate([self.found, *(part[1] for part in parts)])
        self.done[fresh] = True


def pairs(book: Book, index: PartyIndex, pool: Pool, window: DateWithin | None) -> tuple[Array, Array]:
    """Pairs of the pool whose texts may mean the same party, whose currencies agree and whose dates lie in the window."""
    left_place, party = index.resolve(pool.left)
    days_left, days_right = np.zeros(len(book.left.date), dtype=np.int32), np.zeros(len(book.right.date), dtype=np.int32)
    start = end = 0
    if window is not None:
        both = ordinals(np.concatenate([book.left.date, book.right.date]), window)
        days_left, days_right = both[: len(days_left)], both[len(days_left) :]
        start, end = window.start, window.end
    parties = index.texts.party
    right = pool.right[parties[pool.right] >= 0]
    right = right[np.lexsort((right, days_right[right], parties[right]))]
    bounds = np.zeros(len(index.texts.party_share) + 1, dtype=np.int64)
    np.cumsum(np.bincount(parties[right], minlength=len(bounds) - 1), out=bounds[1:])
    left = pool.left[left_place]
    days = np.where(days_left[left] == NO_DATE, np.int64(2**40), days_left[left].astype(np.int64))
    return _expand(left, days, party, right, days_right[right], bounds, book.left.currency, book.right.currency, start, end)  # type: ignore[no-any-return]


def _single_words(texts: TextIndex, rows: Array) -> tuple[Array, Array]:
    """(word, party) for every word of every party, by word."""
    offsets, ids = texts.right.offsets, texts.right.ids
    counts = offsets[rows + 1] - offsets[rows]
    owner = np.repeat(np.arange(len(rows), dtype=np.int32), counts)
    places = np.repeat(offsets[rows] - (np.cumsum(counts) - counts), counts) + np.arange(len(owner))
    words = ids[places]
    order = np.lexsort((owner, words))
    return words[order].astype(np.uint64), owner[order]


def _double_words(texts: TextIndex, rows: Array) -> tuple[Array, Array]:
    """(two words as one key, party) for the rarest words of every party, by key."""
    keys, owner = _twos(rows, texts.right.offsets, texts.right.ids, texts.weight)
    order = np.lexsort((owner, keys))
    return keys[order], owner[order]


@njit(cache=True, nogil=True)
def _rarest(offsets: Any, ids: Any, weight: Any, row: Any, out: Any) -> Any:  # pragma: no cover - compiled
    """Write the up to len(out) heaviest words of a row to `out`; ties fall to the smaller id."""
    count = 0
    for place in range(offsets[row], offsets[row + 1]):
        word = ids[place]
        at = count
        while at > 0 and weight[out[at - 1]] < weight[word]:
            at -= 1
        if at < len(out):
            for move in range(min(count, len(out) - 1), at, -1):
                out[move] = out[move - 1]
            out[at] = word
            count = min(count + 1, len(out))
    return count


@njit(cache=True, nogil=True)
def _twos(rows: Any, offsets: Any, ids: Any, weight: Any) -> Any:  # pragma: no cover - compiled
    words = np.empty(6, dtype=np.int32)
    keys = np.empty(len(rows) * 15, dtype=np.uint64)
    owner = np.empty(len(rows) * 15, dtype=np.int32)
    found = 0
    for party in range(len(rows)):
        count = _rarest(offsets, ids, weight, rows[party], words)
        for one in range(count):
            for two in range(one + 1, count):
                keys[found] = _key(words[one], words[two])
                owner[found] = party
                found += 1
    return keys[:found], owner[:found]


@njit(cache=True, nogil=True)
def _key(one: Any, two: Any) -> Any:  # pragma: no cover - compiled
    low, high = min(one, two), max(one, two)
    return (np.uint64(low) << np.uint64(32)) | np.uint64(high)


@njit(cache=True, nogil=True)
def _resolve(  # noqa: C901  # one loop over texts; numba pays for every call it makes
    rows: Any, l_offsets: Any, l_ids: Any, l_total: Any, weight: Any, alternative_offsets: Any, alternatives: Any,
    single_keys: Any, single_parties: Any, double_keys: Any, double_parties: Any, party_rows: Any,
    r_offsets: Any, r_ids: Any, r_total: Any,
) -> Any:  # fmt: skip  # pragma: no cover - compiled
    score = np.full(len(party_rows), -1.0, dtype=np.float32)
    touched = np.empty(len(party_rows), dtype=np.int32)
    counts = np.zeros(len(rows), dtype=np.int64)
    out = np.empty(len(rows) * 4 + 200, dtype=np.int32)
    words = np.empty(6, dtype=np.int32)
    total = 0
    for place in range(len(rows)):
        row = rows[place]
        known = _rarest(l_offsets, l_ids, weight, row, words)
        count = 0
        for one in range(known):
            for two in range(one + 1, known):
                count = _meet_two(
                    words[one], words[two], alternative_offsets, alternatives, double_keys, double_parties, score, touched, count
                )
        if count == 0:
            for one in range(known):
                count = _meet_one(
                    words[one], alternative_offsets, alternatives, single_keys, single_parties, score, touched, count
                )
        best = 0.0
        for index in range(count):
            party = touched[index]
            other = party_rows[party]
            smaller = max(0.001, min(l_total[row], r_total[other]))
            shared = common_weight(row, other, l_offsets, l_ids, r_offsets, r_ids, weight, alternative_offsets, alternatives)
            value = min(1.0, shared / smaller)
            score[party] = value
            best = max(best, value)
        kept = 0
        for index in range(count):
            if best >= 0.35 and score[touched[index]] >= 0.75 * best:
                kept += 1
        if kept > 200:
            kept = 0
        if total + kept > len(out):
            out = np.append(out, np.empty(len(out), dtype=np.int32))
        for index in range(count):
            if kept > 0 and score[touched[index]] >= 0.75 * best:
                out[total] = touched[index]
                total += 1
            score[touched[index]] = -1.0
        counts[place] = kept
    return counts, out[:total]


@njit(cache=True, nogil=True)
def _meet_two(
    one: Any, two: Any, alternative_offsets: Any, alternatives: Any, keys: Any, parties: Any, score: Any, touched: Any, count: Any
) -> Any:  # pragma: no cover - compiled
    """Touch the parties that have both words, or words that these may stand for."""
    for first in range(alternative_offsets[one] - 1, alternative_offsets[one + 1]):
        this = one if first < alternative_offsets[one] else alternatives[first]
        for second in range(alternative_offsets[two] - 1, alternative_offsets[two + 1]):
            that = two if second < alternative_offsets[two] else alternatives[second]
            count = _touch(_key(this, that), keys, parties, score, touched, count, 5_000)
    return count


@njit(cache=True, nogil=True)
def _meet_one(
    word: Any, alternative_offsets: Any, alternatives: Any, keys: Any, parties: Any, score: Any, touched: Any, count: Any
) -> Any:  # pragma: no cover - compiled
    for step in range(alternative_offsets[word] - 1, alternative_offsets[word + 1]):
        this = word if step < alternative_offsets[word] else alternatives[step]
        count = _touch(np.uint64(this), keys, parties, score, touched, count, 200)
    return count


@njit(cache=True, nogil=True)
def _touch(
    key: Any, keys: Any, parties: Any, score: Any, touched: Any, count: Any, most: Any
) -> Any:  # pragma: no cover - compiled
    start = np.searchsorted(keys, key)
    stop = start
    while stop < len(keys) and keys[stop] == key:
        stop += 1
        if stop - start > most:
            return count
    for place in range(start, stop):
        party = parties[place]
        if score[party] < 0.0:
            score[party] = 0.0
            touched[count] = party
            count += 1
    return count


@njit(cache=True, nogil=True)
def _expand(
    left: Any,
    days: Any,
    party: Any,
    right: Any,
    right_days: Any,
    bounds: Any,
    l_currency: Any,
    r_currency: Any,
    start: Any,
    end: Any,
) -> Any:  # pragma: no cover - compiled
    out_left = np.empty(0, dtype=np.uint32)
    out_right = np.empty(0, dtype=np.uint32)
    for fill in range(2):
        total = 0
        for row in range(len(left)):
            low, high = bounds[party[row]], bounds[party[row] + 1]
            first = low + np.searchsorted(right_days[low:high], days[row] + start)
            for index in range(first, min(high, first + 400)):
                if right_days[index] > days[row] + end:
                    break
                one, two = l_currency[left[row]], r_currency[right[index]]
                if one == two or one < 0 or two < 0:
                    if fill == 1:
                        out_left[total] = left[row]
                        out_right[total] = right[index]
                    total += 1
        if fill == 0:
            out_left = np.empty(total, dtype=np.uint32)
            out_right = np.empty(total, dtype=np.uint32)
    return out_left, out_right
