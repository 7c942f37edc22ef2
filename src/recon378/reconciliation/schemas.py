"""Rulesets, jobs, matches, exceptions and decisions on the wire."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

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
    """What zero configuration would do with two files, before it runs."""

    fields: list[PairedFieldOut]
    passes: list[PassOut]
    yaml: str
    flip_right_sign: bool
    flip_share: float
    keep_share: float
    notes: list[str]


class ProposalRequest(BaseModel):
    left_file_id: UUID
    right_file_id: UUID


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
