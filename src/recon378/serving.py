"""`recon378 serve`: embedded PostgreSQL, the API and its workers as one unit that starts together and leaves nothing behind."""

import asyncio
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from multiprocessing.context import SpawnProcess
from types import FrameType

import structlog
import uvicorn
from pydantic import SecretStr
from sqlalchemy.exc import DBAPIError

from recon378.accounts.store import has_users
from recon378.adapters import telemetry
from recon378.adapters.database import open_database
from recon378.adapters.embedded_postgres import database_url
from recon378.errors import AppError, Unavailable
from recon378.migrations.upgrade import upgrade
from recon378.settings import Settings
from recon378.worker import run_worker

log = structlog.get_logger("recon378.serving")

FIRST_VISIT = "Open it and sign up: the first account administers the platform."
SUPERVISE_SECONDS = 0.5
RESTART_PAUSE_SECONDS_MAX = 10.0
STEADY_SECONDS = 60.0  # a worker that lived so long did not die of its start
SHUTDOWN_SECONDS = 5
SOCKET_MESSAGE_LIMIT_BYTES = 64 * 1024

Say = Callable[[str], object]


def serve(settings: Settings, say: Say | None = None) -> int:
    """Run the platform until Ctrl-C or SIGTERM; `say` gets the lines for the person at the terminal. Return an exit code."""
    say = say or (lambda line: sys.stdout.write(f"{line}\n") and sys.stdout.flush())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, interrupt)
    telemetry.configure_logging(as_json=settings.logs_as_json, level=settings.log_level)
    try:
        listening = listen(settings.host, settings.port)
        url, stop_server = database_url(settings)
    except AppError as error:
        return refuse(error)
    workers = Workers(settings.model_copy(update={"database_url": SecretStr(url)}))
    try:
        has_users = asyncio.run(prepare_database(url))
        workers.start()
        run_api(workers, listening, lambda line: say(line if has_users else f"{line}\n{FIRST_VISIT}"))
    except AppError as error:
        return refuse(error)
    except KeyboardInterrupt:
        say("Stopping.")
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        workers.stop()
        stop_server()
    return 0


def migrate(settings: Settings) -> int:
    """Bring the database to the schema of this version."""
    try:
        url, stop_server = database_url(settings)
        try:
            asyncio.run(prepare_database(url))
        finally:
            stop_server()
    except AppError as error:
        return refuse(error)
    return 0


def refuse(error: AppError) -> int:
    sys.stderr.write(f"recon378: {error.message}\n")
    return 2


async def prepare_database(url: str) -> bool:
    """Bring the schema up to this version; return whether anybody has an account. Raises Unavailable where nothing answers."""
    database = open_database(url)
    try:
        await upgrade(database.engine)
        async with database.transaction() as session:
            return await has_users(session)
    except (OSError, TimeoutError, DBAPIError) as error:
        reason = str(error.orig if isinstance(error, DBAPIError) else error).splitlines()[0]
        raise Unavailable(f"The database does not let us in ({reason}): check RECON378_DATABASE_URL.") from error
    finally:
        await database.close()


def run_api(workers: "Workers", listening: socket.socket, say: Say) -> None:
    from recon378.app import create_app  # after the workers were started, so that they load beside us

    config = uvicorn.Config(
        create_app(workers.settings),
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=SOCKET_MESSAGE_LIMIT_BYTES,
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # our own middleware list says whom to trust
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    server = uvicorn.Server(config)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(serve_and_supervise(server, workers, listening, say))


async def serve_and_supervise(server: uvicorn.Server, workers: "Workers", listening: socket.socket, say: Say) -> None:
    supervision = asyncio.create_task(supervise(server, workers, listening, say))
    try:
        await server.serve(sockets=[listening])
    finally:
        supervision.cancel()
        await asyncio.gather(supervision, return_exceptions=True)


async def supervise(server: uvicorn.Server, workers: "Workers", listening: socket.socket, say: Say) -> None:
    """Say when the API answers, then replace workers that die."""
    while not server.started:  # noqa: ASYNC110 - uvicorn sets a flag and has no event for it
        await asyncio.sleep(0.02)
    host, port = listening.getsockname()[:2]
    say(f"378 is ready at {workers.settings.public_url or f'http://{shown(host)}:{port}'}")
    while True:
        await asyncio.sleep(SUPERVISE_SECONDS)
        workers.replace_dead()


class Workers:
    """The worker processes of this server. One that dies is replaced; one that dies again and again, ever more slowly."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.context = multiprocessing.get_context("spawn")
        self.running: list[SpawnProcess] = []
        self.ticks_to_wait = 0
        self.deaths = 0
        self.started_at = 0.0

    def start(self) -> None:
        """Start what is missing. A worker's life hangs on the calling thread."""
        while len(self.running) < self.settings.worker_processes:
            worker = self.context.Process(target=run_worker, args=(self.settings, os.getpid()), name="recon378-worker")
            worker.start()
            self.running.append(worker)
            self.started_at = time.monotonic()

    def replace_dead(self) -> None:
        if time.monotonic() - self.started_at > STEADY_SECONDS:
            self.deaths = 0
        dead = [worker for worker in self.running if not worker.is_alive()]
        for worker in dead:
            log.error("worker.died", exit_code=worker.exitcode)
            self.running.remove(worker)
            self.ticks_to_wait = min(int(RESTART_PAUSE_SECONDS_MAX / SUPERVISE_SECONDS), 2**self.deaths - 1)
            self.deaths += 1
        if self.ticks_to_wait:
            self.ticks_to_wait -= 1
        else:
            self.start()

    def stop(self) -> None:
        """Ask all to give back their jobs and end; end those that do not."""
        for worker in self.running:
            worker.terminate()
        for worker in self.running:
            worker.join(self.settings.job_drain_seconds + SHUTDOWN_SECONDS)
            if worker.is_alive():
                worker.kill()
                worker.join()
        self.running.clear()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises Unavailable with one sentence where the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise Unavailable(f"Cannot listen on {host}:{port} ({error.strerror}): choose another port with --port.") from error
    listening.set_inheritable(False)
    return listening


def shown(host: str) -> str:
    return {"0.0.0.0": "localhost", "127.0.0.1": "localhost", "::": "localhost", "::1": "localhost"}.get(host, host)  # noqa: S104 - a name to show


def interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
