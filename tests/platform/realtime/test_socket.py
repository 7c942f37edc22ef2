"""The WebSocket over a real server: rights, resume, sign-out, manners."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest
import uvicorn
from fastapi import FastAPI
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from recon378.accounts.deps import Platform
from tests.platform.client import Client, Person, join, project_of, sign_up
from tests.platform.reconciliation.builders import decide, finished, matches_of, started
from tests.platform.reconciliation.work import work

PATIENCE_SECONDS = 20


@pytest.fixture
async def address(own_app: FastAPI) -> AsyncIterator[str]:
    """The application behind a real server on a free port."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(own_app, lifespan="off", log_level="error", ws="websockets-sansio")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    await serving
    listening.close()


@pytest.fixture
async def owner(own_client: Client) -> Person:
    return await sign_up(own_client, "Alice")


class Browser:
    """A socket as the web client uses it."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def say(self, **message: Any) -> None:
        await self.connection.send(orjson.dumps(message).decode())

    async def hear(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            message: dict[str, Any] = orjson.loads(await self.connection.recv())
            return message

    async def hear_until(self, type: str) -> list[dict[str, Any]]:
        heard = [await self.hear()]
        while heard[-1]["type"] != type:
            heard.append(await self.hear())
        return heard


def opened(address: str, person: Person | None, origin: str | None = None) -> Any:
    cookies = "; ".join(f"{name}={value}" for name, value in (person.cookies if person else {}).items())
    return connect(
        f"ws://{address}/api/v1/ws", additional_headers={"Cookie": cookies}, origin=Origin(origin or f"http://{address}")
    )


async def closed_with(connection: ClientConnection) -> int:
    async with asyncio.timeout(PATIENCE_SECONDS):
        await connection.wait_closed()
    assert connection.close_code is not None
    return connection.close_code


async def test_a_job_is_followed_from_queue_to_result_and_decision(
    own_app: FastAPI, own_client: Client, address: str, owner: Person
) -> None:
    platform: Platform = own_app.state.platform
    job = await started(own_client, platform, owner)
    async with opened(address, owner) as connection:
        browser = Browser(connection)
        await browser.say(subscribe=f"job:{job.job_id}")
        assert (await browser.hear())["type"] == "subscribed"
        await work(platform)
        heard = await browser.hear_until("job.status")
        assert heard[-1]["data"]["status"] == "done"
        assert [message["type"] for message in heard[:-1]] == ["job.progress"] * (len(heard) - 1)
        sequences = [message["sequence"] for message in heard]
        assert sequences == list(range(sequences[0], sequences[0] + len(sequences)))
        match = (await matches_of(own_client, owner, job, status="suggested"))[0]
        await decide(own_client, owner, job, match, "accept")
        decided = await browser.hear()
        assert (decided["type"], decided["data"]["match"]["status"]) == ("match.decided", "confirmed")


async def test_who_comes_back_gets_what_was_missed(own_app: FastAPI, own_client: Client, address: str, owner: Person) -> None:
    platform: Platform = own_app.state.platform
    job = await finished(own_client, platform, owner)
    matches = await matches_of(own_client, owner, job, status="suggested")
    async with opened(address, owner) as connection:
        browser = Browser(connection)
        await browser.say(subscribe=f"job:{job.job_id}")
        seen = (await browser.hear())["sequence"]
    for match in matches[:3]:
        await decide(own_client, owner, job, match, "accept")
    async with opened(address, owner) as connection:
        browser = Browser(connection)
        await browser.say(subscribe=f"job:{job.job_id}", after=seen)
        heard = [await browser.hear() for _ in range(4)]
        assert [message["type"] for message in heard] == ["subscribed"] + ["match.decided"] * 3
        assert [message["data"]["match"]["match_id"] for message in heard[1:]] == [match["match_id"] for match in matches[:3]]
        await browser.say(subscribe=f"job:{job.job_id}", after=10_000)
        assert [(await browser.hear())["type"] for _ in range(2)] == ["subscribed", "refetch"]


async def test_a_stranger_is_refused_a_topic(own_client: Client, address: str, owner: Person) -> None:
    project_id = await project_of(own_client, owner)
    bob = await sign_up(own_client, "Bob")
    async with opened(address, bob) as connection:
        browser = Browser(connection)
        for topic in (f"project:{project_id}", f"job:{project_id}", "job:nonsense", "everything"):
            await browser.say(subscribe=topic)
            refused = await browser.hear()
            assert (refused["topic"], refused["type"]) == (topic, "refused")
        await browser.say(subscribe="user")
        assert (await browser.hear())["type"] == "subscribed"
        await browser.say(ping=1)
        assert (await browser.hear())["type"] == "pong"


async def test_who_is_removed_from_a_project_hears_no_more_of_it(own_client: Client, address: str, owner: Person) -> None:
    project_id = await project_of(own_client, owner)
    bob = await sign_up(own_client, "Bob")
    await join(own_client, owner, project_id, bob, "viewer")
    async with opened(address, bob) as connection:
        browser = Browser(connection)
        await browser.say(subscribe=f"project:{project_id}")
        assert (await browser.hear())["type"] == "subscribed"
        await own_client.as_(owner).delete(f"/projects/{project_id}/members/{bob.id}")
        assert (await browser.hear())["type"] == "refused"


async def test_the_socket_closes_on_sign_out(own_client: Client, address: str, owner: Person) -> None:
    async with opened(address, owner) as connection:
        await Browser(connection).say(ping=1)
        assert (await own_client.as_(owner).post("/auth/sign-out")).status_code == 204
        assert await closed_with(connection) == 4401


@pytest.mark.parametrize(
    "message", ["not json", '{"launch": "missiles"}', '["subscribe"]', '{"subscribe": "user", "after": "x"}']
)
async def test_a_message_of_no_known_kind_ends_the_conversation(address: str, owner: Person, message: str) -> None:
    async with opened(address, owner) as connection:
        await connection.send(message)
        assert await closed_with(connection) == 4400


async def test_nobody_and_other_sites_get_no_socket(address: str, owner: Person) -> None:
    for person, origin in ((None, None), (owner, "https://evil.example")):
        with pytest.raises((InvalidStatus, ConnectionClosed)):
            async with opened(address, person, origin) as connection:
                await connection.recv()
