"""Columns that a person pairs: any two of them, compared by what both hold."""

import itertools

import polars as pl
import pytest

import recon378_engine as engine
from recon378_engine.errors import BadInput
from recon378_engine.matching.outcome import PairedField
from recon378_engine.matching.rulesets.ruleset import Ruleset
from recon378_engine.table import Role
from tests.engine.matching.books import table

LEFT = "date amount text"
RIGHT = "doc_date amount description"
DAYS = range(1, 29)
LEFT_ROWS = [(f"2024-01-{day:02}", f"{day}.10", f"Harbor {day} Trading") for day in DAYS]
RIGHT_ROWS = [(f"2024-01-{day:02}", f"{-day}.10", f"Harbor {day} Trading") for day in DAYS]


def field(role: Role, left: str, right: str) -> PairedField:
    return PairedField("pair", role, (left,), (right,))


def test_tables_without_a_common_column_match_by_the_pair_that_a_person_gives() -> None:
    fruit = engine.table_of(pl.DataFrame({"fruit": [f"apple {row}" for row in range(30)]}))
    planes = engine.table_of(pl.DataFrame({"wing": [f"Apple {row}" for row in range(30)]}))
    pairing = engine.pair_by_hand(fruit, planes, [field(Role.OTHER, "fruit", "wing")])
    rules = engine.propose_ruleset(fruit, planes, pairing)
    assert rules.fields == pairing.fields
    assert engine.reconcile(fruit, planes, ruleset=rules).matches.height == 30


def test_pairs_by_hand_get_the_passes_and_the_sign_that_fit_them() -> None:
    left, right = table(LEFT, *LEFT_ROWS), table(RIGHT, *RIGHT_ROWS)
    chosen = [
        PairedField("day", Role.DATE, ("date",), ("doc_date",)),
        PairedField("sum", Role.AMOUNT, ("amount",), ("amount",)),
        PairedField("words", Role.FREE_TEXT, ("text",), ("description",)),
    ]
    pairing = engine.pair_by_hand(left, right, chosen)
    assert pairing.flip_right_sign
    assert pairing.flip_share == 1.0
    rules = engine.propose_ruleset(left, right, pairing)
    assert "Name and amount" in [step.name for step in rules.passes]
    assert [one.name for one in rules.fields] == ["day", "sum", "words"]


@pytest.mark.parametrize(("left_column", "right_column"), list(itertools.product(LEFT.split(), RIGHT.split())))
def test_any_two_columns_may_be_paired(left_column: str, right_column: str) -> None:
    left, right = table(LEFT, *LEFT_ROWS), table(RIGHT, *RIGHT_ROWS)
    pairing = engine.pair_by_hand(left, right, [field(left.column(left_column).role, left_column, right_column)])
    result = engine.reconcile(left, right, ruleset=engine.propose_ruleset(left, right, pairing))
    assert result.conservation.holds


def test_a_date_column_that_is_text_on_the_other_side_is_compared_as_text() -> None:
    left = engine.table_of(table("date amount", *[row[:2] for row in LEFT_ROWS]).frame)
    right = engine.table_of(pl.DataFrame({"date": [f"week {day}" for day in DAYS], "amount": left.frame["amount"]}))
    assert {one.name: one.role for one in engine.pair_columns(left, right).fields}["date"] is Role.OTHER
    assert engine.reconcile(left, right).conservation.holds


def test_a_rule_that_compares_days_of_what_has_none_is_refused_with_a_sentence() -> None:
    left, right = table(LEFT, *LEFT_ROWS), table(RIGHT, *RIGHT_ROWS)
    rules = engine.propose_ruleset(left, right)
    wrong = Ruleset(rules.passes, (field(Role.DATE, "date", "description"),))
    with pytest.raises(BadInput, match="compares days, which not all of its columns hold"):
        engine.reconcile(left, right, ruleset=wrong)


def test_a_pair_of_a_column_that_is_not_there_is_refused() -> None:
    left, right = table(LEFT, *LEFT_ROWS), table(RIGHT, *RIGHT_ROWS)
    with pytest.raises(BadInput, match="uses the column 'memo', which"):
        engine.pair_by_hand(left, right, [field(Role.OTHER, "text", "memo")])
