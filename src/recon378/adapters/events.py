"""Messages to whoever looks on: numbered within a topic, sent when the transaction commits, kept for a while so that a listener
gets what it missed.

Two implementations of one port: `PostgresEvents` over LISTEN/NOTIFY for separate processes, `MemoryEvents` for one process.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import orjson
from sqlalchemy import BigInteger, Index, delete, event, func, select, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, Session, mapped_column

from recon378.adapters.database import Base, Database
from recon378.adapters.listening import keep_listening

CHANNEL = "recon378_event"
NOTIFY_LIMIT_BYTES = 7900  # PostgreSQL refuses payloads of 8000
LISTENER_QUEUE_MESSAGES = 1000
PRUNE_EVERY_MESSAGES = 50
POKE = ""  # type of a message without content: "there is something, read it from the table"


@dataclass(frozen=True, slots=True)
class Message:
    """`sequence` rises by one within a topic, in the order of the commits."""

    topic: str
    sequence: int
    type: str
    data: dict[str, Any]


class Listener:
    """One reader of some topics, such as a WebSocket. `follow` topics, then `await next()` for ever, then `close`."""

    def __init__(self, source: "Events") -> None:
        self.source = source
        self.last: dict[str, int] = {}
        self.waiting: asyncio.Queue[Message] = asyncio.Queue(LISTENER_QUEUE_MESSAGES)
        self.overflowed: set[str] = set()
        self.ready: deque[Message] = deque()

    async def follow(self, topic: str, after: int | None = None) -> list[Message] | None:
        """Begin to receive `topic`. With `after`, return what came since; None where that is gone and must be refetched."""
        self.last[topic] = 0
        latest = await self.source.latest(topic)
        missed = [] if after is None or after == latest else await self.source.since(topic, after)
        self.last[topic] = missed[-1].sequence if missed else latest
        return missed

    def unfollow(self, topic: str) -> None:
        self.last.pop(topic, None)

    async def next(self) -> Message:
        """The next message of a followed topic, each once and in order; type "refetch" where some are gone."""
        while True:
            if self.ready:
                return self.ready.popleft()
            message = await self.take()
            last = self.last.get(message.topic)
            if last is None or (message.sequence <= last and message.type != POKE):
                continue
            if message.sequence == last + 1 and message.type != POKE:
                self.last[message.topic] = message.sequence
                return message
            await self.fill_gap(message.topic, last)

    async def take(self) -> Message:
        if self.waiting.empty() and self.overflowed:
            return Message(self.overflowed.pop(), 0, POKE, {})
        return await self.waiting.get()

    async def fill_gap(self, topic: str, last: int) -> None:
        """Read from the source what did not come by itself: too large, dropped by a full queue, or sent while we were
        disconnected.
        """
        missed = await self.source.since(topic, last)
        if missed is None:
            missed = [Message(topic, await self.source.latest(topic), "refetch", {})]
        if missed:
            self.last[topic] = missed[-1].sequence
        self.ready.extend(missed)

    def offer(self, message: Message) -> None:
        if message.topic not in self.last:
            return
        try:
            self.waiting.put_nowait(message)
        except asyncio.QueueFull:
            self.overflowed.add(message.topic)

    def close(self) -> None:
        self.source.listeners.discard(self)


class Events(Protocol):
    """The port: publish inside a transaction, listen outside of it."""

    listeners: set[Listener]

    async def publish(self, session: AsyncSession, topic: str, type: str, data: dict[str, Any]) -> None:
        """Send when the session's transaction commits, never if it does not. Do it last: a topic is locked until the commit."""
        ...

    def listen(self) -> Listener: ...

    async def latest(self, topic: str) -> int:
        """The number of the last message of a topic, 0 before the first."""
        ...

    async def since(self, topic: str, after: int) -> list[Message] | None:
        """The messages after number `after`, in order; None where some of them are no longer kept."""
        ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


class MemoryEvents:
    """Events of one process; the last messages of each topic are kept in memory."""

    def __init__(self, replay_messages: int = 1000) -> None:
        self.listeners: set[Listener] = set()
        self.sequences: dict[str, int] = defaultdict(int)
        self.kept: dict[str, deque[Message]] = defaultdict(lambda: deque(maxlen=replay_messages))

    async def publish(self, session: AsyncSession, topic: str, type: str, data: dict[str, Any]) -> None:
        def send() -> None:
            self.sequences[topic] += 1
            message = Message(topic, self.sequences[topic], type, data)
            self.kept[topic].append(message)
            offer_to_all(self.listeners, message)

        after_commit(session, send)

    def listen(self) -> Listener:
        listener = Listener(self)
        self.listeners.add(listener)
        return listener

    async def latest(self, topic: str) -> int:
        return self.sequences[topic]

    async def since(self, topic: str, after: int) -> list[Message] | None:
        return unbroken([message for message in self.kept[topic] if message.sequence > after], after, self.sequences[topic])

    async def start(self) -> None:
        """Nothing to connect."""

    async def stop(self) -> None:
        """Nothing to disconnect."""


class EventTopic(Base):
    """The counter of a topic; its row lock puts publishers of one topic into the order of their commits."""

    __tablename__ = "event_topic"

    topic: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)


class EventMessage(Base):
    """The last messages of each topic, for listeners that come back."""

    __tablename__ = "event_message"
    __table_args__ = (Index("ix_event_message_created_at", "created_at"),)

    topic: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    type: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class PostgresEvents:
    """Events of many processes.

    Messages travel as NOTIFY at commit; large ones, and those missed during a reconnect, are read from the table.
    """

    def __init__(self, database: Database, url: str, replay_messages: int = 1000) -> None:
        self.database = database
        self.url = url
        self.replay_messages = replay_messages
        self.listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self._connected = asyncio.Event()

    async def publish(self, session: AsyncSession, topic: str, type: str, data: dict[str, Any]) -> None:
        counter = insert(EventTopic).values(topic=topic, sequence=1)
        counter = counter.on_conflict_do_update(index_elements=["topic"], set_={"sequence": EventTopic.sequence + 1})
        sequence = (await session.execute(counter.returning(EventTopic.sequence))).scalar_one()
        await session.execute(insert(EventMessage).values(topic=topic, sequence=sequence, type=type, data=data))
        if sequence % PRUNE_EVERY_MESSAGES == 0:
            await session.execute(
                delete(EventMessage).where(EventMessage.topic == topic, EventMessage.sequence <= sequence - self.replay_messages)
            )
        payload = orjson.dumps([topic, sequence, type, data])
        if len(payload) > NOTIFY_LIMIT_BYTES:
            payload = orjson.dumps([topic, sequence, POKE, {}])
        await session.execute(text("SELECT pg_notify(:channel, :payload)"), {"channel": CHANNEL, "payload": payload.decode()})

    def listen(self) -> Listener:
        listener = Listener(self)
        self.listeners.add(listener)
        return listener

    async def latest(self, topic: str) -> int:
        async with self.database.transaction() as session:
            return (await session.execute(select(EventTopic.sequence).where(EventTopic.topic == topic))).scalar_one_or_none() or 0

    async def since(self, topic: str, after: int) -> list[Message] | None:
        columns = (EventMessage.topic, EventMessage.sequence, EventMessage.type, EventMessage.data)
        async with self.database.transaction() as session:
            rows = await session.execute(
                select(*columns).where(EventMessage.topic == topic, EventMessage.sequence > after).order_by(EventMessage.sequence)
            )
            latest = (
                await session.execute(select(EventTopic.sequence).where(EventTopic.topic == topic))
            ).scalar_one_or_none() or 0
        return unbroken([Message(*row) for row in rows if row.sequence <= latest], after, latest)

    async def start(self) -> None:
        """Listen until `stop`; returns when the first connection stands."""
        self._task = asyncio.create_task(keep_listening(self.url, CHANNEL, self.on_notify, self.catch_up))
        await self._connected.wait()

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def on_notify(self, payload: str) -> None:
        offer_to_all(self.listeners, Message(*orjson.loads(payload)))

    def catch_up(self) -> None:
        """Let every listener look for what was sent while there was no connection."""
        self._connected.set()
        for listener in self.listeners:
            for topic in listener.last:
                listener.offer(Message(topic, 0, POKE, {}))


async def prune_events(session: AsyncSession, older_than_hours: float) -> None:
    """Forget old messages; the counters stay, so that numbers never start again."""
    await session.execute(delete(EventMessage).where(EventMessage.created_at < func.now() - timedelta(hours=older_than_hours)))


def offer_to_all(listeners: Iterable[Listener], message: Message) -> None:
    for listener in listeners:
        listener.offer(message)


def unbroken(messages: list[Message], after: int, latest: int) -> list[Message] | None:
    """`messages` if they are all of after+1 … latest."""
    return messages if 0 <= after <= latest and len(messages) == latest - after else None


def after_commit(session: AsyncSession, action: Callable[[], None]) -> None:
    """Run `action` when the transaction of this session commits; the release of a savepoint is no commit."""
    done = False

    def on_commit(inner: Session) -> None:
        nonlocal done
        if not done and not inner.in_nested_transaction():
            done = True
            action()

    event.listen(session.sync_session, "after_commit", on_commit)
