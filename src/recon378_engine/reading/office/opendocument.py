"""Error cells and extent of the sheets of ODS workbooks, where a row or cell can stand for a million equal ones."""

from dataclasses import dataclass, field
from xml.parsers import expat

from recon378_engine.errors import BadFile
from recon378_engine.reading.office.biff import Errors

TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
EXTENDED = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
ERRORS_MAX = 100_000
_CELLS = (f"{TABLE} table-cell", f"{TABLE} covered-table-cell")


@dataclass(slots=True)
class OpenSheet:
    """Errors by row (from 1) and column (from 0), and the last row and column that hold a value, counted from 1."""

    errors: Errors = field(default_factory=dict)
    last_row: int = 0
    last_column: int = 0


def look_at(content: bytes) -> dict[str, OpenSheet]:
    """What each sheet of content.xml holds. Raises BadFile where it is not well formed: calamine may never end there."""
    looker = _Looker()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = looker.start, looker.end
    parser.CharacterDataHandler = looker.characters
    parser.buffer_text = True
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise BadFile(f"The workbook is damaged: line {error.lineno} of its content is not well formed.") from error
    except (LookupError, ValueError) as error:
        raise BadFile("The workbook is damaged: its content has an unknown encoding.") from error
    return looker.sheets


class _Looker:
    """Where the reading stands: sheet, row, column, and the cell that is open."""

    def __init__(self) -> None:
        self.sheets: dict[str, OpenSheet] = {}
        self.sheet = OpenSheet()
        self.row = self.column = self.rows = self.columns = 0
        self.is_error = self.filled = False
        self.found: dict[int, str] = {}
        self.words: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in _CELLS:
            self.columns = _count(attributes, "number-columns-repeated")
            self.is_error = attributes.get(f"{EXTENDED} value-type") == "error"
            self.words = [] if self.is_error else None
            if f"{OFFICE} value-type" in attributes:
                self.filled = True
                self.sheet.last_column = max(self.sheet.last_column, self.column + self.columns)
        elif name == f"{TABLE} table-row":
            self.rows, self.column, self.filled, self.found = _count(attributes, "number-rows-repeated"), 0, False, {}
        elif name == f"{TABLE} table":
            self.sheet = self.sheets.setdefault(attributes.get(f"{TABLE} name", ""), OpenSheet())
            self.row = 0

    def characters(self, text: str) -> None:
        if self.words is not None:
            self.words.append(text)

    def end(self, name: str) -> None:
        if name in _CELLS:
            if self.is_error:
                self.found[self.column] = "".join(self.words or []).strip() or "#ERROR"
            self.column += self.columns
            self.words = None
        elif name == f"{TABLE} table-row":
            if self.filled:
                self.sheet.last_row = self.row + self.rows
            room = ERRORS_MAX - len(self.sheet.errors) if self.found else 0
            for row in range(self.row + 1, self.row + 1 + min(self.rows, room)):
                self.sheet.errors[row] = self.found
            self.row += self.rows


def _count(attributes: dict[str, str], name: str) -> int:
    written = attributes.get(f"{TABLE} {name}", "1")
    return int(written) if written.isdigit() and len(written) < 12 else 1
