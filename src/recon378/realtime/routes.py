"""The WebSocket /ws: events of the topics that a browser follows, each once and in order."""

import asyncio
import contextlib
import time
from typing import Any, Final

import orjson
from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect, WebSocketState

from recon378.accounts.deps import Platform, authenticate, platform_of
from recon378.actor import Actor
from recon378.adapters.events import Message
from recon378.errors import AppError, Unauthorised
from recon378.realtime import service

router = APIRouter()

TOPICS_MAX: Final = 200
FRAME_BYTES_MAX: Final = 4096
SEND_TIMEOUT_SECONDS: Final = 10.0  # who does not read for so long is dropped and comes back with `after`
SESSION_CHECK_SECONDS: Final = 1.0
TOPIC_CHECK_SECONDS: Final = 5.0  # after so long a right that was taken away counts here too
CLOSE_SIGNED_OUT: Final = 4401
CLOSE_BAD_MESSAGE: Final = 4400
CLOSE_TOO_SLOW: Final = 4408
CLOSE_TOO_MANY: Final = 4429


@router.websocket("/ws")
async def follow_events(socket: WebSocket) -> None:
    """Accept a signed-in browser; serve it until it goes, signs out, or is too slow."""
    try:
        actor = await authenticate(socket)
    except Unauthorised:
        await socket.close(CLOSE_SIGNED_OUT)
        return
    await socket.accept()
    await Conversation(socket, platform_of(socket), actor).run()


class Conversation:
    """One socket: what the client asks, what the events bring, and whether the session still lives, side by side."""

    def __init__(self, socket: WebSocket, platform: Platform, actor: Actor) -> None:
        self.socket = socket
        self.platform = platform
        self.actor = actor
        self.listener = platform.events.listen()
        self.names: dict[str, str] = {}  # event topic → topic as the client calls it
        self.sending = asyncio.Lock()

    async def run(self) -> None:
        tasks = [asyncio.create_task(part) for part in (self.receive(), self.forward(), self.watch_session())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            await self.close(next(iter(done)).result())
        finally:
            self.listener.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def close(self, code: int | None) -> None:
        if code is not None and self.socket.client_state is WebSocketState.CONNECTED:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # it may have gone in this moment
                await self.socket.close(code)

    async def receive(self) -> int | None:
        """Answer the client until it leaves; the code to close with, if it is to be sent away."""
        while True:
            try:
                text = await self.socket.receive_text()
                message = orjson.loads(text) if len(text) <= FRAME_BYTES_MAX else None
            except (WebSocketDisconnect, KeyError):
                return None
            except orjson.JSONDecodeError:
                return CLOSE_BAD_MESSAGE
            code = await self.answer(message)
            if code is not None:
                return code

    async def answer(self, message: Any) -> int | None:
        match message:
            case {"subscribe": str(topic), "after": int(after)}:
                return await self.subscribe(topic, after)
            case {"subscribe": str(topic), **rest} if "after" not in rest:
                return await self.subscribe(topic, None)
            case {"unsubscribe": str(topic)}:
                for name in [event for event, called in self.names.items() if called == topic]:
                    self.listener.unfollow(name)
                    del self.names[name]
                return None
            case {"ping": _}:
                return await self.send("", 0, "pong", {})
        return CLOSE_BAD_MESSAGE

    async def subscribe(self, topic: str, after: int | None) -> int | None:
        if len(self.names) >= TOPICS_MAX:
            return CLOSE_TOO_MANY
        try:
            async with self.platform.database.sessions() as session:
                name = await service.event_topic(session, self.actor, topic)
        except AppError as error:
            return await self.send(topic, 0, "refused", {"detail": error.message})
        async with self.sending:  # so that nothing new overtakes what was missed
            self.names[name] = topic
            missed = await self.listener.follow(name, after)
            latest = self.listener.last[name]
            answers = [Message(name, latest, "refetch", {})] if missed is None else missed
            for message in (Message(name, answers[0].sequence - 1 if missed else latest, "subscribed", {}), *answers):
                code = await self.write(topic, message.sequence, message.type, message.data)
                if code is not None:
                    return code
        return None

    async def forward(self) -> int | None:
        """Pass events on; the code to close with, if the client is too slow."""
        while True:
            message = await self.listener.next()
            topic = self.names.get(message.topic)
            code = await self.send(topic, message.sequence, message.type, message.data) if topic is not None else None
            if code is not None:
                return code

    async def watch_session(self) -> int | None:
        """Return once the session has ended: signed out, expired, or changed.

        A topic whose right was taken away is refused from now on.
        """
        checked_at = time.monotonic()
        while True:
            await asyncio.sleep(SESSION_CHECK_SECONDS)
            try:
                await authenticate(self.socket)
            except Unauthorised:
                return CLOSE_SIGNED_OUT
            if time.monotonic() - checked_at >= TOPIC_CHECK_SECONDS:
                checked_at = time.monotonic()
                codes = [await self.check(name, topic) for name, topic in list(self.names.items())]
                if any(codes):
                    return CLOSE_TOO_SLOW

    async def check(self, name: str, topic: str) -> int | None:
        try:
            async with self.platform.database.sessions() as session:
                await service.event_topic(session, self.actor, topic)
        except AppError as error:
            self.listener.unfollow(name)
            self.names.pop(name, None)
            return await self.send(topic, 0, "refused", {"detail": error.message})
        return None

    async def send(self, topic: str, sequence: int, type: str, data: dict[str, Any]) -> int | None:
        async with self.sending:
            return await self.write(topic, sequence, type, data)

    async def write(self, topic: str, sequence: int, type: str, data: dict[str, Any]) -> int | None:
        """Write one `ServerMessage`; the code to close with where the client does not read."""
        frame = orjson.dumps({"topic": topic, "sequence": sequence, "type": type, "data": data}).decode()
        try:
            async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
                await self.socket.send_text(frame)
        except TimeoutError:
            return CLOSE_TOO_SLOW
        except (RuntimeError, WebSocketDisconnect):
            return CLOSE_SIGNED_OUT
        return None
