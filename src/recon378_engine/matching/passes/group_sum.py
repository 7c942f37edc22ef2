"""Groups by sum: one record whose amount is the sum of several of the other side.

Candidates of a record are the records of the other side that its references name, or that its words and dates admit. Every
equal sum is counted up to a limit. A sum is confirmed only when it is the only one and when coincidence is unlikely: when few
accidental solutions as good as this one are to be expected (see `subset_sum`).
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.matching.books import references, settlement, texts
from recon378_engine.matching.books.entries import Book
from recon378_engine.matching.books.parties import pairs as party_pairs
from recon378_engine.matching.books.sides import Sides
from recon378_engine.matching.outcome import OUTCOME_ITEMS, OUTCOME_MATCHES, OUTCOME_RIVALS, PassOutcome, Pool
from recon378_engine.matching.passes.joins import PAIRS_MAX, admitted, equal_fields, linked
from recon378_engine.matching.passes.subset_sum import CANDIDATES_MAX, SOLUTIONS_MAX
from recon378_engine.matching.passes.sums import Candidates, Sums, find_sums
from recon378_engine.matching.rulesets.conditions import (
    Ambiguity,
    Cardinality,
    DateWithin,
    Decide,
    Equal,
    Pass,
    SharedReference,
)
from recon378_engine.matching.rulesets.ruleset import Ruleset
from recon378_engine.result import MatchStatus, Side

ACCIDENTAL_MAX = 0.02  # expected accidental solutions above which a sum is never confirmed
ROUNDS_MAX = 4
MEMBER_BITS_MAX = 6.0  # what the date and words of one member add at most, for or against, when solutions are ranked
NEIGHBOURS = 8  # documents before and after a named one in number that may be paid with it
SMALL_POOL = 400  # records a side below which all records in the window are candidates
_ONE_SIDES = {
    Cardinality.ONE_TO_MANY: (Side.LEFT,),
    Cardinality.MANY_TO_ONE: (Side.RIGHT,),
    Cardinality.MANY_TO_MANY: (Side.LEFT, Side.RIGHT),
}
Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class _Taken:
    """A solution that is taken, and the side of its one record."""

    sums: Sums
    place: int
    one_side: Side


def run_group_sum(sides: Sides, step: Pass, pool: Pool, ruleset: Ruleset) -> PassOutcome:
    """Find sums in the direction of the pass: 1:N one left pays several right, N:1 the reverse, N:M both in turn."""
    pairs = _pairs(sides, step, pool)
    book = sides.book
    left_free, right_free = np.ones(len(book.left.amount), dtype=np.bool_), np.ones(len(book.right.amount), dtype=np.bool_)
    taken: list[_Taken] = []
    for one_side in _ONE_SIDES[step.cardinality]:
        one, free = (book.left, (left_free, right_free)) if one_side is Side.LEFT else (book.right, (right_free, left_free))
        candidates = _candidates(sides, pairs, one_side)
        for _ in range(ROUNDS_MAX):
            candidates = candidates.only(free[0][candidates.target] & free[1][candidates.member])
            found = find_sums(candidates, np.abs(one.amount), step.members_max, _resolution(sides))
            fresh = _take(found, ruleset, *free)
            taken += [_Taken(found, place, one_side) for place in fresh]
            if not fresh:
                break
    return _outcome(taken, step, ruleset)


def _candidates(sides: Sides, pairs: tuple[Array, Array], one_side: Side) -> Candidates:
    book = sides.book
    fits = _may_add_up(book, *pairs, one_side)
    left, right = pairs[0][fits], pairs[1][fits]
    bits = settlement.weigh(book, sides.references, sides.texts, sides.weights, left, right)
    target, member, small = (left, right, book.right) if one_side is Side.LEFT else (right, left, book.left)
    evidence = np.clip(bits.lag + bits.text, -MEMBER_BITS_MAX, MEMBER_BITS_MAX) + bits.reference
    named = bits.reference_level >= references.CORE
    number = references.numbers(sides.references.right if one_side is Side.LEFT else sides.references.left)
    found = Candidates(target, member, np.abs(small.amount[member]), evidence, evidence, named, number[member])
    strangers = (texts.levels(bits.text_similarity) == 0) & (bits.reference_level <= references.SILENT)
    if one_side is Side.RIGHT:  # an instalment names what it pays; a payment of many names the first few
        strangers |= bits.reference_level == references.CONFLICT
    found = found.only(~strangers)
    order = np.lexsort((found.member, -found.bits, found.target))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - np.searchsorted(found.target[order], found.target[order])
    found = replace(found, rank=rank).only(rank < CANDIDATES_MAX)
    return found.only(np.lexsort((found.member, -found.amount, found.target)))


def _may_add_up(book: Book, left: Array, right: Array, one_side: Side) -> Array:
    """Pairs of amounts of the same sign of which the one is no smaller than the member."""
    one, two = book.left.amount[left], book.right.amount[right]
    big, small = (one, two) if one_side is Side.LEFT else (two, one)
    filled = book.left.has_amount[left] & book.right.has_amount[right]
    return np.asarray(filled & (np.sign(one) == np.sign(two)) & (np.abs(small) <= np.abs(big)) & (small != 0))


def _pairs(sides: Sides, step: Pass, pool: Pool) -> tuple[Array, Array]:
    """Pairs of the pool that may belong to one group: linked by a reference, by what their texts mean, or by the fields that
    the pass wants equal; in a small pool all that its conditions admit.
    """
    window = step.condition(DateWithin)
    if step.condition(SharedReference):
        found = [linked(sides, pool)]
    elif step.condition(Equal):
        found = [equal_fields(sides, step, pool)]
    else:
        named = linked(sides, pool)
        found = [named, _next_in_number(sides, pool, named), party_pairs(sides.book, sides.parties, pool, window)]
        if len(pool.left) * len(pool.right) <= SMALL_POOL**2:
            found.append((np.repeat(pool.left, len(pool.right)), np.tile(pool.right, len(pool.left))))
    both = np.concatenate([(one.astype(np.uint64) << np.uint64(32)) | two.astype(np.uint64) for one, two in found])
    both = np.unique(both)[:PAIRS_MAX]
    left, right = (both >> np.uint64(32)).astype(np.uint32), (both & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    return admitted(sides, step, pool, left, right)


def _next_in_number(sides: Sides, pool: Pool, named: tuple[Array, Array]) -> tuple[Array, Array]:
    """For each pair that a reference links, the left with the right records of the pool whose documents come next in number:
    who pays many names the first few.
    """
    number = references.numbers(sides.references.right)
    counted = pool.right[number[pool.right] >= 0]
    order = counted[np.lexsort((counted, number[counted]))]
    left, place = named[0], np.searchsorted(number[order], number[named[1]])
    steps = np.arange(-NEIGHBOURS, NEIGHBOURS + 1)
    places = place[:, None] + steps
    inside = (places >= 0) & (places < len(order)) & (number[named[1]] >= 0)[:, None]
    return np.repeat(left, inside.sum(axis=1)), order[places[inside]] if len(order) else order


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


def _take(found: Sums, ruleset: Ruleset, one_free: Array, many_free: Array) -> list[int]:
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


def _outcome(taken: list[_Taken], step: Pass, ruleset: Ruleset) -> PassOutcome:
    matches, items = [], []
    for number, solution in enumerate(taken):
        sums, place, one_side = solution.sums, solution.place, solution.one_side
        confidence, accidental, solutions = (float(part[place]) for part in (sums.confidence, sums.accidental, sums.solutions))
        reason = _doubt(step, ruleset, confidence, accidental, int(solutions))
        target, runner = int(sums.target[place]), int(sums.runner_member[place])
        runner_pair = (None, None) if runner < 0 else (target, runner) if one_side is Side.LEFT else (runner, target)
        status = MatchStatus.SUGGESTED if reason else MatchStatus.CONFIRMED
        runner_up = float(sums.runner_up[place]) if solutions > 1 else None
        matches.append((number, status.value, confidence, runner_up, *runner_pair, int(solutions), solutions > 1, reason))
        items.append((number, one_side.value, target))
        many_side = Side.RIGHT if one_side is Side.LEFT else Side.LEFT
        items += [(number, many_side.value, member) for member in sums.members_of(place).tolist()]
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
