"""Known non-matches of a single table, whose pairs with equal keys are matches as often as not.

Between two tables, pairs inside one of them that share a key are known non-matches. Inside one table with duplicates they are so
only where they agree in nothing else that chance does not give. Where few such pairs are left, two records drawn at random and
made equal in what the rule looks at stand in for them.
"""

import numpy as np
from numpy.typing import NDArray

from recon378_engine.matching.linkage.candidates import Candidates
from recon378_engine.matching.linkage.compare import RULE_SHIFT, Packing, Words, unpack
from recon378_engine.matching.linkage.comparison import Kind
from recon378_engine.matching.linkage.encode import Layout
from recon378_engine.matching.linkage.levels import AMOUNT_EQUAL, DATE_EQUAL, LAG_ZERO, STRING_EQUAL

WORDS_MIN = 2_000  # of a rule, below which imagined pairs are added
_EQUAL = {Kind.STRING: STRING_EQUAL, Kind.ATTRIBUTE_DATE: DATE_EQUAL, Kind.EVENT_DATE: LAG_ZERO, Kind.AMOUNT: AMOUNT_EQUAL}

Bits = NDArray[np.float64]


def without_matches(classes: list[Words], random: Words, layout: Layout, candidates: Candidates) -> list[Words]:
    """Words of the classes of the rules without those of likely matches. `random` are words of random pairs."""
    packing = Packing.of(layout.comparisons)
    surprise = _surprise(random, layout, packing)
    cleaned = list(classes)
    for number, rule in enumerate(candidates.rules.tolist()):
        found = classes[number]
        if not found.size or not random.size:
            continue
        own = [place for place in range(len(layout.comparisons)) if layout.columns_of(place) & layout.sources_of(rule)]
        kept = found[_bits_besides(found, layout, packing, surprise, own) <= np.log2(found.size)]
        if kept.size < WORDS_MIN:
            kept = np.concatenate([kept, _imagined(found, random, packing, own, WORDS_MIN, number)])
        cleaned[number] = kept
    return cleaned


def _surprise(random: Words, layout: Layout, packing: Packing) -> list[Bits]:
    """For each level of each comparison how rare it is that random pairs are equal in that way; 0 for levels short of equal."""
    levels = unpack(random, packing)
    found = []
    for place, comparison in enumerate(layout.comparisons):
        counts = np.bincount(levels[:, place], minlength=1 << int(packing.bits[place]))
        bits = -np.log2((counts + 0.5) / (random.size + 1.0))
        equal = _EQUAL.get(comparison.kind, counts.size)
        bits[:equal] = 0.0
        if comparison.kind is Kind.EVENT_DATE:
            bits[equal + 1 :] = 0.0
        found.append(bits)
    return found


def _bits_besides(words: Words, layout: Layout, packing: Packing, surprise: list[Bits], own: list[int]) -> Bits:
    """The bits of equality of each word besides the groups that a rule looks at; each group counts by its rarest equality."""
    levels = unpack(words, packing)
    held = {layout.comparisons[place].group for place in own}
    groups: dict[str, Bits] = {}
    for place, comparison in enumerate(layout.comparisons):
        if comparison.group not in held:
            bits = surprise[place][levels[:, place]]
            groups[comparison.group] = np.maximum(groups.get(comparison.group, np.zeros(words.size)), bits)
    return sum(groups.values(), np.zeros(words.size))


def _imagined(found: Words, random: Words, packing: Packing, own: list[int], size: int, number: int) -> Words:
    """Random pairs made equal in the rule's own comparisons, as rarely as its pairs are."""
    mask = np.uint64(sum(((1 << int(packing.bits[place])) - 1) << int(packing.shift[place]) for place in own))
    mixed: Words = (np.resize(random, size) & ~mask) | (np.resize(found, size) & mask)
    return mixed | np.uint64(1) << np.uint64(RULE_SHIFT + number)
