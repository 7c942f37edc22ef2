"""Mapping templates: what people answered about a file answers for the next one with the same header, and says so."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.actor import Actor
from recon378.audit import service as audit
from recon378.audit.service import Subject
from recon378.files.models import File, MappingTemplate
from recon378.files.schemas import TemplateOut
from recon378.projects import service as projects

TYPE: Final = "type:"
ROLE: Final = "role:"
NO_TEMPLATE: Final = "There are no such kept answers, or they are not yours to see."


def fingerprint_of(format: str, header: Sequence[str]) -> str:
    """The same for files of one format with the same column names in the same order, whatever their case and blanks."""
    names = [" ".join(unicodedata.normalize("NFKC", name).casefold().split()) for name in header]
    return hashlib.sha256(json.dumps([format, names], ensure_ascii=False).encode()).hexdigest()


def fitting_answers(
    settled: Sequence[Mapping[str, Any]], questions: Sequence[Mapping[str, Any]], header: Sequence[str]
) -> dict[str, str]:
    """The answers of a template that this file has a use for.

    A question is answered only where this file asks it too, so that a template never overrules what a file shows by itself;
    changes of a column are taken where the column is there.
    """
    choices = {question["key"]: question["choices"] for question in questions}
    return {
        item["key"]: item["answer"]
        for item in settled
        if item["answer"] in choices.get(item["key"], ()) or column_of(item["key"]) in header
    }


def column_of(key: str) -> str | None:
    """The column that an answer changes; None where it answers a question."""
    return key.partition(":")[2] if key.startswith((TYPE, ROLE)) else None


async def find(session: AsyncSession, project_id: UUID, fingerprint: str) -> MappingTemplate | None:
    """The template for files with this header."""
    statement = select(MappingTemplate).where(
        MappingTemplate.project_id == project_id, MappingTemplate.header_fingerprint == fingerprint
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def remember(session: AsyncSession, actor: Actor, file: File) -> None:
    """Keep the answers of a file for the next one with its header; the last word counts, and none at all forgets the template."""
    if file.header_fingerprint is None:
        return
    same = (
        MappingTemplate.project_id == file.project_id,
        MappingTemplate.header_fingerprint == file.header_fingerprint,
    )
    if not file.settled:
        await session.execute(delete(MappingTemplate).where(*same))
        return
    changed = {
        "settled": file.settled,
        "file_name": file.name,
        "saved_by": actor.user_id,
        "saved_by_name": actor.name,
        "saved_at": func.now(),
    }
    fixed = {
        "id": uuid4(),
        "project_id": file.project_id,
        "header_fingerprint": file.header_fingerprint,
        "format": file.format or "",
        "header": file.evidence.get("header", []),
        "used_count": 0,
    }
    statement = insert(MappingTemplate).values(**fixed, **changed)
    await session.execute(statement.on_conflict_do_update(index_elements=["project_id", "header_fingerprint"], set_=changed))


async def count_use(session: AsyncSession, template_id: UUID) -> None:
    used = update(MappingTemplate).where(MappingTemplate.id == template_id)
    await session.execute(used.values(used_count=MappingTemplate.used_count + 1))


async def list_templates(session: AsyncSession, actor: Actor, project_id: UUID) -> list[TemplateOut]:
    """All templates of a project, the last saved first."""
    await projects.require(session, actor, project_id, "list_templates")
    ordered = select(MappingTemplate).where(MappingTemplate.project_id == project_id)
    ordered = ordered.order_by(MappingTemplate.saved_at.desc(), MappingTemplate.id)
    return [template_out(template) for template in (await session.execute(ordered)).scalars()]


async def delete_template(session: AsyncSession, actor: Actor, template_id: UUID) -> None:
    """Forget a template. Files that used it stay as they were read."""
    template = await projects.require_part(session, actor, MappingTemplate, template_id, "delete_template", NO_TEMPLATE)
    await session.delete(template)
    await session.flush()
    before = {"header": template.header, "settled": {item["key"]: item["answer"] for item in template.settled}}
    await audit.record(session, actor, "template.delete", Subject("template", template.id, template.project_id), before=before)


def template_out(template: MappingTemplate) -> TemplateOut:
    return TemplateOut(
        id=template.id,
        format=template.format,
        header=template.header,
        settled=template.settled,
        file_name=template.file_name,
        used_count=template.used_count,
        saved_by=template.saved_by_name,
        saved_at=template.saved_at,
    )
