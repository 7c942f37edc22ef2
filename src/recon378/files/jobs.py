"""Read an uploaded file in a child process with limits, and keep what came out."""

import asyncio
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.adapters.job import Handler, JobContext, JobFailed
from recon378.adapters.queue import Claim
from recon378.adapters.storage import Storage
from recon378.files.models import Dataset, File, RowError
from recon378.files.schemas import FileStatus
from recon378.files.service import files
from recon378.files.service.profile import profile_columns
from recon378.files.store import MappedDataset, map_table, read_meaning, scratch_folder
from recon378.settings import Settings
from recon378_engine.reading import Inspection, Limits, Question, read_contained
from recon378_engine.reading.contained import Contained
from recon378_engine.reading.inspection import QUESTION

TEXT_LENGTH_MAX: Final = 4000


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a file gave: what the importer saw, and the dataset with its profile where it was accepted."""

    inspection: Inspection
    dataset: Path | None
    meaning: dict[str, Any]
    columns: list[dict[str, Any]]


async def read_file(job: Claim, context: JobContext) -> None:
    """Read the file `job.subject_id`: it becomes ready, open to a question, or rejected with one sentence."""
    async with context.database.transaction() as session:
        file = await session.get(File, job.subject_id)
        if file is None:
            raise JobFailed("The file was deleted before it was read.")
        file.status = FileStatus.READING.value
        await files.publish_status(session, context.events, file)
    await context.report("read", 0.05, message=f"Reading {file.name}")
    path = await context.storage.local_path(file.sha256)
    with scratch_folder(context.settings.data_directory, file.id, job.fencing_number) as folder:
        reading = await asyncio.to_thread(read, path, folder, file.name, file.answers, limits_of(context.settings))
        dataset = await keep_dataset(context.storage, file.id, reading)
    async with context.completion() as session:
        await store_reading(session, context, job.subject_id, reading, dataset)


async def gave_up(session: AsyncSession, job: Claim, error: str) -> None:
    """Say on the file why it was not read."""
    file = await session.get(File, job.subject_id)
    if file is not None:
        file.status, file.error = FileStatus.REJECTED.value, error


HANDLER: Final = Handler(run=read_file, gave_up=gave_up)


def read(path: Path, folder: Path, name: str, answers: dict[str, str], limits: Limits) -> Reading:
    """Read in a child process and describe what came in. Blocks: call it in a thread."""
    contained = read_contained(linked(path, folder, name), folder / "out", answers=answers, limits=limits)
    if contained.dataset is None:
        return Reading(contained.inspection, None, {}, seen_columns(contained.inspection))
    meaning = read_meaning(contained.dataset) | {"source": name}
    return Reading(contained.inspection, contained.dataset, meaning, described(contained, meaning))


def described(contained: Contained, meaning: dict[str, Any]) -> list[dict[str, Any]]:
    assert contained.dataset is not None  # noqa: S101 - asked by the caller
    return profile_columns(map_table(MappedDataset(UUID(int=0), contained.dataset, meaning)))


def linked(path: Path, folder: Path, name: str) -> Path:
    """The stored bytes under a name with the ending of the upload, from which the importer may tell the format."""
    ending = re.search(r"\.[A-Za-z0-9]{1,8}$", name)
    link = folder / f"upload{ending[0].lower() if ending else ''}"
    os.symlink(path.resolve(), link)
    return link


def limits_of(settings: Settings) -> Limits:
    return Limits(
        file_bytes_max=settings.upload_limit_bytes,
        memory_bytes=settings.read_memory_limit_bytes,
        cpu_seconds=settings.read_cpu_limit_seconds,
        wall_seconds=settings.read_wall_limit_seconds,
    )


async def keep_dataset(storage: Storage, file_id: UUID, reading: Reading) -> Dataset | None:
    """Take the Arrow file into the storage."""
    if reading.dataset is None:
        return None
    draft = storage.draft_path(".arrow")
    await asyncio.to_thread(shutil.move, reading.dataset, draft)
    stored = await storage.put_file(draft)
    return Dataset(file_id=file_id, sha256=stored.sha256, row_count=reading.inspection.rows, meaning=reading.meaning)


async def store_reading(
    session: AsyncSession, context: JobContext, file_id: UUID, reading: Reading, dataset: Dataset | None
) -> None:
    file = await session.get(File, file_id, with_for_update=True)
    if file is None:
        return
    if dataset is not None:
        session.add(dataset)
        await session.flush()
    seen = reading.inspection
    file.status = status_of(seen, dataset).value
    file.format, file.encoding, file.delimiter = seen.format or None, seen.encoding or None, seen.delimiter or None
    file.header_line = seen.header_line
    file.rows_imported, file.rows_rejected, file.rows_skipped = seen.rows, len(seen.row_errors), seen.skipped
    file.columns, file.warnings = reading.columns, list(seen.warnings)
    file.questions = [question_out(question) for question in seen.questions]
    file.error = seen.error
    file.dataset_id = dataset.id if dataset else None
    await store_row_errors(session, file_id, seen)
    await files.publish_status(session, context.events, file)


async def store_row_errors(session: AsyncSession, file_id: UUID, seen: Inspection) -> None:
    await session.execute(delete(RowError).where(RowError.file_id == file_id))
    if seen.row_errors:
        rows = [
            {"file_id": file_id, "number": number, "line": bad.line, "reason": storable(bad.reason), "raw": storable(bad.raw)}
            for number, bad in enumerate(seen.row_errors)
        ]
        connection = await (await session.connection()).get_raw_connection()
        columns = ["file_id", "number", "line", "reason", "raw"]
        records = [tuple(row[column] for column in columns) for row in rows]
        await connection.driver_connection.copy_records_to_table("row_error", records=records, columns=columns)  # type: ignore[union-attr]


def status_of(seen: Inspection, dataset: Dataset | None) -> FileStatus:
    if seen.status == QUESTION:
        return FileStatus.QUESTION
    return FileStatus.REJECTED if dataset is None else FileStatus.READY


def question_out(question: Question) -> dict[str, Any]:
    return {
        "key": question.key,
        "why": question.why,
        "choices": list(question.choices),
        "labels": [choice.replace("_", " ") for choice in question.choices],
        "values_concerned": question.values,
    }


def seen_columns(seen: Inspection) -> list[dict[str, Any]]:
    """Columns of a file that is not read yet: name, type and role alone."""
    nothing = {"filled": 0.0, "distinct": 0, "minimum": None, "maximum": None, "duplicates": 0, "outliers": 0}
    return [
        {
            "name": column.name,
            "type": column.type,
            "role": column.role,
            "samples": samples_of(seen, column.name),
            "patterns": [],
            "warnings": [],
        }
        | nothing
        for column in seen.columns
    ]


def samples_of(seen: Inspection, column: str) -> list[str]:
    return [str(row[column])[:TEXT_LENGTH_MAX] for row in seen.preview[:5] if row.get(column) is not None]


def storable(text: str) -> str:
    """Text that PostgreSQL can hold: without NUL, bounded."""
    return text.replace("\0", "")[:TEXT_LENGTH_MAX]
