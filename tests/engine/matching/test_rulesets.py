"""Rulesets as YAML and plain data."""

import pytest

from recon378_engine.errors import BadRuleset
from recon378_engine.matching.rulesets.ruleset import Ruleset

TEXT = """\
name: Bank against ledger
columns:
  - {field: amount, role: amount, left: amount, right: [debit, credit]}
rates:
  - {date: 2024-01-05, from: usd, to: eur, rate: 0.9200}
passes:
  - name: References
    kind: exact
    where:
      left: [{column: currency, is: [EUR]}]
    conditions:
      - reference:
      - amount: {absolute: 0.50, percent: 1.5, sign: opposite}
      - date: {from: 0, to: 3, unit: business, calendar: TARGET}
      - equal: {field: amount, clean: [lower, company_form]}
      - similar: {minimum: 0.7}
  - {name: Sums, kind: group_sum, cardinality: "1:N", ambiguity: suggest_all, members_max: 5}
"""


def test_a_ruleset_survives_yaml_and_plain_data() -> None:
    ruleset = Ruleset.from_yaml(TEXT)
    assert Ruleset.from_dict(ruleset.to_dict()) == ruleset
    assert Ruleset.from_yaml(ruleset.to_yaml()) == ruleset


@pytest.mark.parametrize(
    ("wrong", "right", "line", "words"),
    [
        ("kind: exakt", "kind: exact", 8, "'kind' must be one of exact, tolerance"),
        ("absolut: 0.50", "absolute: 0.50", 13, "'absolut' is not known here"),
        ("from: 4, to: 3", "from: 0, to: 3", 14, "is after"),
        ("minimum: 1.7", "minimum: 0.7", 16, "between 0 and 1"),
        ("rate: 0", "rate: 0.9200", 5, "above zero"),
        ("clean: [shout]", "clean: [lower, company_form]", 15, "not a cleaner"),
        ('cardinality: "1:1"', 'cardinality: "1:N"', 17, "cannot have the cardinality"),
        ("name: References", "name: Sums", 7, "two passes are called"),
    ],
)
def test_an_error_names_its_line(wrong: str, right: str, line: int, words: str) -> None:
    text = TEXT.replace("name: Sums", "name: References") if "two passes" in words else TEXT.replace(right, wrong)
    with pytest.raises(BadRuleset, match=words) as bad:
        Ruleset.from_yaml(text)
    assert bad.value.line == (17 if "two passes" in words else line)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("passes: [", "not valid YAML"),
        ("- a\n- b", "is a YAML mapping"),
        ("passes: []", "at least one pass"),
        ("passes:\n  - {name: a, kind: exact, conditions: [{date: {from: 0, to: 1}}]}", "a date alone joins everything"),
        ("passes:\n  - {name: a, kind: exact, conditions: [{colour: red}]}", "is not a condition"),
        ("passes:\n  - {name: a, kind: group_key, cardinality: 'N:M', conditions: []}", "needs an 'equal' or 'reference'"),
        ("passes:\n  - {name: a, kind: exact, conditions: [{amount: {absolute: ten}}]}", "must be a number"),
        ("passes:\n  - {kind: exact}", "'name' is missing"),
        ("passes: [{name: a, kind: ml, conditions: [{amount: {}}]}]", "kind ml takes no condition 'amount'"),
        ("passes: [{name: a, kind: group_sum, conditions: []}]", "needs a cardinality"),
        ("passes: [{name: a, kind: group_sum, cardinality: '1:N', conditions: [{amount: {absolute: 1}}]}]", "to the cent"),
        ("passes: [{name: a, kind: group_key, cardinality: 'N:M', conditions: [{fx: {percent: 1}}]}]", "takes no condition 'fx'"),
        ("passes: [{name: a, kind: exact, members_max: 3, conditions: [{amount: {}}]}]", "belongs to passes of kind group_sum"),
        ("passes: [{name: a, kind: exact, conditions: [{amount: {}}, {amount: {fee: 1}}]}]", "has a condition 'amount' already"),
        ("passes: [{name: a, kind: exact, conditions: [{amount: {}}, {fx: {percent: 1}}]}]", "leave 'amount' out"),
        (
            "passes: [{name: a, kind: exact, conditions: [{amount: {}}, {date: {from: 0, to: 1, calendar: DE}}]}]",
            "add 'unit: business'",
        ),
        ("passes: [{name: a, name: b, kind: exact}]", "'name' is given twice"),
        ("? [a, b]\n: 1", "a key must be a word"),
        ("confidence: {confirm: 0.4, suggest: 0.5}\npasses: [{name: a, kind: ml}]", "must not be below"),
        ("rates: [{date: 2024-01-05, from: EUR, to: eur, rate: 1}]\npasses: [{name: a, kind: ml}]", "the same currency"),
        (
            "rates: [{date: 2024-01-05, from: A, to: B, rate: 1}, {date: 2024-01-05, from: A, to: B, rate: 2}]\npasses: []",
            "at least one pass",
        ),
        ("passes: [{name: a, kind: ml, where: {left: [{column: x}]}}]", "a filter needs a test"),
        (
            "columns: [{field: a, left: a, right: a}]\npasses: [{name: a, kind: exact, conditions: [{equal: {field: b}}]}]",
            "no column is called 'b'",
        ),
        ("columns: [{field: a, left: a, right: a}, {field: a, left: b, right: b}]\npasses: [{name: a, kind: ml}]", "two columns"),
    ],
)
def test_what_does_not_hold_together_is_one_clear_sentence(text: str, words: str) -> None:
    with pytest.raises(BadRuleset, match=words):
        Ruleset.from_yaml(text)
