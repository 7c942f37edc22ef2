"""Rulesets, jobs, matches, exceptions and decisions on the wire."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from recon378_engine.table import Role

Money = Annotated[str, Field(description="decimal string with the currency's decimals, sign in front", examples=["-1234.50"])]


class JobStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class MatchStatus(StrEnum):
    CONFIRMED = "confirmed"  # by the engine, or by a person (`decided_by` says who)
    SUGGESTED = "suggested"
    REJECTED = "rejected"  # by a person; its records are open again


class PairedFieldOut(BaseModel):
    name: str
    role: str
    left: list[str]
    right: list[str]


class PassOut(BaseModel):
    """One pass of a ruleset in words; `document` is the pass as in the YAML."""

    name: str
    kind: str
    sentence: str
    document: dict[str, Any]


class Proposal(BaseModel):
    """What would be done with two files, before it runs: with pairs found, or given by a person. No pairs, no passes."""

    fields: list[PairedFieldOut]
    passes: list[PassOut]
    yaml: str
    flip_right_sign: bool
    flip_share: float
    keep_share: float
    notes: list[str]


class PairedFieldIn(BaseModel):
    """Columns that a person says mean the same; several on a side are read as one."""

    name: Annotated[str, Field(min_length=1, max_length=400)]
    role: Role
    left: Annotated[list[str], Field(min_length=1, max_length=100)]
    right: Annotated[list[str], Field(min_length=1, max_length=100)]


class ProposalRequest(BaseModel):
    left_file_id: UUID
    right_file_id: UUID
    fields: Annotated[list[PairedFieldIn], Field(max_length=10_000)] | None = None


class RulesetOut(BaseModel):
    id: UUID
    name: str
    version: int
    version_id: UUID
    yaml: str
    fields: list[PairedFieldOut]
    passes: list[PassOut]
    created_by: str
    created_at: datetime


class RulesetSave(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=120)]
    yaml: Annotated[str, Field(max_length=200_000)]


class JobStart(BaseModel):
    """Without `ruleset_yaml` and `ruleset_version_id` the engine proposes and uses its own ruleset (zero configuration)."""

    name: Annotated[str, Field(max_length=120)] = ""
    left_file_id: UUID
    right_file_id: UUID
    ruleset_version_id: UUID | None = None
    ruleset_yaml: Annotated[str | None, Field(max_length=200_000)] = None
    priority: Annotated[int, Field(ge=0, le=9)] = 5


class PriorityChange(BaseModel):
    """Higher goes first."""

    priority: Annotated[int, Field(ge=0, le=9)]


class ProgressOut(BaseModel):
    """`sequence` rises by one with each message of a job, over restarts of the worker as well."""

    sequence: int
    stage: str
    fraction: float
    done: int
    total: int
    message: str


class JobOut(BaseModel):
    id: UUID
    project_id: UUID
    project_name: str
    name: str
    status: JobStatus
    left_file_id: UUID
    left_file_name: str
    right_file_id: UUID
    right_file_name: str
    position: int | None = Field(description="place in the lounge queue, 1 is next; null unless queued")
    eta_seconds: float | None
    progress: ProgressOut | None
    attempts: int
    error: str | None
    created_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    suggested: int = Field(description="suggestions that nobody has decided yet")
    confirmed: int
    exceptions: int
    result_hash: str | None


class MatchRow(BaseModel):
    """One line of the review list. Text fields are those of the first record of each side."""

    match_id: int
    status: MatchStatus
    confidence: float
    method: str
    pass_name: str
    left_count: int
    right_count: int
    left_label: str
    right_label: str
    reference: str | None
    amount: Money | None
    residual: Money | None
    residual_reason: str | None
    currency: str | None
    value_date: date | None
    ambiguous: bool
    reason: str | None
    decided_by: str | None
    decided_at: datetime | None
    version: int


class MatchSort(StrEnum):
    CONFIDENCE = "confidence"
    CONFIDENCE_DESCENDING = "-confidence"
    AMOUNT = "amount"
    AMOUNT_DESCENDING = "-amount"
    DATE = "date"
    DATE_DESCENDING = "-date"
    FILE_ORDER = "match_id"
    INFORMATIVE = "informative"  # as drawn for labelling: those from whose answer most is learned come early


class MatchPage(BaseModel):
    items: list[MatchRow]
    next_cursor: str | None
    total: int
    undecided: int = Field(description="suggestions under this filter without a decision")
    amounts: dict[str, Money] = Field(description="sum of the matches under this filter by currency")


class RecordOut(BaseModel):
    """One record as it stands in its file: values as text, keyed by column name."""

    side: Literal["left", "right"]
    row: int
    values: dict[str, str | None]


class EvidenceOut(BaseModel):
    field: str
    outcome: str
    weight_bits: float
    left_value: str | None
    right_value: str | None
    similarity: float | None


class FieldComparison(BaseModel):
    """A paired field of the first records, for the side-by-side view."""

    name: str
    role: str
    left: str | None
    right: str | None
    verdict: Literal["equal", "similar", "different", "missing"]


class RunnerUp(BaseModel):
    confidence: float
    left: RecordOut
    right: RecordOut


class DecisionOut(BaseModel):
    id: UUID
    match_id: int
    action: Literal["accept", "reject"]
    decided_by: str
    decided_at: datetime
    undone_at: datetime | None
    bulk_id: UUID | None = Field(description="the action that decided it together with others; null where it was looked at")


class MatchDetail(BaseModel):
    match: MatchRow
    left: list[RecordOut]
    right: list[RecordOut]
    fields: list[FieldComparison]
    prior_bits: float
    evidence: list[EvidenceOut]
    calibration: str
    runner_up: RunnerUp | None
    decisions: list[DecisionOut]


class CalibrationPoint(BaseModel):
    """Of `labels` pairs of about `confidence`, between `low` and `high` are matches, with 95 % certainty."""

    confidence: float
    low: float
    high: float
    labels: int


class CalibrationOut(BaseModel):
    """How far the confidence can be trusted. `labels` are decisions that the job learned from, `labels_next` those that a run
    now would have, `labels_min` what calibrating takes. Without a pass that `learns`, no decision calibrates.
    """

    state: Literal["calibrated", "uncalibrated"]
    learns: bool
    labels: int
    labels_min: int
    labels_next: int
    curve: list[CalibrationPoint]
    sentence: str


class BulkDecisionOut(BaseModel):
    """Suggestions that one action confirmed, all that were at least `threshold` sure."""

    id: UUID
    wrong_share: float
    threshold: float
    matches: int
    decided_by: str
    decided_at: datetime
    undone_by: str | None
    undone_at: datetime | None


class ErrorBudgetOut(BaseModel):
    """What may be confirmed without looking, if at most `wrong_share` of it may be wrong, with a certainty of 95 %.

    `reviewed` counts the suggestions that people decided in the order drawn, up to the first one that was left out, `wrong` the
    rejected ones among them; `waiting` are decided ones behind it, which count once it is decided. `needed` is how many reviewed
    ones it takes with so many wrong. `state` is too_few (review more), not_met (too many were wrong) or met; only then there is a
    `threshold`, the `matches` at or above it with their `amounts`, and `wrong_share_max`, the bound. `left` stay for review.
    """

    state: Literal["too_few", "not_met", "met"]
    wrong_share: float
    reviewed: int
    wrong: int
    waiting: int
    needed: int
    threshold: float | None
    wrong_share_max: float | None
    matches: int
    amounts: dict[str, Money]
    left: int
    confirmed: list[BulkDecisionOut] = Field(description="what was confirmed this way in this job, newest first")


class ConfirmMatches(BaseModel):
    """`matches` is how many the person saw that this confirms; another number answers 409."""

    wrong_share: Annotated[float, Field(gt=0, lt=1)]
    matches: Annotated[int, Field(gt=0)]


class BulkUndone(BaseModel):
    """`reopened` matches wait for a decision again; those that somebody decided by itself later stay as they are."""

    bulk: BulkDecisionOut
    reopened: int


class Decide(BaseModel):
    """`version` is the one of the match that the person saw; another one answers 409 with the winner's decision."""

    action: Literal["accept", "reject"]
    version: int


class DecisionMade(BaseModel):
    decision: DecisionOut
    match: MatchRow


class ExceptionSort(StrEnum):
    FILE_ORDER = "row"
    AMOUNT = "amount"
    AMOUNT_DESCENDING = "-amount"
    DATE = "date"
    DATE_DESCENDING = "-date"


class ExceptionRow(BaseModel):
    side: Literal["left", "right"]
    row: int
    type: str
    reason: str
    label: str
    reference: str | None
    amount: Money | None
    currency: str | None
    value_date: date | None
    best_rival_row: int | None
    best_confidence: float | None


class Facet(BaseModel):
    value: str
    count: int
    amounts: dict[str, Money]


class ExceptionPage(BaseModel):
    """`types` counts the exceptions of the side by type, whatever type is filtered."""

    items: list[ExceptionRow]
    next_cursor: str | None
    total: int
    types: list[Facet]


class ExplanationOut(BaseModel):
    left: RecordOut
    right: RecordOut
    fields: list[FieldComparison]
    matched: bool
    confidence: float | None
    prior_bits: float
    evidence: list[EvidenceOut]
    failed_step: str | None
    reason: str | None
    smallest_change: str | None


class ExceptionDetail(BaseModel):
    exception: ExceptionRow
    record: RecordOut
    rival: ExplanationOut | None


class ComparedJob(BaseModel):
    id: UUID
    name: str
    created_at: datetime


class PairChange(BaseModel):
    """A left and a right record and how they stood to each other; null where they were, or are, no match."""

    left_row: int
    right_row: int
    left_label: str
    right_label: str
    amount: Money | None
    currency: str | None
    confidence_before: float | None
    status_before: str | None
    confidence_after: float | None
    status_after: str | None


class ChangeOut(BaseModel):
    """Pairs of one kind of change, the value of their left records by currency, and the largest of them."""

    pairs: int
    amounts: dict[str, Money]
    largest: list[PairChange]


class DifferenceOut(BaseModel):
    """`gained` pairs were open before, `lost` ones are open now, `regrouped` have other partners than before, `moved` kept
    together with another status or a confidence that moved by 0.05 or more. `before` is null where there is no earlier job.
    """

    before: ComparedJob | None
    comparable: list[ComparedJob] = Field(description="jobs over the same records, newest first")
    gained: ChangeOut
    lost: ChangeOut
    regrouped: ChangeOut
    moved: ChangeOut
    unchanged: int
