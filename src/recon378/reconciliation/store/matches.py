"""Pages and counts of the matches of a job: the hot list, at a million rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from asyncpg import Connection, Record

from recon378.reconciliation.store.conditions import Conditions, contains
from recon378.reconciliation.store.keyset import Order, SortKey, cursor_after, order_of, place_of

SORT_KEYS = {
    "confidence": SortKey("confidence", float, "float8"),
    "amount": SortKey("coalesce(amount_minor, -9223372036854775808)", int, "int8"),
    "date": SortKey("coalesce(value_date, date '0001-01-01')", date, "date"),
    "match_id": SortKey("match_id", int, "int8"),
}
_KEY_ALIAS = "sort_key"

COLUMNS = """m.match_id, m.status, m.confidence, m.method, m.pass_name, m.left_count, m.right_count, m.left_label, m.right_label, m.reference,
    m.amount_minor, m.residual_minor, m.currency, m.value_date, m.ambiguous, m.reason, m.decided_by_name, m.decided_at, m.version"""


@dataclass(frozen=True, slots=True)
class MatchFilter:
    """What a list of matches is narrowed to; empty means all. Amounts are minor units with the job's scale."""

    status: tuple[str, ...] = ()
    method: tuple[str, ...] = ()
    q: str = ""
    ambiguous: bool | None = None
    decided: bool | None = None
    confidence_min: float | None = None
    confidence_max: float | None = None
    amount_min_minor: int | None = None
    amount_max_minor: int | None = None

    @property
    def tallied(self) -> bool:
        """Whether the tallies answer it, so that no match has to be looked at."""
        return (
            not self.q.strip()
            and (self.confidence_min, self.confidence_max, self.amount_min_minor, self.amount_max_minor) == (None,) * 4
        )


@dataclass(frozen=True, slots=True)
class MatchCount:
    """All matches under a filter: how many, how many suggestions without a decision, and their sum in minor units by currency."""

    total: int
    undecided: int
    amounts: tuple[tuple[str, int], ...]


async def page_of_matches(
    connection: Connection, job_id: UUID, filter: MatchFilter, sort: str, cursor: str | None, limit: int
) -> tuple[list[Record], str | None]:
    """One page in the order of `sort`, and the cursor of the next one. Raises Unprocessable for a foreign cursor."""
    order = order_of(sort, SORT_KEYS)
    conditions = _conditions(job_id, filter)
    if cursor:
        key, tie = place_of(order, cursor)
        conditions.values += [key, int(tie)]
        conditions.parts.append(order.after("match_id", len(conditions.values) - 1))
    conditions.values.append(limit + 1)
    rows = await connection.fetch(
        f"SELECT {COLUMNS}, {order.key.expression} AS {_KEY_ALIAS} FROM match m WHERE {conditions.sql()} "  # noqa: S608 - constants, values are bound
        f"ORDER BY {order.order_by('match_id')} LIMIT ${len(conditions.values)}",
        *conditions.values,
    )
    return rows[:limit], _next_cursor(order, rows, limit)


async def count_matches(connection: Connection, job_id: UUID, filter: MatchFilter) -> MatchCount:
    """Count the matches under a filter, exactly: from the tallies where they can tell, else from the rows."""
    conditions = _conditions(job_id, filter, tallied=filter.tallied)
    if filter.tallied:
        query = """SELECT currency, sum(matches)::int8 AS total, sum(matches) FILTER (WHERE status = 'suggested' AND NOT decided)::int8 AS undecided,
            sum(amount_minor)::int8 AS amount FROM match_tally WHERE """
    else:
        query = """SELECT coalesce(currency, '') AS currency, count(*) AS total, count(*) FILTER (WHERE status = 'suggested' AND decided_at IS NULL)
            AS undecided, sum(amount_minor)::int8 AS amount FROM match m WHERE """
    rows = await connection.fetch(f"{query} {conditions.sql()} GROUP BY 1 ORDER BY 1", *conditions.values)
    return MatchCount(
        total=sum(row["total"] for row in rows),
        undecided=sum(row["undecided"] or 0 for row in rows),
        amounts=tuple((row["currency"], row["amount"]) for row in rows if row["amount"] is not None and row["total"]),
    )


async def match_record(connection: Connection, job_id: UUID, match_id: int, *, lock: bool = False) -> Record | None:
    """One match with all that its detail needs."""
    return await connection.fetchrow(
        f"""SELECT {COLUMNS}, m.engine_status, m.runner_up_confidence, m.runner_up_left_row, m.runner_up_right_row, m.decided_by
            FROM match m WHERE job_id = $1 AND match_id = $2 {"FOR UPDATE" if lock else ""}""",  # noqa: S608 - constants, values are bound
        job_id,
        match_id,
    )


async def match_rows(connection: Connection, job_id: UUID, match_id: int, limit: int) -> dict[str, list[int]]:
    """The file rows of the members of a match by side, ascending, at most `limit` a side."""
    found: dict[str, list[int]] = {"left": [], "right": []}
    for side, rows in found.items():
        records = await connection.fetch(
            'SELECT "row" FROM match_item WHERE job_id = $1 AND match_id = $2 AND side = $3 ORDER BY "row" LIMIT $4',
            job_id,
            match_id,
            side,
            limit,
        )
        rows += [record["row"] for record in records]
    return found


async def match_of_pair(connection: Connection, job_id: UUID, left_row: int, right_row: int) -> int | None:
    """The match that holds both rows, unless a person rejected it."""
    match_id: int | None = await connection.fetchval(
        """SELECT m.match_id FROM match m JOIN match_item l USING (job_id, match_id) JOIN match_item r USING (job_id, match_id)
           WHERE m.job_id = $1 AND l.side = 'left' AND l."row" = $2 AND r.side = 'right' AND r."row" = $3 AND m.status <> 'rejected'""",
        job_id,
        left_row,
        right_row,
    )
    return match_id


def _conditions(job_id: UUID, filter: MatchFilter, *, tallied: bool = False) -> Conditions:
    conditions = Conditions()
    conditions.add("job_id = ?", job_id)
    conditions.add_if("status = ANY(?::text[])", filter.status)
    conditions.add_if("method = ANY(?::text[])", filter.method)
    conditions.add_if("ambiguous = ?", filter.ambiguous)
    if filter.decided is not None:
        conditions.parts.append(("" if filter.decided else "NOT ") + ("decided" if tallied else "(decided_at IS NOT NULL)"))
    conditions.add_if("confidence >= ?", filter.confidence_min)
    conditions.add_if("confidence <= ?", filter.confidence_max)
    conditions.add_if("amount_minor >= ?", filter.amount_min_minor)
    conditions.add_if("amount_minor <= ?", filter.amount_max_minor)
    conditions.add_if("search LIKE ?", contains(filter.q))
    return conditions


def _next_cursor(order: Order, rows: Sequence[Record], limit: int) -> str | None:
    if len(rows) <= limit:
        return None
    last: Any = rows[limit - 1]
    return cursor_after(order, last[_KEY_ALIAS], last["match_id"])
