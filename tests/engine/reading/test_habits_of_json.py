"""JSON that programs disagree on: names twice, half characters, columns side by side, values that are no objects."""

from pathlib import Path

import pytest

from recon378_engine.reading import inspect

from .builders import column, typed, write

FAULTY = (
    '{"id":"a","amount":1,"amount":2}',
    '{"id":"\\ud800","amount":1}',
    '{"id":"a\\u0000b","amount":1}',
    "5",
    '{"a.b":1,"a":{"b":2}}',
)


@pytest.mark.parametrize("record", FAULTY)
def test_a_record_that_cannot_be_told_is_refused_by_its_line(tmp_path: Path, record: str) -> None:
    sound = '{"id":"x","amount":1.5}\n'
    seen, rows = typed(write(tmp_path, f"{sound}{record}\n{sound}", "f.ndjson"))
    assert [(error.line, error.row) for error in seen.row_errors] == [(2, 1)]
    assert len(rows) == 2


def test_values_that_are_no_objects_are_counted(tmp_path: Path) -> None:
    seen = inspect(write(tmp_path, '[{"id":"x","amount":1.5},5,{"id":"y","amount":2.5}]', "f.json"))
    assert (seen.rows, [error.row for error in seen.row_errors], seen.rows_in_file) == (2, [1], 3)


def test_numbers_keep_their_digits(tmp_path: Path) -> None:
    text = '[{"id":12345678901234567890123,"amount":1e3},{"id":12345678901234567890124,"amount":0.30000000000000004}]'
    rows = typed(write(tmp_path, text, "f.json"))[1]
    assert column(rows, "id") == ["12345678901234567890123", "12345678901234567890124"]
    assert column(rows, "amount") == ["1000.00000000000000000", "0.30000000000000004"]


def test_columns_side_by_side_are_records(tmp_path: Path) -> None:
    rows = typed(write(tmp_path, '{"date":["2025-01-13","2025-01-14"],"amount":[1.5,2.5]}', "f.json"))[1]
    assert column(rows, "amount") == ["1.5", "2.5"]


@pytest.mark.parametrize("text", ['{"columns":["a","b"],"data":[[1,2],[3,4]]}', "[[1,2],[3,4]]", "[]", '{"a":1}{"a":2}'])
def test_json_without_a_list_of_objects_is_refused(tmp_path: Path, text: str) -> None:
    assert inspect(write(tmp_path, text, "f.json")).status == "rejected"


def test_json_in_utf_16_is_json(tmp_path: Path) -> None:
    assert inspect(write(tmp_path, '[{"id":"ä","amount":1.5}]', "f.json", encoding="utf-16")).format == "json"
