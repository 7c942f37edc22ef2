"""Which pairs to show a person first, so that few answers teach most."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.result import Result, Side

SEED = 378
LEAST_WORTH = 0.03  # of a sure pair: one in a thousand is looked at too, so that the top of the scale is calibrated as well


def labelling_order(result: Result, *, labelled: pl.DataFrame | None = None) -> pl.DataFrame:
    """The pairs of a result in the order in which labels for them are worth most, as left_row and right_row (UInt32).

    Every match of one record with one, and its runner-up, takes part once; `labelled` (left_row, right_row) stays out. What is
    returned says nothing of the score, nor does the order give it away: pairs are drawn at random, an unsure one more often, in
    proportion to the standard deviation √(p(1 − p)) of the answer (Neyman 1934), without replacement (Efraimidis and Spirakis
    2006). As the draw looks at the confidence only, the answers may also serve to calibrate it. Deterministic.
    """
    pairs = _pairs(result)
    if labelled is not None:
        known = labelled.select(pl.col("left_row", "right_row").cast(pl.UInt32)).unique()
        pairs = pairs.join(known, on=["left_row", "right_row"], how="anti")
    pairs = pairs.sort("left_row", "right_row")
    return pairs.select("left_row", "right_row")[drawn_order(pairs["confidence"].to_numpy())]


def drawn_order(confidence: NDArray[np.float64]) -> NDArray[np.int64]:
    """The places of these confidences in the order in which `labelling_order` would ask for them."""
    worth = np.maximum(LEAST_WORTH, np.sqrt(np.clip(confidence * (1.0 - confidence), 0.0, None)))
    drawn = np.random.default_rng(SEED).exponential(size=confidence.shape[0]) / worth
    order: NDArray[np.int64] = np.argsort(drawn, kind="stable")
    return order


def _pairs(result: Result) -> pl.DataFrame:
    """left_row, right_row and confidence of matches and of their runners-up, each pair once."""
    single = result.matches.filter((pl.col("left_count") == 1) & (pl.col("right_count") == 1))
    rows = [result.items.filter(pl.col("side") == side).select("match_id", pl.col("row").alias(f"{side}_row")) for side in Side]
    matched = single.join(rows[0], on="match_id").join(rows[1], on="match_id")
    rivals = single.filter(pl.col("runner_up_confidence").is_not_null()).select(
        left_row="runner_up_left_row", right_row="runner_up_right_row", confidence="runner_up_confidence"
    )
    every = pl.concat([matched.select("left_row", "right_row", "confidence"), rivals])
    return every.unique(["left_row", "right_row"], keep="first", maintain_order=True)
