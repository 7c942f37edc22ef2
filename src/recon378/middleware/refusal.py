"""How a middleware refuses: with the same problem details as a route."""

from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from recon378.errors import AppError
from recon378.problems import problem_response

POLICY_VIOLATION = 1008


async def refuse(scope: Scope, receive: Receive, send: Send, error: AppError) -> None:
    """Answer a request with a problem, close a WebSocket before it opens."""
    if scope["type"] == "websocket":
        return await WebSocketClose(POLICY_VIOLATION, error.message[:120])(scope, receive, send)
    await problem_response(error, scope["request_id"])(scope, receive, send)
