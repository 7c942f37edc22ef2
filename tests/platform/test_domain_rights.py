"""Every route of files, rulesets, jobs, matches, exceptions, downloads and figures: who gets in, who does not."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from recon378.accounts.deps import Platform
from recon378.reconciliation.models import BulkDecision
from tests.platform.client import Client, Person, join
from tests.platform.reconciliation.builders import RULES, Finished, finished, matches_of
from tests.platform.reconciliation.work import work

NOBODY = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Call:
    """One request.

    `path` has {project}, {file}, {job}, {match}, {ruleset}, {decision}, {bulk}, {upload} or {template};
    `good` is what a member with the right gets.
    """

    method: str
    path: str
    good: tuple[int, ...]
    body: dict[str, Any] | None = None
    content: bytes | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


READS = (
    Call("GET", "/projects/{project}/files", (200,)),
    Call("GET", "/files/{file}", (200,)),
    Call("GET", "/files/{file}/rows", (200,)),
    Call("GET", "/files/{file}/row-errors", (200,)),
    Call("GET", "/files/{file}/row-errors.csv", (200,)),
    Call("GET", "/files/{file}/content", (200,)),
    Call("GET", "/projects/{project}/uploads", (200,)),
    Call("GET", "/projects/{project}/templates", (200,)),
    Call("GET", "/projects/{project}/rulesets", (200,)),
    Call("GET", "/rulesets/{ruleset}", (200,)),
    Call("GET", "/projects/{project}/jobs", (200,)),
    Call("GET", "/jobs/{job}", (200,)),
    Call("GET", "/jobs/{job}/matches", (200,)),
    Call("GET", "/jobs/{job}/matches/{match}", (200,)),
    Call("GET", "/jobs/{job}/decisions", (200,)),
    Call("GET", "/jobs/{job}/error-budget", (200,)),
    Call("GET", "/jobs/{job}/difference", (200,)),
    Call("GET", "/jobs/{job}/exceptions", (200,)),
    Call("GET", "/jobs/{job}/exceptions/left/{open}", (200,)),
    Call("GET", "/jobs/{job}/explain", (200,), parameters={"left_row": 0, "right_row": 1}),
    Call("GET", "/jobs/{job}/downloads/matches.csv", (200,)),
    Call("GET", "/jobs/{job}/downloads/exceptions.csv", (200,)),
    Call("GET", "/jobs/{job}/downloads/report.xlsx", (200,)),
    Call("GET", "/jobs/{job}/downloads/summary.json", (200,)),
    Call("GET", "/jobs/{job}/summary", (200,)),
)
WRITES = (
    Call("POST", "/projects/{project}/files", (201,), content=b"a,b\n1,2\n", parameters={"name": "a.csv"}),
    Call("POST", "/projects/{project}/uploads", (201,), {"name": "b.csv", "size_bytes": 12}),
    Call("PATCH", "/uploads/{upload}", (200,), content=b"a,b\n1,2\n", headers={"Upload-Offset": "0"}),
    Call("POST", "/uploads/{upload}/finish", (422,), {"sha256": "0" * 64}),
    Call("DELETE", "/uploads/{upload}", (204,)),
    Call("DELETE", "/templates/{template}", (204,)),
    Call("POST", "/projects/{project}/files/combined", (422,), {"file_ids": ["{file}", "{file}"]}),
    Call("POST", "/projects/{project}/proposals", (200,), {"left_file_id": "{file}", "right_file_id": "{other}"}),
    Call("POST", "/projects/{project}/rulesets", (201,), {"name": "Mine", "yaml": RULES}),
    Call("POST", "/rulesets/{ruleset}", (201,), {"name": "Mine", "yaml": RULES}),
    Call("POST", "/projects/{project}/jobs", (202,), {"left_file_id": "{file}", "right_file_id": "{other}"}),
    Call("POST", "/jobs/{job}/rerun", (202,)),
    Call("POST", "/jobs/{job}/cancel", (409,)),
    Call("PATCH", "/jobs/{job}/priority", (409,), {"priority": 7}),
    Call("POST", "/jobs/{job}/matches/{match}/decision", (200,), {"action": "accept", "version": 1}),
    Call("POST", "/jobs/{job}/decisions/{decision}/undo", (200,)),
    Call("POST", "/jobs/{job}/confirmations", (409,), {"wrong_share": 0.05, "matches": 1}),
    Call("POST", "/jobs/{job}/confirmations/{bulk}/undo", (200,)),
    Call("POST", "/files/{file}/answers", (200,), {"answers": {}}),
    Call("DELETE", "/files/{file}", (409,)),
    Call("DELETE", "/jobs/{job}", (204,)),
)
CALLS = READS + WRITES


async def send(client: Client, call: Call, names: dict[str, Any]) -> Any:
    def filled(value: Any) -> Any:
        if isinstance(value, list):
            return [filled(one) for one in value]
        return value.format(**names) if isinstance(value, str) and "{" in value and "\n" not in value else value

    options: dict[str, Any] = {"params": call.parameters, "headers": call.headers}
    if call.body is not None:
        options["json"] = {name: filled(value) for name, value in call.body.items()}
    if call.content is not None:
        options["content"] = call.content
    return await client.request(call.method, call.path.format(**names), **options)


async def arranged(client: Client, platform: Platform, alice: Person, job: Finished) -> dict[str, Any]:
    """What the paths name."""
    me = client.as_(alice)
    matches = await matches_of(client, alice, job, status="suggested")
    ruleset = (await me.post(f"/projects/{job.project_id}/rulesets", json={"name": "Saved", "yaml": RULES})).json()
    last = matches[-1]
    made = await me.post(
        f"/jobs/{job.job_id}/matches/{last['match_id']}/decision", json={"action": "accept", "version": last["version"]}
    )
    begun = await me.post(f"/projects/{job.project_id}/uploads", json={"name": "a.csv", "size_bytes": 8})
    edited = await me.post(f"/files/{job.left_file_id}/answers", json={"answers": {"role:customer": "organisation"}})
    assert edited.status_code == 200, edited.text
    kept = (await me.get(f"/projects/{job.project_id}/templates")).json()
    await work(platform)
    opened = (await me.get(f"/jobs/{job.job_id}/exceptions?side=left")).json()["items"][0]
    bulk = BulkDecision(
        project_id=job.project_id, job_id=job.job_id, wrong_share=0.05, threshold=0.9, matches=0,
        decided_by=alice.id, decided_by_name=alice.name, decided_at=datetime.now(UTC),
    )  # fmt: skip
    async with platform.database.transaction() as session:
        session.add(bulk)
    return {
        "project": job.project_id,
        "file": job.left_file_id,
        "other": job.right_file_id,
        "job": job.job_id,
        "match": matches[0]["match_id"],
        "ruleset": ruleset["id"],
        "decision": made.json()["decision"]["id"],
        "open": opened["row"],
        "bulk": bulk.id,
        "upload": begun.json()["id"],
        "template": kept[0]["id"],
    }


async def test_rights(client: Client, platform: Platform, alice: Person, bob: Person) -> None:
    """Anonymous 401, stranger 404, a viewer reads and writes nothing, whoever has the right gets through."""
    job = await finished(client, platform, alice)
    names = await arranged(client, platform, alice, job)
    for call in CALLS:
        assert (await send(client, call, names)).status_code == 401, call
        stranger = await send(client.as_(bob), call, names)
        assert stranger.status_code == 404, (call, stranger.text)
        assert stranger.headers["content-type"] == "application/problem+json"
    await join(client, alice, job.project_id, bob, "viewer")
    for call in CALLS:
        viewer = await send(client.as_(bob), call, names)
        assert viewer.status_code in ((200,) if call in READS else (403,)), (call, viewer.text)
    for call in WRITES:
        good = await send(client.as_(alice), call, names)
        assert good.status_code in call.good, (call, good.text)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.method} {call.path}")
async def test_what_does_not_exist_is_not_found(client: Client, alice: Person, call: Call) -> None:
    names = dict.fromkeys(("project", "file", "other", "job", "ruleset", "decision", "bulk", "upload", "template"), NOBODY) | {
        "match": 0,
        "open": 0,
    }
    assert (await send(client.as_(alice), call, names)).status_code == 404


async def test_the_lounge_and_the_overview_show_only_the_own_projects(
    client: Client, platform: Platform, alice: Person, bob: Person
) -> None:
    job = await finished(client, platform, alice)
    for path in ("/jobs", "/analytics/overview"):
        assert (await client.get(path)).status_code == 401
    assert [item["id"] for item in (await client.as_(alice).get("/jobs?status=done")).json()["items"]] == [str(job.job_id)]
    assert (await client.as_(bob).get("/jobs")).json() == {"items": [], "next_cursor": None, "total": 0}
    assert (await client.as_(bob).get("/analytics/overview")).json()["recent"] == []
