"""One run of a program as the operating system accounts for it: seconds, processor seconds, peak memory, and how it ended."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MESSAGE_CHARACTERS_MAX = 120


@dataclass(frozen=True, slots=True)
class Run:
    """`failure` is None for a run that ended well, else one line; `peak_gibibytes` is that of the largest process."""

    wall_seconds: float
    cpu_seconds: float
    peak_gibibytes: float
    failure: str | None = None


def run_program(command: Sequence[str], limit_seconds: float, directory: Path) -> Run:
    """Run COMMAND in DIRECTORY and end it, with all its children, after LIMIT_SECONDS."""
    started = time.perf_counter()
    with open(os.devnull, "w") as nowhere:
        child = subprocess.Popen(
            command, cwd=directory, stdout=nowhere, stderr=subprocess.PIPE, start_new_session=True, text=True, errors="replace"
        )
    expired = threading.Event()
    timer = threading.Timer(limit_seconds, end_group, [child.pid, expired])
    timer.start()
    assert child.stderr is not None
    last_lines = child.stderr.read().strip().splitlines()[-1:]
    _, status, usage = os.wait4(child.pid, 0)
    timer.cancel()
    child.returncode = os.waitstatus_to_exitcode(status)
    child.stderr.close()
    failure = None
    if expired.is_set():
        failure = f"no result in {limit_seconds:.0f} s"
    elif child.returncode:
        failure = (last_lines or [f"exit code {child.returncode}"])[0][:MESSAGE_CHARACTERS_MAX]
    scale = 2**30 if sys.platform == "darwin" else 2**20
    return Run(time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / scale, failure)


def end_group(leader: int, expired: threading.Event) -> None:
    expired.set()
    os.killpg(leader, signal.SIGKILL)
