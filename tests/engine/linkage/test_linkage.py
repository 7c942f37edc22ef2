"""Linking two lists without settings."""

from datetime import date
from decimal import Decimal

import numpy as np
import polars as pl
import pytest

from recon378_engine.errors import BadInput, Cancelled
from recon378_engine.matching.linkage.link import evidence, link
from recon378_engine.matching.outcome import Pool
from recon378_engine.matching.pairing import pair_columns
from recon378_engine.progress import Stage
from tests.engine.linkage.people import NO_PAIRS, Lists, customer_lists, f1, linked, lists_with_relatives, pairs, table


@pytest.fixture(scope="module")
def lists() -> Lists:
    return customer_lists(1_500)


def money(*values: str) -> pl.Series:
    return pl.Series([Decimal(value) for value in values], dtype=pl.Decimal(38, 2))


def test_twins_are_found_and_the_confidence_is_honest(lists: Lists) -> None:
    found = pairs(linked(lists.left, lists.right))
    assert f1(set(found), lists.truth) > 0.99
    right = sum(pair in lists.truth for pair in found) / len(found)
    assert abs(sum(found.values()) / len(found) - right) < 0.01


def test_result_does_not_depend_on_rows_columns_or_threads(lists: Lists) -> None:
    expected = pairs(linked(lists.left, lists.right))
    generator = np.random.default_rng(7)
    left_order, right_order = generator.permutation(lists.left.height), generator.permutation(lists.right.height)
    shuffled = linked(
        lists.left[left_order].select(reversed(lists.left.columns)),
        lists.right[right_order].select(sorted(lists.right.columns)),
        threads=2,
    )
    moved = {(int(left_order[left]), int(right_order[right])): chance for (left, right), chance in pairs(shuffled).items()}
    assert moved == expected


def test_evidence_told_again_adds_up_to_the_stored_confidence(lists: Lists) -> None:
    left, right = table(lists.left), table(lists.right)
    pairing = pair_columns(left, right)
    outcome = linked(lists.left, lists.right)
    alone = outcome.matches.get_column("runner_up_confidence").is_null().to_list()
    for (pair, confidence), unrivalled in zip(list(pairs(outcome).items())[:40], alone, strict=False):
        prior, bars, probability = evidence(left, right, pairing, outcome.model, *pair)
        bits = prior + sum(bar.weight_bits for bar in bars)
        assert probability == pytest.approx(1 / (1 + 2.0**-bits), abs=1e-3)
        assert not unrivalled or probability == pytest.approx(confidence, abs=1e-3)


def test_a_rejected_pair_stays_away_and_a_label_is_obeyed(lists: Lists) -> None:
    pair = next(iter(pairs(linked(lists.left, lists.right))))
    rejected = pl.DataFrame({"left": [pair[0]], "right": [pair[1]]}, schema=NO_PAIRS.schema)
    assert pair not in pairs(linked(lists.left, lists.right, rejected=rejected))
    labels = pl.DataFrame({"left": [pair[0]], "right": [pair[1]], "is_match": [False]})
    assert pair not in pairs(linked(lists.left, lists.right, labels=labels))


def test_equal_records_are_matched_as_counts() -> None:
    """SPEC example 9: two equal rows against one give one match, marked ambiguous, and one open record."""
    row = {"amount": money("10.10"), "day": [date(2024, 1, 2)], "text": ["coffee corner"]}
    one = pl.DataFrame(row)
    outcome = linked(pl.concat([one, one]), one)
    assert outcome.matches.select("ambiguous", "status").rows() == [(True, "suggested")]
    assert outcome.rivals.filter(pl.col("side") == "left").height == 1
    assert linked(pl.concat([one, one]), pl.concat([one, one])).matches.height == 2


def test_contradicting_references_are_not_confirmed() -> None:
    """SPEC example 13: same amount and day, INV-1001 against INV-2002."""
    left = pl.DataFrame({"amount": money("250.00"), "day": [date(2024, 5, 1)], "reference": ["INV-1001"]})
    outcome = linked(left, left.with_columns(reference=pl.lit("INV-2002")))
    assert "confirmed" not in outcome.matches.get_column("status").to_list()


def test_company_form_is_no_evidence() -> None:
    """SPEC example 14: Beta ApS against Alfa ApS with an equal amount."""
    left = pl.DataFrame({"amount": money("250.00"), "company": ["Beta ApS"]})
    outcome = linked(left, left.with_columns(company=pl.lit("Alfa ApS")))
    assert "confirmed" not in outcome.matches.get_column("status").to_list()


def test_progress_goes_through_the_stages_and_a_cancel_stops_it(lists: Lists) -> None:
    left, right = table(lists.left), table(lists.right)
    everyone = np.arange(left.height, dtype=np.uint32)
    seen: list[Stage] = []

    def stop(stage: Stage, share: float) -> None:
        seen.append(stage)
        if stage is Stage.SCORE and share > 0:
            raise Cancelled("Stopped by the user.")

    with pytest.raises(Cancelled):
        link(left, right, pair_columns(left, right), Pool(everyone, everyone, NO_PAIRS), report=stop)
    assert list(dict.fromkeys(seen)) == [Stage.CANDIDATES, Stage.COMPARE, Stage.SCORE]


def test_tables_without_a_common_column_are_refused_in_one_sentence() -> None:
    with pytest.raises(BadInput, match="no column in common"):
        linked(pl.DataFrame({"alpha": ["a1", "b2"] * 9}), pl.DataFrame({"zeta": [1, 2] * 9}))


MIXED = ["Анна Каренина", "王小明", "محمد علي", "Jürgen Müller", "Αθηνά Παππά"]


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (pl.DataFrame({"name": ["Ann Lee"], "email": ["a@x.example"]}), 1),
        (pl.DataFrame({"name": [f"{MIXED[row % 5]} {row}" for row in range(200)], "city": ["Köln", "北京"] * 100}), 200),
        (pl.DataFrame({"name": [f"person {row}" for row in range(60)], "nothing": [None] * 60}), 60),
        (pl.DataFrame({"name": ["same"] * 300, "city": ["same"] * 300}), 300),
        (pl.DataFrame({f"column {number}": [f"v{number * row % 97}" for row in range(80)] for number in range(200)}), 80),
    ],
    ids=["one row", "mixed scripts", "column of nulls", "all duplicates", "200 columns"],
)
def test_identical_tables_match_row_by_row(frame: pl.DataFrame, expected: int) -> None:
    assert linked(frame, frame).matches.height == expected


def test_a_giant_block_neither_crashes_nor_hides_the_rest() -> None:
    rows = 9_000
    frame = pl.DataFrame({"city": ["London"] * rows, "code": [f"K{row * 7919 % 104729:06}" for row in range(rows)]})
    assert linked(frame, frame).matches.height == rows


def test_memos_cut_short_with_lag_and_fees_are_linked() -> None:
    generator = np.random.default_rng(3)
    rows = 800
    names = ["".join(generator.choice(list("ABCDEFGHIKLMNOPRST"), 6)) for _ in range(rows)]
    memo = [f"{name} {generator.choice(['PAYMENT', 'GIFT', 'RENT'])} {number}" for number, name in enumerate(names)]
    cents = generator.integers(1_000, 900_000, rows)
    days = generator.integers(0, 90, rows)
    left = pl.DataFrame(
        {
            "booked": pl.Series(days + 19_000, dtype=pl.Int32).cast(pl.Date),
            "amount": pl.Series([Decimal(int(c)) / 100 for c in cents], dtype=pl.Decimal(38, 2)),
            "memo": memo,
        }
    )
    fees = np.where(generator.random(rows) < 0.5, cents * 99 // 100, cents)
    right = pl.DataFrame(
        {
            "booked": pl.Series(days + 19_000 + generator.integers(1, 4, rows), dtype=pl.Int32).cast(pl.Date),
            "amount": pl.Series([Decimal(int(c)) / 100 for c in fees], dtype=pl.Decimal(38, 2)),
            "memo": [text[:12] for text in memo],
        }
    )
    order = generator.permutation(rows)
    truth = frozenset((int(row), place) for place, row in enumerate(order))
    assert f1(set(pairs(linked(left, right[order]))), truth) > 0.97


def test_tables_of_very_different_size_are_linked() -> None:
    lists = customer_lists(3_000, seed=5)
    chosen = np.arange(120)
    truth = frozenset((left, right) for left, right in lists.truth if left < chosen.size)
    assert f1(set(pairs(linked(lists.left[chosen], lists.right))), truth) > 0.97
    turned = frozenset((right, left) for left, right in truth)
    assert f1(set(pairs(linked(lists.right, lists.left[chosen]))), turned) > 0.97


def test_a_whole_name_meets_given_and_family_names() -> None:
    """One list has two name columns, the other writes `Family, Given`."""
    lists = customer_lists(1_000, seed=9)
    whole = pl.concat_str(["surname", "first_name"], separator=", ", ignore_nulls=True).alias("full_name")
    right = lists.right.select(whole, "birth_date", "email", "town")
    found = pairs(linked(lists.left, right))
    assert f1(set(found), lists.truth) > 0.98


def test_duplicates_inside_a_table_do_not_pass_for_known_non_matches() -> None:
    lists = customer_lists(1_500, seed=11)
    twins = {left for left, _ in lists.truth}
    alone = [row for row in range(lists.left.height) if row not in twins][:400]
    copies = lists.left[alone].with_columns(town=pl.lit(None, pl.String))
    found = pairs(linked(pl.concat([lists.left, copies]), lists.right))
    assert f1(set(found), lists.truth) > 0.99


def test_relatives_at_one_address_are_not_taken_for_each_other() -> None:
    lists = lists_with_relatives(2_000, seed=4)
    outcome = linked(lists.left, lists.right)
    found = pairs(outcome)
    assert f1(set(found), lists.truth) > 0.97
    confirmed = [status == "confirmed" for status in outcome.matches.sort("match").get_column("status")]
    right = [pair in lists.truth for pair, sure in zip(found, confirmed, strict=True) if sure]
    assert sum(right) >= 0.99 * len(right)


def test_copies_that_differ_a_little_do_not_take_the_confidence_from_each_other(lists: Lists) -> None:
    twins = sorted(left for left, _ in lists.truth)[:200]
    copies = lists.left[twins].with_columns(email=pl.lit(None, pl.String))
    outcome = linked(pl.concat([lists.left, copies]), lists.right)
    found = {(left if left < 1_500 else twins[left - 1_500], right): chance for (left, right), chance in pairs(outcome).items()}
    assert f1(set(found), lists.truth) > 0.99
    assert np.mean([chance for (left, _), chance in found.items() if left in twins]) > 0.95
    ambiguous = outcome.matches.filter("ambiguous")
    assert ambiguous.height > 30
    assert set(ambiguous["status"]) == {"suggested"}
