"""LISTEN on one channel of PostgreSQL for ever, over broken connections and restarts of the server."""

import asyncio
from collections.abc import Callable

import asyncpg
import structlog

from recon378.adapters.database import plain_url

log = structlog.get_logger(__name__)

CONNECT_TIMEOUT_SECONDS = 10
CHECK_SECONDS = 15.0  # a connection that was cut without a word is found by asking
ANSWER_TIMEOUT_SECONDS = 5
RECONNECT_SECONDS = 0.5


async def keep_listening(url: str, channel: str, on_message: Callable[[str], None], on_connected: Callable[[], None]) -> None:
    """Call `on_message` with each payload, and `on_connected` whenever a connection stands; what was sent before is lost."""
    while True:
        try:
            await listen_once(url, channel, on_message, on_connected)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("listening.interrupted", channel=channel, reason=type(error).__name__)
        await asyncio.sleep(RECONNECT_SECONDS)


async def listen_once(url: str, channel: str, on_message: Callable[[str], None], on_connected: Callable[[], None]) -> None:
    connection = await asyncpg.connect(plain_url(url), timeout=CONNECT_TIMEOUT_SECONDS)
    closed = asyncio.Event()
    try:
        connection.add_termination_listener(lambda _: closed.set())
        await connection.add_listener(channel, lambda _connection, _pid, _channel, payload: on_message(payload))
        on_connected()
        while not closed.is_set():
            try:
                await asyncio.wait_for(closed.wait(), CHECK_SECONDS)
            except TimeoutError:
                await connection.fetchval("SELECT 1", timeout=ANSWER_TIMEOUT_SECONDS)
    finally:
        await connection.close(timeout=ANSWER_TIMEOUT_SECONDS)
