"""What stayed open, of which type, and why, in one sentence each."""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.matching.assemble import Assembled
from recon378_engine.matching.conditions import Pass
from recon378_engine.matching.outcome import PassOutcome
from recon378_engine.matching.rates import RateTable
from recon378_engine.matching.ruleset import Ruleset
from recon378_engine.matching.sides import Sides
from recon378_engine.result import EXCEPTIONS_SCHEMA, ExceptionType, Side


def open_records(
    sides: Sides, rules: Ruleset, rates: RateTable, outcomes: list[tuple[Pass, PassOutcome]], assembled: Assembled
) -> pl.DataFrame:
    """Every record that no match holds, and every rejected row, with its type and reason, ordered by side and row."""
    frames = [_rejected(Side.LEFT, sides.left.rejected_rows), _rejected(Side.RIGHT, sides.right.rejected_rows)]
    for side, table, other in ((Side.LEFT, sides.left, sides.right), (Side.RIGHT, sides.right, sides.left)):
        taken = assembled.placed.filter(pl.col("side") == side)["position"].to_numpy()
        positions = np.setdiff1d(np.arange(table.height, dtype=np.uint32), taken, assume_unique=True)
        rivals = pl.concat([outcome.rivals for _, outcome in outcomes]).filter(pl.col("side") == side)
        best = rivals.sort("confidence", "rival", descending=[True, False]).unique("position", keep="first", maintain_order=True)
        frame = pl.DataFrame({"position": positions.astype(np.uint32)}).join(best, on="position", how="left")
        missing = ExceptionType.MISSING_RIGHT if side is Side.LEFT else ExceptionType.MISSING_LEFT
        where = "right" if side is Side.LEFT else "left"
        frames.append(
            frame.select(
                side=pl.lit(side.value),
                row=table.rows.gather(frame["position"]),
                type=pl.when(pl.col("confidence").is_null()).then(pl.lit(missing.value)).otherwise(pl.lit(ExceptionType.BELOW_THRESHOLD.value)),
                reason=pl.lit(f"Nothing on the {where} fits this record."),
                best_rival_row=other.rows.gather(frame["rival"]),
                best_confidence="confidence",
            ).cast(EXCEPTIONS_SCHEMA)  # type: ignore[arg-type]
        )
    return pl.concat(frames).sort("side", "row")


def _rejected(side: Side, rows: tuple[int, ...]) -> pl.DataFrame:
    return pl.DataFrame({"row": rows}, schema={"row": pl.UInt32}).select(
        side=pl.lit(side.value), row="row", type=pl.lit(ExceptionType.INVALID_ROW.value),
        reason=pl.lit("The row could not be read; see the list of rejected rows."),
        best_rival_row=pl.lit(None), best_confidence=pl.lit(None),
    ).cast(EXCEPTIONS_SCHEMA)  # type: ignore[arg-type]  # fmt: skip
