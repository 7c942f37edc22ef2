"""Our own PostgreSQL server: started, attached to, stopped, and gone when its owner is killed."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from recon378.adapters import postgres_binaries
from recon378.adapters.database import open_database
from recon378.adapters.embedded_postgres import EmbeddedPostgres, start_embedded_postgres
from recon378.errors import Unavailable
from recon378.migrations.upgrade import upgrade

OWNER = """
import sys, time
from pathlib import Path
from recon378.adapters.database import open_database
from recon378.adapters.embedded_postgres import start_embedded_postgres
server = start_embedded_postgres(Path(sys.argv[1]), durable=False)
print(server.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    parent = Path(tempfile.mkdtemp(prefix="recon378-tests-"))
    parent.chmod(0o755)
    yield parent / "postgres"
    shutil.rmtree(parent, ignore_errors=True)  # a server whose owner was killed may still be taking its leave


@pytest.fixture
def server(home: Path) -> Iterator[EmbeddedPostgres]:
    server = start_embedded_postgres(home, durable=False)
    yield server
    server.stop()


async def ask(server: EmbeddedPostgres, question: str) -> object:
    connection = await asyncpg.connect(server.url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_a_fresh_server_speaks_utf8_and_opens_no_port(server: EmbeddedPostgres) -> None:
    assert await ask(server, "SHOW server_encoding") == "UTF8"
    assert await ask(server, "SHOW listen_addresses") == ""
    assert await ask(server, "SELECT lower('ÄÖ')") == "äö"


async def test_without_the_password_nobody_gets_in(server: EmbeddedPostgres) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(server.url, password="a guess")


def test_its_folder_is_for_its_owner_only(server: EmbeddedPostgres, home: Path) -> None:
    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "password").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user")
def test_under_root_the_server_runs_as_somebody_else(server: EmbeddedPostgres) -> None:
    assert server.pid is not None
    assert Path(f"/proc/{server.pid}").stat().st_uid != 0


async def test_data_stay_over_a_restart(home: Path) -> None:
    first = start_embedded_postgres(home, durable=False)
    await ask(first, "CREATE TABLE kept AS SELECT 378 AS number")
    first.stop()
    assert first.pid is None
    second = start_embedded_postgres(home, durable=False)
    assert await ask(second, "SELECT number FROM kept") == 378
    second.stop()


async def test_a_second_process_attaches_and_does_not_stop_what_is_not_its_own(home: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(home)], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    process_id = int(owner.stdout.readline())
    guest = start_embedded_postgres(home, durable=False)
    assert (guest.owned, guest.pid) == (False, process_id)
    guest.stop()
    assert await ask(guest, "SELECT 1") == 1
    owner.kill()
    owner.wait()
    owner.stdout.close()


async def test_a_killed_owner_leaves_no_server_and_the_next_start_works(home: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(home)], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    process_id = int(owner.stdout.readline())
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    server = start_embedded_postgres(home, durable=False)
    assert server.owned
    assert server.pid not in (None, process_id)
    assert await ask(server, "SELECT 1") == 1
    server.stop()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{process_id}/cwd").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


async def test_a_killed_server_starts_again_over_its_old_pid_file(home: Path) -> None:
    first = start_embedded_postgres(home, durable=False)
    assert first.pid is not None
    os.kill(first.pid, signal.SIGKILL)
    first.stop()
    assert (home / "cluster" / "postmaster.pid").exists()
    second = start_embedded_postgres(home, durable=False)
    assert await ask(second, "SELECT 1") == 1
    second.stop()


def test_a_cluster_that_was_half_made_is_made_anew(home: Path) -> None:
    (home / "cluster.draft" / "base").mkdir(parents=True)
    start_embedded_postgres(home, durable=False).stop()
    assert (home / "cluster" / "PG_VERSION").exists()


async def test_a_deep_folder_gets_a_short_socket(home: Path) -> None:
    deep = home / ("a-rather-long-folder-name" * 4)
    deep.parent.mkdir(mode=0o755)
    server = start_embedded_postgres(deep, durable=False)
    assert await ask(server, "SELECT 1") == 1
    server.stop()


def test_without_any_postgres_one_sentence_asks_for_a_url(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_binaries, "candidate_directories", lambda: iter([Path("/nowhere")]))
    with pytest.raises(Unavailable, match="set RECON378_DATABASE_URL"):
        start_embedded_postgres(home)


def test_a_cluster_of_another_version_is_left_alone(home: Path) -> None:
    (home / "cluster").mkdir(parents=True)
    (home / "cluster" / "PG_VERSION").write_text("12\n")
    with pytest.raises(Unavailable, match="written by PostgreSQL 12"):
        start_embedded_postgres(home)


@pytest.mark.parametrize("directory", sorted(Path("/usr/lib/postgresql").glob("*/bin")))
async def test_the_postgres_of_the_machine_serves_too(home: Path, monkeypatch: pytest.MonkeyPatch, directory: Path) -> None:
    monkeypatch.setattr(postgres_binaries, "candidate_directories", lambda: iter([directory]))
    server = start_embedded_postgres(home, durable=False)
    assert str(await ask(server, "SHOW server_version")).startswith(directory.parent.name)
    assert await ask(server, "SELECT lower('ÄÖ')") == "äö"
    database = open_database(server.url)
    await upgrade(database.engine)
    await database.close()
    server.stop()
