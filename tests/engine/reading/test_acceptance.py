"""The parsing examples 1 to 7 of the specification, by their numbers."""

from pathlib import Path

import polars as pl

from recon378_engine.reading import inspect, read_table
from recon378_engine.reading.overlap import excess_rows

from .builders import STATEMENT, camt, column, typed, workbook, write


def test_acceptance_1_preamble_header_on_line_4_and_footer_total(tmp_path: Path) -> None:
    text = "Kontoauszug\nIBAN;DE89\n\nDatum;Betrag;Text\n02.01.2024;10,00;a\n03.01.2024;11,00;b\n;21,00;Summe\n"
    seen, rows = typed(write(tmp_path, text))
    assert seen.status == "accepted"
    assert seen.header_line == 4
    assert column(rows, "Betrag") == ["10.00", "11.00"]
    assert column(rows, "Datum") == ["2024-01-02", "2024-01-03"]
    assert any("footer total 21.00 agrees" in warning for warning in seen.warnings)
    assert (seen.rows, seen.skipped, seen.rows_in_file) == (2, 1, 3)


def test_acceptance_2_decimal_comma_settled_by_one_value(tmp_path: Path) -> None:
    seen, rows = typed(write(tmp_path, "Datum;Betrag\n02.01.2024;-1.234,56\n03.01.2024;1.000\n"))
    assert seen.status == "accepted"
    assert column(rows, "Betrag") == ["-1234.56", "1000.00"]


def test_acceptance_2_only_thousands_or_fractions_are_asked(tmp_path: Path) -> None:
    path = write(tmp_path, "Datum;Betrag\n02.01.2024;1.000\n03.01.2024;2.500\n")
    seen = inspect(path)
    assert seen.status == "question"
    assert [(question.key, question.choices, question.values) for question in seen.questions] == [
        ("decimal:Betrag", (".", ","), 2)
    ]
    assert column(typed(path, **{"decimal:Betrag": ","})[1], "Betrag") == ["1000", "2500"]
    assert column(typed(path, **{"decimal:Betrag": "."})[1], "Betrag") == ["1.000", "2.500"]


def test_acceptance_3_workbook_text_keeps_zeros_and_large_numbers_become_keys(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["id", "key", "amount"], ["000123", 1234567890123456, 1.5], ["000124", 1234567890123457, 2.25]])
    seen, rows = typed(path)
    assert seen.status == "accepted"
    assert column(rows, "id") == ["000123", "000124"]
    assert column(rows, "key") == ["1234567890123456", "1234567890123457"]


def test_acceptance_4_camt_batch_is_split_and_its_sum_checked(tmp_path: Path) -> None:
    details = "".join(
        f"<TxDtls><Refs><EndToEndId>E{number}</EndToEndId></Refs>"
        f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd></TxDtls>'
        for number, amount in enumerate(("329.56", "100.00"))
    )
    entry = (
        '<Ntry><Amt Ccy="EUR">429.56</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2024-01-15</Dt></BookgDt>'
        f"<AcctSvcrRef>BATCH1</AcctSvcrRef><NtryDtls>{details}</NtryDtls></Ntry>"
    )
    seen, rows = typed(write(tmp_path, camt(entry), "statement.xml"))
    assert seen.status == "accepted"
    assert column(rows, "amount") == ["329.56", "100.00"]
    assert column(rows, "entry") == ["BATCH1", "BATCH1"]
    assert column(rows, "entry_amount") == ["429.56", "429.56"]
    assert any("add up to 429.56" in warning for warning in seen.warnings)
    assert seen.statements[0].proof == "holds"


def test_acceptance_5_mt940_proof_holds(tmp_path: Path) -> None:
    entries = ":61:2401150115D1500,25NTRFREF//B1\n:86:Rent\n:61:2401160116C700,00NTRFREF//B2\n:86:Sale\n"
    seen, rows = typed(write(tmp_path, STATEMENT.format(number=1, opening="1000,00", entries=entries, closing="199,75"), "a.sta"))
    assert seen.status == "accepted"
    assert column(rows, "amount") == ["-1500.25", "700.00"]
    assert [(statement.proof, statement.opening, statement.closing) for statement in seen.statements] == [
        ("holds", "1000.00", "199.75")
    ]
    assert seen.warnings == ()


def test_acceptance_6_bai2_amounts_and_control_total(tmp_path: Path) -> None:
    text = (
        "01,BANK,CUST,240115,0800,1,80,,2/\n02,CUST,BANK,1,240115,0800,USD,2/\n03,123456,USD,010,500000,,/\n"
        "16,165,10000000,Z,B1,C1,Wire in\n16,165,150000,Z,B2,C2,Cheque\n49,10650000,4/\n98,10650000,1,6/\n99,10650000,1,8/\n"
    )
    seen, rows = typed(write(tmp_path, text, "file.bai"))
    assert seen.status == "accepted"
    assert column(rows, "amount") == ["100000.00", "1500.00"]
    assert seen.statements[0].opening == "5000.00"
    assert seen.warnings == ()


def test_acceptance_7_same_file_twice_adds_nothing_and_overlap_adds_the_excess(tmp_path: Path) -> None:
    head = "date;description;amount\n2024-01-05;RENT;-500.00\n"
    first = read_table(write(tmp_path, head + "2024-01-06;COFFEE;-10.10\n" * 2, "first.csv"))
    later = read_table(write(tmp_path, head + "2024-01-06;COFFEE;-10.10\n" * 3, "later.csv"))
    assert first.height == 3
    assert excess_rows(first.frame, first.frame).sum() == 0
    mask = excess_rows(first.frame, later.frame)
    assert later.frame.filter(mask).select("description", pl.col("amount").cast(pl.String)).rows() == [("COFFEE", "-10.10")]
