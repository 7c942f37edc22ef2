"""The table of rights drives every route."""

from uuid import uuid4

import pytest
from fastapi import FastAPI

from recon378.projects.rights import allows, rights
from recon378.projects.schemas import MemberRole
from tests.platform.client import Client, Person, join, project_of, sign_up

ANYONE = {"get_setup", "sign_up", "sign_in", "refresh_session", "get_health", "get_readiness", "get_metrics"}


def operations(app: FastAPI) -> dict[str, tuple[str, str]]:
    """Operation → method and path, of all routes."""
    paths = app.openapi()["paths"]
    return {
        operation["operationId"]: (method.upper(), path)
        for path, methods in paths.items()
        for method, operation in methods.items()
    }


async def test_every_route_has_a_row_and_every_row_a_route(app: FastAPI) -> None:
    assert set(operations(app)) == set(rights())


def test_only_what_must_be_open_is_open() -> None:
    assert {operation for operation, least in rights().items() if least == "anyone"} == ANYONE


def test_a_role_may_what_lower_roles_may() -> None:
    for operation, least in rights().items():
        if least in set(MemberRole):
            allowed = [allows(role, operation) for role in MemberRole]
            assert allowed == sorted(allowed)


async def test_without_a_session_every_other_route_answers_401(app: FastAPI, client: Client) -> None:
    for operation, (method, path) in operations(app).items():
        if operation in ANYONE:
            continue
        address = filled(path)
        response = await client.request(method, address, content=b"x" if method == "POST" else None)
        assert response.status_code == 401, operation


async def test_a_stranger_finds_nothing_at_any_address(app: FastAPI, client: Client, bob: Person) -> None:
    browser = client.as_(bob)
    for operation, (method, path) in operations(app).items():
        if "{" not in path or method != "GET":
            continue
        response = await browser.get(filled(path), params={"left_row": 0, "right_row": 0, "name": "x"})
        assert response.status_code == 404, operation


def filled(path: str) -> str:
    for name in ("project_id", "file_id", "ruleset_id", "job_id", "user_id", "decision_id", "upload_id", "template_id"):
        path = path.replace(f"{{{name}}}", str(uuid4()))
    return path.replace("{match_id}", "1").replace("{side}", "left").replace("{row}", "0")


@pytest.mark.parametrize("role", list(MemberRole))
async def test_the_routes_of_a_project_follow_the_table(client: Client, alice: Person, role: MemberRole) -> None:
    project_id = await project_of(client, alice)
    member = await sign_up(client, "Member")
    await join(client, alice, project_id, member, role.value)
    browser = client.as_(member)
    calls = {
        "get_project": ("GET", "", None, 200),
        "list_members": ("GET", "/members", None, 200),
        "change_project": ("PATCH", "", {"name": "Other"}, 200),
        "add_member": ("POST", "/members", {"email": "nobody@example.com", "role": "viewer"}, 422),
        "change_member": ("PATCH", f"/members/{uuid4()}", {"role": "viewer"}, 404),
        "remove_member": ("DELETE", f"/members/{uuid4()}", None, 404),
        "delete_project": ("DELETE", "", None, 204),
    }
    for operation, (method, path, body, good) in calls.items():
        response = await browser.request(method, f"/projects/{project_id}{path}", json=body)
        assert response.status_code == (good if allows(role, operation) else 403), operation
