"""Counting events in a moving window of a minute, over the library `limits`: in memory now, its Redis storage fits the same
calls.
"""

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter


class Rates:
    """Counters by purpose and key."""

    def __init__(self) -> None:
        self.limiter = MovingWindowRateLimiter(MemoryStorage())

    async def hit(self, purpose: str, key: str, per_minute: int) -> bool:
        """Count one; false where that is more than allowed."""
        return await self.limiter.hit(RateLimitItemPerMinute(per_minute), purpose, key)

    async def forget(self, purpose: str, key: str, per_minute: int) -> None:
        """Start counting afresh."""
        await self.limiter.clear(RateLimitItemPerMinute(per_minute), purpose, key)
