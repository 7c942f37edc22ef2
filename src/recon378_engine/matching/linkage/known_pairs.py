"""Pairs that people have spoken about, found among the candidates."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.matching.linkage.candidates import Candidates
from recon378_engine.matching.linkage.nodes import Nodes

NodePair = tuple[int, int]  # left, right


@dataclass(frozen=True, slots=True)
class Labels:
    """Labelled candidate pairs: their numbers, ascending, and 1.0 for a match, 0.0 for none."""

    numbers: NDArray[np.int64]
    truth: NDArray[np.float64]

    def __len__(self) -> int:
        return int(self.numbers.shape[0])


def with_labelled(candidates: Candidates, labels: pl.DataFrame | None, left: Nodes, right: Nodes) -> Candidates:
    """The candidates and the pairs that are labelled as matches though no rule found them."""
    if labels is None:
        return candidates
    pairs = sorted(set(_node_pairs(labels.filter(pl.col("is_match")), left, right).values()))
    found = _numbers(pairs, candidates)
    lost = np.array([pair for pair, number in zip(pairs, found.tolist(), strict=True) if number < 0], np.uint32).reshape(-1, 2)
    return replace(
        candidates, left=np.concatenate([candidates.left, lost[:, 0]]), right=np.concatenate([candidates.right, lost[:, 1]])
    )


def without_rejected(candidates: Candidates, rejected: pl.DataFrame, left: Nodes, right: Nodes) -> Candidates:
    """Leave out pairs that a person rejected; a pair of records with equal copies is left out with all of them."""
    if rejected.is_empty():
        return candidates
    numbers = _numbers(list(_node_pairs(rejected, left, right).values()), candidates)
    keep = np.ones(candidates.left.shape[0], np.bool_)
    keep[numbers[numbers >= 0]] = False
    return replace(candidates, left=candidates.left[keep], right=candidates.right[keep])


def labelled_pairs(labels: pl.DataFrame | None, candidates: Candidates, left: Nodes, right: Nodes) -> Labels:
    """The labels (left, right, is_match) of candidate pairs. Of equal copies one match makes the pair one."""
    if labels is None:
        return Labels(np.empty(0, np.int64), np.empty(0))
    truth: dict[NodePair, float] = {}
    pairs = _node_pairs(labels, left, right)
    for one, other, answer in labels.select("left", "right", "is_match").iter_rows():
        if (pair := pairs.get((one, other))) is not None:
            truth[pair] = max(truth.get(pair, 0.0), float(answer))
    numbers, answers = _numbers(list(truth), candidates), np.array(list(truth.values()), np.float64)
    order = np.argsort(numbers, kind="stable")
    order = order[numbers[order] >= 0]
    return Labels(numbers[order], answers[order])


def _node_pairs(pairs: pl.DataFrame, left: Nodes, right: Nodes) -> dict[tuple[int, int], NodePair]:
    """The nodes of each pair of positions that are both in the pool."""
    left_node, right_node = _node_of(left), _node_of(right)
    return {
        (one, other): (left_node[one], right_node[other])
        for one, other in pairs.select("left", "right").iter_rows()
        if one in left_node and other in right_node
    }


def _node_of(nodes: Nodes) -> dict[int, int]:
    owners = np.repeat(np.arange(nodes.height), nodes.copies)
    return dict(zip(nodes.positions.tolist(), owners.tolist(), strict=True))


def _numbers(pairs: list[NodePair], candidates: Candidates) -> NDArray[np.int64]:
    """The number of each pair of nodes among the candidates, −1 where it is none."""
    if not pairs or not candidates.left.size:
        return np.full(len(pairs), -1, np.int64)
    codes = candidates.left.astype(np.uint64) << np.uint64(32) | candidates.right.astype(np.uint64)
    order = np.argsort(codes, kind="stable")
    asked = np.array([one << 32 | other for one, other in pairs], np.uint64)
    place = np.minimum(np.searchsorted(codes, asked, sorter=order), codes.shape[0] - 1)
    return np.where(codes[order[place]] == asked, order[place], -1).astype(np.int64)
