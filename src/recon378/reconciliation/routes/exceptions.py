"""Open records of both sides."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from recon378.accounts.deps import CurrentActor, Session, Storage
from recon378.files.deps import LIMIT_DEFAULT, Cursor, Limit
from recon378.problems import problems
from recon378.reconciliation.schemas import ExceptionDetail, ExceptionPage, ExceptionSort
from recon378.reconciliation.service import exceptions
from recon378.reconciliation.service.exceptions import ExceptionQuery

router = APIRouter()


@router.get("/jobs/{job_id}/exceptions", response_model=ExceptionPage, responses=problems(401, 404, 409, 422))
async def list_exceptions(
    job_id: UUID,
    actor: CurrentActor,
    session: Session,
    side: Literal["left", "right"] | None = None,
    type: Annotated[str | None, Query(max_length=40)] = None,
    q: Annotated[str, Query(max_length=200)] = "",
    sort: ExceptionSort = ExceptionSort.FILE_ORDER,
    cursor: Cursor = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Response:
    """A page of open records, and how many there are of each type."""
    query = ExceptionQuery(side, type, q, sort, cursor, limit)
    return Response(await exceptions.list_exceptions(session, actor, job_id, query), media_type="application/json")


@router.get("/jobs/{job_id}/exceptions/{side}/{row}", responses=problems(401, 404, 409))
async def get_exception(
    job_id: UUID,
    side: Literal["left", "right"],
    row: Annotated[int, Path(ge=0, lt=2**32)],
    actor: CurrentActor,
    session: Session,
    storage: Storage,
) -> ExceptionDetail:
    """One open record, its best rival, and why that was not taken."""
    return await exceptions.exception_detail(session, storage, actor, job_id, side, row)
