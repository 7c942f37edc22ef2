"""Tell the evidence of one pair again from the stored model and the two rows."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.matching.linkage import levels
from recon378_engine.matching.linkage.agreement import outcome
from recon378_engine.matching.linkage.common_values import checksum, unpack_numbers
from recon378_engine.matching.linkage.comparison import Comparison, Kind
from recon378_engine.matching.linkage.nicknames import canonical_given_names
from recon378_engine.matching.linkage.normalise import Part, normalised, normalised_text
from recon378_engine.matching.linkage.similarity import LONGEST, jaro_winkler
from recon378_engine.matching.linkage.text_features import WORD_SLOTS, features
from recon378_engine.matching.money import signed_minor
from recon378_engine.matching.outcome import Pairing
from recon378_engine.result import Evidence
from recon378_engine.table import Role, Table

_LOG2 = float(np.log(2.0))


@dataclass(frozen=True, slots=True)
class _Compared:
    """The level of one comparison, the similarity behind it, and the key columns in which the rows are equal."""

    level: int
    similarity: float | None
    equal: int


def evidence(
    left: Table, right: Table, pairing: Pairing, model: dict[str, Any], left_position: int, right_position: int
) -> tuple[float, tuple[Evidence, ...], float]:
    """The prior in bits, the evidence of each comparison (they add up to the log odds), and the probability without rivals.

    `model` is the one stored with the linkage. A few milliseconds; positions are 0-based into the tables' frames.
    """
    del pairing  # the model holds the comparisons that were made
    one, other = left.frame[left_position], right.frame[right_position]
    comparisons = [_comparison(plain) for plain in model["comparisons"]]
    compared = [_compare(left, right, one, other, comparisons, number, model) for number in range(len(comparisons))]
    weights, prior = _weights([part.level for part in compared], sum(part.equal for part in compared), comparisons, model)
    bars = tuple(
        Evidence(
            comparison.name,
            _told(comparison, part.level, weight),
            round(weight, 3),
            _shown(one, comparison.left),
            _shown(other, comparison.right),
            part.similarity,
        )
        for comparison, part, weight in zip(comparisons, compared, weights, strict=True)
    )
    odds = float(np.exp(min(60.0, (prior + sum(weights)) * _LOG2)))
    return round(prior, 3), bars, odds / (1.0 + odds)


def _told(comparison: Comparison, level: int, weight: float) -> str:
    said = outcome(comparison, level)
    return (
        "different, but they go together" if comparison.kind is Kind.CATEGORY and said == "different" and weight > 0.5 else said
    )


def _comparison(plain: dict[str, Any]) -> Comparison:
    return Comparison(
        plain["name"],
        Kind(plain["kind"]),
        Role(plain["role"]),
        plain["group"],
        tuple(plain["left"]),
        tuple(plain["right"]),
        tuple(plain["values"]),
        Part(plain["part"]),
    )


def _shown(row: pl.DataFrame, names: tuple[str, ...]) -> str | None:
    values = [str(value) for name in names if (value := row.get_column(name)[0]) is not None]
    return " ".join(values) or None


def _compare(
    left: Table,
    right: Table,
    one: pl.DataFrame,
    other: pl.DataFrame,
    comparisons: list[Comparison],
    number: int,
    model: dict[str, Any],
) -> _Compared:
    comparison = comparisons[number]
    if comparison.kind is Kind.STRING:
        return _strings(one, other, comparisons, number, model)
    if comparison.kind is Kind.CATEGORY:
        return _categories(
            _form(one, comparison, comparison.left), _form(other, comparison, comparison.right), comparison, number
        )
    if comparison.kind is Kind.TEXT:
        return _texts(normalised_text(one, comparison.left), normalised_text(other, comparison.right), comparison, model)
    if comparison.kind is Kind.START:
        return _starts(_form(one, comparison, comparison.left), _form(other, comparison, comparison.right), comparison, model)
    if comparison.kind is Kind.AMOUNT:
        return _amounts(left, right, one, other, comparison, number, model)
    first, second = one.get_column(comparison.left[0])[0], other.get_column(comparison.right[0])[0]
    if first is None or second is None:
        return _Compared(0, None, 0)
    days = [
        int(row.get_column(name).cast(pl.Date).cast(pl.Int32)[0])
        for row, name in ((one, comparison.left[0]), (other, comparison.right[0]))
    ]
    kernel = levels.attribute_date_level if comparison.kind is Kind.ATTRIBUTE_DATE else levels.event_date_level
    return _Compared(int(kernel(days[0], days[1])), None, (days[0] == days[1]) << number)


def _form(row: pl.DataFrame, comparison: Comparison, names: tuple[str, ...]) -> str | None:
    value: str | None = (
        normalised_text(row, names) if comparison.kind is Kind.START else normalised(row, comparison.role, names, comparison.part)
    )[0]
    return None if value is None else value[:LONGEST]


def _strings(
    one: pl.DataFrame, other: pl.DataFrame, comparisons: list[Comparison], number: int, model: dict[str, Any]
) -> _Compared:
    comparison = comparisons[number]
    first, second = _form(one, comparison, comparison.left), _form(other, comparison, comparison.right)
    if not first or not second:
        return _Compared(0, None, 0)
    alias, partner = model["alias"][number], model["partner"][number]
    same_alias = alias >= 0 and canonical_given_names(pl.Series([first]))[0] == canonical_given_names(pl.Series([second]))[0]
    equal = (same_alias << alias if alias >= 0 else 0) | ((first == second) << number)
    if first == second:
        return _Compared(levels.STRING_EQUAL + _rarity(first, comparison, model), 1.0, equal)
    codes = {character: code for code, character in enumerate(sorted(set(first + second)))}
    table = np.zeros(256, np.uint64)
    encoded = [np.array([codes[character] for character in text], np.uint8) for text in (first, second)]
    similarity = float(jaro_winkler(encoded[0], 0, len(first), encoded[1], 0, len(second), table))
    if same_alias:
        return _Compared(levels.ALIAS, similarity, equal)
    if partner >= 0 and first == _form(other, comparisons[partner], comparisons[partner].right):
        return _Compared(levels.SWAPPED, similarity, equal)
    return _Compared(
        int(levels.string_level(encoded[0], 0, len(first), encoded[1], 0, len(second), codes.get(" ", 255), table)),
        similarity,
        equal,
    )


def _categories(one: str | None, other: str | None, comparison: Comparison, number: int) -> _Compared:
    if one not in comparison.values or other not in comparison.values:
        return _Compared(0, None, 0)
    places = [comparison.values.index(value) for value in (one, other)]
    return _Compared(1 + places[0] * len(comparison.values) + places[1], None, (one == other) << number)


def _amounts(
    left: Table, right: Table, one: pl.DataFrame, other: pl.DataFrame, comparison: Comparison, number: int, model: dict[str, Any]
) -> _Compared:
    scale = max(
        table.column(name).scale for table, names in ((left, comparison.left), (right, comparison.right)) for name in names
    )
    first = signed_minor(left, comparison.left, scale, one)[0]
    second = signed_minor(right, comparison.right, scale, other)[0]
    if first is None or second is None:
        return _Compared(0, None, 0)
    if model["flip_right_sign"] and comparison.role is Role.AMOUNT:
        second = -second
    rarity = _rarity(str(first), comparison, model) if first == second else 0
    return _Compared(int(levels.amount_level(first, second, rarity)), None, (first == second) << number)


@lru_cache(maxsize=256)
def _numbers_of(text: str) -> NDArray[np.uint32]:
    return unpack_numbers(text)


def _holds(numbers: NDArray[np.uint32], value: int) -> bool:
    place = int(np.searchsorted(numbers, np.uint32(value)))
    return place < numbers.shape[0] and int(numbers[place]) == value


def _rarity(value: str, comparison: Comparison, model: dict[str, Any]) -> int:
    wanted = checksum(value)
    stored = model["common_values"][comparison.name]
    return next((int(rarity) for rarity, packed in stored.items() if _holds(_numbers_of(packed), wanted)), 0)


def _texts(one: pl.Series, other: pl.Series, comparison: Comparison, model: dict[str, Any]) -> _Compared:
    first, second = features(one)[1], features(other)[1]
    if not first.size or not second.size:
        return _Compared(0, None, 0)
    records = model["records"]
    shared = np.intersect1d(first, second)
    counts = {int(feature): _count(model["features"][comparison.name], int(feature), 1) for feature in np.union1d(first, second)}
    for feature in shared.tolist():
        counts[feature] = max(2, counts[feature])
    weight = {feature: float(np.log((records + 1) / count)) for feature, count in counts.items()}
    norms = [np.sqrt(sum(weight[int(feature)] ** 2 for feature in side)) for side in (first, second)]
    together = sum(weight[int(feature)] ** 2 for feature in shared)
    if min(norms) <= 0.0:
        return _Compared(0, None, 0)
    similarity = float(min(1.0, np.sqrt(together / (norms[0] * norms[1]) * together / min(norms) ** 2)))
    rarest = min((counts[feature] for feature in shared.tolist() if feature < WORD_SLOTS), default=0)
    return _Compared(int(levels.text_level(similarity, rarest, records)), round(similarity, 4), 0)


def _count(stored: dict[str, str], wanted: int, otherwise: int) -> int:
    return next(
        (round(2.0 ** (int(power) / 4.0)) for power, packed in stored.items() if _holds(_numbers_of(packed), wanted)), otherwise
    )


def _starts(one: str | None, other: str | None, comparison: Comparison, model: dict[str, Any]) -> _Compared:
    if not one or not other:
        return _Compared(0, None, 0)
    length = next(
        (place for place, (first, second) in enumerate(zip(one, other, strict=False)) if first != second),
        min(len(one), len(other)),
    )
    count = _count(model["starts"][comparison.name], checksum(one[: min(length, 24)]), 2) if length else 1
    counts = np.full(24, 8.0 * np.log2(count), np.uint8)
    level = levels.start_level(length, len(one) == length == len(other), counts, float(np.log2(max(2, model["records"]))))
    return _Compared(int(level), None, 0)


def _weights(found: list[int], equal: int, comparisons: list[Comparison], model: dict[str, Any]) -> tuple[list[float], float]:
    """Bits of each comparison and of the prior. They add up to the log odds exactly.

    The log of the mixture of non-matches is split by the shares of its classes: log Σ w·u = Σ share · log(w·u / share).
    """
    match = np.array([_single(model["match_singles"][number], level) for number, level in enumerate(found)])
    classes = np.array(
        [[_single(singles[number], level) for number, level in enumerate(found)] for singles in model["class_singles"]]
    )
    for name, joint in model["joint"].items():
        members = [number for number, comparison in enumerate(comparisons) if comparison.group == name]
        row = joint.get(",".join(str(found[number]) for number in members))
        if row is not None and any(found[number] for number in members):
            match[members] += (row[0] - match[members].sum()) / len(members)
            classes[:, members] += ((np.array(row[1:]) - classes[:, members].sum(axis=1)) / len(members))[:, None]
    logs = np.array(model["log_class_weights"]) + classes.sum(axis=1)
    rules = np.array(model["rules"], np.int64)
    logs[: rules.shape[0]][(rules & equal) != rules] = -np.inf
    shares = np.exp(logs - logs.max())
    shares /= shares.sum()
    weights = (match - shares @ classes) / _LOG2
    held = shares > 0
    prior = model["log_matches"] - float(
        (shares[held] * (np.array(model["log_class_weights"])[held] - np.log(shares[held]))).sum()
    )
    return weights.tolist(), prior / _LOG2


def _single(distribution: list[float], level: int) -> float:
    return float(np.log(max(distribution[level], 1e-12))) if level else 0.0
