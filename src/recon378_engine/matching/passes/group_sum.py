"""Groups by sum: one record whose amount is the sum of several of the other side.

Candidates of a record are the records of the other side that its references name, or that its words and dates admit. Every
equal sum is counted up to a limit. A sum is confirmed only when it is the only one and when coincidence is unlikely: the
expected number of accidental solutions is the number of combinations tried over the range of the sums.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.matching.books import references, settlement
from recon378_engine.matching.books.parties import pairs as party_pairs
from recon378_engine.matching.books.sides import Sides
from recon378_engine.matching.outcome import OUTCOME_ITEMS, OUTCOME_MATCHES, OUTCOME_RIVALS, PassOutcome, Pool
from recon378_engine.matching.passes.joins import PAIRS_MAX, day_differences, linked
from recon378_engine.matching.passes.subset_sum import CANDIDATES_MAX, SOLUTIONS_MAX, combinations, solve_all
from recon378_engine.matching.rulesets.conditions import Ambiguity, Cardinality, DateWithin, Decide, Pass
from recon378_engine.matching.rulesets.ruleset import Ruleset
from recon378_engine.result import MatchStatus, Side

ACCIDENTAL_MAX = 0.02  # expected accidental solutions above which a sum is never confirmed
SEARCHED_ACCIDENTS = 0.5  # expected accidental solutions up to which candidates are searched; beyond, a sum found says nothing
GROUP_SHARE = 0.1  # of the records that are left over for sums, those that really are one
ROUNDS_MAX = 4
MEMBER_BITS_MAX = 6.0  # what the date and words of one member add at most, for or against, when solutions are ranked
SMALL_POOL = 400  # records a side below which all records in the window are candidates
Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Which members each target may have, ordered by target and descending amount; `bits` is the evidence that a member
    belongs.
    """

    target: Array
    member: Array
    amount: Array
    bits: Array
    named: Array


@dataclass(frozen=True, slots=True)
class _Found:
    """The best solution of each target that has one: its members start at `starts` in `members`."""

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


def run_group_sum(sides: Sides, step: Pass, pool: Pool, ruleset: Ruleset) -> PassOutcome:
    """Find sums in the direction of the pass: 1:N one left pays several right, N:1 the reverse, N:M both in turn."""
    one_side = Side.RIGHT if step.cardinality is Cardinality.MANY_TO_ONE else Side.LEFT
    candidates = _candidates(sides, step, pool, one_side)
    taken: list[tuple[_Found, int]] = []
    one, many = (sides.book.left, sides.book.right) if one_side is Side.LEFT else (sides.book.right, sides.book.left)
    one_free, many_free = np.ones(len(one.amount), dtype=np.bool_), np.ones(len(many.amount), dtype=np.bool_)
    for _ in range(ROUNDS_MAX):
        found = _solve(candidates, np.abs(one.amount), step.members_max, _resolution(sides))
        fresh = _take(found, ruleset, one_free, many_free)
        taken += [(found, place) for place in fresh]
        if not fresh:
            break
        keep = one_free[candidates.target] & many_free[candidates.member]
        candidates = _Candidates(*(getattr(candidates, name)[keep] for name in ("target", "member", "amount", "bits", "named")))
    return _outcome(taken, one_side, step, ruleset)


def _candidates(sides: Sides, step: Pass, pool: Pool, one_side: Side) -> _Candidates:
    left, right = _pairs(sides, step, pool)
    bits = settlement.weigh(sides.book, sides.references, sides.texts, sides.weights, left, right)
    one, two = sides.book.left.amount[left], sides.book.right.amount[right]
    big, small = (one, two) if one_side is Side.LEFT else (two, one)
    fits = sides.book.left.has_amount[left] & sides.book.right.has_amount[right]
    fits &= (np.sign(one) == np.sign(two)) & (np.abs(small) <= np.abs(big)) & (small != 0)
    fits &= bits.reference_level != references.CONFLICT if one_side is Side.RIGHT else fits
    target, member = (left, right) if one_side is Side.LEFT else (right, left)
    evidence = np.clip(bits.total - bits.amount - bits.reference, -MEMBER_BITS_MAX, MEMBER_BITS_MAX) + bits.reference
    named = bits.reference_level >= references.CORE
    target, member, amount, evidence, named = target[fits], member[fits], np.abs(small[fits]), evidence[fits], named[fits]
    order = np.lexsort((member, -evidence, target))
    rank = np.arange(len(order)) - np.searchsorted(target[order], target[order])
    order = order[rank < _room(sides, np.abs(big[fits])[order], step.members_max)]
    order = order[np.lexsort((member[order], -amount[order], target[order]))]
    return _Candidates(target[order], member[order], amount[order], evidence[order], named[order])


def _room(sides: Sides, amounts: Array, members_max: int) -> Array:
    """How many candidates each target may have before half a solution by accident is to be expected; the best by
    evidence are kept."""
    expected = np.array([combinations(count, 2, members_max) for count in range(CANDIDATES_MAX + 1)])
    return np.maximum(np.searchsorted(expected, SEARCHED_ACCIDENTS * amounts / _resolution(sides), side="right") - 1, 2)


def _pairs(sides: Sides, step: Pass, pool: Pool) -> tuple[Array, Array]:
    window = step.condition(DateWithin)
    found = [linked(sides, pool), party_pairs(sides.book, sides.parties, pool, window)]
    if len(pool.left) * len(pool.right) <= SMALL_POOL**2:
        left, right = np.repeat(pool.left, len(pool.right)), np.tile(pool.right, len(pool.left))
        if window:
            days = day_differences(sides, window, left, right)
            keep = (days >= window.start) & (days <= window.end)
            left, right = left[keep], right[keep]
        found.append((left, right))
    both = np.concatenate([(one.astype(np.uint64) << np.uint64(32)) | two.astype(np.uint64) for one, two in found])
    both = np.unique(both)[:PAIRS_MAX]
    left, right = (both >> np.uint64(32)).astype(np.uint32), (both & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    one, two = sides.book.left.currency[left], sides.book.right.currency[right]
    keep = (one == two) | (one < 0) | (two < 0)
    if pool.rejected.height:
        rejected = (pool.rejected["left"].to_numpy().astype(np.uint64) << np.uint64(32)) | pool.rejected["right"].to_numpy()
        keep &= ~np.isin(both, rejected)
    return left[keep], right[keep]


def _resolution(sides: Sides) -> float:
    """How many minor units apart amounts really lie: 1 where all cents occur, 100 where all amounts are whole.

    The effective number of endings is the inverse of the chance that two amounts end alike; a uniform prior of 100 amounts
    keeps small tables from looking round by accident.
    """
    endings = np.concatenate(
        [np.abs(entries.amount[entries.has_amount]) % 100 for entries in (sides.book.left, sides.book.right)]
    )
    shares = (np.bincount(endings, minlength=100) + 1.0) / (len(endings) + 100.0)
    return float(100.0 * (shares**2).sum())


def _solve(candidates: _Candidates, amounts: Array, members_max: int, resolution: float) -> _Found:
    targets, starts = np.unique(candidates.target, return_index=True)
    offsets = np.append(starts, len(candidates.target)).astype(np.int64)
    masks = np.zeros((len(targets), SOLUTIONS_MAX), dtype=np.int64)
    counts = np.zeros(len(targets), dtype=np.int64)
    accidental = np.zeros(len(targets))
    solve_all(
        offsets, candidates.amount.astype(np.int64), candidates.named, amounts[targets].astype(np.int64), members_max,
        masks, counts, accidental, resolution,
    )  # fmt: skip
    return _best(candidates, targets, offsets, masks, counts, accidental)


def _best(candidates: _Candidates, targets: Array, offsets: Array, masks: Array, counts: Array, accidental: Array) -> _Found:
    """Rank the solutions of each target by the evidence of their members; one that is a single record is no group
    and ends the matter."""
    place = np.repeat(np.arange(len(targets)), np.diff(offsets))
    bit = np.arange(len(place)) - offsets[place]
    inside = np.zeros((len(place), SOLUTIONS_MAX), dtype=np.bool_)
    strength = np.full((len(targets), SOLUTIONS_MAX), -np.inf)
    sizes = np.zeros((len(targets), SOLUTIONS_MAX), dtype=np.int64)
    for number in range(SOLUTIONS_MAX):
        here = (masks[place, number] >> bit) & 1 > 0
        here &= counts[place] > number
        inside[:, number] = here
        found = counts > number
        strength[found, number] = np.bincount(place[here], candidates.bits[here], len(targets))[found]
        sizes[:, number] = np.bincount(place[here], minlength=len(targets))
    rank = np.argsort(-strength, axis=1, kind="stable")
    first, second = rank[:, 0], rank[:, 1]
    each = np.arange(len(targets))
    chosen = (counts > 0) & (sizes[each, first] >= 2)
    with np.errstate(invalid="ignore"):
        share = np.exp2(np.clip(strength - strength[each, first][:, None], -60.0, 0.0))
    share = np.where(np.isfinite(strength), share, 0.0)
    share /= np.maximum(share.sum(axis=1), 1e-300)[:, None]
    genuine = 1.0 / (1.0 + accidental * (1.0 - GROUP_SHARE) / GROUP_SHARE)
    of_best = inside[np.arange(len(place)), first[place]] & chosen[place]
    only_second = inside[np.arange(len(place)), second[place]] & ~of_best & chosen[place] & (counts[place] > 1)
    runner = np.full(len(targets), -1, dtype=np.int64)
    other = np.flatnonzero(only_second)[::-1]
    runner[place[other]] = candidates.member[other]
    kept = sizes[each, first][chosen]
    return _Found(
        target=targets[chosen],
        confidence=(genuine * share[each, first])[chosen],
        accidental=accidental[chosen],
        solutions=counts[chosen],
        runner_up=(genuine * share[each, second])[chosen],
        runner_member=runner[chosen],
        starts=np.cumsum(kept) - kept,
        members=candidates.member[of_best],
    )


def _take(found: _Found, ruleset: Ruleset, one_free: Array, many_free: Array) -> list[int]:
    """Take solutions, best first, as long as their records are free; several solutions together still count as a suggestion."""
    together = np.where(found.solutions > 1, found.confidence + found.runner_up, found.confidence)
    taken = []
    for place in np.lexsort((found.target, -found.confidence)).tolist():
        members = found.members_of(place)
        if together[place] < ruleset.suggest_confidence or not one_free[found.target[place]] or not many_free[members].all():
            continue
        one_free[found.target[place]] = False
        many_free[members] = False
        taken.append(place)
    return taken


def _outcome(taken: list[tuple[_Found, int]], one_side: Side, step: Pass, ruleset: Ruleset) -> PassOutcome:
    matches, items = [], []
    for number, (found, place) in enumerate(taken):
        confidence, accidental, solutions = (float(part[place]) for part in (found.confidence, found.accidental, found.solutions))
        reason = _doubt(step, ruleset, confidence, accidental, int(solutions))
        runner = int(found.runner_member[place])
        target = int(found.target[place])
        runner_pair = (None, None) if runner < 0 else (target, runner) if one_side is Side.LEFT else (runner, target)
        status = MatchStatus.SUGGESTED if reason else MatchStatus.CONFIRMED
        runner_up = float(found.runner_up[place]) if solutions > 1 else None
        matches.append((number, status.value, confidence, runner_up, *runner_pair, int(solutions), solutions > 1, reason))
        items.append((number, one_side.value, target))
        many_side = Side.RIGHT if one_side is Side.LEFT else Side.LEFT
        items += [(number, many_side.value, member) for member in found.members_of(place).tolist()]
    return PassOutcome(
        pl.DataFrame(matches, schema=OUTCOME_MATCHES, orient="row"),
        pl.DataFrame(items, schema=OUTCOME_ITEMS, orient="row"),
        pl.DataFrame(schema=OUTCOME_RIVALS),
    )


def _doubt(step: Pass, ruleset: Ruleset, confidence: float, accidental: float, solutions: int) -> str | None:
    """Why a sum is only suggested, or None."""
    if solutions > 1:
        several = f"at least {SOLUTIONS_MAX}" if solutions == SOLUTIONS_MAX else str(solutions)
        return f"{several} solutions: other records add up to the same sum."
    if accidental > ACCIDENTAL_MAX:
        return f"The sum may be a coincidence: {accidental:.2f} accidental solutions are to be expected."
    if confidence < ruleset.confirm_confidence:
        return "The evidence is too weak to confirm."
    if step.outcome is not Decide.CONFIRM or step.ambiguity is Ambiguity.SUGGEST_ALL:
        return "The pass only suggests."
    return None
