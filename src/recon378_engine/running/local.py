"""Run kernels over chunks on the threads of this machine. The kernels release the interpreter lock."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from recon378_engine.running.runner import Buffers, Kernel, PairTable

CHUNK_ROWS = 65_536
S = TypeVar("S")
T = TypeVar("T")


def thread_count(asked: int) -> int:
    """`asked`, or one for each processor this process may use when it is 0."""
    return asked if asked > 0 else len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Threads:
    """The runner of one machine. `threads` is at least 1."""

    threads: int

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
        parts = for_chunks(
            lambda start, stop: kernel.run(buffers, settings, start, stop), total, threads=self.threads, chunk=chunk, done=done
        )
        if not parts:
            return tuple(np.empty(0, column) for column in kernel.columns)
        return tuple(np.concatenate(columns) for columns in zip(*parts, strict=True))


def for_chunks(
    work: Callable[[int, int], T],
    total: int,
    *,
    threads: int,
    chunk: int = CHUNK_ROWS,
    done: Callable[[float], None] | None = None,
) -> list[T]:
    """Call work(start, stop) over 0..total and return the results in order, whatever thread computed them.

    `done` is told the finished fraction on the calling thread; what it raises (a cancellation) stops the chunks not yet begun.
    """
    bounds = [(start, min(total, start + chunk)) for start in range(0, total, chunk)]
    if threads <= 1 or len(bounds) <= 1:
        return [_told(work(start, stop), done, stop / total) for start, stop in bounds]
    with ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(work, start, stop) for start, stop in bounds]
        try:
            return [_told(future.result(), done, stop / total) for future, (_, stop) in zip(futures, bounds, strict=True)]
        finally:
            for future in futures:
                future.cancel()


def for_each(work: Callable[[S], T], things: Sequence[S], threads: int) -> list[T]:
    """Call work on each thing and return the results in order."""
    return for_chunks(lambda start, _stop: work(things[start]), len(things), threads=threads, chunk=1)


def _told(value: T, done: Callable[[float], None] | None, fraction: float) -> T:
    if done is not None:
        done(fraction)
    return value
