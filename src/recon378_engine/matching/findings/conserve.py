"""The conservation proof: no record and no cent is lost between input and result."""

from collections.abc import Iterable
from decimal import Decimal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.errors import NotConserved
from recon378_engine.result import Conservation, Side, SideBalance

MATCHED, SUGGESTED, OPEN, EXCLUDED = 0, 1, 2, 3
STATES = ("matched", "suggested", "open", "excluded")


def side_balances(
    side: Side,
    states: NDArray[np.uint8],
    amounts: NDArray[np.int64] | None,
    currencies: pl.Series | None,
    scale: int,
    rejected: int,
) -> tuple[SideBalance, ...]:
    """Count rows and add amounts of one side by state and currency.

    `states` has one of MATCHED, SUGGESTED, OPEN, EXCLUDED a record; `amounts` are minor units with `scale` decimals, 0 where
    null. Rejected rows have no currency that could be read; they stand with the first balance.
    """
    frame = pl.DataFrame({"state": states, "amount": np.zeros(len(states), dtype=np.int64) if amounts is None else amounts})
    frame = frame.with_columns(currency=pl.lit(None, dtype=pl.String) if currencies is None else currencies)
    totals = frame.group_by("currency", "state").agg(rows=pl.len(), sum=pl.col("amount").cast(pl.Int128).sum())
    inputs = frame.group_by("currency").agg(rows=pl.len(), sum=pl.col("amount").cast(pl.Int128).sum())
    balances = []
    for number, currency in enumerate(sorted(inputs["currency"].to_list(), key=lambda code: code or "") or [None]):
        by_state = {state: (rows, total) for code, state, rows, total in totals.iter_rows() if code == currency}
        gone = rejected if number == 0 else 0
        input_rows, input_sum = next(((rows, total) for code, rows, total in inputs.iter_rows() if code == currency), (0, 0))
        rows = (
            {"input": input_rows + gone}
            | {name: by_state.get(code, (0, 0))[0] for code, name in enumerate(STATES)}
            | {"rejected": gone}
        )
        sums: dict[str, Decimal] = {}
        if amounts is not None:
            sums = {"input": _decimal(input_sum, scale)}
            sums |= {name: _decimal(by_state.get(code, (0, 0))[1], scale) for code, name in enumerate(STATES)}
            sums["rejected"] = Decimal(0)
        balances.append(SideBalance(side, currency, rows, sums))
    return tuple(balances)


def prove(balances: Iterable[SideBalance]) -> Conservation:
    """Check that input = matched + suggested + open + excluded + rejected, for rows and sums; NotConserved otherwise."""
    balances = tuple(balances)
    parts = (*STATES, "rejected")
    for balance in balances:
        for what, figures in (("rows", balance.rows), ("sum", balance.sums)):
            total = sum(figures[part] for part in parts) if figures else 0
            if figures and total != figures["input"]:
                raise NotConserved(
                    f"The {what} of the {balance.side} side in {balance.currency or 'its only currency'} do not add up: "
                    f"input {figures['input']}, accounted for {total}; the result was thrown away."
                )
    return Conservation(balances, holds=True)


def _decimal(minor: int, scale: int) -> Decimal:
    return Decimal(int(minor)).scaleb(-scale)
