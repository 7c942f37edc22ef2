"""What a run over the same records changed: pairs gained, lost, regrouped and moved since an earlier job."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import polars as pl
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

import recon378_engine as engine
from recon378.actor import Actor
from recon378.adapters.child_process import compute_aside
from recon378.adapters.storage import Storage
from recon378.errors import NotFound
from recon378.files.service import files
from recon378.files.store import MappedDataset, map_table
from recon378.reconciliation.models import Reconciliation
from recon378.reconciliation.schemas import ChangeOut, ComparedJob, DifferenceOut, PairChange
from recon378.reconciliation.service.artefacts import load_found
from recon378.reconciliation.service.jobs import get_finished
from recon378.reconciliation.service.money import amounts_text, money_text
from recon378.reconciliation.service.present import as_decided
from recon378.reconciliation.service.rows import sides_of
from recon378.reconciliation.store.connection import driver
from recon378.reconciliation.store.decided import Changes, changes_of
from recon378_engine.matching.rulesets.ruleset import Ruleset
from recon378_engine.result import Result

IN_PROCESS_ROWS_MAX: Final = 100_000
PAIRS_SHOWN_MAX: Final = 200
COMPARABLE_MAX: Final = 50
NOT_COMPARABLE: Final = "There is no such job over the same records to compare with."
KINDS: Final = ("gained", "lost", "regrouped", "moved")


@dataclass(frozen=True, slots=True)
class Run:
    """One of the two jobs: its artefacts, and what people decided in it."""

    artefacts: dict[str, Path]
    changes: Changes


@dataclass(frozen=True, slots=True)
class Order:
    """All that comparing takes; it can be sent to a child process."""

    left: MappedDataset
    right: MappedDataset
    before: Run
    after: Run
    scale: int


async def compare_jobs(
    session: AsyncSession, storage: Storage, actor: Actor, job_id: UUID, before_id: UUID | None
) -> DifferenceOut:
    """Compare a job, as it stands now, with an earlier one over the same two datasets; with the one before it unless said.

    Raises NotFound for a job that is not over the same records.
    """
    after = await get_finished(session, actor, job_id, "compare_jobs")
    others = await _comparable(session, after)
    before = _chosen(others, after, before_id)
    shown = [ComparedJob(id=other.id, name=other.name, created_at=other.created_at) for other in others]
    if before is None:
        return DifferenceOut(
            before=None, comparable=shown, unchanged=0, gained=NOTHING, lost=NOTHING, regrouped=NOTHING, moved=NOTHING
        )
    connection = await driver(session)
    order = Order(
        left=await files.mapped(session, storage, after.left_dataset_id),
        right=await files.mapped(session, storage, after.right_dataset_id),
        before=Run(_paths(storage, before), await changes_of(connection, before.id)),
        after=Run(_paths(storage, after), await changes_of(connection, after.id)),
        scale=after.amount_scale,
    )
    is_large = max(one.confirmed + one.suggested + one.exceptions for one in (before, after)) > IN_PROCESS_ROWS_MAX
    unchanged, changes = await compute_aside(compare, order, is_large=is_large)
    chosen = next(job for job in shown if job.id == before.id)
    return DifferenceOut(before=chosen, comparable=shown, unchanged=unchanged, **changes)


def compare(order: Order) -> tuple[int, dict[str, ChangeOut]]:
    """Pairs that are unchanged, and the changes by kind."""
    before, after = _present(order.before), _present(order.after)
    found = engine.diff_results(before, after)
    left, right = map_table(order.left), map_table(order.right)
    sides = sides_of(left, right, Ruleset.from_dict(after.ruleset).pairing, order.scale)
    changes = {kind: _change(getattr(found, kind).pairs, sides.left, sides.right, order.scale, kind) for kind in KINDS}
    return found.unchanged, changes


async def _comparable(session: AsyncSession, after: Reconciliation) -> list[Reconciliation]:
    """Other finished jobs of the project over the same datasets, newest first."""
    statement = (
        select(Reconciliation)
        .where(
            Reconciliation.project_id == after.project_id,
            Reconciliation.left_dataset_id == after.left_dataset_id,
            Reconciliation.right_dataset_id == after.right_dataset_id,
            Reconciliation.result_hash.is_not(None),
            Reconciliation.id != after.id,
        )
        .order_by(Reconciliation.created_at.desc(), Reconciliation.id.desc())
        .limit(COMPARABLE_MAX)
    )
    return list((await session.execute(statement)).scalars())


def _chosen(others: Sequence[Reconciliation], after: Reconciliation, before_id: UUID | None) -> Reconciliation | None:
    if before_id is not None:
        found = next((other for other in others if other.id == before_id), None)
        if found is None:
            raise NotFound(NOT_COMPARABLE)
        return found
    return next((other for other in others if other.created_at <= after.created_at), None)


def _paths(storage: Storage, reconciliation: Reconciliation) -> dict[str, Path]:
    return {name: storage.path_of(sha256) for name, sha256 in reconciliation.artefacts.items()}


def _present(run: Run) -> Result:
    found = load_found(run.artefacts)
    return as_decided(replace(found, exceptions=found.exceptions.clear()), run.changes, found.conservation)


def _change(pairs: pl.DataFrame, left: pl.DataFrame, right: pl.DataFrame, scale: int, kind: str) -> ChangeOut:
    """A kind of change with its value, each left record counted once, and its largest pairs."""
    shown = left.select(left_row=pl.col("row").cast(pl.UInt32), amount="amount_minor", currency="currency", left_label="label")
    labels = right.select(right_row=pl.col("row").cast(pl.UInt32), right_label="label")
    joined = pairs.join(shown, on="left_row", how="left").join(labels, on="right_row", how="left")
    values = joined.unique("left_row").drop_nulls("amount").group_by(pl.col("currency").fill_null("")).agg(pl.col("amount").sum())
    largest = joined.sort(pl.col("amount").abs(), "left_row", "right_row", descending=[True, False, False], nulls_last=True)
    return ChangeOut(
        pairs=pairs.height,
        amounts=amounts_text(values.sort("currency").iter_rows(), scale),
        largest=[_pair(row, scale, kind) for row in largest.head(PAIRS_SHOWN_MAX).iter_rows(named=True)],
    )


def _pair(row: dict[str, Any], scale: int, kind: str) -> PairChange:
    confidence, status = row["confidence"], row["status"]
    is_new = kind in ("gained", "regrouped")
    return PairChange(
        left_row=row["left_row"],
        right_row=row["right_row"],
        left_label=row["left_label"] or "",
        right_label=row["right_label"] or "",
        amount=money_text(row["amount"], scale),
        currency=row["currency"],
        confidence_before=None if is_new else confidence,
        status_before=None if is_new else status,
        confidence_after=confidence if is_new else row.get("confidence_after"),
        status_after=status if is_new else row.get("status_after"),
    )


NOTHING: Final = ChangeOut(pairs=0, amounts={}, largest=[])
