"""Delimited text: dialects, layout, faults by line, and the same answer from the fast and the patient parser."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon378_engine.reading import Limits, QuestionOpen, inspect, read_table
from recon378_engine.reading.delimited import blocks
from recon378_engine.reading.delimited.records import Dialect, parse_records

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


def test_a_comma_inside_every_value_separates_nothing(tmp_path: Path) -> None:
    people = "".join(f"Family{number}, Given;Street {number}, 0{number:04} Town\n" for number in range(50))
    seen, rows = typed(write(tmp_path, "Name;Anschrift\n" + people))
    assert (seen.delimiter, len(rows)) == (";", 50)
    assert rows[0] == {"Name": "Family0, Given", "Anschrift": "Street 0, 00000 Town"}


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


@pytest.mark.parametrize("rows", [3, 30_000])
def test_a_row_of_nothing_but_delimiters_is_left_out_and_keeps_its_number(tmp_path: Path, rows: int) -> None:
    records = [f"2025-01-13,text {number},{number}.50" for number in range(rows)]
    path = write(tmp_path, "date,text,amount\n" + "\n".join([*records[:1], ",,", "", *records[1:]]) + "\n")
    seen, found = inspect(path), read_table(path)
    assert (seen.rows, seen.skipped, seen.rows_in_file) == (rows, 1, rows + 1)
    assert found.rows.to_list() == [0, *range(2, rows + 1)]


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


@pytest.mark.parametrize("answer", [";", "semicolon"])
def test_a_delimiter_can_be_chosen(tmp_path: Path, answer: str) -> None:
    seen, rows = typed(write(tmp_path, "date;a,b\n2025-01-13;1,2\n2025-01-14;3,4\n"), delimiter=answer)
    assert (seen.delimiter, len(rows[0])) == (";", 2)
    assert inspect(write(tmp_path, table()), answers={"delimiter": "x"}).status == "rejected"


def test_a_header_line_can_be_chosen(tmp_path: Path) -> None:
    path = write(tmp_path, "one,two\ndate,amount\n2025-01-13,1.00\n2025-01-14,2.00\n")
    assert typed(path, header="2")[0].header_line == 2
    assert "not a line with a record" in (inspect(path, answers={"header": "99"}).error or "")


def test_an_answer_that_was_not_asked_is_said(tmp_path: Path) -> None:
    assert "was not needed" in inspect(write(tmp_path, table()), answers={"sheet": "x"}).warnings[0]


@pytest.mark.parametrize(
    "text",
    [
        'date, text, amount\n2025-01-13, "a, b", 1.00\n2025-01-14, "c", 2.00\n',
        "date,text,amount\n2025-01-13,'a, b',1.00\n2025-01-14,'c',2.00\n2025-01-15,'d',3.00\n",
        'date,text,amount\n2025-01-13,"a, \\"b\\"",1.00\n2025-01-14,"c \\"d\\"",2.00\n',
        "date text amount\n2025-01-13 a 1.00\n2025-01-14 c 2.00\n",
    ],
)
def test_habits_of_the_file_are_followed(tmp_path: Path, text: str) -> None:
    seen, rows = typed(write(tmp_path, text))
    assert [list(row) for row in rows] == [["date", "text", "amount"]] * len(rows)
    assert column(rows, "amount")[:2] == ["1.00", "2.00"]
    assert '"' not in rows[0]["text"].replace('a, "b"', "")
    assert seen.status == "accepted"


def test_one_row_under_unknown_words_is_no_proof_of_a_header(tmp_path: Path) -> None:
    seen, rows = typed(write(tmp_path, "foo,bar\n1,2\n"))
    assert len(rows) == 2
    assert "No column names" in seen.warnings[0]
    stray = inspect(write(tmp_path, 'foo,bar\n1,a "b" c\n'))
    assert "too few records" in stray.row_errors[0].reason


def test_tables_of_words_are_read(tmp_path: Path) -> None:
    assert typed(write(tmp_path, "name,city\nAnna,Bonn\nBert,Ulm\n"))[0].header_line == 1
    guessed = typed(write(tmp_path, "foo,bar\nAnna,Bonn\nBert,Ulm\n"))[0]
    assert "taken for the column names" in guessed.warnings[0]
    assert typed(write(tmp_path, "Anna,Bonn\nBert,Ulm\nAnna,Ulm\n"))[0].header_line is None


def test_a_second_header_line_joins_the_first(tmp_path: Path) -> None:
    seen, rows = typed(write(tmp_path, "date,amount,weight\n,EUR,kg\n2025-01-13,1.00,2.5\n2025-01-14,2.00,3.5\n"))
    assert [found.name for found in seen.columns] == ["date", "amount EUR", "weight kg"]
    assert len(rows) == 2


def test_remarks_and_short_totals_at_the_end_are_set_aside(tmp_path: Path) -> None:
    seen, rows = typed(write(tmp_path, "date,text,amount\n2025-01-13,a,1.00\nTotal so far\n2025-01-14,b,2.00\nTotal: 3\nEnd\n"))
    assert (len(rows), [error.line for error in seen.row_errors], seen.skipped) == (2, [3], 2)


def test_values_aligned_by_blanks_are_refused(tmp_path: Path) -> None:
    text = "date        amount  text\n2025-01-13    1.00  a b\n2025-01-14    2.00  c\n"
    assert "aligned by blanks" in (inspect(write(tmp_path, text)).error or "")


def test_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    seen, rows = typed(write(tmp_path, "date,text,amount\n"))
    assert (seen.status, seen.header_line, rows) == ("accepted", 1, [])
    assert read_table(write(tmp_path, "date,text,amount\n")).frame.columns == ["date", "text", "amount"]


def test_sound_records_among_irregular_ones_keep_their_place(tmp_path: Path) -> None:
    odd = {
        1000: "001000,2025-01-01,extra empty,5.00,,",
        1200: "001200,2025-01-01,b,6.00,x",
        5999: '005999,2025-01-02,"end, x",7.00',
    }
    path = write(tmp_path, big(6_000, odd).rstrip("\n"))
    read = read_table(path)
    assert read.rejected_rows == (1200,)
    assert read.frame["name"][1000] == "extra empty"
    assert read.frame["name"][-1] == "end, x"


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_large_files_with_other_line_ends_agree(tmp_path: Path, end: str) -> None:
    plain = read_table(write(tmp_path, big(4_000, {})))
    other = read_table(write(tmp_path, big(4_000, {}).replace("\n", end), "other.csv"))
    assert plain.frame.equals(other.frame)


def test_too_many_bad_rows_refuse_the_file(tmp_path: Path) -> None:
    text = "date,amount\n" + "2025-01-13,1.00\n" * 60 + "x,y,z\n" * 20
    seen = inspect(write(tmp_path, text), limits=replace(Limits(), row_errors_max=10))
    assert "More than 10 rows" in (seen.error or "")
