"""What banks do to their own formats: codes of a purpose, reversals, pending entries, sums that do not agree."""

from pathlib import Path

import pytest

from .builders import STATEMENT, camt, column, typed, write
from .test_statements import OFX, entry, transaction

HEAD = ":20:START\n:25:50070010/0123456789\n:28C:1/1\n:60F:C250110EUR1000,00\n"
ENTRIES = {
    "reversals": (":61:2501130113RC100,00NMSCNONREF\n:61:2501140114RD50,00NMSCNONREF\n", ["-100.00", "50.00"], "950,00"),
    "funds code": (":61:2501130113CR100,00NMSCNONREF\n:61:2501140114DR50,00NMSCNONREF\n", ["100.00", "-50.00"], "1050,00"),
    "expected": (":61:2501130113EC100,00NMSCNONREF\n:61:2501130113ED100,00NMSCNONREF\n", ["100.00", "-100.00"], "1000,00"),
    "padded": (":61:250113D000000000100,00N544NONREF\n", ["-100.00"], "000000000900,00"),
    "dots": (":61:2501130113C100.50NTRFNONREF\n", ["100.50"], "1100.50"),
    "no type": (":61:2501130113D100,00\n", ["-100.00"], "900,00"),
    "no decimals": (":61:2501130113D1,NMSCNONREF\n", ["-1"], "999,00"),
    "more lines": (":61:2501130113D100,00NMSCNONREF//B1\n/TRCD/00100/\n:86:one\ntwo\n:not a tag\n", ["-100.00"], "900,00"),
}


@pytest.mark.parametrize("habit", ENTRIES)
def test_the_proof_of_an_mt940_statement_holds(tmp_path: Path, habit: str) -> None:
    entries, amounts, closing = ENTRIES[habit]
    seen, rows = typed(write(tmp_path, f"{HEAD}{entries}:62F:C250131EUR{closing}\n-\n", "f.sta"))
    assert (seen.status, column(rows, "amount"), seen.statements[0].proof) == ("accepted", amounts, "holds")


def test_purpose_codes_of_german_banks_become_fields(tmp_path: Path) -> None:
    details = ":86:166?00GUTSCHRIFT?20EREF+ABC?21SVWZ+Rechn\nung 4711?31DE89370400440532013000?32ACME GM\nBH\n"
    text = f"{HEAD}:61:2501130113C100,50N051NONREF\n{details}:62F:C250131EUR1100,50\n-\n"
    row = typed(write(tmp_path, text, "f.sta"))[1][0]
    assert (row["counterparty"], row["counterparty_account"]) == ("ACME GMBH", "DE89370400440532013000")
    assert "Rechnung 4711" in row["description"]


def test_a_booking_day_belongs_to_the_year_nearest_to_the_value_day(tmp_path: Path) -> None:
    text = f"{HEAD}:61:2412310102D100,00NMSCNONREF\n:62F:C250131EUR900,00\n-\n"
    assert column(typed(write(tmp_path, text, "f.sta"))[1], "date") == ["2025-01-02"]


def test_bank_codes_may_stand_before_the_first_tag(tmp_path: Path) -> None:
    text = f"ABNANL2A\n940\nABNANL2A\n{HEAD}:61:2501130113D100,00N192NONREF\n:62F:C250131EUR900,00\n-\n"
    seen, rows = typed(write(tmp_path, text, "f.sta"))
    assert (seen.format, seen.skipped, len(rows)) == ("mt940", 0, 1)


def test_an_interim_report_is_checked_by_its_sums(tmp_path: Path) -> None:
    text = ":20:X\n:25:1\n:28C:1\n:34F:EURD0,\n:13D:2501131200+0100\n:61:2501130113D100,00NMSC\n:90D:{}\n-\n"
    right, rows = typed(write(tmp_path, text.format("1EUR100,00"), "f.sta"))
    wrong, _ = typed(write(tmp_path, text.format("2EUR200,00"), "f.sta"))
    assert (column(rows, "currency"), right.warnings) == (["EUR"], ())
    assert any("2EUR200,00" in warning for warning in wrong.warnings)


def test_a_gap_and_a_statement_that_occurs_twice_are_named(tmp_path: Path) -> None:
    first = STATEMENT.format(number=1, opening="0,00", entries=":61:2401150115C1,00NTRFR//B1\n", closing="1,00")
    third = STATEMENT.format(number=3, opening="5,00", entries=":61:2401160116C1,00NTRFR//B3\n", closing="6,00")
    seen, _ = typed(write(tmp_path, first + first + third, "f.sta"))
    assert any("occurs twice" in warning for warning in seen.warnings)
    assert any("Gap between statements 1/1 and 3/1" in warning and "4.00 is missing" in warning for warning in seen.warnings)


def test_pending_entries_do_not_break_the_proof(tmp_path: Path) -> None:
    pending = entry("9.00").replace("<Sts>BOOK</Sts>", "<Sts>PDNG</Sts>")
    assert "PDNG" in pending
    seen, rows = typed(write(tmp_path, camt(entry("5.00") + pending, "0.00", "5.00", 2), "f.xml"))
    assert seen.statements[0].proof == "holds"
    assert column(rows, "status") == ["BOOK", "PDNG"]
    assert any("not booked" in warning for warning in seen.warnings)


def test_a_camt_statement_is_checked_by_its_sums(tmp_path: Path) -> None:
    text = camt(entry("5.00"), "0.00", "5.00").replace("</TtlNtries>", "<Sum>999.00</Sum></TtlNtries>")
    assert any("999.00" in warning for warning in typed(write(tmp_path, text, "f.xml"))[0].warnings)


def test_a_camt_amount_with_a_sign_of_its_own_is_refused(tmp_path: Path) -> None:
    seen, rows = typed(write(tmp_path, camt(entry("-5.00") + entry("1.00"), "0.00", "1.00", 2), "f.xml"))
    assert (len(seen.row_errors), column(rows, "amount")) == (1, ["1.00"])


def test_the_direction_of_a_detail_is_its_own(tmp_path: Path) -> None:
    details = "".join(
        f'<TxDtls><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd></TxDtls>'
        for amount, side in (("60.00", "CRDT"), ("40.00", "DBIT"))
    )
    batch = f"{entry('20.00').partition('<NtryDtls>')[0]}<NtryDtls>{details}</NtryDtls></Ntry>"
    seen, rows = typed(write(tmp_path, camt(batch, "0.00", "20.00"), "f.xml"))
    assert (column(rows, "amount"), seen.statements[0].proof) == (["60.00", "-40.00"], "holds")


def test_the_original_currency_is_not_that_of_the_amount(tmp_path: Path) -> None:
    foreign = transaction("-10.50").replace("</STMTTRN>", "<ORIGCURRENCY><CURRATE>1.1<CURSYM>XAU</ORIGCURRENCY></STMTTRN>")
    rows = typed(write(tmp_path, OFX.format(entries=foreign), "f.ofx"))[1]
    assert column(rows, "currency") != ["XAU"]


def test_a_bank_that_answers_with_an_error_is_quoted(tmp_path: Path) -> None:
    text = OFX.format(entries=transaction("1.00")).replace("<CURDEF>", "<STATUS><CODE>15500<SEVERITY>ERROR</STATUS><CURDEF>", 1)
    assert any("15500" in warning for warning in typed(write(tmp_path, text, "f.ofx"))[0].warnings)


@pytest.mark.parametrize(("record", "lacks"), [("D01/13/2025\nPA\n^\n", "amount"), ("T-10.50\nPA\n^\n", "date")])
def test_a_qif_record_needs_a_day_and_an_amount(tmp_path: Path, record: str, lacks: str) -> None:
    seen, rows = typed(write(tmp_path, f"!Type:Bank\n{record}D01/14/2025\nT1.00\n^\n", "f.qif"))
    assert [(error.row, error.reason) for error in seen.row_errors] == [(0, f"The transaction has no {lacks}.")]
    assert column(rows, "amount") == ["1.00"]


def test_an_apostrophe_before_the_year_means_this_century(tmp_path: Path) -> None:
    rows = typed(write(tmp_path, "!Type:Bank\nD1/13' 5\nT-10.50\n^\nD1/14'25\nT5.00\n^\n", "f.qif"))[1]
    assert column(rows, "date") == ["2005-01-13", "2025-01-14"]


FUNDS = {"Z": "Z", "V": "V,250114,1200", "S": "S,10000,20000,20000", "D": "D,3,0,10000,1,20000,3,20000", "none": ""}


@pytest.mark.parametrize("kind", FUNDS)
def test_bai2_references_stand_behind_what_the_funds_type_brings(tmp_path: Path, kind: str) -> None:
    text = (
        "01,BANK,CUST,250113,0800,1,80,,2/\n02,CUST,BANK,1,250113,0800,USD,2/\n03,123,USD,010,0,,/\n88,015,50000,,/\n"
        f"16,165,50000,{FUNDS[kind]},B1,C1,Wire, with comma\n88,and/more\n49,100000,5/\n98,100000,1,7/\n99,100000,1,9/\n"
    )
    seen, rows = typed(write(tmp_path, text, "f.bai"))
    assert [(row["id"], row["amount"], row["description"]) for row in rows] == [("B1", "500.00", "Wire, with comma and/more")]
    assert (seen.statements[0].proof, seen.warnings) == ("holds", ())
