"""Link the records of two tables without settings: the `ml` pass of a ruleset.

Probabilistic record linkage after Fellegi and Sunter (1969): candidates, comparison levels, a model fitted without
labels, rivals, assignment.
"""

import time
from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.errors import BadInput
from recon378_engine.matching.linkage.assign import assign
from recon378_engine.matching.linkage.candidates import Candidates, Pairs, find_candidates
from recon378_engine.matching.linkage.compare import RULE_SHIFT, Packing, Words, compare_pairs, distinct_words, fitting, unpack
from recon378_engine.matching.linkage.comparison import Comparison, plan_comparisons
from recon378_engine.matching.linkage.encode import Encoded, Layout, encode
from recon378_engine.matching.linkage.evidence import evidence
from recon378_engine.matching.linkage.household import tells_households
from recon378_engine.matching.linkage.known_pairs import labelled_pairs, with_labelled, without_rejected
from recon378_engine.matching.linkage.learn import learn_from
from recon378_engine.matching.linkage.linked import LinkageOptions, Linked
from recon378_engine.matching.linkage.nodes import Nodes, distinct_records
from recon378_engine.matching.linkage.one_table import without_matches
from recon378_engine.matching.linkage.outcome import outcome_of
from recon378_engine.matching.linkage.score import Observed, fit
from recon378_engine.matching.outcome import Pairing, PassOutcome, Pool
from recon378_engine.matching.pairing import pair_columns
from recon378_engine.profiling.roles import assign_roles
from recon378_engine.progress import Stage
from recon378_engine.running.local import Threads, thread_count
from recon378_engine.running.runner import Runner
from recon378_engine.table import Column, ColumnType, Table

Report = Callable[[Stage, float], None]
DEFAULTS = LinkageOptions()


def link(
    left: Table,
    right: Table,
    pairing: Pairing,
    pool: Pool,
    *,
    options: LinkageOptions = DEFAULTS,
    labels: pl.DataFrame | None = None,
    report: Report,
) -> PassOutcome:
    """Match the records of the pool one to one; every match carries the probability that it is true.

    `labels` has left, right (positions) and is_match: pairs it names are what it says, and with enough of them the others are
    judged better and calibrated. Raises BadInput when the tables have no field in common.
    """
    comparisons = fitting(plan_comparisons(left, right, pairing))
    if not comparisons:
        raise BadInput("The two tables have no column in common; map at least one column of the left to one of the right.")
    threads = thread_count(options.threads)
    runner = options.runner or Threads(threads)
    clock = _Clock()
    report(Stage.CANDIDATES, 0.0)
    left_nodes = distinct_records(left.frame, _columns(comparisons, left=True), pool.left)
    right_nodes = distinct_records(right.frame, _columns(comparisons, left=False), pool.right)
    encoded = encode(left, right, left_nodes, right_nodes, comparisons, flip_right=pairing.flip_right_sign, threads=threads)
    clock.lap("normalise")
    report(Stage.CANDIDATES, 0.3)
    candidates = find_candidates(encoded, runner=runner, done=lambda share: report(Stage.CANDIDATES, 0.3 + 0.7 * share))
    candidates = without_rejected(candidates, pool.rejected, left_nodes, right_nodes)
    candidates = with_labelled(candidates, labels, left_nodes, right_nodes)
    clock.lap("candidates")
    report(Stage.COMPARE, 0.0)
    observed = observe(
        encoded, candidates, left_nodes, right_nodes, runner=runner, done=lambda share: report(Stage.COMPARE, share)
    )
    layout, vocabulary = encoded.layout, encoded.vocabulary
    del encoded  # the largest thing in memory; pairs are words from here on
    clock.lap("compare")
    report(Stage.SCORE, 0.0)
    fitted = fit(observed, done=lambda share: report(Stage.SCORE, share))
    fitted, calibration = learn_from(observed, fitted, labelled_pairs(labels, candidates, left_nodes, right_nodes))
    clock.lap("score")
    report(Stage.ASSIGN, 0.0)
    assignment = assign(candidates.left, candidates.right, fitted.chances, left_nodes.copies, right_nodes.copies)
    clock.lap("assign")
    linked = Linked(
        left_nodes, right_nodes, layout, vocabulary, candidates, observed, fitted, calibration, assignment, clock.seconds
    )
    outcome = outcome_of(linked, pairing, options)
    report(Stage.ASSIGN, 1.0)
    return outcome


class _Clock:
    """Seconds of each step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, step: str) -> None:
        now = time.perf_counter()
        self.seconds[step] = round(now - self._last, 4)
        self._last = now


def _columns(comparisons: tuple[Comparison, ...], *, left: bool) -> list[str]:
    return list(dict.fromkeys(name for comparison in comparisons for name in (comparison.left if left else comparison.right)))


def observe(
    encoded: Encoded, candidates: Candidates, left: Nodes, right: Nodes, *, runner: Runner, done: Callable[[float], None]
) -> Observed:
    """Compare the candidates and the known non-matches, and count the distinct words."""
    layout = encoded.layout
    packing = Packing.of(layout.comparisons)
    pairs = candidates.left, candidates.right
    compared = compare_pairs(encoded.left, encoded.right, layout, pairs, candidates.rules, runner=runner, done=done)
    words, number, counts = distinct_words(compared)
    local = Threads(runner.threads)  # what follows is small
    random = compare_pairs(encoded.left, encoded.right, layout, candidates.random, candidates.rules, runner=local)
    classes = [
        np.concatenate([_compare_inside(encoded, pairs, side, candidates, local) for side, pairs in enumerate(both)])
        for both in candidates.inside
    ]
    if candidates.one_table:
        classes = without_matches(classes, random, layout, candidates)
    every = np.unique(np.concatenate([words, random, *classes]))
    place = np.searchsorted(every, words)
    candidate_counts = np.zeros(every.shape[0])
    candidate_counts[place] = counts
    household = None
    if tells_households(layout.comparisons):
        household = len(classes)
        classes.append(np.empty(0, np.uint64))
    known = np.array(
        [np.bincount(np.searchsorted(every, part), minlength=every.shape[0]).astype(np.float64) for part in [*classes, random]]
    )
    return Observed(
        comparisons=layout.comparisons,
        levels=unpack(every, packing),
        candidates=candidate_counts,
        classes=known,
        possible=_possible(every, len(classes), candidates),
        valid=_valid(every, layout, candidates),
        learned=tuple(range(candidates.rules.shape[0], len(classes) - (household is not None))),
        household=household,
        held=np.bitwise_count(every >> np.uint64(RULE_SHIFT)).astype(np.int64),
        number=place[number].astype(np.int32),
        left=candidates.left,
        right=candidates.right,
        left_copies=left.copies,
        right_copies=right.copies,
    )


def _compare_inside(encoded: Encoded, pairs: Pairs, side: int, candidates: Candidates, runner: Runner) -> Words:
    table = encoded.left if side == 0 else encoded.right
    return compare_pairs(table, table, encoded.layout, pairs, candidates.rules, runner=runner)


def _possible(words: Words, inside: int, candidates: Candidates) -> NDArray[np.bool_]:
    """(classes, words): the class of a rule has only words for which the rule holds; texts and random pairs have all."""
    possible = np.ones((inside + 1, words.shape[0]), np.bool_)
    for number in range(candidates.rules.shape[0]):
        possible[number] = (words >> np.uint64(RULE_SHIFT + number) & np.uint64(1)).astype(np.bool_)
    return possible


def _valid(words: Words, layout: Layout, candidates: Candidates) -> NDArray[np.bool_]:
    """(words, comparisons): whether a rule blind to the comparison holds, so that its level did not choose the pair."""
    valid = np.ones((words.shape[0], len(layout.comparisons)), np.bool_)
    if candidates.everything:
        return valid
    held = (words >> np.uint64(RULE_SHIFT)).astype(np.uint32)
    for number in range(len(layout.comparisons)):
        columns = layout.columns_of(number)
        blind = sum(1 << rule for rule, mask in enumerate(candidates.rules.tolist()) if not mask & columns)
        valid[:, number] = ((held & np.uint32(blind)) != 0) | (held == 0)
    return valid


def warm() -> None:
    """Compile or load the kernels by linking a handful of records, so that the first job does not wait for them."""
    names = ["given_name", "surname", "birth", "amount", "booked", "memo"]
    rows = [
        (
            f"anna{row}",
            f"smith{row % 5}",
            f"19{70 + row % 9}-03-0{1 + row % 9}",
            f"{row}.50",
            f"2024-01-{1 + row % 28:02}",
            f"PAY {row} X{row}Y",
        )
        for row in range(700)
    ]
    frame = pl.DataFrame(rows, schema=names, orient="row").with_columns(
        pl.col("birth", "booked").str.to_date(), pl.col("amount").cast(pl.Decimal(38, 2))
    )
    kinds = [ColumnType.TEXT, ColumnType.TEXT, ColumnType.DATE, ColumnType.AMOUNT, ColumnType.DATE, ColumnType.TEXT]
    columns = tuple(
        Column(name, kind, scale=2 if kind is ColumnType.AMOUNT else 0) for name, kind in zip(names, kinds, strict=True)
    )
    table = assign_roles(Table(frame, columns, pl.Series("row", range(frame.height), dtype=pl.UInt32)))
    everyone = np.arange(frame.height, dtype=np.uint32)
    pool = Pool(everyone, everyone, pl.DataFrame(schema={"left": pl.UInt32, "right": pl.UInt32}))
    link(table, table, pair_columns(table, table), pool, report=lambda _stage, _share: None)


__all__ = ["LinkageOptions", "Linked", "evidence", "link", "warm"]
