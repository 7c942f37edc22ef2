"""goldenmatch in its zero-configuration mode, on the prepared columns."""

import tempfile
from pathlib import Path

import goldenmatch
import polars as pl

from benchmarks.peers.descriptions import Description


def link(left: pl.DataFrame, right: pl.DataFrame, description: Description, folder: Path) -> pl.DataFrame:
    """left_row, right_row and goldenmatch's score."""
    with tempfile.TemporaryDirectory() as scratch:
        paths = [str(Path(scratch) / f"{side}.csv") for side in ("left", "right")]
        for table, path in zip((left, right), paths, strict=True):
            table.select(*description.fields).write_csv(path)
        result = goldenmatch.match(*paths)
    if result.matched is None:
        return pl.DataFrame(schema={"left_row": pl.Int64, "right_row": pl.Int64, "confidence": pl.Float64})
    return pl.DataFrame(result.matched).select(
        left_row="__target_row_id__",
        right_row=pl.col("__ref_row_id__") - left.height,  # goldenmatch counts both files through
        confidence="__match_score__",
    )
