"""Confirm suggestions without looking at each, as far as the reviewed ones prove that few of them are wrong; and take it back."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

import polars as pl
from asyncpg import Connection
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

import recon378_engine as engine
from recon378.actor import Actor
from recon378.adapters.events import Events
from recon378.adapters.storage import Storage
from recon378.audit import service as audit
from recon378.audit.service import Subject
from recon378.errors import Conflict, NotFound
from recon378.reconciliation.models import BulkDecision, Reconciliation
from recon378.reconciliation.schemas import BulkDecisionOut, BulkUndone, ConfirmMatches, ErrorBudgetOut, MatchStatus
from recon378.reconciliation.service.jobs import get_finished
from recon378.reconciliation.service.money import amounts_text
from recon378.reconciliation.service.sides import OpenSides, open_sides
from recon378.reconciliation.store import bulk_decisions as store
from recon378.reconciliation.store.connection import driver
from recon378.reconciliation.store.decisions import Standing, change_matches, lock_job
from recon378.reconciliation.store.labels import reviewed_suggestions
from recon378.reconciliation.store.matches import MatchCount, MatchFilter, count_matches
from recon378_engine.matching.findings.error_budget import reviewed_needed

NO_BULK = "This job has no such confirmation."


@dataclass(frozen=True, slots=True)
class Budget:
    """What the reviewed suggestions allow. `threshold` and `wrong_share_max` are None where they allow nothing."""

    reviewed: int
    wrong: int
    waiting: int
    needed: int
    threshold: float | None
    wrong_share_max: float | None
    confirmed: MatchCount
    left: int

    @property
    def state(self) -> Literal["too_few", "not_met", "met"]:
        if self.threshold is not None:
            return "met"
        return "too_few" if self.reviewed < self.needed else "not_met"


async def get_error_budget(session: AsyncSession, actor: Actor, job_id: UUID, wrong_share: float) -> ErrorBudgetOut:
    """What may be confirmed without looking if at most `wrong_share` (0..1) of it may be wrong."""
    reconciliation = await get_finished(session, actor, job_id, "get_error_budget")
    budget = await _budget(await driver(session), job_id, wrong_share)
    made = select(BulkDecision).where(BulkDecision.job_id == job_id)
    newest = made.order_by(BulkDecision.decided_at.desc(), BulkDecision.id.desc())
    return ErrorBudgetOut(
        state=budget.state,
        wrong_share=wrong_share,
        reviewed=budget.reviewed,
        wrong=budget.wrong,
        waiting=budget.waiting,
        needed=budget.needed,
        threshold=budget.threshold,
        wrong_share_max=budget.wrong_share_max,
        matches=budget.confirmed.total,
        amounts=amounts_text(budget.confirmed.amounts, reconciliation.amount_scale),
        left=budget.left,
        confirmed=[bulk_out(bulk) for bulk in (await session.execute(newest)).scalars()],
    )


async def confirm_matches(
    session: AsyncSession, storage: Storage, events: Events, actor: Actor, job_id: UUID, data: ConfirmMatches
) -> BulkDecisionOut:
    """Confirm all suggestions that the budget allows, as one action. Raises Conflict where they are not those that were shown."""
    reconciliation = await get_finished(session, actor, job_id, "confirm_matches")
    connection = await driver(session)
    await lock_job(connection, job_id)
    budget = await _budget(connection, job_id, data.wrong_share)
    if budget.threshold is None or budget.confirmed.total != data.matches:
        raise Conflict(
            f"The decisions made until now allow to confirm {budget.confirmed.total} matches, not {data.matches}: "
            "look at it again before you confirm."
        )
    found = await store.suggestions_from(connection, job_id, budget.threshold)
    bulk = BulkDecision(
        id=uuid4(),
        project_id=reconciliation.project_id,
        job_id=job_id,
        wrong_share=data.wrong_share,
        threshold=budget.threshold,
        matches=len(found),
        decided_by=actor.user_id,
        decided_by_name=actor.name,
        decided_at=datetime.now(UTC),
    )
    session.add(bulk)
    await session.flush()
    sides = await open_sides(session, storage, reconciliation)
    members = await store.members_of(connection, job_id, found)
    await store.add_decisions(connection, await asyncio.to_thread(_decisions, sides, bulk, members))
    standing = Standing(MatchStatus.CONFIRMED.value, bulk.decided_by, bulk.decided_by_name, bulk.decided_at)
    await change_matches(connection, job_id, found, standing)
    after = {"matches": len(found), "wrong_share": data.wrong_share, "threshold": budget.threshold, "reviewed": budget.reviewed}
    await _tell(session, events, actor, reconciliation, bulk, "matches.confirm", after)
    return bulk_out(bulk)


async def undo_confirmation(session: AsyncSession, events: Events, actor: Actor, job_id: UUID, bulk_id: UUID) -> BulkUndone:
    """Take a confirmation back, whoever made it. Matches that were decided by themselves later stay as that left them."""
    reconciliation = await get_finished(session, actor, job_id, "undo_confirmation")
    connection = await driver(session)
    await lock_job(connection, job_id)
    bulk = await session.get(BulkDecision, bulk_id, populate_existing=True)
    if bulk is None or bulk.job_id != job_id:
        raise NotFound(NO_BULK)
    if bulk.undone_at is not None:
        raise Conflict(f"{bulk.undone_by_name} took this confirmation back already.")
    bulk.undone_at, bulk.undone_by, bulk.undone_by_name = datetime.now(UTC), actor.user_id, actor.name
    await session.flush()
    reopened = await store.undo_decisions(connection, job_id, bulk_id, actor.user_id, bulk.undone_at)
    await change_matches(connection, job_id, reopened, Standing(MatchStatus.SUGGESTED.value))
    await _tell(session, events, actor, reconciliation, bulk, "matches.confirm_undo", {"reopened": len(reopened)})
    return BulkUndone(bulk=bulk_out(bulk), reopened=len(reopened))


def bulk_out(bulk: BulkDecision) -> BulkDecisionOut:
    return BulkDecisionOut(
        id=bulk.id,
        wrong_share=bulk.wrong_share,
        threshold=bulk.threshold,
        matches=bulk.matches,
        decided_by=bulk.decided_by_name,
        decided_at=bulk.decided_at,
        undone_by=bulk.undone_by_name,
        undone_at=bulk.undone_at,
    )


async def _budget(connection: Connection, job_id: UUID, wrong_share: float) -> Budget:
    reviewed = await reviewed_suggestions(connection, job_id)
    waiting = MatchFilter(status=MatchStatus.SUGGESTED.value, decided=False)
    left = (await count_matches(connection, job_id, waiting)).total
    found = await asyncio.to_thread(
        engine.error_budget, pl.Series([], dtype=pl.Float64), reviewed.sample, wrong_share=wrong_share
    )
    confirmed = MatchCount(0, 0, ())
    if found.threshold is not None:
        above = MatchFilter(status=MatchStatus.SUGGESTED.value, decided=False, confidence_min=found.threshold)
        confirmed = await count_matches(connection, job_id, above)
    wrong = int((~reviewed.sample["right"]).sum())
    return Budget(
        reviewed=found.reviewed,
        wrong=wrong,
        waiting=reviewed.waiting,
        needed=reviewed_needed(wrong_share, wrong),
        threshold=found.threshold,
        wrong_share_max=found.wrong_share_max,
        confirmed=confirmed,
        left=left - confirmed.total,
    )


def _decisions(sides: OpenSides, bulk: BulkDecision, members: dict[int, dict[str, list[int]]]) -> Sequence[tuple[Any, ...]]:
    """Rows of `store.bulk_decisions.DECISION_COLUMNS`: one accepting decision a match."""
    left = sides.keys_by_row("left", [row for rows in members.values() for row in rows["left"]])
    right = sides.keys_by_row("right", [row for rows in members.values() for row in rows["right"]])
    return [
        (
            uuid4(),
            bulk.project_id,
            bulk.job_id,
            match_id,
            "accept",
            sorted(left[row] for row in rows["left"]),
            sorted(right[row] for row in rows["right"]),
            bulk.decided_by,
            bulk.decided_by_name,
            bulk.decided_at,
            bulk.id,
        )
        for match_id, rows in members.items()
    ]


async def _tell(
    session: AsyncSession,
    events: Events,
    actor: Actor,
    reconciliation: Reconciliation,
    bulk: BulkDecision,
    action: str,
    after: dict[str, Any],
) -> None:
    data = bulk_out(bulk).model_dump(mode="json")
    await events.publish(session, f"job:{reconciliation.id}", "matches.decided", data)
    subject = Subject("bulk_decision", bulk.id, reconciliation.project_id)
    await audit.record(session, actor, action, subject, after={"job_id": reconciliation.id, **after})
