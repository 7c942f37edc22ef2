"""The migrations: up, down, up, and what they make is what the models say."""

import asyncio

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from recon378.adapters.database import Database, open_database
from recon378.migrations import upgrade as migrations
from tests.platform.conftest import administer, renamed, renamed_back


async def test_the_migrations_make_what_the_models_say(own_database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        options = {"compare_type": True, "compare_server_default": True}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), migrations.load_models()))

    async with own_database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_every_step_goes_down_and_up_again(own_database: Database) -> None:
    await migrations.run(own_database.engine, lambda connection: command.downgrade(migrations.configuration(connection), "base"))
    async with own_database.engine.connect() as connection:
        tables = (await connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))).scalars().all()
    assert tables == ["alembic_version"]
    await migrations.upgrade(own_database.engine)
    async with own_database.engine.connect() as connection:
        assert await connection.run_sync(migrations.current_revision) == migrations.newest_revision()


async def test_processes_that_start_together_migrate_once(template: str) -> None:
    await administer(renamed_back(template), "CREATE DATABASE migrated_together")
    databases = [open_database(renamed(renamed_back(template), "migrated_together")) for _ in range(4)]
    await asyncio.gather(*(migrations.upgrade(database.engine) for database in databases))
    for database in databases:
        await database.close()
    await administer(renamed_back(template), "DROP DATABASE migrated_together WITH (FORCE)")


def test_file_names_say_their_number_and_when_they_run() -> None:
    revisions = list(ScriptDirectory(str(migrations.VERSIONS.parent)).walk_revisions())
    assert len(revisions) == len(list(migrations.VERSIONS.glob("*.py")))
    for revision in revisions:
        number, when, _ = revision.module.__name__.removesuffix("_py").split("_", 2)
        assert (number, when in ("pre", "post")) == (revision.revision, True)


async def test_a_database_of_a_newer_version_is_left_alone(own_database: Database) -> None:
    async with own_database.transaction() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await migrations.upgrade(own_database.engine)
    async with own_database.engine.connect() as connection:
        assert await connection.run_sync(migrations.current_revision) == "9999"
