"""What one pass of a ruleset is given and what it gives back.

Inside `matching` a record is its *position*, the 0-based index into `Table.frame`; file rows (`Table.rows`) appear only
when the pipeline writes the result.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.table import Role

Positions = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class PairedField:
    """Columns of the left and right that mean the same; several on a side are read as one, as debit and credit are."""

    name: str
    role: Role
    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pairing:
    """How the two tables correspond.

    `flip_right_sign` says that right amounts are compared negated; `flip_share` is the share of rows that pair by
    amount with the proposed sign, `keep_share` the share with the sign as written (SPEC example 16).
    """

    fields: tuple[PairedField, ...]
    flip_right_sign: bool = False
    flip_share: float = 0.0
    keep_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Pool:
    """The positions that no earlier pass has taken, ascending, and the pairs (left, right) that a person has rejected."""

    left: Positions
    right: Positions
    rejected: pl.DataFrame


OUTCOME_MATCHES = {
    "match": pl.UInt32,  # 0-based within the pass
    "status": pl.String,
    "confidence": pl.Float64,
    "runner_up_confidence": pl.Float64,
    "runner_up_left": pl.UInt32,
    "runner_up_right": pl.UInt32,
    "solutions": pl.UInt32,
    "ambiguous": pl.Boolean,
    "reason": pl.String,
}
OUTCOME_ITEMS = {"match": pl.UInt32, "side": pl.String, "position": pl.UInt32}
OUTCOME_RIVALS = {"side": pl.String, "position": pl.UInt32, "rival": pl.UInt32, "confidence": pl.Float64}


@dataclass(frozen=True, slots=True)
class PassOutcome:
    """The matches of one pass.

    `rivals` names, for records that stayed open, the best candidate of the other side and its probability, so that an
    exception can say what nearly fitted. `model` is plain data from which evidence of any pair can be told again.
    """

    matches: pl.DataFrame
    items: pl.DataFrame
    rivals: pl.DataFrame
    model: dict[str, Any] = field(default_factory=dict)
    diagnostics: dict[str, Any] = field(default_factory=dict)
