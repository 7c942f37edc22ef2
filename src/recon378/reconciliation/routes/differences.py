"""What a job changed since an earlier one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from recon378.accounts.deps import CurrentActor, Session, Storage
from recon378.problems import problems
from recon378.reconciliation.schemas import DifferenceOut
from recon378.reconciliation.service import differences

router = APIRouter()


@router.get("/jobs/{job_id}/difference", responses=problems(401, 404, 409, 422))
async def compare_jobs(
    job_id: UUID,
    actor: CurrentActor,
    session: Session,
    storage: Storage,
    before: Annotated[UUID | None, Query(description="the earlier job; the one before it unless said")] = None,
) -> DifferenceOut:
    """Pairs gained, lost, regrouped and moved since an earlier job over the same records."""
    return await differences.compare_jobs(session, storage, actor, job_id, before)
