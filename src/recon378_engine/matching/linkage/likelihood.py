"""How likely a group of comparison levels is among matches and among non-matches.

Levels of one group are weighed together: their joint distribution, smoothed towards the product of the single ones. What is
missing says nothing: every distribution is over the levels given which values are missing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LIFT_WEIGHT = 2.0  # observations that independence is worth: the ratio of seen to expected is shrunk towards 1 (DuMouchel 1999)


@dataclass(frozen=True, slots=True)
class Grouping:
    """The distinct level combinations of each group over all words.

    `members[g]` are the comparisons of group g; `code[g]` gives for each word its combination, `combinations[g]` the levels of
    each (combinations, members); `pattern[g]` numbers which members are missing, 0 for all missing.
    """

    names: tuple[str, ...]
    members: tuple[tuple[int, ...], ...]
    code: tuple[Ints, ...]
    combinations: tuple[Ints, ...]
    pattern: tuple[Ints, ...]


def group_levels(levels: Ints, groups: tuple[str, ...], level_counts: tuple[int, ...]) -> Grouping:
    """Group the (words, comparisons) levels by the group name of each comparison."""
    names = tuple(dict.fromkeys(groups))
    members = tuple(tuple(number for number, group in enumerate(groups) if group == name) for name in names)
    codes, combinations, patterns = [], [], []
    for numbers in members:
        radix = np.cumprod(np.array([1, *[level_counts[number] for number in numbers[:-1]]], np.int64))
        distinct, code = np.unique(levels[:, numbers] @ radix, return_inverse=True)
        table = (distinct[:, None] // radix[None, :]) % np.array([level_counts[number] for number in numbers])[None, :]
        codes.append(code.astype(np.int64))
        combinations.append(table)
        patterns.append((table > 0) @ (1 << np.arange(len(numbers))))
    return Grouping(names, members, tuple(codes), tuple(combinations), tuple(patterns))


def single_distributions(
    grouping: Grouping, levels: Ints, level_counts: tuple[int, ...], weights: Floats, base: list[Floats], base_weight: float
) -> list[Floats]:
    """For each comparison the distribution of its levels from 1 on (0 at level 0); `weights` is (words, comparisons)."""
    singles = []
    for number, count in enumerate(level_counts):
        counted = np.bincount(levels[:, number], weights=weights[:, number], minlength=count) + base_weight * base[number]
        counted[0] = 0.0
        singles.append(counted / max(counted.sum(), 1e-300))
    del grouping
    return singles


def joint_logs(grouping: Grouping, group: int, singles: list[Floats], weights: Floats) -> Floats:
    """Natural log of the probability of each combination of a group given its pattern; `weights` are the words' counts."""
    table, members = grouping.combinations[group], grouping.members[group]
    product = np.ones(table.shape[0])
    for place, number in enumerate(members):
        product *= np.where(table[:, place] > 0, singles[number][table[:, place]], 1.0)
    if len(members) == 1:
        return np.log(np.maximum(product, 1e-12))
    pattern = grouping.pattern[group]
    counted = np.bincount(grouping.code[group], weights=weights, minlength=table.shape[0])
    expected = np.bincount(pattern, weights=counted)[pattern] * product
    joint = product * (counted + LIFT_WEIGHT) / (expected + LIFT_WEIGHT)
    joint /= np.maximum(1.0, np.bincount(pattern, weights=joint))[pattern]
    return np.log(np.maximum(np.where(pattern == 0, 1.0, joint), 1e-12))


def category_distribution(counted: Floats, random: Floats, equal: NDArray[np.bool_]) -> Floats:
    """How often each pair of values meets among matches, from the counts of levels (missing first).

    A pair of values that was hardly seen is taken to be as telling as all equal, or all different, values together.
    """
    counted = counted.copy()
    counted[0] = 0.0
    total = max(counted.sum(), 1e-9)
    expected = np.zeros(counted.shape[0])
    for kind in (equal, ~equal):
        chance = random[kind].sum()
        share = (counted[kind].sum() + LIFT_WEIGHT * chance) / (total + LIFT_WEIGHT)
        expected[kind] = total * random[kind] * share / max(chance, 1e-12)
    lifted = expected * (counted + LIFT_WEIGHT) / (expected + LIFT_WEIGHT)
    lifted[0] = 0.0
    lifted /= max(lifted.sum(), 1e-12)
    return lifted
