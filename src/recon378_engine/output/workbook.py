"""report.xlsx: a summary tied to its sheets by formulas, and every record with what became of it.

The frame of the workbook (summary, headings, formats) is made by xlsxwriter; the many rows are put into its sheets as XML
built by polars, which is about twenty times faster than cell by cell. Text stands as inline strings, which no program ever
reads as formulas.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import xlsxwriter

from recon378_engine.output.records import shown
from recon378_engine.output.summary_sheet import write_summary
from recon378_engine.result import ExceptionType, Result, Side
from recon378_engine.table import Table

SHEET_ROWS_MAX = 1_048_576 - 1  # Excel's limit, less the heading
CELL_CHARACTERS_MAX = 32_000
CHUNK_ROWS = 50_000
MEMBER_COLUMNS = ("match", "side", "row", "id", "date", "amount", "currency", "words", "confidence", "method", "reason")
OPEN_COLUMNS = ("row", "id", "date", "amount", "currency", "words", "type", "reason", "best_rival_row", "best_confidence")
REJECTED_COLUMNS = ("side", "row", "reason")
_WIDTHS = {"words": 44, "reason": 60, "id": 22, "date": 12, "amount": 14, "type": 20}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of the workbook; `parts` are its sheets of at most SHEET_ROWS_MAX rows, the first of which always exists."""

    title: str
    frame: pl.DataFrame
    rows_max: int = SHEET_ROWS_MAX

    @property
    def parts(self) -> list[tuple[str, pl.DataFrame]]:
        starts = range(0, max(1, self.frame.height), self.rows_max)
        return [
            (self.title if not number else f"{self.title} {number + 1}", self.frame[start : start + self.rows_max])
            for number, start in enumerate(starts)
        ]


def write_workbook(
    result: Result, left: Table, right: Table, ids: dict[Side, pl.DataFrame], path: Path, *, sheet_rows_max: int = SHEET_ROWS_MAX
) -> None:
    """Write the workbook; `left` and `right` have their roles."""
    sheets = _sheets(result, {Side.LEFT: shown(left, ids[Side.LEFT]), Side.RIGHT: shown(right, ids[Side.RIGHT])}, sheet_rows_max)
    skeleton = io.BytesIO()
    book = xlsxwriter.Workbook(skeleton, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    write_summary(book, result, {sheet.title: [name for name, _ in sheet.parts] for sheet in sheets})
    heading = book.add_format({"bold": True, "bottom": 1})
    for sheet in sheets:
        for name, part in sheet.parts:
            page = book.add_worksheet(name)
            page.freeze_panes(1, 0)
            for place, column in enumerate(part.columns):
                page.set_column(place, place, _WIDTHS.get(column, 13))
                page.write_string(0, place, column.replace("_", " "), heading)
            page.autofilter(0, 0, part.height, len(part.columns) - 1)
    book.close()
    _fill(skeleton, [part for sheet in sheets for _, part in sheet.parts], path)


def _sheets(result: Result, records: dict[Side, pl.DataFrame], rows_max: int) -> list[Sheet]:
    known = pl.concat([records[side].with_columns(side=pl.lit(side.value)) for side in Side], how="vertical_relaxed")
    members = result.items.join(known, on=["side", "row"], how="left")
    members = members.join(result.matches.select("match_id", "status", "confidence", "method", "reason"), on="match_id")
    members = members.sort("match_id", "side", "row").rename({"match_id": "match"})
    invalid = pl.col("type") == ExceptionType.INVALID_ROW
    open_rows = result.exceptions.join(known, on=["side", "row"], how="left").sort("side", "row")
    return [
        Sheet("Matched", members.filter(pl.col("status") == "confirmed").select(MEMBER_COLUMNS), rows_max),
        Sheet("Suggested", members.filter(pl.col("status") == "suggested").select(MEMBER_COLUMNS), rows_max),
        Sheet("Exceptions left", open_rows.filter((pl.col("side") == Side.LEFT) & ~invalid).select(OPEN_COLUMNS), rows_max),
        Sheet("Exceptions right", open_rows.filter((pl.col("side") == Side.RIGHT) & ~invalid).select(OPEN_COLUMNS), rows_max),
        Sheet("Rejected", open_rows.filter(invalid).select(REJECTED_COLUMNS), rows_max),
    ]


def _fill(skeleton: io.BytesIO, frames: list[pl.DataFrame], path: Path) -> None:
    """Copy the skeleton to `path`, with the rows of each frame after the heading of its sheet (the summary is sheet 1)."""
    rows_of = {f"xl/worksheets/sheet{number}.xml": frame for number, frame in enumerate(frames, start=2)}
    with zipfile.ZipFile(skeleton) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name in source.namelist():
            content = source.read(name)
            if name not in rows_of:
                target.writestr(name, content)
                continue
            before, mark, after = content.partition(b"</sheetData>")
            with target.open(name, "w", force_zip64=True) as sheet:
                sheet.write(before)
                for chunk in _xml_rows(rows_of[name]):
                    sheet.write(chunk)
                sheet.write(mark + after)


def _xml_rows(frame: pl.DataFrame) -> Iterator[bytes]:
    for start in range(0, frame.height, CHUNK_ROWS):
        part = frame[start : start + CHUNK_ROWS].with_row_index("line", offset=start + 2)
        cells = [_cell(name, place, frame.schema[name]) for place, name in enumerate(frame.columns)]
        row = pl.concat_str([pl.format('<row r="{}">', "line"), *cells, pl.lit("</row>")])
        yield "".join(part.select(row).to_series().to_list()).encode()


def _cell(name: str, place: int, kind: pl.DataType) -> pl.Expr:
    """A column as cells: numbers as numbers, everything else as inline text; a null leaves no cell."""
    letter = pl.lit(f'<c r="{chr(ord("A") + place)}') + pl.col("line").cast(pl.String)
    if kind.is_numeric():
        cell = letter + '"><v>' + pl.col(name).cast(pl.String) + "</v></c>"
    else:
        text = (
            pl.col(name)
            .cast(pl.String)
            .str.head(CELL_CHARACTERS_MAX)
            .str.replace_all("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "")
        )
        text = (
            text.str.replace_all("&", "&amp;", literal=True)
            .str.replace_all("<", "&lt;", literal=True)
            .str.replace_all(">", "&gt;", literal=True)
        )
        cell = letter + '" t="inlineStr"><is><t xml:space="preserve">' + text + "</t></is></c>"
    return cell.fill_null("")
