"""Queries over projects and members."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, func, select, text, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as POSTGRES_UUID
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.accounts.models import User
from recon378.projects.models import Membership, Project


@dataclass(frozen=True, slots=True)
class Figures:
    """What lies in a project."""

    file_count: int
    job_count: int
    last_job_at: datetime | None
    open_suggestions: int


def projects_of(user_id: UUID) -> Select[UUID]:
    """The ids of the projects in which a user takes part."""
    return select(Membership.project_id).where(Membership.user_id == user_id)


async def project_and_role(session: AsyncSession, user_id: UUID, project_id: UUID) -> tuple[Project, str] | None:
    statement = select(Project, Membership.role).join(Membership, Membership.project_id == Project.id)
    row = (await session.execute(statement.where(Project.id == project_id, Membership.user_id == user_id))).one_or_none()
    return (row[0], row[1]) if row else None


async def project_page(
    session: AsyncSession, user_id: UUID, after: tuple[datetime, UUID] | None, limit: int
) -> tuple[list[Row[Project, str]], int]:
    """The newest projects of a user with the role in each, after a place, and how many there are in all."""
    mine = (
        select(Project, Membership.role)
        .join(Membership, Membership.project_id == Project.id)
        .where(Membership.user_id == user_id)
    )
    total = (
        await session.execute(select(func.count()).select_from(Membership).where(Membership.user_id == user_id))
    ).scalar_one()
    if after is not None:
        mine = mine.where(tuple_(Project.created_at, Project.id) < after)
    rows = await session.execute(mine.order_by(Project.created_at.desc(), Project.id.desc()).limit(limit))
    return list(rows.all()), total


async def members(session: AsyncSession, project_id: UUID) -> list[Row[Membership, User]]:
    statement = select(Membership, User).join(User, User.id == Membership.user_id).where(Membership.project_id == project_id)
    return list((await session.execute(statement.order_by(func.lower(User.name), User.id))).all())


async def member(session: AsyncSession, project_id: UUID, user_id: UUID) -> tuple[Membership, User] | None:
    statement = select(Membership, User).join(User, User.id == Membership.user_id)
    row = (await session.execute(statement.where(Membership.project_id == project_id, User.id == user_id))).one_or_none()
    return (row[0], row[1]) if row else None


async def lock_owners(session: AsyncSession, project_id: UUID) -> set[UUID]:
    """The owners of a project, locked, so that two of them cannot both step down at once."""
    statement = select(Membership.user_id).where(Membership.project_id == project_id, Membership.role == "owner")
    return set((await session.execute(statement.order_by(Membership.user_id).with_for_update())).scalars())


FIGURES = text("""
    WITH newest AS (
        SELECT DISTINCT ON (project_id, left_file_id, right_file_id) project_id, suggested
          FROM reconciliation WHERE project_id = ANY(:ids)
         ORDER BY project_id, left_file_id, right_file_id, created_at DESC, id DESC)
    SELECT p.id, (SELECT count(*) FROM file f WHERE f.project_id = p.id) AS file_count,
           (SELECT count(*) FROM reconciliation r WHERE r.project_id = p.id) AS job_count,
           (SELECT max(r.created_at) FROM reconciliation r WHERE r.project_id = p.id) AS last_job_at,
           coalesce((SELECT sum(n.suggested) FROM newest n WHERE n.project_id = p.id), 0) AS open_suggestions
      FROM unnest(CAST(:ids AS uuid[])) AS p (id)
""").bindparams(bindparam("ids", type_=ARRAY(POSTGRES_UUID(as_uuid=True))))


async def figures(session: AsyncSession, project_ids: Sequence[UUID]) -> dict[UUID, Figures]:
    """What lies in each project. Tables of higher domains are named, not imported: these are figures about them, not their rules.

    Of several jobs over the same two files the newest counts for the open suggestions.
    """
    rows = await session.execute(FIGURES, {"ids": list(project_ids)})
    return {row.id: Figures(row.file_count, row.job_count, row.last_job_at, int(row.open_suggestions)) for row in rows}
