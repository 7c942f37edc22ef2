"""Serve the built front end: hashed assets for ever, everything else asked for anew, and the application for every address of a
page.
"""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

DIRECTORY = Path(__file__).parent / "static"
IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
SERVER_PATHS = ("/api/", "/healthz", "/readyz", "/metrics")

NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>378</title>
<body style="font: 16px/1.5 system-ui; max-width: 36rem; margin: 15vh auto; padding: 0 1rem">
<h1 style="font-size: 20px">The API runs, the front end is not built.</h1>
<p>Run <code>./run setup</code> in the project's folder, then start again. The API's description lies at
<a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</p></body></html>"""


class Frontend(StaticFiles):
    """Files of the build; an unknown path without an extension is a page of the application, which finds it by itself."""

    def __init__(self, directory: Path = DIRECTORY) -> None:
        super().__init__(directory=directory, check_dir=False)
        self.root = directory

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The last resort of the router: every address that is no route."""
        if scope["type"] == "websocket":
            return await WebSocketClose()(scope, receive, send)
        if scope["path"].startswith(SERVER_PATHS):
            raise HTTPException(404)
        if not (self.root / "index.html").exists():
            return await HTMLResponse(NOT_BUILT, 503)(scope, receive, send)
        await super().__call__(scope, receive, send)

    async def get_response(self, path: str, scope: Scope) -> Response:
        try:
            response = await super().get_response("index.html" if path == "." else path, scope)
        except HTTPException as error:
            if error.status_code != 404 or "." in path.rsplit("/", 1)[-1]:
                raise
            path, response = "index.html", await super().get_response("index.html", scope)
        response.headers["Cache-Control"] = IMMUTABLE if path.startswith("assets/") else REVALIDATE
        return response
