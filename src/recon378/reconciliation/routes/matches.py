"""Matches and what people decide about them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from recon378.accounts.deps import CurrentActor, Events, Session, Storage
from recon378.files.deps import LIMIT_DEFAULT, Cursor, Limit
from recon378.paging import Page
from recon378.problems import problems
from recon378.reconciliation.schemas import (
    Decide,
    DecisionMade,
    DecisionOut,
    ExplanationOut,
    MatchDetail,
    MatchPage,
    MatchSort,
    MatchStatus,
    Money,
)
from recon378.reconciliation.service import decisions, explanations, matches
from recon378.reconciliation.service.matches import MatchQuery

router = APIRouter()

Row = Annotated[int, Query(ge=0, lt=2**32)]
Share = Annotated[float | None, Query(ge=0, le=1)]


@router.get("/jobs/{job_id}/matches", response_model=MatchPage, responses=problems(401, 404, 409, 422))
async def list_matches(
    job_id: UUID,
    actor: CurrentActor,
    session: Session,
    status: MatchStatus | None = None,
    q: Annotated[str, Query(max_length=200)] = "",
    method: Annotated[str | None, Query(max_length=40)] = None,
    ambiguous: bool | None = None,
    decided: bool | None = None,
    confidence_min: Share = None,
    confidence_max: Share = None,
    amount_min: Money | None = None,
    amount_max: Money | None = None,
    sort: MatchSort = MatchSort.FILE_ORDER,
    cursor: Cursor = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Response:
    """A page of the review list under a filter, in any order, with counts and sums of all that the filter admits."""
    query = MatchQuery(
        status, method, q, ambiguous, decided, confidence_min, confidence_max, amount_min, amount_max, sort, cursor, limit
    )
    return Response(await matches.list_matches(session, actor, job_id, query), media_type="application/json")


@router.get("/jobs/{job_id}/matches/{match_id}", responses=problems(401, 404, 409))
async def get_match(job_id: UUID, match_id: int, actor: CurrentActor, session: Session, storage: Storage) -> MatchDetail:
    """One match with its records, evidence, runner-up and decisions."""
    return await matches.match_detail(session, storage, actor, job_id, match_id)


@router.post("/jobs/{job_id}/matches/{match_id}/decision", responses=problems(401, 403, 404, 409, 422))
async def decide_match(
    job_id: UUID, match_id: int, data: Decide, actor: CurrentActor, session: Session, storage: Storage, events: Events
) -> DecisionMade:
    """Accept or reject a match; 409 carries the decision of whoever was first."""
    return await decisions.decide(session, storage, events, actor, job_id, match_id, data)


@router.get("/jobs/{job_id}/decisions", responses=problems(401, 404, 409, 422))
async def list_decisions(
    job_id: UUID,
    actor: CurrentActor,
    session: Session,
    bulk: Annotated[bool | None, Query(description="only those made together, or only those made one by one")] = None,
    cursor: Cursor = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[DecisionOut]:
    """Decisions of a job, newest first."""
    return await decisions.list_decisions(session, actor, job_id, bulk, cursor, limit)


@router.post("/jobs/{job_id}/decisions/{decision_id}/undo", responses=problems(401, 403, 404, 409))
async def undo_decision(
    job_id: UUID, decision_id: UUID, actor: CurrentActor, session: Session, storage: Storage, events: Events
) -> DecisionMade:
    """Take a decision back."""
    return await decisions.undo(session, storage, events, actor, job_id, decision_id)


@router.get("/jobs/{job_id}/explain", responses=problems(401, 404, 409, 422))
async def explain_rows(
    job_id: UUID, left_row: Row, right_row: Row, actor: CurrentActor, session: Session, storage: Storage
) -> ExplanationOut:
    """Why two records are a match, or why not."""
    return await explanations.explain(session, storage, actor, job_id, left_row, right_row)
