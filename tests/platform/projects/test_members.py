"""Members of a project and their roles."""

import asyncio

from tests.platform.client import Client, Person, join, project_of, sign_up


async def test_an_owner_adds_changes_and_removes(client: Client, alice: Person, bob: Person) -> None:
    project_id = await project_of(client, alice)
    browser = client.as_(alice)
    added = await browser.post(f"/projects/{project_id}/members", json={"email": bob.email.upper(), "role": "viewer"})
    assert added.status_code == 201
    assert (added.json()["name"], added.json()["role"]) == ("Bob", "viewer")
    changed = await browser.patch(f"/projects/{project_id}/members/{bob.id}", json={"role": "reviewer"})
    assert changed.json()["role"] == "reviewer"
    assert [member["name"] for member in (await browser.get(f"/projects/{project_id}/members")).json()] == ["Alice", "Bob"]
    assert (await browser.delete(f"/projects/{project_id}/members/{bob.id}")).status_code == 204
    assert (await client.as_(bob).get(f"/projects/{project_id}")).status_code == 404


async def test_a_member_is_added_once(client: Client, alice: Person, bob: Person) -> None:
    project_id = await project_of(client, alice)
    await join(client, alice, project_id, bob, "viewer")
    again = await client.as_(alice).post(f"/projects/{project_id}/members", json={"email": bob.email, "role": "owner"})
    assert again.status_code == 409


async def test_somebody_without_an_account_cannot_be_added(client: Client, alice: Person) -> None:
    project_id = await project_of(client, alice)
    response = await client.as_(alice).post(
        f"/projects/{project_id}/members", json={"email": "new@example.com", "role": "viewer"}
    )
    assert response.status_code == 422
    assert "sign up first" in response.json()["detail"]


async def test_the_last_owner_stays(client: Client, alice: Person, bob: Person) -> None:
    project_id = await project_of(client, alice)
    browser = client.as_(alice)
    assert (await browser.patch(f"/projects/{project_id}/members/{alice.id}", json={"role": "viewer"})).status_code == 409
    assert (await browser.delete(f"/projects/{project_id}/members/{alice.id}")).status_code == 409
    await join(client, alice, project_id, bob, "owner")
    assert (await browser.delete(f"/projects/{project_id}/members/{alice.id}")).status_code == 204


async def test_two_owners_who_leave_at_once_do_not_both_leave(own_client: Client) -> None:
    await sign_up(own_client, "Root")
    alice, bob = await sign_up(own_client, "Alice"), await sign_up(own_client, "Bob")
    project_id = await project_of(own_client, alice)
    await join(own_client, alice, project_id, bob, "owner")
    answers = await asyncio.gather(
        own_client.as_(alice).delete(f"/projects/{project_id}/members/{alice.id}"),
        own_client.as_(bob).delete(f"/projects/{project_id}/members/{bob.id}"),
    )
    assert sorted(answer.status_code for answer in answers) in ([204, 404], [204, 409])
