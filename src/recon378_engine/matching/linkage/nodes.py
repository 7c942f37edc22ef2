"""Equal records as one node with a count, in the order of the table."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from recon378_engine.matching.hash_order import hash_order
from recon378_engine.matching.outcome import Positions

SEED = 378


@dataclass(frozen=True, slots=True)
class Nodes:
    """Distinct records of one side. Node n stands for positions[starts[n]:starts[n + 1]], whose contents in `columns` are equal.

    `frame` is that of the whole table: values are taken from it a few columns at a time, so that it is never copied whole.
    """

    frame: pl.DataFrame
    columns: tuple[str, ...]
    positions: Positions
    starts: NDArray[np.int64]

    @property
    def height(self) -> int:
        return int(self.starts.shape[0]) - 1

    @property
    def copies(self) -> NDArray[np.int64]:
        return np.diff(self.starts)

    def select(self, names: Sequence[str]) -> pl.DataFrame:
        """Some columns, one row for each node."""
        chosen = self.frame.select(names)
        if self.height == self.frame.height:
            return chosen
        return chosen[self.positions[self.starts[:-1]]]


def distinct_records(frame: pl.DataFrame, columns: Sequence[str], positions: Positions) -> Nodes:
    """Fold the rows at `positions` (ascending) that are equal in `columns`; nodes are in the order of their first rows."""
    if not columns or not positions.shape[0]:
        return Nodes(frame, tuple(columns), positions, np.zeros(1, np.int64))
    chosen = frame.select(columns)
    hashes = (chosen if positions.shape[0] == frame.height else chosen[positions]).hash_rows(seed=SEED).to_numpy()
    order = hash_order(hashes)
    ordered = hashes[order]
    edges = np.flatnonzero(np.concatenate([np.ones(1, np.bool_), ordered[1:] != ordered[:-1], np.ones(1, np.bool_)]))
    if edges.shape[0] > positions.shape[0]:
        return Nodes(frame, tuple(columns), positions, edges)
    folded, starts = _folded(order, edges)
    return Nodes(frame, tuple(columns), positions[folded], starts)


@njit("Tuple((int64[::1], int64[::1]))(int64[::1], int64[::1])", nogil=True, cache=True)
def _folded(order: NDArray[np.int64], edges: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(rows, equal ones side by side; where each node starts among them), of rows in a stable order by content.

    Equal rows lie between two edges of the order.
    """
    first, node = np.empty(order.shape[0], np.int64), np.empty(order.shape[0], np.int64)
    for block in range(edges.shape[0] - 1):
        for place in range(edges[block], edges[block + 1]):
            first[order[place]] = order[edges[block]]
    starts = np.zeros(edges.shape[0], np.int64)
    nodes = 0
    for row in range(order.shape[0]):
        if first[row] == row:
            node[row] = nodes
            nodes += 1
        else:
            node[row] = node[first[row]]
        starts[node[row] + 1] += 1
    for number in range(1, starts.shape[0]):
        starts[number] += starts[number - 1]
    rows, free = np.empty(order.shape[0], np.int64), starts.copy()
    for row in range(order.shape[0]):
        rows[free[node[row]]] = row
        free[node[row]] += 1
    return rows, starts
