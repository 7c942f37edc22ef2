"""Splink with the best settings that we found: more blocks, term frequencies wherever they count, edit distances for codes."""

from pathlib import Path

import pandas as pd
import splink.comparison_library as cl

from benchmarks.peers.descriptions import Description
from benchmarks.peers.splink_model import Recipe, amount, birth, day, exact_with_frequencies, predict

COMPARE = {
    "name": lambda name: cl.NameComparison(name).configure(term_frequency_adjustments=True),
    "birth": birth,
    "email": cl.EmailComparison,
    "code": lambda name: cl.DamerauLevenshteinAtThresholds(name, [1]).configure(term_frequency_adjustments=True),
    "address": lambda name: cl.JaroWinklerAtThresholds(name, [0.95, 0.88]).configure(term_frequency_adjustments=True),
    "place": exact_with_frequencies,
    "category": exact_with_frequencies,
    "title": lambda name: cl.JaroWinklerAtThresholds(name, [0.95, 0.88, 0.7]).configure(term_frequency_adjustments=True),
    "words": lambda name: cl.JaccardAtThresholds(name, [0.9, 0.8, 0.7, 0.5]),
    "amount": amount,
    "day": day,
}


def link(left: pd.DataFrame, right: pd.DataFrame, description: Description, folder: Path) -> pd.DataFrame:
    """left_row, right_row, confidence."""
    return predict(left, right, description, Recipe(COMPARE, description.blocks, 1e7, 0.8))
