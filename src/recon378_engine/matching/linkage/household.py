"""People who live together: a class of non-matches of its own.

Relatives share family name and address, but not the given name. Where they stand in different tables only, no pair inside a table
tells of them, and without a class of their own they would pass for matches of people who changed their given name.
"""

import numpy as np

from recon378_engine.matching.linkage.comparison import Comparison
from recon378_engine.matching.linkage.levels import DIFFERENT
from recon378_engine.matching.linkage.likelihood import Floats, Grouping, Ints, joint_logs
from recon378_engine.table import Role

RENAMED_SHARE = 0.01  # of the matches have quite another given name: that is believed beforehand,
RENAMED_PRIOR = 2.0  # as if so many times the matches seen had told it
_PLACE = frozenset({Role.ADDRESS, Role.CITY, Role.POSTCODE})
_HOME = _PLACE | {Role.FAMILY_NAME}

Distributions = tuple[list[Floats], list[Floats]]  # single ones by comparison, logs of joint ones by group


def tells_households(comparisons: tuple[Comparison, ...]) -> bool:
    """Whether the records tell a person from the household: a given name and part of an address."""
    roles = {comparison.role for comparison in comparisons}
    return Role.GIVEN_NAME in roles and bool(roles & _PLACE)


def household_class(
    comparisons: tuple[Comparison, ...], grouping: Grouping, match: Distributions, random: Distributions
) -> Distributions:
    """How pairs of one household agree: like matches in family name and address, and else like strangers."""
    at_home = [comparison.role in _HOME for comparison in comparisons]
    singles = [one if shared else other for shared, one, other in zip(at_home, match[0], random[0], strict=True)]
    joints = []
    for group, members in enumerate(grouping.members):
        shared = {at_home[number] for number in members}
        if len(shared) == 1:
            joints.append((match if shared == {True} else random)[1][group])
        else:
            joints.append(joint_logs(grouping, group, singles, np.zeros(grouping.code[group].shape[0])))
    return singles, joints


def fewer_renamed(comparisons: tuple[Comparison, ...], levels: Ints, expected: Floats) -> Floats:
    """The expected matches of each word, those with quite another given name weighed down towards RENAMED_SHARE of all.

    Relatives and people under two given names look the same in every other way: how many there are of each the data cannot tell.
    """
    given = [number for number, comparison in enumerate(comparisons) if comparison.role is Role.GIVEN_NAME]
    renamed = (levels[:, given] == DIFFERENT).all(axis=1)
    share = float(expected[renamed].sum()) / max(float(expected.sum()), 1e-9)
    if share <= RENAMED_SHARE:
        return expected
    held = (share + RENAMED_PRIOR * RENAMED_SHARE) / (1.0 + RENAMED_PRIOR)
    return np.where(renamed, expected * held / share, expected)
