"""Decisions of earlier jobs on their way to the next one: found again by the contents of their records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from recon378.reconciliation.service import keys
from recon378.reconciliation.service.keys import Hashes
from recon378_engine.table import Table

Members = tuple[list[int], list[int]]  # file rows of the left and the right


@dataclass(frozen=True, slots=True)
class Wanted:
    """A decision of a person that holds for records by their keys; `is_bulk` where it was made for many matches at once."""

    decision_id: UUID
    action: str
    left_keys: tuple[str, ...]
    right_keys: tuple[str, ...]
    decided_by: UUID
    decided_by_name: str
    decided_at: datetime
    is_bulk: bool


def present_of(wanted: Sequence[Wanted], left: tuple[Table, Hashes], right: tuple[Table, Hashes]) -> list[tuple[Wanted, Members]]:
    """The decisions all of whose records are here, in their order, with the file rows that they are about."""
    left_places = keys.positions_of(left[1], (key for one in wanted for key in one.left_keys))
    right_places = keys.positions_of(right[1], (key for one in wanted for key in one.right_keys))
    return [
        (one, (_rows(left[0], left_places, one.left_keys), _rows(right[0], right_places, one.right_keys)))
        for one in wanted
        if left_places.keys() >= set(one.left_keys) and right_places.keys() >= set(one.right_keys)
    ]


def _rows(table: Table, places: dict[str, int], names: tuple[str, ...]) -> list[int]:
    return sorted(int(table.rows[places[name]]) for name in names)
