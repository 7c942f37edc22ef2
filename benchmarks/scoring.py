"""Precision, recall, F1 and calibration of a matches.csv against a truth."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl


@dataclass(frozen=True, slots=True)
class Score:
    """Over pairs with confidence ≥ the floor; `calibration_error` is the expected calibration error in ten equal-width bins."""

    precision: float
    recall: float
    f1: float
    calibration_error: float
    recall_by_kind: dict[str, float]


def score(truth_file: Path, matches_file: Path, confidence_min: float = 0.5) -> Score:
    """Score MATCHES_FILE (left_row, right_row, confidence) against TRUTH_FILE (left_row, right_row and perhaps kind)."""
    truth = pl.read_csv(truth_file).with_columns(pl.col("left_row", "right_row").cast(pl.Int64))
    found = (
        pl.read_csv(matches_file, infer_schema_length=None)
        .select(pl.col("left_row", "right_row").cast(pl.Int64), pl.col("confidence").cast(pl.Float64))
        .filter(pl.col("confidence") >= confidence_min)
        .unique(subset=["left_row", "right_row"])
    )
    judged = found.join(
        truth.select("left_row", "right_row", hit=pl.lit(1.0)), on=["left_row", "right_row"], how="left"
    ).with_columns(pl.col("hit").fill_null(0.0))
    correct = float(judged["hit"].sum())
    precision, recall = correct / max(1, judged.height), correct / max(1, truth.height)
    return Score(
        precision,
        recall,
        2 * precision * recall / max(1e-12, precision + recall),
        calibration_error(judged),
        by_kind(truth, judged),
    )


def calibration_error(judged: pl.DataFrame) -> float:
    if judged.is_empty():
        return 0.0
    bins = judged.group_by((pl.col("confidence") * 10).floor().clip(0, 9).alias("bin")).agg(
        gap=(pl.col("confidence").mean() - pl.col("hit").mean()).abs(), share=pl.len() / judged.height
    )
    return float((bins["gap"] * bins["share"]).sum())


def by_kind(truth: pl.DataFrame, judged: pl.DataFrame) -> dict[str, float]:
    if "kind" not in truth.columns:
        return {}
    hits = truth.join(
        judged.filter(pl.col("hit") > 0).select("left_row", "right_row", got=pl.lit(1.0)),
        on=["left_row", "right_row"],
        how="left",
    )
    rows = hits.group_by("kind").agg(pl.col("got").fill_null(0.0).mean()).sort("kind").iter_rows()
    return {str(kind): round(float(share), 4) for kind, share in rows}
