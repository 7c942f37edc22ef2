"""A Splink model from a description: which comparison stands for which kind of field, and how its parameters are estimated."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks.peers.descriptions import Description, Key

Compare = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Recipe:
    """`fields` are column → kind and `compare` maps a kind to a comparison; `pairs_max` are the random pairs for u, `recall` is
    that of the sure keys."""

    fields: dict[str, str]
    compare: dict[str, Compare]
    blocks: tuple[Key, ...]
    pairs_max: float
    recall: float


def predict(left: pl.DataFrame, right: pl.DataFrame, description: Description, recipe: Recipe) -> pl.DataFrame:
    """left_row, right_row, confidence of every pair above .01."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="row",
        blocking_rules_to_generate_predictions=[block_on(*key) for key in recipe.blocks],
        comparisons=[recipe.compare[kind](name) for name, kind in recipe.fields.items()],
    )
    database = DuckDBAPI()
    sides = [
        database.register(table.to_arrow(), dataset_display_name=side) for side, table in (("a_left", left), ("b_right", right))
    ]
    linker = Linker(sides, settings)
    linker.training.estimate_probability_two_random_records_match(
        [block_on(*key) for key in description.sure], recall=recipe.recall
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=recipe.pairs_max, seed=1)
    for key in description.training:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*key), estimate_without_term_frequencies=True)
    pairs = linker.inference.predict(threshold_match_probability=0.01).as_duckdbpyrelation().pl()
    return pairs.select(left_row="row_l", right_row="row_r", confidence="match_probability")


def amount(name: str) -> dict[str, Any]:
    """The levels of Splink's own example on bank transactions."""
    levels = [cll.PercentageDifferenceLevel(name, share) for share in (0.01, 0.03, 0.1, 0.3)]
    return {
        "output_column_name": name,
        "comparison_levels": [cll.NullLevel(name), cll.ExactMatchLevel(name), *levels, cll.ElseLevel()],
    }


def day(name: str) -> Any:
    return cl.AbsoluteDateDifferenceAtThresholds(
        name, input_is_string=True, metrics=["day", "day", "day", "day"], thresholds=[1, 4, 10, 30]
    )


def birth(name: str) -> Any:
    return cl.DateOfBirthComparison(name, input_is_string=True)


def exact_with_frequencies(name: str) -> Any:
    return cl.ExactMatch(name).configure(term_frequency_adjustments=True)
