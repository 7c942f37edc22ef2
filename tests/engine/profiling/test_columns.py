"""Statistics of columns."""

from datetime import date
from decimal import Decimal

import polars as pl

from recon378_engine.profiling.columns import COLUMNS_AT_ONCE, profile_columns
from tests.engine.linkage.people import table


def test_a_column_tells_what_it_holds() -> None:
    amounts = [Decimal(100 + row % 7) for row in range(99)] + [Decimal("9999999.99")]
    frame = pl.DataFrame(
        {
            "amount": pl.Series(amounts, dtype=pl.Decimal(38, 2)),
            "day": [date(2024, 1, 1 + row % 28) for row in range(99)] + [None],
            "code": [f"AB-{row:03}" for row in range(98)] + ["AB-001", None],
        }
    )
    amount, day, code = profile_columns(table(frame))
    assert (amount.filled, amount.distinct, amount.duplicates, amount.minimum) == (100, 8, 92, "100.00")
    assert (amount.outliers, amount.outlier_examples) == (1, ("9999999.99",))
    assert (day.filled, day.minimum, day.maximum, day.outliers) == (99, "2024-01-01", "2024-01-28", 0)
    assert (code.distinct, code.duplicates) == (98, 1)
    assert [(pattern.text, pattern.share) for pattern in code.patterns] == [("A-999", 1.0)]
    assert code.top_values[0].text == "AB-001"


def test_an_odd_pattern_is_an_outlier_and_an_empty_column_has_none() -> None:
    frame = pl.DataFrame({"code": [f"{row:05}" for row in range(3_000)] + ["n/a"], "nothing": [None] * 3_001})
    code, nothing = profile_columns(table(frame))
    assert (code.outliers, code.outlier_examples) == (1, ("n/a",))
    assert (nothing.filled, nothing.distinct, nothing.minimum, nothing.patterns, nothing.top_values) == (0, 0, None, (), ())


def test_more_columns_than_are_measured_at_once_keep_their_order() -> None:
    frame = pl.DataFrame({f"column {place}": [place, place + 1, None] for place in range(2 * COLUMNS_AT_ONCE + 3)})
    profiles = profile_columns(table(frame))
    assert [(one.name, one.minimum, one.filled) for one in profiles] == [
        (f"column {place}", str(place), 2) for place in range(frame.width)
    ]
