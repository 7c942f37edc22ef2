"""One suite for every implementation of the events port."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import text

from recon378.adapters.database import Database
from recon378.adapters.events import Events, Listener, MemoryEvents, Message, PostgresEvents

WAIT_SECONDS = 5


@pytest.fixture(params=["memory", "postgres"])
async def events(request: pytest.FixtureRequest, own_database: Database, own_database_url: str) -> AsyncIterator[Events]:
    made: dict[str, Callable[[], Events]] = {
        "memory": lambda: MemoryEvents(replay_messages=60),
        "postgres": lambda: PostgresEvents(own_database, own_database_url, replay_messages=60),
    }
    events = made[request.param]()
    await events.start()
    yield events
    await events.stop()


async def publish(database: Database, events: Events, topic: str, *numbers: int, size: int = 1) -> None:
    for number in numbers:
        async with database.transaction() as session:
            await events.publish(session, topic, "counted", {"number": number, "padding": "x" * size})


async def received(listener: Listener, count: int) -> list[Message]:
    return [await asyncio.wait_for(listener.next(), WAIT_SECONDS) for _ in range(count)]


def numbers(messages: list[Message]) -> list[Any]:
    return [message.data["number"] for message in messages]


async def test_a_listener_gets_the_messages_of_its_topic_in_order(events: Events, own_database: Database) -> None:
    listener = events.listen()
    assert await listener.follow("job:1") == []
    await publish(own_database, events, "job:2", 99)
    await publish(own_database, events, "job:1", 1, 2, 3)
    messages = await received(listener, 3)
    assert numbers(messages) == [1, 2, 3]
    assert [message.sequence for message in messages] == [1, 2, 3]


async def test_nothing_is_sent_when_the_transaction_rolls_back(events: Events, own_database: Database) -> None:
    listener = events.listen()
    await listener.follow("job:1")
    async with own_database.sessions() as session:
        await events.publish(session, "job:1", "counted", {"number": 1})
        await session.rollback()
    await publish(own_database, events, "job:1", 2)
    assert numbers(await received(listener, 1)) == [2]


async def test_who_comes_back_gets_what_it_missed(events: Events, own_database: Database) -> None:
    await publish(own_database, events, "job:1", 1, 2, 3, 4)
    listener = events.listen()
    missed = await listener.follow("job:1", after=2)
    assert missed is not None
    assert numbers(missed) == [3, 4]
    await publish(own_database, events, "job:1", 5)
    assert numbers(await received(listener, 1)) == [5]


async def test_what_is_no_longer_kept_must_be_refetched(events: Events, own_database: Database) -> None:
    await publish(own_database, events, "job:1", *range(120))
    assert await events.listen().follow("job:1", after=3) is None
    assert await events.listen().follow("job:1", after=118) is not None
    assert await events.listen().follow("job:1", after=7_000) is None


async def test_a_large_message_arrives_whole_and_in_order(events: Events, own_database: Database) -> None:
    listener = events.listen()
    await listener.follow("job:1")
    await publish(own_database, events, "job:1", 1)
    await publish(own_database, events, "job:1", 2, size=20_000)
    await publish(own_database, events, "job:1", 3)
    messages = await received(listener, 3)
    assert numbers(messages) == [1, 2, 3]
    assert len(messages[1].data["padding"]) == 20_000


async def test_publishers_at_once_leave_no_gap(events: Events, own_database: Database) -> None:
    listener = events.listen()
    await listener.follow("job:1")
    await asyncio.gather(*(publish(own_database, events, "job:1", number) for number in range(20)))
    messages = await received(listener, 20)
    assert [message.sequence for message in messages] == list(range(1, 21))
    assert sorted(numbers(messages)) == list(range(20))


async def test_a_slow_listener_loses_nothing(events: Events, own_database: Database) -> None:
    listener = events.listen()
    listener.waiting = asyncio.Queue(5)
    await listener.follow("job:1")
    await publish(own_database, events, "job:1", *range(30))
    await asyncio.sleep(0.2)
    assert numbers(await received(listener, 30)) == list(range(30))


async def test_an_unfollowed_topic_is_silent(events: Events, own_database: Database) -> None:
    listener = events.listen()
    await listener.follow("job:1")
    await listener.follow("job:2")
    listener.unfollow("job:1")
    await publish(own_database, events, "job:1", 1)
    await publish(own_database, events, "job:2", 2)
    assert numbers(await received(listener, 1)) == [2]


async def test_a_broken_connection_heals_and_nothing_is_missed(own_database: Database, own_database_url: str) -> None:
    events = PostgresEvents(own_database, own_database_url)
    await events.start()
    listener = events.listen()
    await listener.follow("job:1")
    async with own_database.transaction() as session:
        await session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            )
        )
    await publish(own_database, events, "job:1", 1, 2)
    assert numbers(await received(listener, 2)) == [1, 2]
    await events.stop()
