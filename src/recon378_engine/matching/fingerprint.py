"""Stable hashes of records and results.

The 64-bit mix is our own (multiply and shift over 8-byte words, finished as in splitmix64, Steele et al. 2014), so that it
stays the same over versions of every library. Columns are combined by a sum, so their order does not matter; two records are
taken as equal when their hashes are, wrongly with a chance of about n²/2⁶⁵.
"""

import hashlib
import json
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
    records = pl.concat([left.with_columns(side=pl.lit(Side.LEFT.value)), right.with_columns(side=pl.lit(Side.RIGHT.value))])
    digest = hashlib.blake2b(digest_size=32)
    digest.update(json.dumps(ruleset, sort_keys=True, default=str).encode())
    digest.update(_match_hashes(matches, items, records).tobytes())
    digest.update(_open_hashes(exceptions, records).tobytes())
    return digest.hexdigest()


def cluster_hash(cluster: pl.Series, hashes: Hashes) -> str:
    """Hash the clusters of a table over the contents of their records, as 64 hexadecimal digits."""
    mixed = np.empty(len(hashes), dtype=np.uint64)
    _mix_all(hashes, mixed)
    sums = pl.DataFrame({"cluster": cluster, "hash": mixed}).group_by("cluster").agg(pl.col("hash").sum(), pl.len())
    whole = np.empty(sums.height, dtype=np.uint64)
    _mix_all(sums["hash"].to_numpy() + sums["len"].to_numpy().astype(np.uint64), whole)
    return hashlib.blake2b(np.sort(whole).tobytes(), digest_size=32).hexdigest()


def _match_hashes(matches: pl.DataFrame, items: pl.DataFrame, records: pl.DataFrame) -> Hashes:
    members = items.join(records, on=["side", "row"]).sort("match_id")
    if members.is_empty():
        return np.empty(0, dtype=np.uint64)
    hashes = np.empty(members.height, dtype=np.uint64)
    _mix_all(members["hash"].to_numpy() ^ _word_hashes(members["side"]), hashes)
    starts = np.flatnonzero(np.diff(members["match_id"].to_numpy(), prepend=np.int64(-1)) != 0)
    sums = np.add.reduceat(hashes, starts)
    ordered = matches.sort("match_id")
    word = _word_hashes(ordered["pass_name"] + "\0" + ordered["status"])
    parts = (ordered["confidence"].to_numpy() * 1e6).round().astype(np.uint64)
    out = np.empty(len(sums), dtype=np.uint64)
    _mix_all(sums + word + parts, out)
    return np.sort(out)


def _open_hashes(exceptions: pl.DataFrame, records: pl.DataFrame) -> Hashes:
    known = exceptions.join(records, on=["side", "row"])
    out = np.empty(known.height, dtype=np.uint64)
    _mix_all(known["hash"].to_numpy() + _word_hashes(known["side"] + "\0" + known["type"]), out)
    return np.sort(out)


def _word_hashes(words: pl.Series) -> Hashes:
    """Hash a column of few distinct words."""
    distinct = words.unique()
    codes = pl.DataFrame({"word": distinct, "code": pl.Series(text_hashes(distinct), dtype=pl.UInt64)})
    return pl.DataFrame({"word": words}).join(codes, on="word", how="left", maintain_order="left")["code"].to_numpy()
