"""Jobs for tests: what a domain would do, small enough to watch."""

import asyncio
import time

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.adapters.child_process import Reporter
from recon378.adapters.job import Handler, JobContext, JobFailed
from recon378.adapters.queue import Claim

RESULTS = "CREATE TABLE IF NOT EXISTS test_result (subject_id uuid, attempt integer)"


def count(report: Reporter, seconds: float) -> int:
    """Work in a child for a while."""
    steps = max(1, int(seconds / 0.05))
    for step in range(steps):
        report("count", step / steps, step, steps)
        time.sleep(0.05)
    return steps


async def store_result(job: Claim, context: JobContext) -> None:
    async with context.completion() as session:
        await session.execute(
            text("INSERT INTO test_result VALUES (:subject, :attempt)"), {"subject": job.subject_id, "attempt": job.attempts}
        )


async def quick(job: Claim, context: JobContext) -> None:
    await context.report("count", 0.5)
    await store_result(job, context)


async def slow(job: Claim, context: JobContext) -> None:
    await context.compute(count, 3.0)
    await store_result(job, context)


async def endless(job: Claim, context: JobContext) -> None:
    await context.compute(count, 600.0)
    await store_result(job, context)


async def hopeless(job: Claim, context: JobContext) -> None:
    raise JobFailed("Line 17: this cannot be read.")


async def crashing(job: Claim, context: JobContext) -> None:
    raise RuntimeError("a mistake of ours")


async def sleepy(job: Claim, context: JobContext) -> None:
    """Lose the lease while away, then try to store all the same."""
    async with context.database.transaction() as session:
        await session.execute(text("UPDATE job SET fencing_number = fencing_number + 1 WHERE id = :id"), {"id": job.job_id})
    await asyncio.sleep(0.1)
    await store_result(job, context)


async def storing(job: Claim, context: JobContext) -> None:
    """Take longer to store than the time between two heartbeats."""
    async with context.completion() as session:
        await session.execute(
            text("INSERT INTO test_result VALUES (:subject, :attempt)"), {"subject": job.subject_id, "attempt": job.attempts}
        )
        await asyncio.sleep(3.5)


async def gave_up(session: AsyncSession, job: Claim, error: str) -> None:
    await session.execute(text("INSERT INTO test_result VALUES (:subject, -1)"), {"subject": job.subject_id})


HANDLERS = {run.__name__: Handler(run, gave_up) for run in (quick, slow, endless, hopeless, crashing, sleepy, storing)}
