"""Downloads: the formats of the command line, with the decisions made until now."""

import csv
import io
import json
import zipfile
from decimal import Decimal
from typing import Any

import pytest

from recon378.accounts.deps import Platform
from recon378.reconciliation.service import downloads
from tests.platform.client import Client, Person
from tests.platform.reconciliation.builders import Finished, decide, exceptions_of, finished, matches_of


@pytest.fixture
async def job(client: Client, platform: Platform, alice: Person) -> Finished:
    return await finished(client, platform, alice)


async def download(client: Client, person: Person, job: Finished, name: str) -> bytes:
    response = await client.as_(person).get(f"/jobs/{job.job_id}/downloads/{name}")
    assert response.status_code == 200, response.text
    assert response.headers["content-disposition"].startswith("attachment; filename=")
    assert response.headers["x-content-type-options"] == "nosniff"
    return response.content


def lines(content: bytes) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


async def test_matches_and_exceptions_carry_the_decisions(client: Client, alice: Person, job: Finished) -> None:
    suggestions = await matches_of(client, alice, job, status="suggested")
    await decide(client, alice, job, suggestions[0], "accept")
    await decide(client, alice, job, suggestions[1], "reject")
    written = {int(line["match_id"]): line for line in lines(await download(client, alice, job, "matches.csv"))}
    assert written[suggestions[0]["match_id"]]["status"] == "confirmed"
    assert suggestions[1]["match_id"] not in written
    assert len(written) == len(await matches_of(client, alice, job)) - 1
    opened = [(line["side"], int(line["row"])) for line in lines(await download(client, alice, job, "exceptions.csv"))]
    assert sorted(opened) == sorted((record["side"], record["row"]) for record in await exceptions_of(client, alice, job))


async def test_the_summary_is_balanced_after_a_rejection(client: Client, alice: Person, job: Finished) -> None:
    match = (await matches_of(client, alice, job, status="confirmed"))[0]
    before = json.loads(await download(client, alice, job, "summary.json"))
    await decide(client, alice, job, match, "reject")
    after = json.loads(await download(client, alice, job, "summary.json"))
    assert after["conservation"]["holds"]
    assert after["counts"]["confirmed"] == before["counts"]["confirmed"] - 1
    left = [next(sums for sums in summary["sums"] if sums["side"] == "left") for summary in (before, after)]
    assert Decimal(left[0]["matched"]) - Decimal(left[1]["matched"]) == Decimal(match["amount"])
    assert Decimal(left[1]["open"]) - Decimal(left[0]["open"]) == Decimal(match["amount"])


async def test_the_workbook_opens(client: Client, alice: Person, job: Finished) -> None:
    with zipfile.ZipFile(io.BytesIO(await download(client, alice, job, "report.xlsx"))) as book:
        assert book.testzip() is None
        assert "xl/workbook.xml" in book.namelist()


async def test_a_large_result_is_written_by_a_process_of_its_own(
    client: Client, alice: Person, job: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = await download(client, alice, job, "matches.csv")
    monkeypatch.setattr(downloads, "IN_PROCESS_ROWS_MAX", 0)
    assert await download(client, alice, job, "matches.csv") == small
