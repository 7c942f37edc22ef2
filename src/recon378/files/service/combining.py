"""Many files of one side as one: overlapping exports add only what goes beyond, and every record says which file it came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import polars as pl
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.actor import Actor
from recon378.adapters.child_process import compute_aside
from recon378.adapters.database import Database
from recon378.adapters.events import Events
from recon378.adapters.storage import Storage, StoredObject
from recon378.errors import TooLarge, Unprocessable
from recon378.files.models import File
from recon378.files.schemas import FileOut
from recon378.files.service import files, templates
from recon378.files.store import MappedDataset, map_table
from recon378.projects import service as projects
from recon378_engine.reading.overlap import excess_rows
from recon378_engine.table import Column, ColumnType, Table

ROWS_MAX: Final = 5_000_000
SOURCE: Final = "source file"
IN_PROCESS_ROWS_MAX: Final = 50_000  # above, starting a process costs less than the memory


@dataclass(frozen=True, slots=True)
class Part:
    """One file to combine; it can be sent to a child process."""

    file_id: UUID
    name: str
    dataset: MappedDataset


@dataclass(frozen=True, slots=True)
class Combined:
    """The records of several files in the storage, with what each brought and the column changes of the first."""

    name: str
    stored: StoredObject
    made_of: list[dict[str, Any]]
    settled: list[dict[str, Any]]


async def combine(database: Database, storage: Storage, actor: Actor, project_id: UUID, file_ids: Sequence[UUID]) -> Combined:
    """Write the records of several files into the storage, in the order given. No transaction stays open meanwhile.

    Of rows that stand in several files as many count as the file with most of them has: k equal rows are k rows. Raises Conflict
    while a file is not read, Unprocessable where columns differ, TooLarge above `ROWS_MAX` rows.
    """
    async with database.transaction() as session:
        await projects.require(session, actor, project_id, "combine_files")
        found = [await files.get_file(session, actor, file_id, "combine_files") for file_id in file_ids]
        _check(found, project_id)
        parts = [Part(file.id, file.name, await files.dataset_of(session, storage, file)) for file in found]
    draft = storage.draft_path(".arrow")
    try:
        is_large = sum(file.rows_imported for file in found) > IN_PROCESS_ROWS_MAX
        made_of = await compute_aside(write_combined, parts, draft, is_large=is_large)
        stored = await storage.put_file(draft)
    finally:
        draft.unlink(missing_ok=True)
    settled = [item for item in found[0].settled if templates.column_of(item["key"]) is not None]
    return Combined(_name(found), stored, made_of, settled)


async def add_combined(
    session: AsyncSession, events: Events, actor: Actor, project_id: UUID, combined: Combined
) -> tuple[FileOut, bool]:
    """Add what was combined as a file and enqueue its reading; false where the project has it already."""
    file_out, is_new = await files.add_file(session, events, actor, project_id, combined.name, combined.stored)
    if not is_new:
        return file_out, False
    file = await session.get_one(File, file_out.id)
    file.made_of, file.settled = combined.made_of, combined.settled
    file.answers = {item["key"]: item["answer"] for item in combined.settled}
    return files.file_out(file), True


def write_combined(parts: Sequence[Part], target: Path) -> list[dict[str, Any]]:
    """Write the records of all parts as an Arrow file, each with the name of its file; return a `PartOut` a part. Blocks."""
    tables = [map_table(part.dataset) for part in parts]
    columns = _shared_columns(tables)
    seen, made_of = pl.DataFrame(), []
    for part, table in zip(parts, tables, strict=True):
        frame = table.frame.select(_as_shared(column) for column in columns)
        fresh = frame.filter(excess_rows(seen.select(frame.columns), frame)) if seen.height else frame
        made_of.append({"file_id": str(part.file_id), "name": part.name, "rows": frame.height, "added": fresh.height})
        seen = pl.concat([seen, fresh.with_columns(pl.lit(part.name).alias(SOURCE))], how="diagonal")
    seen.write_ipc(target, compression="zstd")
    return made_of


def _check(found: Sequence[File], project_id: UUID) -> None:
    if any(file.project_id != project_id for file in found):
        raise Unprocessable("Files of different projects cannot be combined.")
    if len({file.id for file in found}) < len(found):
        raise Unprocessable("The same file is named twice: name each one once.")
    rows = 0
    first = found[0]
    for file in found:
        files.check_ready(file)
        rows += file.rows_imported
        _check_columns(first, file)
    if rows > ROWS_MAX:
        raise TooLarge(f"Together the files have {rows:,} rows; {ROWS_MAX:,} can be combined.", limit_rows=ROWS_MAX)


def _check_columns(first: File, file: File) -> None:
    wanted = {column["name"]: column["type"] for column in first.columns}
    given = {column["name"]: column["type"] for column in file.columns}
    for name in [*wanted, *given]:
        if name not in given or name not in wanted:
            with_it, without = (first, file) if name in wanted else (file, first)
            raise Unprocessable(f"{without.name} has no column “{name}”, which {with_it.name} has: combine files of one form.")
        if wanted[name] != given[name]:
            kinds = f"{given[name]} in {file.name} and {wanted[name]} in {first.name}"
            raise Unprocessable(f"Column “{name}” is {kinds}: correct its type in one of them.")


def _shared_columns(tables: Sequence[Table]) -> list[Column]:
    """The columns of the first table, each with the most decimals that it has anywhere."""
    scales = {column.name: 0 for column in tables[0].columns}
    for table in tables:
        for column in table.columns:
            scales[column.name] = max(scales[column.name], column.scale)
    return [Column(column.name, column.type, column.role, scales[column.name]) for column in tables[0].columns]


def _as_shared(column: Column) -> pl.Expr:
    value = pl.col(column.name)
    return value.cast(pl.Decimal(38, column.scale)) if column.type is ColumnType.AMOUNT else value


def _name(found: Sequence[File]) -> str:
    stems = [file.name.rsplit(".", 1)[0] for file in found]
    return f"{' + '.join(stems) if len(stems) <= 3 else f'{stems[0]} + {len(stems) - 1} more'}.arrow"
