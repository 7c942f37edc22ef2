"""The last net: what nobody expected becomes one log line with its traceback and a 500 that names the request."""

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from recon378.adapters.database import as_expected
from recon378.errors import AppError
from recon378.middleware.refusal import refuse

log = structlog.get_logger("recon378.crash")


class Crash(AppError):
    """An error in our code; the log has the traceback under the same request id."""


class Crashes:
    """Innermost, so that the answer still gets every header and measurement.

    An answer that has begun cannot be changed: it is cut off.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        began = False

        async def send_and_note(message: Message) -> None:
            nonlocal began
            began = True
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception as error:
            expected = as_expected(error)
            if expected is None:
                log.exception("request.crashed", method=scope["method"], path=scope["path"])
            else:
                log.warning("request.failed", reason=type(error).__name__, answer=expected.message)
            if began:
                raise
            await refuse(
                scope, receive, send, expected or Crash("Something went wrong on our side; the request id finds it in the log.")
            )
