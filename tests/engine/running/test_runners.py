"""Every runner gives the same tables, and with them the same result."""

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from benchmarks.payouts import write_payouts
from numpy.typing import NDArray

from recon378_engine.errors import BadInput
from recon378_engine.pipeline import reconcile
from recon378_engine.reading import read_table
from recon378_engine.running import spark_session
from recon378_engine.running.local import Threads
from recon378_engine.running.runner import Buffers, Kernel
from recon378_engine.running.spark import Spark
from tests.engine.linkage.people import customer_lists, table

needs_spark = pytest.mark.skipif(
    importlib.util.find_spec("pyspark") is None or shutil.which("java") is None, reason="needs the extra 'spark' and Java"
)


def _even_numbers(buffers: Buffers, factor: int, start: int, stop: int) -> tuple[NDArray[np.uint32], NDArray[np.uint64]]:
    values = buffers["values"][start:stop]
    chosen = values[values % 2 == 0]
    return chosen, (chosen * factor).astype(np.uint64)


EVEN = Kernel(_even_numbers, (np.uint32, np.uint64))
VALUES = {"values": np.arange(1000, dtype=np.uint32)[::-1].copy()}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Spark]:
    with Spark("local[2]") as spark:
        yield spark


@pytest.mark.parametrize("threads", [1, 2])
def test_threads_return_tables_in_order(threads: int) -> None:
    one, other = Threads(threads).table(EVEN, VALUES, 3, 1000, chunk=37)
    assert one.tolist() == list(range(998, -1, -2))
    assert other.tolist() == [3 * value for value in range(998, -1, -2)]


def test_no_work_is_an_empty_table() -> None:
    one, other = Threads(2).table(EVEN, VALUES, 3, 0, chunk=37)
    assert (one.size, one.dtype, other.dtype) == (0, np.uint32, np.uint64)


def test_a_missing_extra_is_one_clear_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark_session.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(BadInput, match=r"uv sync --extra spark"):
        Spark()


@needs_spark
@pytest.mark.slow
def test_spark_returns_tables_in_order(cluster: Spark) -> None:
    one, other = cluster.table(EVEN, VALUES, 3, 1000, chunk=37)
    assert one.tolist() == list(range(998, -1, -2))
    assert (other.tolist(), other.dtype) == ([3 * value for value in range(998, -1, -2)], np.uint64)


@needs_spark
@pytest.mark.slow
def test_people_have_the_same_result_on_spark(cluster: Spark) -> None:
    lists = customer_lists(5_000)
    left, right = table(lists.left), table(lists.right)
    assert reconcile(left, right, runner=cluster).result_hash == reconcile(left, right).result_hash


@needs_spark
@pytest.mark.slow
def test_payouts_have_the_same_result_on_spark(cluster: Spark, tmp_path: Path) -> None:
    write_payouts(tmp_path, 5_000, seed=378)
    left, right = read_table(tmp_path / "left.csv"), read_table(tmp_path / "right.csv")
    assert reconcile(left, right, runner=cluster).result_hash == reconcile(left, right).result_hash
