"""Files by content: the name of an object is the sha256 of its bytes, so that equal bytes are stored once and a stored object
never changes.
"""

import asyncio
import hashlib
import os
import secrets
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from recon378.errors import TooLarge

CHUNK_BYTES = 1024**2
DRAFT_LIFE_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class StoredObject:
    sha256: str
    size_bytes: int


class Storage:
    """Objects as files of one directory tree, written to a draft, synced, then renamed: a reader sees all of an object or
    nothing.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.drafts = directory / "drafts"
        self.drafts.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.sweep_drafts()

    async def put(self, chunks: AsyncIterable[bytes], limit_bytes: int) -> StoredObject:
        """Store a stream; it is durable on return. Raises TooLarge above `limit_bytes`, and then nothing is left behind."""
        draft = self.draft_path()
        digest, size = hashlib.sha256(), 0
        file = await asyncio.to_thread(draft.open, "xb")
        try:
            async for chunk in chunks:
                size += len(chunk)
                if size > limit_bytes:
                    raise TooLarge(f"The file is larger than the limit of {limit_bytes:,} bytes.", limit_bytes=limit_bytes)
                await asyncio.to_thread(write_and_hash, file, digest.update, chunk)
            await asyncio.to_thread(self.keep, file, draft, digest.hexdigest())
        finally:
            file.close()
            draft.unlink(missing_ok=True)
        return StoredObject(digest.hexdigest(), size)

    async def put_file(self, path: Path) -> StoredObject:
        """Take over a file written at `draft_path()`; it is durable on return, and `path` is gone."""
        return await asyncio.to_thread(self.take_over, path)

    async def exists(self, sha256: str) -> bool:
        return await asyncio.to_thread(self.path_of(sha256).exists)

    async def read(self, sha256: str) -> AsyncIterator[bytes]:
        """The bytes in chunks. Raises FileNotFoundError."""
        file = await asyncio.to_thread(self.path_of(sha256).open, "rb")
        try:
            while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
                yield chunk
        finally:
            file.close()

    async def local_path(self, sha256: str) -> Path:
        """A read-only file with the bytes, for memory maps and parsers. Raises FileNotFoundError."""
        path = self.path_of(sha256)
        if not await asyncio.to_thread(path.exists):
            raise FileNotFoundError(path)
        return path

    async def delete(self, sha256: str) -> None:
        """Forget an object; nothing happens where it is not there."""
        await asyncio.to_thread(self.path_of(sha256).unlink, True)

    def draft_path(self, suffix: str = "") -> Path:
        """A fresh path on the same file system, for writers of files that `put_file` will take over."""
        return self.drafts / f"{secrets.token_hex(16)}{suffix}"

    def path_of(self, sha256: str) -> Path:
        """Where the object lies. Raises ValueError for what is no sha256, so that no name from outside becomes a path."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError(f"not a sha256: {sha256!r}")
        return self.directory / sha256[:2] / sha256

    def sweep_drafts(self) -> None:
        """Remove what writers left that died in the middle."""
        oldest = time.time() - DRAFT_LIFE_SECONDS
        for draft in self.drafts.iterdir():
            if draft.stat().st_mtime < oldest:
                draft.unlink(missing_ok=True)

    def take_over(self, path: Path) -> StoredObject:
        with path.open("rb+") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            size = path.stat().st_size
            self.keep(file, path, sha256)
        path.unlink(missing_ok=True)
        return StoredObject(sha256, size)

    def keep(self, file: BinaryIO, draft: Path, sha256: str) -> None:
        """Make the bytes durable, then give them their name; the directory entry is synced too."""
        file.flush()
        os.fsync(file.fileno())
        target = self.path_of(sha256)
        target.parent.mkdir(exist_ok=True, mode=0o700)
        if target.exists():
            return
        draft.chmod(0o400)
        draft.replace(target)
        for directory in (target.parent, self.directory):
            sync_directory(directory)


def write_and_hash(file: BinaryIO, update: Callable[[bytes], None], chunk: bytes) -> None:
    file.write(chunk)
    update(chunk)


def sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
