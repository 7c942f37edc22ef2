"""Projects and who takes part in them."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from recon378.adapters.database import Base


class Project(Base):
    __tablename__ = "project"
    __table_args__ = (Index("ix_project_created_at", "created_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="", server_default="")
    created_by: Mapped[UUID] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Membership(Base):
    """The role of a user in a project; no row, no access."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("role IN ('viewer', 'preparer', 'reviewer', 'approver', 'owner')", name="role"),
        Index("ix_membership_user", "user_id"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str]
    joined_at: Mapped[datetime] = mapped_column(server_default=func.now())
