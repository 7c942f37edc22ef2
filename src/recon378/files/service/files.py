"""Files of a project: upload, list, answer questions, delete."""

from collections.abc import AsyncIterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.actor import Actor
from recon378.adapters import queue
from recon378.adapters.database import Database
from recon378.adapters.events import Events, after_commit
from recon378.adapters.storage import Storage, StoredObject
from recon378.audit import service as audit
from recon378.audit.service import Subject
from recon378.errors import Conflict, Unprocessable
from recon378.files.models import Dataset, File
from recon378.files.schemas import FileOut, FileStatus, ReadingEvidence, ReusedOut
from recon378.files.service import questions, templates
from recon378.files.service.names import display_name
from recon378.files.store import MappedDataset, is_stored_for_others, read_time_cursor, write_time_cursor
from recon378.paging import Page
from recon378.projects import service as projects

READ_FILE: Final = "read_file"
NO_FILE: Final = "There is no such file, or it is not yours to see."


async def receive(
    database: Database, storage: Storage, actor: Actor, project_id: UUID, chunks: AsyncIterable[bytes], limit_bytes: int
) -> StoredObject:
    """Store the bytes of an upload; they are durable on return. The right to add is asked for first, in a transaction of its own.

    No transaction stays open while bytes come in: a slow upload would hold it for hours. Raises TooLarge.
    """
    async with database.transaction() as session:
        await projects.require(session, actor, project_id, "upload_file")
    return await storage.put(chunks, limit_bytes)


async def add_file(
    session: AsyncSession, events: Events, actor: Actor, project_id: UUID, name: str, stored: StoredObject
) -> tuple[FileOut, bool]:
    """Add stored bytes as a file and enqueue its reading; false where the project has the same bytes already, and then nothing
    is added.
    """
    await projects.require(session, actor, project_id, "upload_file")
    if stored.size_bytes == 0:
        raise Unprocessable("The file is empty: choose a file with at least a header and one row.")
    values = {
        "id": uuid4(),
        "project_id": project_id,
        "name": display_name(name),
        "size_bytes": stored.size_bytes,
        "sha256": stored.sha256,
        "uploaded_by": actor.user_id,
        "uploaded_by_name": actor.name,
    }
    file_id = (
        await session.execute(
            insert(File).values(values).on_conflict_do_nothing(index_elements=["project_id", "sha256"]).returning(File.id)
        )
    ).scalar_one_or_none()
    same_bytes = select(File).where(File.project_id == project_id, File.sha256 == stored.sha256)
    file = (await session.execute(same_bytes)).scalar_one()
    if file_id is None:
        return file_out(file).model_copy(update={"already_known": True}), False
    await enqueue_reading(session, events, actor, file)
    await audit.record(session, actor, "file.upload", _subject(file), after={"name": file.name, "sha256": file.sha256})
    return file_out(file), True


async def list_files(
    session: AsyncSession, actor: Actor, project_id: UUID, sha256: str | None, cursor: str | None, limit: int
) -> Page[FileOut]:
    """Files of a project, newest first; with `sha256` the one that has these bytes."""
    await projects.require(session, actor, project_id, "list_files")
    wanted = [File.project_id == project_id, *([File.sha256 == sha256] if sha256 else [])]
    statement = select(File).where(*wanted).order_by(File.created_at.desc(), File.id.desc()).limit(limit + 1)
    if cursor:
        statement = statement.where(tuple_(File.created_at, File.id) < read_time_cursor(cursor))
    files = list((await session.execute(statement)).scalars())
    total = (await session.execute(select(func.count()).select_from(File).where(*wanted))).scalar_one()
    next_cursor = write_time_cursor(files[limit - 1].created_at, files[limit - 1].id) if len(files) > limit else None
    return Page(items=[file_out(file) for file in files[:limit]], next_cursor=next_cursor, total=total)


async def get_file(session: AsyncSession, actor: Actor, file_id: UUID, operation: str) -> File:
    """The file, for an operation of the table of rights.

    Raises NotFound, and Forbidden where the role in its project is too low.
    """
    return await projects.require_part(session, actor, File, file_id, operation, NO_FILE)


async def answer_questions(
    session: AsyncSession, events: Events, actor: Actor, file_id: UUID, answers: Mapping[str, str | None]
) -> FileOut:
    """Settle what the file alone cannot, or change a column, and read the file again; None takes an answer back.

    What is settled is kept for the next file with this header, and read into one that waits with an open question. Raises
    Unprocessable for an unknown question or choice.
    """
    file = await get_file(session, actor, file_id, "answer_questions")
    await session.refresh(file, with_for_update=True)
    if file.status in (FileStatus.STORED, FileStatus.READING):
        raise Conflict("The file is being read: wait until it is, then answer.")
    before = dict(file.answers)
    file.settled = _settled(file, answers)
    file.answers = {item["key"]: item["answer"] for item in file.settled}
    file.status, file.error, file.reused = FileStatus.STORED.value, None, None
    await session.flush()
    await templates.remember(session, actor, file)
    for one in (file, *await _waiting_for_the_same(session, file)):
        one.status = FileStatus.STORED.value
        await enqueue_reading(session, events, actor, one)
    await audit.record(session, actor, "file.answer", _subject(file), before=before, after=dict(file.answers))
    return file_out(file)


async def delete_file(session: AsyncSession, storage: Storage, actor: Actor, file_id: UUID) -> None:
    """Delete a file and what was read from it. Raises Conflict while a job uses it."""
    file = await get_file(session, actor, file_id, "delete_file")
    if file.status == FileStatus.READING:
        raise Conflict(f"{file.name} is being read: wait until it is, then delete it.")
    objects = {file.sha256, *(await session.execute(select(Dataset.sha256).where(Dataset.file_id == file.id))).scalars()}
    try:
        async with session.begin_nested():
            await session.delete(file)
            await session.flush()
    except IntegrityError:
        raise Conflict(f"{file.name} is used by a reconciliation: delete that first.") from None
    await audit.record(session, actor, "file.delete", _subject(file), before={"name": file.name, "sha256": file.sha256})
    unused = [storage.path_of(sha256) for sha256 in sorted(objects) if not await is_stored_for_others(session, sha256)]
    after_commit(session, partial(_unlink, unused))


async def dataset_of(session: AsyncSession, storage: Storage, file: File) -> MappedDataset:
    """The dataset of a file. Raises Conflict with what is in the way."""
    check_ready(file)
    assert file.dataset_id is not None  # noqa: S101 - a ready file has one
    return await mapped(session, storage, file.dataset_id)


def check_ready(file: File) -> None:
    """Raise Conflict with what is in the way, unless the file was read."""
    if file.dataset_id is None or file.status != FileStatus.READY:
        raise Conflict(_not_ready(file), file_status=file.status)


async def mapped(session: AsyncSession, storage: Storage, dataset_id: UUID) -> MappedDataset:
    dataset = await session.get_one(Dataset, dataset_id)
    return MappedDataset(dataset.id, storage.path_of(dataset.sha256), dataset.meaning)


async def enqueue_reading(session: AsyncSession, events: Events, actor: Actor, file: File) -> None:
    await queue.enqueue(
        session, kind=READ_FILE, project_id=file.project_id, subject_id=file.id, created_by=actor.user_id, priority=9
    )
    await publish_status(session, events, file)


async def publish_status(session: AsyncSession, events: Events, file: File) -> None:
    """Tell the project how a file stands."""
    data: dict[str, Any] = {"id": str(file.id), "name": file.name, "status": file.status, "error": file.error}
    await events.publish(session, f"project:{file.project_id}", "file.status", data)


def file_out(file: File) -> FileOut:
    return FileOut(
        id=file.id,
        project_id=file.project_id,
        name=file.name,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        status=FileStatus(file.status),
        format=file.format,
        encoding=file.encoding,
        delimiter=file.delimiter,
        header_line=file.header_line,
        rows_imported=file.rows_imported,
        rows_rejected=file.rows_rejected,
        rows_skipped=file.rows_skipped,
        columns=file.columns,
        warnings=file.warnings,
        questions=file.questions,
        settled=file.settled,
        reused=ReusedOut.model_validate(file.reused) if file.reused else None,
        evidence=ReadingEvidence.model_validate(file.evidence),
        made_of=file.made_of,
        error=file.error,
        uploaded_by=file.uploaded_by_name,
        created_at=file.created_at,
    )


async def _waiting_for_the_same(session: AsyncSession, file: File) -> Sequence[File]:
    """Other files of the project with this header that ask and that nobody has answered."""
    if file.header_fingerprint is None or not file.settled:
        return ()
    same_header = (File.project_id == file.project_id, File.header_fingerprint == file.header_fingerprint, File.id != file.id)
    waiting = select(File).where(*same_header, File.status == FileStatus.QUESTION.value, File.answers == {})
    return (await session.execute(waiting.order_by(File.id).with_for_update())).scalars().all()


def _settled(file: File, answers: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """All that is settled after these answers, oldest first."""
    known = {question["key"]: question for question in (*file.settled, *file.questions)}
    kept = {item["key"]: item for item in file.settled}
    for key, answer in answers.items():
        if answer is None:
            kept.pop(key, None)
        elif templates.column_of(key) is not None:
            kept[key] = questions.column_change(key, answer, file.columns)
        elif key not in known:
            raise Unprocessable(f"The file has no question '{key}'.", key=key)
        elif answer not in known[key]["choices"]:
            choices = ", ".join(known[key]["choices"])
            raise Unprocessable(f"'{answer}' is no answer to '{key}': choose one of {choices}.", key=key)
        else:
            kept[key] = questions.settled(known[key], answer)
    return list(kept.values())


def _not_ready(file: File) -> str:
    if file.status == FileStatus.QUESTION:
        return f"{file.name} has an open question: answer it first."
    if file.status == FileStatus.REJECTED:
        return f"{file.name} could not be read: {file.error}"
    return f"{file.name} is being read: try again in a moment."


def _unlink(paths: Sequence[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _subject(file: File) -> Subject:
    return Subject("file", file.id, file.project_id)
