"""How wrong automatic matches may be, from those that people reviewed."""

from scipy.stats import beta

REVIEWED_MIN = 60  # reviewed matches below which nothing is said: the bound would be above 4.9 %


def upper_error_bound(
    reviewed: int, wrong: int = 0, *, certainty: float = 0.95, reviewed_min: int = REVIEWED_MIN
) -> float | None:
    """The share of wrong matches that is exceeded with a chance of at most 1 − certainty (Clopper and Pearson 1934, one-sided).

    None, shown as "uncalibrated", when fewer than `reviewed_min` were reviewed.
    """
    if reviewed < reviewed_min:
        return None
    if wrong >= reviewed:
        return 1.0
    return float(beta.ppf(certainty, wrong + 1, reviewed - wrong))
