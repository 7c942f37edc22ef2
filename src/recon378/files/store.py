"""Datasets on disk: Arrow files in the storage, mapped into memory, so that any rows of a million cost page faults and not a
scan.

What the columns mean stands in `dataset.meaning`, since an object of the storage is named by its bytes alone.
"""

import json
import shutil
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final
from uuid import UUID

import numpy as np
import polars as pl
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.errors import Unprocessable
from recon378.files.models import Dataset, File, RowError
from recon378.paging import read_cursor, write_cursor
from recon378_engine.dataset import ROW_COLUMN
from recon378_engine.reading.rows import plain_rows
from recon378_engine.table import Column, ColumnType, Role, Table

MAPPED_TABLES_MAX: Final = 32


@dataclass(frozen=True, slots=True)
class MappedDataset:
    """Where a dataset lies and what its columns mean; it can be sent to a child process, which maps it again."""

    id: UUID
    path: Path
    meaning: dict[str, Any]


class MappedTables:
    """The tables that were looked at last, kept mapped."""

    def __init__(self, limit: int = MAPPED_TABLES_MAX) -> None:
        self._limit = limit
        self._tables: OrderedDict[UUID, Table] = OrderedDict()
        self._lock = Lock()

    def open(self, dataset: MappedDataset) -> Table:
        """The table of a dataset. Blocks on the disk: call it in a thread."""
        with self._lock:
            known = self._tables.get(dataset.id)
            if known is not None:
                self._tables.move_to_end(dataset.id)
                return known
        table = map_table(dataset)
        with self._lock:
            self._tables[dataset.id] = table
            while len(self._tables) > self._limit:
                self._tables.popitem(last=False)
        return table


MAPPED_TABLES: Final = MappedTables()


def map_table(dataset: MappedDataset) -> Table:
    """Map a dataset as a table. Raises FileNotFoundError."""
    frame = pl.read_ipc(dataset.path)
    meaning = dataset.meaning
    return Table(
        frame=frame.drop(ROW_COLUMN),
        columns=tuple(
            Column(column["name"], ColumnType(column["type"]), Role(column["role"]), column["scale"])
            for column in meaning["columns"]
        ),
        rows=frame[ROW_COLUMN].alias("row"),
        rejected_rows=tuple(meaning["rejected_rows"]),
        source=meaning["source"],
        sha256=meaning["sha256"],
    )


def read_meaning(path: Path) -> dict[str, Any]:
    """What the columns mean, as the reading left it beside a dataset."""
    meaning: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return meaning


@contextmanager
def scratch_folder(directory: Path, subject: UUID, attempt: int) -> Iterator[Path]:
    """A folder for one attempt at a job, on the file system of the storage. What an attempt left behind that died is removed."""
    for left_behind in directory.glob(f"scratch-{subject}-*"):
        shutil.rmtree(left_behind, ignore_errors=True)
    folder = directory / f"scratch-{subject}-{attempt}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def rows_at(table: Table, offset: int, limit: int) -> tuple[list[int], list[dict[str, Any]]]:
    """File rows and plain values of `limit` records from position `offset`."""
    part = table.frame.slice(offset, limit)
    return table.rows.slice(offset, limit).to_list(), list(plain_rows(part, table.columns))


def records_of(table: Table, rows: list[int]) -> dict[int, dict[str, str | None]]:
    """Values as text of the records with these file rows, by row; rows that did not come in are left out."""
    known = table.rows.to_numpy()
    wanted = np.asarray(rows, dtype=known.dtype)
    positions = np.searchsorted(known, wanted)
    found = [int(place) for place, row in zip(positions, wanted, strict=True) if place < len(known) and known[place] == row]
    records = plain_rows(table.frame[found], table.columns)
    return {int(known[place]): _texts(record) for place, record in zip(found, records, strict=True)}


async def row_errors_after(session: AsyncSession, file_id: UUID, number: int, limit: int) -> list[RowError]:
    """Bad rows of a file in order, after `number`."""
    statement = (
        select(RowError).where(RowError.file_id == file_id, RowError.number > number).order_by(RowError.number).limit(limit)
    )
    return list((await session.execute(statement)).scalars())


async def count_row_errors(session: AsyncSession, file_id: UUID) -> int:
    return (await session.execute(select(func.count()).select_from(RowError).where(RowError.file_id == file_id))).scalar_one()


async def is_stored_for_others(session: AsyncSession, sha256: str) -> bool:
    """Whether any file or dataset still needs the object of the storage."""
    files = select(File.id).where(File.sha256 == sha256)
    datasets = select(Dataset.id).where(Dataset.sha256 == sha256)
    return (await session.execute(files.union_all(datasets).limit(1))).first() is not None


def _texts(record: dict[str, Any]) -> dict[str, str | None]:
    return dict(_text_items(record))


def _text_items(record: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    for name, value in record.items():
        if isinstance(value, bool):
            yield name, "true" if value else "false"
        else:
            yield name, None if value is None else str(value)


def write_time_cursor(at: datetime, id: UUID) -> str:
    """The place after a row in a list that is ordered by a time and an id."""
    return write_cursor(at.isoformat(), str(id))


def read_time_cursor(cursor: str) -> tuple[datetime, UUID]:
    """Time and id of the last row seen. Raises Unprocessable for a cursor of another list."""
    at, id = read_cursor(cursor, 2)
    try:
        return datetime.fromisoformat(str(at)), UUID(str(id))
    except ValueError:
        raise Unprocessable("The cursor is none that this list has given: start from the first page.", field="cursor") from None
