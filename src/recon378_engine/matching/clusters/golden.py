"""The golden record of a cluster: for each field the value that most of its records hold, else the latest, else the longest."""

import re
from collections.abc import Sequence

import polars as pl

from recon378_engine.table import Column, ColumnType, Role, Table

ALONE, AGREED, FREQUENT, LATEST, LONGEST, FIRST = (
    "only value", "all agree", "most frequent", "most recent by", "longest", "first in the alphabet",
)  # fmt: skip
_CLUSTER, _RECENCY = "__cluster__", "__recency__"  # beside the columns of a table
_TIMES = frozenset({ColumnType.DATE, ColumnType.DATETIME})
_CHANGED = re.compile(r"chang|updat|modif|revis|last|seen|valid|änder|aender|geändert|aktual|stand|maj|modifi|actuali|aggiorn")
_BORN = re.compile(r"birth|\bdob\b|born|geb")


def golden_records(table: Table, cluster: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(golden: cluster_id, records and the table's columns; survivorship: cluster_id, field, rule).

    `cluster` is the cluster of each record. A field survives by the first rule that decides: the value that most records hold,
    that of the latest record (`change_date` says which column tells), the longest when written, the first in order. Survivorship
    names the rule, and the column of the date, for each field of each cluster of several records.
    """
    sizes = cluster.value_counts(name="records").rename({cluster.name: "cluster_id"}).cast({"records": pl.UInt32})
    dated = change_date(table.columns)
    placed = table.frame.with_columns(cluster.alias(_CLUSTER), _recency(table, dated).alias(_RECENCY))
    many = placed.filter(pl.col(_CLUSTER).is_in(sizes.filter(pl.col("records") > 1)["cluster_id"].implode()))
    merged, rules = many.select(pl.col(_CLUSTER).unique()), []
    for column in table.columns:
        best = _best(many.select(_CLUSTER, _RECENCY, value=column.name), f"{LATEST} {dated.name}" if dated else LATEST)
        merged = merged.join(best.select(_CLUSTER, pl.col("value").alias(column.name)), on=_CLUSTER, how="left")
        rules.append(best.select(cluster_id=_CLUSTER, field=pl.lit(column.name), rule="rule"))
    alone = placed.filter(~pl.col(_CLUSTER).is_in(merged[_CLUSTER].implode())).select(merged.columns)
    golden = sizes.sort("cluster_id").join(pl.concat([alone, merged]), left_on="cluster_id", right_on=_CLUSTER, how="left")
    return golden.sort("cluster_id"), pl.concat(rules).sort("cluster_id", "field")


def _best(values: pl.DataFrame, latest: str) -> pl.DataFrame:
    """Cluster, value, rule: the surviving value of one field for each cluster that has any."""
    counted = (
        values.drop_nulls("value")
        .group_by(_CLUSTER, "value")
        .agg(pl.col(_RECENCY).max(), held=pl.len())
        .with_columns(length=pl.col("value").cast(pl.String).str.len_chars())
        .sort(_CLUSTER, "held", _RECENCY, "length", "value", descending=[False, True, True, True, False])
    )
    second = pl.col("held", _RECENCY, "length").shift(-1).over(_CLUSTER).name.suffix("_second")
    ranked = counted.with_columns(second, distinct=pl.len().over(_CLUSTER))
    rule = (
        pl.when((pl.col("distinct") == 1) & (pl.col("held") == 1))
        .then(pl.lit(ALONE))
        .when(pl.col("distinct") == 1)
        .then(pl.lit(AGREED))
        .when(pl.col("held") > pl.col("held_second"))
        .then(pl.lit(FREQUENT))
        .when(pl.col(_RECENCY) > pl.col(f"{_RECENCY}_second"))
        .then(pl.lit(latest))
        .when(pl.col("length") > pl.col("length_second"))
        .then(pl.lit(LONGEST))
        .otherwise(pl.lit(FIRST))
    )
    return ranked.group_by(_CLUSTER, maintain_order=True).first().with_columns(rule=rule).select(_CLUSTER, "value", "rule")


def _recency(table: Table, dated: Column | None) -> pl.Series:
    """A number that is higher for later records and equal for those of one moment; 0 where nothing tells it."""
    if dated is None:
        return pl.zeros(table.height, pl.UInt32, eager=True)
    return table.frame[dated.name].cast(pl.Datetime("us")).rank("dense").fill_null(0).cast(pl.UInt32)


def change_date(columns: Sequence[Column]) -> Column | None:
    """The column that says when a record was last true: a date of change by its name, else any date that is no birth.

    Among several the first by name, so that the order of columns does not matter.
    """
    dates = sorted(
        (column for column in columns if column.type in _TIMES and not _is_birth(column)), key=lambda column: column.name
    )
    return next((column for column in dates if _CHANGED.search(column.name.lower())), dates[0] if dates else None)


def _is_birth(column: Column) -> bool:
    return column.role not in (Role.DATE, Role.VALUE_DATE) or bool(_BORN.search(column.name.lower()))
