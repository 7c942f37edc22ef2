"""Projects: who sees them, who may change them."""

from uuid import uuid4

from recon378.paging import write_cursor
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


async def test_hostile_text_gets_a_sentence_and_never_a_crash(client: Client, alice: Person) -> None:
    browser = client.as_(alice)
    headers = {"Content-Type": "application/json"}
    bodies = [
        rb'{"name": "\ud800"}',
        rb'{"name": "\u0000"}',
        b'{"name": "\xff"}',
        b'{"name": 1e999}',
        b'{"name": {"$gt": ""}}',
        b"[]",
        b"null",
        b"",
    ]
    bodies += [
        b"",
        b'{"name": "x", "description": "\\ud800"}',
        b"[" * 5000,
        b'{"name": "x", "description": ' + b"9" * 5000 + b"}",
    ]
    for body in bodies:
        assert (await browser.post("/projects", content=body, headers=headers)).status_code == 422, body[:50]
    old = write_cursor("0001-01-01T00:00:00", str(uuid4()))
    for cursor in ("\x00", "\ud7ff", write_cursor("2026-01-01", "no id"), write_cursor(None, None)):
        assert (await browser.get("/projects", params={"cursor": cursor})).status_code == 422, cursor
    assert (await browser.get("/projects", params={"cursor": old})).status_code in (200, 422)
    for limit in ("0", "501", "-1", "1e3", "9" * 40):
        assert (await browser.get("/projects", params={"limit": limit})).status_code == 422, limit
    for address in ("/projects/not-a-uuid", "/projects/%00", "/projects/" + "9" * 3000):
        assert (await browser.get(address)).status_code in (404, 422), address
    for path in ("/auth/sign-in", "/auth/sign-up"):
        for email in ("a@b", "\x00@example.com", "a" * 300 + "@example.com", "ä@exämple.com\n", "a@example.com\x00"):
            response = await client.post(path, json={"email": email, "password": "correct horse battery", "name": "A"})
            assert response.status_code in (401, 422), (path, email)
    response = await client.post("/auth/sign-in", json={"email": "alice@example.com", "password": "\x00\ud7ff" * 20})
    assert response.status_code == 401
