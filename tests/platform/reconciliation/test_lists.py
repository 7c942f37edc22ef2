"""Pages of matches and exceptions: any filter, any order, each row once."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from recon378.accounts.deps import Platform
from tests.platform.client import Client, Person
from tests.platform.reconciliation.builders import Finished, exceptions_of, finished, matches_of

Row = dict[str, Any]


@pytest.fixture
async def job(client: Client, platform: Platform, alice: Person) -> Finished:
    return await finished(client, platform, alice)


SORTS: dict[str, Callable[[Row], Any]] = {
    "match_id": lambda match: match["match_id"],
    "confidence": lambda match: (match["confidence"], match["match_id"]),
    "amount": lambda match: (Decimal(match["amount"]), match["match_id"]),
    "date": lambda match: (match["value_date"], match["match_id"]),
}


async def test_pages_hold_every_match_once_in_order(client: Client, alice: Person, job: Finished) -> None:
    everything = await matches_of(client, alice, job)
    for sort, key in SORTS.items():
        assert await matches_of(client, alice, job, sort=sort) == sorted(everything, key=key)
        if sort != "match_id":
            assert await matches_of(client, alice, job, sort=f"-{sort}") == sorted(everything, key=key, reverse=True)


FILTERS: list[tuple[Row, Callable[[Row], bool]]] = [
    ({"status": "suggested"}, lambda match: match["status"] == "suggested"),
    ({"method": "exact"}, lambda match: match["method"] == "exact"),
    ({"ambiguous": "false"}, lambda match: not match["ambiguous"]),
    ({"decided": "true"}, lambda match: match["decided_by"] is not None),
    ({"confidence_min": 0.9995}, lambda match: match["confidence"] >= 0.9995),
    ({"confidence_max": 0.9995}, lambda match: match["confidence"] <= 0.9995),
    ({"confidence_min": 0.99}, lambda match: match["confidence"] >= 0.99),
    (
        {"confidence_max": 0.99, "status": "suggested"},
        lambda match: match["confidence"] <= 0.99 and match["status"] == "suggested",
    ),
    (
        {"amount_min": "1000", "amount_max": "5000.50"},
        lambda match: Decimal(1000) <= Decimal(match["amount"]) <= Decimal("5000.50"),
    ),
    ({"q": "OPTIK"}, lambda match: "Optik" in match["left_label"] + match["right_label"]),
    ({"q": "inv-501"}, lambda match: "INV-501" in (match["reference"] or "")),
    ({"q": "50%_"}, lambda match: False),
]


async def test_a_filter_admits_what_it_says_and_counts_it(client: Client, alice: Person, job: Finished) -> None:
    everything = await matches_of(client, alice, job)
    for parameters, admits in FILTERS:
        expected = [match for match in everything if admits(match)]
        page = (await client.as_(alice).get(f"/jobs/{job.job_id}/matches", params={"limit": 500, **parameters})).json()
        assert page["items"] == expected, parameters
        assert page["total"] == len(expected)
        assert page["undecided"] == sum(match["status"] == "suggested" for match in expected)
        total = sum((Decimal(match["amount"]) for match in expected), Decimal(0))
        assert page["amounts"] == ({"EUR": f"{total:.2f}"} if expected else {})


WRONG: tuple[Row, ...] = (
    {"cursor": "nonsense"},
    {"limit": 501},
    {"limit": 0},
    {"sort": "colour"},
    {"amount_min": "a lot"},
    {"confidence_min": 2},
)


async def test_a_wrong_parameter_is_refused(client: Client, alice: Person, job: Finished) -> None:
    for parameters in WRONG:
        response = await client.as_(alice).get(f"/jobs/{job.job_id}/matches", params=parameters)
        assert response.status_code == 422, parameters
        assert response.json()["detail"]


async def test_a_cursor_of_another_sort_is_refused(client: Client, alice: Person, job: Finished) -> None:
    page = (await client.as_(alice).get(f"/jobs/{job.job_id}/matches?limit=5&sort=amount")).json()
    response = await client.as_(alice).get(f"/jobs/{job.job_id}/matches?limit=5&sort=date&cursor={page['next_cursor']}")
    assert response.status_code == 422


async def test_exceptions_are_counted_by_type_and_paged(client: Client, alice: Person, job: Finished) -> None:
    whole = (await client.as_(alice).get(f"/jobs/{job.job_id}/exceptions?limit=500&side=left")).json()
    assert {record["side"] for record in whole["items"]} == {"left"}
    assert sum(facet["count"] for facet in whole["types"]) == whole["total"] == len(whole["items"])
    kind = max(whole["types"], key=lambda facet: facet["count"])["value"]
    first = (await client.as_(alice).get(f"/jobs/{job.job_id}/exceptions?side=left&type={kind}&limit=1&sort=-amount")).json()
    second = (
        await client.as_(alice).get(
            f"/jobs/{job.job_id}/exceptions",
            params={"side": "left", "type": kind, "limit": 500, "sort": "-amount", "cursor": first["next_cursor"]},
        )
    ).json()
    listed = first["items"] + second["items"]
    assert [record["row"] for record in listed] == [
        record["row"]
        for record in sorted(
            (record for record in whole["items"] if record["type"] == kind),
            key=lambda record: Decimal(record["amount"]),
            reverse=True,
        )
    ]
    assert first["types"] == whole["types"]


async def test_exceptions_are_found_by_their_words(client: Client, alice: Person, job: Finished) -> None:
    everything = await exceptions_of(client, alice, job)
    label = everything[0]["label"]
    found = await exceptions_of(client, alice, job, q=label.upper()[:6])
    assert found == [
        record for record in everything if label[:6].lower() in f"{record['reference'] or ''} {record['label']}".lower()
    ]
