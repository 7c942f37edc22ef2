"""Choose the blocking rules: as many of the true pairs as can be had for a budget of pairs to compare."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from recon378_engine.matching import blocking
from recon378_engine.matching.compare import RULES_MAX
from recon378_engine.matching.encode import Encoded, Keys
from recon378_engine.running.local import for_chunks

PAIRS_MIN = 2_000_000  # compared in about two seconds, whatever the size of the tables
PAIRS_PER_RECORD = 8
RULE_COLUMNS_MAX = 14
SEED_PAIRS = 20_000
GAIN_MIN = 0.0002  # share of the true pairs that a further rule must add
RULE_OVERHEAD_PAIRS_PER_RECORD = 0.1  # sorting both sides costs about as much as comparing so many pairs
HARDNESS = (
    1.0,
    2.0,
    4.0,
)  # a third of the true pairs each: agreement to this power. Pairs that fail in one column fail in others
SURE_BITS = 7.0  # surprise beyond the number of records (in bits) that makes a pair a true one for choosing rules
AGREEMENT_PRIOR = (0.8, 20.0)  # agreement of a field among true pairs before anything is seen, and its weight in pairs


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Masks of key columns, cheapest finds first; `agreement` is the estimated chance that a true pair agrees in a column."""

    rules: NDArray[np.uint32]
    expected_pairs: tuple[float, ...]
    coverage: float
    agreement: NDArray[np.float64]


def budget(left_height: int, right_height: int) -> int:
    return max(PAIRS_MIN, PAIRS_PER_RECORD * max(left_height, right_height))


def choose_rules(encoded: Encoded, *, threads: int) -> RuleSet:
    left, right = encoded.left.keys, encoded.right.keys
    columns = [
        column for column in range(min(RULE_COLUMNS_MAX, left.shape[1])) if left[:, column].any() and right[:, column].any()
    ]
    if not columns:
        return RuleSet(np.empty(0, np.uint32), (), 0.0, np.zeros(left.shape[1]))
    masks = [1 << column for column in columns] + [1 << one | 1 << other for one, other in combinations(columns, 2)]
    costs = dict(zip(masks, _costs(left, right, masks, threads), strict=True))
    allowed = budget(left.shape[0], right.shape[0])
    if len(columns) >= 3:
        dear = [mask for mask in masks if mask.bit_count() == 2 and costs[mask] > allowed / 4]
        triples = sorted({mask | 1 << column for mask in dear[:12] for column in columns if not mask >> column & 1})[:60]
        costs |= dict(zip(triples, _costs(left, right, triples, threads), strict=True))
    agreement = _agreement(encoded, columns, costs)
    return _greedy(columns, costs, agreement, allowed, max(left.shape[0], right.shape[0]))


def _costs(left: Keys, right: Keys, masks: list[int], threads: int) -> list[float]:
    def work(start: int, stop: int) -> list[float]:
        one, other = blocking.slot_counts()
        return [
            float(
                blocking.expected_pairs(
                    blocking.mixed_keys(left, np.uint32(mask)), blocking.mixed_keys(right, np.uint32(mask)), one, other
                )
            )
            for mask in masks[start:stop]
        ]

    if not masks:
        return []
    return [
        cost for part in for_chunks(work, len(masks), threads=threads, chunk=max(1, -(-len(masks) // threads))) for cost in part
    ]


def _agreement(encoded: Encoded, columns: list[int], costs: dict[int, float]) -> NDArray[np.float64]:
    """How often true pairs agree in each column, from pairs of the rarest keys that are surprising enough without that column.

    Comparing a column only among pairs that are sure without it keeps the choice of the pairs out of the estimate.
    """
    left, right = encoded.left.keys, encoded.right.keys
    records = max(left.shape[0], right.shape[0])
    surprise = np.zeros(left.shape[1])
    for column in columns:
        chance = (costs[1 << column] + 1.0) / (left.shape[0] * right.shape[0])
        surprise[column] = -np.log2(min(1.0, max(chance, 1e-12)))
    seeds = [mask for mask in sorted(costs, key=lambda mask: (costs[mask], mask)) if 0 < costs[mask] <= 3.0 * records][:8]
    equal = [_equal_columns(left, right, mask) for mask in seeds]
    agreement = np.zeros(left.shape[1])
    if not equal:
        agreement[columns] = AGREEMENT_PRIOR[0]
        return agreement
    rows = np.unique(np.concatenate(equal), axis=0)
    same, filled = rows[:, 2 : 2 + left.shape[1]].astype(np.float64), rows[:, 2 + left.shape[1] :].astype(np.float64)
    total = same @ surprise
    sure = np.log2(records) + SURE_BITS
    for column in columns:
        chosen = total - same[:, column] * surprise[column] >= sure
        seen, weight = float(chosen.sum()), AGREEMENT_PRIOR[1]
        agreement[column] = (float(same[chosen, column].sum()) + AGREEMENT_PRIOR[0] * weight) / (seen + weight)
        if seen == 0:
            agreement[column] *= float(filled[:, column].mean()) if filled.size else 1.0
    return agreement


def _equal_columns(left: Keys, right: Keys, mask: int) -> NDArray[np.uint32]:
    """(pairs, 2 + 2 × columns): the rows of a sample of a rule's pairs, which columns agree, and which are filled on both."""
    blocks = blocking.blocks_of(blocking.ordered(left, mask), blocking.ordered(right, mask))
    small = blocks.ranges[blocks.pairs <= 100]
    chosen = small[:: max(1, small.shape[0] // (SEED_PAIRS // 8))]
    one, other = blocks.left.rows[chosen[:, 0]], blocks.right.rows[chosen[:, 2]]
    filled = (left[one] != 0) & (right[other] != 0)
    same = (left[one] == right[other]) & filled
    return np.concatenate([one[:, None], other[:, None], same.astype(np.uint32), filled.astype(np.uint32)], axis=1)


def _greedy(columns: list[int], costs: dict[int, float], agreement: NDArray[np.float64], allowed: float, records: int) -> RuleSet:
    """Add the rule with most newly found true pairs for its cost while there is budget; agreement of columns is independent for a given hardness."""
    places = {column: number for number, column in enumerate(columns)}
    states = np.arange(1 << len(columns), dtype=np.uint32)
    chance = np.zeros(states.shape[0])
    for hardness in HARDNESS:
        alone = np.full(states.shape[0], 1.0 / len(HARDNESS))
        for column, place in places.items():
            agrees = agreement[column] ** hardness
            alone *= np.where(states >> np.uint32(place) & np.uint32(1), agrees, 1.0 - agrees)
        chance += alone
    open_states = np.ones(states.shape[0], np.bool_)
    compact = {mask: sum(1 << places[column] for column in columns if mask >> column & 1) for mask in costs}
    holds = {mask: (states & np.uint32(small)) == small for mask, small in compact.items()}
    overhead = RULE_OVERHEAD_PAIRS_PER_RECORD * records
    chosen: list[int] = []
    left_over = allowed
    while len(chosen) < RULES_MAX - 3:
        gains = {
            mask: float(chance[open_states & holds[mask]].sum())
            for mask in costs
            if mask not in chosen and 0 < costs[mask] <= left_over
        }
        useful = {mask: gain for mask, gain in gains.items() if gain >= GAIN_MIN}
        if not useful:
            break
        best = max(useful, key=lambda mask: (useful[mask] / (costs[mask] + overhead), -mask))
        chosen.append(best)
        left_over -= costs[best]
        open_states &= ~holds[best]
    coverage = float(1.0 - chance[open_states].sum())
    return RuleSet(np.array(chosen, np.uint32), tuple(costs[mask] for mask in chosen), coverage, agreement)
