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

from recon378.actor import Actor
from recon378.adapters.storage import CHUNK_BYTES, Storage
from recon378.files.service.names import display_name
from recon378.reconciliation.service.jobs import get_finished
from recon378.reconciliation.service.present import as_decided, conservation_of
from recon378.reconciliation.service.sides import OpenSides, open_sides
from recon378.reconciliation.store.connection import driver
from recon378.reconciliation.store.decided import Changes, changes_of
from recon378.reconciliation.store.tallies import balances
from recon378_engine import output
from recon378_engine.result import Conservation

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
    changes = await changes_of(connection, job_id)
    conservation = conservation_of(await balances(connection, job_id), reconciliation.amount_scale)
    sides = await open_sides(session, storage, reconciliation)
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="recon378-download-"))
    try:
        path = await asyncio.to_thread(_write, wanted, folder, sides, changes, conservation)
    except BaseException:
        await asyncio.to_thread(shutil.rmtree, folder, True)
        raise
    return Download(
        display_name(f"{reconciliation.name} {wanted.file_name}".replace("/", "-")),
        wanted.media_type,
        path,
        folder,
        path.stat().st_size,
    )


def _write(wanted: Format, folder: Path, sides: OpenSides, changes: Changes, conservation: Conservation) -> Path:
    present = as_decided(sides.result, changes, conservation)
    output.write(present, sides.left, sides.right, folder / "out", formats=wanted.formats)
    return folder / "out" / wanted.file_name
