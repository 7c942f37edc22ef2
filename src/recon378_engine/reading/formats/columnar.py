"""Parquet and Arrow files: columns come with types, which are kept; floats become decimals by their shortest digits."""

from collections.abc import Iterator
from decimal import Decimal

import polars as pl

from recon378_engine.errors import BadFile
from recon378_engine.reading.content import Content
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.raw.source import Source
from recon378_engine.reading.tabular import Tabular
from recon378_engine.reading.values.cells import Cells

NAME = "parquet"
PARQUET, ARROW = b"PAR1", b"ARROW1"
BATCH_ROWS = 100_000


def recognises(source: Source) -> bool:
    """The magic bytes of Parquet and of Arrow IPC files."""
    return source.head.startswith((PARQUET, ARROW))


def read(source: Source, notes: Notes) -> Content:
    """Read all columns that hold plain values. Raises BadFile for damaged files."""
    if source.wrapping:
        raise BadFile(f"The {source.wrapping} holds a Parquet or Arrow file; give the file itself.")
    arrow = source.head.startswith(ARROW)
    notes.format = "arrow" if arrow else "parquet"
    try:
        lazy = pl.scan_ipc(source.path) if arrow else pl.scan_parquet(source.path)
        schema = lazy.collect_schema()
        height = int(lazy.select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise BadFile(f"The {notes.format} file is damaged ({str(error).splitlines()[0][:100]}).") from error
    plain = [name for name, kind in schema.items() if not kind.is_nested() and kind not in (pl.Binary, pl.Object)]
    left_out = [name for name in schema if name not in plain]
    if left_out:
        notes.warn(f"Columns that hold lists or bytes were left out: {', '.join(left_out[:10])}.")
    if not plain or len(plain) > notes.limits.columns_max:
        raise BadFile(
            f"The file has {len(plain):,} columns of plain values; between 1 and {notes.limits.columns_max:,} can be read."
        )
    native = frozenset(index for index, name in enumerate(plain) if schema[name].is_numeric())
    return Tabular(plain, lambda: _batches(lazy, plain, schema, height), native, notes).read()


def _batches(lazy: pl.LazyFrame, names: list[str], schema: pl.Schema, height: int) -> Iterator[Cells]:
    for start in range(0, height, BATCH_ROWS):
        try:
            part = lazy.select(names).slice(start, BATCH_ROWS).collect()
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            raise BadFile(f"The file is damaged behind row {start:,} ({str(error).splitlines()[0][:100]}).") from error
        texts = part.select(_text(name, schema[name]).alias(str(index)) for index, name in enumerate(names))
        rows = pl.Series(range(start, start + part.height), dtype=pl.UInt32)
        yield Cells(texts, rows + 1, rows)


def _text(name: str, kind: pl.DataType) -> pl.Expr:
    """A column as the text that the inference reads."""
    value = pl.col(name)
    if isinstance(kind, pl.Datetime):
        return value.dt.to_string("%Y-%m-%dT%H:%M:%S%.f").str.strip_suffix("T00:00:00")
    if kind.is_temporal():
        return value.dt.to_string("iso")
    if kind.is_float():
        return value.fill_nan(None).cast(pl.Float64).map_elements(_shortest, return_dtype=pl.String)
    return value.cast(pl.String)


def _shortest(value: float) -> str:
    """The shortest digits that give this float, without exponent."""
    return format(Decimal(repr(value)), "f").removesuffix(".0")
