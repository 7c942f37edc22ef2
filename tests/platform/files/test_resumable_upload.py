"""Uploads in chunks: they go on where they broke off, and count once all bytes are verified."""

import base64
import hashlib
import os
from typing import Any
from uuid import UUID

import pytest

from recon378.accounts.deps import Platform
from recon378.app import open_platform
from recon378.files import partials
from recon378.files.service import uploads
from tests.platform.client import Client, Person, join, project_of
from tests.platform.reconciliation.builders import upload

CONTENT = b"Booking date;Text;Amount\n" + b"".join(b"2026-01-%02d;Invoice %d;%d,00\n" % (1 + n % 28, n, n) for n in range(400))
SHA256 = hashlib.sha256(CONTENT).hexdigest()
HALF = len(CONTENT) // 2


async def announce(client: Client, person: Person, project_id: UUID, size: int = len(CONTENT), **other: Any) -> Any:
    body = {"name": "bank.csv", "size_bytes": size, "modified_ms": 1_767_000_000_000} | other
    return await client.as_(person).post(f"/projects/{project_id}/uploads", json=body)


async def append(client: Client, person: Person, upload_id: str, offset: int, chunk: bytes, **headers: str) -> Any:
    given = {"Upload-Offset": str(offset)} | headers
    return await client.as_(person).patch(f"/uploads/{upload_id}", content=chunk, headers=given)


async def finish(client: Client, person: Person, upload_id: str, sha256: str = SHA256) -> Any:
    return await client.as_(person).post(f"/uploads/{upload_id}/finish", json={"sha256": sha256})


async def offset_of(client: Client, person: Person, upload_id: str) -> int:
    offset: int = (await client.as_(person).get(f"/uploads/{upload_id}")).json()["offset"]
    return offset


@pytest.fixture
async def project_id(client: Client, alice: Person) -> UUID:
    return await project_of(client, alice)


@pytest.fixture
async def upload_id(client: Client, alice: Person, project_id: UUID) -> str:
    created = await announce(client, alice, project_id)
    assert (created.status_code, created.json()["offset"]) == (201, 0)
    id: str = created.json()["id"]
    return id


async def test_a_file_comes_in_chunks_and_is_verified(
    client: Client, platform: Platform, alice: Person, project_id: UUID, upload_id: str
) -> None:
    first = await append(client, alice, upload_id, 0, CONTENT[:HALF])
    assert (first.status_code, first.json()["offset"]) == (200, HALF)
    await append(client, alice, upload_id, HALF, CONTENT[HALF:])
    finished = await finish(client, alice, upload_id)
    assert finished.status_code == 201, finished.text
    file = finished.json()
    assert (file["sha256"], file["size_bytes"], file["status"]) == (SHA256, len(CONTENT), "stored")
    assert platform.storage.path_of(SHA256).read_bytes() == CONTENT
    assert not partials.path_of(platform.storage, UUID(upload_id)).exists()
    assert (await client.as_(alice).get(f"/projects/{project_id}/uploads")).json() == []


async def test_announcing_the_same_file_again_goes_on_with_its_upload(
    client: Client, alice: Person, project_id: UUID, upload_id: str
) -> None:
    await append(client, alice, upload_id, 0, CONTENT[:HALF])
    again = await announce(client, alice, project_id)
    assert (again.status_code, again.json()["id"], again.json()["offset"]) == (200, upload_id, HALF)
    other = await announce(client, alice, project_id, modified_ms=5)
    assert (other.status_code, other.json()["offset"]) == (201, 0)
    listed = (await client.as_(alice).get(f"/projects/{project_id}/uploads")).json()
    assert {one["id"]: one["offset"] for one in listed} == {upload_id: HALF, other.json()["id"]: 0}


async def test_a_chunk_at_the_wrong_place_is_told_the_right_one(client: Client, alice: Person, upload_id: str) -> None:
    await append(client, alice, upload_id, 0, CONTENT[:HALF])
    for offset in (0, HALF - 1, HALF + 1):
        refused = await append(client, alice, upload_id, offset, b"x")
        assert (refused.status_code, refused.json()["offset"]) == (409, HALF)
    assert await offset_of(client, alice, upload_id) == HALF


async def test_a_changed_chunk_is_refused_and_can_be_sent_again(client: Client, alice: Person, upload_id: str) -> None:
    right = "sha256 " + base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
    changed = await append(client, alice, upload_id, 0, b"X" + CONTENT[1:], **{"Upload-Checksum": right})
    assert (changed.status_code, changed.json()["code"]) == (422, "chunk_changed")
    assert (await append(client, alice, upload_id, 0, CONTENT, **{"Upload-Checksum": "md5 x"})).status_code == 422
    assert (await append(client, alice, upload_id, 0, CONTENT, **{"Upload-Checksum": right})).status_code == 200


async def test_a_file_whose_hash_differs_is_thrown_away(
    client: Client, platform: Platform, alice: Person, project_id: UUID, upload_id: str
) -> None:
    await append(client, alice, upload_id, 0, b"X" + CONTENT[1:])
    refused = await finish(client, alice, upload_id)
    assert (refused.status_code, refused.json()["code"]) == (422, "sha256_differs")
    assert await offset_of(client, alice, upload_id) == 0
    assert (await client.as_(alice).get(f"/projects/{project_id}/files")).json()["total"] == 0
    assert not platform.storage.path_of(hashlib.sha256(b"X" + CONTENT[1:]).hexdigest()).exists()


async def test_finishing_early_tells_how_much_is_here(client: Client, alice: Person, upload_id: str) -> None:
    await append(client, alice, upload_id, 0, CONTENT[:HALF])
    early = await finish(client, alice, upload_id)
    assert (early.status_code, early.json()["offset"]) == (409, HALF)


async def test_finishing_twice_makes_one_file(client: Client, alice: Person, project_id: UUID, upload_id: str) -> None:
    await append(client, alice, upload_id, 0, CONTENT)
    first, again = await finish(client, alice, upload_id), await finish(client, alice, upload_id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert (await finish(client, alice, upload_id, "0" * 64)).status_code == 422
    assert (await append(client, alice, upload_id, len(CONTENT), b"more")).status_code == 409


async def test_a_finish_that_died_in_the_middle_goes_on(
    client: Client, platform: Platform, alice: Person, upload_id: str
) -> None:
    await append(client, alice, upload_id, 0, CONTENT)
    as_actor = await platform_actor(client, platform, alice)
    await uploads.verified(platform.database, platform.storage, as_actor, UUID(upload_id), SHA256)
    assert await offset_of(client, alice, upload_id) == len(CONTENT)
    assert (await finish(client, alice, upload_id)).status_code == 201


async def platform_actor(client: Client, platform: Platform, person: Person) -> Any:
    from recon378.actor import Actor

    return Actor(person.id, person.name, person.email, False, "", "")


async def test_nobody_gets_a_file_by_its_hash_alone(client: Client, alice: Person, bob: Person) -> None:
    await upload(client, alice, await project_of(client, alice), "secret.csv", CONTENT)
    theirs = await project_of(client, bob, "Other")
    created = (await announce(client, bob, theirs)).json()
    refused = await finish(client, bob, created["id"])
    assert (refused.status_code, refused.json()["offset"]) == (409, 0)


async def test_the_same_bytes_are_recognised_and_stored_once(
    client: Client, alice: Person, project_id: UUID, upload_id: str
) -> None:
    first = await upload(client, alice, project_id, "by script.csv", CONTENT)
    found = (await client.as_(alice).get(f"/projects/{project_id}/files?sha256={SHA256}")).json()
    assert [file["id"] for file in found["items"]] == [first["id"]]
    await append(client, alice, upload_id, 0, CONTENT)
    known = await finish(client, alice, upload_id)
    assert (known.status_code, known.json()["id"], known.json()["already_known"]) == (200, first["id"], True)
    assert (await client.as_(alice).get(f"/projects/{project_id}/files")).json()["total"] == 1


async def test_an_upload_survives_a_restart(client: Client, platform: Platform, alice: Person, upload_id: str) -> None:
    await append(client, alice, upload_id, 0, CONTENT[:HALF])
    client.app.state.platform = open_platform(platform.settings, platform.database, platform.events)
    assert await offset_of(client, alice, upload_id) == HALF
    await append(client, alice, upload_id, HALF, CONTENT[HALF:])
    assert (await finish(client, alice, upload_id)).status_code == 201
    client.app.state.platform.passwords.close()
    client.app.state.platform = platform


async def test_what_is_too_large_is_refused_before_a_byte_is_sent(
    client: Client, platform: Platform, alice: Person, project_id: UUID
) -> None:
    limits = {"upload_limit_bytes": 10_000, "upload_chunk_limit_bytes": 2_000, "uploads_open_max": 2}
    object.__setattr__(platform, "settings", platform.settings.model_copy(update=limits))
    large = await announce(client, alice, project_id, 10_001)
    assert (large.status_code, large.json()["limit_bytes"]) == (413, 10_000)
    assert (await announce(client, alice, project_id, 0)).status_code == 422
    created = (await announce(client, alice, project_id, 3_000)).json()
    assert (await append(client, alice, created["id"], 0, b"x" * 2_001)).status_code == 413
    assert (await append(client, alice, created["id"], 0, b"x" * 2_000)).status_code == 200
    assert (await append(client, alice, created["id"], 2_000, b"x" * 1_001)).status_code == 422
    assert (await announce(client, alice, project_id, 3_001)).status_code == 201
    assert (await announce(client, alice, project_id, 3_002)).status_code == 409


async def test_a_cancelled_upload_leaves_nothing(client: Client, platform: Platform, alice: Person, upload_id: str) -> None:
    await append(client, alice, upload_id, 0, CONTENT[:HALF])
    part = partials.path_of(platform.storage, UUID(upload_id))
    assert part.exists()
    assert (await client.as_(alice).delete(f"/uploads/{upload_id}")).status_code == 204
    assert not part.exists()
    assert (await client.as_(alice).get(f"/uploads/{upload_id}")).status_code == 404


async def test_stale_uploads_are_swept_and_fresh_ones_stay(
    client: Client, platform: Platform, alice: Person, project_id: UUID, upload_id: str
) -> None:
    await append(client, alice, upload_id, 0, CONTENT[:HALF])
    part = partials.path_of(platform.storage, UUID(upload_id))
    async with platform.database.transaction() as session:
        await uploads.sweep(session, platform.storage, platform.settings)
    assert await offset_of(client, alice, upload_id) == HALF
    os.utime(part, (0, 0))
    short_lived = platform.settings.model_copy(update={"upload_life_hours": -1})
    async with platform.database.transaction() as session:
        await uploads.sweep(session, platform.storage, short_lived)
    assert not part.exists()
    assert (await client.as_(alice).get(f"/uploads/{upload_id}")).status_code == 404


async def test_an_upload_belongs_to_whoever_began_it(
    client: Client, alice: Person, bob: Person, project_id: UUID, upload_id: str
) -> None:
    calls = (
        lambda person: append(client, person, upload_id, 0, CONTENT[:HALF]),
        lambda person: finish(client, person, upload_id),
        lambda person: client.as_(person).delete(f"/uploads/{upload_id}"),
    )
    assert [(await call(bob)).status_code for call in calls] == [404, 404, 404]
    await join(client, alice, project_id, bob, "viewer")
    assert [(await call(bob)).status_code for call in calls] == [403, 403, 403]
    assert (await client.as_(bob).get(f"/projects/{project_id}/uploads")).json() == []
    changed = await client.as_(alice).patch(f"/projects/{project_id}/members/{bob.id}", json={"role": "preparer"})
    assert changed.status_code == 200
    assert [(await call(bob)).status_code for call in calls] == [404, 404, 404]
