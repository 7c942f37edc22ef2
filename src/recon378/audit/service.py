"""Write the audit trail and prove it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.actor import Actor
from recon378.audit.models import AuditEvent, AuditHead

FIRST_HASH = "0" * 64
VERIFY_BATCH_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Subject:
    """What was acted on: its kind in one word, its id, and the project it lies in."""

    type: str
    id: UUID | str
    project_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """`broken_at` is the first event that is not what was written, with `reason`; both are None where the chain holds."""

    events: int
    head_hash: str
    broken_at: int | None = None
    reason: str | None = None


async def record(
    session: AsyncSession,
    actor: Actor | None,
    action: str,
    subject: Subject,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEvent:
    """Append one event in the caller's transaction.

    Do it last: writers wait in line until the commit. `actor` None is the platform itself.
    """
    head = (await session.execute(select(AuditHead).with_for_update())).scalar_one()
    event = AuditEvent(
        id=head.event_id + 1,
        at=datetime.now(UTC),
        actor_id=actor.user_id if actor else None,
        actor_name=actor.name if actor else "platform",
        address=actor.address if actor else "",
        request_id=actor.request_id if actor else "",
        project_id=subject.project_id,
        action=action,
        object_type=subject.type,
        object_id=str(subject.id),
        before=plain(before),
        after=plain(after),
        reason=reason,
        previous_hash=head.hash,
    )
    event.hash = hash_of(event)
    session.add(event)
    await session.execute(update(AuditHead).values(event_id=event.id, hash=event.hash))
    await session.flush()
    return event


async def verify(session: AsyncSession) -> Verification:
    """Recompute the chain from the first event to the head.

    Finds an edited, removed, inserted or swapped event and a cut-off tail.
    """
    count, previous = 0, FIRST_HASH
    while batch := await events_after(session, count):
        for event in batch:
            count += 1
            reason = fault(event, count, previous)
            if reason:
                return Verification(count, previous, count, reason)
            previous = event.hash
    head = (await session.execute(select(AuditHead))).scalar_one_or_none()
    if head is None or head.event_id != count or head.hash != previous:
        return Verification(count, previous, count + 1, "The last events are missing, or the head was changed.")
    return Verification(count, previous)


async def events_after(session: AsyncSession, event_id: int) -> list[AuditEvent]:
    statement = select(AuditEvent).where(AuditEvent.id > event_id).order_by(AuditEvent.id).limit(VERIFY_BATCH_ROWS)
    batch = list((await session.execute(statement.execution_options(populate_existing=True))).scalars())
    session.expunge_all()
    return batch


def fault(event: AuditEvent, expected_id: int, previous_hash: str) -> str | None:
    if event.id != expected_id:
        return f"Event {expected_id} is missing."
    if event.previous_hash != previous_hash:
        return f"Event {event.id} does not follow the event before it."
    if event.hash != hash_of(event):
        return f"Event {event.id} was changed after it was written."
    return None


def hash_of(event: AuditEvent) -> str:
    names = (
        "id",
        "actor_id",
        "actor_name",
        "address",
        "request_id",
        "project_id",
        "action",
        "object_type",
        "object_id",
        "before",
        "after",
        "reason",
    )
    content = {name: getattr(event, name) for name in names} | {"at": event.at.astimezone(UTC).isoformat(timespec="microseconds")}
    return hashlib.sha256(
        event.previous_hash.encode() + orjson.dumps(content, default=str, option=orjson.OPT_SORT_KEYS)
    ).hexdigest()


def plain(value: dict[str, Any] | None) -> dict[str, Any] | None:
    """`value` as PostgreSQL gives it back from jsonb, so that the hash of what is read equals the hash of what was written.

    Fractions become text.
    """
    return (
        None if value is None else json.loads(orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS), parse_float=str)
    )
