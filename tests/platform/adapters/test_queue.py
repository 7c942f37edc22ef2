"""The job queue against real PostgreSQL."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text, update

from recon378.adapters import queue
from recon378.adapters.database import Database
from recon378.adapters.queue import Claim, Job, JobStatus, LeaseLost
from recon378.errors import Conflict

KINDS = ["read_file", "reconcile"]


async def add(database: Database, *, priority: int = 5, kind: str = "reconcile") -> UUID:
    async with database.transaction() as session:
        job = await queue.enqueue(
            session, kind=kind, project_id=uuid4(), subject_id=uuid4(), created_by=uuid4(), priority=priority
        )
    return job.id


async def take(database: Database, worker: str = "w:1:a", lease_seconds: float = 30) -> Claim | None:
    async with database.transaction() as session:
        return await queue.claim(session, worker=worker, kinds=KINDS, lease_seconds=lease_seconds)


async def taken(database: Database, **options: float) -> Claim:
    claim = await take(database, **options)  # type: ignore[arg-type]  # only lease_seconds is passed
    assert claim is not None
    return claim


async def status_of(database: Database, job_id: UUID) -> str:
    async with database.transaction() as session:
        return (await session.execute(select(Job.status).where(Job.id == job_id))).scalar_one()


async def expire(database: Database) -> None:
    async with database.transaction() as session:
        await session.execute(update(Job).values(lease_until=text("now() - interval '1 second'")).where(Job.status == "running"))


async def test_the_urgent_goes_first_then_the_oldest(own_database: Database) -> None:
    first, second, urgent = await add(own_database), await add(own_database), await add(own_database, priority=9)
    assert [(await taken(own_database)).job_id for _ in range(3)] == [urgent, first, second]
    assert await take(own_database) is None


async def test_a_job_that_is_not_committed_is_nobodys(own_database: Database) -> None:
    async with own_database.sessions() as session:
        await queue.enqueue(session, kind="reconcile", project_id=uuid4(), subject_id=uuid4(), created_by=uuid4())
        assert await take(own_database) is None
        await session.rollback()
    assert await take(own_database) is None


async def test_twenty_workers_never_get_the_same_job(own_database: Database) -> None:
    jobs = {await add(own_database) for _ in range(10)}
    claims = await asyncio.gather(*(take(own_database, f"w:{number}:a") for number in range(20)))
    got = [claim.job_id for claim in claims if claim]
    assert len(got) == 10
    assert set(got) == jobs


async def test_a_worker_that_lost_its_lease_can_store_nothing(own_database: Database) -> None:
    job_id = await add(own_database)
    old = await taken(own_database)
    await expire(own_database)
    async with own_database.transaction() as session:
        assert await queue.requeue_expired(session, attempts_max=5, kinds=["reconcile"]) == ([job_id], [])
    new = await taken(own_database)
    assert (new.attempts, new.fencing_number) == (2, 2)
    attempts: list[Callable[..., Awaitable[object]]] = [queue.complete, queue.hold, queue.release, queue.end_cancelled]
    for attempt in attempts:
        with pytest.raises(LeaseLost):
            async with own_database.transaction() as session:
                await attempt(session, old)
    with pytest.raises(LeaseLost):
        async with own_database.transaction() as session:
            await queue.heartbeat(session, old, 30)
    async with own_database.transaction() as session:
        await queue.complete(session, new)
    assert await status_of(own_database, job_id) == JobStatus.DONE


async def test_a_job_whose_attempts_are_used_up_is_handed_over_to_be_ended(own_database: Database) -> None:
    await add(own_database)
    for _ in range(2):
        claim = await taken(own_database)
        await expire(own_database)
        async with own_database.transaction() as session:
            waiting, given_up = await queue.requeue_expired(session, attempts_max=2, kinds=["reconcile"])
    assert waiting == []
    assert [(job.job_id, job.attempts) for job in given_up] == [(claim.job_id, 2)]
    async with own_database.transaction() as session:
        await queue.fail(session, given_up[0], "It broke off twice.")
    assert await status_of(own_database, claim.job_id) == JobStatus.FAILED


async def test_progress_is_numbered_on_over_restarts(own_database: Database) -> None:
    await add(own_database)
    first = await taken(own_database)
    async with own_database.transaction() as session:
        assert (await queue.save_progress(session, first, {"fraction": 0.1}))["sequence"] == 1
        assert (await queue.save_progress(session, first, {"fraction": 0.2}))["sequence"] == 2
        await queue.save_checkpoint(session, first, {"stage": "score"})
        await queue.release(session, first)
    second = await taken(own_database)
    assert second.checkpoint == {"stage": "score"}
    assert second.attempts == 1
    async with own_database.transaction() as session:
        assert await queue.save_progress(session, second, {"fraction": 0.3}) == {"fraction": 0.3, "sequence": 3}


async def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_hears_of_it(own_database: Database) -> None:
    waiting, running = await add(own_database), await add(own_database, priority=9)
    claim = await taken(own_database)
    assert claim.job_id == running
    async with own_database.transaction() as session:
        assert await queue.cancel(session, waiting) == JobStatus.CANCELLED
        assert await queue.cancel(session, running) == JobStatus.RUNNING
        assert await queue.cancel(session, uuid4()) is None
    async with own_database.transaction() as session:
        assert await queue.heartbeat(session, claim, 30) is True
        await queue.end_cancelled(session, claim)
    with pytest.raises(Conflict):
        async with own_database.transaction() as session:
            await queue.cancel(session, running)


async def test_a_worker_takes_back_only_jobs_that_it_can_end(own_database: Database) -> None:
    job_id = await add(own_database)
    await taken(own_database, lease_seconds=-1)
    async with own_database.transaction() as session:
        assert await queue.requeue_expired(session, attempts_max=1, kinds=["read_file"]) == ([], [])
        _, given_up = await queue.requeue_expired(session, attempts_max=1, kinds=["reconcile"])
    assert [claim.job_id for claim in given_up] == [job_id]


async def test_waiting_jobs_know_their_place_and_time(own_database: Database) -> None:
    jobs = [await add(own_database) for _ in range(3)]
    async with own_database.transaction() as session:
        places = await queue.places(session, jobs)
    assert [places[job].position for job in jobs] == [1, 2, 3]
    etas = [places[job].eta_seconds for job in jobs]
    assert etas == sorted(etas)
    assert etas[0] > 0


async def test_a_changed_priority_moves_a_waiting_job(own_database: Database) -> None:
    first, second = await add(own_database), await add(own_database)
    async with own_database.transaction() as session:
        assert await queue.set_priority(session, second, 9) is True
    assert (await taken(own_database)).job_id == second
    async with own_database.transaction() as session:
        assert await queue.set_priority(session, second, 1) is False
    assert await status_of(own_database, first) == JobStatus.QUEUED


async def test_the_leases_of_a_dead_worker_end_at_once(own_database: Database) -> None:
    job_id = await add(own_database)
    await take(own_database, "machine:123:a")
    async with own_database.transaction() as session:
        assert await queue.workers(session) == ["machine:123:a"]
        await queue.expire_leases_of(session, "machine:123:a")
        assert (await queue.requeue_expired(session, 5, kinds=["reconcile"]))[0] == [job_id]


async def test_the_jobs_of_a_deleted_project_are_gone_and_their_workers_notice(own_database: Database) -> None:
    await add(own_database)
    claim = await taken(own_database)
    async with own_database.transaction() as session:
        await queue.forget_project(session, claim.project_id)
    with pytest.raises(LeaseLost):
        async with own_database.transaction() as session:
            await queue.hold(session, claim)


async def test_counts_say_what_waits_and_how_long(own_database: Database) -> None:
    await add(own_database)
    await add(own_database, kind="read_file")
    async with own_database.transaction() as session:
        counts, oldest_seconds = await queue.counts(session)
    assert counts == {("reconcile", "queued"): 1, ("read_file", "queued"): 1}
    assert 0 <= oldest_seconds < 60
