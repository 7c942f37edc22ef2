"""Every figure equals a count by hand, also after decisions and undo."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from recon378.accounts.deps import Platform
from tests.platform.client import Client, Person
from tests.platform.reconciliation.builders import Finished, decide, exceptions_of, finished, matches_of


@pytest.fixture
async def job(client: Client, platform: Platform, alice: Person) -> Finished:
    job = await finished(client, platform, alice)
    suggestions = await matches_of(client, alice, job, status="suggested")
    confirmed = await matches_of(client, alice, job, status="confirmed")
    await decide(client, alice, job, suggestions[0], "accept")
    await decide(client, alice, job, suggestions[1], "reject")
    made = await decide(client, alice, job, confirmed[0], "reject")
    await decide(client, alice, job, confirmed[1], "accept")
    await client.as_(alice).post(f"/jobs/{job.job_id}/decisions/{made['decision']['id']}/undo")
    return job


async def summary_of(client: Client, person: Person, job: Finished) -> dict[str, Any]:
    response = await client.as_(person).get(f"/jobs/{job.job_id}/summary")
    assert response.status_code == 200, response.text
    summary: dict[str, Any] = response.json()
    return summary


async def test_the_summary_equals_a_count_of_the_lists(client: Client, alice: Person, job: Finished) -> None:
    summary = await summary_of(client, alice, job)
    matches = [match for match in await matches_of(client, alice, job) if match["status"] != "rejected"]
    exceptions = await exceptions_of(client, alice, job)
    by_pass = Counter(match["pass_name"] for match in matches)
    assert {figures["name"]: figures["matches"] for figures in summary["passes"] if figures["matches"]} == by_pass
    assert (summary["decided"], summary["undecided"]) == (3, sum(match["status"] == "suggested" for match in matches))
    for bin in summary["confidence"]:
        inside = [
            match["confidence"]
            for match in matches
            if bin["low"] <= match["confidence"] < bin["high"] or match["confidence"] == bin["high"] == 1
        ]
        assert bin["count"] == len(inside)
        assert bin["expected_wrong"] == pytest.approx(sum(1 - confidence for confidence in inside), abs=1e-6)
    counted = Counter((record["side"], record["type"]) for record in exceptions)
    assert {(figures["side"], figures["type"]): figures["count"] for figures in summary["exceptions"]} == counted
    for figures in summary["exceptions"]:
        amounts = [
            Decimal(record["amount"])
            for record in exceptions
            if (record["side"], record["type"]) == (figures["side"], figures["type"])
        ]
        assert figures["amounts"] == {"EUR": f"{sum(amounts):.2f}"}


async def test_rates_count_records_and_their_value(client: Client, alice: Person, job: Finished) -> None:
    summary = await summary_of(client, alice, job)
    matched = sum(side["rows"]["matched"] for side in summary["sides"])
    assert summary["match_rate_rows"] == pytest.approx(
        matched / sum(side["rows"]["input"] for side in summary["sides"]), abs=1e-6
    )
    value = {state: sum(Decimal(side["sums"][state]) for side in summary["sides"]) for state in ("matched", "input")}
    assert summary["match_rate_value"] == pytest.approx(
        float(value["matched"] / value["input"]), abs=1e-6
    )  # no amount is negative here


async def test_the_job_and_the_overview_count_the_same(client: Client, alice: Person, job: Finished) -> None:
    summary = await summary_of(client, alice, job)
    overview = (await client.as_(alice).get("/analytics/overview")).json()
    shown = (await client.as_(alice).get(f"/jobs/{job.job_id}")).json()
    assert overview["waiting_suggestions"] == shown["suggested"] == summary["undecided"]
    assert overview["open_exceptions"] == shown["exceptions"] == len(await exceptions_of(client, alice, job))
    assert overview["projects"] == 1
    assert [item["id"] for item in overview["recent"]] == [item["id"] for item in overview["to_review"]] == [str(job.job_id)]
    assert overview["trend"][0]["match_rate_rows"] == summary["match_rate_rows"]
    matches = await matches_of(client, alice, job, status="confirmed", decided="false")
    automatic = sum(match["left_count"] + match["right_count"] for match in matches)
    assert overview["trend"][0]["auto_match_rate_rows"] == pytest.approx(
        automatic / sum(side["rows"]["input"] for side in summary["sides"]), abs=1e-6
    )
