"""Splink with the settings of its documentation: the example on linking two tables, and the one on bank transactions."""

from pathlib import Path

import polars as pl
import splink.comparison_library as cl

from benchmarks.peers.descriptions import Description
from benchmarks.peers.splink_model import Recipe, amount, birth, day, exact_with_frequencies, predict

COMPARE = {
    "name": cl.NameComparison,
    "birth": birth,
    "email": cl.EmailComparison,
    "code": exact_with_frequencies,
    "address": exact_with_frequencies,
    "model": exact_with_frequencies,
    "place": exact_with_frequencies,
    "category": exact_with_frequencies,
    "title": lambda name: cl.LevenshteinAtThresholds(name, [2, 6, 10]),
    "words": lambda name: cl.LevenshteinAtThresholds(name, [2, 6, 10]),
    "amount": amount,
    "day": day,
}


def link(left: pl.DataFrame, right: pl.DataFrame, description: Description, folder: Path) -> pl.DataFrame:
    """left_row, right_row, confidence; the blocks and the number of random pairs are those of the example."""
    return predict(left, right, description, Recipe(dict(description.fields), COMPARE, description.first_block, 1e6, 0.7))
