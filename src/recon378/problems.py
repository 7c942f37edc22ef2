"""RFC 9457 problem details: how every error looks on the wire, and how a route declares the ones it may answer."""

from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from recon378.errors import AppError

MEDIA_TYPE = "application/problem+json"

TITLES = {
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    409: "Conflict",
    413: "Too large",
    422: "Cannot be processed",
    429: "Too many requests",
    503: "Not available",
    507: "Storage full",
}


class Problem(BaseModel):
    """`detail` is one sentence for the user; further members are for machines and differ by error."""

    model_config = ConfigDict(extra="allow")

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    request_id: str


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer these statuses."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {status: {"description": TITLES[status], "content": {MEDIA_TYPE: {"schema": schema}}} for status in statuses}


def problem_response(error: AppError, request_id: str) -> Response:
    """The answer for an expected error, with Retry-After and WWW-Authenticate where the status asks for them."""
    headers = {}
    if "retry_after_seconds" in error.details:
        headers["Retry-After"] = str(error.details["retry_after_seconds"])
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="recon378"'
    content = {
        "type": "about:blank",
        "title": error.title,
        "status": error.status,
        "detail": error.message,
        "request_id": request_id,
    }
    body = orjson.dumps(error.details | content, default=str)
    return Response(body, error.status, headers, MEDIA_TYPE)
