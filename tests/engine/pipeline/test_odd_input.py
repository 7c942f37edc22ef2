"""Odd and empty input: a sensible result or one clear sentence."""

import time
from dataclasses import replace

import polars as pl
import pytest

from recon378_engine.errors import BadInput, BadRuleset, Cancelled
from recon378_engine.matching.rulesets.ruleset import Ruleset
from recon378_engine.pipeline import explain, propose_ruleset, reconcile
from recon378_engine.progress import Progress, Stage
from recon378_engine.table import Column, ColumnType, Role, Table
from tests.engine.matching.books import table

SECONDS_MAX = 60.0  # of processor time; a giant block takes about one
HEADER = "date amount currency reference text"
ROWS = [("2024-01-05", f"{n}.10", "EUR", f"INV-{n:04d}", f"Harbor {n} Trading") for n in range(1, 60)]


def confirmed(left: Table, right: Table) -> int:
    return reconcile(left, right).matches.filter(pl.col("status") == "confirmed").height


def test_identical_files_match_completely() -> None:
    assert confirmed(table(HEADER, *ROWS), table(HEADER, *ROWS)) == len(ROWS)


def test_one_row_a_side() -> None:
    assert confirmed(table(HEADER, ROWS[0]), table(HEADER, ROWS[0])) == 1


def test_all_duplicates_match_as_counts() -> None:
    result = reconcile(table(HEADER, *[ROWS[0]] * 40), table(HEADER, *[ROWS[0]] * 25))
    assert result.matches.height == 25
    assert result.exceptions["type"].to_list() == ["duplicate"] * 15


def test_columns_without_values_are_no_evidence() -> None:
    empty = [(None, None, None, None, None)] * 5
    with pytest.raises(BadInput, match="no column in common"):
        reconcile(table(HEADER, *empty), table(HEADER, *ROWS))
    half = [(day, amount, None, None, None) for day, amount, *_ in ROWS]
    result = reconcile(table(HEADER, *half), table(HEADER, *ROWS))
    assert result.conservation.holds
    assert result.matches.height > 0


def test_an_empty_table_is_said() -> None:
    with pytest.raises(BadInput, match="has no records"):
        reconcile(table(HEADER, source="bank.csv"), table(HEADER, *ROWS))


def test_nothing_in_common_is_said_or_matches_nothing() -> None:
    left = table("date amount", ("2024-01-05", "1.00"))
    right = table("name", ("Alfa",))
    with pytest.raises(BadInput, match="no column in common"):
        reconcile(left, right)


def test_mixed_scripts_match() -> None:
    names = ["Оливки Юг", "東京商事株式会社", "شركة النور", "Ærø Færge", "Zürich Straßenbau"]
    rows = [("2024-01-05", f"{n * 13 + 7}.{n}3", "EUR", None, name) for n, name in enumerate(names)]
    assert reconcile(table(HEADER, *rows), table(HEADER, *rows)).matches.height == len(names)


def giant(reference: str, text: str | None = None, rows: int = 20_000) -> Table:
    """One amount, one day, as many references as rows."""
    return table(
        HEADER, *[("2024-01-05", "10.00", "EUR", f"{reference}-{n * 7919 % 90001:05d}", text) for n in range(1, rows + 1)]
    )


@pytest.mark.parametrize("text", [None, "Harbor Trading"])
def test_a_giant_block_of_one_amount_is_not_guessed(text: str | None) -> None:
    started = time.process_time()
    assert confirmed(giant("AB", text), giant("CD", text)) == 0
    assert time.process_time() - started < SECONDS_MAX


def test_a_giant_block_is_told_apart_by_its_references() -> None:
    left, right = giant("AB"), giant("AB")
    assert confirmed(left, right) == left.height


def test_a_giant_block_without_anything_else_matches_as_counts() -> None:
    left, right = (table("date amount", *[("2024-01-05", "10.00")] * rows) for rows in (20_000, 19_000))
    result = reconcile(left, right)
    assert result.matches.height == 19_000
    assert result.exceptions["type"].value_counts().rows() == [("duplicate", 1_000)]


def test_a_giant_block_under_a_rule_is_refused_or_left_in_one_sentence() -> None:
    rule = Ruleset.from_yaml("passes: [{name: amount, kind: exact, conditions: [{amount: {}}]}]")
    with pytest.raises(BadRuleset, match="would compare 400,000,000 pairs"):
        reconcile(giant("AB"), giant("CD"), ruleset=rule)


def test_amounts_of_both_signs_and_of_nothing_are_odd_but_no_error() -> None:
    rows = [
        ("2024-01-05", "0.00", "EUR", None, None),
        ("2024-01-05", "-0.01", "EUR", None, None),
        (None, "99999999999999.99", None, None, None),
    ]
    result = reconcile(table(HEADER, *rows), table(HEADER, *rows))
    assert result.conservation.holds


def test_two_hundred_columns() -> None:
    def wide(source: str) -> Table:
        narrow = table(HEADER, *ROWS, source=source)
        extra = {f"column {n}": [f"{source} {n} {row}" for row in range(narrow.height)] for n in range(195)}
        columns = narrow.columns + tuple(Column(name, ColumnType.TEXT, Role.OTHER) for name in extra)
        return replace(
            narrow,
            frame=narrow.frame.with_columns(**{name: pl.Series(values) for name, values in extra.items()}),
            columns=columns,
        )

    assert reconcile(wide("left"), wide("right")).matches.height == len(ROWS)


def test_decisions_are_kept() -> None:
    left, right = table(HEADER, *ROWS[:3]), table(HEADER, *ROWS[:3])
    decisions = pl.DataFrame({"left_row": [0, 1], "right_row": [1, 0], "decision": ["accepted", "rejected"]})
    result = reconcile(left, right, decisions=decisions)
    pairs = result.items.pivot("side", index="match_id", values="row").select("left", "right").rows()
    assert (0, 1) in pairs
    assert (1, 0) not in pairs


def test_a_decision_about_a_row_that_is_not_there_is_said() -> None:
    decisions = pl.DataFrame({"left_row": [99], "right_row": [0], "decision": ["accepted"]})
    with pytest.raises(BadInput, match="name row 99"):
        reconcile(table(HEADER, *ROWS[:3]), table(HEADER, *ROWS[:3]), decisions=decisions)


def test_a_ruleset_with_a_column_that_is_not_there_is_said() -> None:
    columns = "columns: [{field: a, role: amount, left: Betrag, right: amount}]"
    ruleset = Ruleset.from_yaml(f"{columns}\npasses: [{{name: a, kind: exact, conditions: [{{amount: {{}}}}]}}]")
    with pytest.raises(BadInput, match="'Betrag'"):
        reconcile(table(HEADER, *ROWS), table(HEADER, *ROWS), ruleset=ruleset)


def test_an_unknown_field_or_calendar_is_said() -> None:
    left, right = table(HEADER, *ROWS), table(HEADER, *ROWS)
    with pytest.raises(BadRuleset, match="no field 'colour'"):
        reconcile(
            left, right, ruleset=Ruleset.from_yaml("passes: [{name: a, kind: exact, conditions: [{equal: {field: colour}}]}]")
        )
    business = (
        "passes: [{name: a, kind: exact, conditions: [{amount: {}}, {date: {from: 0, to: 1, unit: business, calendar: MARS}}]}]"
    )
    with pytest.raises(BadRuleset, match="'MARS' is not known"):
        reconcile(left, right, ruleset=Ruleset.from_yaml(business))


def test_a_proposed_ruleset_run_again_gives_the_same_result() -> None:
    left, right = table(HEADER, *ROWS), table(HEADER, *ROWS[:50])
    proposed = Ruleset.from_yaml(propose_ruleset(left, right).to_yaml())
    assert reconcile(left, right, ruleset=proposed).result_hash == reconcile(left, right).result_hash


def test_progress_never_falls_and_ends_at_one() -> None:
    seen: list[Progress] = []
    reconcile(table(HEADER, *ROWS), table(HEADER, *ROWS), on_progress=seen.append)
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


def test_a_caller_can_cancel() -> None:
    def stop(progress: Progress) -> None:
        if progress.stage is not Stage.PROFILE:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        reconcile(table(HEADER, *ROWS), table(HEADER, *ROWS), on_progress=stop)


def test_a_row_that_is_not_there_cannot_be_explained() -> None:
    left, right = table(HEADER, *ROWS), table(HEADER, *ROWS)
    result = reconcile(left, right)
    with pytest.raises(BadInput, match="no data row 77"):
        explain(left, right, result.model, result.ruleset, 77, 0)


def test_a_rejected_pair_and_a_lost_pair_are_explained() -> None:
    left, right = table(HEADER, *ROWS), table(HEADER, *ROWS)
    rejected = pl.DataFrame({"left_row": [0], "right_row": [0], "decision": ["rejected"]})
    result = reconcile(left, right, decisions=rejected)
    told = explain(left, right, result.model, result.ruleset, 0, 0, result=result, decisions=rejected)
    assert (told.matched, told.failed_step) == (False, "decision")
    whole = reconcile(left, right)
    assert explain(left, right, whole.model, whole.ruleset, 0, 0, result=whole).matched
    assert not explain(left, right, whole.model, whole.ruleset, 0, 1, result=whole).matched
