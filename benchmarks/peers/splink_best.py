"""Splink with the best settings that we found: more blocks, term frequencies wherever they count, edit distances for codes.

On people 5,000 (seed 3), F1 at .5 and at the oracle's threshold: all fields .980 / .982; without the town .985 / .991; without
town and postcode .997 / .997, which its example on febrl4 advises too. 10⁷ random pairs for u instead of 10⁶ changed nothing and
took five times the processor time. On products 2,000 titles by their words in common do better than by Jaccard or Jaro-Winkler,
and exact model numbers better than nearly equal ones.
"""

from pathlib import Path

import polars as pl
import splink.comparison_library as cl

from benchmarks.peers.descriptions import Description
from benchmarks.peers.splink_model import Recipe, amount, birth, day, exact_with_frequencies, predict

COMPARE = {
    "name": lambda name: cl.NameComparison(name).configure(term_frequency_adjustments=True),
    "birth": birth,
    "email": cl.EmailComparison,
    "code": lambda name: cl.DamerauLevenshteinAtThresholds(name, [1]).configure(term_frequency_adjustments=True),
    "address": lambda name: cl.JaroWinklerAtThresholds(name, [0.95, 0.88]).configure(term_frequency_adjustments=True),
    "model": exact_with_frequencies,
    "place": exact_with_frequencies,
    "category": exact_with_frequencies,
    "title": lambda name: cl.JaroWinklerAtThresholds(name, [0.95, 0.88, 0.7]).configure(term_frequency_adjustments=True),
    "words": lambda name: cl.ArrayIntersectAtSizes(name, [6, 5, 4, 3, 2]),
    "amount": amount,
    "day": day,
}


def link(left: pl.DataFrame, right: pl.DataFrame, description: Description, folder: Path) -> pl.DataFrame:
    """left_row, right_row, confidence. Long texts are compared as lists of words."""
    texts = [name for name, kind in description.fields.items() if kind == "words"]
    left, right = (table.with_columns(pl.col(texts).str.extract_all(r"\w+")) for table in (left, right))
    return predict(left, right, description, Recipe(description.independent, COMPARE, description.blocks, 1e6, 0.8))
