"""goldenmatch in its zero-configuration mode, on the prepared columns."""

import tempfile
from pathlib import Path

import goldenmatch
import pandas as pd

from benchmarks.peers.descriptions import Description


def link(left: pd.DataFrame, right: pd.DataFrame, description: Description, folder: Path) -> pd.DataFrame:
    """left_row, right_row and goldenmatch's score."""
    with tempfile.TemporaryDirectory() as scratch:
        paths = [str(Path(scratch) / f"{side}.csv") for side in ("left", "right")]
        for table, path in zip((left, right), paths, strict=True):
            table[list(description.fields)].to_csv(path, index=False)
        result = goldenmatch.match(*paths)
    if result.matched is None:
        return pd.DataFrame({"left_row": [], "right_row": [], "confidence": []})
    columns = ["__target_row_id__", "__ref_row_id__", "__match_score__"]
    pairs = result.matched.select(columns).to_pandas().set_axis(["left_row", "right_row", "confidence"], axis=1)
    return pairs.assign(right_row=pairs["right_row"] - len(left))  # goldenmatch counts both files through
