"""The strings of each row side by side in one array of small character codes, whatever their script."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

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
    strings: list[tuple[pl.Series, pl.Series]], heights: tuple[int, int]
) -> tuple[Characters, Characters, int, int]:
    """(left, right, size of the alphabet, code of the blank) for pairs of String columns, each value at most 255 characters."""
    left, right = (_one_side([pair[side] for pair in strings], heights[side]) for side in (0, 1))
    if left.codes.dtype == np.uint8 and right.codes.dtype == np.uint8:
        return left, right, 256, 32
    return _remapped(left, right)


def _one_side(strings: list[pl.Series], height: int) -> Characters:
    if not strings:
        return Characters(np.zeros(height, np.int64), np.zeros((height, 0), np.uint8), np.zeros(1, np.uint8))
    lengths = np.stack([values.str.len_chars().fill_null(0).to_numpy().astype(np.uint8) for values in strings], axis=1)
    together = pl.DataFrame([values.alias(str(number)) for number, values in enumerate(strings)])
    codes = code_points(together.select(row=pl.concat_str(pl.all().fill_null(""))).get_column("row"))
    sizes = lengths.sum(axis=1, dtype=np.int64)
    offsets = np.cumsum(sizes) - sizes
    return Characters(offsets, np.ascontiguousarray(lengths), codes if codes.size else np.zeros(1, np.uint8))


def code_points(values: pl.Series) -> NDArray[Any]:
    """All characters of a String series without nulls in a row: bytes where all are ASCII, else 32-bit code points."""
    everything = values.str.join("").item() if values.len() else ""
    if everything.isascii():
        return np.frombuffer(everything.encode("ascii"), np.uint8)
    return np.frombuffer(everything.encode("utf-32-le"), np.uint32)


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
