"""Copies of one record inside a table, written a little differently: they are no known non-matches, and no rivals either."""

import numpy as np
from numpy.typing import NDArray

from recon378_engine.matching.linkage.likelihood import Floats, Ints

UNTYPICAL_SHARE = 0.05  # of the matches are less typical than a pair that may be called a copy
CHANCE_MAX = 0.01  # pairs of a whole table that chance would bring about
COPIES_SHARE_MIN = 0.02  # of the records have a copy in their own table, or a rival is taken for another thing, not for a copy

Bools = NDArray[np.bool_]


def tell_copies(levels: Ints, match: list[Floats], random: list[Floats], expected: Floats, records: int) -> Bools:
    """Words that, inside one table, tell of a copy: typical of a match in all they compare, and too much for chance.

    `levels` is (words, comparisons), `match` and `random` are the distributions of each comparison, `expected` the matches of
    each word. Relatives agree too well for chance, too, but are no typical matches.
    """
    typical, chance = np.zeros(levels.shape[0]), np.zeros(levels.shape[0])
    for number, single in enumerate(match):
        level = levels[:, number]
        logs = np.log(np.maximum(single, 1e-12))
        typical += np.where(level > 0, logs[level] - float((single * logs).sum()), 0.0)
        chance += np.where(level > 0, np.log(np.maximum(random[number][level], 1e-12)), 0.0)
    order = np.argsort(typical, kind="stable")
    place = int(np.searchsorted(np.cumsum(expected[order]), UNTYPICAL_SHARE * expected.sum()))
    least = typical[order[min(place, order.shape[0] - 1)]]
    found: Bools = (typical >= least) & (chance + 2.0 * np.log(records) < np.log(CHANCE_MAX))
    return found


def copies_are_common(inside: Floats, telling: Bools, records: int) -> bool:
    """Whether so many pairs inside the tables, counted by (class, word), tell of copies that a rival is likely one."""
    return bool(inside[:, telling].sum(axis=1).max(initial=0.0) >= COPIES_SHARE_MIN * records)


def with_copies(chances: Floats, telling: Bools, left: NDArray[np.uint32], right: NDArray[np.uint32]) -> Floats:
    """The chance that the two records of each pair are one thing: its own and those of its rivals that are copies.

    `telling` says which pairs agree so well that all of one record must be copies of each other. Rivals that are copies share
    the chance among them, but whichever is taken, it is the right thing.
    """
    own = np.where(telling, chances, 0.0)
    shared = sum(np.bincount(ends, weights=own)[ends] - own for ends in (left, right)) if own.size else own
    return np.where(telling, np.minimum(1.0, chances + shared), chances)
