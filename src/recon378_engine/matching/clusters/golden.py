"""The golden record of a cluster: for each field the value that most of its records hold, else the longest, else the latest."""

import numpy as np
import polars as pl

from recon378_engine.table import Column, ColumnType, Role, Table

ALONE, AGREED, FREQUENT, LONGEST, LATEST = "only value", "all agree", "most frequent", "longest", "most recent"
_CLUSTER, _RECENCY = "__cluster__", "__recency__"  # beside the columns of a table
_TIMES = frozenset({ColumnType.DATE, ColumnType.DATETIME})


def golden_records(table: Table, cluster: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(golden: cluster_id, records and the table's columns; survivorship: cluster_id, field, rule).

    `cluster` is the cluster of each record. A field survives by the first rule that decides: the value that most records hold,
    the longest when written, that of the record latest by the table's first date (else by its row), the smallest.
    Survivorship names the rule for each field of each cluster of several records.
    """
    sizes = cluster.value_counts(name="records").rename({cluster.name: "cluster_id"}).cast({"records": pl.UInt32})
    placed = table.frame.with_columns(cluster.alias(_CLUSTER), _recency(table).alias(_RECENCY))
    many = placed.filter(pl.col(_CLUSTER).is_in(sizes.filter(pl.col("records") > 1)["cluster_id"].implode()))
    merged, rules = many.select(pl.col(_CLUSTER).unique()), []
    for column in table.columns:
        best = _best(many.select(_CLUSTER, _RECENCY, value=column.name))
        merged = merged.join(best.select(_CLUSTER, pl.col("value").alias(column.name)), on=_CLUSTER, how="left")
        rules.append(best.select(cluster_id=_CLUSTER, field=pl.lit(column.name), rule="rule"))
    alone = placed.filter(~pl.col(_CLUSTER).is_in(merged[_CLUSTER].implode())).select(merged.columns)
    golden = sizes.sort("cluster_id").join(pl.concat([alone, merged]), left_on="cluster_id", right_on=_CLUSTER, how="left")
    return golden.sort("cluster_id"), pl.concat(rules).sort("cluster_id", "field")


def _best(values: pl.DataFrame) -> pl.DataFrame:
    """Cluster, value, rule: the surviving value of one field for each cluster that has any."""
    counted = (
        values.drop_nulls("value")
        .group_by(_CLUSTER, "value")
        .agg(pl.col(_RECENCY).max(), held=pl.len())
        .with_columns(length=pl.col("value").cast(pl.String).str.len_chars())
        .sort(_CLUSTER, "held", "length", _RECENCY, "value", descending=[False, True, True, True, False])
    )
    second = pl.col("held", "length").shift(-1).over(_CLUSTER).name.suffix("_second")
    ranked = counted.with_columns(second, distinct=pl.len().over(_CLUSTER))
    rule = (
        pl.when((pl.col("distinct") == 1) & (pl.col("held") == 1))
        .then(pl.lit(ALONE))
        .when(pl.col("distinct") == 1)
        .then(pl.lit(AGREED))
        .when(pl.col("held") > pl.col("held_second"))
        .then(pl.lit(FREQUENT))
        .when(pl.col("length") > pl.col("length_second"))
        .then(pl.lit(LONGEST))
        .otherwise(pl.lit(LATEST))
    )
    return ranked.group_by(_CLUSTER, maintain_order=True).first().with_columns(rule=rule).select(_CLUSTER, "value", "rule")


def _recency(table: Table) -> pl.Series:
    """A number that is higher for later records: by the first date that is no birth, and by the row of the file among equals."""
    dated = next((column for column in table.columns if column.type in _TIMES and not _is_birth(column)), None)
    rows = table.rows.cast(pl.Int64)
    if dated is None:
        return rows
    order = pl.DataFrame({"time": table.frame[dated.name].cast(pl.Datetime("us")), "row": rows, "place": np.arange(table.height)})
    ranked = order.sort("time", "row", nulls_last=False)["place"].to_numpy()
    recency = np.empty(table.height, np.int64)
    recency[ranked] = np.arange(table.height)
    return pl.Series(recency)


def _is_birth(column: Column) -> bool:
    name = column.name.lower()
    return column.role not in (Role.DATE, Role.VALUE_DATE) or "birth" in name or name in ("dob", "born")
