"""What decisions changed about the results of a job, as columns: for downloads of the present state."""

from dataclasses import dataclass
from uuid import UUID

import polars as pl
from asyncpg import Connection

from recon378_engine.result import EXCEPTIONS_SCHEMA


@dataclass(frozen=True, slots=True)
class Changes:
    """`matches` has match_id and status of every match that a person decided; `opened` is an exceptions frame of records that a
    rejection opened.
    """

    matches: pl.DataFrame
    opened: pl.DataFrame


async def changes_of(connection: Connection, job_id: UUID) -> Changes:
    decided = await connection.fetch(
        "SELECT match_id, status FROM match WHERE job_id = $1 AND decided_at IS NOT NULL ORDER BY match_id", job_id
    )
    opened = await connection.fetch(
        """SELECT side, "row", type, reason, best_rival_row, best_confidence FROM exception
           WHERE job_id = $1 AND origin_match_id IS NOT NULL ORDER BY place""",
        job_id,
    )
    return Changes(
        pl.DataFrame([tuple(record) for record in decided], schema={"match_id": pl.UInt32, "status": pl.String}, orient="row"),
        pl.DataFrame([tuple(record) for record in opened], schema=dict(EXCEPTIONS_SCHEMA), orient="row"),
    )
