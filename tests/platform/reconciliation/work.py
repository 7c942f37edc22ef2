"""A worker for tests: claims what waits and does it, in this process unless a test wants real children."""

import asyncio
from collections.abc import Callable
from typing import Any

from recon378.accounts.deps import Platform
from recon378.adapters import queue
from recon378.adapters.child_process import ChildProcesses, OnReport, Report
from recon378.adapters.job import JobContext, JobFailed
from recon378.files import jobs as file_jobs
from recon378.reconciliation import jobs as reconciliation_jobs

HANDLERS = {"read_file": file_jobs.HANDLER, "reconcile": reconciliation_jobs.HANDLER}


class InlineChildren(ChildProcesses):
    """Runs the work of a child in a thread: the same function, the same reports, without the second that a process takes to
    start.
    """

    async def run(self, function: Callable[..., Any], *arguments: Any, on_report: OnReport, **_: Any) -> Any:
        reports: list[Report] = []

        def report(stage: str, fraction: float, done: int = 0, total: int = 0, message: str = "") -> None:
            reports.append(Report(stage, fraction, done, total, message))

        answer = await asyncio.to_thread(function, report, *arguments)
        for sent in reports:
            await on_report(sent)
        return answer


async def work(platform: Platform, children: ChildProcesses | None = None) -> None:
    """Do every waiting job, one after the other."""
    while await work_once(platform, children):
        pass


async def work_once(platform: Platform, children: ChildProcesses | None = None) -> bool:
    async with platform.database.transaction() as session:
        claim = await queue.claim(session, worker="test", kinds=list(HANDLERS), lease_seconds=60)
    if claim is None:
        return False
    context = JobContext(
        job=claim,
        settings=platform.settings,
        database=platform.database,
        events=platform.events,
        storage=platform.storage,
        children=children or InlineChildren(),
    )
    try:
        await HANDLERS[claim.kind].run(claim, context)
    except JobFailed as failure:
        async with platform.database.transaction() as session:
            await queue.fail(session, claim, str(failure))
            await HANDLERS[claim.kind].gave_up(session, claim, str(failure))
    return True
