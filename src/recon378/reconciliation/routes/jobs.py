"""Jobs and the lounge where they wait."""

from uuid import UUID

from fastapi import APIRouter

from recon378.accounts.deps import CurrentActor, Events, Session
from recon378.files.deps import LIMIT_DEFAULT, Cursor, Limit
from recon378.paging import Page
from recon378.problems import problems
from recon378.reconciliation.schemas import JobOut, JobStart, JobStatus, PriorityChange
from recon378.reconciliation.service import jobs

router = APIRouter()


@router.get("/projects/{project_id}/jobs", responses=problems(401, 404, 422))
async def list_jobs(
    project_id: UUID, actor: CurrentActor, session: Session, cursor: Cursor = None, limit: Limit = LIMIT_DEFAULT
) -> Page[JobOut]:
    """Jobs of a project, newest first."""
    return await jobs.list_jobs(session, actor, project_id, cursor, limit)


@router.post("/projects/{project_id}/jobs", status_code=202, responses=problems(401, 403, 404, 409, 422))
async def start_job(project_id: UUID, data: JobStart, actor: CurrentActor, session: Session, events: Events) -> JobOut:
    """Put a reconciliation of two files into the queue."""
    return await jobs.start_job(session, events, actor, project_id, data)


@router.get("/jobs", responses=problems(401, 422))
async def list_lounge(
    actor: CurrentActor, session: Session, status: JobStatus | None = None, cursor: Cursor = None, limit: Limit = LIMIT_DEFAULT
) -> Page[JobOut]:
    """All jobs that you may see, newest first."""
    return await jobs.lounge(session, actor, status, cursor, limit)


@router.get("/jobs/{job_id}", responses=problems(401, 404))
async def get_job(job_id: UUID, actor: CurrentActor, session: Session) -> JobOut:
    """How a job stands."""
    return await jobs.get_job(session, actor, job_id)


@router.delete("/jobs/{job_id}", status_code=204, responses=problems(401, 403, 404, 409))
async def delete_job(job_id: UUID, actor: CurrentActor, session: Session) -> None:
    """Delete a job that does not run, with its results."""
    await jobs.delete_job(session, actor, job_id)


@router.post("/jobs/{job_id}/cancel", responses=problems(401, 403, 404, 409))
async def cancel_job(job_id: UUID, actor: CurrentActor, session: Session, events: Events) -> JobOut:
    """Stop a job that waits or runs."""
    return await jobs.cancel_job(session, events, actor, job_id)


@router.post("/jobs/{job_id}/rerun", status_code=202, responses=problems(401, 403, 404))
async def rerun_job(job_id: UUID, actor: CurrentActor, session: Session, events: Events) -> JobOut:
    """Run the same again, as a new job."""
    return await jobs.rerun_job(session, events, actor, job_id)


@router.patch("/jobs/{job_id}/priority", responses=problems(401, 403, 404, 409, 422))
async def change_job_priority(
    job_id: UUID, data: PriorityChange, actor: CurrentActor, session: Session, events: Events
) -> JobOut:
    """Move a waiting job in the queue."""
    return await jobs.change_priority(session, events, actor, job_id, data.priority)
