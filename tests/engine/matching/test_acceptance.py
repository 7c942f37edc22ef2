"""The acceptance examples of the specification that are the engine's, by their numbers."""

from decimal import Decimal

import polars as pl
import pytest

from recon378_engine.matching.findings.diff import diff_results
from recon378_engine.matching.findings.error_bound import upper_error_bound
from recon378_engine.matching.rulesets.ruleset import Ruleset
from recon378_engine.pipeline import explain, propose_ruleset, reconcile
from recon378_engine.result import MatchStatus, Result
from tests.engine.matching.books import shuffled, table

JANUARY = "2024-01-{:02d}"


def rules(*passes: str, rates: str = "") -> Ruleset:
    """A ruleset with the given passes in YAML, columns paired by the engine."""
    return Ruleset.from_yaml(f"rates: [{rates}]\npasses:\n" + "\n".join(passes))


def pass_of(kind: str, *conditions: str, extra: str = "") -> str:
    return f"  - {{name: rule, kind: {kind}, conditions: [{', '.join(conditions)}]{extra}}}"


def groups(result: Result, status: MatchStatus | None = None) -> list[tuple[list[int], list[int]]]:
    """The matches as (left rows, right rows), of one status or all."""
    found = []
    for match in result.matches.iter_rows(named=True):
        if status is None or match["status"] == status:
            mine = result.items.filter(pl.col("match_id") == match["match_id"]).sort("row")
            left, right = (mine.filter(pl.col("side") == side)["row"].to_list() for side in ("left", "right"))
            found.append((left, right))
    return found


def exception_of(result: Result, side: str, row: int) -> dict[str, object]:
    return result.exceptions.filter((pl.col("side") == side) & (pl.col("row") == row)).row(0, named=True)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_acceptance_8_dates_in_a_window_pair_in_any_input_order(seed: int) -> None:
    left = table("date amount", ("2024-01-01", "100.00"), ("2024-01-08", "100.00"))
    right = table("date amount", ("2024-01-02", "100.00"), ("2024-01-09", "100.00"))
    window = rules(pass_of("exact", "{amount: {}}", "{date: {from: 0, to: 3}}"))
    result = reconcile(shuffled(left, seed), shuffled(right, seed + 7), ruleset=window)
    assert groups(result) == [([0], [0]), ([1], [1])]


def test_acceptance_8_what_lies_outside_the_window_stays_open() -> None:
    left = table("date amount", ("2024-01-01", "100.00"), ("2024-01-08", "100.00"))
    right = table("date amount", ("2024-01-09", "100.00"))
    result = reconcile(left, right, ruleset=rules(pass_of("exact", "{amount: {}}", "{date: {from: 0, to: 3}}")))
    assert groups(result) == [([1], [0])]
    assert result.exceptions["row"].to_list() == [0]


def test_acceptance_9_two_equal_rows_share_one_counterpart_once() -> None:
    left = table("date amount text", ("2024-01-01", "10.00", "Coffee"), ("2024-01-01", "10.00", "Coffee"))
    right = table("date amount text", ("2024-01-01", "10.00", "Coffee"))
    result = reconcile(left, right, ruleset=rules(pass_of("exact", "{amount: {}}")))
    assert len(groups(result)) == 1
    assert result.matches["ambiguous"].to_list() == [True]
    open_row = result.exceptions.row(0, named=True)
    assert open_row["type"] == "duplicate"
    assert "counterpart used by" in open_row["reason"]


def test_acceptance_10_a_payment_takes_the_only_invoices_with_its_sum() -> None:
    left = table("date amount", ("2024-01-05", "300.00"))
    right = table("date amount", *[("2024-01-04", amount) for amount in ("100.00", "120.00", "80.00", "50.00")])
    result = reconcile(left, right)
    assert groups(result) == [([0], [0, 1, 2])]


def test_acceptance_10_two_equal_sums_are_a_suggestion() -> None:
    left = table("date amount reference", ("2024-01-05", "150.00", None))
    right = table(
        "date amount reference",
        *[("2024-01-04", amount, f"R-{amount}-{place}77") for place, amount in enumerate(("100.00", "50.00", "50.00"))],
    )
    result = reconcile(left, right)
    assert result.matches["status"].to_list() == ["suggested"]
    assert result.matches["solutions"].to_list() == [2]
    assert "2 solutions" in result.matches["reason"][0]


def test_acceptance_10_the_same_batch_is_one_group_of_two_and_two() -> None:
    left = table("date amount batch", ("2024-01-05", "70.00", "B-1001"), ("2024-01-05", "30.00", "B-1001"))
    right = table("date amount batch", ("2024-01-05", "60.00", "B-1001"), ("2024-01-05", "40.00", "B-1001"))
    result = reconcile(left, right)
    assert groups(result, MatchStatus.CONFIRMED) == [([0, 1], [0, 1])]


def test_acceptance_11_a_difference_within_the_tolerance_leaves_a_residual() -> None:
    left, right = table("date amount", ("2024-01-01", "1000.00")), table("date amount", ("2024-01-01", "999.50"))
    result = reconcile(left, right, ruleset=rules(pass_of("tolerance", "{amount: {absolute: 0.50}}")))
    assert groups(result) == [([0], [0])]
    assert result.matches["residual_minor"].to_list() == [50]
    assert result.matches["residual_reason"][0] is not None


def test_acceptance_11_a_difference_beyond_the_tolerance_is_said() -> None:
    left, right = table("date amount", ("2024-01-01", "1000.00")), table("date amount", ("2024-01-01", "999.49"))
    result = reconcile(left, right, ruleset=rules(pass_of("tolerance", "{amount: {absolute: 0.50}}")))
    assert groups(result) == []
    assert "difference 0.51 exceeds 0.50" in str(exception_of(result, "left", 0)["reason"])
    assert exception_of(result, "left", 0)["type"] == "amount_difference"


def test_acceptance_12_business_days_leave_out_the_holidays_of_target() -> None:
    left, right = table("date amount", ("2024-03-28", "100.00")), table("date amount", ("2024-04-02", "100.00"))
    business = rules(pass_of("exact", "{amount: {}}", "{date: {from: 0, to: 1, unit: business, calendar: TARGET}}"))
    assert groups(reconcile(left, right, ruleset=business)) == [([0], [0])]
    calendar = rules(pass_of("exact", "{amount: {}}", "{date: {from: 0, to: 3}}"))
    result = reconcile(left, right, ruleset=calendar)
    assert groups(result) == []
    assert exception_of(result, "left", 0)["type"] == "timing"


def test_acceptance_13_contradicting_references_are_not_confirmed() -> None:
    left = table("date amount currency reference", ("2024-01-05", "250.00", "EUR", "INV-1001"))
    right = table("date amount currency reference", ("2024-01-05", "250.00", "EUR", "INV-2002"))
    for ruleset in (None, rules(pass_of("exact", "{amount: {}}", "{date: {from: 0, to: 0}}"))):
        result = reconcile(left, right, ruleset=ruleset)
        assert groups(result, MatchStatus.CONFIRMED) == []
        told = explain(left, right, result.model, result.ruleset, 0, 0)
        conflict = next(bar for bar in told.evidence if bar.field == "reference")
        assert conflict.weight_bits < 0
        assert "contradict" in conflict.outcome


def test_acceptance_14_a_company_form_is_no_evidence() -> None:
    left = table("date amount name", ("2024-01-05", "250.00", "Beta ApS"))
    right = table("date amount name", ("2024-01-05", "250.00", "Alfa ApS"))
    for ruleset in (None, rules(pass_of("exact", "{amount: {}}"))):
        assert groups(reconcile(left, right, ruleset=ruleset), MatchStatus.CONFIRMED) == []


def test_acceptance_15_a_rate_converts_and_leaves_an_fx_residual() -> None:
    left = table("date amount currency", ("2024-01-05", "100.00", "USD"))
    right = table("date amount currency", ("2024-01-05", "92.10", "EUR"))
    converted = pass_of("tolerance", "{fx: {percent: 0.5}}")
    result = reconcile(left, right, ruleset=rules(converted, rates="{date: 2024-01-05, from: USD, to: EUR, rate: 0.9200}"))
    assert groups(result) == [([0], [0])]
    assert result.matches["residual_minor"].to_list() == [-10]
    assert result.matches["residual_reason"].to_list() == ["fx"]


def test_acceptance_15_a_day_without_a_rate_is_an_exception() -> None:
    left = table("date amount currency", ("2024-01-05", "100.00", "USD"))
    right = table("date amount currency", ("2024-01-05", "92.10", "EUR"))
    converted = pass_of("tolerance", "{fx: {percent: 0.5}}")
    result = reconcile(left, right, ruleset=rules(converted, rates="{date: 2024-01-08, from: USD, to: EUR, rate: 0.9200}"))
    assert groups(result) == []
    assert exception_of(result, "left", 0)["type"] == "fx"
    assert "ate missing" in str(exception_of(result, "left", 0)["reason"])


def test_acceptance_16_opposite_signs_propose_flipping_one_side() -> None:
    amounts = [f"{17 * n + 3}.{n % 90:02d}" for n in range(1, 40)]
    left = table("date amount text", *[(JANUARY.format(n % 28 + 1), amount, f"Shop {n}") for n, amount in enumerate(amounts)])
    right = table(
        "date amount text", *[(JANUARY.format(n % 28 + 1), f"-{amount}", f"Shop {n}") for n, amount in enumerate(amounts)]
    )
    assert propose_ruleset(left, right).flip_right_sign
    result = reconcile(left, right)
    assert result.diagnostics["sign"]["flip_share"] == 1.0
    assert result.diagnostics["sign"]["keep_share"] == 0.0


def test_acceptance_17_conservation_holds_to_the_cent() -> None:
    left = table(
        "date amount currency", ("2024-01-05", "100.10", "EUR"), ("2024-01-06", "5.55", "USD"), ("2024-01-06", None, "USD")
    )
    right = table("date amount currency", ("2024-01-05", "100.10", "EUR"), ("2024-01-06", "7.77", "EUR"))
    result = reconcile(left, right)
    assert result.conservation.holds
    euro = next(balance for balance in result.conservation.balances if (balance.side, balance.currency) == ("right", "EUR"))
    assert euro.sums["input"] == Decimal("107.87")
    assert sum(euro.sums[part] for part in ("matched", "suggested", "open", "excluded", "rejected")) == euro.sums["input"]


def test_acceptance_23_reviewed_matches_bound_the_error() -> None:
    assert upper_error_bound(299) == pytest.approx(0.010, abs=0.0005)
    assert upper_error_bound(60) == pytest.approx(0.049, abs=0.0005)
    assert upper_error_bound(59) is None


def test_acceptance_24_a_wider_tolerance_shows_as_gained_and_a_rejected_pair_stays_away() -> None:
    left = table("date amount", ("2024-01-01", "100.00"), ("2024-01-01", "55.00"))
    right = table("date amount", ("2024-01-01", "100.40"), ("2024-01-01", "54.20"))
    rejected = pl.DataFrame({"left_row": [1], "right_row": [1], "decision": ["rejected"]})
    strict = rules(pass_of("exact", "{amount: {}}"))
    wide = rules(pass_of("tolerance", "{amount: {absolute: 1.00}}"))
    before = reconcile(left, right, ruleset=strict, decisions=rejected)
    after = reconcile(left, right, ruleset=wide, decisions=rejected)
    difference = diff_results(before, after, left.frame.with_columns(row=left.rows).select("row", "amount"))
    assert (difference.gained.count, difference.lost.count, difference.regrouped.count) == (1, 0, 0)
    assert difference.gained.value == Decimal("100.00")
    assert groups(after) == [([0], [0])]


def test_acceptance_24_the_difference_of_two_rulesets_tells_gained_lost_regrouped_and_moved_with_values() -> None:
    left = table(
        "date amount reference",
        ("2024-01-01", "100.00", "A-1001"),
        ("2024-01-02", "200.00", "A-1002"),
        ("2024-01-03", "300.00", "A-1003"),
        ("2024-01-04", "50.00", "A-1004"),
    )
    right = table(
        "date amount reference",
        ("2024-01-01", "100.40", "A-1001"),
        ("2024-01-02", "200.00", None),
        ("2024-01-08", "200.50", "A-1002"),
        ("2024-01-03", "300.00", "A-1003"),
        ("2024-01-19", "50.00", "A-1004"),
    )
    by_amount = rules(
        pass_of("exact", "{amount: {}}", "{date: {from: 0, to: 5}}"), pass_of("exact", "{amount: {}}").replace("rule", "any")
    )
    by_reference = rules(pass_of("tolerance", "{reference: {}}", "{amount: {absolute: 1.00}}", "{date: {from: 0, to: 9}}"))
    before, after = (reconcile(left, right, ruleset=ruleset) for ruleset in (by_amount, by_reference))
    difference = diff_results(before, after, left.frame.with_columns(row=left.rows).select("row", "amount"))
    assert difference.gained.pairs.select("left_row", "right_row").rows() == [(0, 0)]
    assert difference.lost.pairs.select("left_row", "right_row").rows() == [(3, 4)]
    assert difference.regrouped.pairs.select("left_row", "right_row").rows() == [(1, 2)]
    assert difference.unchanged + difference.moved.count == 1
    values = [change.value for change in (difference.gained, difference.lost, difference.regrouped)]
    assert values == [Decimal("100.00"), Decimal("50.00"), Decimal("200.00")]


def test_acceptance_24_a_group_taken_out_for_a_rejected_pair_leaves_the_later_passes_whole() -> None:
    left = table(
        "date amount batch",
        ("2024-01-01", "70.00", "B1"),
        ("2024-01-01", "30.00", "B1"),
        ("2024-01-02", "20.00", "B2"),
        ("2024-01-02", "5.00", "B2"),
        ("2024-01-03", "9.00", "C1"),
    )
    right = table(
        "date amount batch",
        ("2024-01-01", "60.00", "B1"),
        ("2024-01-01", "40.00", "B1"),
        ("2024-01-02", "15.00", "B2"),
        ("2024-01-02", "10.00", "B2"),
        ("2024-01-03", "9.00", "D1"),
    )
    rejected = pl.DataFrame({"left_row": [0], "right_row": [0], "decision": ["rejected"]})
    batches = "  - {name: batches, kind: group_key, cardinality: 'N:M', conditions: [{equal: {field: batch}}, {amount: {}}]}"
    result = reconcile(left, right, ruleset=rules(batches, pass_of("exact", "{amount: {}}")), decisions=rejected)
    assert groups(result) == [([2, 3], [2, 3]), ([4], [4])]


def test_acceptance_25_any_two_records_are_told_the_smallest_change() -> None:
    left = table("date amount", ("2024-01-01", "100.00"), ("2024-01-02", "42.00"))
    right = table("date amount", ("2024-01-06", "100.00"), ("2024-01-02", "42.00"))
    result = reconcile(left, right, ruleset=rules(pass_of("exact", "{amount: {}}", "{date: {from: 0, to: 3}}")))
    told = explain(left, right, result.model, result.ruleset, 0, 0, result=result)
    assert not told.matched
    assert told.failed_step == "condition"
    assert told.smallest_change == "Window 5 days instead of 3."
    assert explain(left, right, result.model, result.ruleset, 1, 1, result=result).matched


@pytest.mark.parametrize(
    ("condition", "change"),
    [
        ("{amount: {}}, {date: {from: 0, to: 3}}", "Window 5 days instead of 3."),
        ("{amount: {}}, {date: {from: 0, to: 2, unit: business}}", "Window 4 business days instead of 2."),
        ("{amount: {absolute: 0.10}}, {date: {from: 0, to: 9}}", None),
    ],
)
def test_acceptance_25_the_smallest_change_is_in_the_unit_of_the_rule(condition: str, change: str | None) -> None:
    left, right = table("date amount", ("2024-01-01", "100.00")), table("date amount", ("2024-01-06", "100.00"))
    ruleset = rules(pass_of("exact", condition))
    result = reconcile(left, right, ruleset=ruleset)
    assert explain(left, right, result.model, result.ruleset, 0, 0, result=result).smallest_change == change


def test_acceptance_25_a_pair_that_lost_to_a_rival_names_it() -> None:
    left = table("date amount reference", ("2024-01-01", "10.00", "R-1001"), ("2024-01-01", "10.00", None))
    right = table("date amount reference", ("2024-01-02", "10.00", "R-1001"))
    result = reconcile(left, right)
    told = explain(left, right, result.model, result.ruleset, 1, 0, result=result)
    assert (told.matched, told.failed_step) == (False, "lost_to_rival")
    assert "row 0 of the left" in str(told.reason)


def test_acceptance_26_replay_gives_the_same_hash_with_rows_shuffled_and_other_threads() -> None:
    rows = [
        (JANUARY.format(n % 28 + 1), f"{(n * 37) % 500 + 10}.{n % 100:02d}", f"Harbor {n % 9} Trading", f"INV-{n:05d}")
        for n in range(300)
    ]
    left = table("date amount text reference", *rows)
    right = table("date amount name reference", *[(d, a, t, r if n % 3 else None) for n, (d, a, t, r) in enumerate(rows[:280])])
    first = reconcile(left, right, threads=1)
    again = reconcile(shuffled(left, 5), shuffled(right, 6), threads=4)
    assert first.matches.height > 200
    assert again.result_hash == first.result_hash
