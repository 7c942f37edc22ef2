"""Signing up, in and out."""

import time

import bcrypt
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.accounts.deps import Platform
from recon378.accounts.models import User
from recon378.accounts.passwords import Passwords
from recon378.settings import Settings
from tests.platform.client import PASSWORD, Client, Person, sign_up


async def test_a_fresh_platform_asks_for_its_first_user(client: Client) -> None:
    assert (await client.get("/auth/setup")).json() == {"has_users": False, "sign_up_open": True}


async def test_only_the_first_user_administers_the_platform(client: Client) -> None:
    root, alice = await sign_up(client, "Root"), await sign_up(client, "Alice")
    assert (await client.as_(root).get("/auth/session")).json()["user"]["is_administrator"] is True
    assert (await client.as_(alice).get("/auth/session")).json()["user"]["is_administrator"] is False


async def test_an_email_address_is_taken_whatever_its_case(client: Client, alice: Person) -> None:
    response = await client.post("/auth/sign-up", json={"email": "ALICE@example.com", "name": "Other", "password": PASSWORD})
    assert response.status_code == 409
    assert "sign in" in response.json()["detail"]


@pytest.mark.parametrize("password", ["too short", "x" * 257])
async def test_a_password_has_12_to_256_characters(client: Client, password: str) -> None:
    response = await client.post("/auth/sign-up", json={"email": "a@example.com", "name": "A", "password": password})
    assert response.status_code == 422
    assert response.json()["fields"][0]["field"] == "password"
    assert password not in response.text


async def test_a_password_longer_than_bcrypt_takes_counts_to_its_last_character(client: Client) -> None:
    await sign_up(client, "Long", password="x" * 256)
    assert (await client.post("/auth/sign-in", json={"email": "long@example.com", "password": "x" * 255})).status_code == 401
    assert (await client.post("/auth/sign-in", json={"email": "long@example.com", "password": "x" * 256})).status_code == 200


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client, alice: Person) -> None:
    wrong = await client.post("/auth/sign-in", json={"email": alice.email, "password": "not the password"})
    unknown = await client.post("/auth/sign-in", json={"email": "nobody@example.com", "password": "not the password"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json()["detail"] == unknown.json()["detail"]


async def test_an_unknown_address_takes_as_long_as_a_wrong_password() -> None:
    passwords = Passwords()
    stored = await passwords.hash(PASSWORD)
    seconds: dict[str | None, list[float]] = {stored: [], None: []}
    for _ in range(5):
        for known, times in seconds.items():
            started = time.process_time()
            assert await passwords.verify(known, "a wrong password") is False
            times.append(time.process_time() - started)
    passwords.close()
    assert min(seconds[None]) == pytest.approx(min(seconds[stored]), rel=0.3)


async def test_a_bcrypt_hash_signs_in_and_is_upgraded(client: Client, alice: Person, session: AsyncSession) -> None:
    user = (await session.execute(select(User).where(User.id == alice.id))).scalar_one()
    user.password_hash = bcrypt.hashpw(b"from an older system", bcrypt.gensalt(4)).decode()
    await session.commit()
    assert (
        await client.post("/auth/sign-in", json={"email": alice.email, "password": "from an older system"})
    ).status_code == 200
    await session.refresh(user)
    assert user.password_hash.startswith("$argon2id$")
    assert (
        await client.post("/auth/sign-in", json={"email": alice.email, "password": "from an older system"})
    ).status_code == 200


async def test_a_bcrypt_hash_refuses_what_bcrypt_would_cut_off(passwords: Passwords) -> None:
    stored = bcrypt.hashpw(b"x" * 72, bcrypt.gensalt(4)).decode()
    assert await passwords.verify(stored, "x" * 72) is True
    assert await passwords.verify(stored, "x" * 73) is False


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(cheap=True)


async def test_the_eleventh_guess_in_a_minute_is_not_looked_at(client: Client, alice: Person) -> None:
    statuses = [await try_to_sign_in(client, alice.email, f"guess number {number}") for number in range(12)]
    assert statuses == [401] * 9 + [429] * 3  # signing up was the first of ten
    assert await try_to_sign_in(client, alice.email, PASSWORD) == 429


async def test_a_forged_forwarded_address_does_not_buy_more_guesses(client: Client, alice: Person) -> None:
    statuses = []
    for number in range(12):
        headers = {"X-Forwarded-For": f"198.51.100.{number}"}
        statuses.append(
            (await client.post("/auth/sign-in", headers=headers, json={"email": alice.email, "password": "guess"})).status_code
        )
    assert statuses[-1] == 429


async def test_a_success_starts_the_count_afresh(client: Client, alice: Person) -> None:
    for _ in range(2):
        for number in range(8):
            assert await try_to_sign_in(client, alice.email, f"guess number {number}") == 401
        assert await try_to_sign_in(client, alice.email, PASSWORD) == 200


async def try_to_sign_in(client: Client, email: str, password: str) -> int:
    return (await client.post("/auth/sign-in", json={"email": email, "password": password})).status_code


async def test_signing_out_ends_the_session_at_once(client: Client, alice: Person) -> None:
    browser = client.as_(alice)
    assert (await browser.get("/auth/session")).status_code == 200
    assert (await browser.post("/auth/sign-out")).status_code == 204
    assert (await client.as_(alice).get("/auth/session")).status_code == 401


async def test_a_new_security_stamp_ends_all_sessions(
    client: Client, alice: Person, session: AsyncSession, platform: Platform
) -> None:
    user = (await session.execute(select(User).where(User.id == alice.id))).scalar_one()
    user.security_stamp = alice.id
    await session.commit()
    platform.actors.kept.clear()
    assert (await client.as_(alice).get("/auth/session")).status_code == 401


async def test_a_profile_is_changed_by_its_owner(client: Client, alice: Person) -> None:
    assert (await client.as_(alice).patch("/me", json={"name": " Alice Liddell "})).json()["name"] == "Alice Liddell"
    assert (await client.as_(alice).get("/auth/session")).json()["user"]["name"] == "Alice Liddell"
    assert (await client.patch("/me", json={"name": "Mallory"})).status_code == 401


async def test_closed_registration_lets_only_the_first_user_in(client: Client, platform: Platform, settings: Settings) -> None:
    closed = settings.model_copy(update={"sign_up_open": False})
    client.app.state.platform = Platform(
        closed,
        platform.database,
        platform.events,
        platform.storage,
        platform.rates,
        platform.passwords,
        platform.tokens,
        platform.actors,
    )
    await sign_up(client, "Root")
    assert (await client.get("/auth/setup")).json() == {"has_users": True, "sign_up_open": False}
    response = await client.post("/auth/sign-up", json={"email": "b@example.com", "name": "B", "password": PASSWORD})
    assert response.status_code == 403
