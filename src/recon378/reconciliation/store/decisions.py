"""A decision as SQL: change a match, open or close its records again, and keep tallies, balances and counters true."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from asyncpg import Connection, Record

from recon378.reconciliation.store.matches import match_record
from recon378.reconciliation.store.tallies import tally

OPENED_COLUMNS: Final = (
    "place",
    "side",
    "row",
    "type",
    "state",
    "reason",
    "label",
    "reference",
    "amount_minor",
    "currency",
    "value_date",
    "best_rival_row",
    "best_confidence",
    "origin_match_id",
    "search",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a match stands: its status, and who decided so, if anybody."""

    status: str
    decided_by: UUID | None = None
    decided_by_name: str | None = None
    decided_at: datetime | None = None


async def lock_job(connection: Connection, job_id: UUID) -> None:
    """Let decisions of one job happen one after the other, and make every count of before outdated."""
    await connection.execute("UPDATE reconciliation SET revision = revision + 1 WHERE id = $1", job_id)


async def change_match(
    connection: Connection, job_id: UUID, match_id: int, standing: Standing, opened: Sequence[tuple[Any, ...]]
) -> Record:
    """Give a match another standing.

    `opened` are the records that it leaves open (OPENED_COLUMNS without place), empty unless rejected.
    """
    await change_matches(connection, job_id, [match_id], standing, opened)
    record = await match_record(connection, job_id, match_id)
    assert record is not None  # noqa: S101 - it was just changed
    return record


async def change_matches(
    connection: Connection, job_id: UUID, match_ids: Sequence[int], standing: Standing, opened: Sequence[tuple[Any, ...]] = ()
) -> None:
    """Give some matches another standing, all the same one; as `change_match`."""
    await tally(connection, job_id, -1, match_ids)
    await connection.execute("DELETE FROM exception WHERE job_id = $1 AND origin_match_id = ANY($2::int[])", job_id, match_ids)
    await connection.execute(
        """UPDATE match SET status = $3, decided_by = $4, decided_by_name = $5, decided_at = $6, version = version + 1
           WHERE job_id = $1 AND match_id = ANY($2::int[])""",
        job_id,
        match_ids,
        standing.status,
        standing.decided_by,
        standing.decided_by_name,
        standing.decided_at,
    )
    await _open(connection, job_id, opened)
    await tally(connection, job_id, 1, match_ids)
    await count_job(connection, job_id)


async def carry_decisions(connection: Connection, job_id: UUID, carried: Sequence[tuple[UUID, int]]) -> None:
    """Give a job its own copies of earlier decisions: (decision, match that carries it on now)."""
    await connection.execute(
        """INSERT INTO decision (id, project_id, job_id, match_id, action, left_keys, right_keys, decided_by, decided_by_name,
                                 decided_at, bulk_id)
           SELECT gen_random_uuid(), project_id, $1, carried.match_id, action, left_keys, right_keys, decided_by, decided_by_name,
                  decided_at, bulk_id
           FROM unnest($2::uuid[], $3::int[]) AS carried (decision_id, match_id) JOIN decision ON id = decision_id""",
        job_id,
        [decision_id for decision_id, _ in carried],
        [match_id for _, match_id in carried],
    )


async def count_job(connection: Connection, job_id: UUID) -> None:
    """Bring the counters of the job in line with its tallies."""
    await connection.execute(
        """UPDATE reconciliation SET
             suggested = (SELECT coalesce(sum(matches), 0) FROM match_tally WHERE job_id = $1 AND status = 'suggested'
                            AND NOT decided),
             confirmed = (SELECT coalesce(sum(matches), 0) FROM match_tally WHERE job_id = $1 AND status = 'confirmed'),
             exceptions = (SELECT coalesce(sum(exceptions), 0) FROM exception_tally WHERE job_id = $1)
           WHERE id = $1""",
        job_id,
    )


async def _open(connection: Connection, job_id: UUID, opened: Sequence[tuple[Any, ...]]) -> None:
    if not opened:
        return
    last: int = await connection.fetchval("SELECT coalesce(max(place), -1) FROM exception WHERE job_id = $1", job_id)
    records = [(job_id, last + 1 + number, *row) for number, row in enumerate(opened)]
    await connection.copy_records_to_table("exception", records=records, columns=["job_id", *OPENED_COLUMNS])
