"""The partitions that hold the matches, members and exceptions of one job.

A partition is made as a table of its own, filled by COPY while it has no index, indexed, and attached at the end: attaching
takes no lock that readers or deciders of other jobs wait for, as creating it in place would.
"""

from pathlib import Path
from typing import Final
from uuid import UUID

from asyncpg import Connection

INDEX_MEMORY: Final = "128MB"

INDEXES: Final = {
    "match": (
        "CREATE UNIQUE INDEX ON {table} (match_id)",
        "CREATE INDEX ON {table} (confidence, match_id)",
        "CREATE INDEX ON {table} (coalesce(amount_minor, -9223372036854775808), match_id)",
        "CREATE INDEX ON {table} (coalesce(value_date, date '0001-01-01'), match_id)",
        "CREATE INDEX ON {table} (coalesce(labelling_place, match_id), match_id)",
        "CREATE INDEX ON {table} (status, confidence, match_id)",
        "CREATE INDEX ON {table} USING gin (search gin_trgm_ops)",
    ),
    "match_item": (
        'CREATE UNIQUE INDEX ON {table} (match_id, side, "row")',
        'CREATE INDEX ON {table} (side, "row")',
    ),
    "exception": (
        "CREATE UNIQUE INDEX ON {table} (place)",
        'CREATE INDEX ON {table} (side, "row")',
        "CREATE INDEX ON {table} (type, place)",
        "CREATE INDEX ON {table} (coalesce(amount_minor, -9223372036854775808), place)",
        "CREATE INDEX ON {table} (coalesce(value_date, date '0001-01-01'), place)",
        "CREATE INDEX ON {table} USING gin (search gin_trgm_ops)",
    ),
}


def partition_name(parent: str, job_id: UUID) -> str:
    """The table that holds the rows of one job; hexadecimal, so that it needs no quoting."""
    return f"{parent}_{job_id.hex}"


async def create_partition(connection: Connection, parent: str, job_id: UUID) -> None:
    """Make an empty table that will become the partition of the job."""
    table = partition_name(parent, job_id)
    await connection.execute(f"CREATE TABLE {table} (LIKE {parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
    await connection.execute(f"ALTER TABLE {table} ALTER job_id SET DEFAULT '{job_id}'")


async def fill_partition(connection: Connection, parent: str, job_id: UUID, columns: list[str], path: Path) -> None:
    """Copy a CSV file of `columns`, written by `service.rows`, into a table that this transaction made: its rows are born
    frozen, never vacuumed.
    """
    await connection.copy_to_table(partition_name(parent, job_id), source=str(path), columns=columns, format="csv", freeze=True)


async def attach_partition(connection: Connection, parent: str, job_id: UUID) -> None:
    """Index a filled table and make it the partition of the job."""
    table = partition_name(parent, job_id)
    await connection.execute(f"SET LOCAL maintenance_work_mem = '{INDEX_MEMORY}'")
    for statement in INDEXES[parent]:
        await connection.execute(statement.format(table=table))
    # the check lets ATTACH skip its scan of the rows
    await connection.execute(f"ALTER TABLE {table} ADD CONSTRAINT of_job CHECK (job_id = '{job_id}' AND job_id IS NOT NULL)")
    await connection.execute(f"ALTER TABLE {parent} ATTACH PARTITION {table} FOR VALUES IN ('{job_id}')")
    await connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT of_job")
    await connection.execute(f"ANALYZE {table}")
