"""Files by content."""

import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from recon378.adapters.storage import Storage
from recon378.errors import TooLarge


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(tmp_path / "objects")


async def test_equal_bytes_are_one_object(storage: Storage) -> None:
    first = await storage.put(chunks(b"date,", b"amount\n"), limit_bytes=100)
    second = await storage.put(chunks(b"date,amount\n"), limit_bytes=100)
    assert first == second
    assert first.sha256 == hashlib.sha256(b"date,amount\n").hexdigest()
    assert first.size_bytes == 12
    assert b"".join([part async for part in storage.read(first.sha256)]) == b"date,amount\n"
    assert await storage.exists(first.sha256)
    assert list(storage.drafts.iterdir()) == []


async def test_a_file_above_the_limit_leaves_nothing_behind(storage: Storage) -> None:
    with pytest.raises(TooLarge, match="100 bytes"):
        await storage.put(chunks(b"x" * 60, b"x" * 60), limit_bytes=100)
    assert [path for path in storage.directory.rglob("*") if path.is_file()] == []


async def test_an_upload_that_breaks_off_leaves_nothing_behind(storage: Storage) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await storage.put(broken(), limit_bytes=100)
    assert [path for path in storage.directory.rglob("*") if path.is_file()] == []


async def test_a_written_draft_is_taken_over(storage: Storage) -> None:
    draft = storage.draft_path(".arrow")
    draft.write_bytes(b"columns")
    stored = await storage.put_file(draft)
    assert not draft.exists()
    assert (await storage.local_path(stored.sha256)).read_bytes() == b"columns"
    await storage.delete(stored.sha256)
    await storage.delete(stored.sha256)
    with pytest.raises(FileNotFoundError):
        await storage.local_path(stored.sha256)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63, "0" * 65])
async def test_only_a_sha256_is_a_name(storage: Storage, name: str) -> None:
    with pytest.raises(ValueError, match="not a sha256"):
        await storage.exists(name)


async def test_old_drafts_are_swept_and_young_ones_stay(storage: Storage) -> None:
    old, young = storage.draft_path(), storage.draft_path()
    old.write_bytes(b"x")
    young.write_bytes(b"x")
    os.utime(old, (0, 0))
    storage.sweep_drafts()
    assert (old.exists(), young.exists()) == (False, True)
