"""Sums for charts, read from the tallies and balances of jobs."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from asyncpg import Connection, Record
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.adapters.queue import Job, JobStatus
from recon378.reconciliation.models import Reconciliation, balance, match_tally


async def match_tallies(connection: Connection, job_id: UUID) -> list[Record]:
    """pass_name, status, decided, confidence_percent with matches, left_rows, right_rows, wrong_expected."""
    found: list[Record] = await connection.fetch(
        """SELECT pass_name, status, decided, confidence_percent, sum(matches)::int8 AS matches, sum(left_rows)::int8 AS
        left_rows,
                  sum(right_rows)::int8 AS right_rows, sum(wrong_expected) AS wrong_expected
           FROM match_tally WHERE job_id = $1 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4""",
        job_id,
    )
    return found


async def exception_tallies(connection: Connection, job_id: UUID) -> list[Record]:
    """side, type, currency with exceptions and amount_minor."""
    found: list[Record] = await connection.fetch(
        """SELECT side, type, currency, sum(exceptions)::int8 AS exceptions, sum(amount_minor)::int8 AS amount_minor
           FROM exception_tally WHERE job_id = $1 GROUP BY 1, 2, 3 HAVING sum(exceptions) > 0 ORDER BY 1, 2, 3""",
        job_id,
    )
    return found


async def finished_rates(session: AsyncSession, project_ids: Select[Any], limit: int) -> Sequence[Any]:
    """id, name, finished_at, input, matched and automatic records of the jobs done last, oldest first.

    `automatic` are records in matches that the engine confirmed and nobody had to look at.
    """
    last = (
        select(Reconciliation.id, Reconciliation.name, Job.finished_at)
        .join(Job, Job.id == Reconciliation.id)
        .where(Reconciliation.project_id.in_(project_ids), Job.status == JobStatus.DONE.value)
        .order_by(Job.finished_at.desc(), Reconciliation.id.desc())
        .limit(limit)
        .subquery()
    )
    statement = select(
        last.c.id,
        last.c.name,
        last.c.finished_at,
        _records(last.c.id, "input"),
        _records(last.c.id, "matched"),
        _automatic(last.c.id),
    ).order_by(last.c.finished_at, last.c.id)
    return (await session.execute(statement)).all()


def _records(job_id: Any, state: str) -> Any:
    counted = select(func.coalesce(func.sum(balance.c.records), 0)).where(balance.c.job_id == job_id, balance.c.state == state)
    return counted.scalar_subquery().label(state)


def _automatic(job_id: Any) -> Any:
    records = func.coalesce(func.sum(match_tally.c.left_rows + match_tally.c.right_rows), 0)
    counted = select(records).where(match_tally.c.job_id == job_id, match_tally.c.status == "confirmed", ~match_tally.c.decided)
    return counted.scalar_subquery().label("automatic")
