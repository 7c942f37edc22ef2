"""Which records a pass looks at."""

import numpy as np
import polars as pl

from recon378_engine.errors import BadRuleset
from recon378_engine.matching.outcome import Pool, Positions
from recon378_engine.matching.rulesets.conditions import Filter, Pass
from recon378_engine.table import Table


def scope(pool: Pool, step: Pass, left: Table, right: Table) -> Pool:
    """The part of the pool that the filters of the pass admit."""
    return Pool(_admitted(pool.left, step.left_filters, left), _admitted(pool.right, step.right_filters, right), pool.rejected)


def admits(part: Filter, table: Table) -> pl.Expr:
    """The filter as an expression over the table's frame."""
    if part.column not in table.frame.columns:
        raise BadRuleset(f"A filter names the column '{part.column}', which {table.source or 'the table'} does not have.")
    bounded = part.at_least is not None or part.at_most is not None
    if bounded and not table.frame.schema[part.column].is_numeric():
        raise BadRuleset(
            f"A filter sets a bound on the column '{part.column}', but {table.source or 'the table'} holds no numbers there."
        )
    value, text = pl.col(part.column), pl.col(part.column).cast(pl.String)
    tests = [pl.lit(value=True)]
    if part.is_in:
        tests.append(text.is_in(list(part.is_in)))
    if part.is_not:
        tests.append(~text.is_in(list(part.is_not)) | text.is_null())
    if part.contains is not None:
        tests.append(text.str.to_lowercase().str.contains(part.contains.lower(), literal=True))
    if part.at_least is not None:
        tests.append(value.cast(pl.Decimal(38, 10)) >= part.at_least)
    if part.at_most is not None:
        tests.append(value.cast(pl.Decimal(38, 10)) <= part.at_most)
    if part.empty is not None:
        empty = text.fill_null("").str.strip_chars() == ""
        tests.append(empty if part.empty else ~empty)
    return pl.all_horizontal(tests).fill_null(value=False)


def _admitted(positions: Positions, filters: tuple[Filter, ...], table: Table) -> Positions:
    if not filters:
        return positions
    keep = table.frame.select(pl.all_horizontal(admits(part, table) for part in filters)).to_series().to_numpy()
    return np.asarray(positions[keep[positions]])
