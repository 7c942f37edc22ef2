"""Amounts as people and programs write them: right, or asked, or refused; never another number in silence."""

from pathlib import Path

import pytest

from .builders import column, typed, workbook, write

READ = {
    "indian groups": (["12,34,567.89", "1,23,456.00", "-5,000.50"], ["1234567.89", "123456.00", "-5000.50"]),
    "indian whole": (["12,34,567", "1,23,456"], ["1234567", "123456"]),
    "rupees": (["₹ 12,34,567.89", "Rs. 1,23,456.00", "Rs 99.50/-"], ["1234567.89", "123456.00", "99.50"]),
    "minus behind": (["1.234,56-", "99,00", "0,50 -"], ["-1234.56", "99.00", "-0.50"]),
    "brackets around currency": (["($1,234.56)", "$99.00", "$(0.50)"], ["-1234.56", "99.00", "-0.50"]),
    "accounting dash": ([" $ 1,234.56 ", " $ (99.00)", " $ - "], ["1234.56", "-99.00", "0.00"]),
    "CR and DR behind": (["1,234.56 CR", "99.00Dr", "0.50 (Cr)"], ["1234.56", "-99.00", "0.50"]),
    "CR and DR before": (["CR 1,234.56", "DR 99.00"], ["1234.56", "-99.00"]),
    "Soll and Haben": (["1.234,56 H", "99,00 S"], ["1234.56", "-99.00"]),
    "swiss": (["1'234.56", "-99.00", "1’234’567.00"], ["1234.56", "-99.00", "1234567.00"]),
    "swiss dash": (["CHF 1'234.--", "CHF 99.50", "CHF 12.-"], ["1234.00", "99.50", "12.00"]),
    "german dash": (["1.234,-- €", "99,50 €", "12,- €"], ["1234.00", "99.50", "12.00"]),
    "narrow blanks": (["1\u202f234,56 €", "-99,00 €"], ["1234.56", "-99.00"]),
    "krona": (["1 234,56 kr", "-99,00 kr."], ["1234.56", "-99.00"]),
    "real": (["R$ 1.234,56", "-R$ 99,00"], ["1234.56", "-99.00"]),
    "yen": (["1,234円", "99円", "12,345,678円"], ["1234", "99", "12345678"]),
    "full width": (["１，２３４．５６", "－０．５０"], ["1234.56", "-0.50"]),
    "arabic": (["١٬٢٣٤٫٥٦", "-٠٫٥٠"], ["1234.56", "-0.50"]),
    "persian": (["۱۲۳۴٫۵۶", "۹۹٫۰۰"], ["1234.56", "99.00"]),
    "devanagari": (["१२३४.५६", "९९.००"], ["1234.56", "99.00"]),
    "unicode minus": (["\u22121.234,56", "99,00"], ["-1234.56", "99.00"]),
    "long": (["0,1234567890123", "99999999999999999,99"], ["0.1234567890123", "99999999999999999.9900000000000"]),
    "zeros before": (["0001234,50", "0000001,00"], ["1234.50", "1.00"]),
}
LEFT_OPEN = (
    ["1,234", "5,678", "-9,012"],
    ["1.234", "5.678", "12"],
    ["1.234 €", "5.678 €"],
    ["1.234,56", "1,234.56", "7,00", "8.00"],
)
FAULTY = ("12,5O", "--5,00", "inf", "1.23.456,00", "(5,00", "=1+1")


def ledger(texts: list[str]) -> str:
    return "Datum;Betrag\n" + "".join(f"{13 + row}.01.2025;{text}\n" for row, text in enumerate(texts))


@pytest.mark.parametrize("habit", READ)
def test_amounts_are_read_as_they_are_meant(tmp_path: Path, habit: str) -> None:
    texts, values = READ[habit]
    seen, rows = typed(write(tmp_path, ledger(texts)))
    assert seen.status == "accepted"
    assert column(rows, "Betrag") == values


@pytest.mark.parametrize("texts", LEFT_OPEN)
def test_amounts_that_mean_two_things_are_asked(tmp_path: Path, texts: list[str]) -> None:
    assert [asked.key for asked in typed(write(tmp_path, ledger(texts)))[0].questions] == ["decimal:Betrag"]


@pytest.mark.parametrize("text", FAULTY)
def test_what_is_no_amount_costs_its_row(tmp_path: Path, text: str) -> None:
    seen, rows = typed(write(tmp_path, ledger([text, "99,00", "1,00", "2,00"])))
    assert [error.line for error in seen.row_errors] == [2]
    assert column(rows, "Betrag") == ["99.00", "1.00", "2.00"]


def test_exponents_are_written_out_in_amounts_and_kept_in_keys(tmp_path: Path) -> None:
    seen, rows = typed(write(tmp_path, "id;amount\n1E5;1.5E+3\n2E10;2.25\n"))
    assert [(row["id"], row["amount"]) for row in rows] == [("1E5", "1500.00"), ("2E10", "2.25")]
    assert any("1.5E+3" in warning for warning in seen.warnings)


def test_a_code_with_an_exponent_never_becomes_a_number(tmp_path: Path) -> None:
    body = "".join(f"{row};1.50\n" for row in range(1000, 1030)) + "1E5;1.50\n"
    seen, rows = typed(write(tmp_path, "branch;amount\n" + body))
    assert [error.line for error in seen.row_errors] == [32]
    assert len(rows) == 30


def test_a_column_named_like_an_amount_is_not_kept_as_text_in_silence(tmp_path: Path) -> None:
    seen, rows = typed(write(tmp_path, ledger(["12 Stück", "13 Stück"])))
    assert column(rows, "Betrag") == ["12 Stück", "13 Stück"]
    assert any("named like an amount" in warning for warning in seen.warnings)


@pytest.mark.parametrize(
    ("debit", "credit"),
    [
        ("Debit", "Credit"),
        ("Cargo", "Abono"),
        ("Dare", "Avere"),
        ("Paid out", "Paid in"),
        ("支出", "收入"),
        ("Wydatki", "Wpływy"),
    ],
)
def test_debit_and_credit_columns_make_one_amount(tmp_path: Path, debit: str, credit: str) -> None:
    text = f"date;text;{debit};{credit}\n2025-01-13;a;100.00;\n2025-01-14;b;;1050.00\n"
    assert column(typed(write(tmp_path, text))[1], "amount") == ["-100.00", "1050.00"]


def test_text_among_the_numbers_of_a_workbook_is_not_guessed(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["date", "amount"], ["2025-01-13", 1234.56], ["2025-01-14", "1,234"], ["2025-01-15", 3.5]])
    seen, rows = typed(path)
    assert [error.line for error in seen.row_errors] == [3]
    assert column(rows, "amount") == ["1234.56", "3.50"]
