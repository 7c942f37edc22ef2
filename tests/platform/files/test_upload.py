"""Uploads: stored once, read in a child process, asked about, never lost."""

import hashlib
from typing import Any
from uuid import UUID

import pytest

from recon378.accounts.deps import Platform
from recon378.files.service.names import display_name
from tests.platform.client import Client, Person, project_of
from tests.platform.reconciliation.builders import upload
from tests.platform.reconciliation.work import work

GOOD = b"Booking date;Text;Amount\n2026-01-31;Invoice 1;1.234,56\n2026-02-13;Invoice 2;-7,00\n2026-02-14;Invoice 3;12,10\n"


async def read(client: Client, platform: Platform, person: Person, content: bytes, name: str = "bank.csv") -> dict[str, Any]:
    """A file of a fresh project, as it stands after the worker has read it."""
    project_id = await project_of(client, person)
    file = await upload(client, person, project_id, name, content)
    await work(platform)
    return await seen(client, person, file["id"])


async def seen(client: Client, person: Person, file_id: str | UUID) -> dict[str, Any]:
    file: dict[str, Any] = (await client.as_(person).get(f"/files/{file_id}")).json()
    return file


async def test_an_upload_is_stored_under_its_hash_before_the_answer(client: Client, platform: Platform, alice: Person) -> None:
    project_id = await project_of(client, alice)
    file = await upload(client, alice, project_id, "bank.csv", GOOD)
    assert file["sha256"] == hashlib.sha256(GOOD).hexdigest()
    assert (platform.storage.path_of(file["sha256"])).read_bytes() == GOOD
    assert (file["status"], file["size_bytes"], file["uploaded_by"]) == ("stored", len(GOOD), "Alice")


async def test_the_same_bytes_twice_are_one_file(client: Client, platform: Platform, alice: Person) -> None:
    project_id = await project_of(client, alice)
    first = await client.as_(alice).post(f"/projects/{project_id}/files?name=a.csv", content=GOOD)
    again = await client.as_(alice).post(f"/projects/{project_id}/files?name=b.csv", content=GOOD)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json() | {"already_known": True}
    assert (await client.as_(alice).get(f"/projects/{project_id}/files")).json()["total"] == 1


async def test_a_file_becomes_typed_rows_with_a_profile(client: Client, platform: Platform, alice: Person) -> None:
    file = await read(client, platform, alice, GOOD)
    assert (file["status"], file["delimiter"], file["rows_imported"], file["rows_rejected"]) == ("ready", ";", 3, 0)
    amount = file["columns"][2]
    assert (amount["type"], amount["role"], amount["minimum"], amount["maximum"], amount["filled"]) == (
        "amount",
        "amount",
        "-7.00",
        "1234.56",
        1.0,
    )
    rows = (await client.as_(alice).get(f"/files/{file['id']}/rows?offset=1&limit=1")).json()
    assert rows == {
        "columns": ["Booking date", "Text", "Amount"],
        "rows": [{"Booking date": "2026-02-13", "Text": "Invoice 2", "Amount": "-7.00"}],
        "row_numbers": [1],
        "total": 3,
    }


async def test_bad_rows_are_listed_and_can_be_downloaded_without_running(
    client: Client, platform: Platform, alice: Person
) -> None:
    lines = [f"{number:03};2026-01-{1 + number % 28:02};{number},00" for number in range(40)] + ["=HYPERLINK(1);not a date;5,00"]
    file = await read(client, platform, alice, ("id;date;amount\n" + "\n".join(lines) + "\n").encode())
    assert (file["rows_imported"], file["rows_rejected"]) == (40, 1)
    errors = (await client.as_(alice).get(f"/files/{file['id']}/row-errors")).json()
    assert [error["line"] for error in errors["items"]] == [42]
    download = await client.as_(alice).get(f"/files/{file['id']}/row-errors.csv")
    assert download.headers["x-content-type-options"] == "nosniff"
    assert "'=HYPERLINK" in download.text


async def test_a_question_is_asked_and_the_answer_settles_it(client: Client, platform: Platform, alice: Person) -> None:
    file = await read(client, platform, alice, b'id,amount\nA1,"1,234"\nA2,"5,678"\nA3,"9,012"\n')
    assert file["status"] == "question"
    question = file["questions"][0]
    me = client.as_(alice)
    wrong = await me.post(f"/files/{file['id']}/answers", json={"answers": {question["key"]: "whatever"}})
    assert wrong.status_code == 422
    unknown = await me.post(f"/files/{file['id']}/answers", json={"answers": {"colour": "red"}})
    assert unknown.status_code == 422
    answered = await me.post(f"/files/{file['id']}/answers", json={"answers": {question["key"]: question["choices"][0]}})
    assert answered.status_code == 200, answered.text
    await work(platform)
    assert (await seen(client, alice, file["id"]))["status"] == "ready"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 8),
        ("unclosed.csv", b'id,text\n1,"never closed\n' + b"2,x\n" * 50),
        ("blank.csv", b"\n\n\n"),
    ],
)
async def test_what_is_no_table_is_refused_with_one_sentence(
    client: Client, platform: Platform, alice: Person, name: str, content: bytes
) -> None:
    file = await read(client, platform, alice, content, name)
    assert file["status"] in ("rejected", "ready")
    assert file["status"] == "ready" or file["error"].count("\n") == 0
    if file["status"] == "rejected":
        rows = await client.as_(alice).get(f"/files/{file['id']}/rows")
        assert rows.status_code == 409
        assert "could not be read" in rows.json()["detail"]


async def test_an_empty_upload_is_refused(client: Client, alice: Person) -> None:
    project_id = await project_of(client, alice)
    response = await client.as_(alice).post(f"/projects/{project_id}/files?name=empty.csv", content=b"")
    assert response.status_code == 422
    assert "empty" in response.json()["detail"]


async def test_an_upload_may_be_larger_than_other_requests(client: Client, platform: Platform, alice: Person) -> None:
    content = b"id,text\n" + b"1,a line that is repeated until it is long enough\n" * 80_000
    assert len(content) > platform.settings.body_limit_bytes
    project_id = await project_of(client, alice)
    assert (await upload(client, alice, project_id, "large.csv", content))["size_bytes"] == len(content)


async def test_an_upload_above_the_limit_leaves_nothing(client: Client, platform: Platform, alice: Person) -> None:
    project_id = await project_of(client, alice)
    object.__setattr__(platform, "settings", platform.settings.model_copy(update={"upload_limit_bytes": 1024}))
    response = await client.as_(alice).post(f"/projects/{project_id}/files?name=large.csv", content=b"a,b\n" * 1000)
    assert response.status_code == 413
    assert "1,024 bytes" in response.json()["detail"]
    assert list(platform.storage.drafts.iterdir()) == []


async def test_the_original_comes_back_as_it_was_and_is_never_shown(client: Client, platform: Platform, alice: Person) -> None:
    content = b"<html><script>alert(1)</script>,b\n1,2\n"
    file = await read(client, platform, alice, content, 'Konto "März".html')
    download = await client.as_(alice).get(f"/files/{file['id']}/content")
    assert download.content == content
    assert download.headers["content-type"] == "application/octet-stream"
    assert download.headers["content-disposition"].startswith("attachment; filename=")
    assert download.headers["x-content-type-options"] == "nosniff"


async def test_a_deleted_file_is_gone_from_the_disk_too(client: Client, platform: Platform, alice: Person) -> None:
    file = await read(client, platform, alice, GOOD)
    assert (await client.as_(alice).delete(f"/files/{file['id']}")).status_code == 204
    assert (await client.as_(alice).get(f"/files/{file['id']}")).status_code == 404
    assert not platform.storage.path_of(file["sha256"]).exists()


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\bank.csv", "bank.csv"),
        ("inv\u202egpj.csv\n", "invgpj.csv"),
        ("   ", "file"),
        ("x" * 300 + ".csv", "x" * 196 + ".csv"),
    ],
)
def test_names_are_made_safe_to_show(given: str, shown: str) -> None:
    assert display_name(given) == shown
