"""What a reader is told of the calibration."""

from typing import Any

from recon378_engine.output.calibration import calibration_of, calibration_sentence, interval_sentence

CURVE = [
    {"confidence": 0.62, "low": 0.41, "high": 0.79, "labels": 30},
    {"confidence": 0.95, "low": 0.88, "high": 0.99, "labels": 34},
]


def calibration(**changed: Any) -> dict[str, Any]:
    return {"state": "calibrated", "labels": 64, "labels_min": 60, "method": "isotonic", "curve": CURVE, **changed}


def test_a_calibrated_confidence_has_the_interval_of_the_pairs_about_as_sure() -> None:
    assert interval_sentence(calibration(), 0.9) == (
        "calibrated on 64 labels; of 34 about as sure 88% to 99% are right (95 % interval)"
    )
    assert "of 30 about as sure 41% to 79%" in interval_sentence(calibration(), 0.1)


def test_too_few_labels_are_called_uncalibrated_with_what_is_missing() -> None:
    few = calibration(state="uncalibrated", labels=12, curve=[])
    assert calibration_sentence(few) == interval_sentence(few, 0.9) == "uncalibrated: 12 labels, 60 are needed"
    assert calibration_sentence(calibration(state="uncalibrated", labels=0, curve=[])).endswith("no labels to learn from yet")


def test_a_result_without_a_pass_that_learns_says_so() -> None:
    assert calibration_of({"passes": [{"name": "Exact"}]}) is None
    assert calibration_sentence(None) == "uncalibrated: no pass learns from labels"
    assert calibration_of({"passes": [{"name": "Exact"}, {"calibration": calibration()}]}) == calibration()
