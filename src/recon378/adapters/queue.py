"""The job queue: one table in PostgreSQL, which is the truth about every job. It knows kinds as words and nothing about domains.

A worker claims a job with a lease and a fencing number, renews the lease while it works, and completes the job in the transaction
that stores its results. A worker that dies loses its lease; a worker that only slept finds its fencing number outdated and stores
nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, bindparam, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as POSTGRES_UUID
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from recon378.adapters.database import Base
from recon378.errors import Conflict

WAKE_CHANNEL = "recon378_job"
TYPICAL_SECONDS_WITHOUT_HISTORY = 20.0
HISTORY_JOBS = 20
CANCEL_WAIT_SECONDS = 2
LOCK_NOT_AVAILABLE = "55P03"


class JobStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class LeaseLost(Exception):
    """The job belongs to another worker now, or was ended: nothing may be stored for it any more."""


class Job(Base):
    """A job: waiting, running or ended. `subject_id` is what it is about, in the domain that handles its kind."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("status IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="status"),
        CheckConstraint("priority BETWEEN 0 AND 9", name="priority"),
        Index("ix_job_waiting", text("priority DESC"), "created_at", "id", postgresql_where=text("status = 'queued'")),
        Index("ix_job_lease", "lease_until", postgresql_where=text("status = 'running'")),
        Index("ix_job_project", "project_id", "kind", text("created_at DESC"), text("id DESC")),
        Index("ix_job_subject", "subject_id"),
        Index("ix_job_finished", "kind", "finished_at", postgresql_where=text("status = 'done'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[str]
    project_id: Mapped[UUID]
    subject_id: Mapped[UUID]
    created_by: Mapped[UUID]
    status: Mapped[str] = mapped_column(default=JobStatus.QUEUED.value)
    priority: Mapped[int] = mapped_column(default=5)
    progress: Mapped[dict[str, Any] | None] = mapped_column(JSONB, default=None)
    progress_sequence: Mapped[int] = mapped_column(default=0)
    checkpoint: Mapped[dict[str, Any] | None] = mapped_column(JSONB, default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(default=None)
    heartbeat_at: Mapped[datetime | None] = mapped_column(default=None)
    fencing_number: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(default=None)
    error: Mapped[str | None] = mapped_column(default=None)
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    started_at: Mapped[datetime | None] = mapped_column(default=None)
    finished_at: Mapped[datetime | None] = mapped_column(default=None)


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that this worker may work on until its lease ends. Completing it takes the same `fencing_number`."""

    job_id: UUID
    kind: str
    project_id: UUID
    subject_id: UUID
    created_by: UUID
    attempts: int
    fencing_number: int
    checkpoint: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a waiting job stands: `position` 1 is next; `eta_seconds` until it is likely done."""

    position: int
    eta_seconds: float


async def enqueue(
    session: AsyncSession,
    *,
    kind: str,
    project_id: UUID,
    subject_id: UUID,
    created_by: UUID,
    priority: int = 5,
    job_id: UUID | None = None,
) -> Job:
    """Add a job; it exists for workers when the caller's transaction commits, which also wakes them.

    Higher `priority` (0..9) goes first.
    """
    job = Job(
        id=job_id or uuid4(), kind=kind, project_id=project_id, subject_id=subject_id, created_by=created_by, priority=priority
    )
    session.add(job)
    await session.flush()
    await session.refresh(job, ["created_at"])
    await wake(session)
    return job


async def wake(session: AsyncSession) -> None:
    await session.execute(text(f"NOTIFY {WAKE_CHANNEL}"))


CLAIM = text("""
    UPDATE job SET status = 'running', attempts = attempts + 1, fencing_number = fencing_number + 1, worker = :worker,
           heartbeat_at = now(),
           lease_until = now() + make_interval(secs => :lease_seconds), started_at = coalesce(started_at, now()), error = NULL
     WHERE id = (SELECT id FROM job WHERE status = 'queued' AND kind = ANY(:kinds)
                  ORDER BY priority DESC, created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
 RETURNING id, kind, project_id, subject_id, created_by, attempts, fencing_number, checkpoint
""").bindparams(bindparam("kinds", type_=ARRAY(Text)))


async def claim(session: AsyncSession, *, worker: str, kinds: Sequence[str], lease_seconds: float) -> Claim | None:
    """Take the next waiting job, or nothing where none waits. One statement, so that two workers never get the same job."""
    row = (await session.execute(CLAIM, {"worker": worker, "kinds": list(kinds), "lease_seconds": lease_seconds})).one_or_none()
    return Claim(*row) if row else None


async def heartbeat(session: AsyncSession, held: Claim, lease_seconds: float) -> bool:
    """Renew the lease; answer whether somebody asked for a cancel. Raises LeaseLost."""
    statement = (
        held_by(held)
        .values(heartbeat_at=func.now(), lease_until=func.now() + timedelta(seconds=lease_seconds))
        .returning(Job.cancel_requested)
    )
    requested = (await session.execute(statement)).scalar_one_or_none()
    if requested is None:
        raise LeaseLost
    return bool(requested)


async def save_progress(session: AsyncSession, held: Claim, progress: dict[str, Any]) -> dict[str, Any]:
    """Keep the latest progress and number it, counting on over restarts of the worker; return it with its `sequence`.

    Raises LeaseLost.
    """
    sequence = Job.progress_sequence + 1
    numbered = func.jsonb_set(bindparam("progress", progress, type_=JSONB), ["sequence"], func.to_jsonb(sequence), type_=JSONB)
    statement = held_by(held).values(progress_sequence=sequence, progress=numbered).returning(Job.progress)
    stored: dict[str, Any] | None = (await session.execute(statement)).scalar_one_or_none()
    if stored is None:
        raise LeaseLost
    return stored


async def save_checkpoint(session: AsyncSession, held: Claim, checkpoint: dict[str, Any]) -> None:
    """Keep where a later attempt may go on. Raises LeaseLost."""
    await expect_one(session, held, checkpoint=checkpoint)


async def hold(session: AsyncSession, held: Claim) -> Job:
    """Lock the job for the transaction that ends it. Raises LeaseLost where it is no longer ours."""
    job = (
        await session.execute(select(Job).where(*still_ours(held)).with_for_update().execution_options(populate_existing=True))
    ).scalar_one_or_none()
    if job is None:
        raise LeaseLost
    return job


async def complete(session: AsyncSession, held: Claim) -> None:
    """Mark the job done, in the transaction that stored its results. Raises LeaseLost."""
    await expect_one(session, held, status=JobStatus.DONE.value, finished_at=func.now(), lease_until=None, error=None)


async def fail(session: AsyncSession, held: Claim, error: str) -> None:
    """End the job with one sentence for the user. Raises LeaseLost."""
    await expect_one(session, held, status=JobStatus.FAILED.value, finished_at=func.now(), lease_until=None, error=error)


async def end_cancelled(session: AsyncSession, held: Claim) -> None:
    """End a running job whose cancel was asked for. Raises LeaseLost."""
    await expect_one(session, held, status=JobStatus.CANCELLED.value, finished_at=func.now(), lease_until=None)


async def release(session: AsyncSession, held: Claim) -> None:
    """Give a job back unharmed, as a worker does that is told to stop: the attempt does not count. Raises LeaseLost."""
    await expect_one(session, held, status=JobStatus.QUEUED.value, lease_until=None, worker=None, attempts=Job.attempts - 1)
    await wake(session)


async def retry(session: AsyncSession, held: Claim, error: str) -> None:
    """Give a job back after an attempt that crashed. Raises LeaseLost."""
    await expect_one(session, held, status=JobStatus.QUEUED.value, lease_until=None, worker=None, error=error)
    await wake(session)


async def cancel(session: AsyncSession, job_id: UUID) -> str | None:
    """Cancel: a waiting job ends at once, a running one when its worker hears of it.

    Return its status, or nothing where there is no such job.

    Raises Conflict where the job has ended already, or is just storing its results.
    """
    try:
        await session.execute(text(f"SET LOCAL lock_timeout = '{CANCEL_WAIT_SECONDS}s'"))
        return await cancel_locked(session, job_id)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        raise Conflict("This job is storing its results right now: it is too late to cancel.") from error


async def cancel_locked(session: AsyncSession, job_id: UUID) -> str | None:
    job = (await session.execute(select(Job).where(Job.id == job_id).with_for_update())).scalar_one_or_none()
    if job is None:
        return None
    if job.status == JobStatus.QUEUED:
        job.status, job.finished_at = JobStatus.CANCELLED.value, datetime.now(UTC)
    elif job.status == JobStatus.RUNNING:
        job.cancel_requested = True
        await wake(session)
    else:
        raise Conflict(f"This job is {job.status} already; there is nothing to cancel.", job_status=job.status)
    await session.flush()
    return job.status


async def requeue_expired(session: AsyncSession, attempts_max: int, *, kinds: Sequence[str]) -> tuple[list[UUID], list[Claim]]:
    """Take jobs of these kinds from workers that went silent.

    Return the ids that wait again, and the claims that have used up their attempts or were to be cancelled: those are still
    running under a new fencing number, for the caller to end.
    """
    expired = (
        select(Job.id)
        .where(Job.status == JobStatus.RUNNING, Job.lease_until < func.now(), Job.kind.in_(kinds))
        .with_for_update(skip_locked=True)
    )
    ids = (await session.execute(expired)).scalars().all()
    if not ids:
        return [], []
    spent = (Job.attempts >= attempts_max) | Job.cancel_requested
    again = (
        update(Job)
        .where(Job.id.in_(ids), ~spent)
        .values(status=JobStatus.QUEUED.value, lease_until=None, worker=None)
        .returning(Job.id)
    )
    waiting = list((await session.execute(again)).scalars())
    taken = (
        update(Job)
        .where(Job.id.in_(ids), Job.status == JobStatus.RUNNING)
        .values(fencing_number=Job.fencing_number + 1, lease_until=func.now())
    )
    columns = (Job.id, Job.kind, Job.project_id, Job.subject_id, Job.created_by, Job.attempts, Job.fencing_number, Job.checkpoint)
    given_up = [Claim(*row) for row in await session.execute(taken.returning(*columns))]
    if waiting:
        await wake(session)
    return waiting, given_up


async def workers(session: AsyncSession) -> list[str]:
    """The names of the workers that hold jobs."""
    running = select(Job.worker).where(Job.status == JobStatus.RUNNING, Job.worker.is_not(None)).distinct()
    return [name for name in (await session.execute(running)).scalars() if name]


async def expire_leases_of(session: AsyncSession, worker: str) -> None:
    """End the leases of a worker that is known to be dead; the next sweep takes its jobs back."""
    await session.execute(
        update(Job)
        .where(Job.worker == worker, Job.status == JobStatus.RUNNING)
        .values(lease_until=func.now() - timedelta(seconds=1))
    )


PLACES = text("""
    WITH typical AS (
        SELECT kind, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS seconds FROM (
            SELECT kind, extract(epoch FROM finished_at - started_at)::float AS seconds,
                   row_number() OVER (PARTITION BY kind ORDER BY finished_at DESC) AS age
              FROM job WHERE status = 'done' AND finished_at > now() - interval '7 days'
        ) recent WHERE age <= :history GROUP BY kind),
    running AS (
        SELECT kind, sum(greatest(0.0, coalesce(t.seconds, :typical) - extract(epoch FROM now() - j.started_at)::float))
               AS seconds
          FROM job j LEFT JOIN typical t USING (kind) WHERE j.status = 'running' GROUP BY kind),
    waiting AS (
        SELECT j.id, j.kind, row_number() OVER line AS position, sum(coalesce(t.seconds, :typical)) OVER line AS seconds
          FROM job j LEFT JOIN typical t USING (kind) WHERE j.status = 'queued'
        WINDOW line AS (PARTITION BY j.kind ORDER BY j.priority DESC, j.created_at, j.id))
    SELECT w.id, w.position, w.seconds + coalesce(r.seconds, 0.0) AS seconds
      FROM waiting w LEFT JOIN running r USING (kind) WHERE w.id = ANY(:ids)
""").bindparams(bindparam("ids", type_=ARRAY(POSTGRES_UUID(as_uuid=True))))


async def places(session: AsyncSession, job_ids: Iterable[UUID], workers: int = 1) -> dict[UUID, Place]:
    """Position and ETA of those of `job_ids` that wait, each among jobs of its kind.

    The ETA is the median of recent jobs of each kind, summed over what comes first, shared by `workers`.
    """
    parameters = {"ids": list(job_ids), "history": HISTORY_JOBS, "typical": TYPICAL_SECONDS_WITHOUT_HISTORY}
    rows = await session.execute(PLACES, parameters)
    return {row.id: Place(row.position, round(row.seconds / max(1, workers), 1)) for row in rows}


async def set_priority(session: AsyncSession, job_id: UUID, priority: int) -> bool:
    """Change the priority of a waiting job; false where it does not wait any more."""
    statement = update(Job).where(Job.id == job_id, Job.status == JobStatus.QUEUED).values(priority=priority).returning(Job.id)
    return (await session.execute(statement)).scalar_one_or_none() is not None


async def counts(session: AsyncSession) -> tuple[dict[tuple[str, str], int], float]:
    """Jobs by kind and status, ended ones of the last day only, and the age in seconds of the job that waits longest."""
    recent = Job.finished_at.is_(None) | (Job.finished_at > func.now() - timedelta(days=1))
    rows = await session.execute(select(Job.kind, Job.status, func.count()).where(recent).group_by(Job.kind, Job.status))
    oldest = select(func.extract("epoch", func.now() - func.min(Job.created_at))).where(Job.status == JobStatus.QUEUED)
    return {(kind, status): count for kind, status, count in rows}, float((await session.execute(oldest)).scalar_one() or 0)


async def forget_project(session: AsyncSession, project_id: UUID) -> None:
    """Remove the jobs of a project that is being deleted; a worker that holds one finds its lease lost."""
    await session.execute(delete(Job).where(Job.project_id == project_id))


def still_ours(held: Claim) -> tuple[Any, ...]:
    return (Job.id == held.job_id, Job.fencing_number == held.fencing_number, Job.status == JobStatus.RUNNING)


def held_by(held: Claim) -> Any:
    return update(Job).where(*still_ours(held)).execution_options(synchronize_session=False)


async def expect_one(session: AsyncSession, held: Claim, **values: Any) -> None:
    done = await session.execute(held_by(held).values(**values).returning(Job.id))
    if done.scalar_one_or_none() is None:
        raise LeaseLost
