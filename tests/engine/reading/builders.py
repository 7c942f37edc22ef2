"""Files for the tests of reading, made on the spot."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import polars as pl

from recon378_engine.reading import Inspection, Limits, inspect
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.reader import batches_of, open_content
from recon378_engine.reading.rows import plain_rows

STATEMENT = """:20:START
:25:DE89370400440532013000
:28C:{number}/1
:60F:C240101EUR{opening}
{entries}:62F:C240131EUR{closing}
-
"""


def write(folder: Path, text: str | bytes, name: str = "file.csv", encoding: str = "utf-8") -> Path:
    """Write a text or bytes as a file."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def typed(path: Path, **answers: str) -> tuple[Inspection, list[dict[str, Any]]]:
    """The inspection of a file and its records as plain values."""
    notes = Notes(answers, Limits())
    seen = inspect(path, answers=answers)
    if not seen.status.startswith("accepted"):
        return seen, []
    _, content = open_content(path, notes)
    frames: list[pl.DataFrame] = []
    for batch in batches_of(content):
        frames = [] if batch is None else [*frames, batch.frame]
    return seen, [row for frame in frames for row in plain_rows(frame, content.columns)]


def column(rows: list[dict[str, Any]], name: str) -> list[Any]:
    return [row[name] for row in rows]


def workbook(folder: Path, *sheets: list[list[Any]], name: str = "file.xlsx") -> Path:
    """An XLSX file with one sheet for each table of cells."""
    import xlsxwriter

    path = folder / name
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        for cells in sheets:
            sheet = book.add_worksheet()
            for row, values in enumerate(cells):
                sheet.write_row(row, 0, values)
    return path


def raw_workbook(folder: Path, sheet_xml: str, **parts: str | bytes) -> Path:
    """A minimal XLSX whose sheet is the given XML; `parts` replace or add parts, with __ for a slash in their names."""
    content: dict[str, str | bytes] = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<?xml version="1.0"?><Relationships'
        ' xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{sheet_xml}</sheetData></worksheet>",
    }
    content |= {name.replace("__", "/").replace("_dot_", "."): part for name, part in parts.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return write(folder, buffer.getvalue(), "raw.xlsx")


def camt(entries: str, opening: str = "1000.00", closing: str = "1429.56", count: int = 1) -> str:
    """A camt.053 document around entries."""

    def balance(code: str, amount: str) -> str:
        return (
            f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
            "<Dt><Dt>2024-01-31</Dt></Dt></Bal>"
        )

    return (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
        "<GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt><Id>S1</Id><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{balance('OPBD', opening)}{balance('CLBD', closing)}"
        f"<TxsSummry><TtlNtries><NbOfNtries>{count}</NbOfNtries></TtlNtries></TxsSummry>{entries}</Stmt></BkToCstmrStmt></Document>"
    )


def lines(rows: list[dict[str, Any]]) -> str:
    return "\n".join(json.dumps(row) for row in rows) + "\n"
