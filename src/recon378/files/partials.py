"""The parts of uploads on their way in: one growing file each, whose size on disk is the truth about how much is here.

So an upload survives a restart, a lost answer and a lost database connection alike: whoever asks is told where to go on. A part
is locked while it is changed, since two tabs, or two servers on one disk, may send the same file.
"""

import fcntl
import hashlib
import os
import time
from pathlib import Path
from typing import Final
from uuid import UUID

from recon378.adapters.storage import Storage, StoredObject
from recon378.errors import Conflict, Unprocessable

FOLDER: Final = "uploads"


def path_of(storage: Storage, upload_id: UUID) -> Path:
    """Where the part of an upload lies: on the file system of the storage, so that it can be moved in whole."""
    return storage.directory / FOLDER / str(upload_id)


def size_of(path: Path) -> int:
    """Bytes that are here."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def append(path: Path, offset: int, chunk: bytes, size_bytes: int) -> int:
    """Add a chunk at `offset`, all of it or nothing, and return how much is here now.

    Raises Conflict with the right `offset`, and Unprocessable for more than was announced.
    """
    path.parent.mkdir(exist_ok=True, mode=0o700)
    with path.open("ab", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        here = file.seek(0, os.SEEK_END)
        if offset != here:
            raise Conflict(f"{here:,} bytes are here already, not {offset:,}: go on from there.", offset=here)
        if here + len(chunk) > size_bytes:
            raise Unprocessable(f"This is more than the {size_bytes:,} bytes that were announced: start again.", offset=here)
        rest = memoryview(chunk)
        try:
            while rest:
                rest = rest[file.write(rest) :]
        except OSError:
            file.truncate(here)
            raise
        return here + len(chunk)


def sha256_of(path: Path) -> str:
    """The hash of what is here. Raises FileNotFoundError."""
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        return hashlib.file_digest(file, "sha256").hexdigest()


def keep(storage: Storage, path: Path, sha256: str) -> StoredObject:
    """Move a part that is whole and has this hash into the storage; it is durable on return. Raises FileNotFoundError."""
    with path.open("rb+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        size = path.stat().st_size
        storage.keep(file, path, sha256)
    path.unlink(missing_ok=True)
    return StoredObject(sha256, size)


def sweep(storage: Storage, idle_seconds: float) -> int:
    """Remove parts that nobody has added to for so long; return how many."""
    folder = storage.directory / FOLDER
    if not folder.exists():
        return 0
    oldest = time.time() - idle_seconds
    stale = [part for part in folder.iterdir() if part.stat().st_mtime < oldest]
    for part in stale:
        part.unlink(missing_ok=True)
    return len(stale)
