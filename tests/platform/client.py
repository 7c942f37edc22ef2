"""A browser for tests, and the builders of people and projects."""

from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

import httpx
from fastapi import FastAPI

PASSWORD = "correct horse battery staple"
BASE_URL = "http://testserver"


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-in user: what the browser of this person holds."""

    id: UUID
    name: str
    email: str
    csrf_token: str
    cookies: dict[str, str] = field(repr=False)


class Client:
    """Sends requests to the application, as nobody or as one person. Paths below /api/v1 may be written without it."""

    def __init__(self, app: FastAPI, person: Person | None = None) -> None:
        self.app = app
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=("203.0.113.7", 40000))
        headers = {"X-CSRF-Token": person.csrf_token} if person else {}
        self.http = httpx.AsyncClient(
            transport=transport, base_url=BASE_URL, headers=headers, cookies=person.cookies if person else None
        )
        self.others: list[Client] = []

    def as_(self, person: Person) -> "Client":
        """The same application in the browser of `person`."""
        other = Client(self.app, person)
        self.others.append(other)
        return other

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.http.get(full(path), **options)

    async def post(self, path: str, **options: Any) -> httpx.Response:
        return await self.http.post(full(path), **options)

    async def patch(self, path: str, **options: Any) -> httpx.Response:
        return await self.http.patch(full(path), **options)

    async def delete(self, path: str, **options: Any) -> httpx.Response:
        return await self.http.delete(full(path), **options)

    async def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        return await self.http.request(method, full(path), **options)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in (*self.others, self):
            await client.http.aclose()


def full(path: str) -> str:
    return path if path.startswith(("/api/", "/healthz", "/readyz", "/metrics", "/?")) or path == "/" else f"/api/v1{path}"


async def sign_up(client: Client, name: str, password: str = PASSWORD) -> Person:
    """A new person with a running session."""
    email = f"{name.lower()}@example.com"
    fresh = Client(client.app)
    client.others.append(fresh)
    response = await fresh.post("/auth/sign-up", json={"email": email, "name": name, "password": password})
    assert response.status_code == 201, response.text
    data = response.json()
    return Person(UUID(data["user"]["id"]), name, email, data["csrf_token"], dict(fresh.http.cookies))


async def project_of(client: Client, owner: Person, name: str = "January") -> UUID:
    """A project that `owner` has made."""
    response = await client.as_(owner).post("/projects", json={"name": name})
    assert response.status_code == 201, response.text
    return UUID(response.json()["id"])


async def join(client: Client, owner: Person, project_id: UUID, person: Person, role: str) -> None:
    """Let `owner` give `person` a role in the project."""
    response = await client.as_(owner).post(f"/projects/{project_id}/members", json={"email": person.email, "role": role})
    assert response.status_code == 201, response.text
