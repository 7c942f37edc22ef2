"""Pages and counts of the open records of a job."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from asyncpg import Connection, Record

from recon378.reconciliation.store.conditions import Conditions, contains
from recon378.reconciliation.store.keyset import SortKey, cursor_after, order_of, place_of

SORT_KEYS = {
    "row": SortKey("place", int, "int8"),
    "amount": SortKey("coalesce(amount_minor, -9223372036854775808)", int, "int8"),
    "date": SortKey("coalesce(value_date, date '0001-01-01')", date, "date"),
}
_KEY_ALIAS = "sort_key"

COLUMNS = (
    'place, side, "row", type, reason, label, reference, amount_minor, currency, value_date, best_rival_row, best_confidence'
)


@dataclass(frozen=True, slots=True)
class ExceptionFilter:
    side: str | None = None
    type: str | None = None
    q: str = ""


@dataclass(frozen=True, slots=True)
class TypeCount:
    """Exceptions of one type; amounts in minor units by currency."""

    type: str
    count: int
    amounts: tuple[tuple[str, int], ...]


async def page_of_exceptions(
    connection: Connection, job_id: UUID, filter: ExceptionFilter, sort: str, cursor: str | None, limit: int
) -> tuple[list[Record], str | None]:
    """One page in the order of `sort`, left before right, and the cursor of the next one.

    Raises Unprocessable for a foreign cursor.
    """
    order = order_of(sort, SORT_KEYS)
    conditions = _conditions(job_id, filter)
    if cursor:
        key, tie = place_of(order, cursor)
        conditions.values += [key, int(tie)]
        conditions.parts.append(order.after("place", len(conditions.values) - 1))
    conditions.values.append(limit + 1)
    rows = await connection.fetch(
        f"SELECT {COLUMNS}, {order.key.expression} AS {_KEY_ALIAS} FROM exception WHERE {conditions.sql()} "  # noqa: S608 - constants, values are bound
        f"ORDER BY {order.order_by('place')} LIMIT ${len(conditions.values)}",
        *conditions.values,
    )
    last: Any = rows[limit - 1] if len(rows) > limit else None
    return rows[:limit], cursor_after(order, last[_KEY_ALIAS], last["place"]) if last else None


async def count_exceptions(connection: Connection, job_id: UUID, filter: ExceptionFilter) -> int:
    """Count the exceptions under a filter, exactly."""
    tallied = not filter.q.strip()
    conditions = _conditions(job_id, filter)
    what = "coalesce(sum(exceptions), 0)::int8 FROM exception_tally" if tallied else "count(*) FROM exception"
    count: int = await connection.fetchval(f"SELECT {what} WHERE {conditions.sql()}", *conditions.values)
    return count


async def types_of_exceptions(connection: Connection, job_id: UUID, side: str | None) -> list[TypeCount]:
    """How many exceptions of each type a side has, most frequent first."""
    conditions = _conditions(job_id, ExceptionFilter(side=side))
    records = await connection.fetch(
        f"""SELECT type, currency, sum(exceptions)::int8 AS exceptions, sum(amount_minor)::int8 AS amount_minor
            FROM exception_tally WHERE {conditions.sql()} GROUP BY 1, 2 HAVING sum(exceptions) > 0 ORDER BY 1, 2""",  # noqa: S608
        *conditions.values,
    )
    counts: dict[str, TypeCount] = {}
    for record in records:
        known = counts.get(record["type"], TypeCount(record["type"], 0, ()))
        amounts = () if record["amount_minor"] is None else ((record["currency"], record["amount_minor"]),)
        counts[known.type] = TypeCount(known.type, known.count + record["exceptions"], known.amounts + amounts)
    return sorted(counts.values(), key=lambda count: (-count.count, count.type))


async def exception_record(connection: Connection, job_id: UUID, side: str, row: int) -> Record | None:
    return await connection.fetchrow(
        f'SELECT {COLUMNS} FROM exception WHERE job_id = $1 AND side = $2 AND "row" = $3 ORDER BY place LIMIT 1',  # noqa: S608 - constants
        job_id,
        side,
        row,
    )


def _conditions(job_id: UUID, filter: ExceptionFilter) -> Conditions:
    conditions = Conditions()
    conditions.add("job_id = ?", job_id)
    conditions.add_if("side = ?", filter.side)
    conditions.add_if("type = ?", filter.type)
    conditions.add_if("search LIKE ?", contains(filter.q))
    return conditions
