"""Let labels improve the result: a classifier of the pairs that may be matches, then calibrated confidences.

The classifier is a logistic regression that starts from the model's own log odds and learns by how much to correct them, from
the levels, the match weight and the weight of the rivals. Its strength is chosen by cross-validation, "no correction" included,
so that labels which teach nothing change nothing.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recon378_engine.matching.linkage.calibrate import LABELS_MIN, Calibration, calibrate, uncalibrated
from recon378_engine.matching.linkage.known_pairs import Labels
from recon378_engine.matching.linkage.logistic import Floats, fit_logistic, log_loss, logistic, logit
from recon378_engine.matching.linkage.rivals import SWEEPS_MAX
from recon378_engine.matching.linkage.score import Fit, Observed, chances_of, group_weights

BAND_MIN = 0.002  # probability from which the classifier has a say: below lie 99 in 100 candidates, and hardly a match
BAND_LABELS_MIN = 40
FOLDS = 5
RIDGES = (300.0, 100.0, 30.0, 10.0, 3.0)  # imagined labels against each correction, weakest correction first
SEEN_MIN = 5  # labels that a level needs for a correction of its own
SURE = 8.0  # log odds (0.9997) beyond which more of the same says little: the model may be surely wrong
WEIGHT_MAX = 20.0  # natural log units; beyond, more evidence says nothing new

Folds = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Features:
    """`words` is (words, features of the levels), `rivals` (pairs, 2): what the rivals of the left and the right record weigh."""

    words: Floats
    rivals: Floats

    def of(self, observed: Observed, numbers: NDArray[np.int64]) -> Floats:
        return np.concatenate([self.words[observed.number[numbers]], self.rivals[numbers]], axis=1)


def learn_from(observed: Observed, fitted: Fit, labels: Labels) -> tuple[Fit, Calibration]:
    """The fit with chances that obey, and where there are enough of them learn from, the labels; and how they were calibrated.

    A labelled pair is what its label says. With too few labels nothing else changes, but for its rivals.
    """
    pinned = chances_of(observed, fitted.log_odds, labels, SWEEPS_MAX) if len(labels) else fitted.chances
    if len(labels) < LABELS_MIN:
        return replace(fitted, chances=pinned), uncalibrated(len(labels))
    folds = observed.left[labels.numbers].astype(np.int64) % FOLDS  # records lie in the order of a hash of their contents
    held_out = fitted.chances[labels.numbers]
    correction = _correction(observed, fitted, labels, folds)
    learned = pinned
    if correction is not None:
        held_out, learned = correction.held_out, correction.applied(observed, pinned)
    calibration = calibrate(held_out, labels.truth, folds, learned=correction is not None)
    chances = calibration(learned)
    chances[labels.numbers] = pinned[labels.numbers]
    return replace(fitted, chances=_within_copies(observed, chances)), calibration


@dataclass(frozen=True, slots=True)
class _Correction:
    """What the classifier adds to the log odds of each word, and for the rivals; `held_out` judges a label without its fold."""

    words: Floats
    rivals: Floats  # coefficients of the two features of `features.rivals`
    features: _Features
    held_out: Floats

    def applied(self, observed: Observed, chances: Floats) -> Floats:
        band = np.flatnonzero(chances > BAND_MIN)
        corrected = chances.copy()
        added = self.words[observed.number[band]] + self.features.rivals[band] @ self.rivals
        corrected[band] = logistic(_offset(chances[band]) + added)
        return corrected


def _offset(chances: Floats) -> Floats:
    """Log odds that grow only by their logarithm beyond ± SURE, so that labels can say that the model is surely wrong."""
    logits = logit(chances)
    size = np.abs(logits)
    offset: Floats = np.sign(logits) * np.where(size > SURE, SURE + np.log1p(np.maximum(size - SURE, 0.0)), size)
    return offset


def _correction(observed: Observed, fitted: Fit, labels: Labels, folds: Folds) -> _Correction | None:
    """The correction that predicts held-out labels best; None where none does better than the model itself."""
    free = fitted.chances[labels.numbers]
    band = free > BAND_MIN
    truth = labels.truth[band]
    if band.sum() < BAND_LABELS_MIN or not 0 < truth.sum() < truth.shape[0]:
        return None
    features = _features(observed, fitted, labels.numbers[band])
    rows = features.of(observed, labels.numbers[band])
    offset = _offset(free[band])
    best, best_loss = None, log_loss(free[band], truth)
    for ridge in RIDGES:
        predicted = _predicted(rows, truth, offset, folds[band], ridge)
        loss = log_loss(predicted, truth)
        if loss < best_loss:
            best, best_loss = (ridge, predicted), loss
    if best is None:
        return None
    ridge, predicted = best
    weights = fit_logistic(rows, truth, offset, ridge=ridge)
    held_out = free.copy()
    held_out[band] = predicted
    width = features.words.shape[1]
    return _Correction(features.words @ weights[:width], weights[width:], features, held_out)


def _predicted(rows: Floats, truth: Floats, offset: Floats, folds: Folds, ridge: float) -> Floats:
    """The probability of each label, by a classifier that has not seen its fold."""
    predicted = np.empty_like(truth)
    for fold in np.unique(folds).tolist():
        seen = folds != fold
        weights = fit_logistic(rows[seen], truth[seen], offset[seen], ridge=ridge)
        predicted[~seen] = logistic(offset[~seen] + rows[~seen] @ weights)
    return predicted


def _features(observed: Observed, fitted: Fit, numbers: NDArray[np.int64]) -> _Features:
    """A constant, the match weight, the weight of each group of comparisons, each level seen often enough; and the rivals."""
    seen = observed.number[numbers]
    weights = np.clip(group_weights(observed, fitted), -WEIGHT_MAX, WEIGHT_MAX)
    total = np.clip(fitted.log_odds, -WEIGHT_MAX, WEIGHT_MAX)[:, None]
    columns = [np.ones_like(total), _standard(np.concatenate([total, weights], axis=1), seen)]
    for number in range(observed.levels.shape[1]):
        levels = observed.levels[:, number]
        often = np.flatnonzero(np.bincount(levels[seen]) >= SEEN_MIN)
        if often.shape[0] > 1:
            columns.append((levels[:, None] == often[None, :]).astype(np.float64))
    rivals = _rivals(observed, fitted)
    return _Features(np.concatenate(columns, axis=1), rivals / np.maximum(rivals[numbers].std(axis=0), 1.0))


def _standard(columns: Floats, seen: NDArray[np.int32]) -> Floats:
    standard: Floats = (columns - columns[seen].mean(axis=0)) / np.maximum(columns[seen].std(axis=0), 1e-6)
    return standard


def _rivals(observed: Observed, fitted: Fit) -> Floats:
    """(pairs, 2): log of one and the odds of all other candidates of the left and of the right record."""
    odds = np.exp(np.clip(fitted.log_odds, -WEIGHT_MAX, WEIGHT_MAX))[observed.number]
    sides = ((observed.left, observed.left_copies), (observed.right, observed.right_copies))
    rest = [np.bincount(ends, weights=odds, minlength=copies.shape[0])[ends] - odds for ends, copies in sides]
    return np.log1p(np.maximum(np.stack(rest, axis=1), 0.0))


def _within_copies(observed: Observed, chances: Floats) -> Floats:
    """Chances such that those of a record add up to at most the number of its equal copies: it has one counterpart each."""
    excess = np.ones_like(chances)
    for ends, copies in ((observed.left, observed.left_copies), (observed.right, observed.right_copies)):
        total = np.bincount(ends, weights=chances, minlength=copies.shape[0])
        excess = np.maximum(excess, (total / copies)[ends])
    return chances / excess
