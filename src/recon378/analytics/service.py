"""Figures of one job as it stands now, and of all that a user sees. Everything comes from tallies that decisions keep true."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from asyncpg import Record
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.actor import Actor
from recon378.adapters.queue import Job, JobStatus
from recon378.analytics import store
from recon378.analytics.schemas import (
    ConfidenceBin,
    ExceptionFigures,
    JobSummary,
    Overview,
    PassFigures,
    SideFigures,
    TrendPoint,
)
from recon378.projects import service as projects
from recon378.reconciliation.models import Reconciliation
from recon378.reconciliation.service import jobs
from recon378.reconciliation.service.money import amounts_text, money_text
from recon378.reconciliation.service.outline import calibration_out
from recon378.reconciliation.service.present import STATES
from recon378.reconciliation.store.connection import driver
from recon378.reconciliation.store.labels import count_labels
from recon378.reconciliation.store.tallies import balances

LISTED: Final = 8
TREND_POINTS: Final = 30
BINS: Final = 100


async def job_summary(session: AsyncSession, actor: Actor, job_id: UUID) -> JobSummary:
    """The result of a job, decisions included."""
    reconciliation = await jobs.get_finished(session, actor, job_id, "get_job_summary")
    connection = await driver(session)
    kept = await balances(connection, job_id)
    matches = await store.match_tallies(connection, job_id)
    outline: dict[str, Any] = reconciliation.summary or {}
    scale = reconciliation.amount_scale
    sides = _sides(kept, scale)
    kinds = {found["name"]: found["kind"] for found in outline["diagnostics"]["passes"]}
    return JobSummary(
        job=await jobs.job_out(session, job_id),
        sides=sides,
        conserved=_conserved(kept),
        passes=_passes(matches, kinds),
        confidence=_confidence(matches),
        exceptions=_exceptions(await store.exception_tallies(connection, job_id), scale),
        match_rate_rows=_rate_rows(kept),
        match_rate_value=_rate_value(kept),
        decided=sum(row["matches"] for row in matches if row["decided"]),
        undecided=sum(row["matches"] for row in matches if row["status"] == "suggested" and not row["decided"]),
        calibration=calibration_out(outline, await count_labels(connection, job_id)),
        candidate_recall=outline.get("candidate_recall"),
        timings_seconds=outline["timings_seconds"],
        ruleset_yaml=outline["ruleset_yaml"],
        diagnostics=outline["diagnostics"],
    )


async def overview(session: AsyncSession, actor: Actor) -> Overview:
    """What waits, what runs, what came out last, over all projects of the actor."""
    mine = Reconciliation.project_id.in_(projects.visible(actor))
    done = Job.status == JobStatus.DONE.value
    newest = (Reconciliation.created_at.desc(), Reconciliation.id.desc())
    running = await jobs.jobs_where(session, (mine, Job.status.in_(("queued", "running"))), newest, LISTED)
    recent = await jobs.jobs_where(session, (mine, Job.finished_at.is_not(None)), (Job.finished_at.desc(), Job.id.desc()), LISTED)
    waiting = await jobs.jobs_where(session, (mine, done, Reconciliation.suggested > 0), newest, LISTED)
    sums = select(func.coalesce(func.sum(Reconciliation.suggested), 0), func.coalesce(func.sum(Reconciliation.exceptions), 0))
    suggestions, exceptions = (await session.execute(sums.where(mine))).one()
    count = (await session.execute(select(func.count()).select_from(projects.visible(actor).subquery()))).scalar_one()
    return Overview(
        waiting_suggestions=suggestions,
        open_exceptions=exceptions,
        projects=count,
        running=running,
        recent=recent,
        to_review=waiting,
        trend=[_trend(row) for row in await store.finished_rates(session, projects.visible(actor), TREND_POINTS)],
    )


def _sides(kept: Iterable[Record], scale: int) -> list[SideFigures]:
    grouped: dict[tuple[str, str], dict[str, Record]] = {}
    for row in kept:
        grouped.setdefault((row["side"], row["currency"]), {})[row["state"]] = row
    return [
        SideFigures(
            side=side,
            currency=currency or None,
            rows={state: states[state]["records"] if state in states else 0 for state in STATES},
            sums={state: money_text(states[state]["sum_minor"] if state in states else 0, scale) or "0" for state in STATES},
        )
        for (side, currency), states in sorted(grouped.items())
    ]


def _conserved(kept: Iterable[Record]) -> bool:
    """Whether input = matched + suggested + open + excluded + rejected holds on every side and currency, for rows and sums."""
    left_over: dict[tuple[str, str], tuple[int, int]] = {}
    for row in kept:
        sign = 1 if row["state"] == "input" else -1
        records, minor = left_over.get((row["side"], row["currency"]), (0, 0))
        left_over[row["side"], row["currency"]] = (records + sign * row["records"], minor + sign * row["sum_minor"])
    return all(rest == (0, 0) for rest in left_over.values())


def _passes(matches: Iterable[Record], kinds: dict[str, str]) -> list[PassFigures]:
    """In the order in which they ran; rejected matches do not count."""
    figures = {name: [0, 0, 0] for name in kinds}
    for row in matches:
        if row["status"] != "rejected":
            counted = figures.setdefault(row["pass_name"], [0, 0, 0])
            for place, name in enumerate(("matches", "left_rows", "right_rows")):
                counted[place] += row[name]
    return [
        PassFigures(name=name, kind=kinds.get(name, ""), matches=counted[0], left_rows=counted[1], right_rows=counted[2])
        for name, counted in figures.items()
    ]


def _confidence(matches: Iterable[Record]) -> list[ConfidenceBin]:
    """A hundred bins of one percent; rejected matches do not count."""
    counts, wrong = [0] * BINS, [0.0] * BINS
    for row in matches:
        if row["status"] != "rejected":
            counts[row["confidence_percent"]] += row["matches"]
            wrong[row["confidence_percent"]] += row["wrong_expected"]
    return [
        ConfidenceBin(
            low=percent / BINS,
            high=(percent + 1) / BINS,
            count=counts[percent],
            expected_wrong=round(max(0.0, wrong[percent]), 6),
        )
        for percent in range(BINS)
    ]


def _exceptions(tallied: Iterable[Record], scale: int) -> list[ExceptionFigures]:
    grouped: dict[tuple[str, str], tuple[int, list[tuple[str, int]]]] = {}
    for row in tallied:
        count, amounts = grouped.get((row["side"], row["type"]), (0, []))
        more = [] if row["amount_minor"] is None else [(row["currency"], row["amount_minor"])]
        grouped[row["side"], row["type"]] = (count + row["exceptions"], amounts + more)
    return [
        ExceptionFigures(side=side, type=kind, count=count, amounts=amounts_text(amounts, scale))
        for (side, kind), (count, amounts) in sorted(grouped.items())
        if count
    ]


def _rate_rows(kept: Iterable[Record]) -> float:
    """Confirmed records of both sides over all that came in."""
    totals = {state: sum(row["records"] for row in kept if row["state"] == state) for state in ("matched", "input")}
    return round(totals["matched"] / totals["input"], 6) if totals["input"] else 0.0


def _rate_value(kept: Iterable[Record]) -> float | None:
    """The same by value, every amount without its sign, so that money in and money out do not cancel; None without amounts."""
    parts = [(row["state"], int(row["turnover_minor"])) for row in kept if row["state"] != "input"]
    turnover = sum(minor for _, minor in parts)
    return round(sum(minor for state, minor in parts if state == "matched") / turnover, 6) if turnover else None


def _trend(row: Any) -> TrendPoint:
    return TrendPoint(
        job_id=row.id,
        job_name=row.name,
        finished_at=row.finished_at.isoformat(),
        match_rate_rows=round(row.matched / row.input, 6) if row.input else 0.0,
        auto_match_rate_rows=round(row.automatic / row.input, 6) if row.input else 0.0,
    )
