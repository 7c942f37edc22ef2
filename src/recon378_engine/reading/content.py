"""What a format hands over: typed columns and the batches of their records."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from recon378_engine.reading.values.convert import Batch
from recon378_engine.table import Column


class StartOver(Exception):
    """Later records showed that the plan was wrong; read `batches` again from the first, with the columns of the new plan."""


@dataclass(slots=True)
class Content:
    """`columns` may change after StartOver; `batches` yields typed records in file order and can be called again."""

    columns: tuple[Column, ...]
    batches: Callable[[], Iterator[Batch]]


def content_of(columns: Sequence[Column], frame: pl.DataFrame, rows: Sequence[int] | None = None) -> Content:
    """Content that fits into memory as one batch."""
    numbers = pl.Series(range(frame.height) if rows is None else rows, dtype=pl.UInt32)
    return Content(tuple(columns), lambda: iter([Batch(frame, numbers)]))
