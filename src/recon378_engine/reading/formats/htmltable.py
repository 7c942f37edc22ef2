"""A table in HTML, which many bank portals and programs export under the name of a spreadsheet. Scripts in it are never run."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from recon378_engine.errors import BadFile
from recon378_engine.reading.content import Content
from recon378_engine.reading.layout import clean_names, find_layout, header_cells
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.raw.encoding import read_text
from recon378_engine.reading.raw.source import Source
from recon378_engine.reading.raw.xmlhead import xml_head
from recon378_engine.reading.tabular import Tabular
from recon378_engine.reading.values.cells import cells_of

NAME = "html"
_HTML = re.compile(r"(?:<!doctype html|<html|<table|<meta|<head|<body|<div)", re.IGNORECASE)
HEAD_RECORDS = 200


@dataclass(slots=True)
class _Grid:
    """Rows of one table with their lines."""

    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def recognises(source: Source) -> bool:
    """A file that begins as HTML or with a table."""
    head = xml_head(source.head)
    return head is not None and _HTML.match(head) is not None


def read(source: Source, notes: Notes) -> Content:
    """Read the largest table of the page. Raises BadFile when there is none."""
    text = read_text(source.data, notes)
    notes.encoding = text.encoding
    parser = _Tables()
    try:
        parser.feed(bytes(text.data[text.start :]).decode("utf-8", "replace"))
        parser.close()
    except (AssertionError, ValueError) as error:  # how the parser of the standard library gives up
        raise BadFile(f"The web page is damaged near line {parser.getpos()[0]}.") from error
    grid = max(parser.tables, key=lambda table: len(table.rows), default=_Grid())
    if not grid.rows:
        raise BadFile("The file is a web page without a table.")
    width = max(map(len, grid.rows))
    if width > notes.limits.columns_max:
        raise BadFile(f"The table has {width:,} columns; the limit is {notes.limits.columns_max:,}.")
    records = [[*row, *[""] * (width - len(row))] for row in grid.rows]
    layout = find_layout(records[:HEAD_RECORDS], width)
    names = clean_names(header_cells(records, layout), width)
    notes.header_line = grid.lines[layout.header] if layout.header is not None else None
    notes.warn("The file is a web page; its largest table was read.")
    cells = cells_of([list(record) for record in records[layout.first_data :]], width, grid.lines[layout.first_data :])
    return Tabular(names, lambda: iter([cells]), frozenset(), notes).read()


class _Tables(HTMLParser):
    """Collects the cells of all tables; a table inside a cell is read as text of that cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Grid] = []
        self.depth = 0
        self.cell: list[str] | None = None
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.tables.append(_Grid())
        elif tag in ("script", "style"):
            self.silent += 1
        elif tag == "tr" and self.depth == 1:
            self._end_cell()
            self.tables[-1].rows.append([])
            self.tables[-1].lines.append(self.getpos()[0])
        elif tag in ("td", "th") and self.depth == 1:
            self._end_cell()
            self.cell = []
        elif tag == "br" and self.cell is not None:
            self.cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table") and self.depth == 1:
            self._end_cell()
        if tag == "table":
            self.depth = max(0, self.depth - 1)
        elif tag in ("script", "style"):
            self.silent = max(0, self.silent - 1)

    def handle_data(self, data: str) -> None:
        if self.cell is not None and not self.silent:
            self.cell.append(data)

    def _end_cell(self) -> None:
        if self.cell is None:
            return
        if not self.tables[-1].rows:
            self.tables[-1].rows.append([])
            self.tables[-1].lines.append(self.getpos()[0])
        self.tables[-1].rows[-1].append("".join(self.cell).strip())
        self.cell = None
