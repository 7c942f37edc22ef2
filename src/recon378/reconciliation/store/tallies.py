"""Tallies and balances of a job: small sums over its matches and exceptions that are kept up to date by every decision.

Each is made by one statement that groups the rows. The same statement, narrowed to some matches and with the sign turned, takes
them out before they change and puts them back afterwards, so the kept sums cannot drift from what a full count would say.
"""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from asyncpg import Connection, Record

Sign = Literal[1, -1]

_MATCH_TALLY = """
    INSERT INTO match_tally AS kept (job_id, pass_name, method, status, decided, ambiguous, currency, confidence_percent,
                                     matches, left_rows, right_rows, amount_minor, wrong_expected)
    SELECT job_id, pass_name, method, status, decided_at IS NOT NULL, ambiguous, coalesce(currency, ''),
    least(floor(confidence::numeric * 100), 99),
           $2 * count(*), $2 * sum(left_count), $2 * sum(right_count), $2 * sum(amount_minor), $2 * sum(1 - confidence)
    FROM match WHERE job_id = $1 AND ($3::int[] IS NULL OR match_id = ANY($3)) GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    ON CONFLICT (job_id, pass_name, method, status, decided, ambiguous, currency, confidence_percent) DO UPDATE SET
        matches = kept.matches + excluded.matches,
        left_rows = kept.left_rows + excluded.left_rows, right_rows = kept.right_rows + excluded.right_rows,
        amount_minor = coalesce(kept.amount_minor + excluded.amount_minor, kept.amount_minor, excluded.amount_minor),
        wrong_expected = kept.wrong_expected + excluded.wrong_expected"""

_ITEM_BALANCE = """
    INSERT INTO balance AS kept (job_id, side, currency, state, records, sum_minor, turnover_minor)
    SELECT i.job_id, i.side, coalesce(i.currency, ''), CASE m.status WHEN 'confirmed' THEN 'matched' ELSE 'suggested' END,
           $2 * count(*), $2 * coalesce(sum(i.amount_minor), 0), $2 * coalesce(sum(abs(i.amount_minor)), 0)
    FROM match_item i JOIN match m USING (job_id, match_id)
    WHERE i.job_id = $1 AND m.status <> 'rejected' AND ($3::int[] IS NULL OR match_id = ANY($3)) GROUP BY 1, 2, 3, 4
    ON CONFLICT (job_id, side, currency, state) DO UPDATE SET
        records = kept.records + excluded.records, sum_minor = kept.sum_minor + excluded.sum_minor,
        turnover_minor = kept.turnover_minor + excluded.turnover_minor"""

_EXCEPTION_TALLY = """
    INSERT INTO exception_tally AS kept (job_id, side, type, state, currency, exceptions, amount_minor)
    SELECT job_id, side, type, state, coalesce(currency, ''), $2 * count(*), $2 * sum(amount_minor)
    FROM exception WHERE job_id = $1 AND ($3::int[] IS NULL OR origin_match_id = ANY($3)) GROUP BY 1, 2, 3, 4, 5
    ON CONFLICT (job_id, side, type, state, currency) DO UPDATE SET
        exceptions = kept.exceptions + excluded.exceptions,
        amount_minor = coalesce(kept.amount_minor + excluded.amount_minor, kept.amount_minor, excluded.amount_minor)"""

_EXCEPTION_BALANCE = """
    INSERT INTO balance AS kept (job_id, side, currency, state, records, sum_minor, turnover_minor)
    SELECT job_id, side, coalesce(currency, ''), state, $2 * count(*), $2 * coalesce(sum(amount_minor), 0),
           $2 * coalesce(sum(abs(amount_minor)), 0)
    FROM exception WHERE job_id = $1 AND ($3::int[] IS NULL OR origin_match_id = ANY($3)) GROUP BY 1, 2, 3, 4
    ON CONFLICT (job_id, side, currency, state) DO UPDATE SET
        records = kept.records + excluded.records, sum_minor = kept.sum_minor + excluded.sum_minor,
        turnover_minor = kept.turnover_minor + excluded.turnover_minor"""


async def tally(connection: Connection, job_id: UUID, sign: Sign = 1, match_ids: Sequence[int] | None = None) -> None:
    """Add (or take out) all rows of a job, or those that belong to some matches: their members and the exceptions that their
    rejection made.
    """
    for statement in (_MATCH_TALLY, _ITEM_BALANCE, _EXCEPTION_TALLY, _EXCEPTION_BALANCE):
        await connection.execute(statement, job_id, sign, match_ids)


async def add_input(connection: Connection, job_id: UUID, inputs: list[tuple[str, str, int, int]]) -> None:
    """Note what came in: side, currency ('' for none), records and their sum in minor units."""
    await connection.executemany(
        """INSERT INTO balance (job_id, side, currency, state, records, sum_minor, turnover_minor)
           VALUES ($1, $2, $3, 'input', $4, $5, 0)""",
        [(job_id, *row) for row in inputs],
    )


async def balances(connection: Connection, job_id: UUID) -> list[Record]:
    """side, currency, state, records, sum_minor, turnover_minor (without signs): every state of every side and currency."""
    found: list[Record] = await connection.fetch(
        """SELECT side, currency, state, records, sum_minor::int8, turnover_minor FROM balance WHERE job_id = $1
           ORDER BY side, currency, state""",
        job_id,
    )
    return found


async def unbalanced(connection: Connection, job_id: UUID) -> list[Record]:
    """Sides and currencies whose parts do not add up to their input; empty where all is conserved."""
    found: list[Record] = await connection.fetch(
        """SELECT side, currency, sum(records) FILTER (WHERE state = 'input') AS records_in, sum(records) FILTER (
               WHERE state <> 'input') AS records_out
           FROM balance WHERE job_id = $1 GROUP BY side, currency
           HAVING sum(CASE state WHEN 'input' THEN records ELSE -records END) <> 0 
               OR sum(CASE state WHEN 'input' THEN sum_minor ELSE -sum_minor END) <> 0
           ORDER BY side, currency""",
        job_id,
    )
    return found
