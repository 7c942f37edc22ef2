"""Pairs of records of one table that may mean the same, with the probability that they do."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.errors import BadInput
from recon378_engine.matching.linkage.candidates import find_candidates_inside
from recon378_engine.matching.linkage.compare import fitting
from recon378_engine.matching.linkage.comparison import Comparison, plan_comparisons
from recon378_engine.matching.linkage.encode import encode
from recon378_engine.matching.linkage.known_pairs import labelled_pairs, with_labelled
from recon378_engine.matching.linkage.learn import learn_from
from recon378_engine.matching.linkage.link import observe
from recon378_engine.matching.linkage.nodes import Nodes, distinct_records
from recon378_engine.matching.linkage.score import fit
from recon378_engine.matching.outcome import PairedField, Pairing
from recon378_engine.progress import Stage
from recon378_engine.running.runner import Runner
from recon378_engine.table import Role, Table

Report = Callable[[Stage, float], None]
NO_RIVALS = 1 << 40  # copies of a record: so many that its candidates do not compete, for a cluster may have any size


@dataclass(frozen=True, slots=True)
class InsidePairs:
    """`nodes` are the distinct records; left[n] < right[n] are nodes and chances[n] the probability that they mean the same."""

    nodes: Nodes
    left: NDArray[np.uint32]
    right: NDArray[np.uint32]
    chances: NDArray[np.float64]
    diagnostics: dict[str, Any]


def pairing_of(table: Table, fields: tuple[PairedField, ...]) -> Pairing:
    """Each chosen field's left columns with themselves; without a choice every column that has values and is no balance."""
    if fields:
        return Pairing(tuple(PairedField(field.name, field.role, field.left, field.left) for field in fields))
    filled = [
        column
        for column in table.columns
        if column.role is not Role.BALANCE and table.frame.get_column(column.name).null_count() < table.height
    ]
    named = sorted(filled, key=lambda column: column.name)
    return Pairing(tuple(PairedField(column.name, column.role, (column.name,), (column.name,)) for column in named))


def pairs_inside(table: Table, pairing: Pairing, labels: pl.DataFrame | None, runner: Runner, report: Report) -> InsidePairs:
    """Compare a table in canonical order with itself. `labels` has left, right (positions) and is_match.

    Records with equal values in all compared columns are one node, whatever a label says of them. Raises BadInput when no column
    can be compared.
    """
    comparisons = fitting(plan_comparisons(table, table, pairing))
    if not comparisons:
        raise BadInput("The table has no column by which its records could be compared.")
    report(Stage.CANDIDATES, 0.0)
    nodes = distinct_records(table.frame, _columns(comparisons), np.arange(table.height, dtype=np.uint32))
    encoded = encode(table, table, nodes, nodes, comparisons, flip_right=False, threads=runner.threads)
    candidates = find_candidates_inside(encoded, runner=runner, done=lambda share: report(Stage.CANDIDATES, share))
    labels = None if labels is None else _ascending(labels, nodes)
    candidates = with_labelled(candidates, labels, nodes, nodes)
    observed = observe(encoded, candidates, nodes, nodes, runner=runner, done=lambda share: report(Stage.COMPARE, share))
    everyone = np.full(nodes.height, NO_RIVALS, np.int64)
    observed = replace(observed, left_copies=everyone, right_copies=everyone)
    fitted = fit(observed, done=lambda share: report(Stage.SCORE, share))
    fitted, calibration = learn_from(observed, fitted, labelled_pairs(labels, candidates, nodes, nodes))
    names = [column.name for column in encoded.layout.columns]
    rules = [" + ".join(name for place, name in enumerate(names) if mask >> place & 1) for mask in candidates.rules.tolist()]
    told = {"candidate_pairs": int(candidates.left.size), "rules": rules, "calibration": calibration.to_dict()}
    return InsidePairs(nodes, candidates.left, candidates.right, fitted.chances, told)


def _columns(comparisons: tuple[Comparison, ...]) -> list[str]:
    return list(dict.fromkeys(name for comparison in comparisons for name in comparison.left))


def _ascending(labels: pl.DataFrame, nodes: Nodes) -> pl.DataFrame:
    """Labels whose left record is of the lower node; those of equal records say nothing."""
    node = np.empty(nodes.positions.shape[0], np.int64)
    node[nodes.positions] = np.repeat(np.arange(nodes.height), nodes.copies)
    left, right = labels["left"].to_numpy(), labels["right"].to_numpy()
    turned = node[left] > node[right]
    ends = np.where(turned, right, left).astype(np.uint32), np.where(turned, left, right).astype(np.uint32)
    return labels.with_columns(left=ends[0], right=ends[1]).filter(pl.Series(node[left] != node[right]))
