"""Cut the graph of probable pairs into clusters, so that one false bridge does not merge two entities.

Correlation clustering (Bansal, Blum, Chawla 2004) by greedy agglomeration: every compared pair has the log odds of its
probability as weight, every pair that blocking did not find a small negative one. Two clusters are merged, the surest link first,
when the weights between them sum to more than nothing.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LINK_MIN = 0.5  # probability from which a pair links its records
NOT_FOUND = -2.0  # log odds of a pair that shares no blocking key: its records are hardly alike
WEIGHT_MAX = 12.0  # log odds; a pair cannot be surer than this, whatever it says of others


def clusters_of(height: int, left: NDArray[np.uint32], right: NDArray[np.uint32], chances: Floats) -> Ints:
    """The cluster number of each of `height` nodes: the lowest node in it. Deterministic for the order of nodes."""
    linked = np.flatnonzero(chances >= LINK_MIN)
    graph = coo_array((np.ones(linked.shape[0], np.int8), (left[linked], right[linked])), shape=(height, height))
    count, component = connected_components(graph, directed=False)
    sizes = np.bincount(component, minlength=count)
    lowest = np.full(count, height, np.int64)
    np.minimum.at(lowest, component, np.arange(height))
    cluster: Ints = lowest[component]
    inner = np.flatnonzero((component[left] == component[right]) & (sizes[component[left]] > 2))
    inner = inner[np.argsort(component[left[inner]], kind="stable")]
    edges = np.flatnonzero(np.diff(component[left[inner]])) + 1
    for part in np.split(inner, edges) if inner.size else []:
        nodes = np.unique(np.concatenate([left[part], right[part]]))
        one, other = np.searchsorted(nodes, left[part]), np.searchsorted(nodes, right[part])
        found = _agglomerated(one, other, chances[part], nodes.shape[0])
        cluster[nodes] = nodes[found]
    return cluster


def _agglomerated(left: Ints, right: Ints, chances: Floats, height: int) -> Ints:
    """The lowest member of each node's cluster within one component."""
    sure = np.clip(chances, 1e-9, 1 - 1e-9)
    weights = np.clip(np.log(sure / (1.0 - sure)), -WEIGHT_MAX, WEIGHT_MAX)
    owner = list(range(height))
    members = [[node] for node in range(height)]
    # Sums over the pairs compared between two clusters: of their weights above that of a pair that was not found.
    excess: list[dict[int, float]] = [{} for _ in range(height)]
    for one, other, weight in zip(left.tolist(), right.tolist(), weights.tolist(), strict=True):
        excess[one][other] = excess[other][one] = weight - NOT_FOUND
    order = np.lexsort((right, left, -chances))
    order = order[chances[order] >= LINK_MIN].tolist()
    merged = True
    while merged:
        merged = False
        for pair in order:
            one, other = owner[left[pair]], owner[right[pair]]
            if one == other:
                continue
            if excess[one].get(other, 0.0) + NOT_FOUND * len(members[one]) * len(members[other]) > 0.0:
                _merge(min(one, other), max(one, other), owner, members, excess)
                merged = True
    return np.array(owner, np.int64)


def _merge(kept: int, gone: int, owner: list[int], members: list[list[int]], excess: list[dict[int, float]]) -> None:
    for node in members[gone]:
        owner[node] = kept
    members[kept] += members[gone]
    for neighbour, value in excess[gone].items():
        excess[neighbour].pop(gone)
        if neighbour != kept:
            excess[kept][neighbour] = excess[neighbour][kept] = excess[kept].get(neighbour, 0.0) + value
    excess[gone] = {}
    members[gone] = []


def strongest_links(cluster: Ints, left: NDArray[np.uint32], right: NDArray[np.uint32], chances: Floats) -> Floats:
    """For each node the probability of its surest link inside its cluster; 0 without one."""
    strongest = np.zeros(cluster.shape[0])
    inner = np.flatnonzero(cluster[left] == cluster[right])
    for ends in (left, right):
        np.maximum.at(strongest, ends[inner], chances[inner])
    return strongest
