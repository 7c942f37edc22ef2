"""The audit trail proves itself."""

from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from recon378.actor import Actor
from recon378.adapters.database import Database
from recon378.audit import service as audit
from recon378.audit.models import AuditEvent
from recon378.audit.service import Subject, Verification
from tests.platform.client import Client, join, project_of, sign_up

ACTOR = Actor(uuid4(), "Alice", "alice@example.com", address="203.0.113.7", request_id="trace-1")


async def record_five(database: Database) -> None:
    for number in range(5):
        async with database.transaction() as session:
            subject = Subject("match", str(number), uuid4())
            after = {"number": number, "share": 0.1, "big": 1e22, "text": "ä€🙂", "none": None, "list": [1, {"a": 2}]}
            await audit.record(
                session, ACTOR, "match.accept", subject, before={"status": "suggested"}, after=after, reason="same reference"
            )


async def verified(database: Database) -> Verification:
    async with database.transaction() as session:
        return await audit.verify(session)


async def tamper(database: Database, *statements: str) -> None:
    """Change what only the owner of the database can: with the triggers off."""
    async with database.engine.begin() as connection:
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            await connection.execute(text(statement))


async def test_an_untouched_chain_holds(own_database: Database) -> None:
    assert (await verified(own_database)).broken_at is None
    await record_five(own_database)
    result = await verified(own_database)
    assert (result.events, result.broken_at) == (5, None)


@pytest.mark.parametrize(
    ("statements", "broken_at"),
    [
        (["UPDATE audit_event SET reason = 'another' WHERE id = 3"], 3),
        (["UPDATE audit_event SET after = jsonb_set(after, '{number}', '7') WHERE id = 2"], 2),
        (["UPDATE audit_event SET at = at + interval '1 microsecond' WHERE id = 4"], 4),
        (["DELETE FROM audit_event WHERE id = 3"], 3),
        (["DELETE FROM audit_event WHERE id = 5"], 5),
        (["DELETE FROM audit_event WHERE id > 3"], 4),
        (
            [
                "UPDATE audit_event SET id = 99 WHERE id = 2",
                "UPDATE audit_event SET id = 2 WHERE id = 3",
                "UPDATE audit_event SET id = 3 WHERE id = 99",
            ],
            2,
        ),
        (["UPDATE audit_head SET hash = repeat('0', 64)"], 6),
    ],
    ids=["edited", "edited content", "moved in time", "removed", "last removed", "tail cut off", "swapped", "head changed"],
)
async def test_every_kind_of_tampering_is_found_where_it_is(
    own_database: Database, statements: list[str], broken_at: int
) -> None:
    await record_five(own_database)
    await tamper(own_database, *statements)
    assert (await verified(own_database)).broken_at == broken_at


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_event SET reason = ''", "DELETE FROM audit_event", "TRUNCATE audit_event", "DELETE FROM audit_head"],
)
async def test_the_database_refuses_to_change_the_past(own_database: Database, statement: str) -> None:
    await record_five(own_database)
    with pytest.raises(DBAPIError, match="append-only"):
        async with own_database.transaction() as session:
            await session.execute(text(statement))


async def test_what_people_do_is_on_record(own_client: Client, own_database: Database) -> None:
    await sign_up(own_client, "Root")
    alice, bob = await sign_up(own_client, "Alice"), await sign_up(own_client, "Bob")
    project_id = await project_of(own_client, alice)
    await join(own_client, alice, project_id, bob, "viewer")
    await own_client.as_(alice).patch(f"/projects/{project_id}/members/{bob.id}", json={"role": "reviewer"})
    await own_client.as_(alice).delete(f"/projects/{project_id}")
    async with own_database.transaction() as session:
        events = (
            (await session.execute(select(AuditEvent).where(AuditEvent.project_id == project_id).order_by(AuditEvent.id)))
            .scalars()
            .all()
        )
    assert [event.action for event in events] == ["project.create", "member.add", "member.change", "project.delete"]
    assert (events[2].before, events[2].after) == ({"role": "viewer"}, {"role": "reviewer"})
    assert {(event.actor_name, event.address) for event in events} == {("Alice", "203.0.113.7")}
    assert all(event.request_id for event in events)
    assert (await verified(own_database)).broken_at is None
