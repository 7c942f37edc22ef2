"""Delimited text: dialects, layout, faults by line, and the same answer from the fast and the patient parser."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon378_engine.reading import QuestionOpen, blocks, inspect, read_table
from recon378_engine.reading.records import Dialect, parse_records

from .builders import column, typed, write

ROWS = (("2025-01-13", "ACME, Berlin", "-639318.72", "000596853"), ("2025-02-02", 'Café "Sud"', "7771.98", "000841235"))


def table(delimiter: str = ",", end: str = "\n") -> str:
    def cell(value: str) -> str:
        doubled = value.replace('"', '""')
        return f'"{doubled}"' if delimiter in value or '"' in value else value

    lines = [delimiter.join(map(cell, row)) for row in (("date", "description", "amount", "id"), *ROWS)]
    return end.join(lines) + end


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", "\x1f", "||", "::"])
def test_any_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    seen, rows = typed(write(tmp_path, table(delimiter)))
    assert seen.delimiter == delimiter
    assert [tuple(row.values()) for row in rows] == list(ROWS)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_is_read(tmp_path: Path, end: str) -> None:
    assert [tuple(row.values()) for row in typed(write(tmp_path, table(end=end)))[1]] == list(ROWS)


def test_a_stated_separator_is_no_record(tmp_path: Path) -> None:
    seen, rows = typed(write(tmp_path, "sep=;\n" + table(";")))
    assert (seen.header_line, len(rows)) == (2, 2)


def test_header_names_lose_blanks_and_invisible_signs(tmp_path: Path) -> None:
    seen, _ = typed(write(tmp_path, "\ufeff Date ,Amount\u00a0,\u200bId\n2025-01-13,1.00,007\n2025-01-14,2.00,008\n"))
    assert [found.name for found in seen.columns] == ["Date", "Amount", "Id"]


def test_equal_and_empty_header_names_stay_apart(tmp_path: Path) -> None:
    seen, _ = typed(write(tmp_path, "date,amount,amount,\n2025-01-13,1.00,2.00,x\n2025-01-14,1.50,2.50,y\n"))
    assert [found.name for found in seen.columns] == ["date", "amount", "amount (2)", "column 4"]


def test_records_without_names_are_asked_and_none_is_lost(tmp_path: Path) -> None:
    path = write(tmp_path, table().split("\n", 1)[1])
    assert [question.key for question in inspect(path).questions] == ["header"]
    with pytest.raises(QuestionOpen, match="no names"):
        read_table(path)
    seen, rows = typed(path, header="none")
    assert len(rows) == 2
    assert seen.columns[0].name == "column 1"


def test_ragged_records_are_refused_by_line_and_keep_their_number(tmp_path: Path) -> None:
    body = ("2025-01-01,a,1.00", "2025-01-02,b", "2025-01-03,c,3.00", "2025-01-04,d,4.00,extra", "2025-01-05,e,5.00")
    text = "\n".join(("date,description,amount", *body))
    seen, rows = typed(write(tmp_path, text))
    assert [(error.line, error.row) for error in seen.row_errors] == [(3, 1), (5, 3)]
    assert column(rows, "description") == ["a", "c", "e"]
    assert read_table(write(tmp_path, text)).rows.to_list() == [0, 2, 4]


def test_an_unclosed_quote_costs_its_own_line_only(tmp_path: Path) -> None:
    lines = ["date,description,amount", *(f'2025-01-0{day},"text {day}",{day}.00' for day in range(1, 8))]
    lines[4] = '2025-01-04,"never closed,4.00'
    seen, rows = typed(write(tmp_path, "\n".join(lines)))
    assert [error.line for error in seen.row_errors] == [5]
    assert "never closes" in seen.row_errors[0].reason
    assert len(rows) == 6


def test_footer_that_does_not_agree_is_said(tmp_path: Path) -> None:
    seen, _ = typed(write(tmp_path, "date,text,amount\n2025-01-01,a,1.00\n2025-01-02,b,2.00\nTotal,,4.00\n"))
    assert any("differs from the sum 3.00" in warning and "by 1.00" in warning for warning in seen.warnings)
    assert (seen.rows, seen.skipped, seen.rows_in_file) == (2, 1, 3)


def test_subtotals_and_repeated_headers_are_no_records(tmp_path: Path) -> None:
    text = "date,text,amount\n2025-01-01,a,1.00\n,Subtotal,1.00\ndate,text,amount\n2025-01-02,b,2.00\n2025-01-03,c,2.00\n"
    seen, rows = typed(write(tmp_path, text))
    assert column(rows, "text") == ["a", "b", "c"]
    assert (seen.rows, len(seen.row_errors), seen.skipped, seen.rows_in_file) == (3, 1, 1, 5)


def test_nul_bytes_and_oversized_values_are_refused_by_line(tmp_path: Path) -> None:
    text = f"date,text,amount\n2025-01-01,a\x00b,1.00\n2025-01-02,{'x' * 3_000_000},2.00\n2025-01-03,c,3.00\n"
    seen, rows = typed(write(tmp_path, text))
    assert [error.line for error in seen.row_errors] == [2, 3]
    assert column(rows, "text") == ["c"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "blank lines"),
        (b"\r\n\r\n", "blank lines"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "picture"),
        (b"%PDF-1.4\n", "PDF"),
        (b"MZ" + b"\x00" * 100, "program"),
        (bytes(random.Random(1).randbytes(4_000)), "binary data"),
        (",".join(["a"] * 100_000).encode(), "columns"),
        (b"just words\nand more words\njust words\n", "one column"),
    ],
)
def test_what_is_no_table_is_refused_with_its_name(tmp_path: Path, content: bytes, sentence: str) -> None:
    seen = inspect(write(tmp_path, content))
    assert seen.status == "rejected"
    assert sentence in (seen.error or "")


def big(count: int, odd: dict[int, str]) -> str:
    body = [odd.get(i, f'{i:06d},2025-01-{i % 28 + 1:02d},"Firma {i}, GmbH",{i}.{i % 100:02d}') for i in range(count)]
    return "id,date,name,amount\n" + "\n".join(body) + "\n"


def test_fast_and_patient_parser_agree_on_a_large_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = {
        700: "",
        900: "000900,2025-01-01,short",
        1500: "001500,2025-02-30,bad date,1.00",
        2500: '002500,2025-01-01,"two\nlines",2.00',
    }
    path = write(tmp_path, big(6_000, odd))
    fast = read_table(path)
    monkeypatch.setattr(blocks, "SMALL_BYTES", 1 << 40)
    patient = read_table(path)
    assert fast.height == 5_997
    assert fast.frame.equals(patient.frame)
    assert fast.rows.equals(patient.rows)
    assert fast.rejected_rows == patient.rejected_rows == (899, 1499)


def test_small_blocks_give_the_same_records_and_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, big(3_000, {1200: 'x,"open', 2200: "y"}))
    whole = inspect(path)
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 5_000)
    monkeypatch.setattr(blocks, "SMALL_BYTES", 1_000)
    pieces = inspect(path)
    assert (pieces.rows, pieces.row_errors) == (whole.rows, whole.row_errors)
    assert [error.line for error in whole.row_errors] == [1202, 2202]


def test_a_late_word_in_a_number_column_makes_it_text(tmp_path: Path) -> None:
    lines = [f"{i},{i}" for i in range(30_000)] + ["A17,5"]
    table_ = read_table(write(tmp_path, "\n".join(["branch,quantity", *lines, "30001,6"]) + "\n"))
    assert table_.height == 30_002
    assert table_.frame["branch"][-2] == "A17"


def test_a_late_date_settles_the_order(tmp_path: Path) -> None:
    lines = [f"{i % 12 + 1:02d}/{i % 11 + 1:02d}/2025,{i}.00" for i in range(30_000)] + ["25/12/2025,1.00"]
    table_ = read_table(write(tmp_path, "\n".join(["date,amount", *lines]) + "\n"))
    assert str(table_.frame["date"][1]) == "2025-02-02"
    assert str(table_.frame["date"][11]) == "2025-01-12"


VALUES = st.text(alphabet=st.sampled_from("ab1,;\"\n\r \t'é"), max_size=6)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(VALUES, min_size=2, max_size=2), min_size=1, max_size=6))
def test_what_is_quoted_comes_back(records: list[list[str]]) -> None:
    text = "".join(",".join('"' + value.replace('"', '""') + '"' for value in record) + "\r\n" for record in records)
    assert [record.fields for record in parse_records(text, Dialect(","))] == records


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from('a1,"\n\r\\ '), max_size=60))
def test_no_text_breaks_the_parser_and_no_line_is_lost(text: str) -> None:
    records = parse_records(text, Dialect(","))
    starts = [record.offset for record in records]
    assert starts == sorted(set(starts))
    assert (not text) == (not records)
