"""What a file adds to records that are there already: equal rows are counted, so that k equal rows are k rows."""

from collections.abc import Sequence

import polars as pl


def excess_rows(existing: pl.DataFrame, incoming: pl.DataFrame, keys: Sequence[str] = ()) -> pl.Series:
    """Boolean mask of the rows of `incoming` that go beyond the equal rows of `existing`.

    Rows are equal when all `keys` are (by default all columns of `incoming`; one that `existing` lacks counts as empty there).
    Of k equal incoming rows and m existing ones the last k - m are excess, none when m >= k. The same file twice adds nothing.
    """
    names = list(keys) or incoming.columns
    key = pl.struct(pl.col(name).cast(pl.String) for name in names)
    known = existing.select(pl.col(name) if name in existing.columns else pl.lit(None).alias(name) for name in names)
    counts = known.select(key.alias("key")).group_by("key").agg(pl.len().alias("known"))
    numbered = incoming.select(key.alias("key")).with_row_index("position")
    numbered = numbered.with_columns(occurrence=pl.int_range(pl.len()).over("key"))
    joined = numbered.join(counts, on="key", how="left", maintain_order="left").sort("position")
    return joined.select((pl.col("occurrence") >= pl.col("known").fill_null(0)).alias("excess")).to_series()
