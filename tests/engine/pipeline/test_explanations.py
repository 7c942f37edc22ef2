"""Explanations of pairs that people pick."""

import pytest

from recon378_engine.matching.rulesets.ruleset import Ruleset
from recon378_engine.pipeline import explain, reconcile
from recon378_engine.result import Explanation
from recon378_engine.table import Table
from tests.engine.matching.books import table


def rules(conditions: str, more: str = "") -> Ruleset:
    return Ruleset.from_yaml(f"passes: [{{name: rule, kind: exact, conditions: [{conditions}]{more}}}]\nrates: []")


def told(left: Table, right: Table, ruleset: Ruleset) -> Explanation:
    result = reconcile(left, right, ruleset=ruleset)
    return explain(left, right, result.model, result.ruleset, 0, 0, result=result)


@pytest.mark.parametrize(
    ("conditions", "left", "right", "reason", "change"),
    [
        ("{amount: {absolute: 0.50}}", "10.00", "9.49", "Difference 0.51 exceeds 0.50.", "Tolerance 0.51 instead of 0.50."),
        ("{amount: {}}", None, "9.49", "An amount is missing.", None),
        ("{reference: {}}", "10.00", "10.00", "No reference of one record stands on the other.", None),
        ("{equal: {field: text}}", "10.00", "10.00", "The field 'text' differs or is empty.", None),
        ("{similar: {minimum: 0.9}}", "10.00", "10.00", "The words agree to 0.00, 0.90 is needed.", None),
    ],
)
def test_the_failed_condition_is_named(conditions: str, left: str | None, right: str, reason: str, change: str | None) -> None:
    explanation = told(
        table("date amount text", ("2024-01-01", left, "Alder Foods"), ("2024-01-01", "1.00", "x")),
        table("date amount text", ("2024-01-01", right, "Birch Metals"), ("2024-01-01", "3.00", "y")),
        rules(conditions),
    )
    assert (explanation.failed_step, explanation.reason, explanation.smallest_change) == ("condition", reason, change)


def test_a_filter_is_named() -> None:
    left, right = table("date amount", ("2024-01-01", "1.00")), table("date amount", ("2024-01-01", "1.00"))
    explanation = told(left, right, rules("{amount: {}}", ", where: {left: [{column: amount, at_least: 5}]}"))
    assert explanation.failed_step == "filter"
    assert explanation.smallest_change == "Widen the filter on 'amount'."


def test_other_currencies_are_another_block() -> None:
    left = table("date amount currency", ("2024-01-01", "1.00", "EUR"))
    right = table("date amount currency", ("2024-01-01", "1.00", "USD"))
    assert told(left, right, rules("{amount: {}}")).failed_step == "block"


def test_a_pair_that_lost_names_its_rival() -> None:
    left = table("date amount reference", ("2024-01-01", "1.00", None), ("2024-01-01", "1.00", "INV-1001"))
    right = table("date amount reference", ("2024-01-01", "1.00", "INV-1001"))
    result = reconcile(left, right, ruleset=rules("{amount: {}}"))
    explanation = explain(left, right, result.model, result.ruleset, 0, 0, result=result)
    assert explanation.failed_step == "lost_to_rival"
    assert explanation.reason == "The right record is matched with row 1 of the left, which fits better."


def test_every_filter_admits_what_it_says() -> None:
    rows = [
        ("2024-01-01", f"{n}.00", "EUR" if n % 2 else "USD", f"INV-{n:04d}" if n % 3 else None, f"Shop {n}") for n in range(1, 13)
    ]
    left = right = table("date amount currency reference text", *rows)
    where = (
        "[{column: currency, is: [EUR]}, {column: reference, empty: false}, {column: text, contains: shop, is_not: ['Shop 1']}, "
        "{column: amount, at_least: 2, at_most: 8}]"
    )
    result = reconcile(left, right, ruleset=rules("{reference: {}}", f", where: {{left: {where}}}"))
    assert sorted(result.items["row"].unique().to_list()) == [4, 6]


def test_a_linkage_pair_is_told_by_its_fields() -> None:
    names = [(f"Harbor {word} {n}",) for n in range(12) for word in ("Trading", "Foods", "Metals", "Optics")]
    left, right = table("name", *names), table("name", *names)
    result = reconcile(left, right)
    explanation = explain(left, right, result.model, result.ruleset, 3, 3, result=result)
    assert explanation.evidence
    assert any(bar.left_value == names[3][0] for bar in explanation.evidence)
