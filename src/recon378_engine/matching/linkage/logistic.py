"""Logistic regression that starts from what is believed already: ridge-penalised, with an offset, by Newton's method."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEPS_MAX = 30
STEP_SMALL = 1e-8
LOGIT_MAX = 30.0


def logistic(logits: Floats) -> Floats:
    """Probabilities of log odds."""
    chances: Floats = 1.0 / (1.0 + np.exp(-np.clip(logits, -LOGIT_MAX, LOGIT_MAX)))
    return chances


def logit(chances: Floats) -> Floats:
    """Log odds of probabilities, within ± LOGIT_MAX."""
    floor = np.exp(-LOGIT_MAX)
    kept = np.clip(chances, floor, 1.0)
    log_odds: Floats = np.log(kept) - np.log(np.maximum(1.0 - kept, floor))
    return log_odds


def fit_logistic(features: Floats, truth: Floats, offset: Floats, *, ridge: float) -> Floats:
    """Coefficients b that make sigmoid(offset + features @ b) likely, each under a normal prior of mean 0 and precision `ridge`.

    `features` is (rows, columns), `truth` holds 0 and 1. The penalised likelihood is concave, so that Newton's method with a
    halved step where it overshoots finds its only maximum (Le Cessie and van Houwelingen 1992).
    """
    weights = np.zeros(features.shape[1])
    best = _penalised(features, truth, offset, weights, ridge)
    for _ in range(STEPS_MAX):
        chances = logistic(offset + features @ weights)
        slope = features.T @ (truth - chances) - ridge * weights
        curvature = (features * (chances * (1.0 - chances))[:, None]).T @ features
        curvature[np.diag_indices_from(curvature)] += ridge
        step = np.linalg.solve(curvature, slope)
        while (value := _penalised(features, truth, offset, weights + step, ridge)) < best and np.abs(step).max() > STEP_SMALL:
            step = step / 2.0
        weights, best = weights + step, max(best, value)
        if np.abs(step).max(initial=0.0) <= STEP_SMALL:
            break
    return weights


def log_loss(chances: Floats, truth: Floats) -> float:
    """Mean surprise in nats."""
    kept = np.clip(chances, 1e-9, 1.0 - 1e-9)
    return float(-np.mean(truth * np.log(kept) + (1.0 - truth) * np.log(1.0 - kept)))


def _penalised(features: Floats, truth: Floats, offset: Floats, weights: Floats, ridge: float) -> float:
    logits = np.clip(offset + features @ weights, -LOGIT_MAX, LOGIT_MAX)
    return float((truth * logits - np.log1p(np.exp(logits))).sum() - 0.5 * ridge * (weights**2).sum())
