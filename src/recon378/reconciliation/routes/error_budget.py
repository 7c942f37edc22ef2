"""Confirming suggestions within an error budget, and taking that back."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from recon378.accounts.deps import CurrentActor, Events, Session, Storage
from recon378.problems import problems
from recon378.reconciliation.schemas import BulkDecisionOut, BulkUndone, ConfirmMatches, ErrorBudgetOut
from recon378.reconciliation.service import error_budgets

router = APIRouter()

WrongShare = Annotated[float, Query(gt=0, lt=1, description="the share that may be wrong at most")]


@router.get("/jobs/{job_id}/error-budget", responses=problems(401, 404, 409, 422))
async def get_error_budget(job_id: UUID, actor: CurrentActor, session: Session, wrong_share: WrongShare = 0.05) -> ErrorBudgetOut:
    """How many suggestions may be confirmed without looking at each."""
    return await error_budgets.get_error_budget(session, actor, job_id, wrong_share)


@router.post("/jobs/{job_id}/confirmations", status_code=201, responses=problems(401, 403, 404, 409, 422))
async def confirm_matches(
    job_id: UUID, data: ConfirmMatches, actor: CurrentActor, session: Session, storage: Storage, events: Events
) -> BulkDecisionOut:
    """Confirm them, as one action."""
    return await error_budgets.confirm_matches(session, storage, events, actor, job_id, data)


@router.post("/jobs/{job_id}/confirmations/{bulk_id}/undo", responses=problems(401, 403, 404, 409))
async def undo_confirmation(job_id: UUID, bulk_id: UUID, actor: CurrentActor, session: Session, events: Events) -> BulkUndone:
    """Take such an action back as a whole."""
    return await error_budgets.undo_confirmation(session, events, actor, job_id, bulk_id)
