"""How much may be confirmed without a person, and which pairs a person should look at first."""

import numpy as np
import polars as pl
import pytest
from scipy.stats import spearmanr

from recon378_engine import BadInput, Result, error_budget, labelling_order, reconcile
from recon378_engine.matching.findings.error_budget import expected_wrong
from tests.engine.linkage.people import customer_lists, table


def reviewed(right: int, wrong: int = 0, confidence: float = 0.97) -> pl.DataFrame:
    return pl.DataFrame({"confidence": [confidence] * (right + wrong), "right": [True] * right + [False] * wrong})


@pytest.mark.parametrize(("count", "bound"), [(299, 0.010), (60, 0.049)])
def test_spec_example_23_reviewed_without_error_bound_the_wrong_share(count: int, bound: float) -> None:
    found = error_budget(np.full(1_000, 0.97), reviewed(count), wrong_share=0.0501)
    assert found.state == "calibrated"
    assert round(found.wrong_share_max or 1.0, 3) == bound


def test_spec_example_23_below_the_minimum_nothing_is_said() -> None:
    found = error_budget(np.full(1_000, 0.97), reviewed(59))
    assert (found.state, found.threshold, found.matches, found.wrong_share_max) == ("uncalibrated", None, 0, None)
    assert found.curve["wrong_share_max"].is_null().all()


def test_threshold_is_as_low_as_the_budget_allows() -> None:
    good, bad = reviewed(900, confidence=0.95), reviewed(60, 40, confidence=0.6)
    confidences = np.concatenate([np.full(5_000, 0.95), np.full(500, 0.6)])
    strict = error_budget(confidences, pl.concat([good, bad]), wrong_share=0.01)
    assert (strict.threshold, strict.matches) == (0.95, 5_000)
    assert error_budget(confidences, pl.concat([good, bad]), wrong_share=0.10).threshold == 0.6
    assert error_budget(confidences, reviewed(900, 40), wrong_share=0.01).threshold is None


def test_promise_is_kept_in_nineteen_of_twenty_cases() -> None:
    """Errors grow as confidence falls; over many samples the chosen threshold breaks the budget at most one time in twenty."""
    generator = np.random.default_rng(8)
    confidences = 1.0 - generator.integers(0, 30, 20_000) / 100
    true_wrong = (1.0 - confidences) ** 1.5
    broken = 0
    for _ in range(100):
        drawn = generator.integers(0, 20_000, 800)
        right = generator.random(800) >= true_wrong[drawn]
        sample = pl.DataFrame({"confidence": confidences[drawn], "right": right})
        threshold = error_budget(confidences, sample, wrong_share=0.04).threshold
        broken += threshold is not None and true_wrong[confidences >= threshold].mean() > 0.04
    assert broken <= 0.05 * 100 + 4


def test_expected_wrong_matches_are_counted_at_any_threshold() -> None:
    confidences = pl.Series([0.99, 0.9, 0.6])
    assert expected_wrong(confidences, 0.5) == pytest.approx(0.51)
    assert expected_wrong(confidences, 0.9) == pytest.approx(0.11)
    curve = error_budget(confidences, reviewed(70)).curve
    assert curve.filter(pl.col("threshold") == 0.9).select("matches", "reviewed").rows() == [(2, 70)]


def test_shares_outside_their_range_are_refused() -> None:
    with pytest.raises(BadInput, match="between 0 and 1"):
        error_budget(np.array([0.9]), reviewed(70), wrong_share=1.0)
    with pytest.raises(BadInput, match="A reviewed confidence"):
        error_budget(np.array([0.9]), reviewed(70, confidence=97.0))


@pytest.fixture(scope="module")
def result() -> Result:
    lists = customer_lists(1_500, seed=21)
    columns = ["first_name", "town"]
    return reconcile(table(lists.left.select(columns)), table(lists.right.select(columns)), threads=1)


def confidence_of(result: Result, asked: pl.DataFrame) -> pl.Series:
    """The confidence of each pair asked for; null for a runner-up."""
    left, right = (
        result.items.filter(pl.col("side") == side).select("match_id", pl.col("row").alias(f"{side}_row"))
        for side in ("left", "right")
    )
    matched = result.matches.select("match_id", "confidence").join(left, on="match_id").join(right, on="match_id")
    return asked.join(matched, on=["left_row", "right_row"], how="left", maintain_order="left")["confidence"]


def test_unsure_pairs_are_asked_first_and_the_score_is_not_shown(result: Result) -> None:
    asked = labelling_order(result)
    assert asked.columns == ["left_row", "right_row"]
    confidence = confidence_of(result, asked)
    unsure = (confidence.is_null() | (confidence < 0.95)).to_numpy()
    assert unsure[:40].mean() > 3 * unsure.mean()
    known = confidence.drop_nulls()[:40]
    assert abs(spearmanr(known, np.arange(known.len())).statistic) < 0.5, "the order would give the score away"


def test_labelled_pairs_are_not_asked_again(result: Result) -> None:
    asked = labelling_order(result)
    assert labelling_order(result).equals(asked)
    rest = labelling_order(result, labelled=asked[:25])
    assert rest.height == asked.height - 25
    assert rest.join(asked[:25], on=["left_row", "right_row"]).is_empty()
