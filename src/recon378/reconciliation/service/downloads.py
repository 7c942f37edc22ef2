"""Results as files in the formats of the command line, with the decisions made until now."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

import recon378_engine as engine
from recon378.actor import Actor
from recon378.adapters.child_process import compute_aside
from recon378.adapters.storage import CHUNK_BYTES, Storage
from recon378.files.service import files
from recon378.files.service.names import display_name
from recon378.files.store import MappedDataset, map_table
from recon378.reconciliation.service.artefacts import load_found
from recon378.reconciliation.service.jobs import get_finished
from recon378.reconciliation.service.present import as_decided, conservation_of
from recon378.reconciliation.store.connection import driver
from recon378.reconciliation.store.decided import Changes, changes_of
from recon378.reconciliation.store.tallies import balances
from recon378_engine.result import Conservation

IN_PROCESS_ROWS_MAX: Final = 100_000  # matches and exceptions; above, starting a process costs less than the memory
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Format:
    """A file of the command line's contract, and what the writer has to be asked for to get it."""

    file_name: str
    media_type: str
    formats: tuple[str, ...]


FORMATS: Final = {
    "download_matches": Format("matches.csv", "text/csv; charset=utf-8", ("csv",)),
    "download_exceptions": Format("exceptions.csv", "text/csv; charset=utf-8", ("csv",)),
    "download_report": Format("report.xlsx", XLSX, ("xlsx",)),
    "download_summary": Format("summary.json", "application/json", ()),
}


@dataclass(frozen=True, slots=True)
class Order:
    """All that writing takes; it can be sent to a child process."""

    formats: tuple[str, ...]
    left: MappedDataset
    right: MappedDataset
    artefacts: dict[str, Path]
    changes: Changes
    conservation: Conservation
    folder: Path


@dataclass(frozen=True, slots=True)
class Download:
    """A file made for one download; `chunks` streams it and removes its folder."""

    name: str
    media_type: str
    path: Path
    folder: Path
    size_bytes: int

    async def chunks(self) -> AsyncIterator[bytes]:
        try:
            with await asyncio.to_thread(self.path.open, "rb") as file:
                while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
                    yield chunk
        finally:
            await asyncio.to_thread(shutil.rmtree, self.folder, True)


async def make_download(session: AsyncSession, storage: Storage, actor: Actor, job_id: UUID, operation: str) -> Download:
    """Write one of FORMATS for a finished job, as it stands now."""
    reconciliation = await get_finished(session, actor, job_id, operation)
    wanted = FORMATS[operation]
    connection = await driver(session)
    order = Order(
        formats=wanted.formats,
        left=await files.mapped(session, storage, reconciliation.left_dataset_id),
        right=await files.mapped(session, storage, reconciliation.right_dataset_id),
        artefacts={name: storage.path_of(sha256) for name, sha256 in reconciliation.artefacts.items()},
        changes=await changes_of(connection, job_id),
        conservation=conservation_of(await balances(connection, job_id), reconciliation.amount_scale),
        folder=Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="recon378-download-")),
    )
    try:
        size = reconciliation.confirmed + reconciliation.suggested + reconciliation.exceptions
        await compute_aside(write, order, is_large=size > IN_PROCESS_ROWS_MAX)
    except BaseException:
        await asyncio.to_thread(shutil.rmtree, order.folder, True)
        raise
    name = display_name(f"{reconciliation.name} {wanted.file_name}".replace("/", "-"))
    path = order.folder / wanted.file_name
    return Download(name, wanted.media_type, path, order.folder, path.stat().st_size)


def write(order: Order) -> None:
    """Write the present result into the folder of the order."""
    present = as_decided(load_found(order.artefacts), order.changes, order.conservation)
    engine.write_result(present, map_table(order.left), map_table(order.right), order.folder, formats=order.formats)
