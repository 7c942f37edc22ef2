"""What the handler of a job is given: the claim, the outside world, and ways to report, to compute in a child process and to
complete.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from recon378.adapters import queue
from recon378.adapters.child_process import ChildProcesses, Report
from recon378.adapters.database import Database
from recon378.adapters.events import Events
from recon378.adapters.queue import Claim
from recon378.adapters.storage import Storage
from recon378.settings import Settings

PROGRESS_INTERVAL_SECONDS = 0.2

Answer = TypeVar("Answer")


class JobFailed(Exception):
    """The job cannot succeed however often it runs; the message is one sentence for the user."""


@dataclass(slots=True)
class JobContext:
    """One attempt at one job."""

    job: Claim
    settings: Settings
    database: Database
    events: Events
    storage: Storage
    children: ChildProcesses
    reported_at: float = field(default=0.0)
    fraction: float = field(default=0.0)

    async def report(self, stage: str, fraction: float, done: int = 0, total: int = 0, message: str = "") -> None:
        """Store and publish progress, at most five times a second;

        `fraction` of the whole job in 0..1 never falls. Raises queue.LeaseLost.
        """
        self.fraction = max(self.fraction, min(1.0, fraction))
        now = time.monotonic()
        if now - self.reported_at < PROGRESS_INTERVAL_SECONDS and self.fraction < 1.0:
            return
        self.reported_at = now
        progress = {"stage": stage, "fraction": round(self.fraction, 4), "done": done, "total": total, "message": message}
        async with self.database.transaction() as session:
            numbered = await queue.save_progress(session, self.job, progress)
            data = {"id": str(self.job.job_id), "status": queue.JobStatus.RUNNING.value, "progress": numbered}
            await self.events.publish(session, f"job:{self.job.job_id}", "job.progress", data)
            await self.events.publish(session, f"project:{self.job.project_id}", "job.progress", data)

    async def compute(
        self,
        function: Callable[..., Answer],
        *arguments: Any,
        memory_limit_bytes: int | None = None,
        cpu_limit_seconds: int | None = None,
    ) -> Answer:
        """Run `function(report, *arguments)` in a child process.

        It calls `report(stage, fraction, done, total, message)`, which lands in `report` above.

        Function, arguments and answer are pickled: pass paths, return small things. The child dies with us, and when the job is
        cancelled. Raises what `function` raised, or ChildDied.
        """

        async def on_report(report: Report) -> None:
            await self.report(*report)

        return await self.children.run(
            function, *arguments, on_report=on_report, memory_limit_bytes=memory_limit_bytes, cpu_limit_seconds=cpu_limit_seconds
        )

    async def checkpoint(self, state: dict[str, Any]) -> None:
        """Keep where a later attempt goes on; it finds it as `job.checkpoint`."""
        async with self.database.transaction() as session:
            await queue.save_checkpoint(session, self.job, state)

    @asynccontextmanager
    async def completion(self) -> AsyncIterator[AsyncSession]:
        """The transaction that stores the results and completes the job: both or nothing.

        Raises queue.LeaseLost before anything is stored.
        """
        async with self.database.transaction() as session:
            await queue.hold(session, self.job)
            yield session
            await queue.complete(session, self.job)
            await publish_status(session, self.events, self.job, queue.JobStatus.DONE)


Run = Callable[[Claim, JobContext], Coroutine[Any, Any, None]]
"""Does the job: `job.subject_id` says on what. It ends inside `context.completion()`."""

GaveUp = Callable[[AsyncSession, Claim, str], Awaitable[None]]
"""Told, in the transaction that ends the job as failed or cancelled, so that the domain can say so on its own row."""


@dataclass(frozen=True, slots=True)
class Handler:
    """What a domain does for one kind of job; `warm_up` names the modules that its child processes load in advance."""

    run: Run
    gave_up: GaveUp
    warm_up: tuple[str, ...] = ()


async def publish_status(
    session: AsyncSession, events: Events, job: Claim, status: queue.JobStatus, error: str | None = None
) -> None:
    """Tell the topics of the job, of its project and of who started it how it stands now."""
    data = {"id": str(job.job_id), "kind": job.kind, "subject_id": str(job.subject_id), "status": status.value, "error": error}
    await events.publish(session, f"job:{job.job_id}", "job.status", data)
    await events.publish(session, f"project:{job.project_id}", "job.status", data)
    await events.publish(session, f"user:{job.created_by}", "job.status", data)
