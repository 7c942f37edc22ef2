"""Keyset pages: every list of the API is one of these."""

from typing import Generic, TypeVar

from pydantic import BaseModel

Item = TypeVar("Item")


class Page(BaseModel, Generic[Item]):
    """One page of a list. `next_cursor` is opaque and null on the last page; `total` counts all items under the filter."""

    items: list[Item]
    next_cursor: str | None = None
    total: int
