"""The work of a job: reconcile two datasets in a child process and leave everything about the result as files.

The files go into the storage before anything goes into the database, so a worker that dies while it stores goes on from them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

import polars as pl

import recon378_engine as engine
from recon378.files.store import MappedDataset, map_table
from recon378.reconciliation.service import artefacts, keys, rows
from recon378.reconciliation.service.labels import decisions_of, labels_of
from recon378.reconciliation.service.wanted import Members, Wanted, present_of
from recon378_engine.matching.rulesets.ruleset import Ruleset
from recon378_engine.progress import Progress, Stage
from recon378_engine.result import ExceptionType, Result

ENGINE_SHARE: Final = 0.85  # of the progress of a job; writing rows and storing them is the rest


@dataclass(frozen=True, slots=True)
class Order:
    """What a job is to do; it travels to the child process. `wanted` are earlier decisions, oldest first."""

    left: MappedDataset
    right: MappedDataset
    ruleset_yaml: str | None
    wanted: tuple[Wanted, ...]
    folder: Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the child did; the result itself lies in files of the folder, called as in `artefacts`.

    `inputs` are side, currency, records and minor units that came in; `carried` are earlier decisions and the matches that carry
    them now.
    """

    result_hash: str
    amount_scale: int
    inputs: list[tuple[str, str, int, int]]
    carried: list[tuple[UUID, int]]


class Report(Protocol):
    def __call__(self, stage: str, fraction: float, done: int = 0, total: int = 0, message: str = "") -> None: ...


def compute(report: Report, order: Order) -> Outcome:
    """Reconcile, and write every artefact into the folder. Raises what the engine raises."""
    left, right = map_table(order.left), map_table(order.right)
    left_hashes = keys.save_hashes(left, order.folder / artefacts.LEFT_HASHES)
    right_hashes = keys.save_hashes(right, order.folder / artefacts.RIGHT_HASHES)
    present = present_of(order.wanted, (left, left_hashes), (right, right_hashes))

    def on_progress(progress: Progress) -> None:
        report(progress.stage.value, ENGINE_SHARE * progress.fraction, progress.done, progress.total, progress.message)

    ruleset = Ruleset.from_yaml(order.ruleset_yaml) if order.ruleset_yaml else None
    decisions, labels = decisions_of(present), labels_of(present)
    result = engine.reconcile(left, right, ruleset=ruleset, labels=labels, decisions=decisions, on_progress=on_progress)
    report(Stage.STORE.value, ENGINE_SHARE, message="Writing the result")
    engine.save_result(result, order.folder)
    carried = _carried(result, present)
    sides = rows.sides_of(left, right, Ruleset.from_dict(result.ruleset).pairing, result.model["amount_scale"])
    _write_rows(result, sides, carried, order.folder)
    report(Stage.STORE.value, 0.9, message="Storing the result")
    return Outcome(
        result_hash=result.result_hash,
        amount_scale=sides.scale,
        inputs=_inputs(result, sides.scale),
        carried=[(wanted.decision_id, match) for wanted, match in carried],
    )


def _carried(result: Result, present: Sequence[tuple[Wanted, Members]]) -> list[tuple[Wanted, int]]:
    """Accepted decisions whose records are one match again, with that match."""
    accepted = [(wanted, members) for wanted, members in present if wanted.action == "accept"]
    touched = pl.DataFrame(
        [
            (side, row)
            for _, members in accepted
            for side, side_rows in zip(("left", "right"), members, strict=True)
            for row in side_rows
        ],
        schema={"side": pl.String, "row": pl.UInt32},
        orient="row",
    ).unique()
    near = result.items.join(touched, on=["side", "row"], how="semi").select("match_id").unique()
    by_members: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}
    for match_id, left_rows, right_rows in (
        result.items.join(near, on="match_id", how="semi")
        .group_by("match_id")
        .agg(
            left=pl.col("row").filter(pl.col("side") == "left").sort(),
            right=pl.col("row").filter(pl.col("side") == "right").sort(),
        )
        .iter_rows()
    ):
        by_members[tuple(left_rows), tuple(right_rows)] = match_id
    found = ((wanted, by_members.get((tuple(members[0]), tuple(members[1])))) for wanted, members in accepted)
    return [(wanted, match_id) for wanted, match_id in found if match_id is not None]


def _write_rows(result: Result, sides: rows.Sides, carried: Sequence[tuple[Wanted, int]], folder: Path) -> None:
    decided = pl.DataFrame(
        [(match, str(wanted.decided_by), wanted.decided_by_name, wanted.decided_at.isoformat()) for wanted, match in carried],
        schema={"match_id": pl.UInt32, "decided_by": pl.String, "decided_by_name": pl.String, "decided_at": pl.String},
        orient="row",
    ).unique("match_id", keep="last")
    states = pl.when(pl.col("type") == ExceptionType.INVALID_ROW.value).then(pl.lit("rejected")).otherwise(pl.lit("open"))
    rows.write_rows(rows.match_rows(result, sides, decided), folder / artefacts.MATCH_ROWS)
    rows.write_rows(rows.item_rows(result, sides), folder / artefacts.ITEM_ROWS)
    rows.write_rows(rows.exception_rows(result.exceptions, sides, states), folder / artefacts.EXCEPTION_ROWS)


def _inputs(result: Result, scale: int) -> list[tuple[str, str, int, int]]:
    """What came in by side and currency. Rows that could not be read have no currency, as their exceptions have none."""
    inputs: dict[tuple[str, str], tuple[int, int]] = {}
    for balance in result.conservation.balances:
        rejected = balance.rows.get("rejected", 0)
        minor = int(balance.sums["input"].scaleb(scale)) if balance.sums else 0
        for currency, count, amount in ((balance.currency or "", balance.rows["input"] - rejected, minor), ("", rejected, 0)):
            known = inputs.get((balance.side.value, currency), (0, 0))
            inputs[balance.side.value, currency] = (known[0] + count, known[1] + amount)
    return [(side, currency, count, amount) for (side, currency), (count, amount) in sorted(inputs.items()) if count]
