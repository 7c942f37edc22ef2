"""Calibration of confidences by labels."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from recon378_engine.matching.linkage.calibrate import calibrate
from recon378_engine.matching.linkage.logistic import fit_logistic, logistic, logit

share = st.floats(0.0, 1.0)
FOLDS = np.arange(4_000) % 5


def test_boasted_confidences_become_true_ones() -> None:
    generator = np.random.default_rng(1)
    true = generator.random(4_000)
    boasted = logistic(3.0 * logit(true))
    found = calibrate(boasted[:800], (generator.random(800) < true[:800]).astype(float), FOLDS[:800])
    assert np.abs(found(boasted[800:]) - true[800:]).mean() < 0.04
    assert np.abs(boasted[800:] - true[800:]).mean() > 0.13


def test_labels_of_one_confidence_are_one_point_of_the_curve() -> None:
    truth = np.repeat([1.0, 0.0], [190, 10])
    found = calibrate(np.full(200, 0.95), truth, np.arange(200) % 5)
    assert [point.labels for point in found.curve] == [200]
    assert found.curve[0].low < 0.95 < found.curve[0].high < 0.98


def test_intervals_of_the_curve_hold_the_true_share() -> None:
    generator = np.random.default_rng(2)
    true = generator.random(1_000)
    found = calibrate(true, (generator.random(1_000) < true).astype(float), FOLDS[:1_000])
    assert len(found.curve) == 10
    assert sum(point.low <= point.confidence <= point.high for point in found.curve) >= 9


def test_right_answers_alone_never_end_in_certainty_nor_take_any_away() -> None:
    sure = np.full(100, 0.99)
    found = calibrate(sure, np.ones(100), FOLDS[:100])
    assert found.calibrated
    assert 0.98 < float(found(np.array([0.99]))[0]) < 1.0
    assert float(found(np.array([1.0 - 1e-9]))[0]) > 0.999


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.0, 1.0), st.booleans()), min_size=60, max_size=120), st.lists(st.floats(0.0, 1.0), min_size=2)
)
def test_calibration_never_turns_the_order_round(labelled: list[tuple[float, bool]], asked: list[float]) -> None:
    chances, truth = (np.array(part, float) for part in zip(*labelled, strict=True))
    found = calibrate(chances, truth, FOLDS[: len(labelled)])(np.sort(np.array(asked)))
    assert (np.diff(found) >= -1e-12).all()
    assert ((found >= 0.0) & (found <= 1.0)).all()


def test_logistic_regression_finds_the_penalised_maximum() -> None:
    generator = np.random.default_rng(4)
    features = generator.normal(size=(300, 4))
    offset = generator.normal(size=300)
    truth = (generator.random(300) < logistic(offset + features @ np.array([2.0, -1.0, 0.0, 0.5]))).astype(float)

    def cost(weights: np.ndarray) -> float:
        logits = offset + features @ weights
        return float((np.log1p(np.exp(logits)) - truth * logits).sum() + 1.5 * (weights**2).sum())

    assert np.allclose(fit_logistic(features, truth, offset, ridge=3.0), minimize(cost, np.zeros(4)).x, atol=1e-4)
