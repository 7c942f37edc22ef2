"""Files and uploads on their way to one, the datasets read from them, the rows that could not be read, and remembered answers."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from recon378.adapters.database import Base


class File(Base):
    """A file as it was uploaded; its bytes lie in the storage under `sha256`. The same bytes come into a project once."""

    __tablename__ = "file"
    __table_args__ = (
        UniqueConstraint("project_id", "sha256"),
        CheckConstraint("status IN ('stored', 'reading', 'question', 'ready', 'rejected')", name="status"),
        Index("ix_file_project", "project_id", text("created_at DESC"), text("id DESC")),
        Index("ix_file_sha256", "sha256"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"))
    name: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    status: Mapped[str] = mapped_column(default="stored")
    format: Mapped[str | None] = mapped_column(default=None)
    encoding: Mapped[str | None] = mapped_column(default=None)
    delimiter: Mapped[str | None] = mapped_column(default=None)
    header_line: Mapped[int | None] = mapped_column(default=None)
    rows_imported: Mapped[int] = mapped_column(default=0)
    rows_rejected: Mapped[int] = mapped_column(default=0)
    rows_skipped: Mapped[int] = mapped_column(default=0)
    columns: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    warnings: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    questions: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    settled: Mapped[list[Any]] = mapped_column(JSONB, default=list)  # questions that have an answer, and the answer
    reused: Mapped[dict[str, Any] | None] = mapped_column(JSONB, default=None)  # the template whose answers were taken
    header_fingerprint: Mapped[str | None] = mapped_column(default=None)
    evidence: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    made_of: Mapped[list[Any]] = mapped_column(JSONB, default=list)  # the files it was combined from
    error: Mapped[str | None] = mapped_column(default=None)
    dataset_id: Mapped[UUID | None] = mapped_column(default=None)
    uploaded_by: Mapped[UUID]
    uploaded_by_name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Dataset(Base):
    """Typed rows of a file as a content-addressed Arrow file. It never changes: another answer makes another dataset."""

    __tablename__ = "dataset"
    __table_args__ = (Index("ix_dataset_file", "file_id"), Index("ix_dataset_sha256", "sha256"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("file.id", ondelete="CASCADE"))
    sha256: Mapped[str]
    row_count: Mapped[int]
    meaning: Mapped[dict[str, Any]] = mapped_column(JSONB)  # name, type, role and scale of each column; rejected rows; source
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class RowError(Base):
    """A row that did not come in; `number` counts them within the file."""

    __tablename__ = "row_error"

    file_id: Mapped[UUID] = mapped_column(ForeignKey("file.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line: Mapped[int]
    reason: Mapped[str]
    raw: Mapped[str]


class Upload(Base):
    """A file on its way in. How much of it is here is the size of its part on disk; `sha256` is set once all of it was verified.

    The same file of the same person (name, size, last change) is one open upload, so that asking twice for one goes on with it.
    """

    __tablename__ = "upload"
    __table_args__ = (
        Index(
            "uq_upload_open",
            "project_id",
            "created_by",
            "name",
            "size_bytes",
            "modified_ms",
            unique=True,
            postgresql_where=text("file_id IS NULL"),
        ),
        Index("ix_upload_touched_at", "touched_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"))
    name: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    modified_ms: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(default=None)
    file_id: Mapped[UUID | None] = mapped_column(default=None)
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    touched_at: Mapped[datetime] = mapped_column(server_default=func.now())


class MappingTemplate(Base):
    """What people answered about files with one header in a project; it answers for the next file with that header."""

    __tablename__ = "mapping_template"
    __table_args__ = (UniqueConstraint("project_id", "header_fingerprint"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"))
    header_fingerprint: Mapped[str]
    format: Mapped[str]
    header: Mapped[list[Any]] = mapped_column(JSONB)
    settled: Mapped[list[Any]] = mapped_column(JSONB)
    file_name: Mapped[str]
    used_count: Mapped[int] = mapped_column(default=0)
    saved_by: Mapped[UUID]
    saved_by_name: Mapped[str]
    saved_at: Mapped[datetime] = mapped_column(server_default=func.now())
