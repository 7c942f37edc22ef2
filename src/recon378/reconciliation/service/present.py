"""The result of a job as it stands now: what the engine found, changed by what people decided."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

import polars as pl
from asyncpg import Record

from recon378.reconciliation.schemas import MatchStatus
from recon378.reconciliation.store.decided import Changes
from recon378_engine.result import Conservation, Result, Side, SideBalance

STATES: Final = ("input", "matched", "suggested", "open", "excluded", "rejected")


def as_decided(found: Result, changes: Changes, conservation: Conservation) -> Result:
    """The engine's result, changed by the decisions."""
    rejected = changes.matches.filter(pl.col("status") == MatchStatus.REJECTED.value).select("match_id")
    matches = found.matches.join(rejected, on="match_id", how="anti", maintain_order="left")
    changed = changes.matches.rename({"status": "decided"})
    matches = (
        matches.join(changed, on="match_id", how="left", maintain_order="left")
        .with_columns(
            status=pl.coalesce("decided", "status"),
            reason=pl.when(pl.col("decided").is_null()).then("reason"),
        )
        .drop("decided")
    )
    return replace(
        found,
        matches=matches,
        items=found.items.join(rejected, on="match_id", how="anti", maintain_order="left"),
        exceptions=pl.concat([found.exceptions, changes.opened]).sort("side", "row"),
        conservation=conservation,
    )


def conservation_of(balances: Sequence[Record], scale: int) -> Conservation:
    """The kept balances as the engine's proof."""
    by_side: dict[tuple[str, str], dict[str, tuple[int, int]]] = {}
    for record in balances:
        by_side.setdefault((record["side"], record["currency"]), {})[record["state"]] = (record["records"], record["sum_minor"])
    balanced = [_balance(side, currency, states, scale) for (side, currency), states in sorted(by_side.items())]
    return Conservation(tuple(balance for balance, _ in balanced), all(holds for _, holds in balanced))


def _balance(side: str, currency: str, states: Mapping[str, tuple[int, int]], scale: int) -> tuple[SideBalance, bool]:
    rows: dict[str, int] = {state: states.get(state, (0, 0))[0] for state in STATES}
    minor: dict[str, int] = {state: states.get(state, (0, 0))[1] for state in STATES}
    holds = all(figures["input"] == sum(figures[state] for state in STATES[1:]) for figures in (rows, minor))
    sums: dict[str, Any] = {state: Decimal(minor[state]).scaleb(-scale) for state in STATES}
    return SideBalance(Side(side), currency or None, rows, sums), holds
