"""Files, their inspection and their datasets on the wire."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field


class FileStatus(StrEnum):
    STORED = "stored"  # on disk, waiting to be read
    READING = "reading"
    QUESTION = "question"  # the file alone cannot settle something: a person answers
    READY = "ready"  # a dataset exists
    REJECTED = "rejected"  # cannot be read; `error` says why


class QuestionOut(BaseModel):
    """`choices` are values to answer with; `labels` say the same for people, in the same order."""

    key: str
    why: str
    choices: list[str]
    labels: list[str]
    values_concerned: int


class HistogramBin(BaseModel):
    label: str
    count: int


class ColumnOut(BaseModel):
    """A column as typed, with its profile once the file is ready."""

    name: str
    type: str
    role: str
    filled: float = Field(description="share of rows with a value, 0..1")
    distinct: int
    minimum: str | None
    maximum: str | None
    samples: list[str]
    patterns: list[HistogramBin]
    duplicates: int
    outliers: int
    warnings: list[str]


class FileOut(BaseModel):
    id: UUID
    project_id: UUID
    name: str
    size_bytes: int
    sha256: str
    status: FileStatus
    format: str | None
    encoding: str | None
    delimiter: str | None
    header_line: int | None
    rows_imported: int
    rows_rejected: int
    rows_skipped: int
    columns: list[ColumnOut]
    warnings: list[str]
    questions: list[QuestionOut]
    error: str | None
    uploaded_by: str
    created_at: datetime
    already_known: bool = Field(default=False, description="true where the same bytes were in the project before")


class Answers(BaseModel):
    answers: Annotated[dict[str, str], Field(max_length=100)]


class RowsOut(BaseModel):
    """Typed rows in file order: dates ISO, amounts decimal strings, identifiers text; `row_numbers` are their 0-based data
    rows.
    """

    columns: list[str]
    rows: list[dict[str, Any]]
    row_numbers: list[int]
    total: int


class RowErrorOut(BaseModel):
    line: int
    reason: str
    raw: str
