"""The fitted model as plain data (numbers, strings, lists, dicts), from which the evidence of any pair can be told again."""

from dataclasses import asdict
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.matching.linkage.common_values import checksum, pack
from recon378_engine.matching.linkage.comparison import Comparison, Kind
from recon378_engine.matching.linkage.linked import Linked
from recon378_engine.matching.linkage.start import LONGEST_START
from recon378_engine.matching.outcome import Pairing

VERSION = 1
FEATURE_COUNT_MIN = 3  # a feature that fewer records hold counts as held by two
START_COUNT_MIN = 4


def model_of(linked: Linked, pairing: Pairing) -> dict[str, Any]:
    """Everything `evidence` needs besides the two rows."""
    fitted, layout = linked.fitted, linked.layout
    groups = enumerate(zip(fitted.grouping.names, fitted.grouping.members, strict=True))
    return {
        "version": VERSION,
        "comparisons": [_plain(comparison) for comparison in layout.comparisons],
        "alias": list(layout.alias),
        "partner": list(layout.partner),
        "flip_right_sign": pairing.flip_right_sign,
        "rules": [int(rule) for rule in linked.candidates.rules],
        "records": linked.vocabulary.records,
        "log_matches": float(np.log(fitted.matches * fitted.prior_factor)),
        "log_class_weights": [round(float(np.log(weight)), 5) for weight in fitted.class_weights],
        "match_singles": _rounded(fitted.match_singles),
        "class_singles": [_rounded(singles) for singles in fitted.class_singles],
        "joint": {name: _joint(linked, group) for group, (name, members) in groups if len(members) > 1},
        "common_values": dict(linked.vocabulary.common_values),
        "features": {name: by_power(counts, FEATURE_COUNT_MIN) for name, counts in linked.vocabulary.feature_counts.items()},
        "starts": {name: _starts(forms) for name, forms in _beginnings(linked)},
    }


def _plain(comparison: Comparison) -> dict[str, Any]:
    return asdict(comparison) | {"kind": int(comparison.kind), "role": comparison.role.value}


def _beginnings(linked: Linked) -> list[tuple[str, tuple[pl.Series, pl.Series]]]:
    names = [comparison.name for comparison in linked.layout.comparisons if comparison.kind is Kind.START]
    return [(name, linked.vocabulary.beginnings[name]) for name in names]


def _rounded(singles: list[NDArray[np.float64]]) -> list[list[float]]:
    return [[float(f"{value:.6g}") for value in single] for single in singles]


def _joint(linked: Linked, group: int) -> dict[str, list[float]]:
    """For each combination of levels seen: log probability among matches, then in each class."""
    fitted = linked.fitted
    rows = np.stack([fitted.match_joint[group], *[joint[group] for joint in fitted.class_joint]], axis=1)
    names = (",".join(map(str, levels)) for levels in fitted.grouping.combinations[group].tolist())
    return {name: [round(value, 4) for value in row] for name, row in zip(names, rows.tolist(), strict=True)}


def by_power(counts: NDArray[np.int32], least: int) -> dict[str, str]:
    """Places of a count table whose count is at least `least`, by quarter powers of two of the count."""
    places = np.flatnonzero(counts >= least)
    powers = np.round(4.0 * np.log2(counts[places])).astype(np.int64)
    return {str(power): pack(places[powers == power].astype(np.uint32)) for power in np.unique(powers).tolist()}


def _starts(both: tuple[pl.Series, pl.Series]) -> dict[str, str]:
    """Checksums of beginnings by quarter powers of two of how many records have them."""
    forms = pl.concat(both).drop_nulls()
    found: dict[str, set[int]] = {}
    for length in range(1, LONGEST_START + 1):
        counted = (
            forms.filter(forms.str.len_chars() >= length)
            .str.head(length)
            .value_counts(name="n")
            .filter(pl.col("n") >= START_COUNT_MIN)
        )
        if counted.is_empty():
            break
        for value, count in counted.iter_rows():
            found.setdefault(str(round(4.0 * float(np.log2(count)))), set()).add(checksum(value))
    return {power: pack(np.array(sorted(sums), np.uint32)) for power, sums in sorted(found.items())}
