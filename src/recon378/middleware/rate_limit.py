"""A ceiling on requests a minute, for each user and, before sign-in, for each address."""

from starlette.types import ASGIApp, Receive, Scope, Send

from recon378.adapters.rates import Rates
from recon378.errors import TooMany
from recon378.middleware.refusal import refuse


class RateLimit:
    """Only the API counts: the front end's own files and the probes are cheap."""

    def __init__(self, app: ASGIApp, *, rates: Rates, per_minute: int) -> None:
        self.app = app
        self.rates = rates
        self.per_minute = per_minute

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            return await self.app(scope, receive, send)
        token = scope["access_token"]
        key = str(token.user_id) if token else (scope["client"] or ("unknown",))[0]
        if not await self.rates.hit("request", key, self.per_minute):
            message = f"More than {self.per_minute} requests within a minute: slow down and try again."
            return await refuse(scope, receive, send, TooMany(message, retry_after_seconds=60))
        await self.app(scope, receive, send)
