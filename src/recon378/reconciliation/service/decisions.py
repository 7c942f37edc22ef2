"""Decisions of people about matches: accept, reject, undo. The first one wins; the second sees by whom."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from asyncpg import Connection, Record
from sqlalchemy import func, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.actor import Actor
from recon378.adapters.events import Events
from recon378.adapters.storage import Storage
from recon378.audit import service as audit
from recon378.audit.service import Subject
from recon378.errors import Conflict, NotFound
from recon378.files.store import read_time_cursor, write_time_cursor
from recon378.paging import Page
from recon378.reconciliation.models import Decision, Reconciliation
from recon378.reconciliation.schemas import Decide, DecisionMade, DecisionOut, MatchRow, MatchStatus
from recon378.reconciliation.service.jobs import get_finished
from recon378.reconciliation.service.matches import NO_MATCH, decision_out, decisions_of_match, match_row
from recon378.reconciliation.service.sides import OpenSides, open_sides
from recon378.reconciliation.store import decisions as store
from recon378.reconciliation.store.connection import driver
from recon378.reconciliation.store.decisions import Standing
from recon378.reconciliation.store.matches import match_record, match_rows
from recon378_engine.result import ExceptionType, Side

MEMBERS_MAX: Final = 100_000
STATUS_OF: Final = {"accept": MatchStatus.CONFIRMED.value, "reject": MatchStatus.REJECTED.value}


async def decide(
    session: AsyncSession, storage: Storage, events: Events, actor: Actor, job_id: UUID, match_id: int, data: Decide
) -> DecisionMade:
    """Accept or reject a match.

    Raises Conflict, with the decision that was first, where the match is not as the person saw it.
    """
    reconciliation = await get_finished(session, actor, job_id, "decide_match")
    connection = await driver(session)
    await store.lock_job(connection, job_id)
    record = await _locked_match(connection, job_id, match_id)
    if record["version"] != data.version:
        raise await _overtaken(session, reconciliation, record)
    members = await match_rows(connection, job_id, match_id, MEMBERS_MAX)
    sides = await open_sides(session, storage, reconciliation)
    decision = await _new_decision(session, actor, reconciliation, match_id, data.action, sides, members)
    standing = Standing(STATUS_OF[data.action], actor.user_id, actor.name, decision.decided_at)
    opened = await _opened(sides, record, members, standing)
    changed = await store.change_match(connection, job_id, match_id, standing, opened)
    return await _tell(session, events, actor, reconciliation, decision, record, changed)


async def undo(
    session: AsyncSession, storage: Storage, events: Events, actor: Actor, job_id: UUID, decision_id: UUID
) -> DecisionMade:
    """Take a decision back, whoever made it. Raises Conflict where it was taken back already or a later one stands on it."""
    reconciliation = await get_finished(session, actor, job_id, "undo_decision")
    connection = await driver(session)
    await store.lock_job(connection, job_id)
    decision = await session.get(Decision, decision_id, populate_existing=True)
    if decision is None or decision.job_id != job_id:
        raise NotFound("This job has no such decision.")
    if decision.undone_at is not None:
        raise Conflict("This decision was undone already.")
    standing_ones = [made for made in await decisions_of_match(session, job_id, decision.match_id) if made.undone_at is None]
    if standing_ones[0].id != decision.id:
        raise Conflict(f"{standing_ones[0].decided_by_name} decided this match again later: undo that first.")
    record = await _locked_match(connection, job_id, decision.match_id)
    decision.undone_at, decision.undone_by = datetime.now(UTC), actor.user_id
    await session.flush()
    standing = _standing_of(standing_ones[1:], record)
    sides = await open_sides(session, storage, reconciliation)
    members = await match_rows(connection, job_id, decision.match_id, MEMBERS_MAX)
    opened = await _opened(sides, record, members, standing)
    changed = await store.change_match(connection, job_id, decision.match_id, standing, opened)
    return await _tell(session, events, actor, reconciliation, decision, record, changed)


async def list_decisions(
    session: AsyncSession, actor: Actor, job_id: UUID, bulk: bool | None, cursor: str | None, limit: int
) -> Page[DecisionOut]:
    """Decisions of a job, newest first, undone ones included; `bulk` narrows to those made together, or one by one."""
    await get_finished(session, actor, job_id, "list_decisions")
    wanted = [Decision.job_id == job_id]
    if bulk is not None:
        wanted.append(Decision.bulk_id.is_not(None) if bulk else Decision.bulk_id.is_(None))
    statement = select(Decision).where(*wanted).order_by(Decision.decided_at.desc(), Decision.id.desc())
    if cursor:
        statement = statement.where(tuple_(Decision.decided_at, Decision.id) < read_time_cursor(cursor))
    found = list((await session.execute(statement.limit(limit + 1))).scalars())
    total = (await session.execute(select(func.count()).select_from(Decision).where(*wanted))).scalar_one()
    next_cursor = write_time_cursor(found[limit - 1].decided_at, found[limit - 1].id) if len(found) > limit else None
    return Page(items=[decision_out(decision) for decision in found[:limit]], next_cursor=next_cursor, total=total)


async def standing_decisions(session: AsyncSession, project_id: UUID) -> list[Decision]:
    """What people want of the records of a project now: for each group of records the last word, unless it was to undo."""
    spoken = func.coalesce(Decision.undone_at, Decision.decided_at)
    last = (
        select(Decision)
        .where(Decision.project_id == project_id)
        .ext(distinct_on(Decision.left_keys, Decision.right_keys))
        .order_by(Decision.left_keys, Decision.right_keys, spoken.desc(), Decision.id.desc())
    )
    return [decision for decision in (await session.execute(last)).scalars() if decision.undone_at is None]


async def _locked_match(connection: Connection, job_id: UUID, match_id: int) -> Record:
    record = await match_record(connection, job_id, match_id, lock=True)
    if record is None:
        raise NotFound(NO_MATCH)
    return record


async def _overtaken(session: AsyncSession, reconciliation: Reconciliation, record: Record) -> Conflict:
    made = await decisions_of_match(session, reconciliation.id, record["match_id"])
    winner = next((decision for decision in made if decision.undone_at is None), None)
    by = f"{winner.decided_by_name} has {winner.action}ed this match meanwhile" if winner else "This match has changed meanwhile"
    return Conflict(
        f"{by}: look at it again before you decide.",
        match=MatchRow.model_validate(match_row(record, reconciliation.amount_scale)).model_dump(mode="json"),
        decision=decision_out(winner).model_dump(mode="json") if winner else None,
    )


async def _new_decision(
    session: AsyncSession,
    actor: Actor,
    reconciliation: Reconciliation,
    match_id: int,
    action: str,
    sides: OpenSides,
    members: dict[str, list[int]],
) -> Decision:
    left_keys, right_keys = await asyncio.to_thread(
        lambda: (sides.keys("left", members["left"]), sides.keys("right", members["right"]))
    )
    decision = Decision(
        project_id=reconciliation.project_id,
        job_id=reconciliation.id,
        match_id=match_id,
        action=action,
        left_keys=left_keys,
        right_keys=right_keys,
        decided_by=actor.user_id,
        decided_by_name=actor.name,
        decided_at=datetime.now(UTC),
    )
    session.add(decision)
    await session.flush()
    return decision


def _standing_of(earlier: Sequence[Decision], record: Record) -> Standing:
    """What a match goes back to: the decision before, else what the engine found."""
    if not earlier:
        return Standing(record["engine_status"])
    before = earlier[0]
    return Standing(STATUS_OF[before.action], before.decided_by, before.decided_by_name, before.decided_at)


async def _opened(sides: OpenSides, record: Record, members: dict[str, list[int]], standing: Standing) -> list[tuple[Any, ...]]:
    """The records that a rejected match leaves open, as rows of `store.decisions.OPENED_COLUMNS` without place."""
    if standing.status != MatchStatus.REJECTED:
        return []
    return await asyncio.to_thread(_opened_rows, sides, record, members, standing.decided_by_name or "")


def _opened_rows(sides: OpenSides, record: Record, members: dict[str, list[int]], rejected_by: str) -> list[tuple[Any, ...]]:
    shown = sides.shown(members["left"], members["right"])
    types = {Side.LEFT: ExceptionType.MISSING_RIGHT.value, Side.RIGHT: ExceptionType.MISSING_LEFT.value}
    rivals = {Side.LEFT: members["right"][0], Side.RIGHT: members["left"][0]}
    rows: list[tuple[Any, ...]] = []
    for side in Side:
        for found in shown.of(side).sort("row").iter_rows(named=True):
            reason = f"{rejected_by} rejected its match, so it is open again."
            label, reference = found["label"] or "", found["reference"]
            search = " ".join(part for part in (reference, label) if part).lower()
            fields = (label, reference, found["amount_minor"], found["currency"], found["value_date"])
            rows.append(
                (
                    side.value,
                    found["row"],
                    types[side],
                    "open",
                    reason,
                    *fields,
                    rivals[side],
                    record["confidence"],
                    record["match_id"],
                    search,
                )
            )
    return rows


async def _tell(
    session: AsyncSession,
    events: Events,
    actor: Actor,
    reconciliation: Reconciliation,
    decision: Decision,
    before: Record,
    after: Record,
) -> DecisionMade:
    match = MatchRow.model_validate(match_row(after, reconciliation.amount_scale))
    made = DecisionMade(decision=decision_out(decision), match=match)
    await events.publish(session, f"job:{reconciliation.id}", "match.decided", made.model_dump(mode="json"))
    undone = decision.undone_at is not None
    await audit.record(
        session,
        actor,
        "match.undo" if undone else f"match.{decision.action}",
        Subject("match", f"{reconciliation.id}/{decision.match_id}", reconciliation.project_id),
        before={"status": before["status"], "version": before["version"]},
        after={"status": after["status"], "version": after["version"]},
    )
    return made
