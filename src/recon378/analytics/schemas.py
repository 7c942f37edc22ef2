"""Figures of jobs and of all that a user sees, on the wire."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel

from recon378.reconciliation.schemas import CalibrationOut, JobOut, Money


class SideFigures(BaseModel):
    """One side in one currency: keys of both maps are input, matched, suggested, open, excluded, rejected."""

    side: str
    currency: str | None
    rows: dict[str, int]
    sums: dict[str, Money]


class PassFigures(BaseModel):
    name: str
    kind: str
    matches: int
    left_rows: int
    right_rows: int


class ConfidenceBin(BaseModel):
    """Matches with confidence in [low, high), the last up to 1; `expected_wrong` is the sum of 1 − confidence over them."""

    low: float
    high: float
    count: int
    expected_wrong: float


class ExceptionFigures(BaseModel):
    side: str
    type: str
    count: int
    amounts: dict[str, Money]


class JobSummary(BaseModel):
    """The result of a job as it stands now, decisions included."""

    job: JobOut
    sides: list[SideFigures]
    conserved: bool
    passes: list[PassFigures]
    confidence: list[ConfidenceBin]
    exceptions: list[ExceptionFigures]
    match_rate_rows: float
    match_rate_value: float | None
    decided: int
    undecided: int
    calibration: CalibrationOut
    candidate_recall: float | None
    timings_seconds: dict[str, float]
    ruleset_yaml: str
    diagnostics: dict[str, Any]


class TrendPoint(BaseModel):
    job_id: UUID
    job_name: str
    finished_at: str
    match_rate_rows: float
    auto_match_rate_rows: float


class Overview(BaseModel):
    """The home page: what waits, what runs, what came out last."""

    waiting_suggestions: int
    open_exceptions: int
    projects: int
    running: list[JobOut]
    recent: list[JobOut]
    to_review: list[JobOut]
    trend: list[TrendPoint]
