"""Groups by sum: one record whose amount is the sum of several of the other side.

Candidates of a record are the records of the other side that its references name, or that its words and dates admit. Every
equal sum is counted up to a limit. A sum is confirmed only when it is the only one and when coincidence is unlikely: when few
accidental solutions as good as this one are to be expected (see `subset_sum`).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.matching.books.sides import Sides
from recon378_engine.matching.outcome import OUTCOME_ITEMS, OUTCOME_MATCHES, OUTCOME_RIVALS, PassOutcome, Pool
from recon378_engine.matching.passes.subset_sum import SOLUTIONS_MAX
from recon378_engine.matching.passes.sum_candidates import resolution, sum_candidates
from recon378_engine.matching.passes.sums import Sums, find_sums
from recon378_engine.matching.rulesets.conditions import Ambiguity, Cardinality, Decide, Pass
from recon378_engine.matching.rulesets.ruleset import Ruleset
from recon378_engine.result import MatchStatus, Side

ACCIDENTAL_MAX = 0.02  # expected accidental solutions above which a sum is never confirmed
ROUNDS_MAX = 4
_ONE_SIDES = {
    Cardinality.ONE_TO_MANY: (Side.LEFT,),
    Cardinality.MANY_TO_ONE: (Side.RIGHT,),
    Cardinality.MANY_TO_MANY: (Side.LEFT, Side.RIGHT),
}
Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class _Taken:
    """Solutions that are taken, by their places, and the side of their one record."""

    sums: Sums
    places: Array
    one_side: Side


def run_group_sum(sides: Sides, step: Pass, pool: Pool, ruleset: Ruleset) -> PassOutcome:
    """Find sums in the direction of the pass: 1:N one left pays several right, N:1 the reverse, N:M both in turn."""
    book = sides.book
    left_free, right_free = np.ones(len(book.left.amount), dtype=np.bool_), np.ones(len(book.right.amount), dtype=np.bool_)
    taken: list[_Taken] = []
    for one_side in _ONE_SIDES[step.cardinality]:
        one, free = (book.left, (left_free, right_free)) if one_side is Side.LEFT else (book.right, (right_free, left_free))
        candidates = sum_candidates(sides, step, pool, one_side)
        for _ in range(ROUNDS_MAX):
            candidates = candidates.only(free[0][candidates.target] & free[1][candidates.member])
            found = find_sums(candidates, np.abs(one.amount), step.members_max, resolution(sides))
            fresh = _take(found, ruleset, *free)
            taken.append(_Taken(found, np.array(fresh, dtype=np.int64), one_side))
            if not fresh:
                break
    return _outcome(taken, step, ruleset)


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
    matches, items = [pl.DataFrame(schema=OUTCOME_MATCHES)], [pl.DataFrame(schema=OUTCOME_ITEMS)]
    number = 0
    for part in taken:
        matches.append(_matches(part, number, step, ruleset))
        items.append(_items(part, number))
        number += len(part.places)
    return PassOutcome(pl.concat(matches), pl.concat(items), pl.DataFrame(schema=OUTCOME_RIVALS))


def _matches(part: _Taken, number: int, step: Pass, ruleset: Ruleset) -> pl.DataFrame:
    sums, places = part.sums, part.places
    solutions, runner = sums.solutions[places], sums.runner_member[places]
    doubts = [
        _doubt(step, ruleset, *facts)
        for facts in zip(sums.confidence[places].tolist(), sums.accidental[places].tolist(), solutions.tolist(), strict=True)
    ]
    runner_up = (sums.target[places], runner) if part.one_side is Side.LEFT else (runner, sums.target[places])
    frame = pl.DataFrame(
        {
            "match": np.arange(number, number + len(places)),
            "status": pl.Series(
                [str(MatchStatus.SUGGESTED if doubt else MatchStatus.CONFIRMED) for doubt in doubts], dtype=pl.String
            ),
            "confidence": sums.confidence[places],
            "runner_up_confidence": sums.runner_up[places],
            "runner_up_left": runner_up[0].astype(np.int64),
            "runner_up_right": runner_up[1].astype(np.int64),
            "solutions": solutions,
            "ambiguous": solutions > 1,
            "reason": pl.Series(doubts, dtype=pl.String),
        }
    ).with_columns(
        pl.when("ambiguous").then("runner_up_confidence"),
        pl.when(pl.Series(runner >= 0)).then(pl.col("runner_up_left", "runner_up_right")),
    )
    return frame.cast(OUTCOME_MATCHES)  # type: ignore[arg-type]


def _items(part: _Taken, number: int) -> pl.DataFrame:
    """The one record of each match, then its members."""
    sums, places = part.sums, part.places
    numbers = np.arange(number, number + len(places))
    counts = np.diff(np.append(sums.starts, len(sums.members)))[places]
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    members = sums.members[np.repeat(sums.starts[places], counts) + within]
    many_side = Side.RIGHT if part.one_side is Side.LEFT else Side.LEFT
    frames = [
        pl.DataFrame({"match": of, "position": who})
        .select("match", pl.lit(str(side)).alias("side"), "position")
        .cast(OUTCOME_ITEMS)  # type: ignore[arg-type]
        for of, who, side in ((numbers, sums.target[places], part.one_side), (np.repeat(numbers, counts), members, many_side))
    ]
    return pl.concat(frames)


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
