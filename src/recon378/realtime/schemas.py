"""Messages of the WebSocket /api/v1/ws. Both directions are JSON text frames.

Client: {"subscribe": "job:<id>", "after": 12} · {"unsubscribe": "job:<id>"} · {"ping": 1}
Topics: job:<id> (progress, status, decisions of one job) · project:<id> (files and jobs of a project) · user (all that concerns
the signed-in user).
`after` is the last sequence the client has; it gets what it missed, or type "refetch" where that is gone.
"""

from typing import Any, Literal

from pydantic import BaseModel


class ServerMessage(BaseModel):
    """`sequence` rises within a topic.

    `data` of job.progress and job.status is a part of JobOut; of file.status a part of FileOut.
    """

    topic: str
    sequence: int
    type: Literal[
        "job.progress",
        "job.status",
        "file.status",
        "match.decided",
        "matches.decided",
        "refetch",
        "subscribed",
        "refused",
        "pong",
    ]
    data: dict[str, Any]
