"""Pages and counts of the matches of a job: the hot list, at a million rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    "informative": SortKey("coalesce(labelling_place, match_id)", int, "int8"),
}
_KEY_ALIAS = "sort_key"

COLUMNS = """m.match_id, m.status, m.confidence, m.method, m.pass_name, m.left_count, m.right_count, m.left_label, m.right_label,
    m.reference, m.amount_minor, m.residual_minor, m.residual_reason, m.currency, m.value_date, m.ambiguous, m.reason,
    m.decided_by_name, m.decided_at, m.version"""


@dataclass(frozen=True, slots=True)
class MatchFilter:
    """What a list of matches is narrowed to; empty means all. Amounts are minor units with the job's scale."""

    status: str | None = None
    method: str | None = None
    q: str = ""
    ambiguous: bool | None = None
    decided: bool | None = None
    confidence_min: float | None = None
    confidence_max: float | None = None
    amount_min_minor: int | None = None
    amount_max_minor: int | None = None

    @property
    def tallied(self) -> bool:
        """Whether the tallies, which know confidence by the whole percent, answer it, so that few or no matches have to be
        looked at.
        """
        whole_percents = all(bound is None or round(bound, 2) == bound for bound in (self.confidence_min, self.confidence_max))
        return whole_percents and not self.q.strip() and self.amount_min_minor is None and self.amount_max_minor is None


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
    if not filter.tallied:
        return await _count(connection, job_id, filter)
    counted = await _count_tallies(connection, job_id, filter)
    if filter.confidence_max is None or filter.confidence_max >= 1:
        return counted
    # a percent of the tally begins at its bound, and a range includes its upper end: those at the end are looked at
    return _added(counted, await _count(connection, job_id, replace(filter, confidence_min=filter.confidence_max)))


async def _count(connection: Connection, job_id: UUID, filter: MatchFilter) -> MatchCount:
    conditions = _conditions(job_id, filter)
    query = """SELECT coalesce(currency, '') AS currency, count(*) AS total,
        count(*) FILTER (WHERE status = 'suggested' AND decided_at IS NULL) AS undecided, sum(amount_minor)::int8 AS amount
        FROM match WHERE"""
    return _counted(await connection.fetch(f"{query} {conditions.sql()} GROUP BY 1 ORDER BY 1", *conditions.values))


async def _count_tallies(connection: Connection, job_id: UUID, filter: MatchFilter) -> MatchCount:
    conditions = _conditions(job_id, replace(filter, confidence_min=None, confidence_max=None, decided=None))
    conditions.add_if("decided = ?", filter.decided)
    if filter.confidence_min is not None:
        conditions.add("confidence_percent >= ?", min(99, round(filter.confidence_min * 100)))
    if filter.confidence_max is not None and filter.confidence_max < 1:
        conditions.add("confidence_percent < ?", round(filter.confidence_max * 100))
    query = """SELECT currency, sum(matches)::int8 AS total, 
        coalesce(sum(matches) FILTER (WHERE status = 'suggested' AND NOT decided), 0)::int8
        AS undecided, sum(amount_minor)::int8 AS amount FROM match_tally WHERE"""
    return _counted(await connection.fetch(f"{query} {conditions.sql()} GROUP BY 1 ORDER BY 1", *conditions.values))


def _counted(records: Sequence[Record]) -> MatchCount:
    return MatchCount(
        total=sum(record["total"] for record in records),
        undecided=sum(record["undecided"] for record in records),
        amounts=tuple(
            (record["currency"], record["amount"]) for record in records if record["amount"] is not None and record["total"]
        ),
    )


def _added(one: MatchCount, other: MatchCount) -> MatchCount:
    amounts = dict(one.amounts)
    for currency, minor in other.amounts:
        amounts[currency] = amounts.get(currency, 0) + minor
    return MatchCount(one.total + other.total, one.undecided + other.undecided, tuple(sorted(amounts.items())))


async def match_record(connection: Connection, job_id: UUID, match_id: int, *, lock: bool = False) -> Record | None:
    """One match with all that its detail needs."""
    return await connection.fetchrow(
        f"""SELECT {COLUMNS}, m.engine_status, m.runner_up_confidence, m.runner_up_left_row, m.runner_up_right_row, m.decided_by
            FROM match m WHERE job_id = $1 AND match_id = $2 {"FOR UPDATE" if lock else ""}""",  # noqa: S608 - constants
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


async def is_rejected_pair(connection: Connection, job_id: UUID, left_row: int, right_row: int) -> bool:
    """Whether a person rejected the match that holds both rows."""
    found: bool = await connection.fetchval(
        """SELECT EXISTS (
           SELECT FROM match_item l JOIN match_item r USING (job_id, match_id) JOIN match m USING (job_id, match_id)
           WHERE l.job_id = $1 AND l.side = 'left' AND l."row" = $2 AND r.side = 'right' AND r."row" = $3
             AND m.status = 'rejected')""",
        job_id,
        left_row,
        right_row,
    )
    return found


def _conditions(job_id: UUID, filter: MatchFilter) -> Conditions:
    conditions = Conditions()
    conditions.add("job_id = ?", job_id)
    conditions.add_if("status = ?", filter.status)
    conditions.add_if("method = ?", filter.method)
    conditions.add_if("ambiguous = ?", filter.ambiguous)
    if filter.decided is not None:
        conditions.parts.append("decided_at IS NOT NULL" if filter.decided else "decided_at IS NULL")
    conditions.add_if("confidence >= ?", filter.confidence_min)
    conditions.add_if("confidence <= ?", filter.confidence_max)
    # the expression of the index, so that a range of amounts is a range of the index, also where the list is sorted by it
    amount = SORT_KEYS["amount"].expression
    conditions.add_if(f"{amount} >= ?", filter.amount_min_minor)
    if filter.amount_max_minor is not None:
        conditions.add(f"{amount} <= ? AND amount_minor IS NOT NULL", filter.amount_max_minor)
    conditions.add_if("search LIKE ?", contains(filter.q))
    return conditions


def _next_cursor(order: Order, rows: Sequence[Record], limit: int) -> str | None:
    if len(rows) <= limit:
        return None
    last: Any = rows[limit - 1]
    return cursor_after(order, last[_KEY_ALIAS], last["match_id"])
