"""Decisions that teach: about one record and another, looked at by a person; and those that tell how often suggestions err."""

from dataclasses import dataclass
from uuid import UUID

import polars as pl
from asyncpg import Connection

LOOKED_AT = """EXISTS (SELECT FROM decision d WHERE d.job_id = m.job_id AND d.match_id = m.match_id
                       AND d.undone_at IS NULL AND d.bulk_id IS NULL)"""

CARRIED = "pass_name = 'Earlier decisions'"  # matches that stand because of a decision in an earlier job


@dataclass(frozen=True, slots=True)
class Reviewed:
    """`sample` has confidence and right of the suggestions decided in the order drawn, up to the first one left out; `waiting`
    counts those decided behind it.
    """

    sample: pl.DataFrame
    waiting: int


async def count_labels(connection: Connection, job_id: UUID) -> int:
    """Decisions made in this job from which the next run can learn; those that it brought along are not its own."""
    count: int = await connection.fetchval(
        f"""SELECT count(*) FROM match m WHERE job_id = $1 AND decided_at IS NOT NULL AND left_count = 1 AND right_count = 1
              AND NOT {CARRIED} AND {LOOKED_AT}""",  # noqa: S608 - constants
        job_id,
    )
    return count


async def reviewed_suggestions(connection: Connection, job_id: UUID) -> Reviewed:
    """How the suggestions turned out that a person looked at.

    Only the beginning of the order drawn is a fair sample: whoever leaves out the hard ones would make the rest look better.
    Suggestions that were confirmed together are passed over.
    """
    rows = await connection.fetch(
        f"""SELECT confidence, status = 'confirmed' AS is_right, labelling_place < coalesce((
                SELECT min(labelling_place) FROM match WHERE job_id = $1 AND status = 'suggested' AND decided_at IS NULL
            ), 2147483647) AS counts
            FROM match m WHERE job_id = $1 AND engine_status = 'suggested' AND decided_at IS NOT NULL
              AND labelling_place IS NOT NULL AND {LOOKED_AT}
            ORDER BY labelling_place""",  # noqa: S608 - constants
        job_id,
    )
    sample = [(row["confidence"], row["is_right"]) for row in rows if row["counts"]]
    schema = {"confidence": pl.Float64, "right": pl.Boolean}
    return Reviewed(pl.DataFrame(sample, schema=schema, orient="row"), len(rows) - len(sample))
