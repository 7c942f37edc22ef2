"""Workbooks of many programs: failed formulas are named in every kind of file, and bounds hold however a cell is written."""

import datetime
from pathlib import Path
from typing import Any

import pytest

from recon378_engine.reading import inspect

from .builders import column, raw_workbook, typed, workbook
from .office import Cell, Failed, compound, ods, xls, xlsb

MAKERS = {"ods": ods, "xls": xls, "xlsb": xlsb}
HEAD: list[Cell] = ["date", "note", "amount"]
DAYS = ("2025-01-13", "2025-01-14", "2025-01-15", "2025-01-16")
HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>date</t></is></c><c r="B1" t="inlineStr"><is><t>amount</t></is></c></row>'


def table(amounts: list[Cell], note: Cell = "x") -> list[list[Cell]]:
    return [HEAD, *([day, note, amount] for day, amount in zip(DAYS, amounts, strict=True))]


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#REF!", "#NAME?"])
def test_a_failed_formula_costs_its_row_in_every_kind_of_workbook(tmp_path: Path, kind: str, error: str) -> None:
    seen, rows = typed(MAKERS[kind](tmp_path, *table([1.5, Failed(error), -2.25, 3.0])))
    assert [found.line for found in seen.row_errors] == [3]
    assert column(rows, "amount") == ["1.50", "-2.25", "3.00"]
    assert any(error in warning for warning in seen.warnings)


@pytest.mark.parametrize("kind", MAKERS)
def test_a_failed_formula_beside_the_amount_leaves_an_empty_cell_and_a_word(tmp_path: Path, kind: str) -> None:
    ratios: list[Cell] = [0.5, Failed("#DIV/0!"), 0.25, 0.75]
    rows: list[list[Cell]] = [[day, 1.5, ratio] for day, ratio in zip(DAYS, ratios, strict=True)]
    seen, read = typed(MAKERS[kind](tmp_path, ["date", "amount", "ratio"], *rows))
    assert (seen.status, column(read, "ratio")) == ("accepted", ["0.50", None, "0.25", "0.75"])
    assert any("left empty" in warning for warning in seen.warnings)


def test_a_damaged_compound_file_is_refused_or_read_without_its_errors(tmp_path: Path) -> None:
    sound = xls(tmp_path, *table([1.5, 2.5, -2.25, 3.0])).read_bytes()
    for place in (30, 44, 48, 56, 68, 76, 600, 1100, 1200):
        damaged = sound[:place] + b"\xfe\xfe\xfe\x7f" + sound[place + 4 :]
        path = tmp_path / "damaged.xls"
        path.write_bytes(damaged)
        assert inspect(path).status in ("accepted", "accepted_with_errors", "rejected")
    (tmp_path / "loop.xls").write_bytes(compound(b"\x09\x08" * 8))
    assert inspect(tmp_path / "loop.xls").status == "rejected"


def test_ods_rows_that_stand_for_many_are_counted(tmp_path: Path) -> None:
    cells = "".join(f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in "ab")

    def repeated(times: int) -> Path:
        return ods(tmp_path, HEAD, raw=f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>')

    assert inspect(repeated(3)).rows == 3
    assert "outside of any spreadsheet" in (inspect(repeated(100_000_000)).error or "")


def test_ods_content_that_is_not_well_formed_is_refused(tmp_path: Path) -> None:
    assert "not well formed" in (inspect(ods(tmp_path, HEAD, raw="</t/table:table>")).error or "")


@pytest.mark.parametrize(
    "row",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        '<row  r = "1048576"><c  r = "XFD1048576"><v>1</v></c></row>',
        '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
        '<row r="2"><c r="XFE2"><v>1</v></c></row>',
        '<row r="2"><c r="ZZZZ2"><v>1</v></c></row>',
        '<row r="99999999999999999999"><c r="A99999999999999999999"><v>1</v></c></row>',
        '<row r="2"><c r="xfd1048576"><v>1</v></c></row>',
    ],
)
def test_a_cell_far_out_is_refused_before_anything_is_allocated(tmp_path: Path, row: str) -> None:
    assert inspect(raw_workbook(tmp_path, HEADER + row)).status == "rejected"


DAY = datetime.date(2025, 1, 13)
SHEETS: dict[str, tuple[list[list[Any]], list[str | None]]] = {
    "text with comma": ([[DAY, "1.234,56"], [DAY, "2,50"]], ["1234.56", "2.50"]),
    "small and large": ([[DAY, 1e-7], [DAY, 1.5e15]], ["0.0000001", "1500000000000000.0000000"]),
    "noise of doubles": ([[DAY, 0.1 + 0.2], [DAY, 1.1 * 3]], ["0.3", "3.3"]),
    "serial numbers": ([[45670, 1.5], [45671, 2.5]], ["1.5", "2.5"]),
    "days as whole numbers": ([[20250113, 1.5], [20250114, 2.5]], ["1.5", "2.5"]),
}


@pytest.mark.parametrize("habit", SHEETS)
def test_cells_keep_their_value(tmp_path: Path, habit: str) -> None:
    cells, amounts = SHEETS[habit]
    seen, rows = typed(workbook(tmp_path, [["date", "amount"], *cells]))
    assert (seen.status, column(rows, "amount"), column(rows, "date")[0]) == ("accepted", amounts, "2025-01-13")
