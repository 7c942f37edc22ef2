"""Results as files, with the decisions made until now."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from recon378.accounts.deps import CurrentActor, Session, Storage
from recon378.files.deps import attachment
from recon378.problems import problems
from recon378.reconciliation.service import downloads
from recon378.reconciliation.service.downloads import Download

router = APIRouter()

CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
JSON: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}
XLSX: dict[int | str, dict[str, Any]] = {200: {"content": {downloads.XLSX: {"schema": {"type": "string", "format": "binary"}}}}}


@router.get("/jobs/{job_id}/downloads/matches.csv", response_class=StreamingResponse, responses=CSV | problems(401, 404, 409))
async def download_matches(job_id: UUID, actor: CurrentActor, session: Session, storage: Storage) -> StreamingResponse:
    """Matches, in the format of the command line."""
    return answer(await downloads.make_download(session, storage, actor, job_id, "download_matches"))


@router.get("/jobs/{job_id}/downloads/exceptions.csv", response_class=StreamingResponse, responses=CSV | problems(401, 404, 409))
async def download_exceptions(job_id: UUID, actor: CurrentActor, session: Session, storage: Storage) -> StreamingResponse:
    """Open records of both sides, in the format of the command line."""
    return answer(await downloads.make_download(session, storage, actor, job_id, "download_exceptions"))


@router.get("/jobs/{job_id}/downloads/report.xlsx", response_class=StreamingResponse, responses=XLSX | problems(401, 404, 409))
async def download_report(job_id: UUID, actor: CurrentActor, session: Session, storage: Storage) -> StreamingResponse:
    """The workbook."""
    return answer(await downloads.make_download(session, storage, actor, job_id, "download_report"))


@router.get("/jobs/{job_id}/downloads/summary.json", response_class=StreamingResponse, responses=JSON | problems(401, 404, 409))
async def download_summary(job_id: UUID, actor: CurrentActor, session: Session, storage: Storage) -> StreamingResponse:
    """Counts, sums, conservation, ruleset and hashes."""
    return answer(await downloads.make_download(session, storage, actor, job_id, "download_summary"))


def answer(download: Download) -> StreamingResponse:
    headers = attachment(download.name) | {"Content-Length": str(download.size_bytes)}
    return StreamingResponse(download.chunks(), media_type=download.media_type, headers=headers)
