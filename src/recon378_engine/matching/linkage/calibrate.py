"""Calibrate confidences with the answers of people: among pairs called 0.8, eight in ten shall be right.

Isotonic regression (Zadrozny and Elkan 2002) of the answers on the log odds. As in Venn-Abers prediction (Vovk and Petej 2014) no
run of right answers ends in certainty: each half unit of log odds carries one imagined answer, that of the model itself.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression
from scipy.stats import beta

from recon378_engine.matching.linkage.logistic import Floats, logistic, logit

LABELS_MIN = 60  # below, 95 % certainty cannot tell 0 % from 4.9 % wrong
CURVE_LABELS_MIN = 20  # of a point of the curve
CURVE_POINTS_MAX = 10
CERTAINTY = 0.95
_GRID = np.arange(-8.0, 8.01, 0.5)  # log odds at which the model's own word counts as one label


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """`labels` pairs of about `confidence`; between `low` and `high` of such pairs are matches, with 95 % certainty."""

    confidence: float
    low: float
    high: float
    labels: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far confidences can be trusted, and the map from confidences as they were to calibrated ones.

    `knots` are (log odds before, log odds after), ascending; none where nothing is changed.
    """

    calibrated: bool
    labels: int
    method: str
    curve: tuple[CurvePoint, ...] = ()
    knots: tuple[Floats, Floats] | None = None

    def __call__(self, chances: Floats) -> Floats:
        """The calibrated confidence for each confidence in 0..1; the order never turns round."""
        if self.knots is None:
            return chances
        logits = logit(chances)
        before, after = self.knots
        inner = np.interp(logits, before, after)
        beyond = np.where(logits < before[0], logits - before[0], np.maximum(0.0, logits - before[-1]))
        return logistic(inner + beyond)

    def to_dict(self) -> dict[str, Any]:
        """As it stands in the diagnostics of a pass: state, labels, labels_min, method, curve."""
        return {
            "state": "calibrated" if self.calibrated else "uncalibrated",
            "labels": self.labels,
            "labels_min": LABELS_MIN,
            "method": self.method,
            "curve": [
                {"confidence": point.confidence, "low": point.low, "high": point.high, "labels": point.labels}
                for point in self.curve
            ],
        }


def uncalibrated(labels: int) -> Calibration:
    """What is said with too few labels."""
    return Calibration(calibrated=False, labels=labels, method=f"none: {labels} labels, {LABELS_MIN} are needed")


def calibrate(chances: Floats, truth: Floats, folds: NDArray[np.int64], *, learned: bool = False) -> Calibration:
    """Fit a calibration to labelled confidences: `truth` is 1 or 0 for each, `folds` numbers the part that each belongs to.

    The chances must not have been fitted to their own label. The curve judges each label by a map that was fitted without its
    fold. `learned` says that the chances come from a classifier of the labels. Too few labels change nothing: uncalibrated.
    """
    if truth.shape[0] < LABELS_MIN:
        return uncalibrated(truth.shape[0])
    logits = logit(chances)
    held_out = np.empty_like(chances)
    for fold in np.unique(folds).tolist():
        inside = folds != fold
        held_out[~inside] = _mapped(_fit_knots(logits[inside], truth[inside]), chances[~inside])
    method = "isotonic regression on held-out labels" + (", after logistic regression" if learned else "")
    return Calibration(
        calibrated=True,
        labels=int(truth.shape[0]),
        method=method,
        curve=_curve(held_out, truth),
        knots=_fit_knots(logits, truth),
    )


def _mapped(knots: tuple[Floats, Floats], chances: Floats) -> Floats:
    return Calibration(calibrated=True, labels=0, method="", knots=knots)(chances)


def _fit_knots(logits: Floats, truth: Floats) -> tuple[Floats, Floats]:
    """Centres of the blocks of equal probability, as log odds, and their log odds after."""
    places = np.concatenate([np.clip(logits, _GRID[0], _GRID[-1]), _GRID])
    answers = np.concatenate([truth, logistic(_GRID)])
    places, where = np.unique(places, return_inverse=True)
    weights = np.bincount(where).astype(np.float64)
    means = np.bincount(where, weights=answers) / weights
    fitted = isotonic_regression(means, weights=weights)
    edges = fitted.blocks[:-1]
    totals = np.add.reduceat(weights, edges)
    centres = np.add.reduceat(weights * places, edges) / totals
    return centres, logit(np.asarray(fitted.x)[edges])


def _curve(chances: Floats, truth: Floats) -> tuple[CurvePoint, ...]:
    """Points of about equally many labels, with the interval of Clopper and Pearson (1934).

    Neighbours of the same confidence, to the hundredth, are one point: apart they would only be less certain.
    """
    points = max(1, min(CURVE_POINTS_MAX, truth.shape[0] // CURVE_LABELS_MIN))
    order = np.lexsort((truth, chances))
    parts: list[NDArray[np.int64]] = []
    for part in np.array_split(order, points):
        if parts and round(float(chances[parts[-1]].mean()), 2) == round(float(chances[part].mean()), 2):
            parts[-1] = np.concatenate([parts[-1], part])
        else:
            parts.append(part)
    return tuple(_point(chances[part], truth[part]) for part in parts)


def _point(chances: Floats, truth: Floats) -> CurvePoint:
    count, right = truth.shape[0], float(truth.sum())
    tail = (1.0 - CERTAINTY) / 2.0
    low = float(beta.ppf(tail, right, count - right + 1.0)) if right > 0 else 0.0
    high = float(beta.ppf(1.0 - tail, right + 1.0, count - right)) if right < count else 1.0
    return CurvePoint(round(float(chances.mean()), 4), round(low, 4), round(high, 4), count)
