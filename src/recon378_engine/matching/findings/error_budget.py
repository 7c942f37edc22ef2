"""From which confidence on matches may be confirmed without a person, if at most a given share of them may be wrong."""

from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.errors import BadInput
from recon378_engine.matching.findings.error_bound import REVIEWED_MIN, upper_error_bound

CERTAINTY = 0.95
FIRST_ERRORS = 2  # wrong ones that the first, smallest sample may hold and still pass
REVIEWED_MAX = 1_000_000

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ErrorBudget:
    """What may be confirmed automatically.

    `state` is calibrated or uncalibrated (too few reviewed). `threshold` is the lowest confidence from which on matches may be
    confirmed, None where nothing reviewed so far allows it; `matches` are how many that confirms, `expected_wrong` how many of
    these are wrong by their own confidence, `wrong_share_max` the upper bound of their wrong share by the reviewed ones. `curve`
    has a row for each hundredth from 0.50 to 1.00: threshold, matches, expected_wrong, reviewed, wrong, wrong_share_max (null
    where too few are reviewed).
    """

    state: str
    reviewed: int
    reviewed_min: int
    threshold: float | None
    matches: int
    expected_wrong: float
    wrong_share_max: float | None
    curve: pl.DataFrame


def error_budget(
    confidences: pl.Series | Floats,
    reviewed: pl.DataFrame,
    *,
    wrong_share: float = 0.01,
    certainty: float = CERTAINTY,
    reviewed_min: int = REVIEWED_MIN,
) -> ErrorBudget:
    """Find the lowest threshold at which at most `wrong_share` of the confirmed matches are wrong, with `certainty`.

    `confidences` are those of all matches, 0..1; `reviewed` has confidence and right (whether the match turned out right), drawn
    at random or as `labelling_order` does, not hand-picked. Raises BadInput for a share or a confidence outside 0..1.

    The bound at one threshold is that of Clopper and Pearson (1934). Thresholds are tried in one fixed order, from a sample that
    may hold FIRST_ERRORS errors downwards, and the first failure ends the search, so that the certainty holds for the chosen one
    although many were tried (fixed sequence testing: Maurer, Hothorn and Lehmacher 1995; Angelopoulos et al. 2021).
    """
    every = _shares(np.asarray(confidences, np.float64), "confidence")
    seen = _shares(reviewed["confidence"].to_numpy().astype(np.float64), "reviewed confidence")
    if not 0.0 < wrong_share < 1.0 or not 0.0 < certainty < 1.0:
        raise BadInput("The share of wrong matches and the certainty lie between 0 and 1.")
    right = reviewed["right"].cast(pl.Boolean).to_numpy()
    bound = _Bound(np.sort(seen)[::-1], np.cumsum(~right[np.argsort(-seen, kind="stable")]), certainty, reviewed_min)
    threshold = bound.lowest(wrong_share) if seen.shape[0] >= reviewed_min else None
    return ErrorBudget(
        state="calibrated" if seen.shape[0] >= reviewed_min else "uncalibrated",
        reviewed=int(seen.shape[0]),
        reviewed_min=reviewed_min,
        threshold=threshold,
        matches=0 if threshold is None else int((every >= threshold).sum()),
        expected_wrong=0.0 if threshold is None else expected_wrong(every, threshold),
        wrong_share_max=None if threshold is None else bound.at(threshold)["wrong_share_max"],
        curve=_curve(every, bound),
    )


def expected_wrong(confidences: pl.Series | Floats, threshold: float) -> float:
    """How many matches of at least `threshold` are wrong, by their own confidence; as good as the confidence is calibrated."""
    every = np.asarray(confidences, np.float64)
    return float((1.0 - every[every >= threshold]).sum())


def reviewed_needed(wrong_share: float, wrong: int, *, certainty: float = CERTAINTY, reviewed_min: int = REVIEWED_MIN) -> int:
    """How many matches have to be reviewed so that `wrong` wrong ones among them still keep the bound within `wrong_share`."""
    low, high = max(1, wrong), min(REVIEWED_MAX, ceil((20 + 2 * wrong) / wrong_share))
    while low < high:
        middle = (low + high) // 2
        limit = upper_error_bound(middle, wrong, certainty=certainty, reviewed_min=1)
        low, high = (low, middle) if limit is not None and limit <= wrong_share else (middle + 1, high)
    return max(low, reviewed_min)


@dataclass(frozen=True, slots=True)
class _Bound:
    """Reviewed matches by falling confidence, and how many of the first so many were wrong."""

    confidences: Floats
    wrong: NDArray[np.int64]
    certainty: float
    reviewed_min: int

    def at(self, threshold: float) -> dict[str, Any]:
        count = int(np.searchsorted(-self.confidences, -threshold, side="right"))
        wrong = int(self.wrong[count - 1]) if count else 0
        limit = upper_error_bound(count, wrong, certainty=self.certainty, reviewed_min=self.reviewed_min)
        return {"reviewed": count, "wrong": wrong, "wrong_share_max": limit}

    def lowest(self, wrong_share: float) -> float | None:
        """The lowest reviewed confidence, in thousandths, down to which every bound is within `wrong_share`."""
        first = reviewed_needed(wrong_share, FIRST_ERRORS, certainty=self.certainty, reviewed_min=self.reviewed_min)
        start = min(self.confidences.shape[0], first)
        found = None
        for threshold in np.unique(np.floor(self.confidences[start - 1 :] * 1000) / 1000)[::-1].tolist():
            limit = self.at(threshold)["wrong_share_max"]
            if limit is None or limit > wrong_share:
                break
            found = threshold
        return found


def _shares(values: Floats, what: str) -> Floats:
    if values.size and not ((values >= 0.0) & (values <= 1.0)).all():
        raise BadInput(f"A {what} lies between 0 and 1.")
    return values


def _curve(every: Floats, bound: _Bound) -> pl.DataFrame:
    rows = [
        {"threshold": threshold, "matches": int((every >= threshold).sum()), "expected_wrong": expected_wrong(every, threshold)}
        | bound.at(threshold)
        for threshold in (np.arange(50, 101) / 100).tolist()
    ]
    types = {"reviewed": pl.Int64, "wrong": pl.Int64, "wrong_share_max": pl.Float64}
    return pl.DataFrame(rows, schema_overrides=types)
