"""Sums found and how likely each is meant: the best solution of every record that may be one.

A solution competes with the other solutions of its record and with coincidence. By Bayes' rule its odds against coincidence
are the share of records that are sums, over the expected number of accidental solutions as good as this one; the share is
estimated from all records together (an EM step on one number).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recon378_engine.matching.passes.subset_sum import SOLUTIONS_MAX, solve_all

GROUP_SHARE = 0.1  # of the records that are left over for sums, those that really are one, before any is tried
GROUP_SHARE_ROWS = 50.0  # records that this guess is worth
GROUP_SHARE_MAX = 0.9
EM_STEPS = 20
RIVAL_ODDS = 1 / 64  # of the best solution's odds from which another is a second solution
Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Which members each target may have, ordered by target and descending amount; `bits` is the evidence that a member
    belongs, `rank` its order within the target, `named` that a reference says so, `number` that of its document.
    """

    target: Array
    member: Array
    amount: Array
    bits: Array
    rank: Array
    named: Array
    number: Array

    def only(self, keep: Array) -> "Candidates":
        parts = (self.target, self.member, self.amount, self.bits, self.rank, self.named, self.number)
        return Candidates(*(part[keep] for part in parts))


@dataclass(frozen=True, slots=True)
class Sums:
    """The best solution of each target that has one: its members start at `starts` in `members`. `accidental` counts the
    solutions as good as this one that chance is expected to give.
    """

    target: Array
    confidence: Array
    accidental: Array
    solutions: Array
    runner_up: Array
    runner_member: Array
    starts: Array
    members: Array

    def members_of(self, place: int) -> Array:
        stop = self.starts[place + 1] if place + 1 < len(self.starts) else len(self.members)
        return self.members[self.starts[place] : stop]


def find_sums(candidates: Candidates, amounts: Array, members_max: int, resolution: float) -> Sums:
    """Solve every target among its candidates; `amounts` are those of all records of the targets' side, positive."""
    targets, starts = np.unique(candidates.target, return_index=True)
    offsets = np.append(starts, len(candidates.target)).astype(np.int64)
    masks = np.zeros((len(targets), SOLUTIONS_MAX), dtype=np.int64)
    counts = np.zeros(len(targets), dtype=np.int64)
    surprise = np.full((len(targets), SOLUTIONS_MAX), np.inf)
    solve_all(
        offsets, candidates.amount.astype(np.int64), candidates.bits, candidates.rank.astype(np.int64), candidates.named,
        candidates.number,
        amounts[targets].astype(np.int64), members_max, resolution, masks, counts, surprise,
    )  # fmt: skip
    solved = counts > 0
    inside = _inside(offsets, masks)[:, solved[np.repeat(np.arange(len(targets)), np.diff(offsets))]]
    lengths = np.diff(offsets)[solved]
    place = np.repeat(np.arange(len(lengths)), lengths)
    return _best(candidates.only(solved[_places(offsets)]), targets[solved], place, inside, surprise[solved])


def _places(offsets: Array) -> Array:
    return np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))


def _inside(offsets: Array, masks: Array) -> Array:
    """For each solution number, which candidates it takes."""
    place = _places(offsets)
    bit = np.arange(len(place)) - offsets[place]
    return np.stack([(masks[place, number] >> bit) & 1 > 0 for number in range(SOLUTIONS_MAX)])


def _best(candidates: Candidates, targets: Array, place: Array, inside: Array, surprise: Array) -> Sums:
    """Choose the likeliest solution of each target; one that is a single record is no group and ends the matter."""
    odds = 1.0 / surprise
    rank = np.argsort(-odds, axis=1, kind="stable")
    first, second = rank[:, 0], rank[:, 1]
    each = np.arange(len(targets))
    sizes = np.stack([np.bincount(place[taken], minlength=len(targets)) for taken in inside], axis=1)
    grouped = sizes[each, first] >= 2
    share = _group_share(odds.sum(axis=1)[grouped])
    weight = odds * share / (1.0 - share)
    weight /= 1.0 + weight.sum(axis=1, keepdims=True)
    of_best = inside[first[place], np.arange(len(place))] & grouped[place]
    several = odds[each, second] > 0
    only_second = inside[second[place], np.arange(len(place))] & ~of_best & grouped[place] & several[place]
    runner = np.full(len(targets), -1, dtype=np.int64)
    other = np.flatnonzero(only_second)[::-1]
    runner[place[other]] = candidates.member[other]
    kept = sizes[each, first][grouped]
    return Sums(
        target=targets[grouped],
        confidence=weight[each, first][grouped],
        accidental=surprise[each, first][grouped],
        solutions=(odds >= RIVAL_ODDS * odds[each, first][:, None]).sum(axis=1)[grouped],
        runner_up=weight[each, second][grouped],
        runner_member=runner[grouped],
        starts=np.cumsum(kept) - kept,
        members=candidates.member[of_best],
    )


def _group_share(odds: Array) -> float:
    """The share of solved records that are sums, from the odds of each at even terms."""
    share = GROUP_SHARE
    for _ in range(EM_STEPS):
        genuine = odds * share / (1.0 - share + odds * share)
        share = (float(genuine.sum()) + GROUP_SHARE * GROUP_SHARE_ROWS) / (len(odds) + GROUP_SHARE_ROWS)
    return min(share, GROUP_SHARE_MAX)
