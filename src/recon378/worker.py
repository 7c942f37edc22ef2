"""The composition root of the worker: claim a job, let its domain do it, end it, tell whoever looks on."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import structlog
from sqlalchemy.exc import DBAPIError

from recon378.adapters import queue, telemetry
from recon378.adapters.child_process import ChildProcesses, die_with_parent
from recon378.adapters.database import Database, open_database
from recon378.adapters.embedded_postgres import database_url
from recon378.adapters.events import Events, PostgresEvents, prune_events
from recon378.adapters.job import Handler, JobContext, JobFailed, publish_status
from recon378.adapters.listening import keep_listening
from recon378.adapters.queue import Claim, JobStatus, LeaseLost
from recon378.adapters.storage import Storage
from recon378.errors import AppError
from recon378.migrations.upgrade import upgrade
from recon378.settings import Settings
from recon378_engine.errors import EngineError

log = structlog.get_logger("recon378.worker")

AWAY_SECONDS = 1.0
COMPLETING_SECONDS = 1.0
STANDBY_AFTER_SECONDS = 3.0  # the first standby child starts when the API, on the same cores, is up
STORING_TIMEOUT_SECONDS = 900.0
SWEEP_EVERY_SECONDS = 5.0
TIDY_EVERY_SECONDS = 60.0
EVENTS_KEPT_HOURS = 24.0
CRASHED = "Something went wrong on our side, {attempts} times in a row; the log has the reason under job {job_id}."
CANCELLED = "Cancelled."


def handlers() -> dict[str, Handler]:
    """What each domain does for its kinds of job."""
    from recon378.files import jobs as files
    from recon378.reconciliation import jobs as reconciliation

    return {"read_file": files.HANDLER, "reconcile": reconciliation.HANDLER}


def run_worker(settings: Settings, parent_id: int | None = None) -> int:
    """Work until SIGTERM or Ctrl-C.

    With `parent_id`, as a child of `recon378 serve`: Ctrl-C is then the parent's, and so is our life.
    """
    if parent_id is not None:
        die_with_parent(parent_id)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    telemetry.configure_logging(as_json=settings.logs_as_json, level=settings.log_level)
    url, stop_server = database_url(settings)
    try:
        asyncio.run(
            work(settings, url, own_signals=(signal.SIGTERM,) if parent_id is not None else (signal.SIGTERM, signal.SIGINT))
        )
    finally:
        stop_server()
    return 0


async def work(settings: Settings, url: str, own_signals: tuple[signal.Signals, ...]) -> None:
    """Open the outside world, work until one of the signals, give back what is not done."""
    stop = asyncio.Event()
    for number in own_signals:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    database = open_database(
        url, connections_max=6, statement_timeout_seconds=STORING_TIMEOUT_SECONDS, idle_timeout_seconds=STORING_TIMEOUT_SECONDS
    )
    try:
        await upgrade(database.engine)
        events = PostgresEvents(database, url, settings.event_replay_messages)
        storage = Storage(settings.data_directory / "objects")
        async with asyncio.TaskGroup() as tasks:
            for kind, handler in handlers().items():  # a lane for each, so that no file waits behind a long reconciliation
                worker = Worker(settings, database, url, events, storage, ChildProcesses(handler.warm_up), {kind: handler})
                tasks.create_task(worker.run(stop))
            tasks.create_task(tidy(settings, database, storage, stop))
    finally:
        await database.close()


async def tidy(settings: Settings, database: Database, storage: Storage, stop: asyncio.Event) -> None:
    """Forget old messages and uploads that nobody goes on with, until `stop`."""
    from recon378.files.service import uploads  # beside the first job, as the handlers

    while not stop.is_set():
        try:
            async with database.transaction() as session:
                await prune_events(session, EVENTS_KEPT_HOURS)
                await uploads.sweep(session, storage, settings)
        except (OSError, TimeoutError, DBAPIError) as error:
            log.warning("worker.database_away", reason=str(error).splitlines()[0])
        await wait_for_any(TIDY_EVERY_SECONDS, stop)


class Worker:
    """A worker does one job at a time, of the kinds that it has handlers for."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        url: str,
        events: Events,
        storage: Storage,
        children: ChildProcesses,
        handlers: Mapping[str, Handler],
    ) -> None:
        self.settings = settings
        self.database = database
        self.url = url
        self.events = events
        self.storage = storage
        self.children = children
        self.handlers = handlers
        self.name = f"{machine()}:{os.getpid()}:{uuid4().hex[:8]}"
        self.wake = asyncio.Event()
        self.swept_at = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Claim and do jobs until `stop`; a database that is away is waited for."""
        listening = asyncio.create_task(keep_listening(self.url, queue.WAKE_CHANNEL, lambda _: self.wake.set(), self.wake.set))
        asyncio.get_running_loop().call_later(STANDBY_AFTER_SECONDS, self.prepare_standby, stop)
        await self.free_jobs_of_the_dead()
        try:
            while not stop.is_set():
                try:
                    claim = await self.next_job()
                    if claim is not None:
                        await self.perform(claim, stop)
                        self.prepare_standby(stop)
                        continue
                except (OSError, TimeoutError, DBAPIError) as error:
                    log.warning("worker.database_away", reason=str(error).splitlines()[0])
                    await wait_for_any(AWAY_SECONDS, stop)
                    continue
                await wait_for_any(self.settings.job_poll_seconds, stop, self.wake)
                self.wake.clear()
        finally:
            listening.cancel()
            self.children.close()

    def prepare_standby(self, stop: asyncio.Event) -> None:
        if self.children.warm_up and not stop.is_set():
            self.children.prepare()

    async def next_job(self) -> Claim | None:
        await self.sweep()
        async with self.database.transaction() as session:
            return await queue.claim(
                session, worker=self.name, kinds=list(self.handlers), lease_seconds=self.settings.job_lease_seconds
            )

    # ── one job ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def perform(self, job: Claim, stop: asyncio.Event) -> None:
        """Do one job to an end: done, failed, cancelled, given back, or lost to another worker."""
        context = JobContext(job, self.settings, self.database, self.events, self.storage, self.children)
        with structlog.contextvars.bound_contextvars(job_id=str(job.job_id), kind=job.kind, attempt=job.attempts):
            log.info("job.started")
            async with self.database.transaction() as session:
                await publish_status(session, self.events, job, JobStatus.RUNNING)
            task = asyncio.create_task(self.handlers[job.kind].run(job, context))
            try:
                verdict = await self.watch(job, task, stop)
                await self.end(job, task, verdict)
            except LeaseLost:
                log.warning("job.lost")
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def watch(self, job: Claim, task: "asyncio.Task[None]", stop: asyncio.Event) -> str:
        """Keep the lease while the job runs. Return "ended", "cancel" or "release"; raises LeaseLost."""
        stopping_since: float | None = None
        while not task.done():
            await wait_for_any(self.settings.job_heartbeat_seconds, task, self.wake, *(() if stopping_since else (stop,)))
            self.wake.clear()
            if task.done():
                break
            if stop.is_set():
                stopping_since = stopping_since or time.monotonic()
                if time.monotonic() - stopping_since >= self.settings.job_drain_seconds:
                    return "release"
            try:
                async with self.database.transaction() as session:
                    if await queue.heartbeat(session, job, self.settings.job_lease_seconds):
                        return "cancel"
            except LeaseLost:
                await asyncio.wait(
                    {task}, timeout=COMPLETING_SECONDS
                )  # the heartbeat may have waited for the very commit that ended the job
                if not task.done():
                    raise
            except (OSError, TimeoutError, DBAPIError):
                log.warning("job.heartbeat_failed")
        return "ended"

    async def end(self, job: Claim, task: "asyncio.Task[None]", verdict: str) -> None:
        if verdict != "ended":
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        if verdict == "release":
            return await self.give_back(job)
        if verdict == "cancel":
            return await self.give_up(job, JobStatus.CANCELLED, CANCELLED)
        error = task.exception()
        if error is None:
            log.info("job.done")
        elif isinstance(error, LeaseLost):
            raise error
        elif isinstance(error, JobFailed | AppError | EngineError):
            await self.give_up(job, JobStatus.FAILED, str(error))
        else:
            log.error("job.crashed", exc_info=error)
            await self.try_again(job)

    async def try_again(self, job: Claim) -> None:
        if job.attempts >= self.settings.job_attempts_max:
            return await self.give_up(job, JobStatus.FAILED, CRASHED.format(attempts=job.attempts, job_id=job.job_id))
        async with self.database.transaction() as session:
            await queue.retry(session, job, "The last attempt broke off; it is tried again.")
            await publish_status(session, self.events, job, JobStatus.QUEUED)

    async def give_back(self, job: Claim) -> None:
        log.info("job.given_back")
        async with self.database.transaction() as session:
            await queue.release(session, job)
            await publish_status(session, self.events, job, JobStatus.QUEUED)

    async def give_up(self, job: Claim, status: JobStatus, reason: str) -> None:
        """End a job without a result, on its own row, in its domain and for whoever looks on, all or nothing."""
        log.info("job.ended", status=status.value, reason=reason)
        async with self.database.transaction() as session:
            if status is JobStatus.CANCELLED:
                await queue.end_cancelled(session, job)
            else:
                await queue.fail(session, job, reason)
            await self.handlers[job.kind].gave_up(session, job, reason)
            await publish_status(session, self.events, job, status, None if status is JobStatus.CANCELLED else reason)

    # ── other workers ───────────────────────────────────────────────────────────────────────────────────────────────

    async def sweep(self) -> None:
        """Take over from workers that went silent."""
        if time.monotonic() - self.swept_at < SWEEP_EVERY_SECONDS:
            return
        self.swept_at = time.monotonic()
        async with self.database.transaction() as session:
            waiting, given_up = await queue.requeue_expired(session, self.settings.job_attempts_max, kinds=list(self.handlers))
        for job_id in waiting:
            log.warning("job.taken_back", job_id=str(job_id))
        for claim in given_up:
            await self.end_expired(claim)

    async def end_expired(self, job: Claim) -> None:
        async with self.database.transaction() as session:
            cancelled = (await queue.hold(session, job)).cancel_requested
        if cancelled:
            await self.give_up(job, JobStatus.CANCELLED, CANCELLED)
        else:
            await self.give_up(job, JobStatus.FAILED, CRASHED.format(attempts=job.attempts, job_id=job.job_id))

    async def free_jobs_of_the_dead(self) -> None:
        """End the leases of workers on this machine whose process is gone, so that their jobs need not wait for the lease to run
        out.
        """
        async with self.database.transaction() as session:
            for name in await queue.workers(session):
                place, process_id, _ = name.rsplit(":", 2)
                if place == machine() and not is_alive(int(process_id)):
                    await queue.expire_leases_of(session, name)


async def wait_for_any(seconds: float, *awaited: "asyncio.Event | asyncio.Task[None]") -> None:
    """Wait until one of these events or tasks is done, at most `seconds`."""
    waiting = [asyncio.create_task(one.wait()) if isinstance(one, asyncio.Event) else one for one in awaited]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one, task in zip(awaited, waiting, strict=True):
            if isinstance(one, asyncio.Event):
                task.cancel()


def machine() -> str:
    """This machine since its last start, so that process ids can be compared."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    return f"{socket.gethostname()}/{boot.read_text()[:8] if boot.exists() else ''}"


def is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
