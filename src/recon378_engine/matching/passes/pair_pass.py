"""Passes that join one record to one: exact, tolerance and fuzzy."""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.matching.books import references, settlement, texts
from recon378_engine.matching.books.rates import RateTable
from recon378_engine.matching.books.sides import Sides
from recon378_engine.matching.outcome import OUTCOME_ITEMS, OUTCOME_MATCHES, OUTCOME_RIVALS, PassOutcome, Pool
from recon378_engine.matching.passes.choose import Choice, choose, content_classes
from recon378_engine.matching.passes.guard import CONTRADICTED
from recon378_engine.matching.passes.joins import join
from recon378_engine.matching.passes.prevalence import settled_bits
from recon378_engine.matching.passes.rivalry import with_rivals
from recon378_engine.matching.rulesets.conditions import Ambiguity, Decide, Pass, ResidualPolicy, Trust
from recon378_engine.matching.rulesets.ruleset import Ruleset
from recon378_engine.result import MatchStatus, Side

RULE_CONFIDENCE = 0.95  # of a unique pair that meets a rule which a person vouches for
Array = NDArray[Any]


def run_pairs(sides: Sides, step: Pass, pool: Pool, ruleset: Ruleset, rates: RateTable) -> PassOutcome:
    """Match the records of the pool one to one under the pass's conditions."""
    left, right = join(sides, step, pool, rates)
    bits = settlement.weigh(sides.book, sides.references, sides.texts, sides.weights, left, right)
    still_open = len(pool.left) / sides.left.height
    total = settled_bits(bits, sides.weights, left, right, (len(pool.left), len(pool.right)), still_open)
    choice = choose(left, right, total, content_classes(sides.left_hashes), content_classes(sides.right_hashes))
    return decide(step, ruleset, choice, bits, candidates=(left, right, total))


def decide(
    step: Pass, ruleset: Ruleset, choice: Choice, bits: settlement.Bits, candidates: tuple[Array, Array, Array]
) -> PassOutcome:
    """Confirm, suggest or leave each chosen pair by the policies of the pass; `bits` are those of the candidates."""
    reference, similarity, amount = (
        part[choice.pair] for part in (bits.reference_level, bits.text_similarity, bits.amount_level)
    )
    conflict = reference == references.CONFLICT
    strangers = (texts.levels(similarity) == 0) & (reference <= references.SILENT)
    confidence = choice.confidence
    if step.trust is Trust.RULE:
        vouched = choice.unique & ~conflict & ~strangers
        confidence = np.where(vouched, np.maximum(confidence, RULE_CONFIDENCE), confidence)
    enough = confidence >= ruleset.confirm_confidence
    differs = (amount != settlement.EQUAL) & (amount != settlement.MISSING)
    confirmed = enough & choice.unique & ~conflict & ~strangers
    confirmed &= step.outcome is Decide.CONFIRM and step.ambiguity is not Ambiguity.SUGGEST_ALL
    if step.residual is ResidualPolicy.SUGGEST:
        confirmed &= ~differs
    reason = np.select(
        [confirmed, conflict, ~choice.unique, strangers, ~enough],
        ["", CONTRADICTED, "Another record fits nearly as well.", "The names have nothing in common.",
         "The evidence is too weak to confirm."],
        default="The pass only suggests.",
    )  # fmt: skip
    kept = (
        confirmed if step.ambiguity is Ambiguity.SKIP else (confidence >= ruleset.suggest_confidence) | (step.trust is Trust.RULE)
    )
    if step.trust is Trust.RULE:
        kept &= ~(conflict | strangers) | (confidence >= ruleset.suggest_confidence)
    return outcome_of_pairs(
        choice.left[kept], choice.right[kept], confidence[kept], confirmed[kept], reason[kept],
        ~choice.unique[kept] | choice.copies[kept],
        (choice.rival_left[kept], choice.rival_right[kept], choice.rival_confidence[kept]), candidates,
    )  # fmt: skip


def outcome_of_pairs(
    left: Array, right: Array, confidence: Array, confirmed: Array, reason: Array, ambiguous: Array,
    rivals: tuple[Array, Array, Array], candidates: tuple[Array, Array, Array],
) -> PassOutcome:  # fmt: skip
    """Frames of one-to-one matches; `candidates` are all pairs that were weighed, with their bits."""
    known = rivals[0] >= 0
    matches = pl.DataFrame(
        {
            "match": np.arange(len(left), dtype=np.uint32),
            "status": np.where(confirmed, MatchStatus.CONFIRMED.value, MatchStatus.SUGGESTED.value),
            "confidence": confidence.astype(np.float64),
            "runner_up_confidence": pl.Series(np.where(known, rivals[2], np.nan), nan_to_null=True),
            "runner_up_left": pl.Series(rivals[0], dtype=pl.Int64),
            "runner_up_right": pl.Series(rivals[1], dtype=pl.Int64),
            "solutions": np.ones(len(left), dtype=np.uint32),
            "ambiguous": ambiguous.astype(np.bool_),
            "reason": reason.astype(object),
        },
        schema_overrides={"reason": pl.String, "status": pl.String},
    ).with_columns(
        pl.when(pl.col("runner_up_left") >= 0).then(pl.col("runner_up_left", "runner_up_right")),
        pl.when(pl.col("reason") != "").then("reason"),
    )
    numbers = np.arange(len(left), dtype=np.uint32)
    items = pl.concat(
        [
            pl.DataFrame({"match": numbers, "position": left.astype(np.uint32)}).select(
                "match", side=pl.lit(Side.LEFT.value), position="position"
            ),
            pl.DataFrame({"match": numbers, "position": right.astype(np.uint32)}).select(
                "match", side=pl.lit(Side.RIGHT.value), position="position"
            ),
        ]
    )
    return PassOutcome(matches.cast(OUTCOME_MATCHES), items.cast(OUTCOME_ITEMS), rivals_of(*candidates))  # type: ignore[arg-type]


def rivals_of(left: Array, right: Array, bits: Array) -> pl.DataFrame:
    """The best candidate of every record among weighed pairs, with its probability."""
    frame = pl.DataFrame({"left": left, "right": right, "confidence": with_rivals(left, right, bits)})
    best = [
        frame.sort("confidence", other, descending=[True, False]).unique(side, keep="first", maintain_order=True).select(
            side=pl.lit(side), position=pl.col(side), rival=pl.col(other), confidence="confidence"
        )
        for side, other in (("left", "right"), ("right", "left"))
    ]  # fmt: skip
    return pl.concat(best).cast(OUTCOME_RIVALS)  # type: ignore[arg-type]
