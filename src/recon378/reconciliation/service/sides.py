"""Both sides of a finished job, open for reading: tables, ruleset, model, record hashes."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final, Literal

import polars as pl
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.adapters.storage import Storage
from recon378.files.service import files
from recon378.files.store import MAPPED_TABLES, MappedDataset, records_of
from recon378.reconciliation.models import Reconciliation
from recon378.reconciliation.schemas import RecordOut
from recon378.reconciliation.service import artefacts, keys
from recon378.reconciliation.service.rows import Sides, sides_of
from recon378_engine.matching.outcome import Pairing
from recon378_engine.matching.rulesets.ruleset import Ruleset
from recon378_engine.result import Result
from recon378_engine.table import Table

RESULTS_KEPT: Final = 16

SideName = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class OpenSides:
    """What a finished job compared. Everything is mapped or small; methods read the disk, so call them in a thread."""

    left: Table
    right: Table
    result: Result
    left_hashes: Path
    right_hashes: Path

    @property
    def ruleset(self) -> dict[str, Any]:
        return self.result.ruleset

    @property
    def model(self) -> dict[str, Any]:
        return self.result.model

    @property
    def pairing(self) -> Pairing:
        return Ruleset.from_dict(self.ruleset).pairing

    def table(self, side: SideName) -> Table:
        return self.left if side == "left" else self.right

    def records(self, side: SideName, rows: list[int]) -> list[RecordOut]:
        """The records of these file rows as they stand in the file; rows that did not come in are left out."""
        found = records_of(self.table(side), rows)
        return [RecordOut(side=side, row=row, values=found[row]) for row in rows if row in found]

    def keys(self, side: SideName, rows: list[int]) -> list[str]:
        """The keys of these records, sorted: what a decision is bound to."""
        hashes = keys.load_hashes(self.left_hashes if side == "left" else self.right_hashes)
        return keys.keys_of(hashes, keys.rows_to_positions(self.table(side), rows))

    def keys_by_row(self, side: SideName, rows: list[int]) -> dict[int, str]:
        """The key of each of these records, however many."""
        hashes = keys.load_hashes(self.left_hashes if side == "left" else self.right_hashes)
        positions = keys.rows_to_positions(self.table(side), rows)
        found = keys.keys_at(hashes, positions)
        return {row: found[place] for row, place in zip(rows, positions, strict=True)}

    def shown(self, left_rows: list[int], right_rows: list[int]) -> Sides:
        """What lists show of some records."""
        return sides_of(_only(self.left, left_rows), _only(self.right, right_rows), self.pairing, self.model["amount_scale"])


async def open_sides(session: AsyncSession, storage: Storage, reconciliation: Reconciliation) -> OpenSides:
    """Open what a finished job compared."""
    left = await files.mapped(session, storage, reconciliation.left_dataset_id)
    right = await files.mapped(session, storage, reconciliation.right_dataset_id)
    return await asyncio.to_thread(_open, storage, dict(reconciliation.artefacts), left, right)


def _open(storage: Storage, names: dict[str, str], left: MappedDataset, right: MappedDataset) -> OpenSides:
    return OpenSides(
        left=MAPPED_TABLES.open(left),
        right=MAPPED_TABLES.open(right),
        result=_RESULTS.open({name: storage.path_of(sha256) for name, sha256 in names.items()}),
        left_hashes=storage.path_of(names[artefacts.LEFT_HASHES]),
        right_hashes=storage.path_of(names[artefacts.RIGHT_HASHES]),
    )


class _Results:
    """The results that were looked at last: frames mapped, rulesets and models read."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._known: OrderedDict[Path, Result] = OrderedDict()
        self._lock = Lock()

    def open(self, files: Mapping[str, Path]) -> Result:
        key = files[artefacts.RESULT]
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        found = artefacts.load_found(files)
        with self._lock:
            self._known[key] = found
            while len(self._known) > self._limit:
                self._known.popitem(last=False)
        return found


_RESULTS: Final = _Results(RESULTS_KEPT)


def _only(table: Table, rows: list[int]) -> Table:
    positions = keys.rows_to_positions(table, rows)
    return Table(
        table.frame[positions],
        table.columns,
        table.rows.gather(pl.Series(positions, dtype=pl.UInt32)),
        (),
        table.source,
        table.sha256,
    )
