"""The driver's connection under a session: for COPY, and for hot lists that need no objects."""

from typing import Any

from asyncpg import Connection
from sqlalchemy.ext.asyncio import AsyncSession


async def driver(session: AsyncSession) -> Connection:
    """asyncpg's connection, inside the transaction of the session.

    Plans are made for the values at hand: which index serves a list depends on the filter, and the partition on the job.
    """
    raw: Any = await (await session.connection()).get_raw_connection()
    connection: Connection = raw.driver_connection
    await connection.execute("SET LOCAL plan_cache_mode = force_custom_plan")
    return connection
