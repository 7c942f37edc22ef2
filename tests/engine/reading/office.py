"""Old and foreign workbooks for the tests of reading, built byte by byte: XLS in its compound file, XLSB and ODS."""

import io
import struct
import zipfile
from pathlib import Path

from .builders import write

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = "".join(
    f' xmlns:{name}="{uri}"'
    for name, uri in {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
    }.items()
)
SECTOR = 512
END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


class Failed(str):
    """An error cell, such as Failed("#DIV/0!")."""

    __slots__ = ()


Cell = str | float | Failed
CODES = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42}


def ods(folder: Path, *rows: list[Cell], raw: str = "") -> Path:
    """An ODS workbook with one sheet; `raw` rows of XML stand behind the others."""

    def cell(value: Cell) -> str:
        match value:
            case Failed():
                kind = 'office:value-type="string" office:string-value="" calcext:value-type="error"'
            case str():
                kind = 'office:value-type="string"'
            case _:
                kind = f'office:value-type="float" office:value="{value}"'
        return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows) + raw
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{_SPACES}><office:body><office:spreadsheet>'
        f'<table:table table:name="S">{body}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/></manifest:manifest>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {"mimetype": ODS_TYPE, "META-INF/manifest.xml": manifest, "content.xml": content}.items():
            archive.writestr(name, part)
    return write(folder, buffer.getvalue(), "file.ods")


def xls(folder: Path, *rows: list[Cell]) -> Path:
    """An XLS workbook of BIFF8 in a compound file."""
    return write(folder, compound(biff(*rows)), "file.xls")


def biff(*rows: list[Cell]) -> bytes:
    """The stream of a workbook: globals with one sheet, and its cells."""

    def record(kind: int, content: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    def cell(row: int, column: int, value: Cell) -> bytes:
        place = struct.pack("<HHH", row, column, 0)
        match value:
            case Failed():
                return record(0x0205, place + bytes((CODES[value], 1)))
            case str():
                return record(0x0204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
            case _:
                return record(0x0203, place + struct.pack("<d", value))

    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    name = "S"
    globals_bytes = 4 + len(begin) + 4 + 8 + len(name) + 4
    bound = struct.pack("<IBBBB", globals_bytes, 0, 0, len(name), 0) + name.encode()
    sheet = b"".join(cell(row, column, value) for row, values in enumerate(rows) for column, value in enumerate(values))
    begin_sheet = struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6)
    return record(0x0809, begin) + record(0x0085, bound) + record(0x000A) + record(0x0809, begin_sheet) + sheet + record(0x000A)


def compound(stream: bytes, name: str = "Workbook") -> bytes:
    """A compound file with one stream, long enough to lie in sectors of its own."""
    stream = stream.ljust(4096, b"\0")
    count = -(-len(stream) // SECTOR)
    table = [TABLE, END, *range(3, 2 + count), END]
    table += [FREE] * (SECTOR // 4 - len(table))

    def entry(name: str, kind: int, first: int, size: int, child: int = FREE) -> bytes:
        label = (name + "\0").encode("utf-16-le")
        links = struct.pack("<III", FREE, FREE, child)
        return (
            label.ljust(64, b"\0")
            + struct.pack("<HBB", len(label), kind, 1)
            + links
            + bytes(36)
            + struct.pack("<III", first, size, 0)
        )

    directory = entry("Root Entry", 5, END, 0, child=1) + entry(name, 2, 2, len(stream)) + bytes(256)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<109I", 0, *[FREE] * 108)
    return header + struct.pack(f"<{len(table)}I", *table) + directory + stream.ljust(count * SECTOR, b"\0")


def xlsb(folder: Path, *rows: list[Cell]) -> Path:
    """An XLSB workbook with one sheet."""

    def record(kind: int, content: bytes = b"") -> bytes:
        number = bytes((kind,)) if kind < 0x80 else bytes((kind & 0x7F | 0x80, kind >> 7))
        return number + bytes((len(content) & 0x7F | 0x80, len(content) >> 7)) + content

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    def cell(column: int, value: Cell) -> bytes:
        place = struct.pack("<II", column, 0)
        match value:
            case Failed():
                return record(3, place + bytes((CODES[value],)))
            case str():
                return record(6, place + wide(value))
            case _:
                return record(5, place + struct.pack("<d", value))

    lines = [
        record(0, struct.pack("<I", row) + bytes(13)) + b"".join(map(cell, range(9), values)) for row, values in enumerate(rows)
    ]
    extent = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    sheet = record(129) + record(148, extent) + record(145) + b"".join(lines) + record(146) + record(130)
    book = (
        record(131) + record(143) + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("S")) + record(144) + record(132)
    )
    relations = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}"/>'
        "</Relationships>"
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": relations.format("r1", "officeDocument", "xl/workbook.bin"),
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": relations.format("rId1", "worksheet", "worksheets/sheet1.bin"),
        "xl/worksheets/sheet1.bin": sheet,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return write(folder, buffer.getvalue(), "file.xlsb")
