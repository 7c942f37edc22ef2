"""The review list: pages of matches as bytes, at a million rows; and one match with all that explains it."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson
from asyncpg import Connection, Record
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.actor import Actor
from recon378.adapters.storage import Storage
from recon378.errors import NotFound
from recon378.reconciliation.models import Decision, Reconciliation
from recon378.reconciliation.schemas import (
    DecisionOut,
    MatchDetail,
    MatchRow,
    MatchSort,
    MatchStatus,
    RunnerUp,
)
from recon378.reconciliation.service import explanations
from recon378.reconciliation.service.jobs import get_finished
from recon378.reconciliation.service.money import amounts_text, minor_at_least, minor_at_most, money_text
from recon378.reconciliation.service.outline import match_sentence
from recon378.reconciliation.service.sides import OpenSides, open_sides
from recon378.reconciliation.store import matches as store
from recon378.reconciliation.store.connection import driver
from recon378.reconciliation.store.matches import MatchCount, MatchFilter

COUNTS_KEPT: Final = 512
MEMBERS_SHOWN_MAX: Final = 200
NO_MATCH: Final = "This job has no such match."


@dataclass(frozen=True, slots=True)
class MatchQuery:
    """A page of matches as the API asks for it."""

    status: MatchStatus | None = None
    method: str | None = None
    q: str = ""
    ambiguous: bool | None = None
    decided: bool | None = None
    confidence_min: float | None = None
    confidence_max: float | None = None
    amount_min: str | None = None
    amount_max: str | None = None
    sort: MatchSort = MatchSort.FILE_ORDER
    cursor: str | None = None
    limit: int = 50


class Counts:
    """Counts of the last filters, each good until the next decision of its job, which raises the revision."""

    def __init__(self, limit: int = COUNTS_KEPT) -> None:
        self._limit = limit
        self._known: OrderedDict[tuple[UUID, int, MatchFilter], MatchCount] = OrderedDict()

    async def count(self, connection: Connection, reconciliation: Reconciliation, filter: MatchFilter) -> MatchCount:
        key = (reconciliation.id, reconciliation.revision, filter)
        count = self._known.get(key)
        if count is None:
            count = await store.count_matches(connection, reconciliation.id, filter)
        self._known[key] = count
        self._known.move_to_end(key)
        while len(self._known) > self._limit:
            self._known.popitem(last=False)
        return count


_COUNTS: Final = Counts()


async def list_matches(session: AsyncSession, actor: Actor, job_id: UUID, query: MatchQuery) -> bytes:
    """A `MatchPage` as JSON: no objects and no second validation on the way from the database to the socket."""
    reconciliation = await get_finished(session, actor, job_id, "list_matches")
    scale = reconciliation.amount_scale
    filter = _filter(query, scale)
    connection = await driver(session)
    rows, next_cursor = await store.page_of_matches(connection, job_id, filter, query.sort.value, query.cursor, query.limit)
    count = await _COUNTS.count(connection, reconciliation, filter)
    page = {
        "items": [match_row(row, scale) for row in rows],
        "next_cursor": next_cursor,
        "total": count.total,
        "undecided": count.undecided,
        "amounts": amounts_text(count.amounts, scale),
    }
    return orjson.dumps(page)


async def match_detail(session: AsyncSession, storage: Storage, actor: Actor, job_id: UUID, match_id: int) -> MatchDetail:
    """One match: members, fields side by side, evidence, runner-up, decisions."""
    reconciliation = await get_finished(session, actor, job_id, "get_match")
    connection = await driver(session)
    record = await store.match_record(connection, job_id, match_id)
    if record is None:
        raise NotFound(NO_MATCH)
    members = await store.match_rows(connection, job_id, match_id, MEMBERS_SHOWN_MAX)
    decisions = await decisions_of_match(session, job_id, match_id)
    sides = await open_sides(session, storage, reconciliation)
    return await asyncio.to_thread(_detail, reconciliation, sides, record, members, decisions)


async def decisions_of_match(session: AsyncSession, job_id: UUID, match_id: int) -> list[Decision]:
    """Newest first."""
    statement = select(Decision).where(Decision.job_id == job_id, Decision.match_id == match_id)
    return list((await session.execute(statement.order_by(Decision.decided_at.desc(), Decision.id.desc()))).scalars())


def match_row(record: Record | Mapping[str, Any], scale: int) -> dict[str, Any]:
    """A `MatchRow` as plain data for orjson."""
    return {
        "match_id": record["match_id"],
        "status": record["status"],
        "confidence": record["confidence"],
        "method": record["method"],
        "pass_name": record["pass_name"],
        "left_count": record["left_count"],
        "right_count": record["right_count"],
        "left_label": record["left_label"],
        "right_label": record["right_label"],
        "reference": record["reference"],
        "amount": money_text(record["amount_minor"], scale),
        "residual": money_text(record["residual_minor"], scale),
        "residual_reason": record["residual_reason"],
        "currency": record["currency"],
        "value_date": record["value_date"],
        "ambiguous": record["ambiguous"],
        "reason": record["reason"],
        "decided_by": record["decided_by_name"],
        "decided_at": record["decided_at"],
        "version": record["version"],
    }


def decision_out(decision: Decision) -> DecisionOut:
    return DecisionOut(
        id=decision.id,
        match_id=decision.match_id,
        action="accept" if decision.action == "accept" else "reject",
        decided_by=decision.decided_by_name,
        decided_at=decision.decided_at,
        undone_at=decision.undone_at,
        bulk_id=decision.bulk_id,
    )


def _detail(
    reconciliation: Reconciliation, sides: OpenSides, record: Record, members: dict[str, list[int]], decisions: list[Decision]
) -> MatchDetail:
    left_row, right_row = members["left"][0], members["right"][0]
    rejected = record["status"] == MatchStatus.REJECTED
    explanation = explanations.explain_pair(sides, left_row, right_row, rejected=rejected)
    return MatchDetail(
        match=MatchRow.model_validate(match_row(record, reconciliation.amount_scale)),
        left=sides.records("left", members["left"]),
        right=sides.records("right", members["right"]),
        fields=explanations.compare_fields(sides, left_row, right_row),
        prior_bits=explanation.prior_bits,
        evidence=explanations.evidence_out(explanation),
        calibration=match_sentence(reconciliation.summary, record["method"], record["confidence"]),
        runner_up=_runner_up(sides, record),
        decisions=[decision_out(decision) for decision in decisions],
    )


def _runner_up(sides: OpenSides, record: Record) -> RunnerUp | None:
    confidence, left_row, right_row = (
        record[name] for name in ("runner_up_confidence", "runner_up_left_row", "runner_up_right_row")
    )
    if confidence is None or left_row is None or right_row is None:
        return None
    return RunnerUp(
        confidence=confidence, left=sides.records("left", [left_row])[0], right=sides.records("right", [right_row])[0]
    )


def _filter(query: MatchQuery, scale: int) -> MatchFilter:
    return MatchFilter(
        status=query.status.value if query.status else None,
        method=query.method,
        q=query.q.replace("\0", ""),
        ambiguous=query.ambiguous,
        decided=query.decided,
        confidence_min=query.confidence_min,
        confidence_max=query.confidence_max,
        amount_min_minor=minor_at_least(query.amount_min, scale, "amount_min"),
        amount_max_minor=minor_at_most(query.amount_max, scale, "amount_max"),
    )
