"""PostgreSQL through SQLAlchemy and asyncpg: the engine, the sessions, and what every model shares."""

import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, MetaData, Text, Uuid, make_url, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from recon378.errors import AppError, InsufficientStorage, Unavailable, Unprocessable

CONNECT_TIMEOUT_SECONDS = 10
CONNECTION_LIFE_SECONDS = 1800

DISK_FULL = "The disk of the platform is full: nothing was stored; reading goes on."
AWAY = "The database does not answer right now: try again in a moment."
CHARACTER_STATES = ("22021", "22P05")
DISK_FULL_STATE = "53100"
TIMEOUT_STATE = "57014"
AWAY_CLASSES = ("08",)
AWAY_STATES = ("57P01", "57P02", "57P03", "53300", "25006")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The parent of every model. Relationships, where there are any, say `lazy="raise"`: what is needed is loaded on purpose."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: DateTime(timezone=True), str: Text, UUID: Uuid, dict[str, Any]: JSONB, list[Any]: JSONB}  # noqa: RUF012 - SQLAlchemy's protocol


class Database:
    """One pool of connections. `transaction()` is the unit of work: commit at the end, roll back on any error."""

    def __init__(self, engine: AsyncEngine, sessions: async_sessionmaker[AsyncSession]) -> None:
        self.engine = engine
        self.sessions = sessions

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        async with self.sessions() as session, session.begin():
            yield session

    async def ping(self) -> None:
        """Ask the server for one row. Raises what the driver raises where it does not answer."""
        async with self.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        await self.engine.dispose()


def open_database(
    url: str, *, connections_max: int = 20, statement_timeout_seconds: float = 30, idle_timeout_seconds: float = 60
) -> Database:
    """Make the pool; nothing is connected before the first use. `idle_timeout_seconds` is what a transaction may do nothing."""
    engine = create_async_engine(
        async_url(url),
        pool_size=max(1, connections_max // 2),
        max_overflow=connections_max - max(1, connections_max // 2),
        pool_recycle=CONNECTION_LIFE_SECONDS,
        pool_pre_ping=True,
        connect_args={
            "timeout": CONNECT_TIMEOUT_SECONDS,
            "server_settings": {
                "application_name": "recon378",
                "timezone": "UTC",
                "statement_timeout": str(int(statement_timeout_seconds * 1000)),
                "idle_in_transaction_session_timeout": str(int(idle_timeout_seconds * 1000)),
            },
        },
    )
    return Database(engine, sessions_on(engine))


def sessions_on(bind: AsyncEngine | AsyncConnection) -> async_sessionmaker[AsyncSession]:
    """Sessions that keep what they loaded after the commit, so that an answer can be written from it."""
    return async_sessionmaker(bind, expire_on_commit=False, join_transaction_mode="create_savepoint")


def async_url(url: str) -> URL:
    """`url` for SQLAlchemy's asyncpg dialect, whichever PostgreSQL scheme it was written with."""
    return make_url(url).set(drivername="postgresql+asyncpg")


def plain_url(url: str) -> str:
    """`url` for asyncpg itself, used where one connection listens."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def as_expected(error: Exception) -> AppError | None:
    """What a failure of the database or the disk means to the user, or nothing where it is a mistake of ours."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return InsufficientStorage(DISK_FULL)
    if isinstance(error, PoolTimeout | ConnectionError | TimeoutError):
        return Unavailable(AWAY)
    if not isinstance(error, DBAPIError):
        return None
    state = getattr(error.orig, "sqlstate", None) or ""
    if state in CHARACTER_STATES:
        return Unprocessable("The text contains a character that cannot be stored: remove control characters.")
    if state == DISK_FULL_STATE:
        return InsufficientStorage(DISK_FULL)
    if state == TIMEOUT_STATE:
        return Unavailable("This took longer than allowed: narrow the filter, or try again when less is going on.")
    if error.connection_invalidated or state[:2] in AWAY_CLASSES or state in AWAY_STATES:
        return Unavailable(AWAY)
    return None
