"""Run a reconciliation: compute in a child process, keep the artefacts, store the rows in the transaction that completes the
job.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from asyncpg import Connection
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.adapters.events import after_commit
from recon378.adapters.job import Handler, JobContext, JobFailed
from recon378.adapters.queue import Claim
from recon378.adapters.storage import Storage
from recon378.files.service import files
from recon378.files.store import MappedDataset, scratch_folder
from recon378.reconciliation.models import Decision, Reconciliation
from recon378.reconciliation.schemas import JobStatus
from recon378.reconciliation.service import artefacts, jobs, results, rows
from recon378.reconciliation.service.decisions import standing_decisions
from recon378.reconciliation.service.outline import outline_of
from recon378.reconciliation.service.results import Order, Outcome
from recon378.reconciliation.service.wanted import Wanted
from recon378.reconciliation.store import decisions as decision_store
from recon378.reconciliation.store import partitions, tallies
from recon378.reconciliation.store.connection import driver
from recon378_engine.errors import EngineError

STORE_TIMEOUT_SECONDS: Final = 600

COPIES: Final = (
    ("match", artefacts.MATCH_ROWS, rows.MATCH_COLUMNS),
    ("match_item", artefacts.ITEM_ROWS, rows.ITEM_COLUMNS),
    ("exception", artefacts.EXCEPTION_ROWS, rows.EXCEPTION_COLUMNS),
)


async def run(job: Claim, context: JobContext) -> None:
    """Reconcile what `job.subject_id` names.

    A later attempt goes on from the artefacts of an earlier one, where they are whole.
    """
    state = job.checkpoint if job.checkpoint and await is_whole(context.storage, job.checkpoint) else await compute(job, context)
    async with context.completion() as session:
        await store(session, context, job.subject_id, state)
    await tell(context, job.subject_id)


async def gave_up(session: AsyncSession, job: Claim, error: str) -> None:
    """Nothing of the domain needs to change: the job row says how it ended, and no result was stored."""


HANDLER: Final = Handler(run=run, gave_up=gave_up, warm_up=("recon378_engine.pipeline", __name__))


async def compute(job: Claim, context: JobContext) -> dict[str, Any]:
    """Let a child process compute, take its files into the storage, and checkpoint: from here on only the storing is left."""
    async with context.database.transaction() as session:
        left, right, ruleset_yaml, wanted = await order_of(session, context.storage, job.subject_id)
    with scratch_folder(context.settings.data_directory, job.job_id, job.fencing_number) as folder:
        try:
            outcome = await context.compute(results.compute, Order(left, right, ruleset_yaml, wanted, folder))
        except EngineError as error:
            raise JobFailed(str(error)) from error
        state = checkpoint_of(outcome, await keep(context.storage, folder))
    await context.checkpoint(state)
    await context.report("store", 0.92, message="Storing the result")
    return state


async def order_of(
    session: AsyncSession, storage: Storage, job_id: UUID
) -> tuple[MappedDataset, MappedDataset, str | None, tuple[Wanted, ...]]:
    """Datasets, ruleset and earlier decisions of a job. Raises JobFailed where it was deleted."""
    reconciliation = await session.get(Reconciliation, job_id)
    if reconciliation is None:
        raise JobFailed("The reconciliation was deleted before it ran.")
    left = await files.mapped(session, storage, reconciliation.left_dataset_id)
    right = await files.mapped(session, storage, reconciliation.right_dataset_id)
    decided = sorted(await standing_decisions(session, reconciliation.project_id), key=lambda made: (made.decided_at, made.id))
    return left, right, reconciliation.ruleset_yaml, tuple(wanted_of(decision) for decision in decided)


def wanted_of(decision: Decision) -> Wanted:
    return Wanted(
        decision_id=decision.id,
        action=decision.action,
        left_keys=tuple(decision.left_keys),
        right_keys=tuple(decision.right_keys),
        decided_by=decision.decided_by,
        decided_by_name=decision.decided_by_name,
        decided_at=decision.decided_at,
        is_bulk=decision.bulk_id is not None,
    )


async def keep(storage: Storage, folder: Path) -> dict[str, str]:
    """Take the artefacts into the storage; their hashes by file name."""
    return {name: (await storage.put_file(folder / name)).sha256 for name in (*artefacts.KEPT, *artefacts.TRANSIENT)}


def checkpoint_of(outcome: Outcome, kept: dict[str, str]) -> dict[str, Any]:
    return {
        "artefacts": kept,
        "result_hash": outcome.result_hash,
        "amount_scale": outcome.amount_scale,
        "inputs": [list(row) for row in outcome.inputs],
        "carried": [[str(decision_id), match_id] for decision_id, match_id in outcome.carried],
    }


async def is_whole(storage: Storage, state: dict[str, Any]) -> bool:
    return all([await storage.exists(sha256) for sha256 in state["artefacts"].values()])


async def store(session: AsyncSession, context: JobContext, job_id: UUID, state: dict[str, Any]) -> None:
    """Copy the rows into partitions of the job, tally them, and prove that nothing was lost on the way."""
    reconciliation = await session.get_one(Reconciliation, job_id, with_for_update=True)
    connection = await driver(session)
    await connection.execute(f"SET LOCAL statement_timeout = '{STORE_TIMEOUT_SECONDS}s'")
    for table, name, columns in COPIES:
        await partitions.create_partition(connection, table, job_id)
        await partitions.fill_partition(connection, table, job_id, columns, context.storage.path_of(state["artefacts"][name]))
        await partitions.attach_partition(connection, table, job_id)
    await prove(connection, job_id, state)
    carried = [(UUID(decision_id), match_id) for decision_id, match_id in state["carried"]]
    await decision_store.carry_decisions(connection, job_id, carried)
    reconciliation.result_hash, reconciliation.amount_scale = state["result_hash"], state["amount_scale"]
    reconciliation.artefacts = {name: state["artefacts"][name] for name in artefacts.KEPT}
    outline = await asyncio.to_thread(outline_of, context.storage.path_of(state["artefacts"][artefacts.RESULT]))
    reconciliation.summary = outline
    await session.flush()
    await decision_store.count_job(connection, job_id)
    after_commit(session, partial(unlink, [context.storage.path_of(state["artefacts"][name]) for name in artefacts.TRANSIENT]))


async def tell(context: JobContext, job_id: UUID) -> None:
    """Tell everybody in the project, apart from the completion: topics are locked by publishing, so always in the same order."""
    async with context.database.transaction() as session:
        reconciliation = await session.get(Reconciliation, job_id)
        if reconciliation is not None:
            await jobs.tell_members(session, context.events, reconciliation, jobs.status_data(reconciliation, JobStatus.DONE))


def unlink(paths: Sequence[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


async def prove(connection: Connection, job_id: UUID, state: dict[str, Any]) -> None:
    """Raise JobFailed unless what was stored adds up to what came in, by side and currency, for rows and sums."""
    await tallies.add_input(connection, job_id, [(row[0], row[1], row[2], row[3]) for row in state["inputs"]])
    await tallies.tally(connection, job_id)
    broken = await tallies.unbalanced(connection, job_id)
    if broken:
        first = broken[0]
        raise JobFailed(
            f"The stored result does not add up on the {first['side']} side: {first['records_in']} records came in, "
            f"{first['records_out']} are accounted for. Nothing was stored; please report this."
        )
