"""Confirm within an error budget: only what the reviewed ones prove, as one action that can be taken back."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.accounts.deps import Platform
from tests.platform.client import Client, Person, join
from tests.platform.reconciliation.builders import Finished, decide, finished, matches_of
from tests.platform.reconciliation.work import work

ROWS = 700
REVIEWED_MIN = 60  # with none of them wrong, at most 4.9 % are


@pytest.fixture
async def job(client: Client, platform: Platform, alice: Person) -> Finished:
    return await finished(client, platform, alice, ROWS)


async def budget_of(client: Client, person: Person, job: Finished, wrong_share: float = 0.05) -> dict[str, Any]:
    response = await client.as_(person).get(f"/jobs/{job.job_id}/error-budget", params={"wrong_share": wrong_share})
    assert response.status_code == 200, response.text
    budget: dict[str, Any] = response.json()
    return budget


async def waiting(client: Client, person: Person, job: Finished) -> list[dict[str, Any]]:
    """The suggestions as they are drawn for labelling."""
    return await matches_of(client, person, job, status="suggested", sort="informative")


async def review(client: Client, person: Person, job: Finished, count: int, wrong: int = 0) -> None:
    for number, match in enumerate((await waiting(client, person, job))[:count]):
        await decide(client, person, job, match, "reject" if number < wrong else "accept")


async def confirm(client: Client, person: Person, job: Finished, budget: dict[str, Any]) -> dict[str, Any]:
    body = {"wrong_share": budget["wrong_share"], "matches": budget["matches"]}
    response = await client.as_(person).post(f"/jobs/{job.job_id}/confirmations", json=body)
    assert response.status_code == 201, response.text
    bulk: dict[str, Any] = response.json()
    return bulk


async def summary_of(client: Client, person: Person, job: Finished) -> dict[str, Any]:
    summary: dict[str, Any] = (await client.as_(person).get(f"/jobs/{job.job_id}/summary")).json()
    return summary


async def test_with_too_few_reviewed_nothing_is_allowed_and_what_is_missing_is_said(
    client: Client, alice: Person, job: Finished
) -> None:
    await review(client, alice, job, 3)
    budget = await budget_of(client, alice, job)
    assert (budget["state"], budget["reviewed"], budget["needed"], budget["matches"]) == ("too_few", 3, REVIEWED_MIN, 0)
    assert budget["threshold"] is None
    assert (await budget_of(client, alice, job, 0.01))["needed"] == 299
    refused = await client.as_(alice).post(f"/jobs/{job.job_id}/confirmations", json={"wrong_share": 0.05, "matches": 10})
    assert refused.status_code == 409
    assert "allow to confirm 0 matches, not 10" in refused.json()["detail"]


async def test_one_that_was_left_out_stops_the_count_until_it_is_decided(client: Client, alice: Person, job: Finished) -> None:
    drawn = await waiting(client, alice, job)
    for match in (*drawn[:4], *drawn[5:9]):
        await decide(client, alice, job, match, "accept")
    budget = await budget_of(client, alice, job)
    assert (budget["reviewed"], budget["waiting"]) == (4, 4)
    await decide(client, alice, job, drawn[4], "reject")
    budget = await budget_of(client, alice, job)
    assert (budget["reviewed"], budget["wrong"], budget["waiting"]) == (9, 1, 0)


async def test_what_the_reviewed_prove_is_confirmed_as_one_action_and_taken_back_as_one(
    client: Client, platform: Platform, alice: Person, bob: Person, job: Finished, session: AsyncSession
) -> None:
    await review(client, alice, job, REVIEWED_MIN)
    before, left = await summary_of(client, alice, job), await waiting(client, alice, job)
    budget = await budget_of(client, alice, job)
    assert budget["state"] == "met"
    assert budget["wrong_share_max"] < 0.05
    assert budget["matches"] == sum(match["confidence"] >= budget["threshold"] for match in left) > 0
    assert budget["left"] == len(left) - budget["matches"]

    stale = await client.as_(alice).post(
        f"/jobs/{job.job_id}/confirmations", json={"wrong_share": 0.05, "matches": budget["matches"] + 1}
    )
    assert stale.status_code == 409
    bulk = await confirm(client, alice, job, budget)
    assert (bulk["matches"], bulk["decided_by"], bulk["undone_at"]) == (budget["matches"], "Alice", None)
    after = await summary_of(client, alice, job)
    assert after["conserved"]
    assert (after["undecided"], after["decided"]) == (budget["left"], before["decided"] + budget["matches"])
    assert after["calibration"]["labels_next"] == before["calibration"]["labels_next"]  # nobody looked at them
    assert (await budget_of(client, alice, job))["confirmed"] == [bulk]
    me = client.as_(alice)
    assert (await me.get(f"/jobs/{job.job_id}/decisions?bulk=true")).json()["total"] == bulk["matches"]
    assert (await me.get(f"/jobs/{job.job_id}/decisions?bulk=false")).json()["total"] == REVIEWED_MIN
    assert (await budget_of(client, alice, job))["reviewed"] == REVIEWED_MIN

    # One of them is looked at later and rejected: that word stays when the rest is taken back, by whoever may.
    first = (await me.get(f"/jobs/{job.job_id}/decisions?bulk=true&limit=1")).json()["items"][0]["match_id"]
    later = next(match for match in await matches_of(client, alice, job, status="confirmed") if match["match_id"] == first)
    await decide(client, alice, job, later, "reject")
    await join(client, alice, job.project_id, bob, "preparer")
    undone = await client.as_(bob).post(f"/jobs/{job.job_id}/confirmations/{bulk['id']}/undo")
    assert undone.status_code == 200, undone.text
    assert (undone.json()["reopened"], undone.json()["bulk"]["undone_by"]) == (budget["matches"] - 1, "Bob")
    restored = await summary_of(client, alice, job)
    assert restored["conserved"]
    assert restored["undecided"] == before["undecided"] - 1
    assert (await client.as_(bob).post(f"/jobs/{job.job_id}/confirmations/{bulk['id']}/undo")).status_code == 409
    events = await session.execute(
        text("SELECT action, actor_name FROM audit_event WHERE object_type = 'bulk_decision' ORDER BY id")
    )
    assert [tuple(event) for event in events] == [("matches.confirm", "Alice"), ("matches.confirm_undo", "Bob")]


async def test_a_confirmation_holds_in_the_next_run_and_is_still_not_a_label_there(
    client: Client, platform: Platform, alice: Person, job: Finished, session: AsyncSession
) -> None:
    await review(client, alice, job, REVIEWED_MIN)
    bulk = await confirm(client, alice, job, await budget_of(client, alice, job))
    again = (await client.as_(alice).post(f"/jobs/{job.job_id}/rerun")).json()
    await work(platform)
    carried = (await client.as_(alice).get(f"/jobs/{again['id']}/decisions?bulk=true")).json()
    assert carried["total"] == bulk["matches"]
    held = await client.as_(alice).get(f"/jobs/{again['id']}/matches?decided=true")
    assert held.json()["total"] == bulk["matches"] + REVIEWED_MIN


async def test_too_many_wrong_ones_allow_nothing_however_many_are_reviewed(client: Client, alice: Person, job: Finished) -> None:
    await review(client, alice, job, REVIEWED_MIN + 10, wrong=20)
    budget = await budget_of(client, alice, job)
    assert (budget["state"], budget["wrong"], budget["matches"]) == ("too_few", 20, 0)
    assert budget["needed"] > 500


async def test_a_viewer_sees_the_budget_and_confirms_nothing(client: Client, alice: Person, bob: Person, job: Finished) -> None:
    await join(client, alice, job.project_id, bob, "viewer")
    assert (await budget_of(client, bob, job))["state"] == "too_few"
    refused = await client.as_(bob).post(f"/jobs/{job.job_id}/confirmations", json={"wrong_share": 0.05, "matches": 1})
    assert refused.status_code == 403


@pytest.mark.parametrize("wrong_share", [0, 1, -0.1, "many"])
async def test_a_share_outside_of_its_bounds_is_refused(client: Client, alice: Person, job: Finished, wrong_share: Any) -> None:
    response = await client.as_(alice).get(f"/jobs/{job.job_id}/error-budget", params={"wrong_share": wrong_share})
    assert response.status_code == 422
