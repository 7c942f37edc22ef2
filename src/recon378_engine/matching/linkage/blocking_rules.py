"""Choose the blocking rules: as many of the true pairs as can be had for a budget of pairs to compare."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from recon378_engine.matching.linkage import blocking
from recon378_engine.matching.linkage.compare import RULES_MAX
from recon378_engine.matching.linkage.encode import Encoded, Layout
from recon378_engine.matching.linkage.keys import Keys
from recon378_engine.running.local import for_chunks

PAIRS_MIN = 2_000_000  # compared in about two seconds, whatever the size of the tables
PAIRS_PER_RECORD = 8
SAMPLE_RECORDS = (
    200_000  # a side, on which costs are estimated; records lie in the order of a hash, so that the first are a sample
)
TRIPLES_MAX = 120
SEED_BLOCKS = 2_500  # blocks of each of the rarest keys from which the first true pairs are taken
SIMULATED_PAIRS = 6_000
GAIN_MIN = 0.0005  # share of the true pairs that a further rule must add
GAIN_FOR_BUDGET = 0.02  # and this share if it took the whole budget of pairs; one that takes a tenth must add a tenth of it
RULE_OVERHEAD_PAIRS_PER_RECORD = 0.1  # sorting both sides costs about as much as comparing so many pairs
HARDNESS = (
    1.0,
    2.0,
    4.0,
)  # a third of the true pairs each: agreement to this power. Pairs that fail in one column fail in others
SURE_BITS = 5.0  # surprise beyond the number of records (in bits) that makes a pair a true one for choosing rules
EQUAL_PRIOR, NEAR_PRIOR = 0.5, 0.7  # of a source of which no true pair is known: its own column, and each derived one besides
SEED = 378

KEPT_MIN = 0.3  # a rule whose giant blocks hold more of the records than the rest of this is not worth its time

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Cost:
    """Expected pairs of a rule in blocks that are not giant, and the share of the records that lie in such blocks."""

    pairs: float
    kept: float


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Masks of key columns in the order in which they emit; `agreement` estimates how often a true pair agrees in each column."""

    rules: NDArray[np.uint32]
    expected_pairs: tuple[float, ...]
    coverage: float
    agreement: NDArray[np.float64]


def budget(left_height: int, right_height: int) -> int:
    return max(PAIRS_MIN, PAIRS_PER_RECORD * max(left_height, right_height))


def choose_rules(encoded: Encoded, by_column: tuple[Keys, Keys], *, threads: int) -> RuleSet:
    """Choose at most RULES_MAX − 3 rules, leaving room to try purged ones again. `by_column` are the keys, (columns, height)."""
    left, right = encoded.left.keys, encoded.right.keys
    columns = [column for column in range(left.shape[1]) if left[:, column].any() and right[:, column].any()]
    if not columns:
        return RuleSet(np.empty(0, np.uint32), (), 0.0, np.zeros(left.shape[1]))
    layout = encoded.layout
    masks = [1 << column for column in columns]
    masks += [1 << one | 1 << other for one, other in combinations(columns, 2) if _apart(layout, one, other)]
    costs = _costs(by_column, masks, threads)
    allowed = budget(left.shape[0], right.shape[0])
    costs |= _costs(by_column, _triples(layout, columns, costs, allowed), threads)
    simulated, agreement = _simulated_pairs(encoded, by_column, columns, costs)
    return _greedy(simulated, costs, agreement, allowed, max(left.shape[0], right.shape[0]))


def _apart(layout: Layout, one: int, other: int) -> bool:
    return not layout.columns_of(layout.columns[one].comparison) >> other & 1


def _triples(layout: Layout, columns: list[int], costs: dict[int, _Cost], allowed: float) -> list[int]:
    """Pairs of columns that find too much, with a third column; the cheapest TRIPLES_MAX of them."""
    dear = [
        mask
        for mask in sorted(costs, key=lambda mask: (_unbounded(costs[mask]), mask))
        if mask.bit_count() == 2 and _unbounded(costs[mask]) > allowed / 4
    ]
    triples = dict.fromkeys(
        mask | 1 << column
        for mask in dear
        for column in columns
        if all(_apart(layout, column, held) for held in columns if mask >> held & 1)
    )
    return list(triples)[:TRIPLES_MAX]


def _costs(by_column: tuple[Keys, Keys], masks: list[int], threads: int) -> dict[int, _Cost]:
    one, other = (np.ascontiguousarray(columns[:, :SAMPLE_RECORDS]) for columns in by_column)
    scale = by_column[0].shape[1] * by_column[1].shape[1] / max(1, one.shape[1] * other.shape[1])

    def work(start: int, stop: int) -> list[_Cost]:
        slots = blocking.slot_counts()
        found = []
        for mask in masks[start:stop]:
            keys = blocking.mixed_keys(one, np.uint32(mask)), blocking.mixed_keys(other, np.uint32(mask))
            pairs, kept = blocking.expected_pairs(*keys, *slots, scale)
            found.append(_Cost(scale * float(pairs), float(kept)))
        return found

    if not masks:
        return {}
    parts = for_chunks(work, len(masks), threads=threads, chunk=max(1, -(-len(masks) // (4 * threads))))
    return dict(zip(masks, [cost for part in parts for cost in part], strict=True))


def _simulated_pairs(
    encoded: Encoded, by_column: tuple[Keys, Keys], columns: list[int], costs: dict[int, _Cost]
) -> tuple[Bools, NDArray[np.float64]]:
    """(pairs, columns) whether simulated true pairs agree in each column, and the share that does.

    True pairs are taken from the rarest keys. How a source (all columns of the same data) agrees is learned from pairs that are
    sure without it, so that the choice of the pairs does not colour it; sources are drawn independently, at three levels of
    hardness.
    """
    same = _equal_columns(encoded, by_column, costs)
    surprise = _surprise(encoded, costs)
    sources = _sources(encoded.layout, columns)
    best = np.stack([(same[:, source] * surprise[source]).max(axis=1, initial=0.0) for source in sources], axis=1)
    sure = np.log2(max(encoded.left.height, encoded.right.height)) + SURE_BITS
    generator = np.random.default_rng(SEED)
    simulated = np.zeros((SIMULATED_PAIRS, encoded.left.keys.shape[1]), np.bool_)
    hardness = np.repeat(np.array(HARDNESS), -(-SIMULATED_PAIRS // len(HARDNESS)))[:SIMULATED_PAIRS]
    for number, source in enumerate(sources):
        known = np.flatnonzero(best.sum(axis=1) - best[:, number] >= sure)
        if known.size:
            drawn = same[known[generator.integers(0, known.size, SIMULATED_PAIRS)]][:, source]
            agrees = float(same[known][:, source].any(axis=1).mean())
        else:
            equal = generator.random(SIMULATED_PAIRS) < EQUAL_PRIOR
            drawn = (generator.random((SIMULATED_PAIRS, len(source))) < NEAR_PRIOR) | equal[:, None]
            drawn[:, int(np.argmax(surprise[source]))] = equal
            agrees = float(drawn.any(axis=1).mean())
        kept = generator.random(SIMULATED_PAIRS) < agrees ** (hardness - 1.0)
        simulated[:, source] = drawn & kept[:, None]
    return simulated, simulated[: SIMULATED_PAIRS // len(HARDNESS)].mean(axis=0)


def _sources(layout: Layout, columns: list[int]) -> list[list[int]]:
    masks = dict.fromkeys(layout.columns_of(layout.columns[column].comparison) for column in columns)
    return [[column for column in columns if mask >> column & 1] for mask in masks]


def _surprise(encoded: Encoded, costs: dict[int, _Cost]) -> NDArray[np.float64]:
    """Bits: how rare it is that two random records agree in each column."""
    every = encoded.left.height * encoded.right.height
    pairs = [_unbounded(costs[1 << column]) if 1 << column in costs else every for column in range(encoded.left.keys.shape[1])]
    return np.array([-np.log2(min(1.0, (found + 1.0) / every)) for found in pairs])


def _unbounded(cost: _Cost) -> float:
    """Pairs of a rule with its giant blocks: at least as dense as the others."""
    return cost.pairs / max(1e-9, cost.kept) ** 2 if cost.kept > 0 else float("inf")


def _equal_columns(encoded: Encoded, by_column: tuple[Keys, Keys], costs: dict[int, _Cost]) -> Bools:
    """(pairs, columns) where pairs from small blocks of the rarest keys agree."""
    left, right = encoded.left.keys, encoded.right.keys
    records = max(left.shape[0], right.shape[0])
    seeds = [
        mask for mask in sorted(costs, key=lambda mask: (costs[mask].pairs, mask)) if 0 < _unbounded(costs[mask]) <= 3.0 * records
    ]
    spread = seeds[:: max(1, len(seeds) // 10)][:12]
    pairs = [np.empty((0, 2), np.uint32)]
    for mask in spread:
        every = max(1, records // SAMPLE_RECORDS)
        blocks = blocking.blocks_of(*(blocking.ordered(keys, mask, every=every) for keys in by_column))
        small = blocks.ranges[blocks.pairs <= 100]
        chosen = small[:: max(1, small.shape[0] // SEED_BLOCKS)]
        pairs.append(np.stack([blocks.left.rows[chosen[:, 0]], blocks.right.rows[chosen[:, 2]]], axis=1))
    rows = np.unique(np.concatenate(pairs), axis=0)
    one, other = left[rows[:, 0]], right[rows[:, 1]]
    same: Bools = (one == other) & (one != 0)
    return same


def _greedy(simulated: Bools, costs: dict[int, _Cost], agreement: NDArray[np.float64], allowed: float, records: int) -> RuleSet:
    """Add the rule with most newly found pairs for its cost while there is budget."""
    holds = {
        mask: simulated[:, [column for column in range(simulated.shape[1]) if mask >> column & 1]].all(axis=1) for mask in costs
    }
    overhead = RULE_OVERHEAD_PAIRS_PER_RECORD * records
    missed = np.ones(simulated.shape[0], np.bool_)
    generator = np.random.default_rng(SEED)
    chosen: list[int] = []
    left_over = allowed
    while len(chosen) < RULES_MAX - 3:
        affordable = [
            mask for mask, cost in costs.items() if mask not in chosen and 0 < cost.pairs <= left_over and cost.kept >= KEPT_MIN
        ]
        gains = {
            mask: gain
            for mask in affordable
            if (gain := float((holds[mask] & missed).mean()) * costs[mask].kept)
            >= max(GAIN_MIN, GAIN_FOR_BUDGET * costs[mask].pairs / allowed)
        }
        if not gains:
            break
        best = max(gains, key=lambda mask: (gains[mask] / (costs[mask].pairs + overhead), -mask))
        chosen.append(best)
        left_over -= costs[best].pairs
        missed &= ~(holds[best] & (generator.random(missed.shape[0]) < costs[best].kept))
    return RuleSet(
        np.array(chosen, np.uint32), tuple(costs[mask].pairs for mask in chosen), float(1.0 - missed.mean()), agreement
    )
