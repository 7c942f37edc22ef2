"""The order of comparison levels from far apart to equal, and the words a reviewer reads for each."""

import numpy as np
from numpy.typing import NDArray

from recon378_engine.matching.linkage import levels
from recon378_engine.matching.linkage.comparison import Comparison, Kind


def closeness(comparison: Comparison) -> NDArray[np.int64]:
    """A rank for each level: the higher, the nearer; missing lowest, rarer equal values above common ones."""
    kind, count = comparison.kind, levels.level_count(comparison)
    rank = np.arange(count)
    if kind is Kind.CATEGORY:
        rank = equal_values(comparison).astype(np.int64) + 1
        rank[0] = 0
    elif kind is Kind.STRING:
        rank[levels.STRING_EQUAL :] = levels.STRING_EQUAL + levels.RARITIES - np.arange(levels.RARITIES)
    elif kind is Kind.EVENT_DATE:
        rank = 20 - np.abs(np.arange(count) - levels.LAG_ZERO)
        rank[levels.LAG_DAY_MONTH], rank[levels.DIFFERENT], rank[0] = 5, 1, 0
    elif kind is Kind.AMOUNT:
        for first in (levels.AMOUNT_LOWER, levels.AMOUNT_HIGHER):
            rank[first : first + 10] = 20 - np.arange(10)
        rank[levels.OPPOSITE] = 2
        rank[levels.AMOUNT_EQUAL :] = 30 - np.arange(levels.RARITIES)
    return rank


def equal_values(comparison: Comparison) -> NDArray[np.bool_]:
    """Whether each level of a CATEGORY is that of two equal values."""
    size = len(comparison.values)
    return np.concatenate([np.zeros(1, np.bool_), np.eye(size, dtype=np.bool_).ravel()])


def expected_agreement(comparison: Comparison) -> NDArray[np.float64]:
    """The distribution of levels among matches before anything is seen: mostly equal, the nearer the likelier.

    It stands for a few pairs only, so that tables of a handful of rows behave sensibly and larger ones speak for themselves.
    """
    kind, count = comparison.kind, levels.level_count(comparison)
    weight = np.full(count, 0.1 / count)
    if kind is Kind.STRING:
        weight[levels.STRING_EQUAL :] += 0.7 / levels.RARITIES
        weight[[levels.ONE_EDIT, levels.BEGINS]] += 0.05
    elif kind is Kind.ATTRIBUTE_DATE:
        weight[levels.DATE_EQUAL] += 0.7
    elif kind is Kind.EVENT_DATE:
        days = np.arange(-10, 11)
        weight[levels.LAG_ZERO + days] += 0.7 / (1 + np.abs(days)) / (1.0 / (1 + np.abs(days))).sum()
    elif kind is Kind.AMOUNT:
        weight[levels.AMOUNT_EQUAL :] += 0.7 / levels.RARITIES
    else:
        rank = closeness(comparison).astype(np.float64)
        weight += 0.7 * rank**2 / (rank**2).sum()
    weight[0] = 0.0
    weight /= weight.sum()
    return weight


_STRING = {
    levels.DIFFERENT: "different", levels.ALIKE: "somewhat similar", levels.VERY_ALIKE: "similar", 
    levels.CONTAINED: "one contains the other", levels.TWO_EDITS: "two letters differ",
    levels.BEGINS: "one begins with the other", levels.ONE_EDIT: "one letter differs",
    levels.SWAPPED: "swapped with the other name",
    levels.ALIAS: "equal as a nickname",
}  # fmt: skip
_ATTRIBUTE_DATE = {
    levels.DIFFERENT: "different", levels.SAME_YEAR: "same year", levels.NEAR_DAYS: "within a month",
    levels.SAME_DAY: "same day of another year",
    levels.ONE_DIGIT: "one digit differs", levels.DAY_MONTH: "day and month swapped", levels.DATE_EQUAL: "equal",
}  # fmt: skip


def outcome(comparison: Comparison, level: int) -> str:
    """What a level says, in the reviewer's words."""
    if level == levels.MISSING:
        return "missing"
    if comparison.kind is Kind.CATEGORY:
        return "equal" if equal_values(comparison)[level] else "different"
    return _OUTCOMES[comparison.kind](level)


def _string(level: int) -> str:
    if level < levels.STRING_EQUAL:
        return _STRING[level]
    rarity = level - levels.STRING_EQUAL
    return "equal, a rare value" if rarity <= 1 else "equal" if rarity <= 3 else "equal, a common value"


def _event_date(level: int) -> str:
    if level == levels.DIFFERENT:
        return "more than two months apart"
    if level == levels.LAG_DAY_MONTH:
        return "day and month swapped"
    lag = level - levels.LAG_ZERO
    if lag == 0:
        return "equal"
    ranges = {11: "11 to 15 days", 12: "16 to 21 days", 13: "22 to 31 days", 14: "one to two months"}
    size = ranges.get(abs(lag), f"{abs(lag)} day" + ("s" if abs(lag) > 1 else ""))
    return f"{size} later" if lag > 0 else f"{size} earlier"


def _amount(level: int) -> str:
    if level >= levels.AMOUNT_EQUAL:
        return "equal" if level < levels.AMOUNT_EQUAL + 3 else "equal, a common amount"
    if level == levels.DIFFERENT:
        return "different"
    if level == levels.OPPOSITE:
        return "equal with the opposite sign"
    higher = level >= levels.AMOUNT_HIGHER
    step = level - (levels.AMOUNT_HIGHER if higher else levels.AMOUNT_LOWER)
    size = "by cents" if step == 0 else f"by up to {levels.STEPS[step - 1] * 100:g} %"
    return f"{'higher' if higher else 'lower'} {size}"


def _text(level: int) -> str:
    step, rare = divmod(level - 1, levels.RARE_LEVELS)
    alike = (
        "the same words"
        if step >= 11
        else "much in common"
        if step >= 5
        else "something in common"
        if step >= 2
        else "little in common"
    )
    return f"{alike}, a rare word shared" if rare >= 3 else alike


def _start(level: int) -> str:
    whole, step = divmod(level - 1, levels.START_LEVELS)
    if whole:
        return "equal"
    return "begins alike, rarely so" if step >= 5 else "begins alike" if step >= 2 else "begins differently"


_OUTCOMES = {
    Kind.STRING: _string,
    Kind.ATTRIBUTE_DATE: lambda level: _ATTRIBUTE_DATE[level],
    Kind.EVENT_DATE: _event_date,
    Kind.AMOUNT: _amount,
    Kind.TEXT: _text,
    Kind.START: _start,
}
