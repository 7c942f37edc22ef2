"""summary.json: what a script needs to know of a reconciliation."""

import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import polars as pl

from recon378_engine.output.calibration import calibration_of, calibration_sentence
from recon378_engine.result import MatchStatus, Result, SideBalance
from recon378_engine.table import Table

_LIBRARIES = ("recon378", "polars", "numpy", "numba")


def summary(result: Result, left: Table, right: Table, timings_seconds: Mapping[str, float]) -> dict[str, Any]:
    """Counts, sums, conservation, ruleset, times, versions and hashes as plain data; sums are decimal strings."""
    return {
        "counts": counts(result, left, right),
        "sums": [_sums(balance) for balance in result.conservation.balances if balance.sums],
        "conservation": {
            "holds": result.conservation.holds,
            "balances": [_balance(balance) for balance in result.conservation.balances],
        },
        "calibration": calibration_sentence(calibration_of(result.diagnostics)),
        "ruleset": result.ruleset,
        "diagnostics": result.diagnostics,
        "timings_seconds": {stage: round(seconds, 3) for stage, seconds in timings_seconds.items()},
        "versions": versions(),
        "input_hashes": {"left": left.sha256, "right": right.sha256},
        "result_hash": result.result_hash,
    }


def counts(result: Result, left: Table, right: Table) -> dict[str, Any]:
    """Rows and matches by what became of them, and exceptions by side and type."""
    by_status = dict(result.matches.group_by("status").len().iter_rows())
    types = result.exceptions.group_by("side", "type").len().sort("side", "type")
    exceptions: dict[str, dict[str, int]] = {"left": {}, "right": {}}
    for side, kind, number in types.iter_rows():
        exceptions[side][kind] = number
    methods = result.matches.group_by("method").len().sort("method")
    matched = result.items.group_by("side").len()
    return {
        "left_rows": left.height,
        "right_rows": right.height,
        "left_rejected": len(left.rejected_rows),
        "right_rejected": len(right.rejected_rows),
        "matches": result.matches.height,
        "confirmed": by_status.get(MatchStatus.CONFIRMED.value, 0),
        "suggested": by_status.get(MatchStatus.SUGGESTED.value, 0),
        "matches_by_method": dict(methods.iter_rows()),
        "left_matched_rows": _of(matched, "left"),
        "right_matched_rows": _of(matched, "right"),
        "exceptions": exceptions,
    }


def versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "unknown"
    return found


def _of(frame: pl.DataFrame, side: str) -> int:
    return int(frame.filter(pl.col("side") == side)["len"].sum())


def _sums(balance: SideBalance) -> dict[str, Any]:
    return {
        "side": balance.side.value,
        "currency": balance.currency,
        **{name: f"{amount:f}" for name, amount in balance.sums.items()},
    }


def _balance(balance: SideBalance) -> dict[str, Any]:
    sums = {name: f"{amount:f}" for name, amount in balance.sums.items()}
    return {"side": balance.side.value, "currency": balance.currency, "rows": balance.rows, "sums": sums}
