"""CSV and its relatives: any delimiter, any encoding, lines before the header, totals behind the table."""

from dataclasses import replace

from recon378_engine.errors import BadFile
from recon378_engine.reading.content import Content
from recon378_engine.reading.delimited.blocks import Shape, cells_of_text, place_of_line
from recon378_engine.reading.delimited.dialect import find_dialect
from recon378_engine.reading.delimited.records import Record, parse_records
from recon378_engine.reading.layout import Layout, best_width, clean_names, find_layout, header_cells
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.raw.encoding import Text, read_text
from recon378_engine.reading.raw.source import Source
from recon378_engine.reading.tabular import Tabular, ask_names, refuse_no_table, refuse_prose

NAME = "csv"
SAMPLE_BYTES = 1 << 18
HEAD_RECORDS = 300
FEW_RECORDS = 3


def recognises(source: Source) -> bool:
    """Text that no other format claims."""
    return True


def read(source: Source, notes: Notes) -> Content:
    """Read a delimited text. Raises BadFile when it is empty, binary or no table."""
    if not source.size_bytes:
        raise BadFile("The file is empty.")
    text = read_text(source.data, notes)
    notes.encoding = text.encoding
    return read_delimited(text, notes)


def read_delimited(text: Text, notes: Notes) -> Content:
    """Read a text whose encoding is known."""
    sample = _sample(text)
    if not sample.strip("\r\n\t \x00\x1a"):
        raise BadFile("The file holds no data, only blank lines.")
    if "\n" not in sample and "\r" not in sample and sample.strip("\x85\u2028").count("\x85") + sample.count("\u2028"):
        raise BadFile("The lines end with NEL or LINE SEPARATOR signs; save the file with ordinary line ends.")
    dialect = find_dialect(sample, notes)
    notes.delimiter = dialect.delimiter
    records = [record for record in parse_records(sample, dialect, limit=HEAD_RECORDS) if not record.blank]
    head = [record for record in records if not record.fault]
    if not records:
        raise BadFile("The file holds no data, only empty records.")
    if not head:
        raise BadFile(f"Line {records[0].line}: {records[0].fault} No record could be read.", line=records[0].line)
    width = best_width([record.fields for record in head])
    head = _evened(head, width)
    if width > notes.limits.columns_max:
        raise BadFile(f"The file has {width:,} columns; the limit is {notes.limits.columns_max:,}.")
    layout = _layout(head, width, notes)
    names = clean_names(header_cells([record.fields for record in head], layout), width)
    start = _first_below(records, head, layout)
    shape = Shape(dialect, width, few=len(records) < FEW_RECORDS and layout.header is None)
    # a first record that is longer than the sample begins where the sample ends
    raw = bytes(text.data[text.start : text.start + SAMPLE_BYTES])
    offset = text.start + (place_of_line(raw, sample, start.offset) if start else len(sample.encode()))
    line = start.line if start else sample.count("\n") + 1
    refuse_prose([record.fields for record in head], width, layout)
    refuse_no_table(names, [record.fields for record in head[layout.first_data :]], layout)
    return Tabular(names, lambda: cells_of_text(text, offset, line, shape, notes), frozenset(), notes).read()


def _evened(head: list[Record], width: int) -> list[Record]:
    """The first records without the differences that a delimiter at the end of some lines makes."""
    empty = 0
    while empty < width - 1 and not any(
        record.fields[width - empty - 1 :][0].strip() for record in head if len(record.fields) == width
    ):
        empty += 1
    return [replace(record, fields=_even(record.fields, width, empty)) for record in head]


def _even(fields: list[str], width: int, empty: int) -> list[str]:
    """The values without empty ones beyond the width, or with those that are empty in all other records."""
    if not any(value.strip() for value in fields[width:]):
        fields = fields[:width]
    return [*fields, *[""] * (width - len(fields))] if width - empty <= len(fields) < width else fields


def _first_below(records: list[Record], head: list[Record], layout: Layout) -> Record | None:
    """The first record that is data, faulty ones included: what stands below the header is listed, never passed over."""
    if layout.first_data == 0:
        return records[0]
    above = head[layout.first_data - 1].line
    return next((record for record in records if record.line > above), None)


def _sample(text: Text) -> str:
    """The first whole lines of a text."""
    raw = bytes(text.data[text.start : text.start + SAMPLE_BYTES])
    if len(text.data) - text.start > SAMPLE_BYTES:
        cut = max(raw.rfind(b"\n"), raw.rfind(b"\r"))
        raw = raw[: cut + 1] if cut > 0 else raw
    return raw.decode("utf-8", "replace")


def _layout(head: list[Record], width: int, notes: Notes) -> Layout:
    """The layout found, or the one that a person chose; asks when transactions stand there without names."""
    fields = [record.fields for record in head]
    found = find_layout(fields, width)
    answer = notes.answer("header")
    if answer is not None:
        found = _chosen(answer, head, found)
    elif found.header is None and found.transactions and found.sure:
        ask_names(notes, head[found.first_data].line, len(head))
    elif found.header is None:
        notes.warn(f"No column names were found above line {head[found.first_data].line}; say header=LINE if a line holds them.")
    elif not found.sure:
        notes.warn(f"Line {head[found.header].line} was taken for the column names; say header=none if it is a record.")
    notes.header_line = head[found.header].line if found.header is not None else None
    if found.header is not None and found.header > 0:
        above = ", ".join(str(record.line) for record in head[: found.header][:10])
        notes.warn(f"The lines above the header (line {above}) are no records.")
    return found


def _chosen(answer: str, head: list[Record], found: Layout) -> Layout:
    if answer == "none":
        return Layout(None, 0 if found.header is None else found.header, sure=True)
    for index, record in enumerate(head):
        if str(record.line) == answer:
            return Layout(index, index + 1, sure=True)
    raise BadFile(f"'{answer}' is not a line with a record among the first {HEAD_RECORDS}; give its number, or none.")
