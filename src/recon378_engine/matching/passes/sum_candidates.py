"""Which records may be parts of the sum that a record of the other side is."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recon378_engine.matching.books import references, settlement, texts
from recon378_engine.matching.books.entries import Book
from recon378_engine.matching.books.parties import pairs as party_pairs
from recon378_engine.matching.books.sides import Sides
from recon378_engine.matching.outcome import Pool
from recon378_engine.matching.passes.joins import PAIRS_MAX, admitted, equal_fields, linked
from recon378_engine.matching.passes.subset_sum import CANDIDATES_MAX
from recon378_engine.matching.passes.sums import Candidates
from recon378_engine.matching.rulesets.conditions import DateWithin, Equal, Pass, SharedReference
from recon378_engine.result import Side

MEMBER_BITS_MAX = 6.0  # what the date and words of one member add at most, for or against, when solutions are ranked
NEIGHBOURS = 8  # documents before and after a named one in number that may be paid with it
SMALL_POOL = 400  # records a side below which all records in the window are candidates
Array = NDArray[Any]


def sum_candidates(sides: Sides, step: Pass, pool: Pool, one_side: Side) -> Candidates:
    """The candidates of every record of `one_side` in the pool, the best CANDIDATES_MAX of each."""
    left, right = _pairs(sides, step, pool, one_side)
    bits = settlement.weigh(sides.book, sides.references, sides.texts, sides.weights, left, right)
    target, member, small = (left, right, sides.book.right) if one_side is Side.LEFT else (right, left, sides.book.left)
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


def resolution(sides: Sides) -> float:
    """How many minor units apart amounts really lie: 1 where all cents occur, 100 where all amounts are whole.

    The effective number of endings is the inverse of the chance that two amounts end alike; a uniform prior of 100 amounts
    keeps small tables from looking round by accident.
    """
    endings = np.concatenate(
        [np.abs(entries.amount[entries.has_amount]) % 100 for entries in (sides.book.left, sides.book.right)]
    )
    shares = (np.bincount(endings, minlength=100) + 1.0) / (len(endings) + 100.0)
    return float(100.0 * (shares**2).sum())


def _pairs(sides: Sides, step: Pass, pool: Pool, one_side: Side) -> tuple[Array, Array]:
    """Pairs of the pool that may belong to one group: linked by a reference, next to a linked document in number, of one party
    by their texts, or equal in the fields that the pass wants equal; in a small pool all that its conditions admit.
    """
    if step.condition(SharedReference):
        found = [linked(sides, pool)]
    elif step.condition(Equal):
        found = [equal_fields(sides, step, pool)]
    else:
        named = linked(sides, pool)
        alike = party_pairs(sides.book, sides.parties, pool, step.condition(DateWithin))
        found = [named, _next_in_number(sides, pool, named), alike]
        if len(pool.left) * len(pool.right) <= SMALL_POOL**2:
            found.append((np.repeat(pool.left, len(pool.right)), np.tile(pool.right, len(pool.left))))
    keys = np.sort(np.concatenate([_keys(*_may_add_up(sides.book, *pairs, one_side)) for pairs in found]))
    keys = keys[np.flatnonzero(np.diff(keys, prepend=~keys[:1]))][:PAIRS_MAX]
    left, right = (keys >> np.uint64(32)).astype(np.uint32), (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    return admitted(sides, step, pool, left, right)


def _keys(left: Array, right: Array) -> Array:
    return np.asarray((left.astype(np.uint64) << np.uint64(32)) | right.astype(np.uint64))


def _may_add_up(book: Book, left: Array, right: Array, one_side: Side) -> tuple[Array, Array]:
    """The pairs whose amounts have the same sign and of which the one is no smaller than the member."""
    one, two = book.left.amount[left], book.right.amount[right]
    big, small = (one, two) if one_side is Side.LEFT else (two, one)
    filled = book.left.has_amount[left] & book.right.has_amount[right]
    fits = filled & ((big > 0) == (small > 0)) & (np.abs(small) <= np.abs(big)) & (small != 0)
    return left[fits], right[fits]


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
