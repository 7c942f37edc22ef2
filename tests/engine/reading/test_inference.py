"""Types of columns: decimal marks, date orders, signs, identifiers, and questions where nothing settles them."""

from pathlib import Path
from typing import Any

import pytest

from recon378_engine.errors import BadFile
from recon378_engine.reading import inspect, read_table

from .builders import column, typed, write


def amounts(folder: Path, *values: str, **answers: str) -> list[Any]:
    body = "".join(f"2025-01-{number + 10};x{number};{value}\n" for number, value in enumerate(values))
    return column(typed(write(folder, "date;text;amount\n" + body), **answers)[1], "amount")


def dates(folder: Path, *values: str, **answers: str) -> list[Any]:
    body = "".join(f"{value};x{number};1.00\n" for number, value in enumerate(values))
    return column(typed(write(folder, "date;text;amount\n" + body), **answers)[1], "date")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("1.234,56", "1.000"), ["1234.56", "1000.00"]),
        (("1,234.56", "1,000"), ["1234.56", "1000.00"]),
        (("1'234.50", "7.50"), ["1234.50", "7.50"]),
        (("1\u202f234,56", "7,50"), ["1234.56", "7.50"]),
        (("-6,39,318.72", "7.50"), ["-639318.72", "7.50"]),
        (("(1,234.56)", "$7.50"), ["-1234.56", "7.50"]),
        (("1.234,56-", "7,50+"), ["-1234.56", "7.50"]),
        (("1,234.56 CR", "7.50 DR"), ["1234.56", "-7.50"]),
        (("EUR -3.10", "EUR 4.00"), ["-3.10", "4.00"]),
        (("٧٧٧١٫٩٨", "-٦٫٠٠"), ["7771.98", "-6.00"]),
        (("－１２.５０", "７.００"), ["-12.50", "7.00"]),
        (("'-5.00", "'6.00"), ["-5.00", "6.00"]),
        (('="1234.56"', '="7.50"'), ["1234.56", "7.50"]),
        (("0.125", "1.250"), ["0.125", "1.250"]),
        (("1234567890123456789.12", "0.10"), ["1234567890123456789.12", "0.10"]),
    ],
)
def test_amounts_are_read_exactly(tmp_path: Path, values: tuple[str, ...], expected: list[str]) -> None:
    assert amounts(tmp_path, *values) == expected


def test_two_ways_to_write_amounts_are_asked(tmp_path: Path) -> None:
    seen = inspect(write(tmp_path, "date;amount\n2025-01-11;1.234,56\n2025-01-12;1,234.56\n2025-01-13;12,50\n"))
    assert [question.key for question in seen.questions] == ["decimal:amount"]
    assert "mixes" in seen.questions[0].why


def test_another_column_of_the_file_settles_the_decimal_mark(tmp_path: Path) -> None:
    seen, rows = typed(write(tmp_path, "date;amount;balance\n2025-01-11;1.234;10,50\n2025-01-12;2.500;11,50\n"))
    assert column(rows, "amount") == ["1234", "2500"]
    assert any("another column" in warning for warning in seen.warnings)


def test_what_is_no_amount_is_listed_with_its_line(tmp_path: Path) -> None:
    text = "date,text,amount\n" + "".join(
        f"2025-01-1{i},m{i},{v}\n" for i, v in enumerate(("", "N/A", "nan", "inf", "12..5", "5.00"))
    )
    seen, rows = typed(write(tmp_path, text))
    assert [error.line for error in seen.row_errors] == [3, 4, 5, 6]
    assert column(rows, "amount") == [None, "5.00"]
    assert "'12..5' in column 'amount' is not an amount." in [error.reason for error in seen.row_errors]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("13/01/2025", "02/03/2025"), ["2025-01-13", "2025-03-02"]),
        (("1/13/2025", "2/3/2025"), ["2025-01-13", "2025-02-03"]),
        (("13.01.25", "02.03.99"), ["2025-01-13", "1999-03-02"]),
        (("20250113", "20250302"), ["2025-01-13", "2025-03-02"]),
        (("13 Jan 2025", "2-MAR-25"), ["2025-01-13", "2025-03-02"]),
        (("Jan 13, 2025", "March 2, 2025"), ["2025-01-13", "2025-03-02"]),
        (("13. Januar 2025", "2. März 2025"), ["2025-01-13", "2025-03-02"]),
        (("13 de enero de 2025", "2 mar 2025"), ["2025-01-13", "2025-03-02"]),
        (("2025-01-13T23:30:00Z", "2025-03-02T00:30:00Z"), ["2025-01-13", "2025-03-02"]),
        (("2025-01-13T00:30:00+09:00", "2025-03-02T23:30:00-05:00"), ["2025-01-13", "2025-03-02"]),
        (("45670", "45718"), ["2025-01-13", "2025-03-02"]),
        (("25-01-13", "25-03-02", "25-03-03"), ["2025-01-13", "2025-03-02", "2025-03-03"]),
    ],
)
def test_dates_keep_the_day_that_stands_there(tmp_path: Path, values: tuple[str, ...], expected: list[str]) -> None:
    assert dates(tmp_path, *values) == expected


def test_days_up_to_twelve_are_asked_and_the_answer_is_used(tmp_path: Path) -> None:
    path = write(tmp_path, "date;amount\n03/04/2025;1.00\n05/06/2025;2.00\n")
    question = inspect(path).questions[0]
    assert (question.key, question.choices, question.values) == ("date_order:date", ("dmy", "mdy"), 2)
    assert column(typed(path, **{"date_order:date": "dmy"})[1], "date") == ["2025-04-03", "2025-06-05"]
    assert column(typed(path, date_order="mdy")[1], "date") == ["2025-03-04", "2025-05-06"]


def test_mixed_orders_are_asked(tmp_path: Path) -> None:
    seen = inspect(write(tmp_path, "date;amount\n31/12/2024;1.00\n12/31/2024;2.00\n01/02/2025;3.00\n"))
    assert "mixes day-first and month-first" in seen.questions[0].why


def test_impossible_dates_are_never_rolled_over(tmp_path: Path) -> None:
    bad = ("2025-02-30", "0000-00-00", "2025-13-01", "1900-02-29", "31.04.2025", "2568-01-15", "9999-12-31")
    text = "date,text,amount\n" + "".join(f"{value},x,1.00\n" for value in bad) + "2024-02-29,leap,1.00\n"
    seen, rows = typed(write(tmp_path, text))
    assert len(seen.row_errors) == len(bad)
    assert column(rows, "date") == ["2024-02-29"]


def test_in_master_data_a_wrong_date_costs_the_value_not_the_row(tmp_path: Path) -> None:
    seen, rows = typed(write(tmp_path, "name,date_of_birth\nAnna,19800102\nBert,19510096\nCarl,19900304\n"))
    assert column(rows, "date_of_birth") == ["1980-01-02", None, "1990-03-04"]
    assert seen.warnings == (
        "Column 'date_of_birth' has values that do not fit and were left empty: 1, first '19510096' on line 3.",
    )


def test_identifiers_keep_zeros_letters_and_length(tmp_path: Path) -> None:
    values = ["000123", "0", "1E5", "12345678901234567890123", "+491701234567", "0x1F", "2025-01"]
    _, rows = typed(write(tmp_path, "id,amount\n" + "".join(f"{value},1.00\n" for value in values)))
    assert column(rows, "id") == values


def test_debit_and_credit_become_one_signed_amount(tmp_path: Path) -> None:
    text = "date;text;debit;credit\n2025-01-13;a;639.72;\n2025-01-14;b;;7.98\n"
    seen, rows = typed(write(tmp_path, text))
    assert column(rows, "amount") == ["-639.72", "7.98"]
    assert seen.warnings == ("Column 'amount' was made of 'credit' minus 'debit'.",)


@pytest.mark.parametrize("marks", [("D", "C"), ("S", "H"), ("debit", "credit"), ("Af", "Bij"), ("-", "+")])
def test_a_column_of_marks_gives_the_sign(tmp_path: Path, marks: tuple[str, str]) -> None:
    text = f"date;text;amount;dc\n2025-01-13;a;639.72;{marks[0]}\n2025-01-14;b;7.98;{marks[1]}\n"
    assert column(typed(write(tmp_path, text))[1], "amount") == ["-639.72", "7.98"]


def test_text_is_kept_character_by_character(tmp_path: Path) -> None:
    texts = ["e\u0301clair", "éclair", "\u202ertl", " 👩‍👩‍👧 ", "=1+1", "<script>", "trailing "]
    body = "".join(f'2025-01-13,"{text}",1.00\n' for text in texts)
    assert column(typed(write(tmp_path, "date,text,amount\n" + body))[1], "text") == texts


def test_a_wrong_answer_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path, "date;amount\n03/04/2025;1.00\n05/06/2025;2.00\n")
    with pytest.raises(BadFile, match="not an order of dates"):
        read_table(path, answers={"date_order:date": "ymdd"})


def test_a_chosen_type_wins(tmp_path: Path) -> None:
    path = write(tmp_path, "code,amount\n12,1.00\n13,2.00\n")
    assert read_table(path, answers={"type:code": "text"}).frame["code"].to_list() == ["12", "13"]


def test_types_can_be_chosen(tmp_path: Path) -> None:
    path = write(tmp_path, "code,when\n12,20250113\n13,20250114\n")
    assert column(typed(path, **{"type:code": "amount"})[1], "code") == ["12", "13"]
    assert column(typed(path, **{"type:when": "date"})[1], "when") == ["2025-01-13", "2025-01-14"]
    assert "is no type" in (inspect(path, answers={"type:code": "colour"}).error or "")


def test_counts_since_1970_are_times(tmp_path: Path) -> None:
    seen, rows = typed(write(tmp_path, "ts,amount\n1736899200,1.00\n1736985600,2.00\n"))
    assert column(rows, "ts") == ["2025-01-15T00:00:00", "2025-01-16T00:00:00"]
    assert "since 1970" in seen.warnings[0]


def test_another_date_column_settles_the_order(tmp_path: Path) -> None:
    seen, rows = typed(write(tmp_path, "date;due;amount\n03/04/2025;25/04/2025;1.00\n05/06/2025;26/06/2025;2.00\n"))
    assert column(rows, "date") == ["2025-04-03", "2025-06-05"]
    assert "another column settles them as dmy" in seen.warnings[0]


def test_compact_days_without_a_date_name_need_several_values(tmp_path: Path) -> None:
    few = typed(write(tmp_path, "x1,amount\n20250113,1.00\n20250114,2.00\n"))[0]
    many = typed(write(tmp_path, "x1,amount\n" + "".join(f"202501{day},1.00\n" for day in range(10, 20))))[0]
    assert [few.columns[0].type, many.columns[0].type] == ["number", "date"]


def test_additional_columns_never_take_a_name(tmp_path: Path) -> None:
    text = "date,date time,amount,amount currency\n2025-01-13T10:00:00Z,x,$1.00,y\n2025-01-14T11:00:00Z,x,$2.00,y\n"
    names = [found.name for found in typed(write(tmp_path, text))[0].columns]
    assert names == ["date", "date time (2)", "date time", "amount", "amount currency (2)", "amount currency"]


def test_signs_can_be_left_as_written(tmp_path: Path) -> None:
    path = write(tmp_path, "date,amount,dc\n2025-01-13,5.00,D\n2025-01-14,6.00,C\n")
    assert column(typed(path, sign="as written")[1], "amount") == ["5.00", "6.00"]
    signed = typed(write(tmp_path, "date,amount,dc\n2025-01-13,-5.00,D\n2025-01-14,6.00,C\n"))
    assert column(signed[1], "amount") == ["-5.00", "6.00"]
    assert "signed already" in signed[0].warnings[0]


def test_negative_debits_are_added(tmp_path: Path) -> None:
    text = "date,debit,credit\n2025-01-13,-5.00,\n2025-01-14,,6.00\n"
    assert column(typed(write(tmp_path, text))[1], "amount") == ["-5.00", "6.00"]


def test_endless_decimals_stay_text(tmp_path: Path) -> None:
    seen, _ = typed(write(tmp_path, "x,y\n0.1234567890123456789012,1\n0.2,2\n0.3,3\n"))
    assert seen.columns[0].type == "text"
    assert "decimals" in seen.warnings[0]


@pytest.mark.parametrize(("code", "expected"), [("JPY", ["1234", "2500"]), ("KWD", ["1.234", "2.500"])])
def test_the_currency_settles_three_digits(tmp_path: Path, code: str, expected: list[str]) -> None:
    text = f"date;amount;currency\n2025-01-13;1,234;{code}\n2025-01-14;2,500;{code}\n"
    seen, rows = typed(write(tmp_path, text))
    assert column(rows, "amount") == expected
    assert "the currency settles" in seen.warnings[0]
