"""The profile of columns as it is drawn, and the evidence that a file was read right."""

import re
from typing import Any

from recon378.accounts.deps import Platform
from recon378.files.service.questions import label_of
from recon378_engine.reading import Question
from tests.platform.client import Client, Person
from tests.platform.files.test_upload import read

LINES = [f"INV-{1000 + n % 95};{1 + n % 28:02}.{1 + n % 3:02}.2026;{n % 40 + 10},50;{'EUR' if n % 4 else ''}" for n in range(100)]
CONTENT = "\n".join(["Reference;Booked;Amount;Currency", *LINES, "INV-9999;15.02.2026;98000,00;EUR", "Total;;101045,00;"]) + "\n"


async def columns_of(client: Client, platform: Platform, person: Person) -> dict[str, dict[str, Any]]:
    file = await read(client, platform, person, CONTENT.encode())
    assert file["status"] == "ready", file
    return {column["name"]: column for column in file["columns"]}


async def test_a_histogram_keeps_what_is_far_apart(client: Client, platform: Platform, alice: Person) -> None:
    amount = (await columns_of(client, platform, alice))["Amount"]
    assert sum(one["count"] for one in amount["histogram"]) == 101
    assert [(one["count"], one["high"]) for one in amount["histogram"] if one["is_far"]] == [(1, "98000.00")]
    assert (amount["outliers"], amount["outlier_examples"]) == (1, ["98000.00"])
    assert "1 values lie far from the rest." in amount["warnings"]


async def test_dates_have_a_histogram_and_texts_their_top_values(client: Client, platform: Platform, alice: Person) -> None:
    columns = await columns_of(client, platform, alice)
    booked = columns["Booked"]["histogram"]
    assert (booked[0]["low"], booked[-1]["high"]) == ("2026-01-01", "2026-03-28")
    assert all(re.fullmatch(r"2026-\d\d-\d\d", one["low"]) for one in booked)
    assert columns["Currency"]["top_values"][0] == {"label": "EUR", "count": 76}
    assert columns["Reference"]["patterns"] == [{"label": "A-9999", "count": 101}]
    assert columns["Reference"]["histogram"] == []


async def test_empty_and_repeated_values_are_said(client: Client, platform: Platform, alice: Person) -> None:
    columns = await columns_of(client, platform, alice)
    assert columns["Reference"]["warnings"] == ["5 values repeat an earlier one."]
    assert columns["Currency"]["warnings"] == ["25% of the rows have no value."]


async def test_evidence_says_how_values_are_written_and_which_total_agrees(
    client: Client, platform: Platform, alice: Person
) -> None:
    file = await read(client, platform, alice, CONTENT.encode())
    assert file["evidence"]["conventions"] == [
        {"kind": "date_order", "column": "Booked", "value": "dmy"},
        {"kind": "decimal", "column": "Amount", "value": ","},
    ]
    total = sum(n % 40 + 10.5 for n in range(100)) + 98000
    wrong = [warning for warning in file["warnings"] if "footer total" in warning]
    right = await read(client, platform, alice, CONTENT.replace("101045,00", f"{total:.2f}".replace(".", ",")).encode())
    assert (file["evidence"]["proofs"], len(wrong)) == ([], 1)
    assert right["evidence"]["proofs"] == [{"total": f"{total:.2f}", "line": 103, "column": "Amount"}]
    assert right["warnings"] == []


async def test_what_needs_no_look_is_a_note_and_no_warning(client: Client, platform: Platform, alice: Person) -> None:
    file = await read(
        client,
        platform,
        alice,
        ("Bank of Somewhere\nJanuary\n\n" + "\n".join(["Reference;Booked;Amount", *(line[:22] for line in LINES)])).encode(),
    )
    assert (file["warnings"], len(file["evidence"]["notes"])) == ([], 1)
    asked = await read(client, platform, alice, b"id,date\nA,01/02/2026\nB,03/04/2026\nC,05/06/2026\n")
    assert (asked["status"], asked["warnings"]) == ("question", [])


async def test_a_statement_says_whether_it_adds_up(client: Client, platform: Platform, alice: Person) -> None:
    lines = [":20:START", ":25:DE89370400440532013000", ":28C:1/1", ":60F:C260101EUR100,00"]
    lines += [":61:2601020102D30,00NTRFNONREF", ":86:Rent", ":62F:C260102EUR70,00", "-"]
    file = await read(client, platform, alice, "\r\n".join(lines).encode(), "statement.sta")
    assert file["status"] == "ready", file
    (statement,) = file["evidence"]["statements"]
    assert (statement["opening"], statement["closing"], statement["proof"]) == ("100.00", "70.00", "holds")
    assert file["rows_imported"] + file["rows_rejected"] + file["rows_skipped"] == 1


async def test_a_statement_that_does_not_add_up_stands_first_with_its_numbers(
    client: Client, platform: Platform, alice: Person
) -> None:
    lines = [":20:A", ":25:DE89370400440532013000", ":28C:1/1", ":60F:C260101EUR100,00", ":61:2601020102D30,00NTRFNONREF"]
    lines += [":62F:C260102EUR70,00", "-", ":20:B", ":25:DE89370400440532013000", ":28C:2/1", ":60F:C260102EUR70,00"]
    lines += [":61:2601030103D10,00NTRFNONREF", ":62F:C260103EUR50,00", "-"]
    file = await read(client, platform, alice, "\r\n".join(lines).encode(), "statement.sta")
    broken, right = file["evidence"]["statements"]
    assert (broken["number"], broken["proof"], broken["difference"], right["proof"]) == ("2/1", "broken", "-10.00", "holds")
    assert not any("proof broken" in warning for warning in file["warnings"])


async def test_few_values_have_no_far_ones_and_an_account_is_no_key_of_rows(
    client: Client, platform: Platform, alice: Person
) -> None:
    lines = [f"DE1;2026-01-{n:02};{n},50" for n in range(1, 10)] + ["DE1;2026-01-10;90000,00"]
    file = await read(client, platform, alice, "\n".join(["account;date;amount", *lines]).encode())
    assert [column["outliers"] for column in file["columns"]] == [0, 0, 0]
    assert [column["warnings"] for column in file["columns"]] == [[], [], []]


def test_choices_are_told_on_the_example_of_the_question() -> None:
    why = "No date in column 'Date' has a day above 12, so '03/04/2025' may be day first or month first."
    question = Question("date_order:Date", ("dmy", "mdy"), why, 12)
    assert label_of(question, "dmy") == "Day first: 3 April 2025"
    assert label_of(question, "mdy") == "Month first: 4 March 2025"
    short = Question("date_order:Date", ("dmy", "ymd"), "'03/04/05' may be two things.", 12)
    assert label_of(short, "ymd") == "Year first: 5 April 2003"
    assert label_of(Question("date_order:Date", ("dmy",), "Mixed."), "dmy") == "Day first"
    assert label_of(Question("decimal:Sum", (".", ","), "Mixed."), ",") == "Decimal comma"
    assert label_of(Question("header", ("none", "4"), ""), "none") == "There is no header"
    assert label_of(Question("header", ("none", "4"), ""), "4") == "Line 4 is the header"
    assert label_of(Question("sign", ("as_written",), ""), "as_written") == "as written"
