"""The demo project: made-up data that comes in the way a person's upload does."""

from collections.abc import AsyncIterator
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from recon378.actor import Actor
from recon378.adapters.events import Events
from recon378.adapters.storage import Storage
from recon378.files.service import files
from recon378.projects import demo
from recon378.projects import service as projects
from recon378.projects.schemas import MemberRole, ProjectCreate, ProjectOut

NAME: Final = "Demo: bank and ledger, first quarter 2026"
DESCRIPTION: Final = (
    "A bank statement and the ledger it should agree with, made up: late payments, typos, fees, parts, doubles "
    "and what only one side knows."
)


async def create_demo_project(session: AsyncSession, storage: Storage, events: Events, actor: Actor) -> ProjectOut:
    """Make a project of the actor with two files, which the worker reads."""
    project = await projects.create_project(session, actor, ProjectCreate(name=NAME, description=DESCRIPTION))
    made = demo.demo_files()
    for name, content in made:
        stored = await storage.put(_chunk(content), len(content))
        await files.add_file(session, events, actor, project.id, name, stored)
    return ProjectOut(
        id=project.id,
        name=project.name,
        description=project.description,
        role=MemberRole.OWNER,
        created_at=project.created_at,
        file_count=len(made),
        job_count=0,
        last_job_at=None,
        open_suggestions=0,
    )


async def _chunk(content: bytes) -> AsyncIterator[bytes]:
    yield content
