"""Delimited text as it is found: rare delimiters, quotes out of place, lines that are no records, totals and subtotals."""

from pathlib import Path

import pytest

from recon378_engine.reading import inspect

from .builders import column, typed, write

ROWS = (("2025-01-13", "ACME, Berlin", "-639318.72", "000596853"), ("2025-02-02", "Café Sud", "7771.98", "000841235"))
TABLE = "date,text,amount\n2025-01-13,a,1.50\n2025-01-14,b,2.50\n"


def table(delimiter: str) -> str:
    return "".join(delimiter.join(row) + "\n" for row in (("date", "description", "amount", "id"), *ROWS))


@pytest.mark.parametrize(
    "delimiter",
    ["\x01", "\x1e", ":", "!", "#", "$", "&", "*", "@", "/", "¦", "§", "|||", "~|~", "|+|", "$$", "**", "=>", "##", "\t|\t"],
)
def test_rare_delimiters_are_found_by_the_column_names(tmp_path: Path, delimiter: str) -> None:
    assert [tuple(row.values()) for row in typed(write(tmp_path, table(delimiter)))[1]] == list(ROWS)


def test_a_double_pipe_is_found_although_a_value_holds_a_single_one(tmp_path: Path) -> None:
    rows = typed(write(tmp_path, table("||") + "2025-02-03||x|y||1.50||000000001\n"))[1]
    assert column(rows, "description") == ["ACME, Berlin", "Café Sud", "x|y"]


@pytest.mark.parametrize("first", ['2025-01-12,"ACME" Ltd,9.50', '2025-01-12,"never closed,9.50', '2025-01-12,"a"b",9.50'])
def test_a_faulty_first_record_is_listed(tmp_path: Path, first: str) -> None:
    head, body = TABLE.split("\n", 1)
    seen, rows = typed(write(tmp_path, f"{head}\n{first}\n{body}2025-01-15,c,3.50\n"))
    assert [error.line for error in seen.row_errors] == [2]
    assert column(rows, "amount") == ["1.50", "2.50", "3.50"]


def test_a_backslash_at_the_end_of_a_value_escapes_nothing(tmp_path: Path) -> None:
    text = 'date,path,amount\n2025-01-13,"C:\\dir\\",1.50\n2025-01-14,"D:\\x\\",2.50\n'
    assert column(typed(write(tmp_path, text))[1], "path") == ["C:\\dir\\", "D:\\x\\"]


def test_single_quotes_are_doubled_inside(tmp_path: Path) -> None:
    text = "date,text,amount\n2025-01-13,'it''s, ok',1.50\n2025-01-14,'b''c, d',2.50\n"
    assert column(typed(write(tmp_path, text))[1], "text") == ["it's, ok", "b'c, d"]


@pytest.mark.parametrize(("head", "rows"), [("", ","), (",", ""), (",", ",")])
def test_a_delimiter_at_the_end_of_lines_makes_no_column(tmp_path: Path, head: str, rows: str) -> None:
    text = f"date,text,amount{head}\n2025-01-13,a,1.50{rows}\n2025-01-14,b,2.50{rows}\n2025-01-15,c,3.50{rows}\n"
    assert column(typed(write(tmp_path, text))[1], "amount") == ["1.50", "2.50", "3.50"]


def test_a_table_of_a_terminal_loses_its_rules(tmp_path: Path) -> None:
    text = "| date | text | amount |\n|------|------|--------|\n| 2025-01-13 | a | 1.50 |\n| 2025-01-14 | b | 2.50 |\n"
    assert column(typed(write(tmp_path, text))[1], "amount") == ["1.50", "2.50"]


REFUSED = {
    "quoted lines": '"date,description,amount"\n"2025-01-13,a,1.50"\n"2025-01-14,b,2.50"\n',
    "aligned by blanks": "date       text amount\n---------- ---- ------\n2025-01-13 a    1.50\n2025-01-14 b    2.50\n",
    "fixed width": "20250113ACME      0000015000\n20250114BETA      0000025000\n",
    "NEL line ends": TABLE.replace("\n", "\x85"),
    "prose": "Dear Sir,\nplease find attached, as agreed, the invoice.\nRegards,\nMax\n",
    "a calendar": "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nDTSTART:20250113\nEND:VEVENT\nEND:VCALENDAR\n",
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_table_is_refused(tmp_path: Path, what: str) -> None:
    seen = inspect(write(tmp_path, REFUSED[what]))
    assert seen.status == "rejected"
    assert seen.error


def test_a_total_without_a_date_is_proved(tmp_path: Path) -> None:
    seen, rows = typed(write(tmp_path, "name,amount\nA,1.50\nB,2.50\nTotal,4.00\n"))
    assert column(rows, "name") == ["A", "B"]
    assert any("footer total 4.00 agrees" in warning for warning in seen.warnings)


def test_a_total_that_does_not_agree_is_kept_and_named(tmp_path: Path) -> None:
    seen, rows = typed(write(tmp_path, "name,amount\nA,1.50\nB,2.50\nTotal,5.00\n"))
    assert column(rows, "name") == ["A", "B", "Total"]
    assert any("may be a total" in warning for warning in seen.warnings)


def test_names_that_begin_like_totals_are_records(tmp_path: Path) -> None:
    names = ["Total Energies", "Sum Ting", "Balance Ltd", "Saldo GmbH"]
    rows = typed(write(tmp_path, "name,amount\n" + "".join(f"{name},1.50\n" for name in names)))[1]
    assert column(rows, "name") == names


def test_subtotals_inside_a_table_without_dates_are_refused(tmp_path: Path) -> None:
    text = "account,text,amount\n4000,a,1.50\n4000,b,1.50\nSubtotal 4000,,3.00\n5000,b,2.50\n5000,c,3.50\n"
    seen, rows = typed(write(tmp_path, text))
    assert [error.line for error in seen.row_errors] == [4]
    assert column(rows, "amount") == ["1.50", "1.50", "2.50", "3.50"]


def test_few_movements_below_a_long_preamble_are_found(tmp_path: Path) -> None:
    preamble = "Account;DE89\nFrom;01.01.2025\nTo;31.01.2025\nBalance;1.234,56\n\n"
    seen, rows = typed(write(tmp_path, preamble + "Datum;Text;Betrag\n13.01.2025;a;1,50\n14.01.2025;b;2,50\n"))
    assert (seen.header_line, column(rows, "Betrag")) == (6, ["1.50", "2.50"])


def test_years_and_days_can_be_column_names(tmp_path: Path) -> None:
    rows = typed(write(tmp_path, "account,2023,2024,2025\n4000,1.50,2.50,3.50\n5000,1.75,2.25,3.25\n"))[1]
    assert column(rows, "2025") == ["3.50", "3.25"]


def test_an_open_question_survives_the_search_for_answers_further_down(tmp_path: Path) -> None:
    text = "".join(f"0{1 + row % 9}/01/2025,M+APw-ller,{row}.50\n" for row in range(20_010)) + "31/01/2025,x,1.50\n"
    seen = inspect(write(tmp_path, "date,text,amount\n" + text))
    assert [asked.key for asked in seen.questions] == ["encoding"]
