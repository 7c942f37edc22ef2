"""Projects: who sees them, who may change them."""

from uuid import uuid4

from tests.platform.client import Client, Person, join, project_of


async def test_whoever_makes_a_project_owns_it(client: Client, alice: Person) -> None:
    response = await client.as_(alice).post("/projects", json={"name": "  January ", "description": "bank against ledger"})
    assert response.status_code == 201
    project = response.json()
    assert (project["name"], project["role"], project["file_count"], project["open_suggestions"]) == ("January", "owner", 0, 0)


async def test_a_stranger_sees_no_project(client: Client, alice: Person, bob: Person) -> None:
    project_id = await project_of(client, alice)
    assert (await client.as_(bob).get(f"/projects/{project_id}")).status_code == 404
    assert (await client.as_(bob).get("/projects")).json() == {"items": [], "next_cursor": None, "total": 0}


async def test_an_administrator_of_the_platform_sees_no_project_without_being_a_member(
    client: Client, root: Person, alice: Person
) -> None:
    project_id = await project_of(client, alice)
    assert (await client.as_(root).get(f"/projects/{project_id}")).status_code == 404


async def test_a_project_that_is_not_there_looks_like_a_foreign_one(client: Client, alice: Person, bob: Person) -> None:
    foreign = (await client.as_(bob).get(f"/projects/{await project_of(client, alice)}")).json()
    absent = (await client.as_(bob).get(f"/projects/{uuid4()}")).json()
    assert foreign["detail"] == absent["detail"]


async def test_nobody_gets_in_without_a_session(client: Client, alice: Person) -> None:
    project_id = await project_of(client, alice)
    for method, path in (
        ("GET", "/projects"),
        ("POST", "/projects"),
        ("GET", f"/projects/{project_id}"),
        ("DELETE", f"/projects/{project_id}"),
    ):
        response = await client.request(method, path, json={"name": "x"} if method == "POST" else None)
        assert response.status_code == 401, (method, path)
        assert response.headers["content-type"] == "application/problem+json"


async def test_a_viewer_reads_and_every_write_answers_403(client: Client, alice: Person, bob: Person) -> None:
    project_id = await project_of(client, alice)
    await join(client, alice, project_id, bob, "viewer")
    viewer = client.as_(bob)
    assert (await viewer.get(f"/projects/{project_id}")).json()["role"] == "viewer"
    assert (await viewer.get(f"/projects/{project_id}/members")).status_code == 200
    assert (await viewer.patch(f"/projects/{project_id}", json={"name": "Mine"})).status_code == 403
    assert (await viewer.delete(f"/projects/{project_id}")).status_code == 403
    assert (
        await viewer.post(f"/projects/{project_id}/members", json={"email": "x@example.com", "role": "viewer"})
    ).status_code == 403
    assert (await viewer.patch(f"/projects/{project_id}/members/{alice.id}", json={"role": "viewer"})).status_code == 403
    refused = await viewer.delete(f"/projects/{project_id}/members/{alice.id}")
    assert refused.status_code == 403
    assert refused.json()["least_role"] == "owner"


async def test_an_owner_changes_and_deletes(client: Client, alice: Person) -> None:
    project_id = await project_of(client, alice)
    browser = client.as_(alice)
    assert (await browser.patch(f"/projects/{project_id}", json={"name": "February"})).json()["name"] == "February"
    assert (await browser.delete(f"/projects/{project_id}")).status_code == 204
    assert (await browser.get(f"/projects/{project_id}")).status_code == 404


async def test_pages_follow_each_other_without_gap_or_double(client: Client, alice: Person) -> None:
    made = [str(await project_of(client, alice, f"Project {number}")) for number in range(7)]
    browser, seen, cursor = client.as_(alice), [], None
    while True:
        page = (await browser.get("/projects", params={"limit": 3} | ({"cursor": cursor} if cursor else {}))).json()
        seen += [project["id"] for project in page["items"]]
        assert page["total"] == 7
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(made)


async def test_a_made_up_cursor_gets_one_sentence(client: Client, alice: Person) -> None:
    for cursor in ("nonsense", "W10", "WzEsMl0", "%%%"):
        response = await client.as_(alice).get("/projects", params={"cursor": cursor})
        assert response.status_code == 422, cursor
        assert "first page" in response.json()["detail"]


async def test_a_name_of_spaces_or_control_characters_is_refused(client: Client, alice: Person) -> None:
    for name in ("", "   ", "a\x00b", "x" * 121):
        assert (await client.as_(alice).post("/projects", json={"name": name})).status_code == 422
