"""Accept, reject, undo: one winner, nothing lost, everything comes back."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.accounts.deps import Platform
from tests.platform.client import Client, Person, join
from tests.platform.reconciliation.builders import Finished, decide, exceptions_of, finished, matches_of
from tests.platform.reconciliation.work import work


@pytest.fixture
async def job(client: Client, platform: Platform, alice: Person) -> Finished:
    return await finished(client, platform, alice)


async def test_an_accepted_suggestion_is_confirmed_by_whoever_accepted_it(client: Client, alice: Person, job: Finished) -> None:
    suggestion = (await matches_of(client, alice, job, status="suggested"))[0]
    made = await decide(client, alice, job, suggestion, "accept")
    assert made["match"]["status"] == "confirmed"
    assert made["match"]["decided_by"] == "Alice"
    assert made["match"]["version"] == suggestion["version"] + 1
    assert suggestion["match_id"] not in {match["match_id"] for match in await matches_of(client, alice, job, status="suggested")}


async def test_a_rejected_match_opens_its_records_again(client: Client, alice: Person, job: Finished) -> None:
    match = (await matches_of(client, alice, job, status="confirmed"))[0]
    before = await exceptions_of(client, alice, job)
    await decide(client, alice, job, match, "reject")
    opened = (await exceptions_of(client, alice, job))[len(before) :]
    assert [(record["side"], record["type"]) for record in opened] == [("left", "missing_right"), ("right", "missing_left")]
    assert opened[0]["best_rival_row"] == opened[1]["row"]
    assert opened[0]["amount"] == match["amount"]
    assert "Alice rejected" in opened[0]["reason"]


async def test_undo_restores_what_the_engine_found(client: Client, alice: Person, job: Finished) -> None:
    before = await summary_of(client, alice, job)
    match = (await matches_of(client, alice, job, status="confirmed"))[0]
    made = await decide(client, alice, job, match, "reject")
    assert await summary_of(client, alice, job) != before
    undone = await client.as_(alice).post(f"/jobs/{job.job_id}/decisions/{made['decision']['id']}/undo")
    assert undone.status_code == 200, undone.text
    assert undone.json()["match"] == match | {"version": match["version"] + 2}
    assert await summary_of(client, alice, job) == before


async def test_undo_goes_back_one_decision_and_the_later_one_first(client: Client, alice: Person, job: Finished) -> None:
    match = (await matches_of(client, alice, job, status="suggested"))[0]
    first = await decide(client, alice, job, match, "accept")
    second = await decide(client, alice, job, first["match"], "reject")
    me = client.as_(alice)
    early = await me.post(f"/jobs/{job.job_id}/decisions/{first['decision']['id']}/undo")
    assert early.status_code == 409
    assert "undo that first" in early.json()["detail"]
    back = (await me.post(f"/jobs/{job.job_id}/decisions/{second['decision']['id']}/undo")).json()
    assert (back["match"]["status"], back["match"]["decided_by"]) == ("confirmed", "Alice")
    again = await me.post(f"/jobs/{job.job_id}/decisions/{second['decision']['id']}/undo")
    assert again.status_code == 409


async def test_the_second_of_two_people_sees_the_decision_of_the_first(
    client: Client, alice: Person, bob: Person, job: Finished
) -> None:
    await join(client, alice, job.project_id, bob, "preparer")
    match = (await matches_of(client, alice, job, status="suggested"))[0]
    await decide(client, alice, job, match, "accept")
    late = await client.as_(bob).post(
        f"/jobs/{job.job_id}/matches/{match['match_id']}/decision", json={"action": "reject", "version": match["version"]}
    )
    assert late.status_code == 409
    problem = late.json()
    assert problem["detail"].startswith("Alice has accepted this match meanwhile")
    assert problem["decision"]["action"] == "accept"
    assert problem["match"]["status"] == "confirmed"


async def test_another_member_may_undo(client: Client, alice: Person, bob: Person, job: Finished) -> None:
    await join(client, alice, job.project_id, bob, "preparer")
    match = (await matches_of(client, alice, job, status="suggested"))[0]
    made = await decide(client, alice, job, match, "accept")
    undone = await client.as_(bob).post(f"/jobs/{job.job_id}/decisions/{made['decision']['id']}/undo")
    assert undone.json()["match"]["status"] == "suggested"


async def test_decisions_are_listed_newest_first_with_the_undone_ones(client: Client, alice: Person, job: Finished) -> None:
    suggestions = await matches_of(client, alice, job, status="suggested")
    made = [await decide(client, alice, job, match, "accept") for match in suggestions[:3]]
    await client.as_(alice).post(f"/jobs/{job.job_id}/decisions/{made[1]['decision']['id']}/undo")
    first = (await client.as_(alice).get(f"/jobs/{job.job_id}/decisions?limit=2")).json()
    rest = (await client.as_(alice).get(f"/jobs/{job.job_id}/decisions?limit=2&cursor={first['next_cursor']}")).json()
    listed = first["items"] + rest["items"]
    assert [decision["match_id"] for decision in listed] == [match["match_id"] for match in reversed(suggestions[:3])]
    assert [decision["undone_at"] is not None for decision in listed] == [False, True, False]
    assert rest["next_cursor"] is None


async def test_every_cent_is_accounted_for_after_decisions_and_undo(
    client: Client, alice: Person, job: Finished, session: AsyncSession
) -> None:
    matches = await matches_of(client, alice, job)
    made = [
        await decide(client, alice, job, match, "reject" if number % 2 else "accept") for number, match in enumerate(matches[:12])
    ]
    for decision in made[::3]:
        await client.as_(alice).post(f"/jobs/{job.job_id}/decisions/{decision['decision']['id']}/undo")
    summary = await summary_of(client, alice, job)
    assert summary["conserved"]
    counted = {
        (row.side, row.state): (row.records, row.minor) for row in await session.execute(text(COUNT_BY_HAND), {"job": job.job_id})
    }
    for side in summary["sides"]:
        for state in ("matched", "suggested", "open"):
            rows, minor = counted.get((side["side"], state), (0, 0))
            assert (side["rows"][state], side["sums"][state].replace(".", "").lstrip("0")) == (rows, str(minor).lstrip("0"))


async def test_a_decision_holds_in_a_re_run(client: Client, platform: Platform, alice: Person, job: Finished) -> None:
    suggestions = await matches_of(client, alice, job, status="suggested")
    accepted, rejected = suggestions[0], suggestions[1]
    await decide(client, alice, job, accepted, "accept")
    await decide(client, alice, job, rejected, "reject")
    again = await rerun(client, platform, alice, job)
    kept = [match for match in await matches_of(client, alice, again) if match["decided_by"] == "Alice"]
    assert [(match["reference"], match["amount"], match["status"]) for match in kept] == [
        (accepted["reference"], accepted["amount"], "confirmed")
    ]
    references = {match["reference"] for match in await matches_of(client, alice, again)}
    assert rejected["reference"] not in references


async def test_a_decision_that_a_re_run_carries_can_be_undone_there_for_good(
    client: Client, platform: Platform, alice: Person, job: Finished
) -> None:
    accepted = (await matches_of(client, alice, job, status="suggested"))[0]
    await decide(client, alice, job, accepted, "accept")
    again = await rerun(client, platform, alice, job)
    carried = (await client.as_(alice).get(f"/jobs/{again.job_id}/decisions")).json()["items"]
    assert len(carried) == 1
    undone = await client.as_(alice).post(f"/jobs/{again.job_id}/decisions/{carried[0]['id']}/undo")
    assert undone.status_code == 200, undone.text
    third = await rerun(client, platform, alice, again)
    assert all(match["decided_by"] is None for match in await matches_of(client, alice, third))


async def rerun(client: Client, platform: Platform, person: Person, job: Finished) -> Finished:
    response = await client.as_(person).post(f"/jobs/{job.job_id}/rerun")
    assert response.status_code == 202, response.text
    await work(platform)
    done = (await client.as_(person).get(f"/jobs/{response.json()['id']}")).json()
    assert done["status"] == "done", done
    return Finished(job.project_id, done["id"], job.left_file_id, job.right_file_id)


async def summary_of(client: Client, person: Person, job: Finished) -> dict[str, Any]:
    response = await client.as_(person).get(f"/jobs/{job.job_id}/summary")
    assert response.status_code == 200, response.text
    summary: dict[str, Any] = response.json()
    return summary


COUNT_BY_HAND = """
    SELECT side, state, count(*) AS records, sum(minor) AS minor FROM (
        SELECT i.side, CASE m.status WHEN 'confirmed' THEN 'matched' ELSE 'suggested' END AS state, i.amount_minor AS minor
          FROM match_item i JOIN match m USING (job_id, match_id) WHERE i.job_id = :job AND m.status <> 'rejected'
        UNION ALL SELECT side, state, amount_minor FROM exception WHERE job_id = :job) records
    GROUP BY side, state
"""
