"""Answers are kept by header and answer for the next file with it, visibly, and only where it asks."""

from typing import Any
from uuid import UUID

import pytest

from recon378.accounts.deps import Platform
from recon378.files.service.templates import fingerprint_of
from tests.platform.client import Client, Person, join, project_of
from tests.platform.reconciliation.builders import upload
from tests.platform.reconciliation.work import work

FIRST = b'id,amount\nA1,"1,234"\nA2,"5,678"\nA3,"9,012"\n'
SECOND = b'id,amount\nB1,"2,345"\nB2,"6,789"\nB3,"1,023"\n'
PLAIN = b"id,amount\nC1,2.50\nC2,6.75\nC3,1.02\n"
OTHER_HEADER = b'id,sum\nB1,"2,345"\nB2,"6,789"\nB3,"1,023"\n'


@pytest.fixture
async def project_id(client: Client, alice: Person) -> UUID:
    return await project_of(client, alice)


async def read(client: Client, platform: Platform, person: Person, project_id: UUID, content: bytes, name: str) -> dict[str, Any]:
    """A file after the worker has read it."""
    file = await upload(client, person, project_id, name, content)
    await work(platform)
    return await seen(client, person, file["id"])


async def seen(client: Client, person: Person, file_id: str) -> dict[str, Any]:
    file: dict[str, Any] = (await client.as_(person).get(f"/files/{file_id}")).json()
    return file


async def answer(client: Client, platform: Platform, person: Person, file_id: str, answers: dict[str, Any]) -> dict[str, Any]:
    answered = await client.as_(person).post(f"/files/{file_id}/answers", json={"answers": answers})
    assert answered.status_code == 200, answered.text
    await work(platform)
    return await seen(client, person, file_id)


async def templates(client: Client, person: Person, project_id: UUID) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.as_(person).get(f"/projects/{project_id}/templates")).json()
    return found


async def test_the_next_file_with_the_header_is_not_asked_again(
    client: Client, platform: Platform, alice: Person, project_id: UUID
) -> None:
    first = await read(client, platform, alice, project_id, FIRST, "january.csv")
    assert (first["status"], first["questions"][0]["key"]) == ("question", "decimal:amount")
    assert first["questions"][0]["labels"] == ["Decimal point: 1,234 is 1234", "Decimal comma: 1,234 is 1.234"]
    answered = await answer(client, platform, alice, first["id"], {"decimal:amount": ","})
    assert (answered["status"], answered["settled"][0]["answer_label"]) == ("ready", "Decimal comma: 1,234 is 1.234")
    assert answered["reused"] is None

    second = await read(client, platform, alice, project_id, SECOND, "february.csv")
    kept = (await templates(client, alice, project_id))[0]
    assert (second["status"], second["columns"][1]["maximum"]) == ("ready", "6.789")
    assert [(one["key"], one["answer_label"]) for one in second["settled"]] == [
        ("decimal:amount", "Decimal comma: 2,345 is 2.345")
    ]
    assert second["reused"] == {"template_id": kept["id"], "saved_at": kept["saved_at"], "saved_by": "Alice"}
    assert (kept["header"], kept["format"], kept["used_count"], kept["file_name"]) == (["id", "amount"], "csv", 1, "january.csv")


async def test_a_file_that_waits_with_the_same_question_is_answered_too(
    client: Client, platform: Platform, alice: Person, project_id: UUID
) -> None:
    first = await read(client, platform, alice, project_id, FIRST, "january.csv")
    second = await read(client, platform, alice, project_id, SECOND, "february.csv")
    other = await read(client, platform, alice, project_id, OTHER_HEADER, "other.csv")
    await answer(client, platform, alice, first["id"], {"decimal:amount": ","})
    waiting = await seen(client, alice, second["id"])
    assert (waiting["status"], waiting["reused"]["saved_by"]) == ("ready", "Alice")
    assert (await seen(client, alice, other["id"]))["status"] == "question"


async def test_a_template_never_overrules_what_a_file_shows(
    client: Client, platform: Platform, alice: Person, project_id: UUID
) -> None:
    first = await read(client, platform, alice, project_id, FIRST, "january.csv")
    await answer(client, platform, alice, first["id"], {"decimal:amount": ","})
    plain = await read(client, platform, alice, project_id, PLAIN, "march.csv")
    assert (plain["status"], plain["columns"][1]["maximum"], plain["reused"], plain["settled"]) == ("ready", "6.75", None, [])


async def test_another_header_or_project_has_no_template(
    client: Client, platform: Platform, alice: Person, project_id: UUID
) -> None:
    first = await read(client, platform, alice, project_id, FIRST, "january.csv")
    await answer(client, platform, alice, first["id"], {"decimal:amount": ","})
    assert (await read(client, platform, alice, project_id, OTHER_HEADER, "b.csv"))["status"] == "question"
    elsewhere = await project_of(client, alice, "Elsewhere")
    assert (await read(client, platform, alice, elsewhere, SECOND, "c.csv"))["status"] == "question"


async def test_a_reused_answer_can_be_changed_and_then_counts(
    client: Client, platform: Platform, alice: Person, project_id: UUID
) -> None:
    first = await read(client, platform, alice, project_id, FIRST, "january.csv")
    await answer(client, platform, alice, first["id"], {"decimal:amount": ","})
    second = await read(client, platform, alice, project_id, SECOND, "february.csv")
    changed = await answer(client, platform, alice, second["id"], {"decimal:amount": "."})
    assert (changed["columns"][1]["maximum"], changed["reused"]) == ("6789", None)
    kept = await templates(client, alice, project_id)
    assert [(one["settled"][0]["answer"], one["file_name"]) for one in kept] == [(".", "february.csv")]


async def test_taking_all_answers_back_forgets_the_template_and_asks_again(
    client: Client, platform: Platform, alice: Person, project_id: UUID
) -> None:
    first = await read(client, platform, alice, project_id, FIRST, "january.csv")
    await answer(client, platform, alice, first["id"], {"decimal:amount": ","})
    asked = await answer(client, platform, alice, first["id"], {"decimal:amount": None})
    assert (asked["status"], asked["settled"]) == ("question", [])
    assert await templates(client, alice, project_id) == []


async def test_changes_of_columns_are_kept_too(client: Client, platform: Platform, alice: Person, project_id: UUID) -> None:
    first = await read(client, platform, alice, project_id, PLAIN, "march.csv")
    edits = {"role:id": "reference", "type:amount": "text"}
    changed = await answer(client, platform, alice, first["id"], edits)
    assert (changed["columns"][0]["role"], changed["columns"][1]["type"]) == ("reference", "text")
    again = await read(client, platform, alice, project_id, PLAIN.replace(b"C", b"D"), "april.csv")
    assert (again["columns"][0]["role"], again["columns"][1]["type"]) == ("reference", "text")
    assert again["reused"]["saved_by"] == "Alice"
    for wrong in ({"role:id": "king"}, {"type:nobody": "date"}, {"type:id": "boolean"}, {"colour": "red"}):
        refused = await client.as_(alice).post(f"/files/{first['id']}/answers", json={"answers": wrong})
        assert refused.status_code == 422, wrong


async def test_a_deleted_template_leaves_files_as_they_are(
    client: Client, platform: Platform, alice: Person, bob: Person, project_id: UUID
) -> None:
    first = await read(client, platform, alice, project_id, FIRST, "january.csv")
    await answer(client, platform, alice, first["id"], {"decimal:amount": ","})
    path = f"/templates/{(await templates(client, alice, project_id))[0]['id']}"
    assert (await client.delete(path)).status_code == 401
    assert (await client.as_(bob).delete(path)).status_code == 404
    await join(client, alice, project_id, bob, "viewer")
    assert (await client.as_(bob).delete(path)).status_code == 403
    assert (await client.as_(alice).delete(path)).status_code == 204
    assert (await seen(client, alice, first["id"]))["status"] == "ready"
    assert (await read(client, platform, alice, project_id, SECOND, "february.csv"))["status"] == "question"


def test_a_header_is_known_whatever_its_case_and_blanks() -> None:
    assert fingerprint_of("csv", ["Booking  Date", "AMOUNT"]) == fingerprint_of("csv", ["booking date ", "amount"])
    assert fingerprint_of("csv", ["a", "b"]) != fingerprint_of("csv", ["b", "a"])
    assert fingerprint_of("csv", ["a", "b"]) != fingerprint_of("xlsx", ["a", "b"])
