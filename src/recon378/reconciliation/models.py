"""Rulesets, reconciliations with their results, and the decisions of people."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from recon378.adapters.database import Base


class Ruleset(Base):
    """A named ruleset of a project; what it says stands in its versions."""

    __tablename__ = "ruleset"
    __table_args__ = (Index("ix_ruleset_project", "project_id", text("created_at DESC"), text("id DESC")),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"))
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class RulesetVersion(Base):
    """One version of a ruleset. It never changes, so that a job can be run again years later."""

    __tablename__ = "ruleset_version"
    __table_args__ = (UniqueConstraint("ruleset_id", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    ruleset_id: Mapped[UUID] = mapped_column(ForeignKey("ruleset.id", ondelete="CASCADE"))
    version: Mapped[int]
    yaml: Mapped[str]
    created_by: Mapped[UUID]
    created_by_name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Reconciliation(Base):
    """What a job of kind `reconcile` is about and what came out; `id` is that of the job.

    `artefacts` names the stored objects of the result (see `service.artefacts`). `amount_scale` counts the decimals of every
    amount of this job. `revision` rises with each decision, in whose transaction this row is locked:
    decisions of one job happen one after the other.
    """

    __tablename__ = "reconciliation"
    __table_args__ = (
        Index("ix_reconciliation_project", "project_id", text("created_at DESC"), text("id DESC")),
        Index("ix_reconciliation_left_file", "left_file_id"),
        Index("ix_reconciliation_right_file", "right_file_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"))
    name: Mapped[str]
    left_file_id: Mapped[UUID] = mapped_column(ForeignKey("file.id"))
    right_file_id: Mapped[UUID] = mapped_column(ForeignKey("file.id"))
    left_dataset_id: Mapped[UUID] = mapped_column(ForeignKey("dataset.id"))
    right_dataset_id: Mapped[UUID] = mapped_column(ForeignKey("dataset.id"))
    ruleset_version_id: Mapped[UUID | None] = mapped_column(ForeignKey("ruleset_version.id"), default=None)
    ruleset_yaml: Mapped[str | None] = mapped_column(default=None)
    created_by_name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    amount_scale: Mapped[int] = mapped_column(SmallInteger, default=2)
    revision: Mapped[int] = mapped_column(default=0)
    suggested: Mapped[int] = mapped_column(default=0)
    confirmed: Mapped[int] = mapped_column(default=0)
    exceptions: Mapped[int] = mapped_column(default=0)
    result_hash: Mapped[str | None] = mapped_column(default=None)
    artefacts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSONB, default=None)


class Decision(Base):
    """What a person decided about a match, bound to the contents of its records, so that it holds for any later job over the
    same records.

    `left_keys` and `right_keys` are the record keys of the members (see `service.keys`), sorted. `bulk_id` names the action that
    decided it together with others, in which case nobody looked at it by itself.
    """

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("action IN ('accept', 'reject')", name="action"),
        Index("ix_decision_job", "job_id", text("decided_at DESC"), text("id DESC")),
        Index("ix_decision_match", "job_id", "match_id"),
        Index("ix_decision_project", "project_id", "decided_at"),
        Index("ix_decision_bulk", "bulk_id", postgresql_where=text("bulk_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"))
    job_id: Mapped[UUID]
    match_id: Mapped[int]
    action: Mapped[str]
    left_keys: Mapped[list[str]] = mapped_column(ARRAY(Text))
    right_keys: Mapped[list[str]] = mapped_column(ARRAY(Text))
    decided_by: Mapped[UUID]
    decided_by_name: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    undone_by: Mapped[UUID | None] = mapped_column(default=None)
    undone_at: Mapped[datetime | None] = mapped_column(default=None)
    bulk_id: Mapped[UUID | None] = mapped_column(default=None)


class BulkDecision(Base):
    """All suggestions of a job from a confidence on, confirmed by one action: at most `wrong_share` of them are wrong, by what
    was reviewed until then. Each of its matches has a `Decision` with this `bulk_id`.
    """

    __tablename__ = "bulk_decision"
    __table_args__ = (Index("ix_bulk_decision_job", "job_id", text("decided_at DESC")),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"))
    job_id: Mapped[UUID]
    wrong_share: Mapped[float] = mapped_column(Double)
    threshold: Mapped[float] = mapped_column(Double)
    matches: Mapped[int]
    decided_by: Mapped[UUID]
    decided_by_name: Mapped[str]
    decided_at: Mapped[datetime]
    undone_by: Mapped[UUID | None] = mapped_column(default=None)
    undone_by_name: Mapped[str | None] = mapped_column(default=None)
    undone_at: Mapped[datetime | None] = mapped_column(default=None)


def _of_job(name: str, *columns: Column[Any], **options: Any) -> Table:
    """A table of rows that belong to a job; it is written and read by plain SQL in `store`, never as objects."""
    return Table(
        name,
        Base.metadata,
        Column("job_id", Uuid, primary_key=any(column.primary_key for column in columns), nullable=False),
        *columns,
        **options,
    )


# One partition a job, without an index on the parent: the partitions have their own, made after they are filled
# (`store.partitions`).
_PARTITIONED = {"postgresql_partition_by": "LIST (job_id)"}

match = _of_job(
    "match",
    Column("match_id", Integer, nullable=False),
    Column("left_count", Integer, nullable=False),
    Column("right_count", Integer, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("confidence", Double, nullable=False),
    Column("ambiguous", Boolean, nullable=False),
    Column("status", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("amount_minor", BigInteger),
    Column("currency", Text),
    Column("decided_at", DateTime(timezone=True)),
    Column("value_date", Date),
    Column("pass_name", Text, nullable=False),
    Column("engine_status", Text, nullable=False),  # what an undone decision goes back to
    Column("left_label", Text, nullable=False),
    Column("right_label", Text, nullable=False),
    Column("reference", Text),
    Column("residual_minor", BigInteger),
    Column("residual_reason", Text),
    Column("reason", Text),
    Column("runner_up_confidence", Double),
    Column("runner_up_left_row", BigInteger),
    Column("runner_up_right_row", BigInteger),
    Column("decided_by", Uuid),
    Column("decided_by_name", Text),
    Column("search", Text, nullable=False),  # reference and labels, lower case
    Column("labelling_place", Integer),  # in the order drawn for labelling; null in jobs of before there was one
    **_PARTITIONED,
)

match_item = _of_job(
    "match_item",
    Column("match_id", Integer, nullable=False),
    Column("side", Text, nullable=False),
    Column("row", BigInteger, nullable=False),
    Column("currency", Text),
    Column("amount_minor", BigInteger),
    **_PARTITIONED,
)

# `place` orders the exceptions of a job: left before right, then by row; those that a rejection made come last.
# `state` is that of the balance: open, excluded or rejected.
exception = _of_job(
    "exception",
    Column("place", BigInteger, nullable=False),
    Column("side", Text, nullable=False),
    Column("row", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("reference", Text),
    Column("amount_minor", BigInteger),
    Column("currency", Text),
    Column("value_date", Date),
    Column("best_rival_row", BigInteger),
    Column("best_confidence", Double),
    Column("origin_match_id", Integer),  # the match whose rejection opened this record
    Column("search", Text, nullable=False),
    **_PARTITIONED,
)

match_tally = _of_job(
    "match_tally",
    Column("pass_name", Text, primary_key=True),
    Column("method", Text, primary_key=True),
    Column("status", Text, primary_key=True),
    Column("decided", Boolean, primary_key=True),
    Column("ambiguous", Boolean, primary_key=True),
    Column("currency", Text, primary_key=True),  # '' for none
    Column("confidence_percent", SmallInteger, primary_key=True),  # 0..99, of which the last holds 1.0 as well
    Column("matches", BigInteger, nullable=False),
    Column("left_rows", BigInteger, nullable=False),
    Column("right_rows", BigInteger, nullable=False),
    Column("amount_minor", Numeric),
    Column("wrong_expected", Double, nullable=False),
)

exception_tally = _of_job(
    "exception_tally",
    Column("side", Text, primary_key=True),
    Column("type", Text, primary_key=True),
    Column("state", Text, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("exceptions", BigInteger, nullable=False),
    Column("amount_minor", Numeric),
)

balance = _of_job(
    "balance",
    Column("side", Text, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("state", Text, primary_key=True),  # input, matched, suggested, open, excluded, rejected
    Column("records", BigInteger, nullable=False),
    Column("sum_minor", Numeric, nullable=False),
    Column("turnover_minor", Numeric, nullable=False),  # the same without signs
)
