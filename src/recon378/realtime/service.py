"""Topics of the WebSocket: who may follow which, and under which name the events know them."""

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from recon378.actor import Actor
from recon378.errors import AppError, NotFound
from recon378.projects import service as projects
from recon378.reconciliation.service import jobs

USER_TOPIC: Final = "user"
NO_TOPIC: Final = "There is no such topic, or it is not yours to follow."


async def event_topic(session: AsyncSession, actor: Actor, topic: str) -> str:
    """The topic of the events that stands behind a topic of the socket, if the actor may follow it. Raises NotFound."""
    if topic == USER_TOPIC:
        return f"user:{actor.user_id}"
    kind, _, name = topic.partition(":")
    try:
        subject = UUID(name)
        if kind == "job":
            await jobs.get_reconciliation(session, actor, subject, "get_job")
        elif kind == "project":
            await projects.require(session, actor, subject, "get_project")
        else:
            raise ValueError
    except (ValueError, AppError):
        raise NotFound(NO_TOPIC) from None
    return f"{kind}:{subject}"
