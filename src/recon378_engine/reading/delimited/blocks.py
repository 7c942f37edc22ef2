"""A delimited text as cells, block by block, so that a file of any size costs the memory of one block."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from recon378_engine.reading.delimited.fast import BlockIndex, index_block, parse_regular
from recon378_engine.reading.delimited.records import Dialect, Record, parse_block
from recon378_engine.reading.layout import is_remark, is_total
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.raw.encoding import Text
from recon378_engine.reading.raw.source import release
from recon378_engine.reading.values.cells import Cells, cells_of

BLOCK_BYTES = 4 << 20
SMALL_BYTES = 1 << 16
_LINE_END = re.compile(rb"[\r\n]")


@dataclass(frozen=True, slots=True)
class Shape:
    """How records look: dialect, number of values, and whether they are too few to trust a quote inside a plain value."""

    dialect: Dialect
    width: int
    few: bool = False


@dataclass(slots=True)
class _Cursor:
    """Where reading stands: place in the text, line and data row."""

    offset: int
    line: int
    row: int = 0


def cells_of_text(text: Text, offset: int, line: int, shape: Shape, notes: Notes) -> Iterator[Cells]:
    """Yield the cells of all records from `offset` (on `line`); faulty ones go to `notes`."""
    cursor = _Cursor(offset, line)
    end = len(text.data)
    while cursor.offset < end:
        size, start = BLOCK_BYTES, cursor.offset
        while True:
            block = bytes(text.data[cursor.offset : cursor.offset + size])
            final = cursor.offset + len(block) >= end
            cells = _block(block, final, cursor, text, shape, notes)
            if cells is not None:
                break
            size *= 2  # no whole record fits into the block
        release(text.data, start, cursor.offset)
        if cells.height:
            yield cells


def _block(block: bytes, final: bool, cursor: _Cursor, text: Text, shape: Shape, notes: Notes) -> Cells | None:
    """Cells of one block; moves the cursor behind its last whole record. None when the block holds no whole record."""
    plain = (
        len(shape.dialect.delimiter) == 1
        and shape.dialect.quote == '"'
        and not (shape.dialect.escape or shape.dialect.skip_blanks)
    )
    clean = not any(cursor.offset <= bad < cursor.offset + len(block) for bad in text.bad_offsets)
    if plain and clean and len(block) > SMALL_BYTES:
        index = index_block(block, shape.dialect.delimiter, final)
        cells = _regular(block, index, cursor, shape, notes) if index is not None else None
        if cells is not None:
            return cells
    return _patient(block, final, cursor, text, shape, notes)


def _regular(block: bytes, index: BlockIndex, cursor: _Cursor, shape: Shape, notes: Notes) -> Cells | None:
    """Cells of a clean block: regular records by polars, irregular ones one by one."""
    records = ~index.blank
    fits = index.delimiters == shape.width - 1
    short = index.ends - index.starts <= notes.limits.cell_bytes_max
    keep = records & fits & short
    odd = np.flatnonzero(records & ~keep)
    if len(odd) * 5 > len(keep) or (len(odd) and odd[-1] >= len(keep) - 10):
        return None  # irregular as a habit, or at the end where totals stand: patience finds out
    frame = parse_regular(block, index, keep, shape.dialect.delimiter, shape.width)
    if frame is None:
        return None
    rows = records | (index.delimiters > 0)  # a row of nothing but delimiters keeps its number
    numbers = cursor.row + np.cumsum(rows) - 1
    lines = cursor.line + index.lines
    placed = []
    for position in odd:
        piece = block[index.starts[position] : index.ends[position]].decode("utf-8", "replace")
        record = parse_block(piece, shape.dialect, int(lines[position]), final=True, limit=1).records[0]
        placed.append((record, int(numbers[position])))
    cells = Cells(frame, pl.Series(lines[keep].astype(np.uint32)), pl.Series(numbers[keep].astype(np.uint32)))
    cursor.offset += index.consumed
    cursor.line += index.lines_consumed
    cursor.row += int(rows.sum())
    notes.skipped += int(rows.sum() - records.sum())
    return _with_odd(cells, placed, shape, notes)


def _with_odd(cells: Cells, placed: list[tuple[Record, int]], shape: Shape, notes: Notes) -> Cells:
    """Add the irregular records that are sound after all, in file order; the others are refused."""
    good: list[tuple[list[str | None], int, int]] = []
    for record, row in placed:
        fields, fault = fitted(record, shape, notes)
        if fault:
            notes.refuse_row(record.line, row, fault, " | ".join(record.fields))
        else:
            good.append((fields, record.line, row))
    if not good:
        return cells
    extra = cells_of([fields for fields, _, _ in good], shape.width, [line for _, line, _ in good])
    rows = pl.concat([cells.rows, pl.Series([row for _, _, row in good], dtype=pl.UInt32)])
    order = rows.arg_sort()
    frame = pl.concat([cells.frame, extra.frame])
    return Cells(frame[order], pl.concat([cells.lines, extra.lines])[order], rows[order])


def fitted(record: Record, shape: Shape, notes: Notes) -> tuple[list[str | None], str]:
    """The values of a record, and the fault that keeps it out."""
    fields: list[str | None] = list(record.fields)
    if record.fault:
        return fields, record.fault
    if len(fields) > shape.width and not any(value and value.strip() for value in fields[shape.width :]):
        fields = fields[: shape.width]
    if len(fields) != shape.width:
        return fields, f"{len(record.fields)} values where {shape.width} columns are."
    longest = max((len(value or "") for value in fields), default=0)
    if longest > notes.limits.cell_bytes_max:
        return fields, f"A value of {longest:,} characters; the limit is {notes.limits.cell_bytes_max:,}."
    if any("\x00" in (value or "") for value in fields):
        return fields, "A NUL character stands in the record."
    if record.stray_quote and shape.few:
        return fields, "A quote stands inside a plain value, and too few records show whether that is text."
    return fields, ""


def _patient(block: bytes, final: bool, cursor: _Cursor, text: Text, shape: Shape, notes: Notes) -> Cells | None:
    """Cells of a block that is odd or small, record by record."""
    if not final:
        cut = max(block.rfind(b"\n"), block.rfind(b"\r", 0, len(block) - 1))
        block = block[: cut + 1]
    whole = block.decode("utf-8", "replace")
    parsed = parse_block(whole, shape.dialect, cursor.line, final=final)
    if not parsed.consumed:
        return None
    bad = _bad_lines(parsed.records, whole) if text.bad_offsets else set()
    cells = _gather(parsed.records, bad, cursor, shape, notes, final)
    cursor.offset += len(block) if parsed.consumed == len(whole) else place_of_line(block, whole, parsed.consumed)
    cursor.line = parsed.next_line
    return cells


def place_of_line(block: bytes, whole: str, characters: int) -> int:
    """The place in `block` of a character at the start of a line of its decoded text, found by counting line ends."""
    line_ends = whole.count("\n", 0, characters) + whole.count("\r", 0, characters)
    if not line_ends:
        return 0
    return next(itertools.islice(_LINE_END.finditer(block), line_ends - 1, None)).end()


def _bad_lines(records: list[Record], whole: str) -> set[int]:
    """Lines of the records that hold bytes which are no UTF-8."""
    ends = [record.offset for record in records[1:]] + [len(whole)]
    return {record.line for record, end in zip(records, ends, strict=True) if "\ufffd" in whole[record.offset : end]}


def _gather(records: list[Record], bad_lines: set[int], cursor: _Cursor, shape: Shape, notes: Notes, final: bool) -> Cells:
    good: list[list[str | None]] = []
    lines: list[int] = []
    rows: list[int] = []
    held: list[tuple[Record, int, str]] = []  # short totals and remarks: refused unless nothing follows
    for record in records:
        if record.blank or record.fields == ["\x1a"]:
            empty_row = len(record.fields) > 1  # nothing but delimiters: it keeps its number
            cursor.row += empty_row
            notes.skipped += empty_row
            continue
        row = cursor.row
        cursor.row += 1
        fields, fault = fitted(record, shape, notes)
        if record.line in bad_lines:
            fault = "The record holds bytes that are not UTF-8."
        if (
            fault
            and not record.fault
            and len(record.fields) < shape.width
            and (is_total(record.fields) or is_remark(record.fields, shape.width))
        ):
            held.append((record, row, fault))
            continue
        for late, late_row, late_fault in held:
            notes.refuse_row(late.line, late_row, late_fault, " | ".join(late.fields))
        held.clear()
        if fault:
            notes.refuse_row(record.line, row, fault, " | ".join(record.fields))
            continue
        good.append(fields)
        lines.append(record.line)
        rows.append(row)
    for record, row, fault in held:
        if final:
            good.append([*record.fields, *[None] * (shape.width - len(record.fields))])
            lines.append(record.line)
            rows.append(row)
        else:
            notes.refuse_row(record.line, row, fault, " | ".join(record.fields))
    cells = cells_of(good, shape.width, lines)
    return Cells(cells.frame, cells.lines, pl.Series(rows, dtype=pl.UInt32))
