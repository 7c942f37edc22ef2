"""What every request passes."""

import pytest
from fastapi import FastAPI

from recon378.adapters.database import Database
from recon378.adapters.events import MemoryEvents
from recon378.app import create_app, open_platform
from recon378.settings import Settings
from tests.platform.client import Client, Person


async def test_a_write_without_the_csrf_token_is_refused(client: Client, alice: Person) -> None:
    browser = client.as_(alice)
    for token in ("", "wrong", alice.csrf_token[:-1], "ü"):
        response = await browser.post("/projects", json={"name": "x"}, headers={"X-CSRF-Token": token.encode()})
        assert response.status_code == 403, token
    assert (await browser.post("/projects", json={"name": "x"})).status_code == 201


async def test_the_csrf_token_of_another_session_does_not_help(client: Client, alice: Person, bob: Person) -> None:
    response = await client.as_(alice).post("/projects", json={"name": "x"}, headers={"X-CSRF-Token": bob.csrf_token})
    assert response.status_code == 403


async def test_another_site_cannot_write_nor_sign_in(client: Client, alice: Person) -> None:
    elsewhere = {"Origin": "https://evil.example"}
    assert (await client.as_(alice).post("/projects", json={"name": "x"}, headers=elsewhere)).status_code == 403
    assert (
        await client.post("/auth/sign-in", json={"email": "a@b.example", "password": "x"}, headers=elsewhere)
    ).status_code == 403
    assert (await client.as_(alice).post("/auth/refresh", headers={"Origin": "null"})).status_code == 403


async def test_our_own_origin_may_write(client: Client, alice: Person) -> None:
    response = await client.as_(alice).post("/projects", json={"name": "x"}, headers={"Origin": "http://testserver"})
    assert response.status_code == 201


async def test_a_bearer_token_needs_no_csrf_token(client: Client, alice: Person) -> None:
    headers = {"Authorization": f"Bearer {alice.cookies['recon378_access']}"}
    assert (await client.post("/projects", json={"name": "x"}, headers=headers)).status_code == 201


async def test_an_invalid_bearer_token_is_not_saved_by_a_good_cookie(client: Client, alice: Person) -> None:
    assert (await client.as_(alice).get("/projects", headers={"Authorization": "Bearer x"})).status_code == 401


async def test_every_answer_carries_the_security_headers(client: Client) -> None:
    for path in ("/auth/setup", "/projects", "/api/v1/nothing", "/healthz", "/"):
        headers = (await client.get(path)).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe-inline" not in headers["Content-Security-Policy"].split("style-src")[0]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert (await client.get("/auth/setup")).headers["Cache-Control"] == "no-store"


async def test_a_request_id_is_taken_over_only_when_well_formed(client: Client) -> None:
    assert (await client.get("/healthz", headers={"X-Request-ID": "trace-12345678"})).headers["X-Request-ID"] == "trace-12345678"
    made = (await client.get("/healthz", headers={"X-Request-ID": "<script>alert(1)</script>"})).headers["X-Request-ID"]
    assert len(made) == 32


async def test_an_error_names_its_request(client: Client) -> None:
    response = await client.get("/projects", headers={"X-Request-ID": "trace-12345678"})
    assert response.json()["request_id"] == "trace-12345678"


async def test_an_unknown_address_is_a_problem_too(client: Client) -> None:
    for method, path, status in (("GET", "/nothing", 404), ("PUT", "/projects", 405)):
        response = await client.request(method, path)
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"


async def test_a_body_above_the_limit_is_refused(client: Client, alice: Person, settings: Settings) -> None:
    body = b"x" * (settings.body_limit_bytes + 1)
    response = await client.as_(alice).post("/projects", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"


async def test_a_body_that_is_no_json_gets_one_sentence(client: Client, alice: Person) -> None:
    response = await client.as_(alice).post("/projects", content=b"{", headers={"Content-Type": "application/json"})
    assert response.status_code == 422
    assert response.json()["detail"]


async def test_other_origins_get_no_cors_headers(client: Client) -> None:
    response = await client.get("/auth/setup", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in response.headers


async def test_requests_above_the_rate_are_refused_with_a_time_to_wait(settings: Settings, database: Database) -> None:
    async with Client(app_with(settings, database, requests_per_minute=5)) as client:
        answers = [await client.get("/auth/setup") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429]
        assert answers[-1].headers["Retry-After"] == "60"
        assert (await client.get("/healthz")).status_code == 200


async def test_over_https_cookies_carry_the_host_prefix(settings: Settings, database: Database) -> None:
    async with Client(app_with(settings, database, public_url="https://recon.example")) as client:
        body = {"email": "a@example.com", "name": "A", "password": "correct horse battery staple"}
        response = await client.post("/auth/sign-up", json=body, headers={"Origin": "https://recon.example"})
        cookies = response.headers.get_list("set-cookie")
        assert all(cookie.startswith("__Host-") and "Secure" in cookie for cookie in cookies)
        assert len(cookies) == 2
        assert "Strict-Transport-Security" in response.headers


def app_with(settings: Settings, database: Database, **changes: object) -> FastAPI:
    changed = Settings(**(settings.model_dump() | changes))
    app = create_app(changed)
    app.state.platform = open_platform(changed, database, MemoryEvents())
    return app


async def test_a_crash_is_answered_with_its_request_id_and_without_its_reason(app: FastAPI, client: Client) -> None:
    async def crash() -> None:
        raise RuntimeError("the password is hunter2")

    app.router.routes.insert(0, __import__("fastapi").routing.APIRoute("/api/v1/crash", crash))
    response = await client.get("/crash")
    assert response.status_code == 500
    assert response.json()["request_id"] == response.headers["X-Request-ID"]
    assert "hunter2" not in response.text
    assert "Content-Security-Policy" in response.headers


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_probes_need_no_session(client: Client, path: str) -> None:
    assert (await client.get(path)).status_code == 200


async def test_metrics_are_prometheus_text(client: Client) -> None:
    await client.get("/auth/setup")
    text = (await client.get("/metrics")).text
    assert 'recon378_requests_total{method="GET",route="/auth/setup",status="200"}' in text
