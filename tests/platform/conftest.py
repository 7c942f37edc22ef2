"""A real PostgreSQL, the real migrations and the real application for every test.

One server for the session, whose template database the migrations have made. A test that asks for `client` runs inside one
transaction that is rolled back; a test that needs commits, several connections or a worker asks for `own_database`, a copy of the
template that is dropped afterwards.
"""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.accounts.deps import Platform
from recon378.adapters.database import Database, open_database, sessions_on
from recon378.adapters.embedded_postgres import start_embedded_postgres
from recon378.adapters.events import MemoryEvents
from recon378.app import create_app, open_platform
from recon378.migrations.upgrade import upgrade
from recon378.settings import Settings
from tests.platform.client import Client, Person, sign_up

TEMPLATE = "recon378_template"


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The URL of a throw-away server. It lies directly under /tmp, where the unprivileged user of root's server can enter."""
    home = Path(tempfile.mkdtemp(prefix="recon378-tests-"))
    home.chmod(0o755)
    server = start_embedded_postgres(home / "postgres", durable=False)
    yield server.url
    server.stop()
    shutil.rmtree(home)


@pytest.fixture(scope="session")
async def template(server_url: str) -> str:
    """The URL of the database that the migrations have made."""
    await administer(server_url, f"CREATE DATABASE {TEMPLATE}")
    url = renamed(server_url, TEMPLATE)
    database = open_database(url)
    await upgrade(database.engine)
    await database.close()
    return url


async def administer(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def renamed(url: str, name: str) -> str:
    return url.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
async def rolled_back_pool(template: str) -> AsyncIterator[Database]:
    """A database whose commits are never seen: one copy of the template for all tests that roll back."""
    name = "recon378_rolled_back"
    url = renamed(template.replace(f"/{TEMPLATE}?", "/postgres?"), name)
    await administer(renamed_back(template), f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    database = open_database(url)
    yield database
    await database.close()


def renamed_back(url: str) -> str:
    return url.replace(f"/{TEMPLATE}?", "/postgres?")


@pytest.fixture
async def database(rolled_back_pool: Database) -> AsyncIterator[Database]:
    """The database inside one transaction; what a request commits is a savepoint, and all of it is rolled back after the test."""
    async with rolled_back_pool.engine.connect() as connection:
        transaction = await connection.begin()
        yield Database(rolled_back_pool.engine, sessions_on(connection))
        await transaction.rollback()


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    """A session in the test's transaction, to arrange and to look."""
    async with database.sessions() as session:
        yield session


@pytest.fixture
async def own_database_url(template: str) -> AsyncIterator[str]:
    """The URL of a fresh database of this test alone."""
    name = f"recon378_{uuid4().hex}"
    await administer(renamed_back(template), f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
    yield template.replace(f"/{TEMPLATE}?", f"/{name}?")
    await administer(renamed_back(template), f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def own_database(own_database_url: str) -> AsyncIterator[Database]:
    """A fresh database with real commits and several connections."""
    database = open_database(own_database_url)
    yield database
    await database.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        environment="test",
        data_directory=tmp_path / "data",
        secret_key=SecretStr("a secret for tests only, long enough"),
        sign_up_open=True,
    )


@pytest.fixture
async def app(settings: Settings, database: Database) -> AsyncIterator[FastAPI]:
    """The real application on the rolled-back database, with events in memory."""
    async with running_app(settings, database) as app:
        yield app


@pytest.fixture
async def own_app(settings: Settings, own_database: Database) -> AsyncIterator[FastAPI]:
    """The real application on a database of its own, for requests that come at once."""
    async with running_app(settings, own_database) as app:
        yield app


@asynccontextmanager
async def running_app(settings: Settings, database: Database) -> AsyncIterator[FastAPI]:
    app = create_app(settings)
    app.state.platform = open_platform(settings, database, MemoryEvents())
    yield app
    app.state.platform.passwords.close()


@pytest.fixture
def platform(app: FastAPI) -> Platform:
    platform: Platform = app.state.platform
    return platform


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[Client]:
    """Talks to the application as nobody; `client.as_(alice)` as somebody."""
    async with Client(app) as client:
        yield client


@pytest.fixture
async def own_client(own_app: FastAPI) -> AsyncIterator[Client]:
    async with Client(own_app) as client:
        yield client


@pytest.fixture
async def root(client: Client) -> Person:
    """The first user, who administers the platform and takes part in no project."""
    return await sign_up(client, "Root")


@pytest.fixture
async def alice(client: Client, root: Person) -> Person:
    return await sign_up(client, "Alice")


@pytest.fixture
async def bob(client: Client, root: Person) -> Person:
    return await sign_up(client, "Bob")
