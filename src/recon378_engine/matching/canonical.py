"""Canonical order: both tables sorted by the contents of their records, so that no result depends on the order of rows."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from recon378_engine.errors import BadInput
from recon378_engine.matching.fingerprint import Hashes, record_hashes
from recon378_engine.matching.hash_order import hash_order
from recon378_engine.matching.outcome import Positions
from recon378_engine.table import Table


@dataclass(frozen=True, slots=True)
class Ordered:
    """A table sorted by content hash (ascending; equal records keep their order)."""

    table: Table
    hashes: Hashes

    @property
    def rows(self) -> pl.Series:
        return self.table.rows

    def positions_of(self, rows: pl.Series, what: str) -> Positions:
        """Positions of file rows; BadInput names the first row that the table does not have."""
        lookup = pl.DataFrame({"row": self.rows, "position": np.arange(self.table.height, dtype=np.uint32)})
        found = rows.cast(pl.UInt32, strict=False).to_frame("row").join(lookup, on="row", how="left", maintain_order="left")
        lost = found.filter(pl.col("position").is_null())
        if lost.height:
            raise BadInput(
                f"The {what} name row {lost['row'][0]} of {self.table.source or 'a table'}, which has no such data row."
            )
        return found["position"].to_numpy()


def in_canonical_order(table: Table) -> Ordered:
    """Sort a table by the contents of its records."""
    hashes = record_hashes(table)
    order = hash_order(hashes)
    frame = table.frame[order]
    return Ordered(replace(table, frame=frame, rows=table.rows.gather(order)), hashes[order])
