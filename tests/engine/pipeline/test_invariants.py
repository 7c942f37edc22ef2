"""What holds for every reconciliation: conservation, independence of order, each record at most once."""

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recon378_engine.pipeline import reconcile
from recon378_engine.result import Side
from recon378_engine.table import Table
from tests.engine.matching.books import shuffled, table

HEADER = "date amount currency reference text"
ROW = st.tuples(
    st.dates(min_value=date(2024, 1, 1), max_value=date(2024, 1, 20)).map(str),
    st.none() | st.integers(-400, 400).map(lambda cents: f"{Decimal(cents * 25) / 100:.2f}"),
    st.sampled_from(["EUR", "USD"]),
    st.none() | st.integers(1000, 1012).map(lambda number: f"INV-{number}"),
    st.none() | st.sampled_from(["Harbor Trading", "Cedar Foods Ltd", "HARBOR TRAD", "Оливки Юг", "東京商事"]),
)
ROWS = st.lists(ROW, min_size=1, max_size=10)
PROPERTY = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def tables(left: list[Any], right: list[Any]) -> tuple[Table, Table]:
    return table(HEADER, *left, source="left"), table(HEADER, *right, source="right")


@PROPERTY
@given(ROWS, ROWS)
def test_nothing_is_lost_and_nothing_counted_twice(left_rows: list[Any], right_rows: list[Any]) -> None:
    left, right = tables(left_rows, right_rows)
    result = reconcile(left, right)
    assert result.conservation.holds
    for side, one in ((Side.LEFT, left), (Side.RIGHT, right)):
        matched = result.items.filter(pl.col("side") == side)["row"].to_list()
        still_open = result.exceptions.filter(pl.col("side") == side)["row"].to_list()
        assert sorted(matched + still_open) == list(range(one.height))
    assert result.matches["match_id"].to_list() == list(range(result.matches.height))


@PROPERTY
@given(ROWS, ROWS, st.integers(0, 1000))
def test_the_order_of_rows_changes_nothing(left_rows: list[Any], right_rows: list[Any], seed: int) -> None:
    left, right = tables(left_rows, right_rows)
    assert reconcile(shuffled(left, seed), shuffled(right, seed + 1)).result_hash == reconcile(left, right).result_hash


@PROPERTY
@given(ROWS, ROWS)
def test_the_order_of_columns_changes_nothing(left_rows: list[Any], right_rows: list[Any]) -> None:
    left, right = tables(left_rows, right_rows)
    turned = Table(left.frame.select(reversed(left.frame.columns)), tuple(reversed(left.columns)), left.rows, source="left")
    assert reconcile(turned, right).result_hash == reconcile(left, right).result_hash
