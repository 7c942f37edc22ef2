"""Decisions of people become labels of the next run: which of them, found again by contents, and shown."""

import random
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest

from recon378.accounts.deps import Platform
from recon378.reconciliation.service import keys
from recon378.reconciliation.service.labels import decisions_of, labels_of
from recon378.reconciliation.service.wanted import Members, Wanted
from tests.engine.linkage.people import Lists, customer_lists
from tests.platform.client import Client, Person, project_of
from tests.platform.reconciliation.builders import Finished, decide, finished, matches_of, upload
from tests.platform.reconciliation.work import work

PEOPLE = 240
ANSWERS = 66

# ── which decisions are labels ──────────────────────────────────────────────────────────────────────────────────────


def made(action: str, left: list[int], right: list[int], *, is_bulk: bool = False) -> tuple[Wanted, Members]:
    return Wanted(uuid4(), action, (), (), UUID(int=1), "Alice", datetime(2026, 1, 1, tzinfo=UTC), is_bulk), (left, right)


def labels(*present: tuple[Wanted, Members]) -> list[tuple[Any, ...]]:
    found = labels_of(present)
    return [] if found is None else sorted(found.rows())


def test_one_record_with_one_is_a_label_either_way() -> None:
    assert labels(made("accept", [1], [7]), made("reject", [2], [8])) == [(1, 7, True), (2, 8, False)]


def test_a_group_holds_but_teaches_nothing() -> None:
    group = made("accept", [1], [7, 8])
    assert labels(group) == []
    decisions = decisions_of([group])
    assert decisions is not None
    assert decisions.rows() == [(1, 7, "accepted"), (1, 8, "accepted")]


def test_what_was_confirmed_with_others_holds_but_teaches_nothing() -> None:
    together = made("accept", [1], [7], is_bulk=True)
    assert labels(together, made("accept", [2], [8])) == [(2, 8, True)]
    decisions = decisions_of([together])
    assert decisions is not None
    assert decisions.height == 1


def test_looked_at_later_it_teaches_and_confirmed_with_others_later_it_does_not_any_more() -> None:
    assert labels(made("accept", [1], [7], is_bulk=True), made("reject", [1], [7])) == [(1, 7, False)]
    assert labels(made("reject", [1], [7]), made("accept", [1], [7], is_bulk=True)) == []


def test_pairs_that_share_a_record_are_a_group_and_teach_nothing() -> None:
    assert labels(made("accept", [1], [7]), made("accept", [1], [8]), made("reject", [1], [9])) == [(1, 9, False)]
    assert labels(made("accept", [1], [7]), made("accept", [1], [8]), made("reject", [1], [8])) == [(1, 7, True), (1, 8, False)]


# ── what the platform makes of them ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def people() -> Lists:
    return customer_lists(PEOPLE, seed=3)


async def run_over(
    client: Client, platform: Platform, person: Person, project_id: UUID, names: tuple[str, str], contents: tuple[bytes, bytes]
) -> Finished:
    """A finished job without a ruleset over two files."""
    left, right = [await upload(client, person, project_id, *file) for file in zip(names, contents, strict=True)]
    await work(platform)
    me = client.as_(person)
    body = {"left_file_id": left["id"], "right_file_id": right["id"]}
    job_id = UUID((await me.post(f"/projects/{project_id}/jobs", json=body)).json()["id"])
    await work(platform)
    done = (await me.get(f"/jobs/{job_id}")).json()
    assert done["status"] == "done", done
    return Finished(project_id, job_id, UUID(left["id"]), UUID(right["id"]))


@pytest.fixture
async def job(client: Client, platform: Platform, alice: Person, people: Lists) -> Finished:
    contents = people.left.write_csv().encode(), people.right.write_csv().encode()
    project_id = await project_of(client, alice)
    return await run_over(client, platform, alice, project_id, ("one.csv", "other.csv"), contents)


async def answer(client: Client, person: Person, job: Finished, people: Lists, count: int) -> list[dict[str, Any]]:
    """What somebody who knows the truth decides, in the order drawn for labelling."""
    decided = []
    for match in (await matches_of(client, person, job, sort="informative"))[:count]:
        detail = (await client.as_(person).get(f"/jobs/{job.job_id}/matches/{match['match_id']}")).json()
        pair = (detail["left"][0]["row"], detail["right"][0]["row"])
        decided.append(await decide(client, person, job, match, "accept" if pair in people.truth else "reject"))
    return decided


async def calibration_of(client: Client, person: Person, job: Finished) -> dict[str, Any]:
    summary = (await client.as_(person).get(f"/jobs/{job.job_id}/summary")).json()
    calibration: dict[str, Any] = summary["calibration"]
    return calibration


async def rerun(client: Client, platform: Platform, person: Person, job: Finished) -> Finished:
    again = (await client.as_(person).post(f"/jobs/{job.job_id}/rerun")).json()
    await work(platform)
    return Finished(job.project_id, UUID(again["id"]), job.left_file_id, job.right_file_id)


async def test_decisions_calibrate_the_next_run_of_the_project(
    client: Client, platform: Platform, alice: Person, job: Finished, people: Lists
) -> None:
    before = await calibration_of(client, alice, job)
    assert (before["state"], before["learns"], before["labels"], before["labels_next"]) == ("uncalibrated", True, 0, 0)
    decided = await answer(client, alice, job, people, ANSWERS)
    assert (await calibration_of(client, alice, job))["labels_next"] == ANSWERS
    await client.as_(alice).post(f"/jobs/{job.job_id}/decisions/{decided[-1]['decision']['id']}/undo")

    again = await rerun(client, platform, alice, job)
    after = await calibration_of(client, alice, again)
    assert (after["state"], after["labels"], after["sentence"]) == (
        "calibrated",
        ANSWERS - 1,
        f"calibrated on {ANSWERS - 1} labels",
    )
    assert sum(point["labels"] for point in after["curve"]) == ANSWERS - 1
    learned = next(match for match in await matches_of(client, alice, again) if match["pass_name"] != "Earlier decisions")
    detail = (await client.as_(alice).get(f"/jobs/{again.job_id}/matches/{learned['match_id']}")).json()
    assert "are right (95 % interval)" in detail["calibration"]
    told = (await client.as_(alice).get(f"/jobs/{again.job_id}/downloads/summary.json")).json()
    assert told["calibration"] == f"calibrated on {ANSWERS - 1} labels"

    # Other files with the same records in another order: the same labels, from contents alone.
    shuffled = tuple(
        frame.sample(fraction=1.0, shuffle=True, seed=5).write_csv().encode() for frame in (people.left, people.right)
    )
    moved = await run_over(client, platform, alice, job.project_id, ("moved.csv", "moved too.csv"), (shuffled[0], shuffled[1]))
    assert await calibration_of(client, alice, moved) == after
    hashes = [(await client.as_(alice).get(f"/jobs/{one.job_id}")).json()["result_hash"] for one in (again, moved)]
    assert hashes[0] == hashes[1]


async def test_decisions_of_another_project_teach_nothing_here(
    client: Client, platform: Platform, alice: Person, bob: Person, job: Finished, people: Lists
) -> None:
    await answer(client, alice, job, people, 3)
    contents = people.left.write_csv().encode(), people.right.write_csv().encode()
    other = await run_over(client, platform, bob, await project_of(client, bob), ("one.csv", "other.csv"), contents)
    assert (await calibration_of(client, bob, other))["labels"] == 0


async def test_the_order_for_labelling_is_drawn_and_does_not_tell_the_score(client: Client, alice: Person, job: Finished) -> None:
    drawn = await matches_of(client, alice, job, sort="informative")
    assert sorted(match["match_id"] for match in drawn) == [match["match_id"] for match in await matches_of(client, alice, job)]
    confidence = [match["confidence"] for match in drawn]
    assert confidence != sorted(confidence)
    assert confidence != sorted(confidence, reverse=True)
    half = len(drawn) // 2
    unsure = [sum(one * (1 - one) for one in part) for part in (confidence[:half], confidence[half:])]
    assert unsure[0] > unsure[1]


async def test_a_job_whose_passes_do_not_learn_says_so(client: Client, platform: Platform, alice: Person) -> None:
    calibration = await calibration_of(client, alice, await finished(client, platform, alice))
    assert (calibration["state"], calibration["learns"]) == ("uncalibrated", False)
    assert calibration["sentence"] == "uncalibrated: no pass learns from labels"


def test_keys_tell_equal_records_apart_by_their_number() -> None:
    chance = random.Random(4)
    hashes = np.array([chance.randrange(6) for _ in range(200)], dtype=np.uint64)
    found = keys.keys_at(hashes, range(200))
    assert len(set(found.values())) == 200
    assert keys.positions_of(hashes, found.values()) == {key: place for place, key in found.items()}
    assert keys.keys_of(hashes, [5, 3]) == sorted((found[5], found[3]))
