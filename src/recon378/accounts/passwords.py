"""Password hashes: argon2id for new ones; bcrypt ones from elsewhere verify and are upgraded at the next sign-in."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import bcrypt
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

BCRYPT_LIMIT_BYTES = 72
THREADS = 2  # each hash takes 64 MiB and a core for a while: more at once would starve the rest


class Passwords:
    """Hashes and verifies in threads, so that the event loop goes on. `cheap` is for tests."""

    def __init__(self, *, cheap: bool = False) -> None:
        self.hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1) if cheap else PasswordHasher()
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="passwords")
        self.decoy = self.hasher.hash("nobody has this password")

    async def hash(self, password: str) -> str:
        return await asyncio.get_running_loop().run_in_executor(self.threads, self.hasher.hash, password)

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether `password` belongs to `stored`. Without a stored hash the answer is no and takes as long."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, self.verify_now, stored, password)

    def verify_now(self, stored: str | None, password: str) -> bool:
        if stored is not None and stored.startswith("$2"):
            secret = password.encode()
            return len(secret) <= BCRYPT_LIMIT_BYTES and b"\0" not in secret and bcrypt.checkpw(secret, stored.encode())
        try:
            return self.hasher.verify(stored or self.decoy, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, stored: str) -> bool:
        """Whether to hash again at this sign-in: bcrypt, or argon2 with other costs."""
        return not stored.startswith("$argon2id$") or self.hasher.check_needs_rehash(stored)

    def close(self) -> None:
        self.threads.shutdown(wait=False)
