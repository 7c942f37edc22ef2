"""Read an uploaded file in a child process with limits, and keep what came out."""

import asyncio
import os
import re
import shutil
from dataclasses import dataclass, field, replace
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
from recon378.files.service import evidence, files, questions, templates
from recon378.files.service.profile import profile_columns
from recon378.files.store import MappedDataset, map_table, read_meaning, scratch_folder
from recon378.settings import Settings
from recon378_engine.reading import Inspection, Limits, read_contained
from recon378_engine.reading.contained import Contained
from recon378_engine.reading.inspection import QUESTION

TEXT_LENGTH_MAX: Final = 4000
READINGS_MAX: Final = 3  # an answer may bring up the next question


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a file gave: what the importer saw, and the dataset with its profile where it was accepted.

    `settled` are the questions that `answers` settled on the way, `reused` the template they came from.
    """

    inspection: Inspection
    dataset: Path | None
    meaning: dict[str, Any]
    columns: list[dict[str, Any]]
    answers: dict[str, str] = field(default_factory=dict)
    settled: list[dict[str, Any]] = field(default_factory=list)
    reused: dict[str, Any] | None = None


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
        link = linked(path, folder, file.name)
        limits = limits_of(context.settings)
        reading = await asyncio.to_thread(read, link, folder / "first", file.name, file.answers, limits)
        if not file.answers:
            reading = await read_as_before(context, job.project_id, reading, link, file.name)
        dataset = await keep_dataset(context.storage, file.id, reading)
    async with context.completion() as session:
        await store_reading(session, context, job.subject_id, reading, dataset)


async def gave_up(session: AsyncSession, job: Claim, error: str) -> None:
    """Say on the file why it was not read."""
    file = await session.get(File, job.subject_id)
    if file is not None:
        file.status, file.error = FileStatus.REJECTED.value, error


HANDLER: Final = Handler(run=read_file, gave_up=gave_up)


async def read_as_before(context: JobContext, project_id: UUID, first: Reading, link: Path, name: str) -> Reading:
    """Read again with what people answered about the last file with this header, as far as this file leaves it open.

    A template whose answers make the file unreadable is not used: the questions stay for a person.
    """
    header = first.inspection.header
    async with context.database.transaction() as session:
        template = await templates.find(session, project_id, templates.fingerprint_of(first.inspection.format, header))
    if template is None:
        return first
    reading, settled = first, list[dict[str, Any]]()
    for attempt in range(READINGS_MAX):
        open_questions = [questions.question_out(question) for question in reading.inspection.questions]
        fitting = templates.fitting_answers(template.settled, open_questions, header)
        fresh = {key: answer for key, answer in fitting.items() if key not in reading.answers}
        if not fresh:
            break
        known = {question["key"]: question for question in (*template.settled, *open_questions)}
        settled += [questions.settled(known[key], answer) for key, answer in fresh.items()]
        answers = reading.answers | fresh
        limits = limits_of(context.settings)
        reading = await asyncio.to_thread(read, link, link.parent / f"again-{attempt}", name, answers, limits)
        if reading.inspection.error is not None:
            return first
    reused = {"template_id": str(template.id), "saved_at": template.saved_at.isoformat(), "saved_by": template.saved_by_name}
    return replace(reading, settled=settled, reused=reused if settled else None)


def read(link: Path, folder: Path, name: str, answers: dict[str, str], limits: Limits) -> Reading:
    """Read in a child process and describe what came in. Blocks: call it in a thread."""
    contained = read_contained(link, folder, answers=questions.engine_answers(answers), limits=limits)
    if contained.dataset is None:
        return Reading(contained.inspection, None, {}, seen_columns(contained.inspection), answers)
    meaning = with_roles(read_meaning(contained.dataset), questions.chosen_roles(answers)) | {"source": name}
    return Reading(contained.inspection, contained.dataset, meaning, described(contained, meaning), answers)


def with_roles(meaning: dict[str, Any], roles: dict[str, str]) -> dict[str, Any]:
    """The meaning of a dataset with the roles that a person chose."""
    columns = [column | {"role": roles.get(column["name"], column["role"])} for column in meaning["columns"]]
    return meaning | {"columns": columns}


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
    file.columns = reading.columns
    file.warnings = evidence.warnings_of(seen)
    file.questions = [questions.question_out(question) for question in seen.questions]
    file.evidence, file.error = evidence.evidence_of(seen), seen.error
    if file.header_fingerprint is None and seen.header:
        file.header_fingerprint = templates.fingerprint_of(seen.format, seen.header)
    if reading.reused is not None:
        file.answers, file.settled, file.reused = reading.answers, reading.settled, reading.reused
        await templates.count_use(session, UUID(reading.reused["template_id"]))
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
