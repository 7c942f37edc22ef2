"""Rulesets of a project: save a version, list, read; and what the engine would propose for two files."""

import asyncio
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

import recon378_engine as engine
from recon378.actor import Actor
from recon378.adapters.storage import Storage
from recon378.audit import service as audit
from recon378.audit.service import Subject
from recon378.errors import NotFound, Unprocessable
from recon378.files.service import files
from recon378.files.store import MAPPED_TABLES, MappedDataset, read_time_cursor, write_time_cursor
from recon378.paging import Page
from recon378.projects import service as projects
from recon378.reconciliation.models import Ruleset, RulesetVersion
from recon378.reconciliation.schemas import PairedFieldIn, Proposal, ProposalRequest, RulesetOut, RulesetSave
from recon378.reconciliation.service import words
from recon378_engine.errors import BadInput, BadRuleset
from recon378_engine.matching.rulesets.ruleset import Ruleset as Rules

NO_RULESET: Final = "There is no such ruleset, or it is not yours to see."


async def propose(session: AsyncSession, storage: Storage, actor: Actor, project_id: UUID, request: ProposalRequest) -> Proposal:
    """What zero configuration would do with two files, or what fits the pairs of columns that a person chose.

    Files that have no column in common get a proposal without pairs and passes, to be paired by hand. Raises Unprocessable for
    a file without records and for a pair of what is not there.
    """
    await projects.require(session, actor, project_id, "propose_ruleset")
    datasets = []
    for file_id in (request.left_file_id, request.right_file_id):
        file = await files.get_file(session, actor, file_id, "propose_ruleset")
        if file.project_id != project_id:
            raise NotFound(files.NO_FILE)
        datasets.append(await files.dataset_of(session, storage, file))
    return await asyncio.to_thread(_propose, datasets[0], datasets[1], request.fields)


async def save_ruleset(session: AsyncSession, actor: Actor, project_id: UUID, data: RulesetSave) -> RulesetOut:
    """Save a new ruleset, as its version 1."""
    await projects.require(session, actor, project_id, "create_ruleset")
    ruleset = Ruleset(project_id=project_id, name=data.name)
    session.add(ruleset)
    await session.flush()
    return await _add_version(session, actor, ruleset, 1, data)


async def save_version(session: AsyncSession, actor: Actor, ruleset_id: UUID, data: RulesetSave) -> RulesetOut:
    """Save the next version of a ruleset; the earlier ones stay as they are."""
    ruleset = await _get(session, actor, ruleset_id, "create_ruleset_version")
    await session.refresh(ruleset, with_for_update=True)
    ruleset.name = data.name
    last = (
        await session.execute(select(func.max(RulesetVersion.version)).where(RulesetVersion.ruleset_id == ruleset.id))
    ).scalar_one()
    return await _add_version(session, actor, ruleset, last + 1, data)


async def get_ruleset(session: AsyncSession, actor: Actor, ruleset_id: UUID) -> RulesetOut:
    """The newest version of a ruleset."""
    ruleset = await _get(session, actor, ruleset_id, "get_ruleset")
    return _out(ruleset, await _newest(session, ruleset))


async def list_rulesets(
    session: AsyncSession, actor: Actor, project_id: UUID, cursor: str | None, limit: int
) -> Page[RulesetOut]:
    """Rulesets of a project with their newest versions, newest first."""
    await projects.require(session, actor, project_id, "list_rulesets")
    newest = (
        select(RulesetVersion.ruleset_id, func.max(RulesetVersion.version).label("version"))
        .group_by(RulesetVersion.ruleset_id)
        .subquery()
    )
    statement = (
        select(Ruleset, RulesetVersion)
        .join(newest, newest.c.ruleset_id == Ruleset.id)
        .join(RulesetVersion, (RulesetVersion.ruleset_id == Ruleset.id) & (RulesetVersion.version == newest.c.version))
        .where(Ruleset.project_id == project_id)
        .order_by(Ruleset.created_at.desc(), Ruleset.id.desc())
        .limit(limit + 1)
    )
    if cursor:
        statement = statement.where(tuple_(Ruleset.created_at, Ruleset.id) < read_time_cursor(cursor))
    rows = (await session.execute(statement)).all()
    total = (
        await session.execute(select(func.count()).select_from(Ruleset).where(Ruleset.project_id == project_id))
    ).scalar_one()
    last = rows[limit - 1].Ruleset if len(rows) > limit else None
    next_cursor = write_time_cursor(last.created_at, last.id) if last else None
    return Page(items=[_out(row.Ruleset, row.RulesetVersion) for row in rows[:limit]], next_cursor=next_cursor, total=total)


async def checked_yaml(session: AsyncSession, project_id: UUID, version_id: UUID | None, yaml: str | None) -> str | None:
    """The YAML that a job is to use; None lets the engine propose. Raises NotFound and Unprocessable."""
    if version_id is None:
        if yaml is not None:
            read_rules(yaml)
        return yaml
    statement = select(RulesetVersion.yaml).join(Ruleset).where(RulesetVersion.id == version_id, Ruleset.project_id == project_id)
    found = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise NotFound(NO_RULESET)
    return found


def read_rules(yaml: str) -> Rules:
    """Parse and check YAML. Raises Unprocessable with the line."""
    try:
        return Rules.from_yaml(yaml)
    except BadRuleset as error:
        raise Unprocessable(str(error), line=error.line) from None


def _propose(left: MappedDataset, right: MappedDataset, fields: list[PairedFieldIn] | None) -> Proposal:
    one, other = MAPPED_TABLES.open(left), MAPPED_TABLES.open(right)
    try:
        pairing = engine.pair_columns(one, other) if fields is None else engine.pair_by_hand(one, other, words.fields_in(fields))
        rules = engine.propose_ruleset(one, other, pairing) if pairing.fields else Rules((), name="Proposed")
    except BadInput as error:
        raise Unprocessable(str(error)) from None
    return Proposal(
        fields=words.fields_of(rules),
        passes=words.passes_of(rules),
        yaml=rules.to_yaml(),
        flip_right_sign=rules.flip_right_sign,
        flip_share=pairing.flip_share,
        keep_share=pairing.keep_share,
        notes=words.notes_of(pairing),
    )


async def _add_version(session: AsyncSession, actor: Actor, ruleset: Ruleset, number: int, data: RulesetSave) -> RulesetOut:
    read_rules(data.yaml)
    version = RulesetVersion(
        ruleset_id=ruleset.id, version=number, yaml=data.yaml, created_by=actor.user_id, created_by_name=actor.name
    )
    session.add(version)
    await session.flush()
    await session.refresh(version)
    subject = Subject("ruleset", ruleset.id, ruleset.project_id)
    await audit.record(session, actor, "ruleset.save", subject, after={"name": data.name, "version": number})
    return _out(ruleset, version)


async def _get(session: AsyncSession, actor: Actor, ruleset_id: UUID, operation: str) -> Ruleset:
    return await projects.require_part(session, actor, Ruleset, ruleset_id, operation, NO_RULESET)


async def _newest(session: AsyncSession, ruleset: Ruleset) -> RulesetVersion:
    statement = (
        select(RulesetVersion).where(RulesetVersion.ruleset_id == ruleset.id).order_by(RulesetVersion.version.desc()).limit(1)
    )
    return (await session.execute(statement)).scalar_one()


def _out(ruleset: Ruleset, version: RulesetVersion) -> RulesetOut:
    rules = read_rules(version.yaml)
    return RulesetOut(
        id=ruleset.id,
        name=ruleset.name,
        version=version.version,
        version_id=version.id,
        yaml=version.yaml,
        fields=words.fields_of(rules),
        passes=words.passes_of(rules),
        created_by=version.created_by_name,
        created_at=version.created_at,
    )
