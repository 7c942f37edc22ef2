"""Frames in, frames out: types that follow the frame, money that stays exact, matches beside the values of both sides."""

from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest

from recon378_engine import BadInput, ColumnType, Role, joined, reconcile, table_of


def test_types_follow_the_frame() -> None:
    frame = pl.DataFrame(
        {
            "name": ["Ada"],
            "kind": pl.Series(["a"], dtype=pl.Categorical),
            "paid": [Decimal("1.50")],
            "count": [3],
            "weight": [1.5],
            "day": [date(2026, 1, 2)],
            "at": pl.Series([datetime(2026, 1, 2, 3)], dtype=pl.Datetime("ns", "Europe/Berlin")),
            "open": [True],
            "nothing": [None],
        }
    )
    table = table_of(frame, source="mine")
    assert [column.type for column in table.columns] == [
        ColumnType.TEXT, ColumnType.TEXT, ColumnType.AMOUNT, ColumnType.NUMBER, ColumnType.NUMBER, ColumnType.DATE,
        ColumnType.DATETIME, ColumnType.BOOLEAN, ColumnType.TEXT,
    ]  # fmt: skip
    assert table.frame["at"].to_list() == [datetime(2026, 1, 2, 4)]  # what a clock in Berlin shows
    assert table.columns[2].scale == 2
    assert table.rows.to_list() == [0]
    assert repr(table) == "<Table mine: 1 records, 9 columns>"


@pytest.mark.parametrize(
    "values", [[0.1, 1234567.89, None], ["0.10", "1234567.89", None], [Decimal("0.10"), Decimal("1234567.89"), None]]
)
def test_named_amounts_become_exact(values: list[object]) -> None:
    table = table_of(pl.DataFrame({"paid": values}, strict=False), amounts={"paid": 2})
    assert table.frame["paid"].to_list() == [Decimal("0.10"), Decimal("1234567.89"), None]
    assert table.frame["paid"].dtype == pl.Decimal(38, 2)


@pytest.mark.parametrize("values", [[0.125], ["0.125"], [float("nan")], [float("inf")], ["much"]])
def test_an_amount_that_would_be_rounded_is_refused(values: list[object]) -> None:
    with pytest.raises(BadInput, match="paid"):
        table_of(pl.DataFrame({"paid": values}), amounts={"paid": 2})


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(BadInput, match="no column 'paid'; its columns are sum"):
        table_of(pl.DataFrame({"sum": [1]}), amounts={"paid": 2})


def test_a_column_of_lists_is_refused() -> None:
    with pytest.raises(BadInput, match="tags"):
        table_of(pl.DataFrame({"tags": [["a"]]}))


def test_a_given_role_stays() -> None:
    table = table_of(pl.DataFrame({"x": ["Ada"]}), roles={"x": Role.GIVEN_NAME})
    assert table.columns[0].role is Role.GIVEN_NAME


def test_joined_puts_both_sides_beside_each_match() -> None:
    days = [date(2026, 1, day) for day in range(1, 9)]
    amounts = [Decimal(f"{number}37.{number}1") for number in range(1, 9)]
    left = table_of(pl.DataFrame({"no": [f"R-{number}00" for number in range(1, 9)], "day": days, "amount": amounts}))
    right = table_of(pl.DataFrame({"no": [f"R-{number}00" for number in range(1, 9)], "paid": amounts, "day": days})[::-1])
    pairs = joined(reconcile(left, right), left, right)
    assert pairs.columns[:6] == ["match_id", "left_row", "right_row", "confidence", "method", "status"]
    assert pairs["left_row"].to_list() == list(range(8))
    assert pairs["right_row"].to_list() == list(range(7, -1, -1))
    assert pairs["left amount"].to_list() == pairs["right paid"].to_list() == amounts
