"""Precision, recall, F1 and calibration of a matches.csv against a truth."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

PAIR = ["left_row", "right_row"]
CONFIDENCE_FLOOR = 0.01


@dataclass(frozen=True, slots=True)
class Score:
    """Over pairs with confidence ≥ .5; the oracle is the threshold that makes F1 best, chosen with the truth in hand.

    `calibration_error` is the expected calibration error in ten equal-width bins over the pairs with confidence ≥ .01.
    """

    precision: float
    recall: float
    f1: float
    oracle_f1: float
    oracle_threshold: float
    calibration_error: float
    recall_by_kind: dict[str, float]


def score(truth_file: Path, matches_file: Path, confidence_min: float = 0.5) -> Score:
    """Score MATCHES_FILE (left_row, right_row, confidence) against TRUTH_FILE (left_row, right_row; kind, person or target).

    Where the truth has a person, that person is found when one pair of theirs is, since records stand in a file twice. Where it
    has a target, one pair of each target is right and any further one is wrong.
    """
    truth = read_truth(truth_file)
    judged = judge(truth, matches_file)
    given = judged.filter(pl.col("confidence") >= confidence_min)
    curve = thresholds(judged, targets(truth))
    best = curve.sort("f1", "confidence", descending=True).row(0, named=True) if curve.height else {"f1": 0.0, "confidence": 0.0}
    precision, recall, f1 = quality(given.height, float(given["hit"].sum()), float(given["fresh"].sum()), targets(truth))
    return Score(precision, recall, f1, best["f1"], best["confidence"], calibration_error(judged), by_kind(truth, given))


def confirmed_precision(truth_file: Path, matches_file: Path) -> float:
    """The share of the pairs with status confirmed that are true; 1 without any."""
    confirmed = judge(read_truth(truth_file), matches_file).filter(pl.col("status") == "confirmed")
    return float(confirmed["hit"].sum()) / confirmed.height if confirmed.height else 1.0


def read_truth(truth_file: Path) -> pl.DataFrame:
    return pl.read_csv(truth_file).with_columns(pl.col(PAIR).cast(pl.Int64))


def judge(truth: pl.DataFrame, matches_file: Path) -> pl.DataFrame:
    """The pairs found, most confident first: confidence, hit, and fresh where a hit is the first of its target."""
    named = next((name for name in ("person", "target") if name in truth.columns), None)
    known = truth.select(*PAIR, hit=pl.lit(1.0), target=named or pl.concat_str(PAIR, separator="-"))
    pairs = pl.read_csv(matches_file, infer_schema_length=None)
    found = (
        pairs.select(
            pl.col(PAIR).cast(pl.Int64),
            pl.col("confidence").cast(pl.Float64),
            pl.col("status") if "status" in pairs.columns else pl.lit(None, pl.String).alias("status"),
        )
        .filter(pl.col("confidence") >= CONFIDENCE_FLOOR)
        .unique(subset=PAIR)
        .sort("confidence", *PAIR, descending=[True, False, False])
    )
    judged = found.join(known, on=PAIR, how="left", maintain_order="left").with_columns(pl.col("hit").fill_null(0.0))
    judged = judged.with_columns(fresh=pl.col("hit") * pl.col("target").is_first_distinct().cast(pl.Float64))
    return judged.with_columns(hit="fresh") if named == "target" else judged


def targets(truth: pl.DataFrame) -> int:
    return next((truth[name].n_unique() for name in ("person", "target") if name in truth.columns), truth.height)


def thresholds(judged: pl.DataFrame, wanted: int) -> pl.DataFrame:
    """confidence, f1: what each threshold would have given."""
    sums = judged.with_columns(
        given=pl.int_range(1, pl.len() + 1), correct=pl.col("hit").cum_sum(), found=pl.col("fresh").cum_sum()
    )
    ends = sums.group_by("confidence", maintain_order=True).last()
    precision, recall = pl.col("correct") / pl.col("given"), pl.col("found") / max(1, wanted)
    return ends.select("confidence", f1=2 * precision * recall / (precision + recall).clip(1e-12))


def quality(given: int, correct: float, found: float, wanted: int) -> tuple[float, float, float]:
    precision, recall = correct / max(1, given), found / max(1, wanted)
    return precision, recall, 2 * precision * recall / max(1e-12, precision + recall)


def calibration_error(judged: pl.DataFrame) -> float:
    if judged.is_empty():
        return 0.0
    bins = judged.group_by((pl.col("confidence") * 10).floor().clip(0, 9).alias("bin")).agg(
        gap=(pl.col("confidence").mean() - pl.col("hit").mean()).abs(), share=pl.len() / judged.height
    )
    return float((bins["gap"] * bins["share"]).sum())


def by_kind(truth: pl.DataFrame, given: pl.DataFrame) -> dict[str, float]:
    if "kind" not in truth.columns:
        return {}
    hits = truth.join(given.filter(pl.col("hit") > 0).select(*PAIR, got=pl.lit(1.0)), on=PAIR, how="left")
    wanted = hits.group_by("kind", *({"target"} & set(truth.columns) or PAIR)).agg(pl.col("got").fill_null(0.0).max())
    rows = wanted.group_by("kind").agg(pl.col("got").mean()).sort("kind").iter_rows()
    return {str(kind): round(float(share), 4) for kind, share in rows}
