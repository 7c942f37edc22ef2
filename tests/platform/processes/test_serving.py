"""`recon378 serve` as one unit: what it starts it stops, however it ends."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

START_SECONDS = 90
WAIT_SECONDS = 30

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@dataclass(frozen=True)
class Served:
    """A running platform, and a word in the command line of all of its processes."""

    process: "subprocess.Popen[str]"
    address: str
    folder: Path

    def descendants(self) -> set[int]:
        return descendants(self.process.pid)


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="recon378-serve-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def served(folder: Path) -> Iterator[Served]:
    served = start(folder)
    yield served
    if served.process.poll() is None:
        served.process.send_signal(signal.SIGTERM)
        served.process.wait(WAIT_SECONDS)
    close(served.process)


def close(process: "subprocess.Popen[str]") -> None:
    for pipe in (process.stdout, process.stderr):
        assert pipe is not None
        pipe.close()


def start(folder: Path, port: int = 0) -> Served:
    process = launch(folder, port)
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://\S+", line)
    assert found, line
    return Served(process, found[0], folder)


def launch(folder: Path, port: int, **more: str) -> "subprocess.Popen[str]":
    variables = {
        "RECON378_DATA_DIRECTORY": str(folder / "data"),
        "RECON378_DATABASE_DURABLE": "false",
        "RECON378_LOG_LEVEL": "warning",
    }
    program = [str(Path(sys.executable).parent / "recon378"), "serve", "--port", str(port)]
    return subprocess.Popen(
        program, env=variables | {"PATH": "/usr/bin:/bin"} | more, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def descendants(process_id: int) -> set[int]:
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(status.parent.name)] = int(status.read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
    found: set[int] = set()
    while more := {child for child, parent in parents.items() if parent in found | {process_id}} - found:
        found |= more
    return found


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_running(process_id: int) -> bool:
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def worker_of(served: Served) -> int | None:
    """The worker is the child of the server that has children of its own and is not PostgreSQL."""
    for process_id in served.descendants():
        try:
            command = Path(f"/proc/{process_id}/cmdline").read_bytes()
        except OSError:
            continue
        if b"spawn_main" in command and descendants(process_id):
            return process_id
    return None


def test_it_answers_takes_a_first_user_and_leaves_nothing_behind(served: Served) -> None:
    assert httpx.get(f"{served.address}/readyz").json()["status"] == "ready"
    body = {"email": "root@example.com", "name": "Root", "password": "correct horse battery staple"}
    assert httpx.post(f"{served.address}/api/v1/auth/sign-up", json=body).status_code == 201
    processes = served.descendants()
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(WAIT_SECONDS) == 0
    until(lambda: not any(is_running(process_id) for process_id in processes))
    again = start(served.folder)
    assert httpx.get(f"{again.address}/api/v1/auth/setup").json()["has_users"] is True
    again.process.send_signal(signal.SIGTERM)
    assert again.process.wait(WAIT_SECONDS) == 0
    close(again.process)


def test_a_killed_worker_is_replaced_and_a_killed_server_takes_all_with_it(served: Served) -> None:
    until(lambda: worker_of(served) is not None)
    first = worker_of(served)
    assert first is not None
    os.kill(first, signal.SIGKILL)
    until(lambda: worker_of(served) not in (None, first))
    processes = served.descendants()
    served.process.kill()
    served.process.wait()
    until(lambda: not any(is_running(process_id) for process_id in processes))


def test_a_taken_port_is_one_clear_line(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = launch(folder, taken.getsockname()[1])
        _, errors = process.communicate(timeout=START_SECONDS)
    assert process.returncode == 2
    assert re.fullmatch(r"recon378: Cannot listen on 127\.0\.0\.1:\d+ \(.*\): choose another port with --port\.\n", errors)


def test_a_database_that_does_not_answer_is_one_clear_line(folder: Path) -> None:
    process = launch(folder, 0, RECON378_DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    _, errors = process.communicate(timeout=START_SECONDS)
    assert process.returncode == 2
    assert re.fullmatch(r"recon378: The database does not let us in \(.*\): check RECON378_DATABASE_URL\.\n", errors)
