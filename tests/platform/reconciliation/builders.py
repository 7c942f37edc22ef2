"""Small files and finished jobs for tests."""

import random
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from recon378.accounts.deps import Platform
from tests.platform.client import Client, Person, project_of
from tests.platform.reconciliation.work import work

CUSTOMERS = (
    "Nordlicht GmbH",
    "Meyer und Soehne",
    "Hafenkontor AG",
    "Weingut Rebstock",
    "Optik Falke",
    "Hotel Seeblick",
    "Kaeserei Allgaeu",
)

RULES = """
version: 1
name: Test
columns:
- {field: amount, role: amount, left: [amount], right: [amount]}
- {field: booking date, role: date, left: [booking_date], right: [posting_date]}
- {field: currency, role: currency, left: [currency], right: [currency]}
- {field: customer, role: organisation, left: [customer], right: [customer]}
passes:
- name: Reference and amount
  kind: exact
  conditions: [{reference: {}}, {amount: {sign: same}}]
- name: Name and amount
  kind: fuzzy
  outcome: suggest
  conditions: [{amount: {sign: same}}, {similar: {minimum: 0.5}}]
- name: Fee
  kind: tolerance
  outcome: suggest
  conditions: [{reference: {}}, {amount: {fee: '30.00', sign: same}}]
"""


@dataclass(frozen=True, slots=True)
class Finished:
    """A job that is done, with what it was made of."""

    project_id: UUID
    job_id: UUID
    left_file_id: UUID
    right_file_id: UUID


def bank_and_ledger(rows: int = 60, seed: int = 7) -> tuple[bytes, bytes]:
    """A bank statement and a ledger in EUR: most agree, every tenth pays less a fee, every ninth names another reference, a few
    stand alone.
    """
    chance = random.Random(seed)
    bank = ["booking_date,customer,text,amount,currency"]
    ledger = ["entry_no,posting_date,customer,document,amount,currency"]
    for number in range(rows):
        day, customer, cents = 1 + number % 27, CUSTOMERS[number % len(CUSTOMERS)], chance.randrange(1_000, 900_000)
        document = f"INV-{5000 + number}"
        paid = cents - 150 if number % 10 == 3 else cents
        text = f"INV-{9000 + number}" if number % 9 == 4 else f"Invoice {document}"
        if number % 13 != 5:
            bank.append(f"2026-01-{day + number % 3:02},{customer},{text},{paid / 100:.2f},EUR")
        if number % 17 != 6:
            ledger.append(f"{number:05},2026-01-{day:02},{customer},{document},{cents / 100:.2f},EUR")
    return "\n".join(bank).encode() + b"\n", "\n".join(ledger).encode() + b"\n"


async def upload(client: Client, person: Person, project_id: UUID, name: str, content: bytes) -> dict[str, Any]:
    response = await client.as_(person).post(f"/projects/{project_id}/files", params={"name": name}, content=content)
    assert response.status_code in (200, 201), response.text
    file: dict[str, Any] = response.json()
    return file


async def started(client: Client, platform: Platform, person: Person, rows: int = 60, **start: Any) -> Finished:
    """A project with two files that were read, and a job that waits."""
    project_id = await project_of(client, person)
    bank, ledger = bank_and_ledger(rows)
    left = await upload(client, person, project_id, "bank.csv", bank)
    right = await upload(client, person, project_id, "ledger.csv", ledger)
    await work(platform)
    body = {"left_file_id": left["id"], "right_file_id": right["id"], "ruleset_yaml": RULES, **start}
    response = await client.as_(person).post(f"/projects/{project_id}/jobs", json=body)
    assert response.status_code == 202, response.text
    return Finished(project_id, UUID(response.json()["id"]), UUID(left["id"]), UUID(right["id"]))


async def finished(client: Client, platform: Platform, person: Person, rows: int = 60) -> Finished:
    job = await started(client, platform, person, rows)
    await work(platform)
    done = (await client.as_(person).get(f"/jobs/{job.job_id}")).json()
    assert done["status"] == "done", done
    return job


async def matches_of(client: Client, person: Person, job: Finished, **filters: Any) -> list[dict[str, Any]]:
    """All matches of a job under a filter, page by page."""
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        parameters = {"limit": 7, **filters} | ({"cursor": cursor} if cursor else {})
        response = await client.as_(person).get(f"/jobs/{job.job_id}/matches", params=parameters)
        assert response.status_code == 200, response.text
        page = response.json()
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            assert len(found) == page["total"]
            return found


async def decide(client: Client, person: Person, job: Finished, match: dict[str, Any], action: str) -> dict[str, Any]:
    path = f"/jobs/{job.job_id}/matches/{match['match_id']}/decision"
    response = await client.as_(person).post(path, json={"action": action, "version": match["version"]})
    assert response.status_code == 200, response.text
    made: dict[str, Any] = response.json()
    return made


async def exceptions_of(client: Client, person: Person, job: Finished, **filters: Any) -> list[dict[str, Any]]:
    response = await client.as_(person).get(f"/jobs/{job.job_id}/exceptions", params={"limit": 500, **filters})
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["items"]
    return items
