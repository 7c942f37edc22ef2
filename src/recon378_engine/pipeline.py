"""The order of a reconciliation, and the only place that knows it."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from recon378_engine.dataset import StoredTable, loaded
from recon378_engine.errors import BadInput
from recon378_engine.matching.books.rates import RateTable, rate_table
from recon378_engine.matching.books.sides import Sides, compare_sides
from recon378_engine.matching.canonical import Ordered, in_canonical_order
from recon378_engine.matching.clusters.assemble import assemble_clusters
from recon378_engine.matching.clusters.golden import golden_records
from recon378_engine.matching.clusters.inside import pairing_of, pairs_inside
from recon378_engine.matching.decisions import (
    Decided,
    accepted_matches,
    read_decisions,
    read_labels,
    with_labelled,
    without_rejected,
    without_settled,
)
from recon378_engine.matching.findings import conserve
from recon378_engine.matching.findings.assemble import Assembled, assemble, states_of
from recon378_engine.matching.findings.exceptions import open_records
from recon378_engine.matching.findings.explain import explain_pair, partners, position_of
from recon378_engine.matching.fingerprint import cluster_hash, result_hash
from recon378_engine.matching.linkage.link import LinkageOptions, link
from recon378_engine.matching.linkage.link import warm as warm_linkage
from recon378_engine.matching.outcome import Pairing, PassOutcome, Pool
from recon378_engine.matching.pairing import check_fields, pair_columns
from recon378_engine.matching.passes.filters import scope
from recon378_engine.matching.passes.group_key import run_group_key
from recon378_engine.matching.passes.group_sum import run_group_sum
from recon378_engine.matching.passes.guard import guarded
from recon378_engine.matching.passes.pair_pass import run_pairs
from recon378_engine.matching.passes.propose import propose
from recon378_engine.matching.passes.rehearsal import rehearsal_tables
from recon378_engine.matching.rulesets.conditions import Pass, PassKind
from recon378_engine.matching.rulesets.ruleset import Ruleset
from recon378_engine.profiling.roles import assign_roles
from recon378_engine.progress import OnProgress, Progress, Stage, ignore_progress
from recon378_engine.result import Clusters, Conservation, Explanation, Result, Side
from recon378_engine.running.local import Threads, thread_count
from recon378_engine.running.runner import Runner
from recon378_engine.table import Table

ROWS_MAX = 2**31
_SHARE_OF = {Stage.CANDIDATES: 0.1, Stage.COMPARE: 0.35, Stage.SCORE: 0.6}  # where the stages of a deduplication begin
_DECIDED = Pass("Earlier decisions", PassKind.EXACT)


def reconcile(
    left: Table | StoredTable,
    right: Table | StoredTable,
    *,
    ruleset: Ruleset | None = None,
    labels: pl.DataFrame | None = None,
    decisions: pl.DataFrame | None = None,
    on_progress: OnProgress = ignore_progress,
    threads: int = 0,
    runner: Runner | None = None,
) -> Result:
    """Match two tables; without a ruleset, propose one and use it. Stored tables take less memory: each is read in its turn.

    `labels` has left_row, right_row, is_match (boolean): the model learns from them, and from enough of them its confidence is
    calibrated. `decisions` has left_row, right_row, decision (accepted | rejected): accepted pairs stay confirmed, rejected ones
    never come back. A pair may be both: it is settled, and learned from all the same. Rows are file rows (`Table.rows`).
    `on_progress` is told the stage and the fraction done; what it raises stops the run. The result does not depend on the order
    of rows or columns, nor on `threads` (0 means one for each processor) and `runner` (what finds and compares candidates: the
    threads, or a Spark cluster; see `running`).

    Raises BadInput for an empty table, tables without a common column and rows that are not there, BadRuleset for a ruleset
    that does not hold together, NotConserved when the result does not add up to its input.
    """
    run = _Run(on_progress)
    with run.timed("profile", Stage.PROFILE, 0.02):
        ordered_left, ordered_right = _prepare_both(left, right, threads)
        sides = _sides(ordered_left, ordered_right, ruleset, threads)
        rules = (ruleset or propose(sides)).with_pairing(sides.pairing)
        decided = read_decisions(decisions, ordered_left, ordered_right)
        known = read_labels(labels, ordered_left, ordered_right)
    rates = rate_table(rules.rates)
    with run.timed("match", Stage.CANDIDATES, 0.15):
        outcomes = _run_passes(sides, rules, rates, decided, known, run, runner or Threads(thread_count(threads)))
    with run.timed("assemble", Stage.ASSIGN, 0.85):
        rows = {Side.LEFT: ordered_left.rows, Side.RIGHT: ordered_right.rows}
        assembled = assemble(outcomes, rows, sides.book, sides.weights, rates)
        exceptions = open_records(sides, rules, rates, outcomes, assembled)
    with run.timed("prove", Stage.STORE, 0.95):
        conservation = _prove(sides, assembled)
        digest = _hash(assembled, exceptions, ordered_left, ordered_right, rules)
    on_progress(Progress(Stage.STORE, 1.0))
    return Result(
        matches=assembled.matches,
        items=assembled.items,
        exceptions=exceptions,
        conservation=conservation,
        ruleset=rules.to_dict(),
        model=_model(sides, outcomes),
        diagnostics=_diagnostics(sides, outcomes, run),
        timings_seconds=run.seconds,
        result_hash=digest,
    )


def deduplicate(
    table: Table,
    *,
    ruleset: Ruleset | None = None,
    labels: pl.DataFrame | None = None,
    on_progress: OnProgress = ignore_progress,
    threads: int = 0,
    runner: Runner | None = None,
) -> Clusters:
    """Find the records of one table that mean the same, and make one golden record of each cluster of them.

    Of a ruleset only the fields are used: their left columns are compared, all columns without it. `labels` has left_row,
    right_row, is_match, both rows of this table. The clusters do not depend on the order of rows or columns. Raises BadInput,
    and whatever `on_progress` raises.
    """
    run = _Run(on_progress)
    runner = runner or Threads(thread_count(threads))
    with run.timed("profile", Stage.PROFILE, 0.02):
        ordered = _prepare(table)
        check_fields(ordered.table, ordered.table, ruleset.fields if ruleset else ())
        pairing = pairing_of(ordered.table, ruleset.fields if ruleset else ())
        known = read_labels(labels, ordered, ordered)
    with run.timed("match", Stage.CANDIDATES, 0.1):
        pairs = pairs_inside(
            ordered.table, pairing, known, runner, lambda stage, share: run.tell(stage, _SHARE_OF[stage] + 0.25 * share)
        )
    with run.timed("assemble", Stage.ASSIGN, 0.9):
        found = assemble_clusters(ordered, pairs)
        golden, survivorship = golden_records(ordered.table, found["cluster_id"])
        digest = cluster_hash(found["cluster_id"], ordered.hashes)
    on_progress(Progress(Stage.STORE, 1.0))
    sizes = found.group_by("cluster_id").len()["len"]
    counts = {"rows": table.height, "clusters": golden.height, "duplicates": table.height - golden.height, "largest": sizes.max()}
    return Clusters(
        clusters=found.sort("cluster_id", "row"),
        golden=golden,
        survivorship=survivorship,
        diagnostics=counts | pairs.diagnostics,
        timings_seconds=run.seconds,
        result_hash=digest,
    )


def propose_ruleset(left: Table, right: Table, pairing: Pairing | None = None) -> Ruleset:
    """The ruleset that zero configuration would use, to read and edit: `to_yaml`, `to_dict`, and back with `Ruleset.from_yaml`.

    With `pairing`, of `pair_columns` or `pair_by_hand`, the rules that fit these pairs. Raises BadInput for an empty table and
    for tables without a common column.
    """
    ordered_left, ordered_right = _prepare_both(left, right, 0)
    return propose(_compared(ordered_left, ordered_right, pairing or pair_columns(ordered_left.table, ordered_right.table)))


def explain(
    left: Table,
    right: Table,
    model: dict[str, Any],
    ruleset: dict[str, Any],
    left_row: int,
    right_row: int,
    *,
    result: Result | None = None,
    decisions: pl.DataFrame | None = None,
) -> Explanation:
    """Explain any two records by the model and ruleset of a result: the evidence in bits, and for a non-match the first step
    that kept them apart and the smallest change that would admit it.

    `model` and `ruleset` are those of a `Result`; rows are file rows (`Table.rows`). With `result` the answer takes into account
    what was matched with whom; without it, only the rules and the probability of the pair. How common values are is told from a
    sample of the tables. Raises BadInput for a row that a table does not have.
    """
    left, right = assign_roles(left), assign_roles(right)
    places = position_of(left, left_row), position_of(right, right_row)
    matched, confidence, matched_with = False, None, None
    if result is not None:
        mine, rows = partners(result.items, Side.LEFT, left_row)
        other, other_rows = partners(result.items, Side.RIGHT, right_row)
        matched = mine is not None and mine == other
        confidence = float(result.matches["confidence"][mine]) if matched and mine is not None else None
        matched_with = (
            None if matched else {side: found[0] for side, found in ((Side.LEFT, rows), (Side.RIGHT, other_rows)) if found}
        )
    rejected = decisions is not None and not decisions.filter(
        (pl.col("left_row") == left_row) & (pl.col("right_row") == right_row) & (pl.col("decision") == "rejected")
    ).is_empty()  # fmt: skip
    return explain_pair(left, right, model, Ruleset.from_dict(ruleset), *places, matched_with, confidence, matched, rejected)


def warm() -> None:
    """Compile or load all kernels by two small reconciliations, so that the first job does not wait for them."""
    reconcile(*rehearsal_tables())
    warm_linkage()


class _Run:
    """Times of the stages and of the passes, and progress that never falls."""

    def __init__(self, on_progress: OnProgress) -> None:
        self.on_progress = on_progress
        self.seconds: dict[str, float] = {}
        self.pass_seconds: dict[str, float] = {}
        self.fraction = 0.0

    def tell(self, stage: Stage, fraction: float, message: str = "") -> None:
        self.fraction = max(self.fraction, fraction)
        self.on_progress(Progress(stage, self.fraction, message=message))

    @contextmanager
    def timed(self, name: str, stage: Stage, fraction: float) -> Iterator[None]:
        self.tell(stage, fraction)
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 4)


def _prepare_both(left: Table | StoredTable, right: Table | StoredTable, threads: int) -> tuple[Ordered, Ordered]:
    with ThreadPoolExecutor(thread_count(threads)) as pool:
        one, two = pool.submit(_prepare, left), pool.submit(_prepare, right)
        return one.result(), two.result()


def _prepare(given: Table | StoredTable) -> Ordered:
    table = loaded(given)
    if table.height == 0:
        raise BadInput(f"{table.source or 'One of the tables'} has no records; there is nothing to reconcile.")
    if table.height > ROWS_MAX:
        raise BadInput(f"{table.source or 'One of the tables'} has {table.height:,} records; the limit is {ROWS_MAX:,}.")
    return in_canonical_order(assign_roles(table))


def _sides(left: Ordered, right: Ordered, ruleset: Ruleset | None, threads: int) -> Sides:
    is_given = ruleset is not None and bool(ruleset.fields)
    pairing = ruleset.pairing if ruleset and is_given else pair_columns(left.table, right.table)
    check_fields(left.table, right.table, ruleset.fields if ruleset else ())
    needed = ruleset is not None and any(step.kind is not PassKind.ML for step in ruleset.passes)
    return _compared(left, right, pairing, threads, words_needed=needed, settle_sign=not is_given)


def _compared(
    left: Ordered,
    right: Ordered,
    pairing: Pairing,
    threads: int = 0,
    *,
    words_needed: bool = False,
    settle_sign: bool = True,
) -> Sides:
    if not pairing.fields:
        raise BadInput("The two tables have no column in common; map at least one column of the left to one of the right.")
    hashes = (left.hashes, right.hashes)
    return compare_sides(
        left.table, right.table, pairing, hashes, threads=threads, words_needed=words_needed, settle_sign=settle_sign
    )


def _run_passes(
    sides: Sides, rules: Ruleset, rates: RateTable, decided: Decided, labels: pl.DataFrame | None, run: _Run, runner: Runner
) -> list[tuple[Pass, PassOutcome]]:
    first = accepted_matches(decided)
    pool = Pool(np.arange(sides.left.height, dtype=np.uint32), np.arange(sides.right.height, dtype=np.uint32), decided.rejected)
    outcomes = [(_DECIDED, first)]
    pool = _without(pool, first)
    for number, step in enumerate(rules.passes):
        low, high = (0.15 + 0.7 * (number + part) / len(rules.passes) for part in (0, 1))
        run.tell(Stage.COMPARE, low, step.name)
        start = time.perf_counter()
        learns = step.kind is PassKind.ML
        here = scope(with_labelled(pool, decided, labels) if learns else pool, step, sides.left, sides.right)
        found = _run_pass(sides, step, here, rules, rates, labels, run, runner, (low, high))
        outcome = without_rejected(without_settled(found, first) if learns else found, pool.rejected)
        run.pass_seconds[step.name] = round(time.perf_counter() - start, 4)
        outcomes.append((step, outcome))
        pool = _without(pool, outcome)
    return outcomes


def _run_pass(
    sides: Sides, step: Pass, pool: Pool, rules: Ruleset, rates: RateTable, labels: pl.DataFrame | None, run: _Run,
    runner: Runner, span: tuple[float, float],
) -> PassOutcome:  # fmt: skip
    match step.kind:
        case PassKind.GROUP_KEY:
            return run_group_key(sides, step, pool, rules)
        case PassKind.GROUP_SUM:
            return run_group_sum(sides, step, pool, rules)
        case PassKind.ML:
            options = LinkageOptions(runner.threads, rules.confirm_confidence, rules.suggest_confidence, runner)

            def report(stage: Stage, fraction: float) -> None:
                run.tell(stage, span[0] + (span[1] - span[0]) * fraction)

            found = link(sides.left, sides.right, sides.pairing, pool, options=options, labels=labels, report=report)
            return guarded(sides, found)
        case _:
            return run_pairs(sides, step, pool, rules, rates)


def _without(pool: Pool, outcome: PassOutcome) -> Pool:
    taken = {side: outcome.items.filter(pl.col("side") == side)["position"].to_numpy() for side in Side}
    return replace(
        pool,
        left=np.setdiff1d(pool.left, taken[Side.LEFT], assume_unique=True),
        right=np.setdiff1d(pool.right, taken[Side.RIGHT], assume_unique=True),
    )


def _prove(sides: Sides, assembled: Assembled) -> Conservation:
    balances: list[Any] = []
    book = sides.book
    for side, table, entries in ((Side.LEFT, sides.left, book.left), (Side.RIGHT, sides.right, book.right)):
        kinds = (conserve.MATCHED, conserve.SUGGESTED, conserve.OPEN)
        states = states_of(assembled.members[side], assembled.matches, table.height, kinds)
        sign = book.right_sign if side is Side.RIGHT else 1
        codes = pl.DataFrame({"code": entries.currency}).select(
            pl.col("code").replace_strict(
                list(range(len(book.currencies))), list(book.currencies), default=None, return_dtype=pl.String
            )
        )
        balances += conserve.side_balances(
            side,
            states,
            entries.amount * sign if book.has_amounts else None,
            codes.to_series(),
            book.scale,
            len(table.rejected_rows),
        )
    return conserve.prove(balances)


def _hash(assembled: Assembled, exceptions: pl.DataFrame, left: Ordered, right: Ordered, rules: Ruleset) -> str:
    records = [pl.DataFrame({"row": side.rows, "hash": pl.Series(side.hashes, dtype=pl.UInt64)}) for side in (left, right)]
    return result_hash(assembled.matches, assembled.items, exceptions, records[0], records[1], rules.to_dict())


def _model(sides: Sides, outcomes: list[tuple[Pass, PassOutcome]]) -> dict[str, Any]:
    passes = {step.name: outcome.model for step, outcome in outcomes if outcome.model}
    return {"settlement": sides.weights.to_dict(), "passes": passes, "amount_scale": sides.book.scale}


def _diagnostics(sides: Sides, outcomes: list[tuple[Pass, PassOutcome]], run: _Run) -> dict[str, Any]:
    passes = [
        {
            "name": step.name,
            "kind": step.kind.value,
            "matches": outcome.matches.height,
            "confirmed": int((outcome.matches["status"] == "confirmed").sum()),
            "seconds": run.pass_seconds.get(step.name, 0.0),
            **outcome.diagnostics,
        }
        for step, outcome in outcomes
        if step is not _DECIDED or outcome.matches.height
    ]
    pairing = sides.pairing
    return {
        "rows": {"left": sides.left.height, "right": sides.right.height},
        "passes": passes,
        "amount_scale": sides.book.scale,
        "sign": {"flipped": pairing.flip_right_sign, "flip_share": pairing.flip_share, "keep_share": pairing.keep_share},
        "reference_links": sides.references.links.height,
        "learned_from": sides.weights.seeds,
    }
