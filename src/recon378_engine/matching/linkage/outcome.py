"""Write a finished linkage down: matches with status and runner-up, rivals of what stayed open, the model as plain data."""

from typing import Any

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from recon378_engine.matching.linkage import levels
from recon378_engine.matching.linkage.comparison import Kind
from recon378_engine.matching.linkage.copies import with_copies
from recon378_engine.matching.linkage.linked import LinkageOptions, Linked
from recon378_engine.matching.linkage.model import model_of
from recon378_engine.matching.linkage.nodes import Nodes
from recon378_engine.matching.linkage.score import Observed, copied_pairs, estimated_recall, identity_bits
from recon378_engine.matching.outcome import OUTCOME_ITEMS, OUTCOME_MATCHES, OUTCOME_RIVALS, Pairing, PassOutcome
from recon378_engine.result import MatchStatus
from recon378_engine.table import Role

RIVAL_SHARE_MAX = 1.0 / 3.0  # a runner-up with more than this share of the winner's chance makes a match ambiguous
RIVAL_CHANCE_MIN = 1e-3
AGAINST_BITS = -1.0  # of evidence besides amounts and dates, below which these alone do not confirm
CONTRADICTED_BITS_MIN = 3.0  # that must speak for a match whose references differ

_REASONS = pl.Series(
    [
        None,  # sure
        "Several equal records compete for this one.",
        "Another candidate fits nearly as well.",
        "The references contradict each other.",
        "Amount and date agree, but the rest speaks against it.",
        "The agreement is too weak to confirm without a person.",
    ],
    dtype=pl.String,
)

Bools = NDArray[np.bool_]


def outcome_of(linked: Linked, pairing: Pairing, options: LinkageOptions) -> PassOutcome:
    chosen = linked.assignment.pairs
    chances = _confidences(linked)
    kept = chances[chosen] >= options.suggest_confidence - 1e-9
    pairs, copies = chosen[kept], linked.assignment.copies[kept]
    one, other = linked.candidates.left[pairs], linked.candidates.right[pairs]
    chances = chances[pairs]
    best = _runner_up(linked, pairs)
    uneven = linked.left.copies[one] != linked.right.copies[other]
    runner_chance = np.where(best >= 0, linked.fitted.chances[best], 0.0)
    ambiguous = uneven | (runner_chance > RIVAL_SHARE_MAX * chances)
    status, reason = _status(linked, pairs, ambiguous, uneven, options)
    left_positions, right_positions, match = _expand(linked, one, other, copies)
    runner_left = linked.left.positions[linked.left.starts[linked.candidates.left[best]]]
    runner_right = linked.right.positions[linked.right.starts[linked.candidates.right[best]]]
    has_runner = (best >= 0) & (runner_chance >= RIVAL_CHANCE_MIN)
    per_pair = pl.DataFrame(
        {
            "status": status,
            "confidence": chances,
            "runner_up_confidence": np.where(has_runner, runner_chance, np.nan),
            "runner_up_left": runner_left.astype(np.uint32),
            "runner_up_right": runner_right.astype(np.uint32),
            "ambiguous": ambiguous,
            "reason": reason,
            "has_runner": has_runner,
        }
    ).with_columns(
        pl.when("has_runner").then(pl.col(name)).alias(name)
        for name in ("runner_up_confidence", "runner_up_left", "runner_up_right")
    )
    matches = per_pair[match].with_columns(match=pl.int_range(pl.len(), dtype=pl.UInt32), solutions=pl.lit(1, pl.UInt32))
    numbers = np.arange(match.shape[0], dtype=np.uint32)
    items = pl.concat(
        [
            pl.DataFrame({"match": numbers, "position": positions.astype(np.uint32)}).with_columns(side=pl.lit(side))
            for side, positions in (("left", left_positions), ("right", right_positions))
        ]
    ).select(list(OUTCOME_ITEMS))
    return PassOutcome(
        matches.select([pl.col(name).cast(kind) for name, kind in OUTCOME_MATCHES.items()]),
        items,
        _rivals(linked, left_positions, right_positions),
        model_of(linked, pairing),
        _diagnostics(linked),
    )


def _confidences(linked: Linked) -> NDArray[np.float64]:
    """The confidence of each candidate pair: copies of a record do not take it from each other."""
    telling = copied_pairs(linked.observed, linked.fitted)
    return with_copies(linked.fitted.chances, telling, linked.candidates.left, linked.candidates.right)


def _runner_up(linked: Linked, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each chosen pair the number of the likeliest other candidate of either of its records, or -1."""
    one, other, chances = linked.candidates.left, linked.candidates.right, linked.fitted.chances
    tops = []
    for ends, partners in ((one, other), (other, one)):
        first, second = _two_best(ends, partners, chances, int(ends.max(initial=0)) + 1)
        mine = ends[pairs]
        tops.append(np.where(first[mine] == pairs, second[mine], first[mine]))
    left_chance = np.where(tops[0] >= 0, chances[tops[0]], -1.0)
    right_chance = np.where(tops[1] >= 0, chances[tops[1]], -1.0)
    return np.where(left_chance >= right_chance, tops[0], tops[1])


@njit(nogil=True, cache=True)
def _two_best(
    ends: NDArray[np.uint32], partners: NDArray[np.uint32], chances: NDArray[np.float64], size: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The numbers of the likeliest and the next pair of each end, -1 where there are fewer; the lower partner among equals."""
    first, second = np.full(size, -1, np.int64), np.full(size, -1, np.int64)
    for pair in range(ends.shape[0]):
        if chances[pair] < RIVAL_CHANCE_MIN:
            continue
        end = ends[pair]
        if _before(pair, first[end], partners, chances):
            second[end] = first[end]
            first[end] = pair
        elif _before(pair, second[end], partners, chances):
            second[end] = pair
    return first, second


@njit(nogil=True, cache=True)
def _before(pair: int, other: int, partners: NDArray[np.uint32], chances: NDArray[np.float64]) -> Any:
    if other < 0 or chances[pair] != chances[other]:
        return other < 0 or chances[pair] > chances[other]
    return partners[pair] < partners[other]


def _status(
    linked: Linked, pairs: NDArray[np.int64], ambiguous: Bools, uneven: Bools, options: LinkageOptions
) -> tuple[pl.Series, pl.Series]:
    """Confirmed only when sure, without an equal rival, and not by amount and date against what else the records say."""
    word = linked.observed.number[pairs]
    bits = identity_bits(linked.observed, linked.fitted)[word]
    contradicted = _contradicting(linked.observed)[word] & (bits < CONTRADICTED_BITS_MIN)
    against = bits < AGAINST_BITS
    sure = (linked.fitted.chances[pairs] >= options.confirm_confidence) & ~ambiguous & ~contradicted & ~against
    why = np.select([sure, uneven, ambiguous, contradicted, against], range(5), default=5)
    statuses = pl.Series([MatchStatus.CONFIRMED.value, MatchStatus.SUGGESTED.value])
    return statuses.gather((~sure).astype(np.uint32)), _REASONS.gather(why)


def _contradicting(observed: Observed) -> Bools:
    """Whether any reference or identifier of each word differs by more than a slip."""
    numbers = [
        number
        for number, comparison in enumerate(observed.comparisons)
        if comparison.role in (Role.REFERENCE, Role.IDENTIFIER) and comparison.kind is Kind.STRING
    ]
    found = observed.levels[:, numbers]
    contradicting: Bools = np.any(np.isin(found, [levels.DIFFERENT, levels.ALIKE, levels.VERY_ALIKE, levels.TWO_EDITS]), axis=1)
    return contradicting


def _expand(
    linked: Linked, one: NDArray[np.uint32], other: NDArray[np.uint32], copies: NDArray[np.int64]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.int64]]:
    """Positions of each joined copy and the number of its pair; a record in several pairs hands its copies out in turn."""
    match = np.repeat(np.arange(one.shape[0]), copies)
    step = np.arange(match.shape[0]) - np.repeat(np.cumsum(copies) - copies, copies)
    return (
        _positions(linked.left, one[match], _earlier(one, copies)[match] + step),
        _positions(linked.right, other[match], _earlier(other, copies)[match] + step),
        match,
    )


def _earlier(ends: NDArray[np.uint32], copies: NDArray[np.int64]) -> NDArray[np.int64]:
    """Copies of each pair's record that earlier pairs have taken."""
    order = np.argsort(ends, kind="stable")
    running = np.cumsum(copies[order]) - copies[order]
    firsts = (
        np.concatenate([np.ones(1, np.bool_), np.diff(ends[order].astype(np.int64)) != 0]) if ends.size else np.empty(0, np.bool_)
    )
    base = np.maximum.accumulate(np.where(firsts, running, 0))
    taken = np.empty(ends.shape[0], np.int64)
    taken[order] = running - base
    return taken


def _positions(nodes: Nodes, node: NDArray[np.uint32], copy: NDArray[np.int64]) -> NDArray[np.uint32]:
    found: NDArray[np.uint32] = nodes.positions[nodes.starts[node] + copy]
    return found


def _rivals(linked: Linked, left_taken: NDArray[np.uint32], right_taken: NDArray[np.uint32]) -> pl.DataFrame:
    one, other, chances = linked.candidates.left, linked.candidates.right, linked.fitted.chances
    parts = []
    for side, ends, partners, nodes, others, taken in (
        ("left", one, other, linked.left, linked.right, left_taken),
        ("right", other, one, linked.right, linked.left, right_taken),
    ):
        first, _ = _two_best(ends, partners, chances, nodes.height)
        owner = np.repeat(np.arange(nodes.height), nodes.copies)
        best = first[owner]
        open_ = (best >= 0) & ~np.isin(nodes.positions, taken)
        best = best[open_]
        parts.append(
            pl.DataFrame(
                {
                    "position": nodes.positions[open_].astype(np.uint32),
                    "rival": others.positions[others.starts[partners[best]]].astype(np.uint32),
                    "confidence": chances[best],
                }
            ).with_columns(side=pl.lit(side))
        )
    return pl.concat(parts).select(list(OUTCOME_RIVALS)).sort("side", "position")


def _diagnostics(linked: Linked) -> dict[str, Any]:
    recall = 1.0 if linked.candidates.everything else estimated_recall(linked.observed, linked.fitted.chances)
    names = [column.name for column in linked.layout.columns]
    rules = [
        " + ".join(name for column, name in enumerate(names) if mask >> column & 1) for mask in linked.candidates.rules.tolist()
    ]
    return {
        "candidate_pairs": int(linked.candidates.left.shape[0]),
        "rules": rules,
        "pairs_by_rule": list(linked.candidates.pairs_by_rule),
        "purged_rows": list(linked.candidates.purged_rows),
        "text_pairs": linked.candidates.text_pairs,
        "distinct_level_vectors": int(linked.observed.candidates.shape[0]),
        "expected_matches": round(linked.fitted.matches, 2),
        "fit_rounds": linked.fitted.rounds,
        "candidate_recall_estimate": None if recall is None else round(recall, 4),
        "components": linked.assignment.components,
        "largest_component": linked.assignment.largest,
        "greedy_components": linked.assignment.greedy_components,
        "calibration": linked.calibration.to_dict(),
        "seconds": linked.seconds,
    }
