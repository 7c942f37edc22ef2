"""Bank statements: proofs, gaps, duplicates, reversals, and entries that cannot be read."""

from pathlib import Path

import pytest

from recon378_engine.reading import inspect

from .builders import STATEMENT, camt, column, typed, write

ENTRY = (
    '<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{more}<Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt>'
    "<AcctSvcrRef>{reference}</AcctSvcrRef><NtryDtls><TxDtls><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
)
OFX = (
    "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR"
    "<BANKACCTFROM><BANKID>1<ACCTID>2</BANKACCTFROM><BANKTRANLIST>{entries}</BANKTRANLIST>"
    "<LEDGERBAL><BALAMT>1.00<DTASOF>20250401</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
)


def entry(
    amount: str = "5.00", side: str = "CRDT", day: str = "2024-01-15", reference: str = "R1", text: str = "x", more: str = ""
) -> str:
    return ENTRY.format(amount=amount, side=side, day=day, reference=reference, text=text, more=more)


def transaction(amount: str, day: str = "20250113", reference: str = "F1", name: str = "ACME") -> str:
    return f"<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>{day}<TRNAMT>{amount}<FITID>{reference}<NAME>{name}</STMTTRN>"


def mt940(folder: Path, *entries: str, closing: str = "1000,00") -> Path:
    return write(folder, STATEMENT.format(number=1, opening="1000,00", entries="".join(entries), closing=closing), "a.sta")


def test_a_broken_mt940_proof_names_the_difference(tmp_path: Path) -> None:
    seen = inspect(mt940(tmp_path, ":61:2401150115C1,00NTRFREF//B1\n", closing="1002,00"))
    assert seen.statements[0].proof == "broken"
    assert any("proof broken by 1.00" in warning for warning in seen.warnings)


def test_mt940_reversals_have_the_opposite_sign(tmp_path: Path) -> None:
    path = mt940(tmp_path, ":61:2401150115RC5,00NTRFA//B1\n", ":61:2401150115RD7,00NTRFB//B2\n", closing="1002,00")
    assert column(typed(path)[1], "amount") == ["-5.00", "7.00"]


def test_mt940_february_30_is_moved_and_said(tmp_path: Path) -> None:
    seen, rows = typed(mt940(tmp_path, ":61:2402300230D5,00NTRFA//B1\n", closing="995,00"))
    assert column(rows, "date") == ["2024-02-29"]
    assert any("does not exist" in warning for warning in seen.warnings)


def test_mt940_subfields_are_taken_apart(tmp_path: Path) -> None:
    details = ":86:166?00GUTSCHRIFT?20Invoice ?211001?31DE02100100?32ACME?33 GmbH\n"
    _, rows = typed(mt940(tmp_path, ":61:2401150115C5,00NTRFNONREF//B1\n", details, closing="1005,00"))
    assert (rows[0]["description"], rows[0]["counterparty"], rows[0]["counterparty_account"]) == (
        "Invoice 1001",
        "ACME GmbH",
        "DE02100100",
    )


def test_an_mt940_entry_without_form_is_listed(tmp_path: Path) -> None:
    seen, rows = typed(mt940(tmp_path, ":61:nonsense\n", ":61:2401150115C5,00NTRFA//B1\n", closing="1005,00"))
    assert [error.line for error in seen.row_errors] == [5]
    assert len(rows) == 1


def test_gaps_and_repeated_statements_are_named(tmp_path: Path) -> None:
    first = STATEMENT.format(number=1, opening="1000,00", entries=":61:2401150115C5,00NTRFA//B1\n", closing="1005,00")
    third = STATEMENT.format(number=3, opening="1010,00", entries=":61:2401160116C1,00NTRFA//B2\n", closing="1011,00")
    gap = inspect(write(tmp_path, first + third, "a.sta")).warnings
    assert any("Gap between statements 1/1 and 3/1" in warning and "5.00 is missing" in warning for warning in gap)
    twice = inspect(write(tmp_path, first + first, "b.sta")).warnings
    assert any("occurs twice" in warning for warning in twice)


def test_camt_sign_comes_from_the_indicator_of_the_entry(tmp_path: Path) -> None:
    reversal = entry("5.00", "DBIT", more="<RvslInd>true</RvslInd>")
    seen, rows = typed(write(tmp_path, camt(reversal, closing="995.00"), "a.xml"))
    assert column(rows, "amount") == ["-5.00"]
    assert seen.statements[0].proof == "holds"


def test_camt_twins_stay_and_repeated_references_are_named(tmp_path: Path) -> None:
    seen, rows = typed(write(tmp_path, camt(entry() * 2, closing="1010.00", count=3), "a.xml"))
    assert len(rows) == 2
    assert any("R1 occurs more than once" in warning for warning in seen.warnings)
    assert any("says 3 entries, but 2" in warning for warning in seen.warnings)


def test_camt_batch_that_does_not_add_up_stays_one_line(tmp_path: Path) -> None:
    details = '<TxDtls><Amt Ccy="EUR">1.00</Amt></TxDtls><TxDtls><Amt Ccy="EUR">2.00</Amt></TxDtls>'
    batch = entry().replace("<TxDtls><RmtInf><Ustrd>x</Ustrd></RmtInf></TxDtls>", details)
    seen, rows = typed(write(tmp_path, camt(batch, closing="1005.00"), "a.xml"))
    assert column(rows, "amount") == ["5.00"]
    assert any("make 3.00, the entry says 5.00" in warning for warning in seen.warnings)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + camt(entry())[38:], "entities"),
        (camt(entry())[:-40], "not well formed"),
        ("<a>" * 5_000, "nested deeper"),
        (f'<Document x="{"y" * 2_000_000}"/>', "attributes"),
        ("<Document " + " ".join(f'a{i}=""' for i in range(1_000)) + "/>", "attributes"),
        (
            '<Document xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd"/></Document>',
            "not a known bank",
        ),
    ],
)
def test_hostile_xml_is_refused(tmp_path: Path, content: str, sentence: str) -> None:
    seen = inspect(write(tmp_path, content, "a.xml"))
    assert seen.status == "rejected"
    assert sentence in (seen.error or "")


def test_ofx_reads_commas_zones_and_entities(tmp_path: Path) -> None:
    entries = transaction("-639318,72", name="A &amp; B") + transaction("1.50", "20250116235959[-5:EST]", "F2")
    _, rows = typed(write(tmp_path, OFX.format(entries=entries), "a.ofx", "cp1252"))
    assert column(rows, "amount") == ["-639318.72", "1.50"]
    assert column(rows, "date") == ["2025-01-13", "2025-01-16"]
    assert column(rows, "description") == ["A & B", "ACME"]


def test_ofx_faults_are_listed(tmp_path: Path) -> None:
    whole = OFX.format(entries=transaction("1.00") + transaction("2.00", "") + transaction("x", reference="F3"))
    seen, rows = typed(write(tmp_path, whole, "a.ofx"))
    assert (len(rows), len(seen.row_errors)) == (1, 2)
    cut = inspect(write(tmp_path, whole[: whole.index("F1") + 5], "b.ofx"))
    assert "</OFX>" in cut.row_errors[-1].reason


def test_qif_is_typed_like_a_table(tmp_path: Path) -> None:
    text = "!Type:Bank\nD1/13'25\nT-1,234.56\nPACME\nN000123\nSFood\n$-60.00\n^\nD2/2'25\nT5.00\nPFee\n"
    seen, rows = typed(write(tmp_path, text, "a.qif"))
    assert column(rows, "date") == ["2025-01-13", "2025-02-02"]
    assert column(rows, "amount") == ["-1234.56", "5.00"]
    assert column(rows, "id") == ["000123", None]
    assert inspect(write(tmp_path, "!Type:Invst\nD1/1'25\nNBuy\n^\n", "b.qif")).status == "rejected"
    assert seen.format == "qif"


def test_bai2_totals_and_continuations(tmp_path: Path) -> None:
    text = (
        "01,B,C,240115,0800,1,80,,2/\n02,C,B,1,240115,0800,JPY,2/\n03,1,JPY/\n16,475,500,V,240116,,R1,C1,part one\n88,part two\n"
        "49,501,4/\n98,501,1,6/\n"
    )
    seen, rows = typed(write(tmp_path, text, "a.bai"))
    assert [(row["amount"], row["id"], row["description"]) for row in rows] == [("-500", "R1", "part one part two")]
    assert any("differs from the sum 500" in warning for warning in seen.warnings)
    assert any("trailer (99) is missing" in warning for warning in seen.warnings)


def test_camt_entries_without_amount_or_day_are_listed(tmp_path: Path) -> None:
    entries = entry("x") + entry("NaN") + entry(day="") + entry()
    seen, rows = typed(write(tmp_path, camt(entries, closing="1005.00", count=4), "a.xml"))
    assert (len(rows), len(seen.row_errors)) == (1, 3)
    empty = camt("").replace("<Stmt>", "<X>").replace("</Stmt>", "</X>")
    assert "without a statement" in (inspect(write(tmp_path, empty, "b.xml")).error or "")


def test_camt_in_other_encodings_and_with_prefixes(tmp_path: Path) -> None:
    text = camt(entry(text="Müller"), closing="1005.00")
    wide = write(tmp_path, b"\xff\xfe" + text.replace("UTF-8", "UTF-16").encode("utf-16-le"), "a.xml")
    assert column(typed(wide)[1], "description") == ["Müller"]
    prefixed = text.replace("<", "<n:").replace("<n:/", "</n:").replace("<n:?", "<?").replace("xmlns=", "xmlns:n=")
    assert column(typed(write(tmp_path, prefixed, "b.xml"))[1], "description") == ["Müller"]
    assert "encoding" in (inspect(write(tmp_path, text.replace("UTF-8", "X-99"), "c.xml")).error or "")


def test_amounts_beyond_any_money_are_listed(tmp_path: Path) -> None:
    seen, rows = typed(write(tmp_path, OFX.format(entries=transaction("9" * 40) + transaction("1.00", reference="F2")), "a.ofx"))
    assert (len(rows), "more digits" in seen.row_errors[0].reason) == (1, True)


def test_ofx_headers_that_lie_and_files_without_statements(tmp_path: Path) -> None:
    seen, rows = typed(write(tmp_path, OFX.format(entries=transaction("1.00", name="Müller")), "a.ofx"))
    assert column(rows, "description") == ["Müller"]
    assert "says Windows-1252" in (seen.warnings or ("",))[0] or seen.status == "accepted"
    assert "no statement" in (inspect(write(tmp_path, "OFXHEADER:100\n\n<OFX></OFX>", "b.ofx")).error or "")
    assert "entities" in (inspect(write(tmp_path, '<?xml version="1.0"?><!DOCTYPE OFX []><OFX></OFX>', "c.ofx")).error or "")
    nested = transaction("1.00").removesuffix("</STMTTRN>") + transaction("1.234,56", reference="F9")
    assert len(inspect(write(tmp_path, OFX.format(entries=nested), "d.ofx")).row_errors) == 1


def test_ofx_investments_take_the_total_behind_them(tmp_path: Path) -> None:
    buys = "".join(
        f"<BUYSTOCK><INVBUY><INVTRAN><FITID>I{n}<DTTRADE>2025011{n}</INVTRAN><TOTAL>-{n}.50</INVBUY></BUYSTOCK>" for n in (1, 2)
    )
    text = "<OFX><INVSTMTRS><CURDEF>USD<INVTRANLIST>" + buys + "</INVTRANLIST></INVSTMTRS></OFX>"
    assert column(typed(write(tmp_path, text, "a.ofx"))[1], "amount") == ["-1.50", "-2.50"]


def test_bai2_accounts_with_all_funds_types(tmp_path: Path) -> None:
    text = (
        "01,B,C,240115,0800,1,80,,2/\n02,C,B,1,990099,0800,,2/\n03,1,USD,010,100,,S,1,2,3,015,300,,D,2,0,1,1,2/\n88,100,5,,/\n"
        "16,165,100,S,1,2,3,R1,C1,lock box\n16,165,100,D,1,0,5,R2,C2,wrapped\n text/\n"
        "16,999,5,,R3,C3,odd code/ 16,475,x,,R4,C4,bad/\n"
        "49,610,6/\n"
        "98,610,1,8/\n99,610,1,10/\n"
    )
    seen, rows = typed(write(tmp_path, text, "a.bai"))
    assert [(row["amount"], row["id"], row["description"]) for row in rows] == [
        ("1.00", "R1", "lock box"),
        ("1.00", "R2", "wrapped text"),
        ("0.05", "R3", "odd code"),
    ]
    assert len(seen.row_errors) == 1
    assert any("neither credit" in warning for warning in seen.warnings)
    assert inspect(write(tmp_path, text.replace("01,", "00,", 1), "b.bai")).status == "rejected"


def test_mt940_lines_outside_and_dates_that_are_none(tmp_path: Path) -> None:
    path = mt940(tmp_path, ":61:2413150115D5,00NTRFA//B1\n", ":61:2401150115C5,00NTRFA//B2\n:25:details under the wrong tag\n")
    seen, rows = typed(write(tmp_path, path.read_text() + "what is this\n", "b.sta"))
    assert [row["description"] for row in rows] == ["details under the wrong tag"]
    assert "is not a date" in seen.row_errors[0].reason
    assert any("outside of any statement" in warning for warning in seen.warnings)
    assert inspect(write(tmp_path, ":20:X\n", "c.sta")).status == "rejected"


def test_amounts_that_mean_two_things_are_listed(tmp_path: Path) -> None:
    seen, rows = typed(
        write(tmp_path, OFX.format(entries=transaction("1,234") + transaction("1,234,567", reference="F2")), "a.ofx")
    )
    assert column(rows, "amount") == ["1234567"]
    assert "'1,234' is not an amount" in seen.row_errors[0].reason
    odd = mt940(tmp_path, ":61:2401150115C1.234,56NTRFA//B1\n", closing="1000,00")
    assert len(inspect(odd).row_errors) == 1
    sideless = entry().replace("<CdtDbtInd>CRDT</CdtDbtInd>", "")
    assert len(inspect(write(tmp_path, camt(sideless, closing="1000.00"), "a.xml")).row_errors) == 1
