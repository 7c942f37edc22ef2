"""What the child leaves behind: the dataset, its rows as JSON lines, the bad rows and the inspection."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BufferedWriter
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from recon378_engine.dataset import ROW_COLUMN, load_table, write_frames, write_meaning
from recon378_engine.errors import BadFile
from recon378_engine.reading.contained import DATASET, INSPECTION, ROW_ERRORS, ROWS
from recon378_engine.reading.content import Content
from recon378_engine.reading.inspection import QUESTION, Inspection, SeenColumn
from recon378_engine.reading.limits import Limits
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.reader import batches_of, open_content, refusal, result, with_roles
from recon378_engine.reading.rows import plain_rows
from recon378_engine.reading.values.convert import Batch
from recon378_engine.table import Column

ROWS_AT_ONCE = 1 << 17
ROLE_ROWS = 50_000
_LINE_ENDS = (("\u0085".encode(), b"\\u0085"), ("\u2028".encode(), b"\\u2028"), ("\u2029".encode(), b"\\u2029"))


def deliver(order: dict[str, Any]) -> None:
    """Read the ordered file and write the results into its folder."""
    path, folder = Path(order["path"]), Path(order["out_dir"])
    notes = Notes(order["answers"], Limits(**order["limits"]))
    try:
        source, content = open_content(path, notes)
        inspection = _store(folder, content, notes, source.sha256, path.name)
    except BadFile as error:
        _remove(folder)
        inspection = refusal(error, notes)
    if inspection.status == QUESTION:
        _remove(folder)
    elif inspection.error is None:
        inspection = _finish(folder, inspection, order)
    with (folder / ROW_ERRORS).open("wb") as file:
        file.writelines(
            _line({"line": bad.line, "row": bad.row, "reason": bad.reason, "raw": bad.raw}) for bad in inspection.row_errors
        )
    (folder / INSPECTION).write_text(inspection.to_json(), encoding="utf-8")


def _store(folder: Path, content: Content, notes: Notes, sha256: str, name: str) -> Inspection:
    """Stream all batches into the dataset, beginning again when the plan changes."""
    target = folder / DATASET
    stream = batches_of(content)
    finished = False
    while not finished:
        tally = _Tally(notes.limits.preview_rows)
        frames = tally.counted(stream)
        write_frames(target, content.columns, frames)
        finished = not tally.interrupted
    refused = sorted(error.row for error in notes.row_errors)
    write_meaning(target, content.columns, refused, name, sha256)
    return result(notes, content.columns, tally.rows, tally.preview, sha256)


class _Tally:
    """Counts what passes on its way to the disk."""

    def __init__(self, preview_rows: int) -> None:
        self.rows = 0
        self.preview = pl.DataFrame()
        self.preview_rows = preview_rows
        self.interrupted = False

    def counted(self, stream: Iterator[Batch | None]) -> Iterator[pl.DataFrame]:
        for batch in stream:
            if batch is None:
                self.interrupted = True
                return
            if not self.rows:
                self.preview = batch.frame.head(self.preview_rows)
            self.rows += batch.frame.height
            yield batch.frame.with_columns(batch.rows.alias(ROW_COLUMN))


def _finish(folder: Path, inspection: Inspection, order: dict[str, Any]) -> Inspection:
    """Give the stored dataset its roles, and write or drop what was ordered."""
    target = folder / DATASET
    table = load_table(target, rows_max=ROLE_ROWS)
    table = with_roles(table) if table.columns else table
    write_meaning(target, table.columns, table.rejected_rows, table.source, table.sha256)
    if order["write_rows"]:
        with (folder / ROWS).open("wb") as file:
            _write_rows(file, target, table.columns, inspection.rows)
    if not order["write_dataset"]:
        target.unlink()
        target.with_suffix(".json").unlink()
    return replace(
        inspection, columns=tuple(SeenColumn(column.name, column.type, column.role, column.scale) for column in table.columns)
    )


def _write_rows(file: BufferedWriter, target: Path, columns: Sequence[Column], height: int) -> None:
    lazy = pl.scan_ipc(target)
    for start in range(0, height, ROWS_AT_ONCE):
        part = lazy.slice(start, ROWS_AT_ONCE).collect()
        file.writelines(_line(row) for row in plain_rows(part, columns))


def _line(record: dict[str, Any]) -> bytes:
    """One JSON line; line ends of other scripts are escaped, because many readers split at them."""
    written = orjson.dumps(record)
    for sign, escape in _LINE_ENDS:
        written = written.replace(sign, escape)
    return written + b"\n"


def _remove(folder: Path) -> None:
    for name in (DATASET, ROWS, str(Path(DATASET).with_suffix(".json"))):
        (folder / name).unlink(missing_ok=True)
