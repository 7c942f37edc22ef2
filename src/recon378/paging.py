"""Keyset pages: every list of the API is one of these."""

import base64
import binascii
from typing import Generic, TypeVar

import orjson
from pydantic import BaseModel

from recon378.errors import Unprocessable

Item = TypeVar("Item")

PAGE_ROWS = 50
PAGE_ROWS_MAX = 500


class Page(BaseModel, Generic[Item]):
    """One page of a list. `next_cursor` is opaque and null on the last page; `total` counts all items under the filter."""

    items: list[Item]
    next_cursor: str | None = None
    total: int


def write_cursor(*values: str | int | float | None) -> str:
    """The sort values of the last row of a page, as an opaque word."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def read_cursor(cursor: str, count: int) -> list[str | int | float | None]:
    """The values back from `write_cursor`. Raises Unprocessable for anything that is none of ours."""
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        values = None
    if not isinstance(values, list) or len(values) != count or any(isinstance(value, dict | list) for value in values):
        raise Unprocessable("The cursor is none that this list has given: start from the first page.", field="cursor")
    return values
