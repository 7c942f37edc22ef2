"""Files: upload in one piece or in chunks, questions and kept answers, rows, downloads; and the demo project."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect

from recon378.accounts.deps import CurrentActor, CurrentPlatform, Events, Session, Storage
from recon378.errors import Unprocessable
from recon378.files.deps import LIMIT_DEFAULT, Cursor, Limit, attachment
from recon378.files.schemas import (
    Answers,
    FileOut,
    FilesCombine,
    RowErrorOut,
    RowsOut,
    TemplateOut,
    UploadCreate,
    UploadFinish,
    UploadOut,
)
from recon378.files.service import combining, demo, files, rows, templates, uploads
from recon378.paging import Page
from recon378.problems import problems
from recon378.projects.schemas import ProjectOut

router = APIRouter(tags=["files"])

BYTES: dict[str, Any] = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}
BINARY: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}
CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
KNOWN: dict[int | str, dict[str, Any]] = {200: {"model": FileOut, "description": "The project has the same bytes already"}}
OPEN: dict[int | str, dict[str, Any]] = {200: {"model": UploadOut, "description": "Your upload of this file is open: go on"}}


@router.post("/projects/demo", status_code=201, responses=problems(401, 403))
async def create_demo_project(actor: CurrentActor, session: Session, storage: Storage, events: Events) -> ProjectOut:
    """Make a project with a bank statement and a ledger to try the platform on."""
    return await demo.create_demo_project(session, storage, events, actor)


@router.post(
    "/projects/{project_id}/files",
    status_code=201,
    responses=KNOWN | problems(401, 403, 404, 413, 422, 507),
    openapi_extra={"requestBody": BYTES},
)
async def upload_file(
    project_id: UUID,
    name: Annotated[str, Query(min_length=1, max_length=1000)],
    request: Request,
    response: Response,
    actor: CurrentActor,
    platform: CurrentPlatform,
    session: Session,
) -> FileOut:
    """Store a file and have it read. 200 instead of 201 where the project has the same bytes already."""
    limit_bytes = platform.settings.upload_limit_bytes
    stored = await files.receive(platform.database, platform.storage, actor, project_id, request.stream(), limit_bytes)
    file, is_new = await files.add_file(session, platform.events, actor, project_id, name, stored)
    response.status_code = 201 if is_new else 200
    return file


# ── uploads in chunks ───────────────────────────────────────────────────────────────────────────────────────────────


@router.post(
    "/projects/{project_id}/uploads",
    status_code=201,
    responses=OPEN | problems(401, 403, 404, 409, 413, 422),
)
async def create_upload(
    project_id: UUID, data: UploadCreate, response: Response, actor: CurrentActor, session: Session, platform: CurrentPlatform
) -> UploadOut:
    """Announce a file that comes in chunks. Asking again for the same file goes on with its open upload."""
    upload, is_new = await uploads.create_upload(session, platform.storage, platform.settings, actor, project_id, data)
    response.status_code = 201 if is_new else 200
    return upload


@router.get("/projects/{project_id}/uploads", responses=problems(401, 404))
async def list_uploads(project_id: UUID, actor: CurrentActor, session: Session, platform: CurrentPlatform) -> list[UploadOut]:
    """Your open uploads in a project, newest first."""
    return await uploads.list_uploads(session, platform.storage, platform.settings, actor, project_id)


@router.get("/uploads/{upload_id}", responses=problems(401, 404))
async def get_upload(upload_id: UUID, actor: CurrentActor, session: Session, platform: CurrentPlatform) -> UploadOut:
    """How much of a file is here: go on at `offset`."""
    upload = await uploads.get_upload(session, actor, upload_id, "get_upload")
    return uploads.upload_out(upload, platform.storage, platform.settings)


@router.patch(
    "/uploads/{upload_id}",
    responses=problems(401, 403, 404, 409, 413, 422, 507),
    openapi_extra={"requestBody": BYTES},
)
async def append_chunk(
    upload_id: UUID,
    upload_offset: Annotated[int, Header(ge=0, description="where in the file this chunk begins")],
    request: Request,
    actor: CurrentActor,
    platform: CurrentPlatform,
    upload_checksum: Annotated[str | None, Header(max_length=100, description="`sha256 BASE64` of the chunk")] = None,
) -> UploadOut:
    """Add the next chunk, all of it or nothing. 409 with the right `offset` where it begins elsewhere."""
    try:
        return await uploads.append_chunk(
            platform.database,
            platform.storage,
            platform.settings,
            actor,
            upload_id,
            upload_offset,
            upload_checksum,
            request.stream(),
        )
    except ClientDisconnect:
        raise Unprocessable("The connection broke off within a chunk: ask for the offset and go on.") from None


@router.post("/uploads/{upload_id}/finish", status_code=201, responses=KNOWN | problems(401, 403, 404, 409, 422, 507))
async def finish_upload(
    upload_id: UUID, data: UploadFinish, response: Response, actor: CurrentActor, session: Session, platform: CurrentPlatform
) -> FileOut:
    """Verify the whole file and have it read. 200 instead of 201 where the project has the same bytes already."""
    stored = await uploads.verified(platform.database, platform.storage, actor, upload_id, data.sha256)
    file, is_new = await uploads.finish_upload(session, platform.events, actor, upload_id, stored)
    response.status_code = 201 if is_new else 200
    return file


@router.delete("/uploads/{upload_id}", status_code=204, responses=problems(401, 403, 404))
async def cancel_upload(upload_id: UUID, actor: CurrentActor, session: Session, storage: Storage) -> None:
    """Throw an upload away with what is here of it."""
    await uploads.cancel_upload(session, storage, actor, upload_id)


# ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/projects/{project_id}/files", responses=problems(401, 404, 422))
async def list_files(
    project_id: UUID,
    actor: CurrentActor,
    session: Session,
    sha256: Annotated[str | None, Query(pattern=r"^[0-9a-f]{64}$", description="only the file with these bytes")] = None,
    cursor: Cursor = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[FileOut]:
    """Files of a project, newest first."""
    return await files.list_files(session, actor, project_id, sha256, cursor, limit)


@router.post(
    "/projects/{project_id}/files/combined", status_code=201, responses=KNOWN | problems(401, 403, 404, 409, 413, 422, 507)
)
async def combine_files(
    project_id: UUID, data: FilesCombine, response: Response, actor: CurrentActor, session: Session, platform: CurrentPlatform
) -> FileOut:
    """Make one file of several with the same columns; what overlaps counts once."""
    combined = await combining.combine(platform.database, platform.storage, actor, project_id, data.file_ids)
    made, is_new = await combining.add_combined(session, platform.events, actor, project_id, combined)
    response.status_code = 201 if is_new else 200
    return made


@router.get("/files/{file_id}", responses=problems(401, 404))
async def get_file(file_id: UUID, actor: CurrentActor, session: Session) -> FileOut:
    """How a file stands and what is in it."""
    return files.file_out(await files.get_file(session, actor, file_id, "get_file"))


@router.delete("/files/{file_id}", status_code=204, responses=problems(401, 403, 404, 409))
async def delete_file(file_id: UUID, actor: CurrentActor, session: Session, storage: Storage) -> None:
    """Delete a file that no job uses."""
    await files.delete_file(session, storage, actor, file_id)


@router.post("/files/{file_id}/answers", responses=problems(401, 403, 404, 409, 422))
async def answer_questions(file_id: UUID, data: Answers, actor: CurrentActor, session: Session, events: Events) -> FileOut:
    """Settle what the file alone cannot; it is read again."""
    return await files.answer_questions(session, events, actor, file_id, data.answers)


@router.get("/projects/{project_id}/templates", responses=problems(401, 404))
async def list_templates(project_id: UUID, actor: CurrentActor, session: Session) -> list[TemplateOut]:
    """Answers that are kept by header for the next file, the last saved first."""
    return await templates.list_templates(session, actor, project_id)


@router.delete("/templates/{template_id}", status_code=204, responses=problems(401, 403, 404))
async def delete_template(template_id: UUID, actor: CurrentActor, session: Session) -> None:
    """Forget kept answers: the next file with their header asks again."""
    await templates.delete_template(session, actor, template_id)


@router.get("/files/{file_id}/rows", response_model=RowsOut, responses=problems(401, 404, 409, 422))
async def list_rows(
    file_id: UUID,
    actor: CurrentActor,
    session: Session,
    storage: Storage,
    offset: Annotated[int, Query(ge=0, le=2**32)] = 0,
    limit: Limit = LIMIT_DEFAULT,
) -> Response:
    """Typed rows from any position."""
    return Response(await rows.rows_of(session, storage, actor, file_id, offset, limit), media_type="application/json")


@router.get("/files/{file_id}/row-errors", responses=problems(401, 404, 422))
async def list_row_errors(
    file_id: UUID, actor: CurrentActor, session: Session, cursor: Cursor = None, limit: Limit = LIMIT_DEFAULT
) -> Page[RowErrorOut]:
    """Rows that did not come in, with the reason."""
    return await rows.row_errors_of(session, actor, file_id, cursor, limit)


@router.get("/files/{file_id}/row-errors.csv", response_class=StreamingResponse, responses=CSV | problems(401, 404))
async def download_row_errors(
    file_id: UUID, actor: CurrentActor, session: Session, platform: CurrentPlatform
) -> StreamingResponse:
    """All rows that did not come in."""
    file = await files.get_file(session, actor, file_id, "download_row_errors")
    lines = rows.row_errors_csv(platform.database, file)
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=attachment(f"{file.name}.row-errors.csv"))


@router.get("/files/{file_id}/content", response_class=StreamingResponse, responses=BINARY | problems(401, 404))
async def download_file(file_id: UUID, actor: CurrentActor, session: Session, storage: Storage) -> StreamingResponse:
    """The file as it was uploaded."""
    file = await files.get_file(session, actor, file_id, "download_file")
    headers = attachment(file.name) | {"Content-Length": str(file.size_bytes)}
    return StreamingResponse(storage.read(file.sha256), media_type="application/octet-stream", headers=headers)
