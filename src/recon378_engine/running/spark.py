"""Run kernels on a Spark cluster (PySpark 4, an optional extra).

The buffers are written once each as .npy files, handed to every executor by Spark and memory-mapped there by its Python
workers. Each range of the work is one task, whose table comes back as arrays. The workers need this package and its
dependencies, in the same version: they are asked for it before any work.
"""

import hashlib
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from recon378_engine.errors import BadInput
from recon378_engine.running.local import Threads, thread_count
from recon378_engine.running.runner import Buffers, Kernel, PairTable
from recon378_engine.running.spark_session import EXECUTOR_GIBIBYTES, sentence_of, start_session

if TYPE_CHECKING:
    from pyspark import RDD, SparkContext

LOCAL = "local[*]"
TASKS_A_CORE = 4  # so that no core waits long for the last task
PATIENCE_SECONDS = 60.0
POLL_SECONDS = 0.2


class Spark:
    """The runner of a cluster; a context manager that stops the session it started and leaves no file.

    `master` is `local[*]` or `spark://host:7077`, for example. When for `patience_seconds` no worker computes anything, the work
    is given up. Raises BadInput where PySpark or Java is missing, the cluster does not answer, has no free worker, or its workers
    cannot run this package.
    """

    def __init__(self, master: str = LOCAL, *, threads: int = 0, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self.threads = thread_count(threads)
        self.patience_seconds = patience_seconds
        self.shipped: dict[int, tuple[NDArray[Any], str]] = {}
        self._folder = TemporaryDirectory(prefix="recon378-spark-", ignore_cleanup_errors=True)
        self._started = False
        self._collecting = ThreadPoolExecutor(1, thread_name_prefix="spark")
        try:
            self.session, self._started = start_session(master, Path(self._folder.name))
            self._ask_workers()
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> "Spark":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        if self._started:
            self.session.stop()
        self._collecting.shutdown()
        self._folder.cleanup()

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
        tables = self._collected(starts.map(_task(kernel, files, settings, total, step)), done)
        ordered = [table for _, table in sorted(tables, key=lambda part: part[0])]
        return tuple(np.concatenate(parts) for parts in zip(*ordered, strict=True))

    def _ask_workers(self) -> None:
        """Raises BadInput where a worker has another version of the engine than this process."""
        context = self.session.sparkContext
        tasks = 2 * context.defaultParallelism
        answers = self._collected(context.range(tasks, numSlices=tasks).map(lambda _number: engine_digest()), None)
        if set(answers) != {engine_digest()}:
            raise BadInput("Spark's workers have another version of this package: install the same one on each of them.")

    def _collected(self, tables: "RDD[Any]", done: Callable[[float], None] | None) -> list[Any]:
        """The rows of an RDD; what `done` raises cancels the tasks, and so does a cluster that stands still."""
        group = uuid4().hex
        context = self.session.sparkContext
        future = self._collecting.submit(_collect, context, tables, group)
        try:
            self._watch(future, context, group, done)
            return future.result()
        except Exception as error:
            sentence = None if isinstance(error, BadInput) else sentence_of(error)
            if sentence is None:
                raise
            raise BadInput(sentence) from error
        finally:
            if not future.done():
                context.cancelJobGroup(group)

    def _watch(
        self, future: "Future[list[Any]]", context: "SparkContext", group: str, done: Callable[[float], None] | None
    ) -> None:
        before, moved = -1, time.monotonic()
        while not wait([future], POLL_SECONDS).done:
            finished, running, tasks = _progress(context, group)
            if running or finished != before:
                before, moved = finished, time.monotonic()
            elif time.monotonic() - moved > self.patience_seconds:
                raise BadInput(
                    f"No worker of the Spark cluster took any work for {self.patience_seconds:.0f} seconds: at least one needs "
                    f"a free core and {EXECUTOR_GIBIBYTES} GiB of free memory."
                )
            if done is not None:
                done(finished / max(1, tasks))
        if done is not None and future.exception() is None:
            done(1.0)

    def _file_of(self, array: NDArray[Any]) -> str:
        """The name under which the executors have an array; the array is kept, so that its identity stays its own."""
        known = self.shipped.get(id(array))
        if known is None:
            path = Path(self._folder.name) / f"{uuid4().hex}.npy"
            np.save(path, array, allow_pickle=False)
            self.session.sparkContext.addFile(str(path))
            known = self.shipped[id(array)] = (array, path.name)
        return known[1]


@cache
def engine_digest() -> str:
    """Of the engine's sources: equal where the same kernels would run."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for source in sorted(package.rglob("*.py")):
        digest.update(source.relative_to(package).as_posix().encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()


def _collect(context: "SparkContext", tables: "RDD[Any]", group: str) -> list[Any]:
    context.setJobGroup(group, "recon378", interruptOnCancel=True)
    rows: list[Any] = tables.collect()
    return rows


def _progress(context: "SparkContext", group: str) -> tuple[int, int, int]:
    """(finished, running, all) tasks of the jobs of a group."""
    tracker = context.statusTracker()
    jobs = [tracker.getJobInfo(job) for job in tracker.getJobIdsForGroup(group)]
    found = [tracker.getStageInfo(stage) for job in jobs if job is not None for stage in job.stageIds]
    stages = [stage for stage in found if stage is not None]
    return (
        sum(stage.numCompletedTasks for stage in stages),
        sum(stage.numActiveTasks for stage in stages),
        sum(stage.numTasks for stage in stages),
    )


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
