"""Projects and their members."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from recon378.accounts.deps import CurrentActor, Session
from recon378.accounts.models import User
from recon378.paging import PAGE_ROWS, PAGE_ROWS_MAX, Page
from recon378.problems import problems
from recon378.projects import service
from recon378.projects.deps import allowed
from recon378.projects.models import Membership, Project
from recon378.projects.schemas import MemberAdd, MemberChange, MemberOut, MemberRole, ProjectChange, ProjectCreate, ProjectOut
from recon378.projects.service import Access
from recon378.projects.store import Figures

router = APIRouter(tags=["projects"], prefix="/projects")

Limit = Annotated[int, Query(ge=1, le=PAGE_ROWS_MAX)]


@router.get("", responses=problems(401, 422))
async def list_projects(
    session: Session, actor: CurrentActor, cursor: str | None = None, limit: Limit = PAGE_ROWS
) -> Page[ProjectOut]:
    """The projects in which you take part, newest first."""
    listed = await service.list_projects(session, actor, cursor, limit)
    figures = await service.figures(session, [project for project, _ in listed.projects])
    items = [project_out(project, role, figures[project.id]) for project, role in listed.projects]
    return Page(items=items, next_cursor=listed.next_cursor, total=listed.total)


@router.post("", status_code=201, responses=problems(401, 403, 422))
async def create_project(data: ProjectCreate, session: Session, actor: CurrentActor) -> ProjectOut:
    """Make a project; you own it."""
    project = await service.create_project(session, actor, data)
    return await with_figures(session, project, MemberRole.OWNER)


@router.get("/{project_id}", responses=problems(401, 404, 422))
async def get_project(session: Session, access: Annotated[Access, allowed("get_project")]) -> ProjectOut:
    return await with_figures(session, access.project, access.role)


@router.patch("/{project_id}", responses=problems(401, 403, 404, 422))
async def change_project(
    change: ProjectChange, session: Session, access: Annotated[Access, allowed("change_project")]
) -> ProjectOut:
    project = await service.change_project(session, access, change)
    return await with_figures(session, project, access.role)


@router.delete("/{project_id}", status_code=204, responses=problems(401, 403, 404, 422))
async def delete_project(session: Session, access: Annotated[Access, allowed("delete_project")]) -> None:
    """Delete a project with its files, jobs and results."""
    await service.delete_project(session, access)


@router.get("/{project_id}/members", responses=problems(401, 404, 422))
async def list_members(session: Session, access: Annotated[Access, allowed("list_members")]) -> list[MemberOut]:
    return [member_out(membership, user) for membership, user in await service.list_members(session, access)]


@router.post("/{project_id}/members", status_code=201, responses=problems(401, 403, 404, 409, 422))
async def add_member(data: MemberAdd, session: Session, access: Annotated[Access, allowed("add_member")]) -> MemberOut:
    """Give somebody with an account a role in the project."""
    return member_out(*await service.add_member(session, access, data))


@router.patch("/{project_id}/members/{user_id}", responses=problems(401, 403, 404, 409, 422))
async def change_member(
    user_id: UUID, change: MemberChange, session: Session, access: Annotated[Access, allowed("change_member")]
) -> MemberOut:
    return member_out(*await service.change_member(session, access, user_id, change.role))


@router.delete("/{project_id}/members/{user_id}", status_code=204, responses=problems(401, 403, 404, 409, 422))
async def remove_member(user_id: UUID, session: Session, access: Annotated[Access, allowed("remove_member")]) -> None:
    await service.remove_member(session, access, user_id)


async def with_figures(session: Session, project: Project, role: MemberRole) -> ProjectOut:
    return project_out(project, role, (await service.figures(session, [project]))[project.id])


def project_out(project: Project, role: MemberRole, figures: Figures) -> ProjectOut:
    return ProjectOut(
        id=project.id,
        name=project.name,
        description=project.description,
        role=role,
        created_at=project.created_at,
        file_count=figures.file_count,
        job_count=figures.job_count,
        last_job_at=figures.last_job_at,
        open_suggestions=figures.open_suggestions,
    )


def member_out(membership: Membership, user: User) -> MemberOut:
    return MemberOut(
        user_id=user.id, name=user.name, email=user.email, role=MemberRole(membership.role), joined_at=membership.joined_at
    )
