"""Amounts and days in sentences."""

import polars as pl
import pytest

from recon378_engine.matching.findings.sentences import days_text, lag_text, lag_texts, money_text, money_texts

AMOUNTS = {
    0: "0.00",
    5: "0.05",
    99_999: "999.99",
    120_450: "1,204.50",
    100_000_000: "1,000,000.00",
    123_456_789_012: "1,234,567,890.12",
}
LAGS = {0: "on the same day", 1: "1 day later", -1: "1 day earlier", -12: "12 days earlier"}


def test_thousands_are_grouped_in_one_amount_and_in_a_column() -> None:
    column = pl.DataFrame({"minor": list(AMOUNTS)}).select(money_texts(pl.col("minor"), 2)).to_series()
    assert column.to_list() == [money_text(minor, 2) for minor in AMOUNTS] == list(AMOUNTS.values())
    assert (
        pl.DataFrame({"yen": [1_234_567]}).select(money_texts(pl.col("yen"), 0)).item() == money_text(1_234_567, 0) == "1,234,567"
    )


def test_one_day_is_no_days() -> None:
    column = pl.DataFrame({"days": list(LAGS)}).select(lag_texts(pl.col("days"))).to_series()
    assert column.to_list() == [lag_text(days) for days in LAGS] == list(LAGS.values())


@pytest.mark.parametrize(("days", "unit", "text"), [(1, "", "1 day"), (-2, "", "2 days"), (1, "business", "1 business day")])
def test_days_have_a_unit(days: int, unit: str, text: str) -> None:
    assert days_text(days, unit) == text
