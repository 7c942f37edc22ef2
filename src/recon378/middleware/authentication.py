"""Find and check the access token of a request; whether the route needs one is the route's business."""

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from recon378.accounts import cookies
from recon378.accounts.tokens import Tokens
from recon378.settings import Settings


class Authentication:
    """Puts the checked token into `scope["access_token"]` and says in `scope["by_cookie"]` whether a cookie brought it: then
    writes need a CSRF token.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings, tokens: Tokens) -> None:
        self.app = app
        self.settings = settings
        self.tokens = tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            scheme, _, bearer = Headers(scope=scope).get("authorization", "").partition(" ")
            by_header = scheme.lower() == "bearer"
            token = bearer.strip() if by_header else cookies.read(HTTPConnection(scope), cookies.ACCESS, self.settings)
            scope["access_token"] = self.tokens.read_access(token) if token else None
            scope["by_cookie"] = not by_header
        await self.app(scope, receive, send)
