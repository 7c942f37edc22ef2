"""No other site may write with our users' cookies, and no other site may open their WebSocket."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from recon378.accounts.tokens import Tokens
from recon378.errors import Forbidden
from recon378.middleware.refusal import refuse
from recon378.settings import Settings

SESSIONLESS_PATHS = frozenset({"/api/v1/auth/sign-in", "/api/v1/auth/sign-up", "/api/v1/auth/refresh"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
HEADER = "X-CSRF-Token"


class Csrf:
    """Two locks: the Origin must be ours, and a write with a session cookie must carry the token that is bound to that session.

    Sign-up, sign-in and refresh begin a session, whatever old cookies lie around; for them the Origin and SameSite=Strict are the
    lock.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings, tokens: Tokens) -> None:
        self.app = app
        self.origins = settings.own_origins
        self.tokens = tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_write = scope["type"] == "http" and scope["method"] not in SAFE_METHODS
        if not (is_write or scope["type"] == "websocket") or not scope["by_cookie"]:
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        if not self.is_own(headers.get("origin"), headers.get("host", "")):
            return await refuse(scope, receive, send, Forbidden("This request came from another web site and was refused."))
        token = scope["access_token"]
        is_bound = is_write and token is not None and scope["path"] not in SESSIONLESS_PATHS
        if is_bound and not self.tokens.is_csrf(headers.get(HEADER, ""), token.session_id):
            return await refuse(
                scope, receive, send, Forbidden(f"The {HEADER} header is missing or wrong: reload the page.", code="csrf")
            )
        await self.app(scope, receive, send)

    def is_own(self, origin: str | None, host: str) -> bool:
        """Programs send no Origin and hold no cookies by accident; browsers always send one with a write."""
        return origin is None or origin in self.origins or urlsplit(origin).netloc == host
