"""A result as the platform keeps it: three Arrow files and one JSON file in a folder."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from recon378_engine.errors import BadInput
from recon378_engine.result import Conservation, Result, Side, SideBalance

FRAMES = ("matches", "items", "exceptions")


def save_result(result: Result, folder: str | Path) -> None:
    """Write `matches.arrow`, `items.arrow`, `exceptions.arrow` (uncompressed Arrow IPC) and `result.json` into a folder,
    made when missing.
    """
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    for name in FRAMES:
        frame: pl.DataFrame = getattr(result, name)
        frame.write_ipc(place / f"{name}.arrow", compression="uncompressed")
    plain = {
        "conservation": _conservation_to_dict(result.conservation),
        "ruleset": result.ruleset,
        "model": result.model,
        "diagnostics": result.diagnostics,
        "timings_seconds": result.timings_seconds,
        "result_hash": result.result_hash,
    }
    (place / "result.json").write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")


def load_result(folder: str | Path) -> Result:
    """Read what `save_result` wrote; frames are memory-mapped, so that a large result opens at once.

    Raises BadInput when the folder holds no result.
    """
    place = Path(folder)
    try:
        plain = json.loads((place / "result.json").read_text(encoding="utf-8"))
        frames = {name: pl.read_ipc(place / f"{name}.arrow") for name in FRAMES}
    except FileNotFoundError as error:
        raise BadInput(f"{place} holds no saved result: {Path(error.filename or '').name} is missing.") from error
    return Result(
        **frames,
        conservation=_conservation_from_dict(plain["conservation"]),
        ruleset=plain["ruleset"],
        model=plain["model"],
        diagnostics=plain["diagnostics"],
        timings_seconds=plain["timings_seconds"],
        result_hash=plain["result_hash"],
    )


def _conservation_to_dict(conservation: Conservation) -> dict[str, Any]:
    return {
        "holds": conservation.holds,
        "balances": [
            {
                "side": balance.side.value,
                "currency": balance.currency,
                "rows": balance.rows,
                "sums": {name: str(amount) for name, amount in balance.sums.items()},
            }
            for balance in conservation.balances
        ],
    }


def _conservation_from_dict(plain: dict[str, Any]) -> Conservation:
    balances = tuple(
        SideBalance(
            Side(balance["side"]),
            balance["currency"],
            balance["rows"],
            {name: Decimal(amount) for name, amount in balance["sums"].items()},
        )
        for balance in plain["balances"]
    )
    return Conservation(balances, plain["holds"])
