"""What a job changed since an earlier one over the same records."""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from recon378.accounts.deps import Platform
from tests.platform.client import Client, Person, join
from tests.platform.reconciliation.builders import RULES, Finished, decide, finished, matches_of
from tests.platform.reconciliation.work import work


@pytest.fixture
async def job(client: Client, platform: Platform, alice: Person) -> Finished:
    return await finished(client, platform, alice)


async def run_again(client: Client, platform: Platform, person: Person, job: Finished, **start: Any) -> Finished:
    """Another job over the same files, under the same rules unless said."""
    body = {"left_file_id": str(job.left_file_id), "right_file_id": str(job.right_file_id), "ruleset_yaml": RULES, **start}
    started = await client.as_(person).post(f"/projects/{job.project_id}/jobs", json=body)
    assert started.status_code == 202, started.text
    await work(platform)
    return Finished(job.project_id, UUID(started.json()["id"]), job.left_file_id, job.right_file_id)


async def difference_of(client: Client, person: Person, job: Finished, before: Finished | None = None) -> dict[str, Any]:
    parameters = {"before": str(before.job_id)} if before else {}
    response = await client.as_(person).get(f"/jobs/{job.job_id}/difference", params=parameters)
    assert response.status_code == 200, response.text
    difference: dict[str, Any] = response.json()
    return difference


async def test_the_first_job_over_its_records_has_nothing_to_compare_with(client: Client, alice: Person, job: Finished) -> None:
    difference = await difference_of(client, alice, job)
    assert (difference["before"], difference["comparable"]) == (None, [])
    assert all(difference[kind]["pairs"] == 0 for kind in ("gained", "lost", "regrouped", "moved"))


async def test_the_same_again_changes_nothing(client: Client, platform: Platform, alice: Person, job: Finished) -> None:
    again = await run_again(client, platform, alice, job)
    difference = await difference_of(client, alice, again)
    assert difference["before"]["id"] == str(job.job_id)
    assert [other["id"] for other in difference["comparable"]] == [str(job.job_id)]
    assert difference["unchanged"] == len(await matches_of(client, alice, job))
    assert all(difference[kind]["pairs"] == 0 for kind in ("gained", "lost", "regrouped", "moved"))


async def test_a_ruleset_without_a_pass_loses_what_that_pass_took(
    client: Client, platform: Platform, alice: Person, job: Finished
) -> None:
    strict = RULES[: RULES.index("- name: Name and amount")]
    after = await run_again(client, platform, alice, job, ruleset_yaml=strict)
    gone = [match for match in await matches_of(client, alice, job) if match["pass_name"] != "Reference and amount"]
    lost = (await difference_of(client, alice, after))["lost"]
    assert lost["pairs"] == len(gone) > 0
    assert lost["amounts"] == {"EUR": f"{sum(Decimal(match['amount']) for match in gone):.2f}"}
    amounts = [Decimal(pair["amount"]) for pair in lost["largest"]]
    assert amounts == sorted(amounts, reverse=True)
    assert all((pair["confidence_after"], pair["status_before"]) == (None, "suggested") for pair in lost["largest"])
    gained = (await difference_of(client, alice, job, before=after))["gained"]
    assert (gained["pairs"], gained["amounts"]) == (lost["pairs"], lost["amounts"])


async def test_decisions_count_on_both_sides_of_the_comparison(
    client: Client, platform: Platform, alice: Person, job: Finished
) -> None:
    suggestions = await matches_of(client, alice, job, status="suggested")
    after = await run_again(client, platform, alice, job)
    late = next(match for match in await matches_of(client, alice, after) if match["reference"] == suggestions[0]["reference"])
    await decide(client, alice, after, late, "accept")
    moved = (await difference_of(client, alice, after))["moved"]
    assert [(pair["status_before"], pair["status_after"]) for pair in moved["largest"]] == [("suggested", "confirmed")]
    await decide(client, alice, job, suggestions[0], "accept")
    assert (await difference_of(client, alice, after))["moved"]["pairs"] == 0


async def test_only_jobs_over_the_same_records_of_the_same_project_can_be_compared(
    client: Client, platform: Platform, alice: Person, bob: Person, job: Finished
) -> None:
    other = await finished(client, platform, bob)
    for stranger in (other.job_id, uuid4(), job.job_id):
        refused = await client.as_(alice).get(f"/jobs/{job.job_id}/difference", params={"before": str(stranger)})
        assert refused.status_code == 404
    await join(client, alice, job.project_id, bob, "viewer")
    assert (await client.as_(bob).get(f"/jobs/{job.job_id}/difference")).status_code == 200
    assert (await client.as_(bob).get(f"/jobs/{job.job_id}/difference?before={other.job_id}")).status_code == 404
