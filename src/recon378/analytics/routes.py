"""Figures of jobs and of the home page."""

from uuid import UUID

from fastapi import APIRouter

from recon378.accounts.deps import CurrentActor, Session
from recon378.analytics import service
from recon378.analytics.schemas import JobSummary, Overview
from recon378.problems import problems

router = APIRouter(tags=["analytics"])


@router.get("/jobs/{job_id}/summary", responses=problems(401, 404, 409))
async def get_job_summary(job_id: UUID, actor: CurrentActor, session: Session) -> JobSummary:
    """The result of a job as it stands now."""
    return await service.job_summary(session, actor, job_id)


@router.get("/analytics/overview", responses=problems(401))
async def get_overview(actor: CurrentActor, session: Session) -> Overview:
    """What waits, what runs, what came out last."""
    return await service.overview(session, actor)
