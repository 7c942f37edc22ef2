"""What no pass may confirm (SPEC section 3): pairs whose references contradict each other, or that have nothing but an amount
and a date in common which other records have as well.
"""

from dataclasses import replace

import numpy as np
import polars as pl

from recon378_engine.matching.books import references, settlement, texts
from recon378_engine.matching.books.sides import Sides
from recon378_engine.matching.outcome import PassOutcome
from recon378_engine.result import MatchStatus, Side

CONTRADICTED = "The references contradict each other."
COMMON = "Amount and date are all they have in common, and other records have them too."


def guarded(sides: Sides, outcome: PassOutcome) -> PassOutcome:
    """The outcome of a one-to-one pass that knows nothing of references and amounts, with what they forbid suggested only."""
    if not sides.book.has_amounts or outcome.matches.is_empty():
        return outcome
    pairs = [outcome.items.filter(pl.col("side") == side).sort("match") for side in Side]
    left, right = (side["position"].to_numpy() for side in pairs)
    bits = settlement.weigh(sides.book, sides.references, sides.texts, sides.weights, left, right)
    contradicted = bits.reference_level == references.CONFLICT
    nameless = (texts.levels(bits.text_similarity) == 0) | (bits.text_similarity < 0)
    equal = bits.amount_level == settlement.EQUAL
    common = equal & nameless & (bits.reference_level <= references.SILENT) & (bits.total < 0)
    doubt = pl.Series(np.select([contradicted, common], [CONTRADICTED, COMMON], default=""), dtype=pl.String)
    doubts = pairs[0].select("match", doubt=doubt)
    confirmed = (pl.col("status") == MatchStatus.CONFIRMED) & (pl.col("doubt") != "")
    told = outcome.matches.join(doubts, on="match", how="left", maintain_order="left").with_columns(
        status=pl.when(confirmed).then(pl.lit(str(MatchStatus.SUGGESTED))).otherwise("status"),
        reason=pl.when(confirmed).then("doubt").otherwise("reason"),
    )
    return replace(outcome, matches=told.drop("doubt"))
