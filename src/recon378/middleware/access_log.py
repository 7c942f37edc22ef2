"""One log line and one measurement for every answered request."""

import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from recon378.adapters.telemetry import REQUEST_SECONDS, REQUESTS

log = structlog.get_logger("recon378.access")
QUIET_PATHS = ("/healthz", "/readyz", "/metrics")


class AccessLog:
    """Measures from the first byte in to the last byte out. Routes are labelled by template, not by what a caller wrote."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started = time.perf_counter()
        status = 500

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            seconds = time.perf_counter() - started
            method, route = scope["method"], getattr(scope.get("route"), "path", "other")
            REQUESTS.labels(method, route, status).inc()
            REQUEST_SECONDS.labels(method, route).observe(seconds)
            if scope["path"] not in QUIET_PATHS:
                log.info("request", method=method, path=scope["path"], status=status, milliseconds=round(seconds * 1000, 1))
