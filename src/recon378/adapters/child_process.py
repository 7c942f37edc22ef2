"""Heavy or dangerous work in a process of its own: it can be limited, killed and replaced, and it never outlives us.

One child does one piece of work. The next one is started beforehand, with its modules imported and its kernels warm.
"""

import asyncio
import ctypes
import importlib
import multiprocessing
import os
import pickle
import resource
import signal
import sys
import time
import traceback
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, NamedTuple, TypeVar

Answer = TypeVar("Answer")

REPORT_INTERVAL_SECONDS = 0.1
PR_SET_PDEATHSIG = 1


class Report(NamedTuple):
    """Progress as a child sends it; `fraction` of the whole work in 0..1."""

    stage: str
    fraction: float
    done: int = 0
    total: int = 0
    message: str = ""


class Limits(NamedTuple):
    memory_bytes: int | None
    cpu_seconds: int | None


class ChildDied(Exception):
    """The child ended without an answer: killed by the kernel, by a limit, or by a crash in native code."""

    def __init__(self, exit_code: int | None) -> None:
        self.exit_code = exit_code
        self.over_cpu_limit = exit_code == -signal.SIGXCPU
        super().__init__(
            "The work used more processor time than allowed."
            if self.over_cpu_limit
            else f"The working process died (exit code {exit_code})."
        )


OnReport = Callable[[Report], Awaitable[None]]


async def compute_aside(function: Callable[..., Answer], *arguments: Any, is_large: bool) -> Answer:
    """Compute for a request off the event loop: in a thread or, where it is large, in a process that gives its memory back.

    Function, arguments and answer of a large computation are pickled.
    """
    if not is_large:
        return await asyncio.to_thread(function, *arguments)
    with ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as child:
        return await asyncio.get_running_loop().run_in_executor(child, function, *arguments)


class ChildProcesses:
    """Starts children. `warm_up` names modules to import in advance; one that has a function `warm` gets it called."""

    def __init__(self, warm_up: tuple[str, ...] = ()) -> None:
        self.warm_up = warm_up
        self.context = multiprocessing.get_context("spawn")
        self.standby: tuple[SpawnProcess, Connection] | None = None

    def prepare(self) -> None:
        """Start the next child now, so that the next piece of work finds it ready."""
        if self.standby is None:
            self.standby = self.start()

    async def run(
        self,
        function: Callable[..., Answer],
        *arguments: Any,
        on_report: OnReport,
        memory_limit_bytes: int | None = None,
        cpu_limit_seconds: int | None = None,
    ) -> Answer:
        """Return what `function(report, *arguments)` returns in the child, raise what it raises, or raise ChildDied.

        Cancelling this kills the child.
        """
        child, connection = self.take()
        try:
            connection.send_bytes(pickle.dumps((function, arguments, Limits(memory_limit_bytes, cpu_limit_seconds))))
            while True:
                kind, value = await asyncio.to_thread(connection.recv)
                if kind == "answer":
                    return value  # type: ignore[no-any-return]  # pickled by the child as Answer
                if kind == "error":
                    raise value
                await on_report(Report(*value))
        except (EOFError, ConnectionResetError, BrokenPipeError):
            await asyncio.to_thread(child.join, 5)
            raise ChildDied(child.exitcode) from None
        finally:
            child.kill()
            await asyncio.shield(asyncio.to_thread(child.join, 5))
            connection.close()

    def take(self) -> tuple[SpawnProcess, Connection]:
        ready, self.standby = self.standby, None
        if ready and ready[0].is_alive():
            return ready
        return self.start()

    def start(self) -> tuple[SpawnProcess, Connection]:
        ours, theirs = self.context.Pipe()
        child = self.context.Process(target=serve_one, args=(theirs, self.warm_up, os.getpid()), daemon=True)
        child.start()
        theirs.close()
        return child, ours

    def close(self) -> None:
        if self.standby:
            child, connection = self.standby
            child.kill()
            child.join(5)
            connection.close()
            self.standby = None


# ── in the child ────────────────────────────────────────────────────────────────────────────────────────────────────


def serve_one(connection: Connection, warm_up: tuple[str, ...], parent_id: int) -> None:
    """Warm up, wait for one piece of work, do it, answer."""
    die_with_parent(parent_id)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which tells us
    for name in warm_up:
        warm = getattr(importlib.import_module(name), "warm", None)
        if warm:
            warm()
    try:
        function, arguments, limits = pickle.loads(connection.recv_bytes())  # noqa: S301 - from our own parent
    except EOFError:
        return
    apply_limits(limits)
    try:
        answer = ("answer", function(Reporter(connection), *arguments))
    except Exception as error:
        answer = ("error", portable(error))
    connection.send(answer)


class Reporter:
    """Sends progress to the parent, not more often than a person can see."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.sent_at = 0.0
        self.stage = ""

    def __call__(self, stage: str, fraction: float, done: int = 0, total: int = 0, message: str = "") -> None:
        now = time.monotonic()
        if stage != self.stage or now - self.sent_at >= REPORT_INTERVAL_SECONDS or fraction >= 1.0:
            self.sent_at, self.stage = now, stage
            self.connection.send(("report", tuple(Report(str(stage), float(fraction), done, total, message))))


def die_with_parent(parent_id: int) -> None:
    """Let the kernel kill us when the parent dies (Linux); elsewhere a closed pipe ends an idle child."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent_id:
            os._exit(1)


def apply_limits(limits: Limits) -> None:
    """Limit the memory that can be asked for and the processor time; the kernel enforces both."""
    if limits.memory_bytes is not None:
        resource.setrlimit(resource.RLIMIT_DATA, (limits.memory_bytes, limits.memory_bytes))
    if limits.cpu_seconds is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 5))


def portable(error: Exception) -> Exception:
    """`error` as it can cross the pipe, with the child's traceback as a note."""
    trace = "".join(traceback.format_exception(error))
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    except Exception:
        error = RuntimeError(f"{type(error).__name__}: {error}")
    error.add_note(trace)
    return error
