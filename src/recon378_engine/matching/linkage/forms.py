"""Comparison forms as flat bytes: what `normalise` makes of a column, made by one kernel where the column is ASCII.

Four times as fast as the polars expressions of `normalise`, which say what the forms are and make those of all other columns.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from recon378_engine.matching.fingerprint import mix
from recon378_engine.matching.linkage.comparison import Comparison
from recon378_engine.matching.linkage.normalise import ADDRESS_WORDS, PHONE_DIGITS, Part, normalised
from recon378_engine.matching.linkage.similarity import LONGEST
from recon378_engine.matching.text_buffer import text_buffer
from recon378_engine.table import Role

Octets = NDArray[np.uint8]
Offsets = NDArray[np.int64]
Hashes = NDArray[np.uint64]

_WORDS, _LETTERS, _DIGITS, _STRIPPED = 0, 1, 2, 3  # what is kept of a value
_DROPPED, _APART = 0, 1
_WORD_SLOTS = 1 << 12


@dataclass(frozen=True, slots=True)
class Form:
    """The form of row r is the UTF-8 octets[offsets[r]:offsets[r + 1]], at most LONGEST characters; an empty one is missing."""

    octets: Octets
    offsets: Offsets

    @property
    def is_ascii(self) -> bool:
        return not bool((self.octets & np.uint8(0x80)).any())


@dataclass(frozen=True, slots=True)
class _Recipe:
    """How one role's forms are made of lower-case ASCII: what is kept, and what else is done with it."""

    kept: int
    zeros_cut: bool = False
    tail: int = LONGEST
    shortened: bool = False  # the words of addresses


_NAME = _Recipe(_WORDS)
_KEY = _Recipe(_LETTERS, zeros_cut=True)
_RECIPES = {
    Role.ADDRESS: _Recipe(_WORDS, shortened=True),
    Role.POSTCODE: _Recipe(_LETTERS),
    Role.PHONE: _Recipe(_DIGITS, tail=PHONE_DIGITS),
    Role.EMAIL: _Recipe(_STRIPPED),
    Role.IDENTIFIER: _KEY,
    Role.REFERENCE: _KEY,
    Role.DATE: _KEY,
    Role.VALUE_DATE: _KEY,
}
_IN_POLARS = frozenset({Role.PERSON_NAME, Role.ORGANISATION})


def form_of(frame: pl.DataFrame, comparison: Comparison, names: tuple[str, ...]) -> Form:
    """The forms of one side's columns for a comparison of strings."""
    if len(names) == 1 and comparison.part is Part.WHOLE and comparison.role not in _IN_POLARS:
        octets, offsets = text_buffer(frame.get_column(names[0]).cast(pl.String))
        recipe = _RECIPES.get(comparison.role, _NAME)
        signs, stripped = _SIGNS[recipe.kept], recipe.kept == _STRIPPED
        made = _made(octets, offsets, signs, stripped, recipe.zeros_cut, recipe.tail, recipe.shortened, *_TABLE)
        if made[0].shape[0] or not octets.shape[0]:
            return Form(made[0], made[1])
    return flat(normalised(frame, comparison.role, names, comparison.part).str.head(LONGEST))


def flat(values: pl.Series) -> Form:
    """Forms that polars made."""
    return Form(*text_buffer(values))


def form_hashes(form: Form, letters: int = LONGEST) -> Hashes:
    """64-bit hashes of the first letters of each form, 0 for a missing one; the same in every version of every library."""
    return _hashes(form.octets, form.offsets, letters)


@njit(nogil=True, cache=True)
def _hashes(octets: Octets, offsets: Offsets, letters: int) -> Hashes:
    hashes = np.zeros(offsets.shape[0] - 1, np.uint64)
    for row in range(hashes.shape[0]):
        if offsets[row] < offsets[row + 1]:
            state, word, taken, begun = np.uint64(0x9E3779B97F4A7C15), np.uint64(0), 0, 0
            for place in range(offsets[row], offsets[row + 1]):
                octet = octets[place]
                begun += octet & 0xC0 != 0x80
                if begun > letters:
                    break
                word = (word << np.uint64(8)) | np.uint64(octet)
                taken += 1
                if taken & 7 == 0:
                    state = mix(state ^ word)
                    word = np.uint64(0)
            hashes[row] = mix(mix(state ^ word) ^ np.uint64(taken)) | np.uint64(1)
    return hashes


@njit(nogil=True, cache=True)
def _made(
    octets: Octets, offsets: Offsets, signs: Octets, stripped: bool, zeros_cut: bool, tail: int, shortened: bool,
    word_hashes: Hashes, shorts: Octets, short_lengths: Octets,
) -> tuple[Octets, Offsets]:  # fmt: skip
    """Forms of an ASCII column; no octets at all where a value is not ASCII."""
    high = np.uint8(0)
    for place in range(octets.shape[0]):
        high |= octets[place]
    if high & 0x80:
        return np.empty(0, np.uint8), offsets
    out = np.empty(octets.shape[0] + octets.shape[0] // 2 + 2 * offsets.shape[0], np.uint8)
    scratch = np.empty(np.diff(offsets).max() + 1 if shortened and offsets.shape[0] > 1 else 0, np.uint8)
    ends = np.zeros(offsets.shape[0], np.int64)
    for row in range(offsets.shape[0] - 1):
        first = ends[row]
        if stripped:
            last = _stripped(octets, offsets[row], offsets[row + 1], out, first, signs)
        elif shortened:
            length = _kept(octets, offsets[row], offsets[row + 1], scratch, 0, signs)
            last = _shortened(scratch, length, out, first, word_hashes, shorts, short_lengths)
        else:
            last = _kept(octets, offsets[row], offsets[row + 1], out, first, signs)
        begin = max(first, last - tail) if tail < LONGEST else first
        while zeros_cut and begin < last and out[begin] == 48:
            begin += 1
        length = min(last - begin, LONGEST)
        for place in range(length if begin > first else 0):
            out[first + place] = out[begin + place]
        ends[row + 1] = first + length
    return out[: ends[-1]].copy(), ends


@njit(nogil=True, cache=True)
def _stripped(octets: Octets, start: int, stop: int, out: Octets, first: int, signs: Octets) -> int:
    """Write a value without the blanks around it to `out` from `first` on and return where it ends."""
    while start < stop and _is_space(octets[start]):
        start += 1
    while start < stop and _is_space(octets[stop - 1]):
        stop -= 1
    for place in range(start, stop):
        out[first + place - start] = signs[octets[place]]
    return first + stop - start


@njit(nogil=True, cache=True)
def _is_space(octet: int) -> bool:
    return 9 <= octet <= 13 or octet == 32


@njit(nogil=True, cache=True)
def _kept(octets: Octets, start: int, stop: int, out: Octets, first: int, signs: Octets) -> int:
    """Write what is kept of a value to `out` from `first` on and return where it ends."""
    end, apart = first, False
    for place in range(start, stop):
        sign = signs[octets[place]]
        if sign > _APART:
            if apart and end > first:
                out[end] = 32
                end += 1
            out[end] = sign
            end += 1
            apart = False
        elif sign == _APART:
            apart = True
    return end


@njit(nogil=True, cache=True)
def _shortened(
    words: Octets, length: int, out: Octets, first: int, word_hashes: Hashes, shorts: Octets, short_lengths: Octets
) -> int:
    """Write an address with its words shortened. A word behind a shortened one stays, as where both share one blank."""
    end, start, eligible = first, 0, True
    while start < length:
        stop, mixed = start, np.uint64(1469598103934665603)
        while stop < length and words[stop] != 32:
            mixed = (mixed ^ np.uint64(words[stop])) * np.uint64(1099511628211)
            out[end + stop - start] = words[stop]
            stop += 1
        slot = np.int64(mixed >> np.uint64(20)) & (_WORD_SLOTS - 1)
        found = eligible and word_hashes[slot] == mixed
        for place in range(short_lengths[slot] if found else 0):
            out[end + place] = shorts[slot, place]
        end += short_lengths[slot] if found else stop - start
        eligible = not found
        if stop < length:
            out[end] = 32
            end += 1
        start = stop + 1
    return end


def _signs() -> NDArray[np.uint8]:
    """(what is kept, 256): what each ASCII byte becomes; _DROPPED, or _APART where it stands between words."""
    every = np.arange(256, dtype=np.uint8)
    lower = np.where((every >= 65) & (every <= 90), every + 32, every).astype(np.uint8)
    digits = (every >= 48) & (every <= 57)
    letters = digits | ((lower >= 97) & (lower <= 122))
    apostrophes = np.isin(every, [39, 96])  # they stand inside words
    words = np.where(letters, lower, np.where(apostrophes, _DROPPED, _APART))
    return np.stack([words, np.where(letters, lower, _DROPPED), np.where(digits, every, _DROPPED), lower]).astype(np.uint8)


def _word_table() -> tuple[Hashes, Octets, Octets]:
    """For each slot of a hash table: hash of a word of addresses (0 where none is), its short form, and how long that is."""
    hashes, shorts = np.zeros(_WORD_SLOTS, np.uint64), np.zeros((_WORD_SLOTS, 4), np.uint8)
    lengths = np.zeros(_WORD_SLOTS, np.uint8)
    for word, short in ADDRESS_WORDS.items():
        mixed = 1469598103934665603
        for octet in word.encode():
            mixed = (mixed ^ octet) * 1099511628211 & 0xFFFFFFFFFFFFFFFF
        slot = mixed >> 20 & (_WORD_SLOTS - 1)
        if hashes[slot]:
            raise ValueError(f"'{word}' shares its slot with another word of addresses; choose another _WORD_SLOTS.")
        hashes[slot], lengths[slot] = mixed, len(short)
        shorts[slot, : len(short)] = np.frombuffer(short.encode(), np.uint8)
    return hashes, shorts, lengths


_TABLE: Any = _word_table()
_SIGNS = _signs()
