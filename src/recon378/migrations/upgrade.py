"""Bring a database to the schema of this version. Several processes may try at once; one does the work, the others wait."""

import importlib
import importlib.util
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import AsyncEngine

import recon378
from recon378.adapters.database import Base

if TYPE_CHECKING:
    from alembic.config import Config

log = structlog.get_logger("recon378.migrations")

MIGRATION_LOCK = 378_000_001
VERSIONS = Path(__file__).parent / "versions"


async def upgrade(engine: AsyncEngine) -> None:
    """Run every step that is missing. Costs one query where none is.

    A newer database is left as it is: while a new version is rolled out, its pre_ steps suit the old one too.
    """
    async with engine.connect() as connection:
        current, newest = await connection.run_sync(current_revision), newest_revision()
    if current is not None and current > newest:
        log.warning("database.newer", schema=current, ours=newest)
    if current is not None and current >= newest:
        return
    await run(engine, upgrade_to_head)


async def run(engine: AsyncEngine, action: Callable[[Connection], None]) -> None:
    """Run `action` on one connection while no other process changes the schema."""
    async with engine.connect() as connection:
        await connection.execute(text("SET statement_timeout = 0"))
        await connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
        await connection.commit()
        try:
            await connection.run_sync(action)
            await connection.commit()
        finally:
            await connection.rollback()
            await connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATION_LOCK})
            await connection.execute(text("RESET statement_timeout"))
            await connection.commit()


def upgrade_to_head(connection: Connection) -> None:
    from alembic import command  # imported only when there is work: it would cost every start a tenth of a second

    command.upgrade(configuration(connection), "head")


def configuration(connection: Connection) -> "Config":
    """Alembic's configuration for `connection`, without a file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "recon378:migrations")
    config.set_main_option("version_path_separator", "os")
    config.attributes["connection"] = connection
    return config


def current_revision(connection: Connection) -> str | None:
    if connection.execute(text("SELECT to_regclass('alembic_version')")).scalar_one() is None:
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def newest_revision() -> str:
    """The number in front of the newest file name, which is also its revision: 0007_pre_users.py is revision 0007."""
    return max(path.name[:4] for path in VERSIONS.glob("[0-9][0-9][0-9][0-9]_*.py"))


def load_models() -> MetaData:
    """Import the models of every domain and of the adapters; return what they describe."""
    for name in ("recon378.adapters.queue", "recon378.adapters.events"):
        importlib.import_module(name)
    for domain in pkgutil.iter_modules(recon378.__path__, "recon378."):
        if domain.ispkg and importlib.util.find_spec(f"{domain.name}.models"):
            importlib.import_module(f"{domain.name}.models")
    return Base.metadata
