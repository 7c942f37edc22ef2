"""What goes wrong with a cluster is one clear sentence, and no file is left."""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from recon378_engine.errors import BadInput, Cancelled
from recon378_engine.running.runner import Buffers, Kernel
from recon378_engine.running.spark import Spark

needs_spark = pytest.mark.skipif(
    importlib.util.find_spec("pyspark") is None or shutil.which("java") is None, reason="needs the extra 'spark' and Java"
)
VALUES = {"values": np.arange(1000, dtype=np.uint32)}


@pytest.fixture(autouse=True)
def no_file_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("recon378-spark-")] == []


@pytest.mark.parametrize(
    ("master", "sentence"),
    [
        ("nonsense://somewhere", r"^'nonsense://somewhere' is no Spark master: give local\[\*\], spark://HOST:7077"),
        ("local[]", "is no Spark master"),
        ("spark://somewhere", "names no port: give spark://HOST:7077"),
    ],
)
def test_what_is_no_master_is_said(master: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        Spark(master)


def test_a_master_that_does_not_answer_is_said_at_once() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        master = f"spark://127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(BadInput, match=rf"^Nothing answers at {master}: see whether the master runs"):
        Spark(master)


@needs_spark
@pytest.mark.slow
def test_workers_without_the_package_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYSPARK_PYTHON", sys._base_executable)  # type: ignore[attr-defined]
    with pytest.raises(BadInput, match=r"workers cannot load the engine \(No module named .*\): install this package"):
        Spark("local[1]")


@needs_spark
@pytest.mark.slow
def test_workers_without_python_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYSPARK_PYTHON", "/no/such/python")
    with pytest.raises(BadInput, match=r'name one like this in PYSPARK_PYTHON \(Cannot run program "/no/such/python"'):
        Spark("local[1]")


@needs_spark
@pytest.mark.slow
def test_a_cluster_without_a_worker_is_given_up(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    spark = importlib.util.find_spec("pyspark")
    assert spark is not None
    assert spark.origin is not None
    command = [str(Path(spark.origin).parent / "bin" / "spark-class"), "org.apache.spark.deploy.master.Master"]
    with (tmp_path / "master.log").open("wb") as log:
        master = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0"],
            stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        wait_for(port)
        with pytest.raises(BadInput, match=r"^No worker of the Spark cluster took any work for 3 seconds: .* 2 GiB"):
            Spark(f"spark://127.0.0.1:{port}", patience_seconds=3)
    finally:
        os.killpg(master.pid, signal.SIGTERM)
        master.wait()


def wait_for(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=0.1).close()
        except OSError:
            time.sleep(0.1)
            continue
        return
    raise AssertionError("The master did not start.")


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Spark]:
    """A master and two workers, whose Pythons get this module's functions by value."""
    from pyspark import cloudpickle

    monkeypatch.setenv("SPARK_WORKER_DIR", str(tmp_path / "work"))
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    with Spark("local-cluster[2,1,2048]") as spark:
        yield spark
    cloudpickle.unregister_pickle_by_value(sys.modules[__name__])


def _worker_dies_once(buffers: Buffers, mark: str, start: int, stop: int) -> tuple[NDArray[np.uint32]]:
    """Kill the executor, the parent of the Python daemon that is this one's parent, the first time."""
    if start == 0 and not os.path.exists(mark):
        open(mark, "w").close()
        daemon = Path(f"/proc/{os.getppid()}/stat").read_text()
        os.kill(int(daemon.rpartition(")")[2].split()[1]), signal.SIGKILL)
    return (buffers["values"][start:stop],)


def _always_dies(buffers: Buffers, settings: None, start: int, stop: int) -> tuple[NDArray[np.uint32]]:
    os._exit(1)


@needs_spark
@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").exists(), reason="finds the executor by /proc")
def test_a_worker_killed_in_the_middle_costs_only_time(cluster: Spark, tmp_path: Path) -> None:
    (values,) = cluster.table(Kernel(_worker_dies_once, (np.uint32,)), VALUES, str(tmp_path / "mark"), 1000, chunk=100)
    assert values.tolist() == list(range(1000))


@needs_spark
@pytest.mark.slow
def test_tasks_that_always_die_are_one_sentence(cluster: Spark) -> None:
    with pytest.raises(BadInput, match=r"^The Spark cluster gave up the work: ") as raised:
        cluster.table(Kernel(_always_dies, (np.uint32,)), VALUES, None, 1000, chunk=100)
    assert "\n" not in str(raised.value)


@needs_spark
@pytest.mark.slow
def test_a_run_on_spark_can_be_cancelled(cluster: Spark) -> None:
    def cancel(_share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        cluster.table(Kernel(_worker_dies_once, (np.uint32,)), VALUES, os.devnull, 1000, chunk=100, done=cancel)
    (values,) = cluster.table(Kernel(_worker_dies_once, (np.uint32,)), VALUES, os.devnull, 1000, chunk=100)
    assert values.size == 1000
