"""What a reconciliation gives back. Frames are polars, rows are the data rows of the files (see `Table.rows`)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import polars as pl

from recon378_engine.notebook import html_of


class Side(StrEnum):
    """Which of the two tables; `left` and `right` everywhere."""

    LEFT = "left"
    RIGHT = "right"


class MatchStatus(StrEnum):
    """`confirmed` counts as settled; `suggested` waits for somebody's decision."""

    CONFIRMED = "confirmed"
    SUGGESTED = "suggested"


class ExceptionType(StrEnum):
    """What is wrong with an open record; `missing_right` is a left record without a partner, and so on."""

    MISSING_LEFT = "missing_left"
    MISSING_RIGHT = "missing_right"
    AMOUNT_DIFFERENCE = "amount_difference"
    TIMING = "timing"
    REFERENCE = "reference"
    CURRENCY = "currency"
    SIGN = "sign"
    DUPLICATE = "duplicate"
    SPLIT_INCOMPLETE = "split_incomplete"
    FEE = "fee"
    FX = "fx"
    MANY_CANDIDATES = "many_candidates"
    BELOW_THRESHOLD = "below_threshold"
    EXPECTED = "expected"
    INVALID_ROW = "invalid_row"
    STATEMENT_GAP = "statement_gap"


MATCHES_SCHEMA = {
    "match_id": pl.UInt32,  # 0-based, dense, ordered by (smallest left row, smallest right row)
    "pass_name": pl.String,  # the ruleset pass that made it
    "method": pl.String,  # exact | tolerance | fuzzy | ml | group_key | group_sum
    "status": pl.String,  # MatchStatus
    "confidence": pl.Float64,  # probability in 0..1
    "runner_up_confidence": pl.Float64,  # of the best rival of any member; null without one
    "runner_up_left_row": pl.UInt32,  # that rival pair; null without one
    "runner_up_right_row": pl.UInt32,
    "left_count": pl.UInt32,
    "right_count": pl.UInt32,
    "residual_minor": pl.Int64,  # left sum − right sum after sign policy, in minor units of `currency`; null without amounts
    "residual_reason": pl.String,  # fee | rounding | fx | tolerance; null where the residual is 0 or null
    "currency": pl.String,  # ISO 4217, or null
    "solutions": pl.UInt32,  # number of equal solutions counted for a group by sum, else 1
    "ambiguous": pl.Boolean,
    "reason": pl.String,  # one short sentence why it is only suggested; null when confirmed
}

ITEMS_SCHEMA = {"match_id": pl.UInt32, "side": pl.String, "row": pl.UInt32}

EXCEPTIONS_SCHEMA = {
    "side": pl.String,
    "row": pl.UInt32,
    "type": pl.String,  # ExceptionType
    "reason": pl.String,  # one sentence
    "best_rival_row": pl.UInt32,  # row of the other side, or null
    "best_confidence": pl.Float64,  # null without a rival
}


CLUSTERS_SCHEMA = {
    "cluster_id": pl.UInt32,  # 0-based, dense, ordered by the smallest row
    "row": pl.UInt32,
    "confidence": pl.Float64,  # probability of the record's surest link in its cluster; of a record alone, that it has no other
}


@dataclass(frozen=True, slots=True)
class Clusters:
    """The records of one table that mean the same.

    `clusters` has cluster_id, row, confidence for every record, ordered by both; `golden` has cluster_id, records and the
    table's columns, one line a cluster; `survivorship` has cluster_id, field, rule: by which rule each field of a cluster of
    several records survived.
    """

    clusters: pl.DataFrame
    golden: pl.DataFrame
    survivorship: pl.DataFrame
    diagnostics: dict[str, Any]
    timings_seconds: dict[str, float]
    result_hash: str


@dataclass(frozen=True, slots=True)
class SideBalance:
    """Conservation of one side in one currency: rows and sums (exact) by what became of them.

    Keys of `rows` and `sums`: input, matched, suggested, open, excluded, rejected; `sums` is empty without amounts.
    input = matched + suggested + open + excluded + rejected for rows and, rejected apart, for sums.
    """

    side: Side
    currency: str | None
    rows: dict[str, int]
    sums: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Conservation:
    """The proof that nothing was lost: one balance for each side and currency, and whether all of them add up."""

    balances: tuple[SideBalance, ...]
    holds: bool

    def _repr_html_(self) -> str:
        return html_of(self)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One bar of the waterfall.

    `weight_bits` is log2(m/u), how much likelier this outcome is between records of a match than between others, adjusted for how
    common the value is (Winkler 2000); above 0 it speaks for the match. `similarity` is in 0..1, None where nothing is similar to
    a degree. Values are as stored; None where a side has none.
    """

    field: str
    outcome: str  # equal | similar | different | missing | … in words the reviewer reads
    weight_bits: float
    left_value: str | None
    right_value: str | None
    similarity: float | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two records are, or are not, a match; a waterfall of bits in a notebook.

    `prior_bits` is the log2 of the odds before any evidence, to which each evidence adds its `weight_bits` (Fellegi and Sunter
    1969). `confidence` is the probability in 0..1, which also knows the rivals of both records; None where the pair was never
    scored. `failed_step`, `reason` and `smallest_change` say what kept the two apart, and are None for a match.
    """

    matched: bool
    confidence: float | None
    prior_bits: float
    evidence: tuple[Evidence, ...]
    failed_step: str | None = None  # filter | block | condition | lost_to_rival | decision | below_threshold
    reason: str | None = None
    smallest_change: str | None = None

    def _repr_html_(self) -> str:
        return html_of(self)


@dataclass(frozen=True, slots=True, repr=False)
class Result:
    """A finished reconciliation; it shows itself in a notebook.

    `matches` has one row a match (columns of MATCHES_SCHEMA), `items` one row for each record in a match (ITEMS_SCHEMA: match_id,
    side, row), `exceptions` one row for each open record (EXCEPTIONS_SCHEMA). Rows are file rows (`Table.rows`), confidences are
    probabilities in 0..1, residuals are in minor units of their currency. `joined` puts the values of both sides beside them.

    `ruleset` is what was used (the proposed one with zero configuration) as plain data; `model` is everything that
    `explain` needs again, as plain data; `diagnostics` holds counts per stage, per pass, candidate recall estimate and
    calibration; `timings_seconds` is per stage. `result_hash` is equal for equal records, rules and version, in whatever order
    the rows and columns stood.
    """

    matches: pl.DataFrame
    items: pl.DataFrame
    exceptions: pl.DataFrame
    conservation: Conservation
    ruleset: dict[str, Any]
    model: dict[str, Any]
    diagnostics: dict[str, Any]
    timings_seconds: dict[str, float]
    result_hash: str

    def __repr__(self) -> str:
        confirmed = int((self.matches["status"] == MatchStatus.CONFIRMED).sum())
        proof = "holds" if self.conservation.holds else "is broken"
        return (
            f"<Result: {confirmed:,} confirmed, {self.matches.height - confirmed:,} suggested, "
            f"{self.exceptions.height:,} exceptions; conservation {proof}; {self.result_hash[:12]}>"
        )

    def _repr_html_(self) -> str:
        return html_of(self)
