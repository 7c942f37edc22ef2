"""Datasets on disk: one uncompressed Arrow IPC file, and beside it a small JSON file with what its columns mean.

`NAME.arrow` holds the record columns and `ROW_COLUMN`; `NAME.json` holds name, type, role and scale of each column, the rows that
were rejected, and the source. `mapped` reads single rows of it without loading.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from recon378_engine.table import Column, ColumnType, Role, Table

ROW_COLUMN = "__row__"
RECORD_BATCH_ROWS = 1 << 17
_PLAIN: dict[ColumnType, pl.DataType] = {
    ColumnType.TEXT: pl.String(),
    ColumnType.IDENTIFIER: pl.String(),
    ColumnType.DATE: pl.Date(),
    ColumnType.DATETIME: pl.Datetime("us"),
    ColumnType.BOOLEAN: pl.Boolean(),
}


def schema_of(columns: Sequence[Column], floats: Collection[str] = ()) -> dict[str, pl.DataType]:
    """The polars schema of a dataset with these columns; a NUMBER is Int64, and Float64 where its name is in `floats`."""
    schema = {column.name: pl.Float64() if column.name in floats else _data_type(column) for column in columns}
    return {**schema, ROW_COLUMN: pl.UInt32()}


def _data_type(column: Column) -> pl.DataType:
    if column.type is ColumnType.AMOUNT:
        return pl.Decimal(38, column.scale)
    return _PLAIN.get(column.type, pl.Int64())


def save_table(table: Table, path: str | Path) -> None:
    """Write a table as a dataset; `path` ends in .arrow. Memory stays that of the table."""
    target = Path(path)
    table.frame.with_columns(table.rows.alias(ROW_COLUMN)).write_ipc(
        target, compression="uncompressed", record_batch_size=RECORD_BATCH_ROWS
    )
    floats = [name for name, kind in table.frame.schema.items() if kind.is_float()]
    write_meaning(target, table.columns, table.rejected_rows, table.source, table.sha256, floats)


def write_frames(path: Path, columns: Sequence[Column], frames: Iterator[pl.DataFrame]) -> None:
    """Write frames of one schema (record columns and ROW_COLUMN) one after the other, never holding more than a few of them."""

    def frames_on_demand(
        _with: list[str] | None, _where: pl.Expr | None, _rows: int | None, _batch: int | None
    ) -> Iterator[pl.DataFrame]:
        yield from frames

    lazy = register_io_source(frames_on_demand, schema=schema_of(columns))
    lazy.sink_ipc(path, compression="uncompressed", record_batch_size=RECORD_BATCH_ROWS)


def write_meaning(
    path: Path, columns: Sequence[Column], rejected_rows: Sequence[int], source: str, sha256: str, floats: Sequence[str] = ()
) -> None:
    """Write the JSON file beside a dataset."""
    meaning = {
        "columns": [{"name": column.name, "type": column.type, "role": column.role, "scale": column.scale} for column in columns],
        "rejected_rows": list(rejected_rows),
        "source": source,
        "sha256": sha256,
        "floats": list(floats),
    }
    path.with_suffix(".json").write_text(json.dumps(meaning, ensure_ascii=False), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A table that waits on disk until its turn comes, so that no copy of it waits in memory."""

    path: Path

    def load(self) -> Table:
        """Read it. Raises FileNotFoundError when a file is missing."""
        return load_table(self.path)


def loaded(table: Table | StoredTable) -> Table:
    """The table itself, read where it is stored."""
    return table.load() if isinstance(table, StoredTable) else table


def load_table(path: str | Path, *, rows_max: int | None = None) -> Table:
    """Read a dataset into memory, or its first `rows_max` records. Raises FileNotFoundError when a file is missing."""
    target = Path(path)
    meaning = json.loads(target.with_suffix(".json").read_text(encoding="utf-8"))
    frame = pl.read_ipc(target, n_rows=rows_max)
    columns = tuple(
        Column(item["name"], ColumnType(item["type"]), Role(item["role"]), item["scale"]) for item in meaning["columns"]
    )
    return Table(
        frame.drop(ROW_COLUMN),
        columns,
        frame[ROW_COLUMN].alias("row"),
        tuple(meaning["rejected_rows"]),
        meaning["source"],
        meaning["sha256"],
    )
