"""Run kernels on a Spark cluster (PySpark 4, an optional extra).

The buffers are written once each as .npy files, handed to every executor by Spark and memory-mapped there by its Python
workers. Each range of the work is one task, whose table comes back as arrays. The workers need this package and its
dependencies, in the same version.
"""

import importlib.util
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from recon378_engine.errors import BadInput
from recon378_engine.running.local import Threads, thread_count
from recon378_engine.running.runner import Buffers, Kernel, PairTable

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOCAL = "local[*]"
EXECUTOR_MEMORY = "2g"
RESULT_BYTES_MAX = "8g"  # tables that come back to this process
TASKS_A_CORE = 4  # so that no core waits long for the last task


class Spark:
    """The runner of a cluster; a context manager that stops the session it started.

    `master` is `local[*]` or `spark://host:7077`, for example. Raises BadInput where PySpark or Java is missing or the cluster
    does not answer.
    """

    def __init__(self, master: str = LOCAL, *, threads: int = 0) -> None:
        self.threads = thread_count(threads)
        self.session = _session(master)
        self.folder = Path(tempfile.mkdtemp(prefix="recon378-spark-"))
        self.shipped: dict[int, tuple[NDArray[Any], str]] = {}

    def __enter__(self) -> "Spark":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.session.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def table(
        self,
        kernel: Kernel,
        buffers: Buffers,
        settings: Any,
        total: int,
        *,
        chunk: int,
        done: Callable[[float], None] | None = None,
    ) -> PairTable:
        if total <= chunk:  # not worth a task
            return Threads(1).table(kernel, buffers, settings, total, chunk=chunk, done=done)
        files = {name: self._file_of(array) for name, array in buffers.items()}
        context = self.session.sparkContext
        tasks = max(1, min(-(-total // chunk), TASKS_A_CORE * context.defaultParallelism))
        step = -(-total // tasks)
        starts = context.range(0, total, step, numSlices=-(-total // step))
        tables = starts.map(_task(kernel, files, settings, total, step)).collect()
        if done is not None:
            done(1.0)
        ordered = [table for _, table in sorted(tables, key=lambda part: part[0])]
        return tuple(np.concatenate(parts) for parts in zip(*ordered, strict=True))

    def _file_of(self, array: NDArray[Any]) -> str:
        """The name under which the executors have an array; the array is kept, so that its identity stays its own."""
        known = self.shipped.get(id(array))
        if known is None:
            name = f"{uuid4().hex}.npy"
            np.save(self.folder / name, array, allow_pickle=False)
            self.session.sparkContext.addFile(str(self.folder / name))
            known = self.shipped[id(array)] = (array, name)
        return known[1]


def _session(master: str) -> "SparkSession":
    if importlib.util.find_spec("pyspark") is None:
        raise BadInput("The Spark engine needs PySpark, which is an extra: install it with `uv sync --extra spark`.")
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("recon378").master(master)
    options = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.executor.memory": EXECUTOR_MEMORY,
        "spark.driver.maxResultSize": RESULT_BYTES_MAX,
        "spark.log.level": "ERROR",
    }
    try:
        session = builder.config(map=options).getOrCreate()
    except PySparkException as error:
        raise BadInput("The Spark engine needs Java 17 or newer: install it, or point JAVA_HOME to it.") from error
    except Exception as error:  # py4j hands every failure of the Java side over as a kind of its own
        raise BadInput(f"Spark at {master} did not answer ({type(error).__name__}): see whether its master runs.") from error
    if master.startswith("local"):
        session.sparkContext.pythonExec = sys.executable  # elsewhere PYSPARK_PYTHON names the Python of the workers
    return session


def _task(kernel: Kernel, files: dict[str, str], settings: Any, total: int, step: int) -> Callable[[int], tuple[int, PairTable]]:
    """The function that a Python worker of Spark runs on each range: where the range starts, and its table."""

    def run(start: int) -> tuple[int, PairTable]:
        buffers = {name: _mapped(file) for name, file in files.items()}
        return start, kernel.run(buffers, settings, start, min(total, start + step))

    return run


@cache
def _mapped(file: str) -> NDArray[Any]:
    """An array that Spark brought to this machine; the workers of one machine share its memory."""
    from pyspark import SparkFiles

    array: NDArray[Any] = np.asarray(np.load(Path(SparkFiles.getRootDirectory()) / file, mmap_mode="c"))
    return array
