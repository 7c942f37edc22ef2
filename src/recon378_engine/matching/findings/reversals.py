"""Reversals: two records of one side that cancel each other."""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.matching.books.entries import Entries

DAYS_MAX = 31  # a reversal is booked within the month
COPIES_MAX = 50  # records with one amount and party before pairing them says nothing

Array = NDArray[Any]


def reversals(entries: Entries, party: Array, is_open: Array) -> pl.DataFrame:
    """position, partner: open records paired one to one with the nearest later or earlier open record of opposite amount,
    same currency and party.
    """
    positions = np.flatnonzero(is_open & entries.has_amount & (entries.amount != 0)).astype(np.uint32)
    frame = pl.DataFrame(
        {
            "position": positions,
            "size": np.abs(entries.amount[positions]),
            "positive": entries.amount[positions] > 0,
            "currency": entries.currency[positions],
            "party": party[positions],
            "day": entries.date[positions],
        }
    )
    keys = ["size", "currency", "party"]
    frame = frame.filter(pl.len().over(keys) <= COPIES_MAX)
    pairs = frame.filter("positive").join(frame.filter(~pl.col("positive")), on=keys, suffix="_other")
    apart = (pl.col("day").cast(pl.Int64) - pl.col("day_other").cast(pl.Int64)).abs()
    pairs = pairs.with_columns(apart=apart).filter(pl.col("apart") <= DAYS_MAX).sort("apart", "position", "position_other")
    taken: set[int] = set()
    found = []
    for one, other in pairs.select("position", "position_other").iter_rows():
        if one not in taken and other not in taken:
            taken |= {one, other}
            found += [(one, other), (other, one)]
    return pl.DataFrame(found, schema={"position": pl.UInt32, "partner": pl.UInt32}, orient="row")
