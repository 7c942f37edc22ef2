"""The ruleset reference: its example is loaded and run, and every key and policy is named."""

import re
from pathlib import Path

import pytest

from recon378_engine.errors import BadRuleset
from recon378_engine.matching.rulesets.conditions import (
    Ambiguity,
    Cardinality,
    Cleaner,
    DayUnit,
    Decide,
    PassKind,
    ResidualPolicy,
    SignPolicy,
    Trust,
)
from recon378_engine.matching.rulesets.ruleset import Ruleset
from recon378_engine.pipeline import reconcile
from tests.engine.matching.books import table

REFERENCE = (Path(__file__).parents[3] / "docs" / "rules.md").read_text(encoding="utf-8")
EXAMPLE = REFERENCE.split("<!-- rules", 1)[1].split("```yaml\n", 1)[1].split("```", 1)[0]

BANK = (
    ("2024-03-28", "1000.00", "EUR", "SEPA Harbor Trading", "INV-1001"),
    ("2024-03-28", "250.00", "EUR", "SEPA Cedar Foods", "INV-1002"),
    ("2024-04-02", "98.55", "EUR", "CARD Olive Supply", None),
    ("2024-04-03", "100.00", "USD", "WIRE Maple Motors", None),
    ("2024-04-03", "50.00", "GBP", "WIRE Lotus Labs", None),
    ("2024-04-05", "300.00", "EUR", "SEPA Royal Press", None),
    ("2024-04-05", "70.00", "EUR", "Batch", "B-77001"),
    ("2024-04-05", "30.00", "EUR", "Batch", "B-77001"),
    ("2024-04-08", "12.00", "EUR", "SEPA Nordic Studios", None),
    ("2024-04-08", "12.00", "EUR", "SEPA Nordic Studios", None),
)
LEDGER = (
    ("2024-03-28", "INV-1001", "Harbor Trading GmbH", "1000.40", "EUR", None),
    ("2024-04-02", "INV-1002", "Cedar Foods Ltd", "250.00", "EUR", None),
    ("2024-04-02", "INV-1003", "Olive Supply BV", "100.00", "EUR", None),
    ("2024-04-03", "INV-1004", "Maple Motors", "92.10", "EUR", None),
    ("2024-04-04", "INV-1005", "Royal Press AG", "100.00", "EUR", None),
    ("2024-04-04", "INV-1006", "Royal Press AG", "120.00", "EUR", None),
    ("2024-04-04", "INV-1007", "Royal Press AG", "80.00", "EUR", None),
    ("2024-04-05", "INV-1008", "Various", "60.00", "EUR", "B-77001"),
    ("2024-04-05", "INV-1009", "Various", "40.00", "EUR", "B-77001"),
    ("2024-04-08", "INV-1010", "Nordic Studios", "12.00", "EUR", None),
)


def test_the_example_does_what_it_says() -> None:
    bank = table("booking_date amount currency description reference", *BANK)
    ledger = table("doc_date document partner debit currency batch credit", *[(*row, None) for row in LEDGER])
    result = reconcile(bank, ledger, ruleset=Ruleset.from_yaml(EXAMPLE))
    told = {
        match["pass_name"]: (
            match["status"], match["residual_minor"], match["residual_reason"], match["left_count"], match["right_count"]
        )
        for match in result.matches.iter_rows(named=True)
    }  # fmt: skip
    assert told == {
        "Reference, rounded": ("suggested", -40, "fee", 1, 1),
        "Reference and amount": ("confirmed", 0, None, 1, 1),
        "Card fees": ("confirmed", -145, "fee", 1, 1),
        "Foreign currency": ("confirmed", -10, "fx", 1, 1),
        "One pays many": ("confirmed", 0, None, 1, 3),
        "Batch": ("confirmed", 0, None, 2, 2),
        "Name and amount": ("confirmed", 0, None, 1, 1),
    }
    still_open = dict(result.exceptions.filter(side="left").select("row", "type").iter_rows())
    assert still_open == {4: "fx", 9: "duplicate"}


def test_every_word_of_the_schema_is_explained() -> None:
    words = [*PassKind, *Cardinality, *Decide, *Ambiguity, *ResidualPolicy, *Trust, *SignPolicy, *DayUnit, *Cleaner]
    words += ["equal", "reference", "amount", "date", "similar", "fx", "is_not", "contains", "at_least", "at_most", "empty"]
    assert [str(word) for word in words if not re.search(rf"`[^`]*\b{re.escape(str(word))}\b[^`]*`", REFERENCE)] == []


def lines_of(text: str) -> list[int]:
    return [number for number, line in enumerate(text.splitlines(), start=1) if ":" in line and not line.lstrip().startswith("#")]


@pytest.mark.parametrize("number", lines_of(EXAMPLE))
def test_a_wrong_key_or_type_on_any_line_names_that_line(number: int) -> None:
    lines = EXAMPLE.splitlines()
    line = lines[number - 1]
    for wrong in (re.sub(r"(\w+):", r"\1_x:", line, count=1), re.sub(r"(\w+): *(?!$)[^#]*", r"\1: [[wrong]]", line, count=1)):
        if wrong == line:
            continue
        text = "\n".join([*lines[: number - 1], wrong, *lines[number:]])
        with pytest.raises(BadRuleset) as bad:
            Ruleset.from_yaml(text)
        assert bad.value.line is not None
        assert str(bad.value.line) in str(bad.value)
