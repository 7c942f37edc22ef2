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


class SettledOut(QuestionOut):
    """A question that has an answer. For a column that a person changed (`type:COLUMN`, `role:COLUMN`) there are no choices."""

    answer: str
    answer_label: str


class ReusedOut(BaseModel):
    """The template whose answers were taken for a file, and who had given them when."""

    template_id: UUID
    saved_at: datetime
    saved_by: str


class ConventionOut(BaseModel):
    """How values are written. `kind` is decimal, date_order or sign; `value` is ".", ",", dmy, mdy, ymd, a kind of serial number,
    or words for a sign.
    """

    kind: str
    column: str | None
    value: str


class StatementOut(BaseModel):
    """A bank statement in the file and its proof: opening + movements = closing `holds`, is `broken`, or `absent`."""

    account: str
    number: str
    currency: str
    opening: str | None
    closing: str | None
    movements: str
    entries: int
    proof: str
    difference: str | None


class ProofOut(BaseModel):
    """A total of the file that is the sum of a column."""

    total: str
    line: int
    column: str


class ReadingEvidence(BaseModel):
    """What shows that a file was read right: conventions, totals that agree, statements that add up; `notes` need no look."""

    conventions: list[ConventionOut] = []
    proofs: list[ProofOut] = []
    notes: list[str] = []
    statements: list[StatementOut] = []
    statements_total: int = 0


class HistogramBin(BaseModel):
    label: str
    count: int


class RangeBin(BaseModel):
    """Rows from `low` to `high` of a column with an order; far values are the ones that count as outliers."""

    low: str
    high: str
    count: int
    is_far: bool


class ColumnOut(BaseModel):
    """A column as typed, with its profile once the file is ready.

    `patterns` and `top_values` are the most frequent ones; `histogram` is there for amounts, numbers and dates.
    """

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
    top_values: list[HistogramBin] = []
    histogram: list[RangeBin] = []
    outlier_examples: list[str] = []


class PartOut(BaseModel):
    """A file that another one was combined from: `added` of its `rows` are no repetition of earlier files."""

    file_id: UUID
    name: str
    rows: int
    added: int


class FilesCombine(BaseModel):
    """Files with the same columns, in the order in which they come."""

    file_ids: Annotated[list[UUID], Field(min_length=2, max_length=100)]


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
    settled: list[SettledOut] = []
    reused: ReusedOut | None = None
    evidence: ReadingEvidence = ReadingEvidence()
    made_of: list[PartOut] = []
    error: str | None
    uploaded_by: str
    created_at: datetime
    already_known: bool = Field(default=False, description="true where the same bytes were in the project before")


class Answers(BaseModel):
    """Answers by the key of their question; `type:COLUMN` and `role:COLUMN` change a column; null takes an answer back."""

    answers: Annotated[dict[str, Annotated[str, Field(max_length=1000)] | None], Field(max_length=1000)]


class TemplateOut(BaseModel):
    """Answers that are kept for the next file with this header."""

    id: UUID
    format: str
    header: list[str]
    settled: list[SettledOut]
    file_name: str
    used_count: int
    saved_by: str
    saved_at: datetime


class UploadCreate(BaseModel):
    """A file to come in chunks. `modified_ms` is its last change in milliseconds since 1970, to know it again."""

    name: Annotated[str, Field(min_length=1, max_length=1000)]
    size_bytes: Annotated[int, Field(ge=0, le=2**53)]
    modified_ms: Annotated[int, Field(ge=0, le=2**53)] = 0


class UploadOut(BaseModel):
    """An upload on its way. `offset` bytes are here; `file_id` is set once it became a file."""

    id: UUID
    project_id: UUID
    name: str
    size_bytes: int
    modified_ms: int
    offset: int
    chunk_bytes_max: int
    file_id: UUID | None
    created_at: datetime
    expires_at: datetime


class UploadFinish(BaseModel):
    """The sha256 of the whole file, in hexadecimal."""

    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


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
