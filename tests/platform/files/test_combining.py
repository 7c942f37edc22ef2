"""Many files of one side become one, and no record counts twice."""

from typing import Any
from uuid import UUID

import pytest

from recon378.accounts.deps import Platform
from tests.platform.client import Client, Person, project_of
from tests.platform.files.test_upload import seen
from tests.platform.reconciliation.builders import upload
from tests.platform.reconciliation.work import work

HEADER = b"date,text,amount\n"
RENT = b"2026-01-02,RENT,-900.00\n"
COFFEE = b"2026-01-05,COFFEE,-10.10\n"
JANUARY = HEADER + RENT + COFFEE * 2
OVERLAPPING = HEADER + COFFEE * 3 + b"2026-02-01,BOOK,-12.00\n"
OTHER_FORM = b"date,payee,amount\n2026-01-02,RENT,-900.00\n2026-01-03,FOOD,-4.00\n"


@pytest.fixture
async def project_id(client: Client, alice: Person) -> UUID:
    return await project_of(client, alice)


async def files_of(client: Client, platform: Platform, person: Person, project_id: UUID, *contents: bytes) -> list[str]:
    uploaded = [await upload(client, person, project_id, f"bank-{n}.csv", content) for n, content in enumerate(contents, 1)]
    await work(platform)
    return [file["id"] for file in uploaded]


async def combine(client: Client, person: Person, project_id: UUID, file_ids: list[str]) -> Any:
    return await client.as_(person).post(f"/projects/{project_id}/files/combined", json={"file_ids": file_ids})


async def test_an_overlapping_file_adds_only_what_goes_beyond(
    client: Client, platform: Platform, alice: Person, project_id: UUID
) -> None:
    """SPEC example 7: COFFEE twice on one day are two rows; a later overlapping file with three adds exactly one."""
    ids = await files_of(client, platform, alice, project_id, JANUARY, OVERLAPPING)
    made = await combine(client, alice, project_id, ids)
    assert made.status_code == 201, made.text
    assert [(part["name"], part["rows"], part["added"]) for part in made.json()["made_of"]] == [
        ("bank-1.csv", 3, 3),
        ("bank-2.csv", 4, 2),
    ]
    await work(platform)
    file = await seen(client, alice, made.json()["id"])
    assert (file["status"], file["rows_imported"], file["name"]) == ("ready", 5, "bank-1 + bank-2.arrow")
    assert [(column["name"], column["type"]) for column in file["columns"]][:3] == [
        ("date", "date"),
        ("text", "text"),
        ("amount", "amount"),
    ]
    rows = (await client.as_(alice).get(f"/files/{file['id']}/rows")).json()["rows"]
    assert sorted((row["text"], row["amount"], row["source file"]) for row in rows) == [
        ("BOOK", "-12.00", "bank-2.csv"),
        ("COFFEE", "-10.10", "bank-1.csv"),
        ("COFFEE", "-10.10", "bank-1.csv"),
        ("COFFEE", "-10.10", "bank-2.csv"),
        ("RENT", "-900.00", "bank-1.csv"),
    ]


async def test_combining_the_same_files_again_adds_nothing(
    client: Client, platform: Platform, alice: Person, project_id: UUID
) -> None:
    ids = await files_of(client, platform, alice, project_id, JANUARY, OVERLAPPING)
    first, again = await combine(client, alice, project_id, ids), await combine(client, alice, project_id, ids)
    assert (first.status_code, again.status_code, again.json()["id"]) == (201, 200, first.json()["id"])


async def test_amounts_with_different_decimals_are_the_same_amounts(
    client: Client, platform: Platform, alice: Person, project_id: UUID
) -> None:
    fine = HEADER + b"2026-01-02,RENT,-900.0000\n2026-01-07,FUEL,-1.0050\n"
    ids = await files_of(client, platform, alice, project_id, JANUARY, fine)
    made = await combine(client, alice, project_id, ids)
    assert [part["added"] for part in made.json()["made_of"]] == [3, 1]


async def test_chosen_roles_are_taken_along(client: Client, platform: Platform, alice: Person, project_id: UUID) -> None:
    ids = await files_of(client, platform, alice, project_id, JANUARY, OVERLAPPING)
    await client.as_(alice).post(f"/files/{ids[0]}/answers", json={"answers": {"role:text": "reference"}})
    await work(platform)
    made = await combine(client, alice, project_id, ids)
    await work(platform)
    file = await seen(client, alice, made.json()["id"])
    assert next(column["role"] for column in file["columns"] if column["name"] == "text") == "reference"


async def test_what_does_not_fit_together_is_refused_with_the_reason(
    client: Client, platform: Platform, alice: Person, bob: Person, project_id: UUID
) -> None:
    first, other = await files_of(client, platform, alice, project_id, JANUARY, OTHER_FORM)
    refused = await combine(client, alice, project_id, [first, other])
    assert refused.status_code == 422
    assert refused.json()["detail"] == "bank-2.csv has no column “text”, which bank-1.csv has: combine files of one form."
    assert (await combine(client, alice, project_id, [first])).status_code == 422
    assert (await combine(client, alice, project_id, [first, first])).status_code == 422
    unread = (await upload(client, alice, project_id, "later.csv", OVERLAPPING))["id"]
    assert (await combine(client, alice, project_id, [first, unread])).status_code == 409
    theirs = await project_of(client, bob, "Other")
    foreign = (await upload(client, bob, theirs, "their.csv", JANUARY))["id"]
    assert (await combine(client, alice, project_id, [first, foreign])).status_code == 404
