"""The worker: every way in which a job ends, and what the death of a worker costs."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from recon378.adapters import queue
from recon378.adapters.child_process import ChildProcesses
from recon378.adapters.database import Database
from recon378.adapters.events import MemoryEvents, Message
from recon378.adapters.queue import Job
from recon378.adapters.storage import Storage
from recon378.errors import Conflict
from recon378.settings import Settings
from recon378.worker import Worker
from tests.platform.processes import handlers

WAIT_SECONDS = 30

PROGRAM = """
import asyncio, sys
from pathlib import Path
from recon378 import worker
from recon378.settings import Settings
from tests.platform.processes.handlers import HANDLERS
worker.handlers = lambda: HANDLERS
if __name__ == "__main__":
    folder, times = Path(sys.argv[2]), {"job_lease_seconds": 2, "job_heartbeat_seconds": 0.5}
    settings = Settings(environment="test", data_directory=folder, database_url=sys.argv[1], **times)
    worker.run_worker(settings)
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        environment="test",
        data_directory=tmp_path,
        job_lease_seconds=2,
        job_heartbeat_seconds=0.3,
        job_drain_seconds=0.2,
        job_attempts_max=3,
    )


@pytest.fixture
async def results(own_database: Database) -> None:
    async with own_database.transaction() as session:
        await session.execute(text(handlers.RESULTS))


@asynccontextmanager
async def working(settings: Settings, database: Database, url: str) -> AsyncIterator[tuple[MemoryEvents, asyncio.Event]]:
    """A worker inside this process, stopped at the end."""
    events, stop, children = MemoryEvents(), asyncio.Event(), ChildProcesses()
    worker = Worker(settings, database, url, events, Storage(settings.data_directory / "objects"), children, handlers.HANDLERS)
    task = asyncio.create_task(worker.run(stop))
    try:
        yield events, stop
    finally:
        stop.set()
        await asyncio.wait_for(task, WAIT_SECONDS)


async def add(database: Database, kind: str) -> UUID:
    async with database.transaction() as session:
        job = await queue.enqueue(session, kind=kind, project_id=uuid4(), subject_id=uuid4(), created_by=uuid4())
    return job.id


async def job_of(database: Database, job_id: UUID) -> Job:
    async with database.transaction() as session:
        job = await session.get(Job, job_id)
    assert job is not None
    return job


async def until(database: Database, job_id: UUID, holds: Callable[[Job], bool]) -> Job:
    deadline = time.monotonic() + WAIT_SECONDS
    while not holds(job := await job_of(database, job_id)):
        assert time.monotonic() < deadline, (job.status, job.progress, job.error)
        await asyncio.sleep(0.03)
    return job


async def attempts_stored(database: Database) -> list[int]:
    async with database.transaction() as session:
        return list((await session.execute(text("SELECT attempt FROM test_result"))).scalars())


@pytest.mark.usefixtures("results")
async def test_a_job_is_done_within_a_moment_and_says_so(
    settings: Settings, own_database: Database, own_database_url: str
) -> None:
    async with working(settings, own_database, own_database_url) as (events, _):
        await asyncio.sleep(0.3)
        started = time.monotonic()
        job_id = await add(own_database, "quick")
        listener = events.listen()
        await listener.follow(f"job:{job_id}", after=0)
        job = await until(own_database, job_id, lambda job: job.status == "done")
        assert time.monotonic() - started < settings.job_poll_seconds
        kept: list[Message] = list(events.kept[f"job:{job_id}"])
    assert [message.type for message in kept] == ["job.status", "job.progress", "job.status"]
    assert [kept[0].data["status"], kept[2].data["status"]] == ["running", "done"]
    assert job.progress is not None
    assert job.progress["sequence"] == 1
    assert await attempts_stored(own_database) == [1]


@pytest.mark.usefixtures("results")
async def test_a_hopeless_job_fails_at_once_with_its_sentence(
    settings: Settings, own_database: Database, own_database_url: str
) -> None:
    async with working(settings, own_database, own_database_url):
        job = await until(own_database, await add(own_database, "hopeless"), lambda job: job.status == "failed")
    assert (job.error, job.attempts) == ("Line 17: this cannot be read.", 1)
    assert await attempts_stored(own_database) == [-1]


@pytest.mark.usefixtures("results")
async def test_a_crashing_job_is_tried_again_and_then_given_up(
    settings: Settings, own_database: Database, own_database_url: str
) -> None:
    async with working(settings, own_database, own_database_url):
        job = await until(own_database, await add(own_database, "crashing"), lambda job: job.status == "failed")
    assert job.attempts == 3
    assert "3 times" in str(job.error)
    assert "mistake" not in str(job.error)


@pytest.mark.usefixtures("results")
async def test_a_running_job_is_cancelled_at_once(settings: Settings, own_database: Database, own_database_url: str) -> None:
    async with working(settings, own_database, own_database_url):
        job_id = await add(own_database, "endless")
        await until(own_database, job_id, lambda job: job.progress is not None)
        started = time.monotonic()
        async with own_database.transaction() as session:
            await queue.cancel(session, job_id)
        await until(own_database, job_id, lambda job: job.status == "cancelled")
        assert time.monotonic() - started < 2


@pytest.mark.usefixtures("results")
async def test_a_stopped_worker_gives_its_job_back_and_the_attempt_does_not_count(
    settings: Settings, own_database: Database, own_database_url: str
) -> None:
    async with working(settings, own_database, own_database_url) as (_, stop):
        job_id = await add(own_database, "endless")
        await until(own_database, job_id, lambda job: job.progress is not None)
        stop.set()
        job = await until(own_database, job_id, lambda job: job.status == "queued")
    assert job.attempts == 0


@pytest.mark.usefixtures("results")
async def test_a_worker_that_lost_its_job_stores_nothing(
    settings: Settings, own_database: Database, own_database_url: str
) -> None:
    async with working(settings, own_database, own_database_url):
        job_id = await add(own_database, "sleepy")
        await until(own_database, job_id, lambda job: job.fencing_number >= 2)
        await asyncio.sleep(0.5)
        assert await attempts_stored(own_database) == []


@pytest.mark.usefixtures("results")
async def test_a_job_that_stores_longer_than_its_lease_is_done_once_and_cannot_be_cancelled_then(
    settings: Settings, own_database: Database, own_database_url: str
) -> None:
    async with working(settings, own_database, own_database_url) as (events, _):
        job_id = await add(own_database, "storing")
        await until(own_database, job_id, lambda job: job.status == "running")
        await asyncio.sleep(0.5)
        with pytest.raises(Conflict, match="too late"):
            async with own_database.transaction() as session:
                await queue.cancel(session, job_id)
        job = await until(own_database, job_id, lambda job: job.status == "done")
        await asyncio.sleep(0.5)
        kinds = [message.data["status"] for message in events.kept[f"job:{job_id}"]]
    assert kinds == ["running", "done"]
    assert job.attempts == 1
    assert await attempts_stored(own_database) == [1]


def start_worker(url: str, folder: Path) -> "subprocess.Popen[bytes]":
    root = Path(__file__).parents[3]
    (folder / "worker_program.py").write_text(PROGRAM)
    return subprocess.Popen(
        [sys.executable, folder / "worker_program.py", url, str(folder)], cwd=root, env={"PYTHONPATH": str(root)}
    )


@pytest.mark.usefixtures("results")
async def test_a_killed_worker_is_replaced_within_seconds_and_nothing_is_doubled(
    own_database: Database, own_database_url: str, tmp_path: Path
) -> None:
    job_id = await add(own_database, "slow")
    first = start_worker(own_database_url, tmp_path)
    await until(own_database, job_id, lambda job: job.progress is not None and job.progress["fraction"] > 0.5)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    killed = time.monotonic()
    second = start_worker(own_database_url, tmp_path)
    job = await until(own_database, job_id, lambda job: job.status == "done")
    assert time.monotonic() - killed < 20
    second.terminate()
    assert second.wait(10) == 0
    assert job.attempts == 2
    assert await attempts_stored(own_database) == [2]


@pytest.mark.usefixtures("results")
async def test_a_killed_child_costs_one_attempt(settings: Settings, own_database: Database, own_database_url: str) -> None:
    async with working(settings, own_database, own_database_url):
        job_id = await add(own_database, "slow")
        await until(own_database, job_id, lambda job: job.progress is not None)
        for child in children_of(os.getpid()):
            os.kill(child, signal.SIGKILL)
        job = await until(own_database, job_id, lambda job: job.status == "done")
    assert job.attempts == 2


def children_of(process_id: int) -> list[int]:
    """The child processes that run Python's spawn entry, by /proc."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rsplit(")", 1)[1].split()[1])
            if parent == process_id and b"spawn_main" in (status.parent / "cmdline").read_bytes():
                found.append(int(status.parent.name))
        except OSError:
            continue
    return found


@pytest.mark.usefixtures("results")
async def test_a_job_of_one_kind_does_not_wait_behind_another_kind(
    own_database: Database, own_database_url: str, tmp_path: Path
) -> None:
    endless = await add(own_database, "endless")
    worker = start_worker(own_database_url, tmp_path)
    try:
        await until(own_database, endless, lambda job: job.status == "running")
        await until(own_database, await add(own_database, "quick"), lambda job: job.status == "done")
        assert (await job_of(own_database, endless)).status == "running"
    finally:
        worker.kill()
        worker.wait()
