"""CSV and its relatives: any delimiter, any encoding, lines before the header, totals behind the table."""

from collections.abc import Iterator

from recon378_engine.errors import BadFile
from recon378_engine.reading.cells import Cells, cells_of
from recon378_engine.reading.content import Content
from recon378_engine.reading.dialect import find_dialect
from recon378_engine.reading.encoding import Text, read_text
from recon378_engine.reading.layout import Layout, clean_names, find_layout, is_remark, is_total, width_of
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.records import Dialect, Record, parse_records
from recon378_engine.reading.source import Source
from recon378_engine.reading.tabular import Tabular, ask_names

NAME = "csv"
SAMPLE_CHARACTERS = 1 << 17
HEAD_RECORDS = 300
FEW_RECORDS = 3


def recognises(source: Source) -> bool:
    """Text that no other format claims."""
    return True


def read(source: Source, notes: Notes) -> Content:
    """Read a delimited text. Raises BadFile when it is empty, binary or no table."""
    if source.size_bytes == 0:
        raise BadFile("The file is empty.")
    text = read_text(source.data, notes)
    notes.encoding = text.encoding
    return read_delimited(text, notes)


def read_delimited(text: Text, notes: Notes) -> Content:
    """Read a text whose encoding is known."""
    whole = bytes(text.data[text.start :]).decode("utf-8", "replace")
    if not whole.strip("\r\n\t \x00\x1a"):
        raise BadFile("The file holds no data, only blank lines.")
    dialect = find_dialect(whole[:SAMPLE_CHARACTERS], notes)
    notes.delimiter = dialect.delimiter
    head = [
        record
        for record in parse_records(whole[:SAMPLE_CHARACTERS], dialect, limit=HEAD_RECORDS)
        if not record.blank and not record.fault
    ]
    if not head:
        raise BadFile("No record could be found in the file.")
    width = width_of([record.fields for record in head])
    if width > notes.limits.columns_max:
        raise BadFile(f"The file has {width:,} columns; the limit is {notes.limits.columns_max:,}.")
    layout = _layout(head, width, notes)
    first_line = head[layout.first_data].line if layout.first_data < len(head) else head[-1].line + 1
    header = head[layout.header] if layout.header is not None else None
    notes.header_line = header.line if header else None
    names = clean_names(header.fields if header else [], width)
    records = [record for record in parse_records(whole, dialect) if record.line >= first_line]
    cells = _cells(records, width, names, notes)
    return Tabular(names, lambda: iter([cells]), frozenset(), notes).read()


def _layout(head: list[Record], width: int, notes: Notes) -> Layout:
    return find_layout([record.fields for record in head], width)


def _cells(records: list[Record], width: int, names: tuple[str, ...], notes: Notes) -> Cells:
    good: list[list[str | None]] = []
    lines: list[int] = []
    for record in records:
        if record.blank or record.fault or len(record.fields) != width:
            continue
        good.append(list(record.fields))
        lines.append(record.line)
    return cells_of(good, width, lines)
