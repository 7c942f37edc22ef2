"""Workbooks: typed cells, layout, sheets, and archives that are damaged or hostile."""

import gzip
import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from recon378_engine.reading import inspect, read_contained

from .builders import column, raw_workbook, typed, workbook, write

ROWS: list[list[Any]] = [["date", "text", "amount"], [date(2025, 1, 13), "a", -639318.72], [date(2025, 2, 28), "b", 0.1 + 0.2]]


def test_dates_and_amounts_are_exact(tmp_path: Path) -> None:
    seen, rows = typed(workbook(tmp_path, ROWS))
    assert (seen.status, seen.format) == ("accepted", "xlsx")
    assert column(rows, "date") == ["2025-01-13", "2025-02-28"]
    assert column(rows, "amount") == ["-639318.72", "0.30"]


def test_times_of_day_do_not_shift_the_day(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["date", "amount"], [datetime(2025, 1, 13, 23, 59, 59), 1], [datetime(2025, 1, 14, 0, 0, 1), 2]])
    assert column(typed(path)[1], "date") == ["2025-01-13", "2025-01-14"]


def test_rows_above_the_header_are_skipped(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["Bank Example"], [], ["Account", "DE89"], ["Period", "January"], *ROWS])
    seen, rows = typed(path)
    assert (seen.header_line, len(rows)) == (5, 2)


def test_the_table_like_sheet_is_read_and_others_are_named(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["Notes"], ["only words"]], ROWS)
    seen, rows = typed(path)
    assert len(rows) == 2
    assert any("'Sheet1' hold cells too" in warning for warning in seen.warnings)
    assert inspect(path, answers={"sheet": "Sheet1"}).status == "accepted"
    assert "no sheet 'X'" in (inspect(path, answers={"sheet": "X"}).error or "")


def test_error_cells_and_formulas_without_values_are_listed(tmp_path: Path) -> None:
    number = '<c r="A{0}"><v>{1}</v></c>'
    xml = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>amount</t></is></c><c r="B1" t="inlineStr"><is><t>text</t></is></c></row>'
        + "".join(f'<row r="{i}">{number.format(i, i)}<c r="B{i}" t="inlineStr"><is><t>x</t></is></c></row>' for i in range(2, 6))
        + '<row r="6"><c r="A6" t="e"><v>#DIV/0!</v></c></row><row r="7"><c r="A7"><f>1+1</f></c><c r="B7"><v>1</v></c></row>'
    )
    seen, rows = typed(raw_workbook(tmp_path, xml))
    assert sorted(error.line for error in seen.row_errors) == [6, 7]
    assert len(rows) == 4


@pytest.mark.parametrize(
    ("sheet", "sentence"),
    [
        ('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "cells"),
        ('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', "shared strings"),
        ('<row r="1"><c r="A1"><v>1</v></row>', "damaged"),
    ],
)
def test_damaged_and_hostile_sheets_are_refused(tmp_path: Path, sheet: str, sentence: str) -> None:
    seen = inspect(raw_workbook(tmp_path, sheet))
    assert seen.status == "rejected"
    assert sentence in (seen.error or "")


def test_entities_and_bombs_are_refused(tmp_path: Path) -> None:
    entity = raw_workbook(tmp_path, "", xl__theme_dot_xml='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    assert "entities" in (inspect(entity).error or "")
    bomb = raw_workbook(tmp_path, "", xl__media_dot_xml=b" " * 30_000_000)
    assert "bomb" in (inspect(bomb).error or "")
    many = raw_workbook(tmp_path, "", **{f"part{number}": "" for number in range(3_000)})
    assert "parts" in (inspect(many).error or "")


def test_a_truncated_or_empty_archive_is_refused(tmp_path: Path) -> None:
    whole = workbook(tmp_path, ROWS).read_bytes()
    assert inspect(write(tmp_path, whole[: len(whole) // 2], "cut.xlsx")).status == "rejected"
    assert inspect(write(tmp_path, b"PK\x05\x06" + b"\x00" * 18, "empty.xlsx")).status == "rejected"


def test_a_flipped_byte_is_noticed(tmp_path: Path) -> None:
    path = workbook(tmp_path, ROWS)
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    content = bytearray(path.read_bytes())
    content[info.header_offset + 30 + len(info.filename) + 40] ^= 0xFF
    assert inspect(write(tmp_path, bytes(content), "flipped.xlsx")).status == "rejected"


def test_cells_of_every_kind_become_text_first(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        [["date", "amount", "flag", "clock"], [date(2025, 1, 13), 1, True, time(10, 11)], [date(2025, 1, 14), 2, False, None]],
    )
    assert [tuple(row.values()) for row in typed(path)[1]] == [
        ("2025-01-13", "1", "TRUE", "10:11:00"),
        ("2025-01-14", "2", "FALSE", None),
    ]


def test_an_empty_workbook_says_so(tmp_path: Path) -> None:
    seen, rows = typed(workbook(tmp_path, []))
    assert (seen.status, rows, seen.warnings) == ("accepted", [], ("The workbook holds no cells.",))
    assert read_contained(tmp_path / "file.xlsx", tmp_path / "out").inspection.status == "accepted"


def test_a_header_row_can_be_chosen(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["a", "b"], [1, 2], [3, 4]])
    assert len(typed(path, header="none")[1]) == 3
    assert len(typed(path, header="2")[1]) == 1
    assert "holds no cells" in (inspect(path, answers={"header": "9"}).error or "")


def test_archives_that_are_no_workbooks_are_named(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    assert "text document" in (inspect(write(tmp_path, buffer.getvalue(), "a.xlsx")).error or "")
    assert inspect(write(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "b.xls")).status == "rejected"


def test_hidden_sheets_are_left_out_and_named(tmp_path: Path) -> None:
    path = tmp_path / "hidden.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name in ("Shown", "Secret"):
            sheet = book.add_worksheet(name)
            for row, values in enumerate((["date", "amount"], ["2025-01-13", 1], ["2025-01-14", 2])):
                sheet.write_row(row, 0, values)
        book.get_worksheet_by_name("Secret").hide()
    assert "Hidden sheets were left out: Secret." in typed(path)[0].warnings
    assert len(typed(path, sheet="Secret")[1]) == 2


def test_a_workbook_in_gzip_is_read_from_memory(tmp_path: Path) -> None:
    packed = gzip.compress(workbook(tmp_path, ROWS).read_bytes())
    assert inspect(write(tmp_path, packed, "a.xlsx.gz")).status == "accepted"


def test_zeros_that_a_format_shows_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "padded.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet, padded = book.add_worksheet(), book.add_format({"num_format": "00000"})
        sheet.write_row(0, 0, ["code", "amount"])
        for row in (1, 2):
            sheet.write_number(row, 0, 122 + row, padded)
            sheet.write_number(row, 1, row)
    assert column(typed(path)[1], "code") == ["00123", "00124"]


def test_a_sheet_with_more_columns_than_the_limit_is_refused(tmp_path: Path) -> None:
    wide = workbook(tmp_path, [[f"c{index}" for index in range(4_097)], list(range(4_097))])
    assert inspect(wide).error == "Sheet 'Sheet1' has 4,097 columns; the limit is 4,096."
