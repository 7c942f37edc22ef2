"""From linked nodes to the clusters of a table's records."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.matching.canonical import Ordered
from recon378_engine.matching.clusters.cut import LINK_MIN, clusters_of, strongest_links
from recon378_engine.matching.clusters.inside import InsidePairs
from recon378_engine.result import CLUSTERS_SCHEMA


def assemble_clusters(ordered: Ordered, pairs: InsidePairs) -> pl.DataFrame:
    """cluster_id, row, confidence for every record, in the order of the table. Ids are dense, ordered by the smallest row."""
    nodes = pairs.nodes
    cluster = clusters_of(nodes.height, pairs.left, pairs.right, pairs.chances)
    node = np.empty(ordered.table.height, np.int64)
    node[nodes.positions] = np.repeat(np.arange(nodes.height), nodes.copies)
    label = cluster[node]
    blank = _blank(nodes.select(nodes.columns))[node]
    label[blank] = nodes.height + np.flatnonzero(
        blank
    )  # records without a value are equal, and yet nothing says that they are one
    rows = ordered.rows.to_numpy()
    frame = pl.DataFrame({"label": label, "row": rows, "confidence": _confidence(pairs, cluster)[node]})
    frame = frame.with_columns(confidence=pl.when(pl.Series(blank)).then(1.0).otherwise("confidence").round(6))
    firsts = frame.group_by("label").agg(first=pl.col("row").min()).sort("first").with_row_index("cluster_id")
    numbered = frame.join(firsts, on="label", how="left", maintain_order="left")
    return numbered.select(pl.col(name).cast(kind) for name, kind in CLUSTERS_SCHEMA.items())


def _blank(frame: pl.DataFrame) -> NDArray[np.bool_]:
    blank: NDArray[np.bool_] = frame.select(pl.all_horizontal(pl.all().is_null())).to_series().to_numpy()
    return blank


def _confidence(pairs: InsidePairs, cluster: NDArray[np.int64]) -> NDArray[np.float64]:
    """Of a node in a cluster, the probability of its surest link there; of one alone, that it has no likely other."""
    strongest = strongest_links(cluster, pairs.left, pairs.right, pairs.chances)
    alone = np.bincount(cluster, minlength=cluster.shape[0])[cluster] == 1
    best_other = np.zeros(cluster.shape[0])
    for ends in (pairs.left, pairs.right):
        np.maximum.at(best_other, ends, pairs.chances)
    single = np.where(pairs.nodes.copies > 1, 1.0, 1.0 - np.minimum(best_other, 1.0 - LINK_MIN))
    return np.where(alone, single, np.where(pairs.nodes.copies > 1, 1.0, strongest))
