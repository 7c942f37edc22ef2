"""What a route asks for in its parameters: the transaction, the signed-in actor, and the outside world that `app` has put
together.
"""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, cast
from uuid import UUID

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from recon378.accounts import store
from recon378.accounts.passwords import Passwords
from recon378.accounts.service import Caller
from recon378.accounts.tokens import AccessToken, Tokens
from recon378.actor import Actor
from recon378.adapters import events as events_port
from recon378.adapters import rates, storage
from recon378.adapters.database import Database
from recon378.errors import AppError, Forbidden, Unauthorised
from recon378.settings import Settings as PlatformSettings

ACTOR_LIFE_SECONDS = 0.5  # sign-out and changed rights count within a second, also when another process made them
ACTORS_KEPT_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Platform:
    """The outside world of one API process, put together once in `app` and found at `app.state.platform`."""

    settings: PlatformSettings
    database: Database
    events: events_port.Events
    storage: storage.Storage
    rates: rates.Rates
    passwords: Passwords
    tokens: Tokens
    actors: "Actors"


class Actors:
    """Who is behind an access token, looked up in the database at most twice a second for each session."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.kept: dict[UUID, tuple[float, UUID, Actor]] = {}

    async def of(self, token: AccessToken, caller: Caller) -> Actor:
        """The actor as of now.

        Raises Unauthorised where the session has ended or the account has changed since the token was made.
        """
        now = time.monotonic()
        kept = self.kept.get(token.session_id)
        if kept is None or kept[0] < now or kept[1] != token.security_stamp:
            kept = (now + ACTOR_LIFE_SECONDS, token.security_stamp, await self.look_up(token))
            if len(self.kept) >= ACTORS_KEPT_MAX:
                self.kept.clear()
            self.kept[token.session_id] = kept
        known = kept[2]
        return Actor(known.user_id, known.name, known.email, known.is_administrator, caller.address, caller.request_id)

    async def look_up(self, token: AccessToken) -> Actor:
        async with self.database.transaction() as session:
            user = await store.live_user(session, token.session_id, datetime.now(UTC))
        if user is None or user.id != token.user_id or user.security_stamp != token.security_stamp:
            raise Unauthorised("The session has ended: sign in again.")
        return Actor(user.id, user.name, user.email, user.is_administrator)

    def forget(self, session_id: UUID) -> None:
        """Look this session up again at its next request."""
        self.kept.pop(session_id, None)


def platform_of(connection: HTTPConnection) -> Platform:
    return cast(Platform, connection.app.state.platform)


async def unit_of_work(platform: "CurrentPlatform") -> AsyncIterator[AsyncSession]:
    """One transaction per request, committed before the answer leaves, so that nobody is told of what did not happen."""
    async with platform.database.sessions() as session:
        try:
            yield session
        except AppError as error:
            if error.commits:
                await session.commit()
            raise
        await session.commit()


def caller_of(connection: HTTPConnection) -> Caller:
    """Address, browser and request id, as the middleware has found them."""
    address = connection.client.host if connection.client else ""
    return Caller(address, connection.headers.get("user-agent", ""), connection.scope.get("request_id", ""))


def access_token_of(connection: HTTPConnection) -> AccessToken:
    """The valid access token of this request, checked by the middleware. Raises Unauthorised."""
    token = connection.scope.get("access_token")
    if token is None:
        raise Unauthorised("Sign in first.")
    return cast(AccessToken, token)


async def authenticate(connection: HTTPConnection) -> Actor:
    """The signed-in actor of a request or of a WebSocket. Raises Unauthorised."""
    return await platform_of(connection).actors.of(access_token_of(connection), caller_of(connection))


def administrator(actor: "CurrentActor") -> Actor:
    """The actor, if an administrator of the platform. Raises Forbidden."""
    if not actor.is_administrator:
        raise Forbidden("Only an administrator of the platform may do this.")
    return actor


CurrentPlatform = Annotated[Platform, Depends(platform_of)]
Session = Annotated[AsyncSession, Depends(unit_of_work, scope="function")]
CurrentActor = Annotated[Actor, Depends(authenticate)]
CurrentAdministrator = Annotated[Actor, Depends(administrator)]
CurrentToken = Annotated[AccessToken, Depends(access_token_of)]
CurrentCaller = Annotated[Caller, Depends(caller_of)]
Settings = Annotated[PlatformSettings, Depends(lambda platform=Depends(platform_of): platform.settings)]
Storage = Annotated[storage.Storage, Depends(lambda platform=Depends(platform_of): platform.storage)]
Events = Annotated[events_port.Events, Depends(lambda platform=Depends(platform_of): platform.events)]
