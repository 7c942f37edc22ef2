"""Rows of a file, good and bad."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.actor import Actor
from recon378.adapters.database import Database
from recon378.adapters.storage import Storage
from recon378.errors import Unprocessable
from recon378.files import store
from recon378.files.models import File
from recon378.files.schemas import RowErrorOut
from recon378.files.service import files
from recon378.files.store import MAPPED_TABLES, MappedDataset
from recon378.paging import Page, read_cursor, write_cursor

CSV_ROWS_AT_ONCE: Final = 2000
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula (OWASP, CSV injection)


async def rows_of(session: AsyncSession, storage: Storage, actor: Actor, file_id: UUID, offset: int, limit: int) -> bytes:
    """A `RowsOut` as JSON: typed rows by position, at any place of the file for the same cost."""
    file = await files.get_file(session, actor, file_id, "list_rows")
    dataset = await files.dataset_of(session, storage, file)
    return await asyncio.to_thread(_rows_as_json, dataset, offset, limit)


def _rows_as_json(dataset: MappedDataset, offset: int, limit: int) -> bytes:
    table = MAPPED_TABLES.open(dataset)
    numbers, rows = store.rows_at(table, offset, limit)
    columns = [column.name for column in table.columns]
    return orjson.dumps({"columns": columns, "rows": rows, "row_numbers": numbers, "total": table.height})


async def row_errors_of(session: AsyncSession, actor: Actor, file_id: UUID, cursor: str | None, limit: int) -> Page[RowErrorOut]:
    """Rows that did not come in, in file order."""
    await files.get_file(session, actor, file_id, "list_row_errors")
    after = read_cursor(cursor, 1)[0] if cursor else -1
    if not isinstance(after, int):
        raise Unprocessable("The cursor is none that this list has given: start from the first page.", field="cursor")
    errors = await store.row_errors_after(session, file_id, after, limit + 1)
    total = await store.count_row_errors(session, file_id)
    items = [RowErrorOut(line=error.line, reason=error.reason, raw=error.raw) for error in errors[:limit]]
    return Page(items=items, next_cursor=write_cursor(errors[limit - 1].number) if len(errors) > limit else None, total=total)


async def row_errors_csv(database: Database, file: File) -> AsyncIterator[bytes]:
    """All rows that did not come in, as CSV; cells that a spreadsheet would run as a formula are written as text."""
    yield _csv_lines([("line", "reason", "raw")])
    number = -1
    while True:
        async with database.transaction() as session:
            errors = await store.row_errors_after(session, file.id, number, CSV_ROWS_AT_ONCE)
        if not errors:
            return
        number = errors[-1].number
        yield _csv_lines([(error.line, error.reason, as_text(error.raw)) for error in errors])


def as_text(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def _csv_lines(rows: list[tuple[object, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
