"""What a route below `/projects/{project_id}` asks for: the actor's access, found sufficient for the operation."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from fastapi import Depends

from recon378.accounts.deps import CurrentActor, Session
from recon378.projects import rights, service
from recon378.projects.service import Access


def allowed(operation: str) -> Any:
    """The dependency that gives the Access for `operation`: 401 without a session, 404 for strangers, 403 for a role that is too
    low.
    """
    rights.least_role(operation)  # a route without a row in the table of rights fails when its module is imported

    async def access(project_id: UUID, session: Session, actor: CurrentActor) -> Access:
        return await service.require(session, actor, project_id, operation)

    checked: Callable[..., Awaitable[Access]] = access
    return Depends(checked)
