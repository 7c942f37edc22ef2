"""A worker dies: the job goes on by itself, and nothing is lost or stored twice."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import text

from recon378.accounts.deps import Platform
from recon378.adapters import queue
from recon378.adapters.database import Database
from recon378.adapters.job import JobContext
from recon378.reconciliation import jobs
from recon378.settings import Settings
from tests.platform.client import Client, Person, sign_up
from tests.platform.reconciliation.builders import Finished, exceptions_of, matches_of, started
from tests.platform.reconciliation.work import InlineChildren

WORKER = (
    "import sys; from recon378.settings import load_settings; from recon378.worker import run_worker; "
    "sys.exit(run_worker(load_settings()))"
)
ROWS = 3_000
PATIENCE_SECONDS = 150


@asynccontextmanager
async def worker(settings: Settings, database_url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A real worker process, whose lease ends soon after its death."""
    environment = {
        "PATH": os.defpath,
        "HOME": str(settings.data_directory),
        "PYTHONPATH": os.pathsep.join(sys.path),
        "RECON378_ENVIRONMENT": "test",
        "RECON378_DATABASE_URL": database_url,
        "RECON378_DATA_DIRECTORY": str(settings.data_directory),
        "RECON378_JOB_LEASE_SECONDS": "2",
        "RECON378_JOB_HEARTBEAT_SECONDS": "0.5",
        "RECON378_JOB_POLL_SECONDS": "0.2",
        "RECON378_LOG_LEVEL": "error",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WORKER, env=environment, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def until(look: Callable[[], Awaitable[dict[str, Any]]], is_so: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not is_so(found := await look()):
            await asyncio.sleep(0.02)
        return found


@pytest.fixture
async def owner(own_client: Client) -> Person:
    return await sign_up(own_client, "Alice")


@pytest.mark.slow
@pytest.mark.parametrize("fraction", [0.01, 0.6], ids=["while it computes", "at sixty percent"])
async def test_a_killed_worker_loses_and_doubles_nothing(
    fraction: float,
    own_client: Client,
    own_app: Any,
    settings: Settings,
    own_database: Database,
    own_database_url: str,
    owner: Person,
) -> None:
    platform: Platform = own_app.state.platform
    job = await started(own_client, platform, owner, rows=ROWS)

    async def look() -> dict[str, Any]:
        found: dict[str, Any] = (await own_client.as_(owner).get(f"/jobs/{job.job_id}")).json()
        return found

    async with worker(settings, own_database_url) as first:
        seen = await until(
            look, lambda found: found["status"] != "queued" and (found["progress"] or {"fraction": 0})["fraction"] >= fraction
        )
        assert seen["status"] == "running"
        first.send_signal(signal.SIGKILL)
        await first.wait()
    async with worker(settings, own_database_url):
        done = await until(look, lambda found: found["status"] in ("done", "failed"))
    assert (done["status"], done["attempts"]) == ("done", 2)
    assert done["progress"]["sequence"] >= seen["progress"]["sequence"]
    await nothing_lost_or_doubled(own_client, own_database, owner, job)


async def test_a_worker_that_dies_while_it_stores_goes_on_from_the_artefacts(
    own_client: Client, own_app: Any, own_database: Database, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform: Platform = own_app.state.platform
    job = await started(own_client, platform, owner)
    monkeypatch.setattr(jobs, "prove", dies)
    with pytest.raises(ConnectionResetError):
        await attempt(platform, InlineChildren())
    monkeypatch.undo()
    async with platform.database.transaction() as session:
        await session.execute(text("UPDATE job SET status = 'queued' WHERE id = :id"), {"id": job.job_id})
    await attempt(platform, NoChildren())
    await nothing_lost_or_doubled(own_client, own_database, owner, job)


async def dies(*_: Any) -> None:
    raise ConnectionResetError


class NoChildren(InlineChildren):
    async def run(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("The result was computed already.")


async def attempt(platform: Platform, children: InlineChildren) -> None:
    async with platform.database.transaction() as session:
        claim = await queue.claim(session, worker="test", kinds=["reconcile"], lease_seconds=60)
    assert claim is not None
    context = JobContext(claim, platform.settings, platform.database, platform.events, platform.storage, children)
    await jobs.run(claim, context)


async def nothing_lost_or_doubled(client: Client, database: Database, person: Person, job: Finished) -> None:
    """Every imported row is in exactly one match or open, and the sums agree with the files."""
    summary = (await client.as_(person).get(f"/jobs/{job.job_id}/summary")).json()
    assert summary["conserved"]
    async with database.transaction() as session:
        held = await session.execute(
            text("""SELECT side, "row", count(*) FROM (SELECT side, "row" FROM match_item WHERE job_id = :job
                    UNION ALL SELECT side, "row" FROM exception WHERE job_id = :job) held GROUP BY 1, 2 HAVING count(*) > 1"""),
            {"job": job.job_id},
        )
        assert held.all() == []
    files = {
        side: (await client.as_(person).get(f"/files/{file_id}")).json()
        for side, file_id in (("left", job.left_file_id), ("right", job.right_file_id))
    }
    for side in summary["sides"]:
        assert side["rows"]["input"] == files[side["side"]]["rows_imported"]
    matches = await matches_of(client, person, job, limit=500)
    assert len({match["match_id"] for match in matches}) == len(matches) > 0
    assert await exceptions_of(client, person, job)
