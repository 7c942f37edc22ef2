"""What is left of the amounts of a match, and why: from the rules to the list, the detail and the answer to a decision."""

from typing import Any
from uuid import UUID

import pytest

from recon378.accounts.deps import Platform
from tests.platform.client import Client, Person
from tests.platform.reconciliation.builders import RULES, Finished, decide, finished, matches_of
from tests.platform.reconciliation.work import work

FEE = "-1.50"  # what every tenth payment of the files is short of


@pytest.fixture
async def job(client: Client, platform: Platform, alice: Person) -> Finished:
    return await finished(client, platform, alice)


async def test_a_difference_that_the_rules_admit_is_stated_with_its_reason(client: Client, alice: Person, job: Finished) -> None:
    matches = await matches_of(client, alice, job)
    short = [match for match in matches if match["residual"] != "0.00"]
    assert {(match["pass_name"], match["residual"], match["residual_reason"]) for match in short} == {("Fee", FEE, "fee")}
    assert all(match["residual_reason"] is None for match in matches if match["residual"] == "0.00")
    detail = (await client.as_(alice).get(f"/jobs/{job.job_id}/matches/{short[0]['match_id']}")).json()
    assert (detail["match"]["residual"], detail["match"]["residual_reason"]) == (FEE, "fee")


async def test_a_decision_keeps_the_reason(client: Client, alice: Person, job: Finished) -> None:
    short = next(match for match in await matches_of(client, alice, job, status="suggested") if match["residual_reason"])
    accepted = (await decide(client, alice, job, short, "accept"))["match"]
    assert (accepted["status"], accepted["residual_reason"]) == ("confirmed", "fee")
    listed = {match["match_id"]: match for match in await matches_of(client, alice, job)}
    assert listed[short["match_id"]]["residual_reason"] == "fee"


@pytest.mark.parametrize(("policy", "status"), [("keep", "confirmed"), ("suggest", "suggested")])
async def test_the_rules_say_whether_a_difference_is_for_a_person_to_accept(
    client: Client, platform: Platform, alice: Person, job: Finished, policy: str, status: str
) -> None:
    start = RULES.index("- name: Fee")
    rules = RULES[:start] + RULES[start:].replace("outcome: suggest", f"residual: {policy}")
    again = await run(client, platform, alice, job, rules)
    found = {match["status"] for match in await matches_of(client, alice, again) if match["residual_reason"] == "fee"}
    assert found == {status}


async def run(client: Client, platform: Platform, person: Person, job: Finished, rules: str) -> Finished:
    """Another job over the same files under other rules."""
    body: dict[str, Any] = {"left_file_id": str(job.left_file_id), "right_file_id": str(job.right_file_id), "ruleset_yaml": rules}
    started = await client.as_(person).post(f"/projects/{job.project_id}/jobs", json=body)
    assert started.status_code == 202, started.text
    await work(platform)
    return Finished(job.project_id, UUID(started.json()["id"]), job.left_file_id, job.right_file_id)
