"""A look through a workbook's archive before a parser allocates for it: sizes while inflating, entities, cell ranges."""

import html
import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field

from recon378_engine.errors import BadFile
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.office import binarysheet, opendocument
from recon378_engine.reading.office.biff import Errors, errors_of
from recon378_engine.reading.office.compound import stream_of
from recon378_engine.reading.raw.source import BLOCK_BYTES, Source

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ROW = re.compile(rb"<(?:\w+:)?row\b[^<>]*?\br\s*=\s*[\"'](\d{1,18})")
_CELL = re.compile(rb"<(?:\w+:)?c\b[^<>]*?\br\s*=\s*[\"']([A-Za-z]{1,9})(\d{1,18})")
_WIDE, _WIDER = re.compile(rb"r\s*=\s*[\"'][A-Za-z]{2}"), re.compile(rb"r\s*=\s*[\"'][A-Za-z]{3}")
_MISPLACED = re.compile(rb"<(?:\w+:)?c\b[^<>]*?\br\s*=\s*[\"'][A-Za-z]*(?:[A-Za-z]{10}|\d{8})")
_SHARED = re.compile(rb'<(?:\w+:)?c\b[^<>]*\bt="s"')
_FORMULA = re.compile(
    rb'<(?:\w+:)?c\b([^<>]*?\br="([A-Z]{1,3})(\d{1,7})"[^<>]*)>\s*<(?:\w+:)?f\b[^<>]*?(?:/>|>[^<]*</(?:\w+:)?f>)'
    rb"\s*(<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ERROR = re.compile(
    rb'<(?:\w+:)?c\b(?=[^<>]*\bt="e")[^<>]*?\br="([A-Z]{1,3})(\d{1,7})"[^<>]*>(?:\s*<(?:\w+:)?f\b[^<>]*?(?:/>|>[^<]*</(?:\w+:)?f>))?'
    rb"\s*<(?:\w+:)?v>([^<]{1,20})</"
)
_STYLED = re.compile(rb'<(?:\w+:)?c\b(?=[^<>]*\br="([A-Z]{1,3})(\d{1,7})")(?=[^<>]*\bs="(\d{1,6})")[^<>]*>')
_FORMAT = re.compile(rb'<(?:\w+:)?numFmt\b(?=[^<>]*\bnumFmtId="(\d+)")(?=[^<>]*\bformatCode="(0{2,40})")[^<>]*>')
_STYLES = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(rb'<(?:\w+:)?xf\b[^<>]*?\bnumFmtId="(\d+)"')
_SHEET_ENTRY = re.compile(rb'<(?:\w+:)?sheet\b[^<>]*?\bname="([^"]*)"[^<>]*?\br:id="([^"]*)"')
_SHEET_PART = re.compile(r"sheet[^/]*\.xml$")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^<>]*>")
_ATTRIBUTE = re.compile(rb'\b(Id|Target)="([^"]*)"')
COLUMNS_NARROW, COLUMNS_WIDE, COLUMNS_ALL = 26, 702, 16_384
ROWS_ALL = 1_048_576


@dataclass(slots=True)
class Package:
    """What the look through found: the kind of workbook, and per sheet the rows with formulas that were never computed."""

    kind: str
    looks: dict[str, "SheetLook"] = field(default_factory=dict)

    def uncomputed(self, sheet: str) -> dict[int, str]:
        """Row number → cell reference of the first formula without a value."""
        return self.looks[sheet].formulas if sheet in self.looks else {}

    def padded(self, sheet: str) -> dict[int, dict[int, int]]:
        """Row number → column number (from 0) → digits that the format of the cell shows, as in 00123."""
        return self.looks[sheet].padded if sheet in self.looks else {}

    def errors(self, sheet: str) -> Errors:
        """Row number → column number (from 0) → error such as #DIV/0!"""
        return self.looks[sheet].errors if sheet in self.looks else {}


def xls_package(source: Source) -> Package:
    """The errors of a workbook of Excel 97 or before, whether in a compound file or bare."""
    data = bytes(source.data)
    stream = stream_of(data, ("workbook", "book")) if data.startswith(OLE) else data
    return Package("xls", {name: SheetLook(errors=errors) for name, errors in errors_of(stream or b"").items()})


def open_package(source: Source, notes: Notes) -> Package:
    """Check every part of the archive. Raises BadFile for bombs, entities, damage, and files that are no workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(bytes(source.data)) if source.wrapping else source.path) as archive:
            kind = _kind(archive, notes)
            return _checked(archive, kind, source, notes)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as error:
        raise BadFile(f"The workbook is damaged ({str(error)[:80]}).") from error


def _kind(archive: zipfile.ZipFile, notes: Notes) -> str:
    names = archive.namelist()
    if len(names) > notes.limits.archive_entries_max:
        raise BadFile(f"The workbook has {len(names):,} parts; the limit is {notes.limits.archive_entries_max:,}.")
    if len(set(names)) < len(names):
        raise BadFile("The workbook has two parts of one name; save it again with a spreadsheet program.")
    if any(entry.flag_bits & 0x1 for entry in archive.infolist()):
        raise BadFile("The workbook is protected by a password; save it without one.")
    if "mimetype" in names and b"opendocument" in archive.open("mimetype").read(100):
        return _open_document(archive)
    if "xl/workbook.bin" in names:
        return "xlsb"
    lowered = {name.lower() for name in names}
    if "xl/workbook.xml" in lowered or any(re.fullmatch(r"xl/workbook\d*\.xml", name) for name in lowered):
        return "xlsx"
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise BadFile("The file is a text document or a presentation, not a table.")
    if any(name.lower().endswith("workbook.xml") for name in names):
        return "xlsx"
    raise BadFile("The file is an archive without a workbook inside.")


def _open_document(archive: zipfile.ZipFile) -> str:
    if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.open("META-INF/manifest.xml").read(
        BLOCK_BYTES
    ):
        raise BadFile("The workbook is protected by a password; save it without one.")
    return "ods"


def _checked(archive: zipfile.ZipFile, kind: str, source: Source, notes: Notes) -> Package:
    """Inflate every part, counting, and look into the XML ones."""
    limits = notes.limits
    allowed = min(limits.workbook_bytes_max, max(limits.inflate_free_bytes, source.size_bytes * limits.inflate_ratio_max))
    total = 0
    package = Package(kind)
    sheets = _sheet_parts(archive) if kind == "xlsx" else {}
    widths = _padding_styles(archive) if kind == "xlsx" else {}
    has_strings = any(name.lower().endswith("sharedstrings.xml") for name in archive.namelist())
    for entry in archive.infolist():
        is_sheet = entry.filename in sheets or _SHEET_PART.search(entry.filename.lower()) is not None
        window, sheet = b"", SheetLook(widths)
        with archive.open(entry) as stream:
            while block := stream.read(BLOCK_BYTES):
                total += len(block)
                if total > allowed:
                    raise BadFile(
                        f"The workbook unpacks to more than {allowed:,} bytes from {source.size_bytes:,}; this looks like a bomb."
                    )
                if not entry.filename.lower().endswith((".xml", ".rels")):
                    continue
                piece = window + block
                if b"<!" in piece and _DTD.search(piece):
                    raise BadFile(
                        "The workbook defines entities or a document type, which no spreadsheet program writes; it was refused."
                    )
                if is_sheet:
                    sheet.look(piece)
                window = piece[-512:]
        if is_sheet:
            sheet.judge(notes)
            if sheet.shared and not has_strings:
                raise BadFile("The workbook lost its shared strings, so its text cells cannot be read; save it again.")
            package.looks[sheets.get(entry.filename, "")] = sheet
    for name, found in _other_sheets(archive, kind).items():
        package.looks[name] = SheetLook(last_row=found.last_row, last_column=found.last_column, errors=found.errors)
        package.looks[name].judge(notes)
    return package


def _other_sheets(
    archive: zipfile.ZipFile, kind: str
) -> "dict[str, binarysheet.BinarySheet] | dict[str, opendocument.OpenSheet]":
    """The sheets of an XLSB or ODS workbook by name."""
    if kind == "ods" and "content.xml" in archive.namelist():
        return opendocument.look_at(archive.read("content.xml"))
    if kind != "xlsb":
        return {}
    names, targets = binarysheet.sheet_names(archive.read("xl/workbook.bin")), _targets(archive, "xl/_rels/workbook.bin.rels")
    parts = {name: targets.get(relation.encode(), "") for relation, name in names.items()}
    return {name: binarysheet.look_at(archive.read(part)) for name, part in parts.items() if part in archive.namelist()}


def _padding_styles(archive: zipfile.ZipFile) -> dict[int, int]:
    """Style number → digits of its format, for formats of zeros only."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    styles = archive.open("xl/styles.xml").read(8 * BLOCK_BYTES)
    formats = {int(number): len(code) for number, code in _FORMAT.findall(styles)}
    block = _STYLES.search(styles)
    if not formats or block is None:
        return {}
    used = [int(number) for number in _STYLE.findall(block.group())]
    return {index: formats[number] for index, number in enumerate(used) if number in formats}


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Part name → sheet name."""
    book = next((name for name in archive.namelist() if re.fullmatch(r"xl/workbook\d*\.xml", name.lower())), None)
    if book is None:
        return {}
    targets = _targets(archive, f"{book.rpartition('/')[0]}/_rels/{book.rpartition('/')[2]}.rels")
    entries = _SHEET_ENTRY.findall(archive.open(book).read(4 * BLOCK_BYTES))
    return {targets[key]: html.unescape(name.decode("utf-8", "replace")) for name, key in entries if key in targets}


def _targets(archive: zipfile.ZipFile, relations: str) -> dict[bytes, str]:
    """Id of a relation → the part it names."""
    targets: dict[bytes, str] = {}
    if relations in archive.namelist():
        for relation in _RELATION.findall(archive.open(relations).read(4 * BLOCK_BYTES)):
            found = dict(_ATTRIBUTE.findall(relation))
            target = found.get(b"Target", b"").decode("utf-8", "replace").lstrip("/")
            targets[found.get(b"Id", b"")] = target if target.startswith("xl/") else f"xl/{target}"
    return targets


@dataclass(slots=True)
class SheetLook:
    """What one sheet holds, seen piece by piece: bounds of its cells, formulas without a value, errors."""

    widths: dict[int, int] = field(default_factory=dict)
    last_row: int = 0
    columns: int = COLUMNS_NARROW
    last_column: int = 0
    shared: bool = False
    formulas: dict[int, str] = field(default_factory=dict)
    errors: Errors = field(default_factory=dict)
    padded: dict[int, dict[int, int]] = field(default_factory=dict)

    def look(self, piece: bytes) -> None:
        if _MISPLACED.search(piece):
            self.last_row = ROWS_ALL + 1
        rows = _ROW.findall(piece)
        if rows:
            self.last_row = max(self.last_row, max(map(int, rows)))
        if self.columns < COLUMNS_ALL and _WIDER.search(piece):
            self.columns = COLUMNS_ALL
        elif self.columns < COLUMNS_WIDE and _WIDE.search(piece):
            self.columns = COLUMNS_WIDE
        if self.columns > COLUMNS_NARROW or not rows:
            cells = _CELL.findall(piece)
            self.last_column = max(self.last_column, *map(_column_number, {column for column, _ in cells}), 0)
            self.last_row = max(self.last_row, *map(int, {row for _, row in cells}), 0)
        self.shared = self.shared or (b't="s"' in piece and _SHARED.search(piece) is not None)
        self._look_at_values(piece)

    def _look_at_values(self, piece: bytes) -> None:
        if b"<f" in piece or b":f" in piece:
            for attributes, column, row, empty in _FORMULA.findall(piece):
                if not (empty and b't="str"' in attributes):
                    self.formulas.setdefault(int(row), f"{column.decode()}{int(row)}")
        for column, row, style in _STYLED.findall(piece) if self.widths else ():
            if int(style) in self.widths:
                self.padded.setdefault(int(row), {})[_column_number(column) - 1] = self.widths[int(style)]
        if b't="e"' in piece:
            for column, row, text in _ERROR.findall(piece):
                self.errors.setdefault(int(row), {})[_column_number(column) - 1] = text.decode("utf-8", "replace")

    def judge(self, notes: Notes) -> None:
        columns = self.last_column or self.columns
        if columns > COLUMNS_ALL or self.last_row > ROWS_ALL:
            raise BadFile("A cell of the workbook lies outside of any spreadsheet; the file is damaged or hostile.")
        if self.last_row * columns > notes.limits.sheet_cells_max:
            raise BadFile(
                f"A sheet spans {self.last_row:,} × {columns:,} cells, above the limit of {notes.limits.sheet_cells_max:,}."
            )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
