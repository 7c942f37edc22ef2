"""Records in an order that their contents alone decide; equal records as one node with a count."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.matching.hash_order import hash_order
from recon378_engine.matching.outcome import Positions

SEED = 378


@dataclass(frozen=True, slots=True)
class Nodes:
    """Distinct records of one side. Node n stands for positions[starts[n]:starts[n + 1]], whose contents in `frame` are equal."""

    frame: pl.DataFrame
    positions: Positions
    starts: NDArray[np.int64]

    @property
    def height(self) -> int:
        return int(self.starts.shape[0]) - 1

    @property
    def copies(self) -> NDArray[np.int64]:
        return np.diff(self.starts)


def distinct_records(frame: pl.DataFrame, positions: Positions) -> Nodes:
    """Sort the rows at `positions` by a hash of their contents and fold equal ones; `frame` has its columns in a fixed order."""
    chosen = frame if positions.shape[0] == frame.height else frame[positions]
    if frame.width == 0 or chosen.height == 0:
        return Nodes(chosen, positions, np.zeros(1, np.int64))
    hashes = chosen.hash_rows(seed=SEED).to_numpy()
    order = hash_order(hashes)
    ordered = hashes[order]
    firsts = np.flatnonzero(np.concatenate([np.ones(1, np.bool_), ordered[1:] != ordered[:-1]]))
    return Nodes(chosen[order[firsts]], positions[order], np.append(firsts, ordered.shape[0]).astype(np.int64))
