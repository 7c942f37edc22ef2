"""Projects, their members, and the one place that decides who sees and may do what in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.accounts import store as accounts
from recon378.accounts.models import User
from recon378.actor import Actor
from recon378.adapters import queue
from recon378.audit import service as audit
from recon378.audit.service import Subject
from recon378.errors import Conflict, Forbidden, NotFound, Unprocessable
from recon378.paging import read_cursor, write_cursor
from recon378.projects import rights, store
from recon378.projects.models import Membership, Project
from recon378.projects.schemas import MemberAdd, MemberRole, ProjectChange, ProjectCreate


class InProject(Protocol):
    """What belongs to one project."""

    @property
    def project_id(self) -> UUID: ...


Part = TypeVar("Part", bound=InProject)


@dataclass(frozen=True, slots=True)
class Access:
    """An actor in a project, with a role that was found sufficient."""

    actor: Actor
    project: Project
    role: MemberRole


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the actor's projects, each with the actor's role."""

    projects: list[tuple[Project, MemberRole]]
    next_cursor: str | None
    total: int


def visible(actor: Actor) -> Select[UUID]:
    """The ids of all projects that the actor sees. Every query over the content of projects is limited to these."""
    return store.projects_of(actor.user_id)


async def require(session: AsyncSession, actor: Actor, project_id: UUID, operation: str) -> Access:
    """The actor's access to a project for an operation of the table of rights.

    Raises NotFound where the actor does not see the project, Forbidden where the role is too low.
    """
    found = await store.project_and_role(session, actor.user_id, project_id)
    if found is None:
        raise NotFound("There is no such project, or you are not a member of it.")
    project, role = found[0], MemberRole(found[1])
    if not rights.allows(role, operation):
        least = rights.least_role(operation).value
        raise Forbidden(
            f"Your role in “{project.name}” is {role.value}; this takes at least {least}: ask an owner.",
            role=role.value,
            least_role=least,
        )
    return Access(actor, project, role)


async def require_part(
    session: AsyncSession, actor: Actor, kind: type[Part], part_id: UUID, operation: str, missing: str
) -> Part:
    """A file, job, ruleset or other part of a project by its id, for an operation of the table of rights.

    Raises NotFound with the sentence `missing` where it is not there or in a project that the actor does not see, Forbidden
    where the role is too low.
    """
    part = await session.get(kind, part_id)
    if part is None:
        raise NotFound(missing)
    try:
        await require(session, actor, part.project_id, operation)
    except NotFound:
        raise NotFound(missing) from None
    return part


async def list_projects(session: AsyncSession, actor: Actor, cursor: str | None, limit: int) -> Listed:
    """The actor's projects, newest first."""
    rows, total = await store.project_page(session, actor.user_id, place_of(cursor) if cursor else None, limit + 1)
    page = [(project, MemberRole(role)) for project, role in rows[:limit]]
    last = page[-1][0] if len(rows) > limit else None
    return Listed(page, write_cursor(last.created_at.isoformat(), str(last.id)) if last else None, total)


def place_of(cursor: str) -> tuple[datetime, UUID]:
    created_at, project_id = read_cursor(cursor, 2)
    try:
        place = datetime.fromisoformat(str(created_at)).astimezone(UTC), UUID(str(project_id))
    except (ValueError, OverflowError) as error:
        raise Unprocessable("The cursor is none that this list has given: start from the first page.", field="cursor") from error
    return place


async def figures(session: AsyncSession, projects: Sequence[Project]) -> dict[UUID, store.Figures]:
    """What lies in each of these projects, in one query."""
    return await store.figures(session, [project.id for project in projects])


async def create_project(session: AsyncSession, actor: Actor, data: ProjectCreate) -> Project:
    """Make a project; its maker owns it."""
    project = Project(name=data.name, description=data.description, created_by=actor.user_id)
    session.add(project)
    await session.flush()
    session.add(Membership(project_id=project.id, user_id=actor.user_id, role=MemberRole.OWNER.value))
    await session.flush()
    await session.refresh(project)
    await audit.record(session, actor, "project.create", Subject("project", project.id, project.id), after=described(project))
    return project


async def change_project(session: AsyncSession, access: Access, change: ProjectChange) -> Project:
    project, before = access.project, described(access.project)
    project.name = project.name if change.name is None else change.name
    project.description = project.description if change.description is None else change.description
    await session.flush()
    subject = Subject("project", project.id, project.id)
    await audit.record(session, access.actor, "project.change", subject, before=before, after=described(project))
    return project


async def delete_project(session: AsyncSession, access: Access) -> None:
    """Delete a project with all that lies in it."""
    before = described(access.project)
    await queue.forget_project(session, access.project.id)
    await session.delete(access.project)
    await session.flush()
    await audit.record(
        session, access.actor, "project.delete", Subject("project", access.project.id, access.project.id), before=before
    )


async def list_members(session: AsyncSession, access: Access) -> Sequence[tuple[Membership, User]]:
    """All members by name."""
    return [(row[0], row[1]) for row in await store.members(session, access.project.id)]


async def add_member(session: AsyncSession, access: Access, data: MemberAdd) -> tuple[Membership, User]:
    """Give somebody with an account a role. Raises Unprocessable where there is no such account, Conflict for a member."""
    user = await accounts.user_by_email(session, data.email)
    if user is None:
        raise Unprocessable(
            f"Nobody with the e-mail address {data.email} has an account here: let them sign up first.", field="email"
        )
    if await store.member(session, access.project.id, user.id):
        raise Conflict(f"{user.name} is a member of this project already: change the role instead.", user_id=str(user.id))
    membership = Membership(project_id=access.project.id, user_id=user.id, role=data.role.value)
    session.add(membership)
    await session.flush()
    await session.refresh(membership)
    await audit.record(session, access.actor, "member.add", member_subject(access, user.id), after={"role": membership.role})
    return membership, user


async def change_member(session: AsyncSession, access: Access, user_id: UUID, role: MemberRole) -> tuple[Membership, User]:
    """Change a role. Raises NotFound for a stranger, Conflict where the project would be left without an owner."""
    membership, user = await found_member(session, access, user_id)
    if role is not MemberRole.OWNER:
        await keep_an_owner(session, access, user_id)
    before, membership.role = membership.role, role.value
    await session.flush()
    await audit.record(
        session,
        access.actor,
        "member.change",
        member_subject(access, user_id),
        before={"role": before},
        after={"role": role.value},
    )
    return membership, user


async def remove_member(session: AsyncSession, access: Access, user_id: UUID) -> None:
    """Take somebody out. Raises NotFound for a stranger, Conflict for the last owner."""
    membership, _ = await found_member(session, access, user_id)
    await keep_an_owner(session, access, user_id)
    before = {"role": membership.role}
    await session.delete(membership)
    await session.flush()
    await audit.record(session, access.actor, "member.remove", member_subject(access, user_id), before=before)


async def found_member(session: AsyncSession, access: Access, user_id: UUID) -> tuple[Membership, User]:
    found = await store.member(session, access.project.id, user_id)
    if found is None:
        raise NotFound("This person is not a member of the project.")
    return found


async def keep_an_owner(session: AsyncSession, access: Access, leaving: UUID) -> None:
    if await store.lock_owners(session, access.project.id) == {leaving}:
        raise Conflict("A project needs an owner: make somebody else one first.")


def member_subject(access: Access, user_id: UUID) -> Subject:
    return Subject("member", user_id, access.project.id)


def described(project: Project) -> dict[str, str]:
    return {"name": project.name, "description": project.description}
