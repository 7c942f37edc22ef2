"""Candidate pairs: the union of blocking rules and similar texts; and pairs inside a table that serve as sure non-matches."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recon378_engine.matching.linkage import blocking
from recon378_engine.matching.linkage.blocking import Indices, Order
from recon378_engine.matching.linkage.blocking_rules import RuleSet, choose_rules
from recon378_engine.matching.linkage.compare import RULES_MAX
from recon378_engine.matching.linkage.comparison import Kind
from recon378_engine.matching.linkage.encode import Encoded
from recon378_engine.matching.linkage.keys import Keys
from recon378_engine.matching.linkage.similar_texts import NEIGHBOURS, nearest_texts
from recon378_engine.matching.linkage.text_features import TextSide
from recon378_engine.running.runner import Runner

ALL_PAIRS_MAX = 400_000  # so few pairs are simply all compared
INSIDE_PAIRS = 40_000  # pairs inside one table a rule
INSIDE_TEXTS = 4_000  # texts a side whose nearest ones inside the table are looked at
RANDOM_PAIRS = 200_000
PURGED_SHARE_MIN = 0.001  # share of rows in giant blocks from which a purged rule is tried again with one column more
SEED = 378

Pairs = tuple[Indices, Indices]


@dataclass(frozen=True, slots=True)
class Candidates:
    """`left`, `right` are the pairs; `inside` has for each class of non-matches pairs inside the left and the right table."""

    left: Indices
    right: Indices
    rules: NDArray[np.uint32]
    inside: tuple[tuple[Pairs, Pairs], ...]
    random: Pairs
    rule_set: RuleSet
    pairs_by_rule: tuple[int, ...]
    purged_rows: tuple[int, ...]
    text_pairs: int
    everything: bool  # all pairs of the two tables are candidates
    one_table: bool = False  # both sides are the same table, so that `inside` holds matches too


def find_candidates(encoded: Encoded, *, runner: Runner, done: Callable[[float], None]) -> Candidates:
    """Find the pairs to compare. Deterministic for the order of rows that `encoded` has."""
    left, right, threads = encoded.left, encoded.right, runner.threads
    random = _random_pairs(left.height, right.height)
    columns = blocking.by_column(left.keys), blocking.by_column(right.keys)
    rule_set = choose_rules(encoded, columns, threads=threads)
    done(0.2)
    if left.height * right.height <= ALL_PAIRS_MAX:
        one, other = np.divmod(np.arange(left.height * right.height, dtype=np.int64), max(1, right.height))
        inside = _inside_by_rules(columns, rule_set.rules.tolist()) + _inside_by_text(encoded, threads)
        return Candidates(
            one.astype(np.uint32), other.astype(np.uint32), rule_set.rules, inside, random, rule_set, (), (), 0, True
        )
    found = _Emission(encoded, columns, rule_set, runner)
    for step, rule in enumerate(rule_set.rules.tolist()):
        found.add(rule)
        done(0.2 + 0.6 * (step + 1) / len(rule_set.rules))
    found.add_rekeyed()
    texts = _text_pairs(encoded, found, threads)
    pairs = [*found.pairs, texts]
    done(1.0)
    return Candidates(
        np.concatenate([one for one, _ in pairs]), np.concatenate([other for _, other in pairs]),
        np.array(found.rules, np.uint32),
        tuple(found.inside) + _inside_by_text(encoded, threads), random, rule_set, tuple(one.size for one, _ in found.pairs),
        tuple(found.purged_rows), int(texts[0].size), False,
    )  # fmt: skip


def find_candidates_inside(encoded: Encoded, *, runner: Runner, done: Callable[[float], None]) -> Candidates:
    """Find the pairs to compare inside one table, which stands on both sides of `encoded`; left is below right in each pair.

    Rules are chosen on the two halves of the table, where no record meets itself.
    """
    side = encoded.left
    random = _unequal(_random_pairs(side.height, side.height))
    halves = [replace(side, keys=np.ascontiguousarray(side.keys[place::2])) for place in (0, 1)]
    by_column = blocking.by_column(halves[0].keys), blocking.by_column(halves[1].keys)
    rule_set = choose_rules(replace(encoded, left=halves[0], right=halves[1]), by_column, threads=runner.threads)
    whole = blocking.by_column(side.keys)
    done(0.2)
    if side.height**2 <= ALL_PAIRS_MAX:
        lower, higher = np.triu_indices(side.height, 1)
        inside = _inside_by_rules((whole, whole), rule_set.rules.tolist()) + _inside_by_text(encoded, runner.threads)
        return Candidates(
            lower.astype(np.uint32), higher.astype(np.uint32), rule_set.rules, inside, random, rule_set, (), (), 0, True, True
        )
    found = _Emission(encoded, (whole, whole), rule_set, runner)
    for step, rule in enumerate(rule_set.rules.tolist()):
        found.add(rule)
        found.pairs[-1] = _ascending(found.pairs[-1])
        done(0.2 + 0.6 * (step + 1) / len(rule_set.rules))
    found.add_rekeyed()
    texts = _ascending(_text_pairs(encoded, found, runner.threads))
    one, other = (np.concatenate([pair[place] for pair in [*map(_ascending, found.pairs), texts]]) for place in (0, 1))
    done(1.0)
    return Candidates(
        one, other, np.array(found.rules, np.uint32), tuple(found.inside) + _inside_by_text(encoded, runner.threads), random,
        rule_set, tuple(pair[0].size for pair in found.pairs), tuple(found.purged_rows), int(texts[0].size), False, True,
    )  # fmt: skip


def _ascending(pairs: Pairs) -> Pairs:
    """The pairs of which each comes both ways round, once each, without those of a record and itself."""
    kept = pairs[0] < pairs[1]
    return pairs[0][kept], pairs[1][kept]


def _unequal(pairs: Pairs) -> Pairs:
    kept = pairs[0] != pairs[1]
    return pairs[0][kept], pairs[1][kept]


class _Emission:
    """The rules applied so far, their pairs, and which left rows lost a block to the limit."""

    def __init__(self, encoded: Encoded, columns: tuple[Keys, Keys], rule_set: RuleSet, runner: Runner) -> None:
        self.encoded, self.columns, self.rule_set, self.runner = encoded, columns, rule_set, runner
        self.rules: list[int] = []
        self.pairs: list[Pairs] = []
        self.inside: list[tuple[Pairs, Pairs]] = []
        self.purged_rows: list[int] = []
        self.purged = np.zeros(encoded.left.height, np.uint32)

    def add(self, rule: int) -> None:
        left, right = self.encoded.left, self.encoded.right
        one, other = (blocking.ordered(columns, rule) for columns in self.columns)
        self.rules.append(rule)
        number = len(self.rules) - 1
        rules = np.array(self.rules, np.uint32)
        blocks = blocking.blocks_of(one, other)
        self.pairs.append(blocking.emit(blocks, left.keys, right.keys, rules, number, self.purged, runner=self.runner))
        self.inside.append(_inside(one, other, number))
        self.purged_rows.append(int((self.purged >> np.uint32(number) & np.uint32(1)).sum()))

    def add_rekeyed(self) -> None:
        """Try the rules that lost blocks again with the column in which true pairs agree most besides."""
        agreement = self.rule_set.agreement
        for rule, lost in zip(list(self.rules), list(self.purged_rows), strict=True):
            if lost < PURGED_SHARE_MIN * self.encoded.left.height or len(self.rules) >= RULES_MAX:
                continue
            looked_at = self.encoded.layout.sources_of(rule)
            others = [
                column
                for column in np.argsort(-agreement, kind="stable").tolist()
                if agreement[column] > 0 and not looked_at >> column & 1
            ]
            finer = [rule | 1 << column for column in others if rule | 1 << column not in self.rules]
            if finer:
                self.add(finer[0])


def _inside(left: Order, right: Order, number: int) -> tuple[Pairs, Pairs]:
    return blocking.sample_inside(left, INSIDE_PAIRS, SEED + 2 * number), blocking.sample_inside(
        right, INSIDE_PAIRS, SEED + 2 * number + 1
    )


def _inside_by_rules(columns: tuple[Keys, Keys], rules: list[int]) -> tuple[tuple[Pairs, Pairs], ...]:
    return tuple(
        _inside(blocking.ordered(columns[0], rule), blocking.ordered(columns[1], rule), number)
        for number, rule in enumerate(rules)
    )


def _texts(encoded: Encoded) -> list[tuple[TextSide, TextSide]]:
    """The texts that find candidates: the whole text where there is one, else each of them."""
    numbers = [number for number, comparison in enumerate(encoded.layout.comparisons) if comparison.kind is Kind.TEXT]
    whole = [number for number in numbers if encoded.layout.comparisons[number].name == "whole text"]
    return [
        (encoded.left.texts[encoded.layout.slot[number]], encoded.right.texts[encoded.layout.slot[number]])
        for number in whole or numbers[:2]
    ]


def _text_pairs(encoded: Encoded, found: _Emission, threads: int) -> Pairs:
    codes = [np.empty(0, np.uint64)]
    for left, right in _texts(encoded):
        one, other = nearest_texts(left, right, neighbours=NEIGHBOURS, threads=threads)
        back, forth = nearest_texts(right, left, neighbours=NEIGHBOURS, threads=threads)
        codes += [_code(one, other), _code(forth, back)]
    every = np.unique(np.concatenate(codes))
    pairs = ((every >> np.uint64(32)).astype(np.uint32), every.astype(np.uint32))
    fresh = ~blocking.found_by_rules(
        pairs[0], pairs[1], encoded.left.keys, encoded.right.keys, np.array(found.rules, np.uint32), found.purged
    )
    return pairs[0][fresh], pairs[1][fresh]


def _code(one: Indices, other: Indices) -> NDArray[np.uint64]:
    return one.astype(np.uint64) << np.uint64(32) | other.astype(np.uint64)


def _inside_by_text(encoded: Encoded, threads: int) -> tuple[tuple[Pairs, Pairs], ...]:
    return tuple((_inside_texts(left, threads), _inside_texts(right, threads)) for left, right in _texts(encoded))


def _inside_texts(side: TextSide, threads: int) -> Pairs:
    return nearest_texts(side, side, neighbours=NEIGHBOURS, threads=threads, same=True, rows_max=INSIDE_TEXTS)


def _random_pairs(left_height: int, right_height: int) -> Pairs:
    generator = np.random.default_rng(SEED)
    size = min(RANDOM_PAIRS, left_height * right_height)
    if size == 0:
        return np.empty(0, np.uint32), np.empty(0, np.uint32)
    return generator.integers(0, left_height, size).astype(np.uint32), generator.integers(0, right_height, size).astype(np.uint32)
