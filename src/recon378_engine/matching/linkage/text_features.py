"""Texts as weighted features: words, words without their marks (model numbers), and groups of four letters across words."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

LONGEST_TEXT = 400  # characters
WORD_SLOTS = 1 << 21  # features are hashed: words below this, letter groups from here on to twice this
GRAM_LETTERS = 4
_SPACE, _HYPHEN = 32, 45


@dataclass(frozen=True, slots=True)
class TextSide:
    """Row r has the features ids[starts[r]:starts[r + 1]], ascending. `weights` and `counts` by feature serve both sides."""

    starts: NDArray[np.int64]
    ids: NDArray[np.uint32]
    norms: NDArray[np.float32]
    weights: NDArray[np.float32]  # inverse document frequency, natural log
    counts: NDArray[np.int32]  # records of both sides that hold the feature


def encode_texts(left: pl.Series, right: pl.Series) -> tuple[TextSide, TextSide]:
    """Features of two columns of normalised texts (see `normalise`), weighted by how rare they are in both together."""
    sides = [features(values) for values in (left, right)]
    counts = sum((np.bincount(ids, minlength=2 * WORD_SLOTS) for _, ids in sides), np.zeros(2 * WORD_SLOTS, np.int64)).astype(
        np.int32
    )
    weights = np.log((left.len() + right.len() + 1) / np.maximum(counts, 1)).astype(np.float32)
    one, other = (TextSide(starts, ids, _norms(starts, ids, weights), weights, counts) for starts, ids in sides)
    return one, other


def features(values: pl.Series) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    cut = values.fill_null("").str.head(LONGEST_TEXT)
    lengths = cut.str.len_chars().to_numpy().astype(np.int64)
    ends = np.cumsum(lengths)
    everything = cut.str.join("").item() if cut.len() else ""
    codes = np.frombuffer(everything.encode("utf-32-le"), np.uint32) if everything else np.zeros(1, np.uint32)
    return _tokenise(codes, ends - lengths, lengths)


@njit(nogil=True, cache=True)
def _slot(mixed: np.uint64) -> np.uint32:
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.uint32((mixed ^ (mixed >> np.uint64(32))) & np.uint64(WORD_SLOTS - 1))


@njit(nogil=True, cache=True)
def _tokenise(  # noqa: C901  # one pass over the characters
    codes: NDArray[np.uint32], offsets: NDArray[np.int64], lengths: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Distinct feature ids of each row, ascending."""
    basis, prime = np.uint64(1469598103934665603), np.uint64(1099511628211)
    starts = np.zeros(lengths.shape[0] + 1, np.int64)
    room = 0
    for row in range(lengths.shape[0]):
        room += 3 * lengths[row] + 2
    ids = np.empty(room, np.uint32)
    buffer = np.empty(3 * LONGEST_TEXT + 3, np.uint32)
    letters = np.empty(LONGEST_TEXT, np.uint64)
    filled = 0
    for row in range(lengths.shape[0]):
        found = 0
        kept = 0
        word, part = basis, basis
        in_word, in_part = 0, 0
        for place in range(lengths[row] + 1):
            code = np.uint32(_SPACE) if place == lengths[row] else codes[offsets[row] + place]
            if code in (_SPACE, _HYPHEN):
                if in_part:
                    buffer[found] = _slot(part)
                    found += 1
                if code == _SPACE:
                    if in_word > in_part:
                        buffer[found] = _slot(word)
                        found += 1
                    word, in_word = basis, 0
                part, in_part = basis, 0
                continue
            word = (word ^ np.uint64(code)) * prime
            part = (part ^ np.uint64(code)) * prime
            in_word += 1
            in_part += 1
            letters[kept] = np.uint64(code)
            kept += 1
        for place in range(max(kept - GRAM_LETTERS + 1, min(kept, 1))):
            gram = basis
            for step in range(place, min(kept, place + GRAM_LETTERS)):
                gram = (gram ^ letters[step]) * prime
            buffer[found] = _slot(gram) + np.uint32(WORD_SLOTS)
            found += 1
        ordered = np.sort(buffer[:found])
        for place in range(found):
            if place == 0 or ordered[place] != ordered[place - 1]:
                ids[filled] = ordered[place]
                filled += 1
        starts[row + 1] = filled
    return starts, ids[:filled].copy()


@njit(nogil=True, cache=True)
def _norms(starts: NDArray[np.int64], ids: NDArray[np.uint32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    norms = np.zeros(starts.shape[0] - 1, np.float32)
    for row in range(norms.shape[0]):
        total = 0.0
        for place in range(starts[row], starts[row + 1]):
            total += np.float64(weights[ids[place]]) ** 2
        norms[row] = np.sqrt(total)
    return norms


@njit(nogil=True, cache=True)
def text_similarity(
    one: NDArray[np.uint32],
    one_norm: float,
    other: NDArray[np.uint32],
    other_norm: float,
    weights: NDArray[np.float32],
    counts: NDArray[Any],
) -> tuple[float, int]:
    """(geometric mean of cosine and containment in 0..1, records that hold the rarest shared word or 0 without one)."""
    if one_norm <= 0.0 or other_norm <= 0.0:
        return 0.0, 0
    shared = 0.0
    rarest = 0
    left, right = 0, 0
    while left < one.shape[0] and right < other.shape[0]:
        if one[left] < other[right]:
            left += 1
        elif one[left] > other[right]:
            right += 1
        else:
            feature = one[left]
            shared += np.float64(weights[feature]) ** 2
            if feature < WORD_SLOTS and (rarest == 0 or counts[feature] < rarest):
                rarest = counts[feature]
            left += 1
            right += 1
    cosine = shared / (one_norm * other_norm)
    contained = shared / min(one_norm, other_norm) ** 2
    return min(1.0, np.sqrt(cosine * contained)), rarest
