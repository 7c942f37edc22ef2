"""Keys of records: what a decision is bound to, so that it holds wherever the same records come again.

A key is the hash of a record's contents and the number of equal records before it: of k equal rows, each has its own key.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import recon378_engine as engine
from recon378_engine.table import Table

Hashes = NDArray[np.uint64]


def save_hashes(table: Table, path: Path) -> Hashes:
    """Hash every record and keep the hashes as a numpy file, in the order of the table."""
    hashes: Hashes = engine.record_hashes(table)
    with path.open("wb") as file:
        np.save(file, hashes)
    return hashes


def load_hashes(path: Path) -> Hashes:
    """Map the hashes that `save_hashes` wrote."""
    hashes: Hashes = np.load(path, mmap_mode="r")
    return hashes


def keys_of(hashes: Hashes, positions: Iterable[int]) -> list[str]:
    """The keys of the records at these positions, sorted."""
    return sorted(keys_at(hashes, positions).values())


def keys_at(hashes: Hashes, positions: Iterable[int]) -> dict[int, str]:
    """The key of each record at these positions; one look at all the hashes, however many are asked for."""
    wanted = set(positions)
    values = np.unique(hashes[np.array(sorted(wanted), dtype=np.int64)])
    seen: dict[int, int] = {}
    keys: dict[int, str] = {}
    for place in np.flatnonzero(np.isin(hashes, values)).tolist():
        value = int(hashes[place])
        number = seen.get(value, 0)
        seen[value] = number + 1
        if place in wanted:
            keys[place] = f"{value:016x}.{number}"
    return keys


def positions_of(hashes: Hashes, keys: Iterable[str]) -> dict[str, int]:
    """Where the records with these keys stand; keys of absent records are left out."""
    wanted = {key: (int(key.partition(".")[0], 16), int(key.partition(".")[2])) for key in keys}
    values = np.array(sorted({value for value, _ in wanted.values()}), dtype=np.uint64)
    places = np.flatnonzero(np.isin(hashes, values))
    by_hash: dict[int, list[int]] = {}
    for place in places.tolist():
        by_hash.setdefault(int(hashes[place]), []).append(place)
    return {key: by_hash[value][number] for key, (value, number) in wanted.items() if number < len(by_hash.get(value, ()))}


def rows_to_positions(table: Table, rows: Sequence[int]) -> list[int]:
    """Positions of file rows that are in the table."""
    known: Any = table.rows.to_numpy()
    return [int(place) for place in np.searchsorted(known, np.asarray(rows, dtype=known.dtype))]
