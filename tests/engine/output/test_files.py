"""The files of the command-line contract."""

import json
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from recon378_engine.errors import BadInput
from recon378_engine.output import load_result, save_result, write_result
from recon378_engine.output.records import identifiers, with_roles
from recon378_engine.output.workbook import write_workbook
from recon378_engine.pipeline import reconcile
from recon378_engine.result import Result, Side
from recon378_engine.table import Table
from tests.engine.matching.books import table

LEFT = table(
    "date amount currency reference text",
    ("2024-01-05", "100.10", "EUR", "INV-1001", "=HYPERLINK(\"http://x\")"),
    ("2024-01-06", "75.00", "EUR", "=1+1", "Cheque <75> & more"),
)  # fmt: skip
RIGHT = table(
    "date amount currency reference name",
    ("2024-01-05", "100.10", "EUR", "INV-1001", "Alfa ApS"),
    ("2024-01-09", "12.34", "EUR", "INV-9", None),
)


@pytest.fixture(scope="module")
def result() -> Result:
    return reconcile(LEFT, RIGHT)


def test_matches_and_exceptions_have_the_columns_of_the_contract(result: Result, tmp_path: Path) -> None:
    write_result(result, LEFT, RIGHT, tmp_path, formats=("csv",))
    matches, exceptions = pl.read_csv(tmp_path / "matches.csv"), pl.read_csv(tmp_path / "exceptions.csv")
    assert matches.columns == ["match_id", "left_row", "right_row", "left_id", "right_id", "confidence", "method", "status"]
    assert matches.select("left_row", "right_row", "left_id", "right_id").row(0) == (0, 0, "INV-1001", "INV-1001")
    assert exceptions.columns == ["side", "row", "id", "type", "reason", "best_rival_row", "best_confidence"]
    assert exceptions.select("side", "row").rows() == [("left", 1), ("right", 1)]
    assert not (tmp_path / "report.xlsx").exists()


def test_an_identifier_never_becomes_a_formula(result: Result, tmp_path: Path) -> None:
    write_result(result, LEFT, RIGHT, tmp_path, formats=("csv", "xlsx"))
    assert pl.read_csv(tmp_path / "exceptions.csv")["id"][0] == "'=1+1"
    book = CalamineWorkbook.from_path(str(tmp_path / "report.xlsx"))
    cells = [cell for row in book.get_sheet_by_name("Matched").to_python() for cell in row]
    assert '=HYPERLINK("http://x")' in cells


def test_the_workbook_holds_every_record_once(result: Result, tmp_path: Path) -> None:
    write_result(result, LEFT, RIGHT, tmp_path)
    book = CalamineWorkbook.from_path(str(tmp_path / "report.xlsx"))
    assert book.sheet_names == ["Summary", "Matched", "Suggested", "Exceptions left", "Exceptions right", "Rejected"]
    heights = {name: len(book.get_sheet_by_name(name).to_python()) - 1 for name in book.sheet_names[1:]}
    assert sum(heights.values()) == LEFT.height + RIGHT.height
    open_left = book.get_sheet_by_name("Exceptions left").to_python()[1]
    assert open_left[:6] == [1.0, "=1+1", "2024-01-06", 75.0, "EUR", "Cheque <75> & more"]


def test_the_summary_sheet_ties_to_the_input(result: Result, tmp_path: Path) -> None:
    write_result(result, LEFT, RIGHT, tmp_path)
    lines = CalamineWorkbook.from_path(str(tmp_path / "report.xlsx")).get_sheet_by_name("Summary").to_python()
    sums = next(line for line in lines if line[:3] == ["left", "EUR", "sum"])
    assert sums[3] == pytest.approx(175.10)
    assert sums[3] == pytest.approx(sum(float(str(cell)) for cell in sums[4:9]))
    assert sums[9] == 0


def test_a_long_sheet_goes_on_in_the_next(result: Result, tmp_path: Path) -> None:
    left, right = with_roles(LEFT), with_roles(RIGHT)
    ids = {Side.LEFT: identifiers(left, None), Side.RIGHT: identifiers(right, None)}
    write_workbook(result, left, right, ids, tmp_path / "small.xlsx", sheet_rows_max=1)
    book = CalamineWorkbook.from_path(str(tmp_path / "small.xlsx"))
    assert book.sheet_names[1:3] == ["Matched", "Matched 2"]


def test_the_summary_says_what_a_script_needs(result: Result, tmp_path: Path) -> None:
    write_result(result, LEFT, RIGHT, tmp_path, formats=("csv", "parquet"), read_seconds=1.5)
    told = json.loads((tmp_path / "summary.json").read_text())
    assert set(told) >= {
        "counts",
        "sums",
        "conservation",
        "ruleset",
        "timings_seconds",
        "versions",
        "input_hashes",
        "result_hash",
    }
    assert told["conservation"]["holds"] is True
    assert told["timings_seconds"]["read"] == 1.5
    assert told["counts"]["confirmed"] == 1
    assert pl.read_parquet(tmp_path / "matches.parquet").height == 1


def test_a_column_that_is_not_there_is_named(result: Result, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no column 'Nr'"):
        write_result(result, LEFT, RIGHT, tmp_path, left_id="Nr")


def test_a_kept_result_comes_back_as_it_was(result: Result, tmp_path: Path) -> None:
    save_result(result, tmp_path / "job")
    again = load_result(tmp_path / "job")
    for name in ("matches", "items", "exceptions"):
        assert getattr(again, name).equals(getattr(result, name))
    assert again.conservation == result.conservation
    assert (again.model, again.ruleset, again.result_hash) == (result.model, result.ruleset, result.result_hash)


def test_a_folder_without_a_result_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="holds no saved result"):
        load_result(tmp_path)


def test_rejected_rows_stand_as_invalid(tmp_path: Path) -> None:
    left = Table(LEFT.frame, LEFT.columns, pl.Series([0, 2], dtype=pl.UInt32), (1,), "left")
    result = reconcile(left, RIGHT)
    write_result(result, left, RIGHT, tmp_path, formats=("csv",))
    assert pl.read_csv(tmp_path / "exceptions.csv").filter(pl.col("type") == "invalid_row").select("side", "row").rows() == [
        ("left", 1)
    ]
