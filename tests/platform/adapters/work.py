"""What the children of the tests do."""

import ctypes
import os
import signal
import time
from pathlib import Path

from recon378.adapters.child_process import Reporter


def add(report: Reporter, left: int, right: int) -> int:
    report("adding", 0.5, 1, 2, "half way")
    return left + right


def fail(report: Reporter, message: str) -> None:
    raise ValueError(message)


def fail_with_something_that_cannot_travel(report: Reporter) -> None:
    class Local(Exception):
        pass

    raise Local("made here")


def sleep_for_ever(report: Reporter, note: str) -> None:
    Path(note).write_text(str(os.getpid()))
    time.sleep(600)


def die(report: Reporter) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def crash(report: Reporter) -> None:
    ctypes.string_at(0)


def take_memory(report: Reporter, size_bytes: int) -> int:
    return len(bytearray(size_bytes))


def spin(report: Reporter) -> None:
    while True:
        pass
