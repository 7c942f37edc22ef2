"""Work in a child process: its answer, its errors, its limits, its end."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from recon378.adapters.child_process import ChildDied, ChildProcesses, Report
from tests.platform.adapters import work


@pytest.fixture
def children() -> Iterator[ChildProcesses]:
    children = ChildProcesses()
    yield children
    children.close()


async def ignore(report: Report) -> None:
    """Nobody looks on."""


async def test_a_child_answers_and_reports(children: ChildProcesses) -> None:
    reports: list[Report] = []

    async def keep(report: Report) -> None:
        reports.append(report)

    assert await children.run(work.add, 2, 3, on_report=keep) == 5
    assert reports == [Report("adding", 0.5, 1, 2, "half way")]


async def test_a_prepared_child_is_used_and_replaced(children: ChildProcesses) -> None:
    children.prepare()
    prepared = children.standby
    assert await children.run(work.add, 1, 1, on_report=ignore) == 2
    assert children.standby is None
    assert prepared is not None
    assert not prepared[0].is_alive()


async def test_a_standby_that_was_killed_does_no_harm(children: ChildProcesses) -> None:
    children.prepare()
    assert children.standby is not None
    children.standby[0].kill()
    children.standby[0].join()
    assert await children.run(work.add, 1, 1, on_report=ignore) == 2


async def test_an_error_of_the_child_is_raised_here_with_its_traceback(children: ChildProcesses) -> None:
    with pytest.raises(ValueError, match="line 17") as caught:
        await children.run(work.fail, "line 17", on_report=ignore)
    assert "in fail" in caught.value.__notes__[0]


async def test_an_error_that_cannot_travel_becomes_one_that_can(children: ChildProcesses) -> None:
    with pytest.raises(RuntimeError, match="made here"):
        await children.run(work.fail_with_something_that_cannot_travel, on_report=ignore)


@pytest.mark.parametrize("way", [work.die, work.crash])
async def test_a_child_that_dies_is_an_error_and_not_our_death(children: ChildProcesses, way: object) -> None:
    with pytest.raises(ChildDied):
        await children.run(way, on_report=ignore)  # type: ignore[arg-type]  # either function
    assert await children.run(work.add, 1, 1, on_report=ignore) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_DATA counts mapped memory on Linux only")
async def test_memory_above_the_limit_is_refused(children: ChildProcesses) -> None:
    with pytest.raises(MemoryError):
        await children.run(work.take_memory, 512 * 1024**2, on_report=ignore, memory_limit_bytes=256 * 1024**2)


async def test_processor_time_above_the_limit_ends_the_child(children: ChildProcesses) -> None:
    with pytest.raises(ChildDied) as caught:
        await children.run(work.spin, on_report=ignore, cpu_limit_seconds=1)
    assert caught.value.over_cpu_limit


async def test_cancelling_kills_the_child(children: ChildProcesses, tmp_path: Path) -> None:
    task = asyncio.create_task(children.run(work.sleep_for_ever, str(tmp_path / "pid"), on_report=ignore))
    process_id = await written(tmp_path / "pid")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not is_alive(process_id)


@pytest.mark.skipif(sys.platform != "linux", reason="the death signal is Linux's")
async def test_a_child_does_not_outlive_a_parent_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import asyncio\nfrom recon378.adapters.child_process import ChildProcesses\nfrom tests.platform.adapters import work\n"
        "if __name__ == '__main__':\n"
        f"    asyncio.run(ChildProcesses().run(work.sleep_for_ever, {str(tmp_path / 'pid')!r}, on_report=None))\n"
    )
    (tmp_path / "parent.py").write_text(program)
    root = Path(__file__).parents[3]
    parent = subprocess.Popen([sys.executable, tmp_path / "parent.py"], cwd=root, env={"PYTHONPATH": str(root)})
    process_id = await written(tmp_path / "pid")
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    await asyncio.sleep(0.2)
    assert not is_alive(process_id)


async def written(path: Path) -> int:
    deadline = time.monotonic() + 20
    while not path.exists() or not path.read_text():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)
    return int(path.read_text())


def is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process_id}/stat")
    return not (status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] == "Z")
