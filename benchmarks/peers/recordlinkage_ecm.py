"""recordlinkage with its unsupervised classifier, as its guide shows: union of blocks, thresholded similarities, ECM."""

from pathlib import Path

import numpy as np
import polars as pl
import recordlinkage
from recordlinkage.compare import Exact, Numeric, String

from benchmarks.peers.descriptions import Description

EXACT = ("code", "model", "category", "place")


def link(left: pl.DataFrame, right: pl.DataFrame, description: Description, folder: Path) -> pl.DataFrame:
    """left_row, right_row and the classifier's probability."""
    one, other = left.to_pandas().set_index("row"), right.to_pandas().set_index("row")
    indexer = recordlinkage.Index([recordlinkage.index.Block(list(key)) for key in description.blocks])
    candidates = indexer.index(one, other)
    comparison = recordlinkage.Compare([feature(name, kind) for name, kind in description.independent.items()])
    vectors = comparison.compute(candidates, one, other)
    classifier = recordlinkage.ECMClassifier(binarize=0.5)
    classifier.fit(vectors)
    rows = np.array(vectors.index.to_list())
    return pl.DataFrame({"left_row": rows[:, 0], "right_row": rows[:, 1], "confidence": classifier.prob(vectors).to_numpy()})


def feature(name: str, kind: str) -> object:
    if kind in EXACT:
        return Exact(name, name)
    if kind == "amount":
        return Numeric(name, name, method="exp", offset=0.01, scale=2.0)
    if kind in ("day", "birth"):
        return String(name, name, method="damerau_levenshtein", threshold=0.85)
    return String(name, name, method="jarowinkler" if kind != "words" else "qgram", threshold=0.85 if kind != "words" else 0.6)
