"""What people decided before: accepted pairs stay confirmed, rejected pairs never come back."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from recon378_engine.errors import BadInput
from recon378_engine.matching.canonical import Ordered
from recon378_engine.matching.outcome import OUTCOME_ITEMS, OUTCOME_MATCHES, OUTCOME_RIVALS, PassOutcome, Pool
from recon378_engine.result import MatchStatus, Side

NO_PAIRS = pl.DataFrame(schema={"left": pl.UInt32, "right": pl.UInt32})


@dataclass(frozen=True, slots=True)
class Decided:
    """`accepted` and `rejected` pairs as positions (left, right)."""

    accepted: pl.DataFrame
    rejected: pl.DataFrame


def read_decisions(decisions: pl.DataFrame | None, left: Ordered, right: Ordered) -> Decided:
    """Read left_row, right_row, decision (accepted | rejected); BadInput names what does not fit."""
    if decisions is None or decisions.is_empty():
        return Decided(NO_PAIRS, NO_PAIRS)
    pairs = read_pairs(decisions, "decision", "decisions", left, right)
    words = set(pairs["decision"].to_list())
    if not words <= {"accepted", "rejected"}:
        raise BadInput(f"A decision is 'accepted' or 'rejected', not '{min(map(str, words - {'accepted', 'rejected'}))}'.")
    accepted, rejected = (
        pairs.filter(pl.col("decision") == word).select("left", "right").unique(maintain_order=True)
        for word in ("accepted", "rejected")
    )
    if accepted.join(rejected, on=["left", "right"]).height:
        raise BadInput("The decisions accept and reject the same pair; keep the later one only.")
    return Decided(accepted, rejected)


def read_labels(labels: pl.DataFrame | None, left: Ordered, right: Ordered) -> pl.DataFrame | None:
    """Read left_row, right_row, is_match: each pair once, as positions left, right. BadInput where two labels contradict."""
    if labels is None:
        return None
    pairs = read_pairs(labels, "is_match", "labels", left, right).with_columns(pl.col("is_match").cast(pl.Boolean))
    if pairs["is_match"].null_count():
        raise BadInput("A label has no is_match: say whether its pair is a match, or leave the row out.")
    pairs = pairs.unique(maintain_order=True)
    twice = pairs.filter(pl.struct("left", "right").is_duplicated())
    if twice.height:
        one, other = left.rows[int(twice["left"][0])], right.rows[int(twice["right"][0])]
        raise BadInput(f"The labels call left row {one} and right row {other} both a match and none; keep one of the two.")
    return pairs


def read_pairs(frame: pl.DataFrame, value: str, what: str, left: Ordered, right: Ordered) -> pl.DataFrame:
    """left, right (positions) and the value column of a table with left_row and right_row."""
    missing = [name for name in ("left_row", "right_row", value) if name not in frame.columns]
    if missing:
        raise BadInput(f"The {what} need the columns left_row, right_row and {value}; '{missing[0]}' is missing.")
    return pl.DataFrame(
        {
            "left": left.positions_of(frame["left_row"], what),
            "right": right.positions_of(frame["right_row"], what),
            value: frame[value],
        }
    )


def accepted_matches(decided: Decided) -> PassOutcome:
    """Confirmed matches of the accepted pairs; pairs that share a record are one group."""
    pairs = decided.accepted
    if pairs.is_empty():
        return PassOutcome(
            pl.DataFrame(schema=OUTCOME_MATCHES), pl.DataFrame(schema=OUTCOME_ITEMS), pl.DataFrame(schema=OUTCOME_RIVALS)
        )
    left, left_index = np.unique(pairs["left"].to_numpy(), return_inverse=True)
    right, right_index = np.unique(pairs["right"].to_numpy(), return_inverse=True)
    size = len(left) + len(right)
    graph = coo_array((np.ones(pairs.height), (left_index, right_index + len(left))), shape=(size, size))
    count, label = connected_components(graph, directed=False)
    matches = pl.DataFrame({"match": np.arange(count, dtype=np.uint32)}).with_columns(
        status=pl.lit(MatchStatus.CONFIRMED.value), confidence=pl.lit(1.0), solutions=pl.lit(1), ambiguous=pl.lit(value=False),
        runner_up_confidence=None, runner_up_left=None, runner_up_right=None, reason=None,
    )  # fmt: skip
    items = pl.concat(
        [
            pl.DataFrame({"match": label[: len(left)], "side": [Side.LEFT.value] * len(left), "position": left}),
            pl.DataFrame({"match": label[len(left) :], "side": [Side.RIGHT.value] * len(right), "position": right}),
        ]
    )
    matches = matches.select(*OUTCOME_MATCHES).cast(OUTCOME_MATCHES)  # type: ignore[arg-type]
    return PassOutcome(matches, items.cast(OUTCOME_ITEMS), pl.DataFrame(schema=OUTCOME_RIVALS))  # type: ignore[arg-type]


def without_rejected(outcome: PassOutcome, rejected: pl.DataFrame) -> PassOutcome:
    """The outcome without the matches, groups above all, in which a rejected pair stands."""
    if rejected.is_empty():
        return outcome
    sides = [outcome.items.filter(pl.col("side") == side).select("match", pl.col("position").alias(side)) for side in Side]
    pairs = sides[0].join(sides[1], on="match").join(rejected, on=["left", "right"], how="semi")
    bad = pairs.select("match").unique()
    return replace(
        outcome, matches=outcome.matches.join(bad, on="match", how="anti"), items=outcome.items.join(bad, on="match", how="anti")
    )


def with_labelled(pool: Pool, decided: Decided, labels: pl.DataFrame | None) -> Pool:
    """The pool with the records of labelled pairs that were accepted, and without a word of the labelled ones that were
    rejected: what is settled by a decision can still be learned from. `without_settled` takes them out again.
    """
    if labels is None:
        return pool
    accepted = decided.accepted.join(labels, on=["left", "right"], how="semi")
    return Pool(
        np.union1d(pool.left, accepted["left"].to_numpy()),
        np.union1d(pool.right, accepted["right"].to_numpy()),
        pool.rejected.join(labels, on=["left", "right"], how="anti"),
    )


def without_settled(outcome: PassOutcome, first: PassOutcome) -> PassOutcome:
    """The outcome without the matches and rivals of records that the accepted matches `first` hold."""
    if first.items.is_empty():
        return outcome
    settled = first.items.select("side", "position")
    touched = outcome.items.join(settled, on=["side", "position"], how="semi").select("match").unique()
    return replace(
        outcome,
        matches=outcome.matches.join(touched, on="match", how="anti", maintain_order="left"),
        items=outcome.items.join(touched, on="match", how="anti", maintain_order="left"),
        rivals=outcome.rivals.join(settled, on=["side", "position"], how="anti", maintain_order="left"),
    )
