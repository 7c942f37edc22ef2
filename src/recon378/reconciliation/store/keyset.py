"""Keyset paging: where the next page starts, as an opaque cursor and as SQL.

A list is ordered by (sort key, row id), which is a total order, so a page begins right after the last row of the one before it,
whatever was inserted meanwhile, and costs the same at the start and at the end of a million rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from recon378.errors import Unprocessable
from recon378.paging import read_cursor, write_cursor


@dataclass(frozen=True, slots=True)
class SortKey:
    """`expression` is SQL that is never null and that an index begins with; `kind` is the type of its values."""

    expression: str
    kind: type
    cast: str


@dataclass(frozen=True, slots=True)
class Order:
    """A sort as the API names it (`-amount`), taken apart."""

    name: str
    key: SortKey
    descending: bool

    def order_by(self, tie: str) -> str:
        direction = "DESC" if self.descending else "ASC"
        return f"{self.key.expression} {direction}, {tie} {direction}"

    def after(self, tie: str, first: int) -> str:
        """The condition that starts a page: two parameters, numbered from `first`."""
        return f"({self.key.expression}, {tie}) {'<' if self.descending else '>'} (${first}::{self.key.cast}, ${first + 1})"


def order_of(name: str, keys: Mapping[str, SortKey]) -> Order:
    return Order(name, keys[name.removeprefix("-")], name.startswith("-"))


def cursor_after(order: Order, key: Any, tie: int) -> str:
    """The place after the row with this sort key and id."""
    return write_cursor(order.name, key.isoformat() if isinstance(key, date) else key, tie)


def place_of(order: Order, cursor: str) -> tuple[Any, int]:
    """The sort key and id in `cursor`. Raises Unprocessable for a cursor that is not of this list and sort."""
    name, key, tie = read_cursor(cursor, 3)
    try:
        if name != order.name or not isinstance(tie, int):
            raise ValueError
        return _typed(order.key.kind, key), tie
    except (ValueError, TypeError):
        raise Unprocessable(
            "The cursor does not belong to this list and sort: start from the first page.", field="cursor"
        ) from None


def _typed(kind: type, value: Any) -> Any:
    if kind is date:
        return date.fromisoformat(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError
    return kind(value)
