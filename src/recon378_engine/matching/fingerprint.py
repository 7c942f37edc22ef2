"""Stable hashes of records and results.

The 64-bit mix is our own (multiply and shift over 8-byte words, finished as in splitmix64, Steele et al. 2014), so that it
stays the same over versions of every library. Columns are combined by a sum, so their order does not matter; two records are
taken as equal when their hashes are, wrongly with a chance of about n²/2⁶⁵.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numba import njit, uint64
from numpy.typing import NDArray

from recon378_engine.matching.text_buffer import text_buffer
from recon378_engine.result import Side
from recon378_engine.table import Table

Hashes = NDArray[np.uint64]

_NULL = np.uint64(0x9E3779B97F4A7C15)


@njit("uint64(uint64)", cache=True, nogil=True)
def mix(value: Any) -> Any:  # pragma: no cover - compiled
    """Finish a 64-bit word as splitmix64 does: every input bit reaches every output bit."""
    value = uint64(value)
    value = (value ^ (value >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> uint64(27))) * uint64(0x94D049BB133111EB)
    return value ^ (value >> uint64(31))


@njit("void(uint8[::1], int64[::1], boolean[::1], uint64, uint64[::1])", cache=True, nogil=True)
def _add_hashes(blob: Any, offsets: Any, filled: Any, seed: Any, out: Any) -> None:  # pragma: no cover - compiled
    for row in range(len(offsets) - 1):
        word = uint64(0)
        state = seed
        if not filled[row]:
            out[row] += mix(seed ^ uint64(0x9E3779B97F4A7C15))
            continue
        start, stop = offsets[row], offsets[row + 1]
        for place in range(start, stop):
            word = (word << uint64(8)) | uint64(blob[place])
            if (place - start) & 7 == 7:
                state = mix(state ^ word)
                word = uint64(0)
        out[row] += mix(mix(state ^ word) ^ uint64(stop - start))


@njit("void(int64[::1], boolean[::1], uint64, uint64[::1])", cache=True, nogil=True)
def _add_numbers(values: Any, filled: Any, seed: Any, out: Any) -> None:  # pragma: no cover - compiled
    for row in range(len(values)):
        out[row] += mix(mix(seed ^ uint64(values[row])) ^ uint64(8)) if filled[row] else mix(seed ^ uint64(0x9E3779B97F4A7C15))


@njit("void(uint64[::1], uint64[::1])", cache=True, nogil=True)
def _mix_all(values: Any, out: Any) -> None:  # pragma: no cover - compiled
    for place in range(len(values)):
        out[place] = mix(values[place])


def seed_of(name: str) -> int:
    """A 64-bit seed that belongs to a name."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")


def record_hashes(table: Table) -> Hashes:
    """One 64-bit hash (uint64, one for each row of the frame) over all values of a record, by the names of their columns.

    Neither the order of rows nor that of columns matters.
    """
    hashes = np.zeros(table.height, dtype=np.uint64)
    for column in table.columns:
        values, seed = table.frame[column.name], np.uint64(seed_of(column.name))
        filled = values.is_not_null().to_numpy()
        if values.dtype.is_integer() or values.dtype == pl.Date:
            _add_numbers(values.to_physical().cast(pl.Int64).fill_null(0).to_numpy(writable=True), filled, seed, hashes)
        else:
            _add_hashes(*text_buffer(values.cast(pl.String)), filled, seed, hashes)
    mixed = np.empty_like(hashes)
    _mix_all(hashes, mixed)
    return mixed


def text_hashes(texts: pl.Series) -> Hashes:
    """One 64-bit hash for each string of a column."""
    hashes = np.zeros(len(texts), dtype=np.uint64)
    blob, offsets = text_buffer(texts)
    _add_hashes(blob, offsets, texts.is_not_null().to_numpy(), np.uint64(0), hashes)
    return hashes


def result_hash(
    matches: pl.DataFrame,
    items: pl.DataFrame,
    exceptions: pl.DataFrame,
    left: pl.DataFrame,
    right: pl.DataFrame,
    ruleset: dict[str, Any],
) -> str:
    """Hash a result over the contents of its records, as 64 hexadecimal digits.

    `left` and `right` have `row` and `hash` for every record. Two results agree when the same contents were matched with
    each other, with the same pass, status and confidence (to six decimals), and the same contents stayed open with the same
    type, under the same rules.
    """
    known = {Side.LEFT: _by_row(left), Side.RIGHT: _by_row(right)}
    digest = hashlib.blake2b(digest_size=32)
    digest.update(json.dumps(ruleset, sort_keys=True, default=str).encode())
    digest.update(_match_hashes(matches, items, known).tobytes())
    digest.update(_open_hashes(exceptions, known).tobytes())
    return digest.hexdigest()


def cluster_hash(cluster: pl.Series, hashes: Hashes) -> str:
    """Hash the clusters of a table over the contents of their records, as 64 hexadecimal digits."""
    mixed = np.empty(len(hashes), dtype=np.uint64)
    _mix_all(hashes, mixed)
    sums = pl.DataFrame({"cluster": cluster, "hash": mixed}).group_by("cluster").agg(pl.col("hash").sum(), pl.len())
    whole = np.empty(sums.height, dtype=np.uint64)
    _mix_all(sums["hash"].to_numpy() + sums["len"].to_numpy().astype(np.uint64), whole)
    return hashlib.blake2b(np.sort(whole).tobytes(), digest_size=32).hexdigest()


@dataclass(frozen=True, slots=True)
class _ByRow:
    """Content hashes by file row, and which rows were imported."""

    hashes: Hashes
    imported: NDArray[np.bool_]


def _by_row(records: pl.DataFrame) -> _ByRow:
    rows = records["row"].to_numpy()
    size = int(rows.max()) + 1 if rows.size else 0
    hashes, imported = np.zeros(size, np.uint64), np.zeros(size, np.bool_)
    hashes[rows], imported[rows] = records["hash"].to_numpy(), True
    return _ByRow(hashes, imported)


def _hashes_of(records: pl.DataFrame, known: dict[Side, _ByRow]) -> tuple[Hashes, NDArray[np.bool_]]:
    """The content hash of each (side, row), and whether the row was imported; 0 where it was not."""
    rows = records["row"].to_numpy()
    hashes, imported = np.zeros(rows.shape[0], np.uint64), np.zeros(rows.shape[0], np.bool_)
    for side, table in known.items():
        here = np.flatnonzero((records["side"] == side.value).to_numpy())
        here = here[rows[here] < table.hashes.shape[0]]
        hashes[here], imported[here] = table.hashes[rows[here]], table.imported[rows[here]]
    return hashes, imported


def _match_hashes(matches: pl.DataFrame, items: pl.DataFrame, known: dict[Side, _ByRow]) -> Hashes:
    if items.is_empty():
        return np.empty(0, dtype=np.uint64)
    members = items if items["match_id"].is_sorted() else items.sort("match_id")
    ordered = matches if matches["match_id"].is_sorted() else matches.sort("match_id")
    hashes = np.empty(members.height, dtype=np.uint64)
    _mix_all(_hashes_of(members, known)[0] ^ _word_hashes(members["side"]), hashes)
    starts = np.flatnonzero(np.diff(members["match_id"].to_numpy(), prepend=np.int64(-1)) != 0)
    sums = np.add.reduceat(hashes, starts)
    word = _word_hashes(ordered["pass_name"], ordered["status"])
    parts = (ordered["confidence"].to_numpy() * 1e6).round().astype(np.uint64)
    out = np.empty(len(sums), dtype=np.uint64)
    _mix_all(sums + word + parts, out)
    return np.sort(out)


def _open_hashes(exceptions: pl.DataFrame, known: dict[Side, _ByRow]) -> Hashes:
    hashes, imported = _hashes_of(exceptions, known)
    out = np.empty(int(imported.sum()), dtype=np.uint64)
    _mix_all((hashes + _word_hashes(exceptions["side"], exceptions["type"]))[imported], out)
    return np.sort(out)


def _word_hashes(*words: pl.Series) -> Hashes:
    """Hash columns of few distinct words: what they say together, a zero byte between them."""
    code, told = np.zeros(len(words[0]), np.int64), [""]
    for number, column in enumerate(words):
        distinct = column.unique().sort()
        place = column.cast(pl.Enum(distinct)).to_physical().to_numpy()
        code = code * len(distinct) + place
        told = [f"{before}\0{word}" if number else word for before in told for word in distinct]
    return text_hashes(pl.Series(told, dtype=pl.String))[code]
