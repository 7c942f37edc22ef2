"""The way of a file through the importer: open, recognise, read, look at the result."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from recon378_engine.dataset import schema_of
from recon378_engine.errors import BadFile
from recon378_engine.reading.content import Content, StartOver
from recon378_engine.reading.formats import format_of
from recon378_engine.reading.inspection import (
    ACCEPTED,
    ACCEPTED_WITH_ERRORS,
    QUESTION,
    Inspection,
    QuestionOpen,
    SeenColumn,
    rejected,
)
from recon378_engine.reading.limits import Limits
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.raw.source import Source, open_source
from recon378_engine.reading.rows import plain_rows
from recon378_engine.reading.values.convert import Batch
from recon378_engine.table import Column, Table


def open_content(path: Path, notes: Notes) -> tuple[Source, Content]:
    """Recognise a file and plan its reading; records are not read yet beyond a sample."""
    source = open_source(path, notes.limits)
    kind = format_of(source)
    notes.format = kind.NAME
    content = kind.read(source, notes)
    for key in sorted(set(notes.answers) - notes.used):
        if notes.questions == [] and key not in notes.used:
            notes.warn(f"The answer {key}={notes.answers[key]} was not needed.")
    return source, content


def batches_of(content: Content) -> Iterator[Batch | None]:
    """All batches in file order; None means: throw away what came so far, the reading starts over."""
    while True:
        try:
            yield from content.batches()
            return
        except StartOver:
            yield None


def inspect_here(path: Path, answers: Mapping[str, str], limits: Limits) -> Inspection:
    """Inspect in this process; `contained` does the same in a child with limits."""
    notes = Notes(answers, limits)
    try:
        source, content = open_content(path, notes)
        preview: list[pl.DataFrame] = []
        rows = 0
        for batch in batches_of(content):
            if batch is None:
                preview, rows = [], 0
                continue
            preview = preview or [batch.frame.head(limits.preview_rows)]
            rows += batch.frame.height
    except BadFile as error:
        return refusal(error, notes)
    return result(notes, content.columns, rows, preview[0] if preview else pl.DataFrame(), source.sha256)


def refusal(error: BadFile, notes: Notes) -> Inspection:
    return rejected(
        str(error),
        format=notes.format,
        encoding=notes.encoding,
        delimiter=notes.delimiter,
        warnings=tuple(notes.warnings),
        row_errors=tuple(notes.row_errors),
        skipped=notes.skipped,
        rows_in_file=len(notes.row_errors) + notes.skipped,
    )


def result(notes: Notes, columns: tuple[Column, ...], rows: int, preview: pl.DataFrame, sha256: str) -> Inspection:
    """The inspection of a file that was read to its end."""
    status = QUESTION if notes.questions else ACCEPTED_WITH_ERRORS if notes.row_errors else ACCEPTED
    errors = sorted(notes.row_errors, key=lambda error: (error.line, error.row))
    shown: tuple[dict[str, Any], ...] = tuple(plain_rows(preview, columns)) if preview.width else ()
    return Inspection(
        status=status,
        format=notes.format,
        encoding=notes.encoding,
        delimiter=notes.delimiter,
        header_line=notes.header_line,
        columns=tuple(SeenColumn(column.name, column.type, column.role, column.scale) for column in columns),
        rows=rows,
        row_errors=tuple(errors),
        warnings=(*notes.warnings, *notes.blank_sentences()),
        questions=tuple(notes.questions),
        preview=shown,
        rows_in_file=rows + len(errors) + notes.skipped,
        skipped=notes.skipped,
        statements=tuple(notes.statements),
        sha256=sha256,
        header=notes.header,
        conventions=notes.conventions,
    )


def read_here(path: Path, answers: Mapping[str, str], limits: Limits) -> Table:
    """Read a whole file into memory. Raises BadFile, and QuestionOpen while a question is open."""
    notes = Notes(answers, limits)
    source, content = open_content(path, notes)
    batches: list[Batch] = []
    for batch in batches_of(content):
        if batch is None:
            batches.clear()
        else:
            batches.append(batch)
    if notes.questions:
        raise QuestionOpen(tuple(notes.questions))
    frame = pl.concat([batch.frame for batch in batches]) if batches else _empty_frame(content)
    rows = pl.concat([batch.rows for batch in batches]) if batches else pl.Series([], dtype=pl.UInt32)
    refused = tuple(sorted(error.row for error in notes.row_errors))
    return with_roles(Table(frame, content.columns, rows.alias("row"), refused, path.name, source.sha256))


def _empty_frame(content: Content) -> pl.DataFrame:
    """No records, but every column."""
    schema = schema_of(content.columns)
    return pl.DataFrame(schema={column.name: schema[column.name] for column in content.columns})


def with_roles(table: Table) -> Table:
    """The table with roles from `profiling`."""
    from recon378_engine.profiling.roles import assign_roles

    return assign_roles(table)
