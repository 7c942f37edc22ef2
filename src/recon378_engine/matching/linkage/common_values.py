"""Which values are common, as a small table that is kept with the model: checksums of the forms of each rarity."""

import base64
import zlib

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from recon378_engine.matching.linkage.forms import Form
from recon378_engine.matching.linkage.keys import RARITY_SHIFT, Keys, one_row_a_key
from recon378_engine.matching.text_buffer import text_buffer

COMMON_VALUES_MAX = 60_000  # a comparison; the commonest first

CommonValues = dict[str, str]
"""Rarity → packed checksums of the values that are so common; a value in none of them is of the rarest kind, 0."""


def common_strings(keys: tuple[Keys, Keys], forms: tuple[Form, Form]) -> CommonValues:
    """The table of a comparison of strings, given its key column and the forms of both sides."""
    rows = one_row_a_key(*keys, 1)
    sums = [checksums(form.octets, form.offsets, mine, _CRC_TABLE) for form, mine in zip(forms, rows, strict=True)]
    return _by_rarity(keys, rows, sums)


def common_numbers(keys: tuple[Keys, Keys], numbers: tuple[NDArray[np.int64], NDArray[np.int64]]) -> CommonValues:
    """The table of a comparison of amounts, whose forms are their minor units written out."""
    rows = one_row_a_key(*keys, 1)
    sums = [
        checksums(*text_buffer(pl.Series(side[mine]).cast(pl.String)), np.arange(mine.shape[0]), _CRC_TABLE)
        for side, mine in zip(numbers, rows, strict=True)
    ]
    return _by_rarity(keys, rows, sums)


def _by_rarity(
    keys: tuple[Keys, Keys], rows: tuple[NDArray[np.int64], NDArray[np.int64]], sums: list[NDArray[np.uint32]]
) -> CommonValues:
    """One row stands for all that share its key."""
    rarity = np.concatenate([side[mine] >> np.uint32(RARITY_SHIFT) for side, mine in zip(keys, rows, strict=True)])
    every = np.concatenate(sums)
    found: CommonValues = {}
    room = COMMON_VALUES_MAX
    for bucket in range(5, 0, -1):
        chosen = np.unique(every[rarity == bucket])[:room]
        room -= chosen.shape[0]
        if chosen.shape[0]:
            found[str(bucket)] = pack(chosen)
    return found


def checksum(value: str) -> int:
    """A stable 32-bit number of a comparison form."""
    return zlib.crc32(value.encode())


# The table of CRC-32, got back from the checksums of single bytes.
_CRC_TABLE = np.array([zlib.crc32(bytes([octet ^ 0xFF])) ^ 0xFF000000 for octet in range(256)], np.uint32)


@njit(nogil=True, cache=True)
def checksums(
    octets: NDArray[np.uint8], offsets: NDArray[np.int64], rows: NDArray[np.int64], table: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """The checksum of each of some rows of forms."""
    ones = np.uint32(0xFFFFFFFF)
    sums = np.empty(rows.shape[0], np.uint32)
    for number in range(rows.shape[0]):
        state = ones
        for place in range(offsets[rows[number]], offsets[rows[number] + 1]):
            state = (state >> np.uint32(8)) ^ table[np.uint8(state & np.uint32(255)) ^ octets[place]]
        sums[number] = state ^ ones
    return sums


def pack(values: NDArray[np.uint32]) -> str:
    """Ascending numbers as text: differences, compressed, base 64."""
    ordered = np.sort(values)
    return base64.b64encode(zlib.compress(np.diff(ordered, prepend=np.uint32(0)).tobytes(), 6)).decode()


def unpack_numbers(text: str) -> NDArray[np.uint32]:
    return np.cumsum(np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint32), dtype=np.uint32)
