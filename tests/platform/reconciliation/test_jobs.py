"""Jobs in the lounge, rulesets, proposals, explanations."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.accounts.deps import Platform
from tests.platform.client import Client, Person, project_of
from tests.platform.reconciliation.builders import RULES, decide, exceptions_of, finished, matches_of, started, upload
from tests.platform.reconciliation.work import work


async def test_jobs_wait_in_the_order_of_priority(client: Client, platform: Platform, alice: Person) -> None:
    first = await started(client, platform, alice, priority=6)
    me = client.as_(alice)
    body = {"left_file_id": str(first.left_file_id), "right_file_id": str(first.right_file_id), "ruleset_yaml": RULES}
    second = (await me.post(f"/projects/{first.project_id}/jobs", json=body)).json()
    assert [await position(client, alice, job) for job in (first.job_id, second["id"])] == [1, 2]
    assert (await me.patch(f"/jobs/{second['id']}/priority", json={"priority": 9})).json()["position"] == 1
    assert await position(client, alice, first.job_id) == 2
    waiting = (await me.get("/jobs?status=queued")).json()
    assert waiting["total"] == 2
    assert all(job["eta_seconds"] > 0 for job in waiting["items"])


async def position(client: Client, person: Person, job_id: Any) -> int:
    found: int = (await client.as_(person).get(f"/jobs/{job_id}")).json()["position"]
    return found


async def test_a_waiting_job_is_cancelled_at_once_and_never_runs(client: Client, platform: Platform, alice: Person) -> None:
    job = await started(client, platform, alice)
    me = client.as_(alice)
    assert (await me.post(f"/jobs/{job.job_id}/cancel")).json()["status"] == "cancelled"
    await work(platform)
    assert (await me.get(f"/jobs/{job.job_id}")).json()["status"] == "cancelled"
    for path in ("matches", "exceptions", "summary", "downloads/matches.csv"):
        refused = await me.get(f"/jobs/{job.job_id}/{path}")
        assert refused.status_code == 409
        assert "no results" in refused.json()["detail"]


async def test_a_job_over_the_same_inputs_has_the_same_hash(client: Client, platform: Platform, alice: Person) -> None:
    job = await finished(client, platform, alice)
    me = client.as_(alice)
    again = (await me.post(f"/jobs/{job.job_id}/rerun")).json()
    await work(platform)
    hashes = {(await me.get(f"/jobs/{job_id}")).json()["result_hash"] for job_id in (job.job_id, again["id"])}
    assert len(hashes) == 1


async def test_a_deleted_job_leaves_nothing_but_its_decisions(
    client: Client, platform: Platform, alice: Person, session: AsyncSession
) -> None:
    job = await finished(client, platform, alice)
    await decide(client, alice, job, (await matches_of(client, alice, job))[0], "accept")
    assert (await client.as_(alice).delete(f"/jobs/{job.job_id}")).status_code == 204
    assert (await client.as_(alice).get(f"/jobs/{job.job_id}")).status_code == 404
    left = await session.execute(
        text("""SELECT (SELECT count(*) FROM pg_class WHERE relname LIKE '%' || :hex),
                       (SELECT count(*) FROM match_tally WHERE job_id = :job),
                       (SELECT count(*) FROM balance WHERE job_id = :job), (SELECT count(*) FROM job WHERE id = :job),
                       (SELECT count(*) FROM decision WHERE job_id = :job)"""),
        {"hex": job.job_id.hex, "job": job.job_id},
    )
    assert tuple(left.one()) == (0, 0, 0, 0, 1)
    assert (await client.as_(alice).delete(f"/files/{job.left_file_id}")).status_code == 204


async def test_a_deleted_project_takes_its_results_along(
    client: Client, platform: Platform, alice: Person, session: AsyncSession
) -> None:
    job = await finished(client, platform, alice)
    assert (await client.as_(alice).delete(f"/projects/{job.project_id}")).status_code == 204
    partitions = await session.execute(
        text("SELECT count(*) FROM pg_class WHERE relname LIKE '%' || :hex"), {"hex": job.job_id.hex}
    )
    assert partitions.scalar_one() == 0


async def test_two_files_with_nothing_in_common_are_paired_by_hand(client: Client, platform: Platform, alice: Person) -> None:
    project_id = await project_of(client, alice)
    colours = b"colour,shape\n" + b"".join(b"apple %02d,round\n" % day for day in range(13, 29))
    amounts = b"date,amount,label\n" + b"".join(b"2026-01-%02d,%d.50,%02d apples\n" % (day, day, day) for day in range(13, 29))
    left = await upload(client, alice, project_id, "colours.csv", colours)
    right = await upload(client, alice, project_id, "amounts.csv", amounts)
    await work(platform)
    me, body = client.as_(alice), {"left_file_id": left["id"], "right_file_id": right["id"]}

    found = (await me.post(f"/projects/{project_id}/proposals", json=body)).json()
    assert (found["fields"], found["passes"]) == ([], [])

    pair = {"name": "colour", "role": "date", "left": ["colour"], "right": ["label"]}
    chosen = (await me.post(f"/projects/{project_id}/proposals", json=body | {"fields": [pair]})).json()
    assert chosen["fields"] == [pair | {"role": "other"}]  # a day cannot be told of either
    assert chosen["passes"]
    job = (await me.post(f"/projects/{project_id}/jobs", json=body | {"ruleset_yaml": chosen["yaml"]})).json()
    await work(platform)
    done = (await me.get(f"/jobs/{job['id']}")).json()
    assert done["status"] == "done"


async def test_a_pair_of_what_is_not_there_gets_no_proposal(client: Client, platform: Platform, alice: Person) -> None:
    job = await started(client, platform, alice)
    body = {"left_file_id": str(job.left_file_id), "right_file_id": str(job.right_file_id)}
    pair = {"name": "memo", "role": "other", "left": ["memo"], "right": ["amount"]}
    refused = await client.as_(alice).post(f"/projects/{job.project_id}/proposals", json=body | {"fields": [pair]})
    assert refused.status_code == 422
    assert "uses the column 'memo'" in refused.json()["detail"]


async def test_a_job_of_two_files_with_nothing_in_common_fails_with_one_sentence(
    client: Client, platform: Platform, alice: Person
) -> None:
    project_id = await project_of(client, alice)
    left = await upload(client, alice, project_id, "colours.csv", b"colour,shape\n" + b"red,round\ngreen,square\n" * 15)
    amounts = b"date,amount\n" + b"".join(b"2026-01-%02d,%d.50\n" % (day, day) for day in range(13, 29))
    right = await upload(client, alice, project_id, "amounts.csv", amounts)
    await work(platform)
    body = {"left_file_id": left["id"], "right_file_id": right["id"]}
    job = (await client.as_(alice).post(f"/projects/{project_id}/jobs", json=body)).json()
    await work(platform)
    failed = (await client.as_(alice).get(f"/jobs/{job['id']}")).json()
    assert failed["status"] == "failed"
    assert failed["error"].startswith("The two tables have no column in common")


NOBODY = "00000000-0000-4000-8000-000000000000"
IMPOSSIBLE: tuple[tuple[dict[str, Any], int], ...] = (
    ({"right_file_id": "{left}"}, 422),
    ({"left_file_id": NOBODY}, 404),
    ({"ruleset_yaml": "passes: [nonsense"}, 422),
    ({"ruleset_version_id": NOBODY}, 404),
    ({"priority": 10}, 422),
)


async def test_a_job_that_cannot_be_is_not_started(client: Client, platform: Platform, alice: Person) -> None:
    job = await started(client, platform, alice)
    left = str(job.left_file_id)
    for change, status in IMPOSSIBLE:
        body = {"left_file_id": left, "right_file_id": str(job.right_file_id)}
        body |= {name: left if value == "{left}" else value for name, value in change.items()}
        response = await client.as_(alice).post(f"/projects/{job.project_id}/jobs", json=body)
        assert response.status_code == status, response.text
    assert (await client.as_(alice).get(f"/projects/{job.project_id}/jobs")).json()["total"] == 1


async def test_versions_of_a_ruleset_never_change(client: Client, platform: Platform, alice: Person) -> None:
    job = await started(client, platform, alice)
    me = client.as_(alice)
    first = (await me.post(f"/projects/{job.project_id}/rulesets", json={"name": "Bank", "yaml": RULES})).json()
    renamed = RULES.replace("name: Fee", "name: Card fee")
    second = (await me.post(f"/rulesets/{first['id']}", json={"name": "Bank", "yaml": renamed})).json()
    assert (first["version"], second["version"]) == (1, 2)
    assert [step["name"] for step in second["passes"]] == ["Reference and amount", "Name and amount", "Card fee"]
    assert second["passes"][2]["sentence"].startswith("Suggest one left and one right record where a reference")
    assert (await me.get(f"/projects/{job.project_id}/rulesets")).json()["items"] == [second]
    body = {
        "left_file_id": str(job.left_file_id),
        "right_file_id": str(job.right_file_id),
        "ruleset_version_id": first["version_id"],
    }
    old = (await me.post(f"/projects/{job.project_id}/jobs", json=body)).json()
    await work(platform)
    summary = (await me.get(f"/jobs/{old['id']}/summary")).json()
    assert "name: Fee" in summary["ruleset_yaml"]


async def test_a_bad_ruleset_is_refused_with_its_line(client: Client, alice: Person) -> None:
    project_id = await project_of(client, alice)
    bad = RULES.replace("kind: fuzzy", "kind: magic")
    response = await client.as_(alice).post(f"/projects/{project_id}/rulesets", json={"name": "Bad", "yaml": bad})
    assert response.status_code == 422
    assert response.json()["line"] == bad.splitlines().index("  kind: magic") + 1


async def test_a_proposal_is_told_in_words(client: Client, platform: Platform, alice: Person) -> None:
    job = await started(client, platform, alice)
    body = {"left_file_id": str(job.left_file_id), "right_file_id": str(job.right_file_id)}
    proposal = (await client.as_(alice).post(f"/projects/{job.project_id}/proposals", json=body)).json()
    assert {"amount", "date", "currency", "organisation"} <= {field["role"] for field in proposal["fields"]}
    assert all(step["sentence"].endswith(".") and step["document"]["name"] == step["name"] for step in proposal["passes"])


async def test_any_pair_is_explained(client: Client, platform: Platform, alice: Person) -> None:
    job = await finished(client, platform, alice)
    me = client.as_(alice)
    match = (await matches_of(client, alice, job, status="confirmed"))[0]
    detail = (await me.get(f"/jobs/{job.job_id}/matches/{match['match_id']}")).json()
    left, right = detail["left"][0]["row"], detail["right"][0]["row"]
    assert {field["name"]: field["verdict"] for field in detail["fields"]}["amount"] == "equal"
    assert detail["evidence"]
    explained = (await me.get(f"/jobs/{job.job_id}/explain?left_row={left}&right_row={right}")).json()
    assert explained["matched"]
    stranger = (await me.get(f"/jobs/{job.job_id}/explain?left_row={left}&right_row={right + 7}")).json()
    assert not stranger["matched"]
    assert stranger["reason"]
    await decide(client, alice, job, match, "reject")
    rejected = (await me.get(f"/jobs/{job.job_id}/explain?left_row={left}&right_row={right}")).json()
    assert (rejected["matched"], rejected["failed_step"]) == (False, "decision")
    opened = next(record for record in await exceptions_of(client, alice, job) if "rejected" in record["reason"])
    exception = (await me.get(f"/jobs/{job.job_id}/exceptions/{opened['side']}/{opened['row']}")).json()
    assert exception["rival"]["matched"] is False
    assert exception["record"]["values"]["amount"] == match["amount"]
    missing = await me.get(f"/jobs/{job.job_id}/explain?left_row={left}&right_row=99999")
    assert missing.status_code == 404
