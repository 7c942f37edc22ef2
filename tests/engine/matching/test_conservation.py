"""The conservation proof fails when something is lost."""

from decimal import Decimal

import numpy as np
import polars as pl
import pytest

from recon378_engine.errors import NotConserved
from recon378_engine.matching.findings.conserve import MATCHED, OPEN, SUGGESTED, prove, side_balances
from recon378_engine.result import Side, SideBalance


def test_rows_and_sums_stand_by_currency() -> None:
    states = np.array([MATCHED, OPEN, SUGGESTED], dtype=np.uint8)
    amounts = np.array([1010, -55, 7], dtype=np.int64)
    euro, dollar = side_balances(Side.LEFT, states, amounts, pl.Series(["EUR", "USD", "EUR"]), 2, rejected=1)
    assert (euro.rows["input"], euro.rows["matched"], euro.rows["suggested"], euro.rows["rejected"]) == (3, 1, 1, 1)
    assert (euro.sums["input"], dollar.sums["open"]) == (Decimal("10.17"), Decimal("-0.55"))
    assert prove([euro, dollar]).holds


def test_a_lost_cent_fails() -> None:
    rows = {"input": 1, "matched": 1, "suggested": 0, "open": 0, "excluded": 0, "rejected": 0}
    sums = {name: Decimal(number) for name, number in rows.items()} | {"matched": Decimal("0.99")}
    with pytest.raises(NotConserved, match="sum of the left side in EUR"):
        prove([SideBalance(Side.LEFT, "EUR", rows, sums)])
