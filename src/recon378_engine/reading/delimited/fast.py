"""Records of a clean block of delimited text, found with vector arithmetic; anything odd is left to `records`.

A block is clean when its quotes stand only around whole values (RFC 4180), so that the parity of quotes before a byte says
whether it is inside a value. Then delimiters and line ends outside values are counted per record, and polars parses what is
regular.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

_LF, _CR, _QUOTE = 10, 13, 34
Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class BlockIndex:
    """Where the records of a block begin and end (behind the line end), how many delimiters each holds, and which are blank.

    `lines` counts the line ends before each record. `consumed` is where the last whole record ends.
    """

    starts: Positions
    ends: Positions
    delimiters: Positions
    blank: NDArray[np.bool_]
    lines: Positions
    consumed: int
    lines_consumed: int


def index_block(block: bytes, delimiter: str, final: bool) -> BlockIndex | None:
    """Index a block of UTF-8 that starts at a record; None when it is not clean or holds no whole record."""
    octets = np.frombuffer(block, np.uint8)
    quotes = octets == _QUOTE
    line_ends = octets == _LF
    separators = octets == ord(delimiter)
    all_lines = np.flatnonzero(line_ends)
    if not _returns_are_paired(octets, final) or 0 in octets[:: max(1, len(octets) // 4096)] or b"\x00" in block:
        return None
    if quotes.any():
        inside = np.logical_xor.accumulate(quotes)
        if not _quotes_are_placed(octets, quotes, inside, ord(delimiter)) or (final and bool(inside[-1])):
            return None
        line_ends &= ~inside
        separators &= ~inside
    ends = np.flatnonzero(line_ends) + 1
    if final and (not len(ends) or ends[-1] != len(octets)):
        ends = np.append(ends, len(octets))
    if not len(ends):
        return None
    starts = np.concatenate(([0], ends[:-1]))
    separator_places = np.flatnonzero(separators)
    counts = np.diff(np.searchsorted(separator_places, ends), prepend=0)
    consumed = int(ends[-1])
    blank = _blank(octets[:consumed], starts, ends, ord(delimiter))
    lines = np.searchsorted(all_lines, starts)
    return BlockIndex(starts, ends, counts, blank, lines, consumed, int(np.searchsorted(all_lines, consumed)))


def _blank(octets: NDArray[np.uint8], starts: Positions, ends: Positions, delimiter: int) -> NDArray[np.bool_]:
    """Which records hold only blanks, delimiters and quotes; nearly all show in their first byte that they hold more."""
    empty = np.zeros(256, np.bool_)
    empty[[delimiter, _LF, _CR, _QUOTE, 32, 9, 0x1A]] = True
    blank: NDArray[np.bool_] = empty[octets[starts]]
    fillers = bytes(np.flatnonzero(empty).astype(np.uint8))
    for record in np.flatnonzero(blank):
        blank[record] = not octets[starts[record] : ends[record]].tobytes().strip(fillers)
    return blank


def _returns_are_paired(octets: NDArray[np.uint8], final: bool) -> bool:
    """Whether every carriage return is followed by a line feed."""
    returns = np.flatnonzero(octets == _CR)
    if not len(returns):
        return True
    if returns[-1] == len(octets) - 1:
        if final:
            return False
        returns = returns[:-1]
    return bool((octets[returns + 1] == _LF).all())


def _quotes_are_placed(octets: NDArray[np.uint8], quotes: NDArray[np.bool_], inside: NDArray[np.bool_], delimiter: int) -> bool:
    """Whether quotes open only at the start of a value and close only at its end; a doubled quote closes and opens again."""
    places = np.flatnonzero(quotes)
    opening = places[inside[places]]
    closing = places[~inside[places]]
    before = np.where(opening > 0, octets[np.maximum(opening - 1, 0)], _LF)
    after_places = closing + 1
    after = np.where(after_places < len(octets), octets[np.minimum(after_places, len(octets) - 1)], _LF)
    opens_well = np.isin(before, [delimiter, _LF, _QUOTE])
    closes_well = np.isin(after, [delimiter, _LF, _CR, _QUOTE])
    return bool(opens_well.all() and closes_well.all())


def parse_regular(block: bytes, index: BlockIndex, keep: NDArray[np.bool_], delimiter: str, width: int) -> pl.DataFrame | None:
    """The kept records as text columns named by position; None when polars sees another number of records."""
    options: dict[str, Any] = {"has_header": False, "infer_schema": False, "quote_char": '"', "empty_string_is_null": True}
    names = [str(position) for position in range(width)]
    body = block[: index.consumed] if keep.all() else _joined(block, index, keep)
    if not body:
        return pl.DataFrame({name: pl.Series([], dtype=pl.String) for name in names})
    try:
        frame = pl.read_csv(body, separator=delimiter, new_columns=names, **options)
    except pl.exceptions.PolarsError:
        return None
    return frame if frame.height == int(keep.sum()) and frame.width == width else None


def _joined(block: bytes, index: BlockIndex, keep: NDArray[np.bool_]) -> bytes:
    """The kept records in one piece, cut in runs."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], keep, [False])).astype(np.int8)))
    return b"".join(block[index.starts[first] : index.ends[last - 1]] for first, last in edges.reshape(-1, 2))
