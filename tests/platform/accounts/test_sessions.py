"""Refresh tokens: rotation, honest doubles, theft; and access tokens that nobody of ours has made."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import jwt
import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.accounts.cookies import ACCESS, REFRESH
from recon378.accounts.deps import Platform
from recon378.accounts.models import UserSession
from recon378.accounts.tokens import AUDIENCE, Tokens, derived, key_id
from tests.platform.client import Client, Person, sign_up


async def refresh(client: Client, token: str) -> httpx.Response:
    browser = Client(client.app)
    client.others.append(browser)
    browser.http.cookies.set(REFRESH, token)
    return await browser.post("/auth/refresh")


async def test_a_refresh_token_is_replaced_at_every_use(client: Client, alice: Person) -> None:
    response = await refresh(client, alice.cookies[REFRESH])
    assert response.status_code == 200
    assert response.cookies[REFRESH] != alice.cookies[REFRESH]
    assert response.json()["user"]["email"] == alice.email
    assert response.json()["csrf_token"] == alice.csrf_token


async def test_two_tabs_that_refresh_at_once_get_the_same_successor(client: Client, alice: Person) -> None:
    first = await refresh(client, alice.cookies[REFRESH])
    second = await refresh(client, alice.cookies[REFRESH])
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.cookies[REFRESH] == second.cookies[REFRESH]


async def test_an_old_token_after_the_grace_ends_the_whole_session(client: Client, alice: Person, session: AsyncSession) -> None:
    newest = (await refresh(client, alice.cookies[REFRESH])).cookies[REFRESH]
    await session.execute(update(UserSession).values(rotated_at=datetime.now(UTC) - timedelta(seconds=21)))
    await session.commit()
    stolen = await refresh(client, alice.cookies[REFRESH])
    assert stolen.status_code == 401
    assert "used again" in stolen.json()["detail"]
    assert (await refresh(client, newest)).status_code == 401
    reasons = (await session.execute(select(UserSession.revoked_reason).where(UserSession.user_id == alice.id))).scalars().all()
    assert reasons == ["reuse"]


async def test_a_token_two_generations_old_is_theft_even_within_the_grace(client: Client, alice: Person) -> None:
    second = (await refresh(client, alice.cookies[REFRESH])).cookies[REFRESH]
    assert (await refresh(client, second)).status_code == 200
    assert (await refresh(client, alice.cookies[REFRESH])).status_code == 401


async def test_one_token_used_twenty_times_at_once_makes_one_generation(own_client: Client) -> None:
    await sign_up(own_client, "Root")
    person = await sign_up(own_client, "Carol")
    answers = await asyncio.gather(*(refresh(own_client, person.cookies[REFRESH]) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.cookies[REFRESH] for answer in answers}) == 1


async def test_without_a_refresh_cookie_there_is_nothing_to_go_on_with(client: Client) -> None:
    assert (await client.post("/auth/refresh")).status_code == 401


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c", f"{uuid4()}.1.{'0' * 64}", "..", "🙂.1.x"])
async def test_a_forged_refresh_token_is_refused(platform: Platform, token: str) -> None:
    assert platform.tokens.read_refresh(token) is None


def forgeries(good: Tokens, key: bytes, kid: str, session_id: str, user_id: str, stamp: str) -> dict[str, str]:
    now = datetime.now(UTC)
    claims = {"sub": user_id, "sid": session_id, "stamp": stamp, "aud": AUDIENCE, "iat": now, "exp": now + timedelta(minutes=5)}
    headers = {"kid": kid}
    return {
        "no signature": jwt.encode(claims, None, "none", headers=headers),
        "another key": jwt.encode(claims, b"k" * 32, "HS256", headers=headers),
        "another algorithm": jwt.encode(claims, key, "HS512", headers=headers),
        "unknown key id": jwt.encode(claims, key, "HS256", headers={"kid": "../../etc/passwd"}),
        "no key id": jwt.encode(claims, key, "HS256"),
        "another audience": jwt.encode(claims | {"aud": "elsewhere"}, key, "HS256", headers=headers),
        "expired by a second": jwt.encode(claims | {"exp": now - timedelta(seconds=1)}, key, "HS256", headers=headers),
        "no expiry": jwt.encode({name: value for name, value in claims.items() if name != "exp"}, key, "HS256", headers=headers),
        "no session": jwt.encode(claims | {"sid": "none"}, key, "HS256", headers=headers),
        "another user": jwt.encode(claims | {"sub": str(uuid4())}, key, "HS256", headers=headers),
        "another stamp": jwt.encode(claims | {"stamp": str(uuid4())}, key, "HS256", headers=headers),
        "a session that is not there": jwt.encode(claims | {"sid": str(uuid4())}, key, "HS256", headers=headers),
        "not a token": "a.b.c",
    }


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
async def test_no_forged_access_token_gets_in(client: Client, alice: Person, platform: Platform) -> None:
    master = platform.settings.signing_keys[0]
    real = platform.tokens.read_access(alice.cookies[ACCESS])
    assert real is not None
    table = forgeries(
        platform.tokens,
        derived(master, "access"),
        key_id(master),
        str(real.session_id),
        str(real.user_id),
        str(real.security_stamp),
    )
    for what, token in table.items():
        response = await client.get("/auth/session", headers={"Authorization": f"Bearer {token}"})
        assert response.status_code == 401, what
    assert (await client.get("/auth/session", headers={"Authorization": f"Bearer {alice.cookies[ACCESS]}"})).status_code == 200


def test_a_changed_key_signs_new_tokens_and_still_reads_old_ones() -> None:
    before, after = Tokens(("old key",), 60), Tokens(("new key", "old key"), 60)
    user_id, session_id, stamp = uuid4(), uuid4(), uuid4()
    token, _ = before.access(user_id, session_id, stamp, datetime.now(UTC))
    read = after.read_access(token)
    assert read is not None
    assert read.user_id == user_id
    assert after.read_refresh(before.refresh(session_id, 3)) == (session_id, 3)
    assert after.is_csrf(before.csrf(session_id), session_id)
    assert before.read_access(after.access(user_id, session_id, stamp, datetime.now(UTC))[0]) is None


async def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(client: Client, alice: Person) -> None:
    response = await refresh(client, alice.cookies[REFRESH])
    for header in response.headers.get_list("set-cookie"):
        assert "HttpOnly" in header
        assert "SameSite=strict" in header
        assert "Path=/" in header
