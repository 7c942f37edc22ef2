"""Uploads in chunks that go on where they broke off, in the shape of tus 1.0: create, ask for the offset, append, finish."""

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterable
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.actor import Actor
from recon378.adapters.database import Database
from recon378.adapters.events import Events, after_commit
from recon378.adapters.storage import Storage, StoredObject
from recon378.errors import Conflict, NotFound, TooLarge, Unprocessable
from recon378.files import partials
from recon378.files.models import File, Upload
from recon378.files.schemas import FileOut, UploadCreate, UploadOut
from recon378.files.service import files
from recon378.files.service.names import display_name
from recon378.projects import service as projects
from recon378.settings import Settings

NO_UPLOAD: Final = "There is no such upload, or it is not yours: start it again."
CHECKSUM: Final = "sha256"


async def create_upload(
    session: AsyncSession, storage: Storage, settings: Settings, actor: Actor, project_id: UUID, data: UploadCreate
) -> tuple[UploadOut, bool]:
    """Announce a file; false where the same person's upload of the same file is open already, and then it goes on.

    Raises TooLarge above the limit, Unprocessable for an empty file, Conflict where too many are open.
    """
    await projects.require(session, actor, project_id, "create_upload")
    if data.size_bytes == 0:
        raise Unprocessable("The file is empty: choose a file with at least a header and one row.")
    if data.size_bytes > settings.upload_limit_bytes:
        limit = settings.upload_limit_bytes
        raise TooLarge(f"The file is larger than the limit of {limit:,} bytes.", limit_bytes=limit)
    values = {
        "project_id": project_id,
        "created_by": actor.user_id,
        "name": display_name(data.name),
        "size_bytes": data.size_bytes,
        "modified_ms": data.modified_ms,
    }
    same = select(Upload).where(Upload.file_id.is_(None), *(getattr(Upload, name) == value for name, value in values.items()))
    known = (await session.execute(same)).scalar_one_or_none()
    if known is not None:
        return upload_out(known, storage, settings), False
    await _check_room(session, actor, settings)
    created = insert(Upload).values(id=uuid4(), **values).on_conflict_do_nothing().returning(Upload.id)
    is_new = (await session.execute(created)).scalar_one_or_none() is not None
    return upload_out((await session.execute(same)).scalar_one(), storage, settings), is_new


async def list_uploads(
    session: AsyncSession, storage: Storage, settings: Settings, actor: Actor, project_id: UUID
) -> list[UploadOut]:
    """The actor's own open uploads, newest first."""
    await projects.require(session, actor, project_id, "list_uploads")
    mine = select(Upload).where(Upload.project_id == project_id, Upload.created_by == actor.user_id, Upload.file_id.is_(None))
    uploads = (await session.execute(mine.order_by(Upload.created_at.desc(), Upload.id))).scalars()
    return [upload_out(upload, storage, settings) for upload in uploads]


async def get_upload(session: AsyncSession, actor: Actor, upload_id: UUID, operation: str) -> Upload:
    """An upload of the actor. Raises NotFound, and Forbidden where the role in its project is too low."""
    upload = await projects.require_part(session, actor, Upload, upload_id, operation, NO_UPLOAD)
    if upload.created_by != actor.user_id:
        raise NotFound(NO_UPLOAD)
    return upload


async def append_chunk(
    database: Database,
    storage: Storage,
    settings: Settings,
    actor: Actor,
    upload_id: UUID,
    offset: int,
    checksum: str | None,
    chunks: AsyncIterable[bytes],
) -> UploadOut:
    """Add a chunk that begins at `offset`. It counts as a whole or not at all, so that a broken connection leaves no doubt.

    No transaction stays open while bytes come in. `checksum` is `sha256 BASE64`. Raises Conflict with the right offset.
    """
    async with database.transaction() as session:
        upload = await get_upload(session, actor, upload_id, "append_chunk")
    if upload.file_id is not None or upload.sha256 is not None:
        raise Conflict("All of this file is here already.", offset=upload.size_bytes)
    chunk = await _gathered(chunks, settings.upload_chunk_limit_bytes)
    if checksum is not None:
        _check(chunk, checksum)
    path = partials.path_of(storage, upload_id)
    await asyncio.to_thread(partials.append, path, offset, chunk, upload.size_bytes)
    async with database.transaction() as session:
        touched = update(Upload).where(Upload.id == upload_id).values(touched_at=func.now()).returning(Upload)
        upload = (await session.execute(touched)).scalar_one_or_none() or upload
    return upload_out(upload, storage, settings)


async def verified(database: Database, storage: Storage, actor: Actor, upload_id: UUID, sha256: str) -> StoredObject:
    """The bytes of an upload in the storage, once all are here and have this hash. Asking twice has one effect.

    Raises Conflict while bytes are missing, Unprocessable where the hash differs; then they are thrown away.
    """
    async with database.transaction() as session:
        upload = await get_upload(session, actor, upload_id, "finish_upload")
    path = partials.path_of(storage, upload_id)
    if upload.sha256 is None:
        await _verify(storage, upload, sha256)
        async with database.transaction() as session:
            await session.execute(update(Upload).where(Upload.id == upload_id).values(sha256=sha256))
    elif upload.sha256 != sha256:
        raise Unprocessable("This is not the sha256 of the bytes that arrived.", sha256=upload.sha256)
    try:
        return await asyncio.to_thread(partials.keep, storage, path, sha256)
    except FileNotFoundError:
        if not await storage.exists(sha256):
            raise NotFound(NO_UPLOAD) from None
        return StoredObject(sha256, upload.size_bytes)


async def finish_upload(
    session: AsyncSession, events: Events, actor: Actor, upload_id: UUID, stored: StoredObject
) -> tuple[FileOut, bool]:
    """Make a file of a verified upload and enqueue its reading; false where the project has the same bytes already."""
    upload = await get_upload(session, actor, upload_id, "finish_upload")
    await session.refresh(upload, with_for_update=True)
    if upload.file_id is not None:
        file = await session.get(File, upload.file_id)
        if file is not None:
            return files.file_out(file), False
    file_out, is_new = await files.add_file(session, events, actor, upload.project_id, upload.name, stored)
    upload.file_id = file_out.id
    return file_out, is_new


async def cancel_upload(session: AsyncSession, storage: Storage, actor: Actor, upload_id: UUID) -> None:
    """Throw an upload away with what is here of it. A file that was made of it stays."""
    upload = await get_upload(session, actor, upload_id, "cancel_upload")
    await session.delete(upload)
    path = partials.path_of(storage, upload_id)
    after_commit(session, lambda: path.unlink(missing_ok=True))


async def sweep(session: AsyncSession, storage: Storage, settings: Settings) -> None:
    """Forget uploads that nobody has added to for long, finished ones too, and the parts of those."""
    oldest = datetime.now(UTC) - timedelta(hours=settings.upload_life_hours)
    await session.execute(delete(Upload).where(Upload.touched_at < oldest))
    await asyncio.to_thread(partials.sweep, storage, settings.upload_life_hours * 3600)


def upload_out(upload: Upload, storage: Storage, settings: Settings) -> UploadOut:
    is_whole = upload.sha256 is not None
    return UploadOut(
        id=upload.id,
        project_id=upload.project_id,
        name=upload.name,
        size_bytes=upload.size_bytes,
        modified_ms=upload.modified_ms,
        offset=upload.size_bytes if is_whole else partials.size_of(partials.path_of(storage, upload.id)),
        chunk_bytes_max=settings.upload_chunk_limit_bytes,
        file_id=upload.file_id,
        created_at=upload.created_at,
        expires_at=upload.touched_at + timedelta(hours=settings.upload_life_hours),
    )


async def _check_room(session: AsyncSession, actor: Actor, settings: Settings) -> None:
    open_now = select(func.count()).select_from(Upload).where(Upload.created_by == actor.user_id, Upload.file_id.is_(None))
    if (await session.execute(open_now)).scalar_one() >= settings.uploads_open_max:
        raise Conflict(f"{settings.uploads_open_max} uploads of yours are open: finish or cancel some of them first.")


async def _gathered(chunks: AsyncIterable[bytes], limit_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > limit_bytes:
            raise TooLarge(f"A chunk may have at most {limit_bytes:,} bytes: send smaller ones.", limit_bytes=limit_bytes)
    return bytes(body)


def _check(chunk: bytes, checksum: str) -> None:
    kind, _, stated = checksum.partition(" ")
    if kind != CHECKSUM or not stated:
        raise Unprocessable("Upload-Checksum is written as 'sha256 BASE64'.", field="Upload-Checksum")
    if base64.b64encode(hashlib.sha256(chunk).digest()).decode() != stated.strip():
        raise Unprocessable("This chunk was changed on its way: send it again.", code="chunk_changed")


async def _verify(storage: Storage, upload: Upload, sha256: str) -> None:
    path = partials.path_of(storage, upload.id)
    here = partials.size_of(path)
    if here != upload.size_bytes:
        raise Conflict(f"{here:,} of {upload.size_bytes:,} bytes are here: go on from there.", offset=here)
    found = await asyncio.to_thread(partials.sha256_of, path)
    if found != sha256:
        await asyncio.to_thread(path.unlink, True)
        message = "The bytes that arrived are not those of the file (their sha256 differs); they were thrown away: send it again."
        raise Unprocessable(message, code="sha256_differs", offset=0)
