"""Who acts: passed by value through every service, written into every audit event."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, where the request came from and which request it was."""

    user_id: UUID
    name: str
    email: str
    is_administrator: bool = False
    address: str = ""
    request_id: str = ""
