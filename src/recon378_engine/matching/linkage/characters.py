"""The strings of each row side by side in one array of small character codes, whatever their script."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recon378_engine.matching.linkage.forms import Form
from recon378_engine.matching.linkage.start import Strings


@dataclass(frozen=True, slots=True)
class Characters:
    """Row r, string s starts at offsets[r] + lengths[r, :s].sum(); codes have 8 bits, or 16 above 256 characters."""

    offsets: NDArray[np.int64]
    lengths: NDArray[np.uint8]
    codes: NDArray[Any]

    @property
    def strings(self) -> Strings:
        return self.offsets, self.lengths, self.codes


def encode_characters(
    left_forms: list[Form], right_forms: list[Form], heights: tuple[int, int]
) -> tuple[Characters, Characters, int, int]:
    """(left, right, size of the alphabet, code of the blank) for the columns of both sides.

    Empties the first list: forms are large, and those of the left are needed no longer when the right is encoded.
    """
    is_ascii = all(form.is_ascii for form in [*left_forms, *right_forms])
    left = _one_side(left_forms, heights[0], is_ascii)
    left_forms.clear()
    right = _one_side(right_forms, heights[1], is_ascii)
    return (left, right, 256, 32) if is_ascii else _remapped(left, right)


def _one_side(forms: list[Form], height: int, is_ascii: bool) -> Characters:
    lengths = np.zeros((height, len(forms)), np.uint8)
    for number, form in enumerate(forms):
        _count(form.octets, form.offsets, lengths[:, number])
    sizes = lengths.sum(axis=1, dtype=np.int64)
    ends = np.cumsum(sizes)
    offsets = ends - sizes
    codes = np.zeros(max(1, int(ends[-1]) if height else 0), np.uint8 if is_ascii else np.uint32)
    places = offsets.copy()
    for form in forms:
        _write(form.octets, form.offsets, places, codes)
    return Characters(offsets, lengths, codes)


@njit(nogil=True, cache=True)
def _count(octets: NDArray[np.uint8], offsets: NDArray[np.int64], lengths: NDArray[np.uint8]) -> None:
    for row in range(lengths.shape[0]):
        characters = 0
        for place in range(offsets[row], offsets[row + 1]):
            characters += octets[place] & 0xC0 != 0x80
        lengths[row] = characters


@njit(nogil=True, cache=True)
def _write(octets: NDArray[np.uint8], offsets: NDArray[np.int64], places: NDArray[np.int64], codes: NDArray[Any]) -> None:
    """Write the code points of each row's UTF-8 where `places` says, and move the places behind them."""
    for row in range(places.shape[0]):
        here = places[row] - 1
        for place in range(offsets[row], offsets[row + 1]):
            octet = octets[place]
            if octet < 0x80:
                here += 1
                codes[here] = octet
            elif octet & 0xC0 != 0x80:
                here += 1
                codes[here] = octet & (0x1F if octet < 0xE0 else 0x0F if octet < 0xF0 else 0x07)
            else:
                codes[here] = codes[here] << 6 | octet & 0x3F
        places[row] = here + 1


def _remapped(left: Characters, right: Characters) -> tuple[Characters, Characters, int, int]:
    """Dense codes for the code points that occur: one byte each where they are few, else two."""
    seen = np.zeros(0x110000, np.bool_)
    for side in (left, right):
        seen[side.codes] = True
    dense = np.cumsum(seen) - 1
    few = int(seen.sum()) <= 256
    one, other = (
        Characters(side.offsets, side.lengths, dense[side.codes].astype(np.uint8 if few else np.uint16)) for side in (left, right)
    )
    return one, other, 256 if few else 65536, int(dense[32]) if seen[32] else 65535
