"""Groups by sum and by key, against brute force over small books."""

from collections import Counter
from decimal import Decimal
from itertools import combinations

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recon378_engine.matching.rulesets.ruleset import Ruleset
from recon378_engine.pipeline import reconcile
from recon378_engine.result import Result
from tests.engine.matching.books import table

PROPERTY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SUMS = Ruleset.from_yaml("passes: [{name: sums, kind: group_sum, cardinality: '1:N', conditions: [{date: {from: -5, to: 5}}]}]")
KEYS = Ruleset.from_yaml(
    "passes: [{name: keys, kind: group_key, cardinality: 'N:M', conditions: [{equal: {field: batch}}, {amount: {}}]}]"
)


def amount(cents: int) -> str:
    return f"{Decimal(cents) / 100:.2f}"


def solutions(target: int, parts: list[int]) -> list[tuple[int, ...]]:
    """Places of all subsets of up to eight parts with the sum."""
    return [
        chosen
        for size in range(1, min(8, len(parts)) + 1)
        for chosen in combinations(range(len(parts)), size)
        if sum(parts[place] for place in chosen) == target
    ]


def members(result: Result) -> list[int]:
    return result.items.filter(pl.col("side") == "right")["row"].sort().to_list()


@PROPERTY
@given(st.lists(st.integers(101, 90_000), min_size=2, max_size=9), st.data())
def test_a_sum_is_found_when_there_is_one_and_confirmed_only_when_there_is_no_other(
    parts: list[int], data: st.DataObject
) -> None:
    chosen = data.draw(st.sets(st.integers(0, len(parts) - 1), min_size=1, max_size=8))
    target = sum(parts[place] for place in chosen)
    left = table("date amount", ("2024-01-05", amount(target)))
    right = table("date amount", *[("2024-01-04", amount(part)) for part in parts])
    result = reconcile(left, right, ruleset=SUMS)
    by_force = solutions(target, parts)
    for match in result.matches.iter_rows(named=True):
        assert tuple(members(result)) in by_force
        assert len(members(result)) >= 2
        if match["status"] == "confirmed":
            assert len(by_force) == 1
            assert match["solutions"] == 1


@PROPERTY
@given(st.integers(-90_000, -20_000), st.integers(2, 6))
def test_a_sum_of_payments_out_is_found_as_one_of_payments_in(total: int, count: int) -> None:
    parts = [total // (count + 1) - 7 * step * step for step in range(count)]
    left = table("date amount", ("2024-01-05", amount(sum(parts))))
    right = table("date amount", *[("2024-01-04", amount(part)) for part in parts])
    result = reconcile(left, right, ruleset=SUMS)
    if len(solutions(-sum(parts), [-part for part in parts])) == 1:
        assert members(result) == list(range(count))


@PROPERTY
@given(
    st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 4)), min_size=1, max_size=8),
    st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 4)), min_size=1, max_size=8),
)
def test_groups_by_key_are_those_whose_sums_agree(left_rows: list[tuple[str, int]], right_rows: list[tuple[str, int]]) -> None:
    left, right = (
        table("date amount batch", *[("2024-01-05", amount(100 * size), f"BATCH-{key}1") for key, size in rows])
        for rows in (left_rows, right_rows)
    )
    result = reconcile(left, right, ruleset=KEYS)
    sums = []
    for rows in (left_rows, right_rows):
        total: Counter[str] = Counter()
        for key, size in rows:
            total[key] += size
        sums.append(total)
    agreeing = {key for key in "ABC" if sums[0][key] == sums[1][key] > 0}
    matched = result.items.filter(pl.col("side") == "left")["row"].to_list()
    assert sorted(matched) == [row for row, (key, _) in enumerate(left_rows) if key in agreeing]
    assert result.matches.height == len(agreeing)


def test_many_to_many_runs_both_ways() -> None:
    both = Ruleset.from_yaml("passes: [{name: sums, kind: group_sum, cardinality: 'N:M', conditions: []}]")
    left = table("date amount", ("2024-01-05", "357.11"), ("2024-01-05", "20.05"), ("2024-01-06", "31.17"))
    right = table("date amount", ("2024-01-05", "120.04"), ("2024-01-05", "237.07"), ("2024-01-05", "51.22"))
    result = reconcile(left, right, ruleset=both)
    counts = result.matches.select("left_count", "right_count").rows()
    assert sorted(counts) == [(1, 2), (2, 1)]


@pytest.mark.parametrize("count", [3, 5, 8])
def test_a_collective_payment_is_found_among_other_customers_by_the_parts_of_its_document(count: int) -> None:
    parts = [(f"RE-2026-1041{count}-{part}", 10_000 + 1_234 * part) for part in range(1, count + 1)]
    others = [(f"RE-2026-2{row:04}", 5_000 + 911 * row) for row in range(60)]
    ledger = [("2024-01-04", amount(cents), document, f"Kunde {row % 7} GmbH") for row, (document, cents) in enumerate(others)]
    ledger += [("2024-01-04", amount(cents), document, "Nordlicht Handels GmbH") for document, cents in parts]
    bank = [
        ("2024-01-05", amount(sum(cents for _, cents in parts)), f"Sammelzahlung RE-2026-1041{count}", "NORDLICHT HANDELS GMBH")
    ]
    bank += [
        ("2024-01-05", amount(cents), f"Rechnung {document}", f"KUNDE {row % 7}")
        for row, (document, cents) in enumerate(others[:40])
    ]
    result = reconcile(table("date amount text name", *bank), table("date amount reference name", *ledger))
    match = result.matches.filter(pl.col("right_count") > 1).row(0, named=True)
    assert (match["left_count"], match["right_count"], match["status"]) == (1, count, "confirmed")
