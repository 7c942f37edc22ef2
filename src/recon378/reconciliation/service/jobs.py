"""Jobs: start, look at, cancel, run again, delete; and the lounge where they wait."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from recon378.actor import Actor
from recon378.adapters import queue
from recon378.adapters.events import Events
from recon378.adapters.queue import Job
from recon378.audit import service as audit
from recon378.audit.service import Subject
from recon378.errors import Conflict, NotFound, Unprocessable
from recon378.files.models import File
from recon378.files.service import files
from recon378.files.store import read_time_cursor, write_time_cursor
from recon378.paging import Page
from recon378.projects import service as projects
from recon378.projects.models import Membership, Project
from recon378.reconciliation.models import Reconciliation
from recon378.reconciliation.schemas import JobOut, JobStart, JobStatus, ProgressOut
from recon378.reconciliation.service import rulesets

RECONCILE: Final = "reconcile"
NO_JOB: Final = "There is no such job, or it is not yours to see."

_LeftFile, _RightFile = aliased(File), aliased(File)


async def start_job(session: AsyncSession, events: Events, actor: Actor, project_id: UUID, start: JobStart) -> JobOut:
    """Put a reconciliation of two files of the project into the lounge queue; the row is the enqueueing."""
    await projects.require(session, actor, project_id, "start_job")
    if start.left_file_id == start.right_file_id:
        raise Unprocessable("Both sides are the same file: choose another one for one side.")
    left, right = [await _ready_file(session, project_id, file_id) for file_id in (start.left_file_id, start.right_file_id)]
    yaml = await rulesets.checked_yaml(session, project_id, start.ruleset_version_id, start.ruleset_yaml)
    reconciliation = Reconciliation(
        id=uuid4(),
        project_id=project_id,
        name=start.name.strip() or f"{left.name} / {right.name}"[:120],
        left_file_id=left.id,
        right_file_id=right.id,
        left_dataset_id=left.dataset_id,
        right_dataset_id=right.dataset_id,
        ruleset_version_id=start.ruleset_version_id,
        ruleset_yaml=yaml,
        created_by_name=actor.name,
    )
    return await _enqueue(session, events, actor, reconciliation, start.priority)


async def rerun_job(session: AsyncSession, events: Events, actor: Actor, job_id: UUID) -> JobOut:
    """Run the same datasets under the same ruleset again, as a new job; what people decided meanwhile counts in it."""
    past = await get_reconciliation(session, actor, job_id, "rerun_job")
    names = (
        "project_id",
        "name",
        "left_file_id",
        "right_file_id",
        "left_dataset_id",
        "right_dataset_id",
        "ruleset_version_id",
        "ruleset_yaml",
    )
    again = Reconciliation(id=uuid4(), created_by_name=actor.name, **{name: getattr(past, name) for name in names})
    return await _enqueue(session, events, actor, again, priority=5)


async def list_jobs(session: AsyncSession, actor: Actor, project_id: UUID, cursor: str | None, limit: int) -> Page[JobOut]:
    """Jobs of a project, newest first."""
    await projects.require(session, actor, project_id, "list_jobs")
    return await _page(session, (Reconciliation.project_id == project_id,), cursor, limit)


async def lounge(session: AsyncSession, actor: Actor, status: JobStatus | None, cursor: str | None, limit: int) -> Page[JobOut]:
    """All jobs that the actor may see, newest first."""
    seen: tuple[ColumnElement[bool], ...] = (Reconciliation.project_id.in_(projects.visible(actor)),)
    if status is not None:
        seen += (Job.status == status.value,)
    return await _page(session, seen, cursor, limit)


async def get_job(session: AsyncSession, actor: Actor, job_id: UUID) -> JobOut:
    await get_reconciliation(session, actor, job_id, "get_job")
    return await job_out(session, job_id)


async def cancel_job(session: AsyncSession, events: Events, actor: Actor, job_id: UUID) -> JobOut:
    """A waiting job ends at once, a running one when its worker hears of it. Raises Conflict where it has ended already."""
    reconciliation = await get_reconciliation(session, actor, job_id, "cancel_job")
    status = await queue.cancel(session, job_id)
    if status == queue.JobStatus.CANCELLED:
        await publish_status(session, events, reconciliation, JobStatus.CANCELLED)
    await audit.record(session, actor, "job.cancel", _subject(reconciliation))
    return await job_out(session, job_id)


async def change_priority(session: AsyncSession, events: Events, actor: Actor, job_id: UUID, priority: int) -> JobOut:
    """Move a waiting job in the queue; 9 goes first."""
    reconciliation = await get_reconciliation(session, actor, job_id, "change_job_priority")
    if not await queue.set_priority(session, job_id, priority):
        raise Conflict("This job does not wait any more, so its priority changes nothing.")
    await publish_status(session, events, reconciliation, JobStatus.QUEUED)
    return await job_out(session, job_id)


async def delete_job(session: AsyncSession, actor: Actor, job_id: UUID) -> None:
    """Delete a job and its results; decisions stay, since they are about records. Raises Conflict while it runs."""
    reconciliation = await get_reconciliation(session, actor, job_id, "delete_job")
    job = await session.get(Job, job_id, with_for_update=True)
    if job is not None and job.status == queue.JobStatus.RUNNING:
        raise Conflict("This job is running: cancel it first, then delete it.")
    before = {"name": reconciliation.name, "result_hash": reconciliation.result_hash}
    await session.delete(reconciliation)
    await session.flush()
    await audit.record(session, actor, "job.delete", _subject(reconciliation), before=before)


async def get_reconciliation(session: AsyncSession, actor: Actor, job_id: UUID, operation: str) -> Reconciliation:
    """What the job is about, for an operation of the table of rights.

    Raises NotFound, and Forbidden where the role is too low.
    """
    return await projects.require_part(session, actor, Reconciliation, job_id, operation, NO_JOB)


async def get_finished(session: AsyncSession, actor: Actor, job_id: UUID, operation: str) -> Reconciliation:
    """The same for a job that has results. Raises Conflict for any other."""
    reconciliation = await get_reconciliation(session, actor, job_id, operation)
    if reconciliation.result_hash is None:
        raise Conflict("This job has no results: it is not done, or it ended without.")
    return reconciliation


async def job_out(session: AsyncSession, job_id: UUID) -> JobOut:
    row = (await session.execute(_joined().where(Reconciliation.id == job_id).execution_options(populate_existing=True))).one()
    return (await jobs_out(session, [row]))[0]


async def jobs_where(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], order: Sequence[Any], limit: int
) -> list[JobOut]:
    """Jobs under conditions on `Reconciliation` and `Job`, in an order."""
    return await jobs_out(session, (await session.execute(_joined().where(*conditions).order_by(*order).limit(limit))).all())


async def jobs_out(session: AsyncSession, rows: Sequence[Any]) -> list[JobOut]:
    waiting = [row.Job.id for row in rows if row.Job.status == queue.JobStatus.QUEUED]
    places = await queue.places(session, waiting) if waiting else {}
    return [
        _job_out(row.Reconciliation, row.Job, row.project_name, row.left_name, row.right_name, places.get(row.Job.id))
        for row in rows
    ]


async def publish_status(session: AsyncSession, events: Events, reconciliation: Reconciliation, status: JobStatus) -> None:
    """Tell the job, its project and everybody in it how the job stands."""
    data = status_data(reconciliation, status)
    for topic in (f"job:{reconciliation.id}", f"project:{reconciliation.project_id}"):
        await events.publish(session, topic, "job.status", data)
    await tell_members(session, events, reconciliation, data)


def status_data(reconciliation: Reconciliation, status: JobStatus) -> dict[str, Any]:
    return {
        "id": str(reconciliation.id),
        "project_id": str(reconciliation.project_id),
        "name": reconciliation.name,
        "status": status.value,
    }


async def tell_members(session: AsyncSession, events: Events, reconciliation: Reconciliation, data: dict[str, Any]) -> None:
    members = select(Membership.user_id).where(Membership.project_id == reconciliation.project_id).order_by(Membership.user_id)
    for user_id in (await session.execute(members)).scalars().all():
        await events.publish(session, f"user:{user_id}", "job.status", data)


async def _enqueue(session: AsyncSession, events: Events, actor: Actor, reconciliation: Reconciliation, priority: int) -> JobOut:
    session.add(reconciliation)
    await session.flush()
    await queue.enqueue(
        session,
        kind=RECONCILE,
        project_id=reconciliation.project_id,
        subject_id=reconciliation.id,
        created_by=actor.user_id,
        priority=priority,
        job_id=reconciliation.id,
    )
    await publish_status(session, events, reconciliation, JobStatus.QUEUED)
    await audit.record(session, actor, "job.start", _subject(reconciliation), after={"name": reconciliation.name})
    return await job_out(session, reconciliation.id)


async def _ready_file(session: AsyncSession, project_id: UUID, file_id: UUID) -> File:
    file = await session.get(File, file_id)
    if file is None or file.project_id != project_id:
        raise NotFound(files.NO_FILE)
    files.check_ready(file)
    return file


async def _page(session: AsyncSession, conditions: Sequence[ColumnElement[bool]], cursor: str | None, limit: int) -> Page[JobOut]:
    statement = _joined().where(*conditions).order_by(Reconciliation.created_at.desc(), Reconciliation.id.desc()).limit(limit + 1)
    if cursor:
        statement = statement.where(tuple_(Reconciliation.created_at, Reconciliation.id) < read_time_cursor(cursor))
    rows = (await session.execute(statement)).all()
    counted = select(func.count()).select_from(Reconciliation).join(Job, Job.id == Reconciliation.id).where(*conditions)
    total = (await session.execute(counted)).scalar_one()
    last = rows[limit - 1].Reconciliation if len(rows) > limit else None
    next_cursor = write_time_cursor(last.created_at, last.id) if last else None
    return Page(items=await jobs_out(session, rows[:limit]), next_cursor=next_cursor, total=total)


def _joined() -> Select[Reconciliation, Job, str, str, str]:
    return (
        select(
            Reconciliation,
            Job,
            Project.name.label("project_name"),
            _LeftFile.name.label("left_name"),
            _RightFile.name.label("right_name"),
        )
        .join(Job, Job.id == Reconciliation.id)
        .join(Project, Project.id == Reconciliation.project_id)
        .join(_LeftFile, _LeftFile.id == Reconciliation.left_file_id)
        .join(_RightFile, _RightFile.id == Reconciliation.right_file_id)
    )


def _job_out(
    reconciliation: Reconciliation, job: Job, project_name: str, left_name: str, right_name: str, place: queue.Place | None
) -> JobOut:
    return JobOut(
        id=reconciliation.id,
        project_id=reconciliation.project_id,
        project_name=project_name,
        name=reconciliation.name,
        status=JobStatus(job.status),
        left_file_id=reconciliation.left_file_id,
        left_file_name=left_name,
        right_file_id=reconciliation.right_file_id,
        right_file_name=right_name,
        position=place.position if place else None,
        eta_seconds=place.eta_seconds if place else None,
        progress=_progress_out(job),
        attempts=job.attempts,
        error=job.error,
        created_by=reconciliation.created_by_name,
        created_at=reconciliation.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        suggested=reconciliation.suggested,
        confirmed=reconciliation.confirmed,
        exceptions=reconciliation.exceptions,
        result_hash=reconciliation.result_hash,
    )


def _progress_out(job: Job) -> ProgressOut | None:
    """The last progress that was told; what is done is whole, though nobody waited to say so."""
    if job.progress is None:
        return None
    return ProgressOut(**(job.progress | ({"fraction": 1.0} if job.status == queue.JobStatus.DONE else {})))


def _subject(reconciliation: Reconciliation) -> Subject:
    return Subject("job", reconciliation.id, reconciliation.project_id)
