"""How much a request may carry: little, except where files are uploaded."""

import re

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from recon378.errors import TooLarge
from recon378.middleware.refusal import refuse

UPLOAD_PATH = re.compile(r"/api/v1/projects/[^/]+/files")
CHUNK_PATH = re.compile(r"/api/v1/uploads/[^/]+")


class BodyLimit:
    """Refuses by the announced length before a byte is read, and counts what really comes.

    Answers are problem details, as everywhere.
    """

    def __init__(self, app: ASGIApp, *, limit_bytes: int, upload_limit_bytes: int, chunk_limit_bytes: int) -> None:
        self.app = app
        self.limit_bytes = limit_bytes
        self.upload_limit_bytes = upload_limit_bytes
        self.chunk_limit_bytes = chunk_limit_bytes

    def limit_of(self, path: str) -> int:
        if UPLOAD_PATH.fullmatch(path):
            return self.upload_limit_bytes
        return self.chunk_limit_bytes if CHUNK_PATH.fullmatch(path) else self.limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        limit_bytes = self.limit_of(scope["path"])
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or int(announced) > limit_bytes:
            message = f"The request is larger than the limit of {limit_bytes:,} bytes."
            return await refuse(scope, receive, send, TooLarge(message, limit_bytes=limit_bytes))
        received_bytes = 0

        async def receive_and_count() -> Message:
            nonlocal received_bytes
            message = await receive()
            received_bytes += len(message.get("body", b""))
            if received_bytes > limit_bytes:
                raise HTTPException(413)  # the one kind of error that reading a body lets through
            return message

        await self.app(scope, receive_and_count, send)
