"""Open records of both sides: pages with counts by type, and one record with the rival that came closest."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from asyncpg import Record
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.actor import Actor
from recon378.adapters.storage import Storage
from recon378.errors import NotFound
from recon378.reconciliation.schemas import ExceptionDetail, ExceptionRow, ExceptionSort, RecordOut
from recon378.reconciliation.service import explanations
from recon378.reconciliation.service.jobs import get_finished
from recon378.reconciliation.service.money import amounts_text, money_text
from recon378.reconciliation.service.sides import OpenSides, SideName, open_sides
from recon378.reconciliation.store import exceptions as store
from recon378.reconciliation.store.connection import driver
from recon378.reconciliation.store.exceptions import ExceptionFilter
from recon378.reconciliation.store.matches import is_rejected_pair


@dataclass(frozen=True, slots=True)
class ExceptionQuery:
    """A page of exceptions as the API asks for it."""

    side: SideName | None = None
    type: str | None = None
    q: str = ""
    sort: ExceptionSort = ExceptionSort.FILE_ORDER
    cursor: str | None = None
    limit: int = 50


async def list_exceptions(session: AsyncSession, actor: Actor, job_id: UUID, query: ExceptionQuery) -> bytes:
    """An `ExceptionPage` as JSON."""
    reconciliation = await get_finished(session, actor, job_id, "list_exceptions")
    scale = reconciliation.amount_scale
    filter = ExceptionFilter(side=query.side, type=query.type, q=query.q.replace("\0", ""))
    connection = await driver(session)
    rows, next_cursor = await store.page_of_exceptions(connection, job_id, filter, query.sort.value, query.cursor, query.limit)
    types = await store.types_of_exceptions(connection, job_id, query.side)
    page = {
        "items": [exception_row(row, scale) for row in rows],
        "next_cursor": next_cursor,
        "total": await store.count_exceptions(connection, job_id, filter),
        "types": [{"value": kind.type, "count": kind.count, "amounts": amounts_text(kind.amounts, scale)} for kind in types],
    }
    return orjson.dumps(page)


async def exception_detail(
    session: AsyncSession, storage: Storage, actor: Actor, job_id: UUID, side: SideName, row: int
) -> ExceptionDetail:
    """One open record, and why its best rival was not taken."""
    reconciliation = await get_finished(session, actor, job_id, "get_exception")
    connection = await driver(session)
    record = await store.exception_record(connection, job_id, side, row)
    if record is None:
        raise NotFound(f"Row {row} of the {side} side is not open in this job.")
    pair = _pair_with_rival(record)
    rejected = pair is not None and await is_rejected_pair(connection, job_id, *pair)
    sides = await open_sides(session, storage, reconciliation)
    return await asyncio.to_thread(_detail, sides, record, pair, rejected, reconciliation.amount_scale)


def exception_row(record: Record | Mapping[str, Any], scale: int) -> dict[str, Any]:
    """An `ExceptionRow` as plain data for orjson."""
    return {
        "side": record["side"],
        "row": record["row"],
        "type": record["type"],
        "reason": record["reason"],
        "label": record["label"],
        "reference": record["reference"],
        "amount": money_text(record["amount_minor"], scale),
        "currency": record["currency"],
        "value_date": record["value_date"],
        "best_rival_row": record["best_rival_row"],
        "best_confidence": record["best_confidence"],
    }


def _pair_with_rival(record: Record) -> tuple[int, int] | None:
    row, rival_row = record["row"], record["best_rival_row"]
    if rival_row is None:
        return None
    return (row, rival_row) if record["side"] == "left" else (rival_row, row)


def _detail(sides: OpenSides, record: Record, pair: tuple[int, int] | None, rejected: bool, scale: int) -> ExceptionDetail:
    side: SideName = record["side"]
    found = sides.records(side, [record["row"]])
    return ExceptionDetail(
        exception=ExceptionRow.model_validate(exception_row(record, scale)),
        record=found[0] if found else RecordOut(side=side, row=record["row"], values={}),
        rival=explanations.explanation_out(sides, *pair, rejected=rejected) if pair and found else None,
    )
