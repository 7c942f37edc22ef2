"""The join that people write first: equal on a key that is nearly unique."""

from pathlib import Path

import polars as pl

from benchmarks.peers.descriptions import Description


def link(left: pl.DataFrame, right: pl.DataFrame, description: Description, folder: Path) -> pl.DataFrame:
    """left_row, right_row, confidence 1 for the pairs that are equal on one of the sure keys."""
    found = [
        left.select(*key, left_row="row").join(right.select(*key, right_row="row"), on=key).select("left_row", "right_row")
        for key in description.sure
    ]
    return pl.concat(found).unique().with_columns(confidence=pl.lit(1.0))
