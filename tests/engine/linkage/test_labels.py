"""Labels: they are obeyed, they improve the result, and they calibrate the confidence."""

import numpy as np
import polars as pl
import pytest

from recon378_engine import BadInput, reconcile
from recon378_engine.matching.linkage.calibrate import LABELS_MIN
from recon378_engine.matching.outcome import PassOutcome
from tests.engine.linkage.people import Lists, Pairs, customer_lists, f1, labels_of, linked, pairs, table


@pytest.fixture(scope="module")
def lists() -> Lists:
    """The truth is stricter than the records tell: who lives in another town counts as somebody else."""
    lists = customer_lists(1_500, seed=11)
    left, right = lists.left["town"].to_list(), lists.right["town"].to_list()
    return Lists(lists.left, lists.right, frozenset(pair for pair in lists.truth if left[pair[0]] == right[pair[1]]))


@pytest.fixture(scope="module")
def unlabelled(lists: Lists) -> Pairs:
    return pairs(linked(lists.left, lists.right))


@pytest.fixture(scope="module")
def labels(lists: Lists, unlabelled: Pairs) -> pl.DataFrame:
    """What a person says of 200 of the matches."""
    chosen = np.random.default_rng(5).permutation(len(unlabelled))[:200]
    return labels_of([list(unlabelled)[number] for number in chosen], lists.truth)


def calibration(outcome: PassOutcome) -> dict[str, object]:
    found: dict[str, object] = outcome.diagnostics["calibration"]
    return found


def test_labels_teach_what_counts_as_a_match(lists: Lists, unlabelled: Pairs, labels: pl.DataFrame) -> None:
    seen = set(labels.select("left", "right").iter_rows())
    rest = frozenset(lists.truth - seen)
    taught = pairs(linked(lists.left, lists.right, labels=labels))
    assert f1(set(unlabelled) - seen, rest) < 0.93
    assert f1(set(taught) - seen, rest) > 0.98


def test_confidence_is_honest_after_calibration(lists: Lists, labels: pl.DataFrame) -> None:
    outcome = linked(lists.left, lists.right, labels=labels)
    seen = set(labels.select("left", "right").iter_rows())
    rest = {pair: confidence for pair, confidence in pairs(outcome).items() if pair not in seen}
    assert abs(np.mean(list(rest.values())) - np.mean([pair in lists.truth for pair in rest])) < 0.02
    found = outcome.diagnostics["calibration"]
    assert found["state"] == "calibrated"
    assert found["labels"] == sum(point["labels"] for point in found["curve"]) == 200
    assert all(0.0 <= point["low"] <= point["high"] <= 1.0 for point in found["curve"])


def test_labelled_pairs_are_what_their_labels_say(lists: Lists, labels: pl.DataFrame) -> None:
    found = pairs(linked(lists.left, lists.right, labels=labels))
    for left, right, answer in labels.select("left", "right", "is_match").iter_rows():
        assert ((left, right) in found) == answer


def test_a_few_labels_change_nothing_but_their_own_pairs(lists: Lists, unlabelled: Pairs) -> None:
    wrong = [pair for pair in unlabelled if pair not in lists.truth][:20]
    outcome = linked(lists.left, lists.right, labels=labels_of(wrong, lists.truth))
    rivals = {record for pair in wrong for record in enumerate(pair)}
    found = {pair: chance for pair, chance in pairs(outcome).items() if not rivals & set(enumerate(pair))}
    untouched = {pair: chance for pair, chance in unlabelled.items() if not rivals & set(enumerate(pair))}
    assert found == pytest.approx(untouched, abs=1e-9)  # a rival of a rival may move the last digit
    assert calibration(outcome) == {
        "state": "uncalibrated", "labels": 20, "labels_min": LABELS_MIN, "method": "none: 20 labels, 60 are needed", "curve": [],
    }  # fmt: skip


def test_without_labels_the_confidence_is_called_uncalibrated(lists: Lists) -> None:
    found = calibration(linked(lists.left[:300], lists.right[:300]))
    assert (found["state"], found["labels"]) == ("uncalibrated", 0)


def test_a_pair_that_no_rule_finds_is_matched_when_it_is_labelled_so(lists: Lists, unlabelled: Pairs) -> None:
    taken = [{pair[side] for pair in unlabelled} for side in (0, 1)]
    free = tuple(min(set(range(1_500)) - rows) for rows in taken)
    labels = pl.DataFrame({"left": [free[0]], "right": [free[1]], "is_match": [True]})
    assert free in pairs(linked(lists.left, lists.right, labels=labels))


def test_labels_teach_the_same_in_any_order_and_on_any_number_of_threads(lists: Lists, labels: pl.DataFrame) -> None:
    named = labels.rename({"left": "left_row", "right": "right_row"})
    one = reconcile(table(lists.left), table(lists.right), labels=named, threads=1)
    generator = np.random.default_rng(3)
    left, right = generator.permutation(1_500), generator.permutation(1_500)
    moved = named.with_columns(
        left_row=pl.Series(np.argsort(left)[named["left_row"].to_numpy()]),
        right_row=pl.Series(np.argsort(right)[named["right_row"].to_numpy()]),
    ).sample(fraction=1.0, shuffle=True, seed=1)
    other = reconcile(table(lists.left[left]), table(lists.right[right]), labels=moved, threads=2)
    assert one.result_hash == other.result_hash
    assert one.diagnostics["passes"][-1]["calibration"]["state"] == "calibrated"


def test_labels_that_contradict_each_other_are_refused(lists: Lists) -> None:
    labels = pl.DataFrame({"left_row": [3, 3], "right_row": [7, 7], "is_match": [True, False]})
    with pytest.raises(BadInput, match="left row 3 and right row 7 both a match and none"):
        reconcile(table(lists.left[:50]), table(lists.right[:50]), labels=labels)


def test_labels_without_an_answer_are_refused(lists: Lists) -> None:
    labels = pl.DataFrame({"left_row": [3], "right_row": [7], "is_match": [None]}, schema_overrides={"is_match": pl.Boolean})
    with pytest.raises(BadInput, match="has no is_match"):
        reconcile(table(lists.left[:50]), table(lists.right[:50]), labels=labels)
