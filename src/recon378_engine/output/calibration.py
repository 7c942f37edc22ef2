"""How far the confidences of a result can be trusted: what the passes say of their calibration, for whoever reads the result."""

from collections.abc import Mapping
from typing import Any


def calibration_of(diagnostics: Mapping[str, Any]) -> dict[str, Any] | None:
    """The calibration (state, labels, labels_min, method, curve) of the first pass that learns; None where no pass does."""
    found: dict[str, Any] | None = next((step["calibration"] for step in diagnostics["passes"] if "calibration" in step), None)
    return found


def calibration_sentence(calibration: Mapping[str, Any] | None) -> str:
    """The same in words, on how many labels."""
    if calibration is None:
        return "uncalibrated: no pass learns from labels"
    if not calibration["labels"]:
        return "uncalibrated: no labels to learn from yet"
    if calibration["state"] == "calibrated":
        return f"calibrated on {calibration['labels']} labels"
    return f"uncalibrated: {calibration['labels']} labels, {calibration['labels_min']} are needed"


def nearest_point(calibration: Mapping[str, Any] | None, confidence: float) -> dict[str, Any] | None:
    """The point of the curve (confidence, low, high, labels) nearest to a confidence: between `low` and `high` of such pairs are
    matches, with 95 % certainty. None where nothing is calibrated.
    """
    curve: list[dict[str, Any]] = calibration["curve"] if calibration else []
    return min(curve, key=lambda point: (abs(point["confidence"] - confidence), point["confidence"]), default=None)


def interval_sentence(calibration: Mapping[str, Any] | None, confidence: float) -> str:
    """The calibration of one confidence in words, with its interval where there is one."""
    told, point = calibration_sentence(calibration), nearest_point(calibration, confidence)
    if point is None:
        return told
    return f"{told}; of {point['labels']} about as sure {point['low']:.0%} to {point['high']:.0%} are right (95 % interval)"
