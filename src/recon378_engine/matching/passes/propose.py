"""Write a ruleset from the tables themselves: what zero configuration runs, for people to read and edit."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import polars as pl

from recon378_engine.matching.books import settlement
from recon378_engine.matching.books.rates import rate_table
from recon378_engine.matching.books.sides import Sides, is_finance
from recon378_engine.matching.decisions import NO_PAIRS
from recon378_engine.matching.outcome import Pool
from recon378_engine.matching.passes.group_key import run_group_key
from recon378_engine.matching.passes.joins import join
from recon378_engine.matching.passes.pair_pass import run_pairs
from recon378_engine.matching.rulesets.conditions import (
    AmountWithin,
    Cardinality,
    Condition,
    DateWithin,
    Pass,
    PassKind,
    SharedReference,
    SimilarText,
    Trust,
)
from recon378_engine.matching.rulesets.ruleset import Ruleset
from recon378_engine.result import MatchStatus, Side

SETTLED_SHARE_MIN = 0.1  # of the smaller side that references must settle before rules are built on them
NAMED_SHARE_MIN = 0.35  # of the smaller side that names and equal amounts must settle where references do not
SAMPLE_ROWS = 20_000  # left records from which it is told how many references settle
WINDOW_SHARE = 0.995  # of the learned lags that a window holds
SLACK_DAYS = 2  # around that window: a holiday weekend moves a payment
GROUP_DAYS = 14  # invoices paid together, or instalments, spread over a fortnight more
SIMILAR_MIN = 0.5
FEW_ROWS = 200  # below this, sums are tried without references or names: the coincidence bound keeps watch

_EVERYTHING = Pass("Everything else", PassKind.ML, trust=Trust.LEARNED)
_SAME_AMOUNT = Pass("Reference and amount", PassKind.EXACT, (SharedReference(), AmountWithin()), trust=Trust.LEARNED)
_SAME_SUM = Pass(
    "Same reference, same sum", PassKind.GROUP_KEY, (SharedReference(), AmountWithin()), cardinality=Cardinality.MANY_TO_MANY
)


def propose(sides: Sides) -> Ruleset:
    """Finance tables (amounts and dates on both sides) get reference, group and sum passes first; probabilistic linkage
    takes the rest.
    """
    passes: list[Pass] = []
    if is_finance(sides.pairing):
        passes += _finance_passes(sides)
    if not passes:
        passes.append(_EVERYTHING)
    return Ruleset(tuple(passes), sides.pairing.fields, sides.pairing.flip_right_sign, name="Proposed")


def settled_share(sides: Sides) -> float:
    """Share of the smaller side that references link to the other with the same amount, or with the same sum.

    A reference proves itself by the amount: numbers that merely look alike link records whose amounts differ.
    """
    if sides.references.links.is_empty():
        return 0.0
    everyone = _everyone(sides)
    some = everyone.left[:: max(1, len(everyone.left) // SAMPLE_ROWS)]  # by their contents: see `canonical`
    left, right = join(sides, _SAME_AMOUNT, replace(everyone, left=some), rate_table(()))
    paired = min(len(np.unique(left)), len(np.unique(right))) * len(everyone.left) / len(some)
    if paired >= SETTLED_SHARE_MIN * _smaller(sides):
        return paired / _smaller(sides)
    grouped = run_group_key(sides, _SAME_SUM, everyone, Ruleset((_SAME_SUM,))).items
    return max(paired, *(grouped.filter(pl.col("side") == side).height for side in Side)) / _smaller(sides)


def settled_by_name(sides: Sides, step: Pass) -> float:
    """Share of the smaller side that a pass over names and amounts would confirm."""
    matches = run_pairs(sides, step, _everyone(sides), Ruleset((step,)), rate_table(())).matches
    return matches.filter(pl.col("status") == MatchStatus.CONFIRMED).height / _smaller(sides)


def _everyone(sides: Sides) -> Pool:
    return Pool(np.arange(sides.left.height, dtype=np.uint32), np.arange(sides.right.height, dtype=np.uint32), NO_PAIRS)


def _smaller(sides: Sides) -> int:
    return min(sides.left.height, sides.right.height)


def _finance_passes(sides: Sides) -> list[Pass]:
    """Passes by reference, by name and by sum where these settle enough; else linkage of all fields comes first."""
    few = _smaller(sides) <= FEW_ROWS
    linked = settled_share(sides) >= SETTLED_SHARE_MIN or (few and not sides.references.links.is_empty())
    window = _window(sides)
    named = _has_words(sides)
    near: tuple[Condition, ...] = (SimilarText(SIMILAR_MIN), *window)
    by_name = Pass("Name and amount", PassKind.FUZZY, (AmountWithin(), *near), trust=Trust.LEARNED)
    if not linked and not few and not (named and settled_by_name(sides, by_name) >= NAMED_SHARE_MIN):
        return [_EVERYTHING, *_sum_passes(sides)]
    linked = not sides.references.links.is_empty()
    passes = [_SAME_AMOUNT, _SAME_SUM] if linked else []
    if named:
        passes.append(by_name)
    passes += _sum_passes(sides)
    if window:
        passes.append(Pass("Amount and date", PassKind.FUZZY, (AmountWithin(), *window), trust=Trust.LEARNED))
    return passes + _tolerance_passes(sides, linked, window)


def _sum_passes(sides: Sides) -> list[Pass]:
    spread = _window(sides, GROUP_DAYS)
    return [
        Pass("One pays many", PassKind.GROUP_SUM, spread, cardinality=Cardinality.ONE_TO_MANY, trust=Trust.LEARNED),
        Pass("Many pay one", PassKind.GROUP_SUM, spread, cardinality=Cardinality.MANY_TO_ONE, trust=Trust.LEARNED),
    ]


def _tolerance_passes(sides: Sides, linked: bool, window: tuple[Condition, ...]) -> list[Pass]:
    """Differences as small as those seen among records that references link."""
    scale = -sides.book.scale
    tolerance = AmountWithin(
        absolute=Decimal(sides.weights.rounding_minor).scaleb(scale),
        percent=Decimal("3"),
        fee=Decimal(sides.weights.fee_minor).scaleb(scale),
    )
    passes = []
    if linked:
        passes.append(
            Pass("Reference, small difference", PassKind.TOLERANCE, (SharedReference(), tolerance), trust=Trust.LEARNED)
        )
    if _has_words(sides):
        near = (SimilarText(SIMILAR_MIN), tolerance, *window)
        passes.append(Pass("Name, small difference", PassKind.TOLERANCE, near, trust=Trust.LEARNED))
    return passes


def _has_words(sides: Sides) -> bool:
    return bool((sides.texts.left.total > 0).any() and (sides.texts.right.total > 0).any())


def _window(sides: Sides, longer: int = 0) -> tuple[Condition, ...]:
    """The learned window of days, longer by `longer` on the side on which payments lag."""
    if not sides.book.has_dates:
        return ()
    low, high = settlement.lag_window(sides.weights, WINDOW_SHARE)
    return (DateWithin(low - SLACK_DAYS - (longer if low <= -high else 0), high + SLACK_DAYS + (longer if high >= -low else 0)),)
