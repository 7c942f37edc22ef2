"""Many matches decided by one action, as SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from asyncpg import Connection

DECISION_COLUMNS: Final = (
    "id",
    "project_id",
    "job_id",
    "match_id",
    "action",
    "left_keys",
    "right_keys",
    "decided_by",
    "decided_by_name",
    "decided_at",
    "bulk_id",
)


async def suggestions_from(connection: Connection, job_id: UUID, threshold: float) -> list[int]:
    """The suggestions that nobody has decided, of at least this confidence, ascending."""
    rows = await connection.fetch(
        """SELECT match_id FROM match WHERE job_id = $1 AND status = 'suggested' AND decided_at IS NULL AND confidence >= $2
           ORDER BY match_id""",
        job_id,
        threshold,
    )
    return [row["match_id"] for row in rows]


async def members_of(connection: Connection, job_id: UUID, match_ids: Sequence[int]) -> dict[int, dict[str, list[int]]]:
    """The file rows of the members of some matches, by match and side."""
    found: dict[int, dict[str, list[int]]] = {match_id: {"left": [], "right": []} for match_id in match_ids}
    for match_id, side, row in await connection.fetch(
        'SELECT match_id, side, "row" FROM match_item WHERE job_id = $1 AND match_id = ANY($2::int[]) ORDER BY match_id, "row"',
        job_id,
        match_ids,
    ):
        found[match_id][side].append(row)
    return found


async def add_decisions(connection: Connection, decisions: Sequence[tuple[Any, ...]]) -> None:
    """Write decisions (DECISION_COLUMNS)."""
    await connection.copy_records_to_table("decision", records=decisions, columns=list(DECISION_COLUMNS))


async def undo_decisions(connection: Connection, job_id: UUID, bulk_id: UUID, undone_by: UUID, undone_at: datetime) -> list[int]:
    """Take back what an action decided; the matches that nobody decided by themselves since, ascending."""
    rows = await connection.fetch(
        """WITH undone AS (
               UPDATE decision SET undone_at = $3, undone_by = $4
               WHERE job_id = $1 AND bulk_id = $2 AND undone_at IS NULL RETURNING match_id)
           SELECT match_id FROM undone WHERE NOT EXISTS (
               SELECT FROM decision later WHERE later.job_id = $1 AND later.match_id = undone.match_id
                 AND later.undone_at IS NULL AND later.bulk_id IS DISTINCT FROM $2)
           ORDER BY match_id""",
        job_id,
        bulk_id,
        undone_at,
        undone_by,
    )
    return [row["match_id"] for row in rows]
