"""The pairs of records that meet all conditions of a pass, found by sorted joins."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from recon378_engine.errors import BadRuleset
from recon378_engine.matching.books import parties
from recon378_engine.matching.books.calendars import ordinals
from recon378_engine.matching.books.entries import NO_DATE
from recon378_engine.matching.books.normalisers import cleaned
from recon378_engine.matching.books.rates import RateTable
from recon378_engine.matching.books.sides import Sides
from recon378_engine.matching.books.texts import similarities
from recon378_engine.matching.fingerprint import seed_of, text_hashes
from recon378_engine.matching.outcome import PairedField, Pool
from recon378_engine.matching.rulesets.conditions import (
    AmountWithin,
    Converted,
    DateWithin,
    Equal,
    Pass,
    SharedReference,
    SignPolicy,
    SimilarText,
    Trust,
)

PAIRS_MAX = 40_000_000
AMOUNT_PAIRS_MAX = 8_000_000  # pairs with equal amounts up to which comparing all of them costs less than a few seconds
BLOCK_MAX = 200  # candidates of one record beyond which a learned pass could not choose anyway
Array = NDArray[Any]
Pairs = tuple[Array, Array]


@dataclass(frozen=True, slots=True)
class _Ranges:
    """For each left record of a pool the range [bounds[0], bounds[1]) of `right` that it may join."""

    bounds: Array
    right: Array

    @property
    def total(self) -> int:
        return int((self.bounds[1] - self.bounds[0]).sum())


def join(sides: Sides, step: Pass, pool: Pool, rates: RateTable) -> Pairs:
    """Positions of the pairs of the pool that meet every condition, ordered by left, then right."""
    left, right = _generate(sides, step, pool, rates)
    keep = _amount(sides, step, rates, left, right)
    left, right = (left, right) if keep is None else (left[keep], right[keep])
    left, right = admitted(sides, step, pool, left, right)
    order = np.lexsort((right, left))
    return left[order], right[order]


def admitted(sides: Sides, step: Pass, pool: Pool, left: Array, right: Array) -> Pairs:
    """The pairs that meet the conditions of the pass on all but references and amounts, and that nobody has rejected."""
    for admit in (_same_currency, _date, _equal, _similar):
        keep = admit(sides, step, left, right)
        if keep is not None:
            left, right = left[keep], right[keep]
    keep = _not_rejected(pool.rejected, left, right)
    return left[keep], right[keep]


def equal_fields(sides: Sides, step: Pass, pool: Pool) -> Pairs:
    """The pairs of the pool that are equal in the fields that the pass wants equal."""
    return _expand(pool, _bounded(step, _equal_keys(sides, step, pool, None)))


def _generate(sides: Sides, step: Pass, pool: Pool, rates: RateTable) -> Pairs:
    """A superset of the pairs, from the condition that leaves the fewest."""
    if step.condition(SharedReference):
        return linked(sides, pool)
    amount = step.condition(AmountWithin)
    converted = step.condition(Converted)
    if converted and not step.condition(Equal):
        return _convertible(sides, step, pool, rates, converted.percent)
    if step.condition(SimilarText) and not step.condition(Equal):
        return _similar_parties(sides, step, pool, amount)
    if amount and not amount.exact and amount.sign is SignPolicy.SAME:
        return _near_amounts(sides, step, pool, amount)
    return _expand(pool, _bounded(step, _equal_keys(sides, step, pool, amount)))


def _similar_parties(sides: Sides, step: Pass, pool: Pool, amount: AmountWithin | None) -> Pairs:
    """Equal amounts where they are few enough to compare all their texts, else the parties that a text may mean."""
    if amount and amount.exact:
        ranges = _equal_keys(sides, step, pool, amount)
        if ranges.total <= AMOUNT_PAIRS_MAX:
            return _expand(pool, ranges)
    return parties.pairs(sides.book, sides.parties, pool, step.condition(DateWithin))


def linked(sides: Sides, pool: Pool) -> Pairs:
    """The pairs of the pool that a reference links."""
    left, right = sides.references.links["left"].to_numpy(), sides.references.links["right"].to_numpy()
    keep = _members(pool.left, sides.left.height)[left] & _members(pool.right, sides.right.height)[right]
    return left[keep], right[keep]


def _members(positions: Array, height: int) -> Array:
    inside = np.zeros(height, dtype=np.bool_)
    inside[positions] = True
    return inside


def _equal_keys(sides: Sides, step: Pass, pool: Pool, amount: AmountWithin | None) -> _Ranges:
    left_keys, right_keys = _keys(sides, step, pool)
    if amount and amount.exact:
        sized = amount.sign is not SignPolicy.SAME
        left_keys = _with_amount(left_keys, sides.book.left.amount[pool.left], sides.book.left.has_amount[pool.left], sized)
        right_keys = _with_amount(right_keys, sides.book.right.amount[pool.right], sides.book.right.has_amount[pool.right], sized)
    window = step.condition(DateWithin)
    if window is None:
        zeros = (np.zeros(len(pool.left), dtype=np.int64), np.zeros(len(pool.right), dtype=np.int64))
        return _ranges_of(pool, left_keys, right_keys, zeros[0], zeros[0], zeros[1])
    days_left, days_right = _days(sides, window)
    low = days_left[pool.left].astype(np.int64)
    return _ranges_of(pool, left_keys, right_keys, low + window.start, low + window.end, days_right[pool.right].astype(np.int64))


def _near_amounts(sides: Sides, step: Pass, pool: Pool, amount: AmountWithin) -> Pairs:
    left_keys, right_keys = _keys(sides, step, pool)
    left_keys = np.where(sides.book.left.has_amount[pool.left], left_keys, np.uint64(0))
    right_keys = np.where(sides.book.right.has_amount[pool.right], right_keys, np.uint64(0))
    values = sides.book.left.amount[pool.left]
    # a percentage is of the right: |l − r| ≤ p·|r| means |r| ≤ |l| / (1 − p)
    share = min(float(amount.percent) / 100, 0.9)
    reach = np.maximum(
        _minor(sides, max(amount.absolute, amount.fee)), np.ceil(np.abs(values) * share / (1 - share)).astype(np.int64)
    )
    ranges = _ranges_of(pool, left_keys, right_keys, values - reach, values + reach, sides.book.right.amount[pool.right])
    return _expand(pool, _bounded(step, ranges))


def _convertible(sides: Sides, step: Pass, pool: Pool, rates: RateTable, percent: Decimal) -> Pairs:
    found: list[Pairs] = []
    for base, quote in rates.pairs(sides.book.currencies):
        left = pool.left[sides.book.left.currency[pool.left] == base]
        right = pool.right[sides.book.right.currency[pool.right] == quote]
        if not len(left) or not len(right):
            continue
        values, known = rates.convert(sides.book, left, base, quote)
        left, values = left[known], values[known]
        reach = np.ceil(np.abs(values) * float(percent) / 100 * 1.01).astype(np.int64) + 1
        keys = np.ones(len(left), dtype=np.uint64), np.ones(len(right), dtype=np.uint64)
        amounts = sides.book.right.amount[right]
        part = Pool(left, right, pool.rejected)
        found.append(_expand(part, _bounded(step, _ranges_of(part, *keys, values - reach, values + reach, amounts))))
    if not found:
        return np.empty(0, dtype=np.uint32), np.empty(0, dtype=np.uint32)
    return np.concatenate([part[0] for part in found]), np.concatenate([part[1] for part in found])


def _keys(sides: Sides, step: Pass, pool: Pool) -> Pairs:
    """One key a record over all equal fields and the currency; 0 where a field is empty."""
    left = np.full(len(pool.left), 1, dtype=np.uint64)
    right = np.full(len(pool.right), 1, dtype=np.uint64)
    for condition in step.conditions:
        if isinstance(condition, Equal):
            one, two = field_keys(sides, condition)
            left, right = _combine(left, one[pool.left]), _combine(right, two[pool.right])
    if sides.book.currencies and not step.condition(Converted) and _currency_everywhere(sides):
        left = _combine(left, (sides.book.left.currency[pool.left] + 1).astype(np.uint64))
        right = _combine(right, (sides.book.right.currency[pool.right] + 1).astype(np.uint64))
    return left, right


def _currency_everywhere(sides: Sides) -> bool:
    return bool((sides.book.left.currency >= 0).all() and (sides.book.right.currency >= 0).all())


def field_keys(sides: Sides, condition: Equal) -> Pairs:
    """The cleaned values of a field as 64-bit keys of every record of both sides, 0 where empty."""
    field = named_field(sides.pairing.fields, condition.field)
    keys = []
    for table, names in ((sides.left, field.left), (sides.right, field.right)):
        text = table.frame.select(
            pl.concat_str([pl.col(name).cast(pl.String) for name in names], separator=" ", ignore_nulls=True)
        ).to_series()
        text = cleaned(text, condition.clean)
        filled = (text.is_not_null() & (text != "")).fill_null(value=False).to_numpy()
        keys.append(np.where(filled, text_hashes(text) | np.uint64(1), np.uint64(0)))
    return keys[0], keys[1]


def named_field(fields: tuple[PairedField, ...], name: str) -> PairedField:
    field = next((field for field in fields if field.name == name), None)
    if field is None:
        raise BadRuleset(
            f"The ruleset has no field '{name}' in its columns; known are {', '.join(known.name for known in fields) or 'none'}."
        )
    return field


def _combine(keys: Array, part: Array) -> Array:
    with np.errstate(over="ignore"):
        mixed = (keys ^ (part + np.uint64(seed_of("join")))) * np.uint64(0x9FB21C651E98DF25)
    mixed ^= mixed >> np.uint64(32)
    return np.where((keys == 0) | (part == 0), np.uint64(0), mixed | np.uint64(1))


def _with_amount(keys: Array, amount: Array, filled: Array, sized: bool) -> Array:
    value = np.abs(amount) if sized else amount
    return _combine(keys, np.where(filled, value.view(np.uint64) * np.uint64(2) + np.uint64(1), np.uint64(0)))


def _ranges_of(pool: Pool, left_keys: Array, right_keys: Array, low: Array, high: Array, values: Array) -> _Ranges:
    """For each left the right records with an equal key (0 joins nothing) whose value lies in low..high."""
    order = np.lexsort((pool.right, values, right_keys))
    bounds = np.empty((2, len(pool.left)), dtype=np.int64)
    _ranges(left_keys, low, high, right_keys[order], values[order], bounds)
    return _Ranges(bounds, pool.right[order])


def _bounded(step: Pass, ranges: _Ranges) -> _Ranges:
    """The ranges, when they hold few enough pairs; a learned pass leaves out records with more candidates
    than it could choose from."""
    if ranges.total > PAIRS_MAX and step.trust is Trust.LEARNED:
        start, stop = ranges.bounds
        ranges = _Ranges(np.stack([start, np.where(stop - start > BLOCK_MAX, start, stop)]), ranges.right)
    if ranges.total > PAIRS_MAX:
        raise BadRuleset(
            f"The pass '{step.name}' would compare {ranges.total:,} pairs, the limit is {PAIRS_MAX:,}; "
            "add a condition, or narrow its window."
        )
    return ranges


def _expand(pool: Pool, ranges: _Ranges) -> Pairs:
    right = np.empty(ranges.total, dtype=np.uint32)
    _fill(ranges.bounds, ranges.right, right)
    return np.repeat(pool.left, ranges.bounds[1] - ranges.bounds[0]), right


@njit(cache=True, nogil=True)
def _ranges(left_keys: Any, low: Any, high: Any, keys: Any, values: Any, bounds: Any) -> None:  # pragma: no cover - compiled
    for row in range(len(left_keys)):
        start, stop = 0, 0
        if left_keys[row] != 0:
            start = _first(keys, values, left_keys[row], low[row])
            stop = _first(keys, values, left_keys[row], high[row] + 1)
        bounds[0, row] = start
        bounds[1, row] = max(start, stop)


@njit(cache=True, nogil=True)
def _first(keys: Any, values: Any, key: Any, value: Any) -> Any:  # pragma: no cover - compiled
    low, high = 0, len(keys)
    while low < high:
        middle = (low + high) // 2
        if keys[middle] < key or (keys[middle] == key and values[middle] < value):
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True, nogil=True)
def _fill(bounds: Any, positions: Any, out: Any) -> None:  # pragma: no cover - compiled
    place = 0
    for row in range(bounds.shape[1]):
        for index in range(bounds[0, row], bounds[1, row]):
            out[place] = positions[index]
            place += 1


def _same_currency(sides: Sides, step: Pass, left: Array, right: Array) -> Array | None:
    if not sides.book.currencies or step.condition(Converted) is not None:
        return None
    one, two = sides.book.left.currency[left], sides.book.right.currency[right]
    return np.asarray((one == two) | (one < 0) | (two < 0))


def _amount(sides: Sides, step: Pass, rates: RateTable, left: Array, right: Array) -> Array | None:
    converted = step.condition(Converted)
    if converted:
        return np.asarray(np.abs(rates.residuals(sides.book, left, right)) <= rates.allowed(sides.book, right, converted.percent))
    condition = step.condition(AmountWithin)
    if condition is None:
        return None
    filled = sides.book.left.has_amount[left] & sides.book.right.has_amount[right]
    return np.asarray(filled & (amount_differences(sides, condition, left, right) <= allowed_difference(sides, condition, right)))


def amount_differences(sides: Sides, condition: AmountWithin, left: Array, right: Array) -> Array:
    """|left − right| in minor units under the sign policy."""
    one, two = sides.book.left.amount[left], sides.book.right.amount[right]
    match condition.sign:
        case SignPolicy.SAME:
            return np.asarray(np.abs(one - two))
        case SignPolicy.OPPOSITE:
            return np.asarray(np.abs(one + two))
        case SignPolicy.ANY:
            return np.asarray(np.abs(np.abs(one) - np.abs(two)))


def allowed_difference(sides: Sides, condition: AmountWithin, right: Array) -> Array:
    """The largest difference in minor units that the condition admits for each right record."""
    fixed = _minor(sides, max(condition.absolute, condition.fee))
    if not condition.percent:
        return np.full(len(right), fixed, dtype=np.int64)
    hundredths = int(condition.percent * 10_000)
    return np.asarray(np.maximum(fixed, np.abs(sides.book.right.amount[right]) * hundredths // 1_000_000))


def _minor(sides: Sides, value: Decimal) -> int:
    return int(value.scaleb(sides.book.scale))


def _days(sides: Sides, window: DateWithin) -> Pairs:
    both = ordinals(np.concatenate([sides.book.left.date, sides.book.right.date]), window)
    return both[: sides.left.height], both[sides.left.height :]


def day_differences(sides: Sides, window: DateWithin, left: Array, right: Array) -> Array:
    """right − left in the window's unit; NO_DATE where a date is missing."""
    days_left, days_right = _days(sides, window)
    one, two = days_left[left], days_right[right]
    return np.where((one == NO_DATE) | (two == NO_DATE), np.int64(NO_DATE), two.astype(np.int64) - one)


def _date(sides: Sides, step: Pass, left: Array, right: Array) -> Array | None:
    window = step.condition(DateWithin)
    if window is None:
        return None
    days = day_differences(sides, window, left, right)
    return np.asarray((days != NO_DATE) & (days >= window.start) & (days <= window.end))


def _equal(sides: Sides, step: Pass, left: Array, right: Array) -> Array | None:
    keep = None
    for condition in step.conditions:
        if isinstance(condition, Equal):
            one, two = field_keys(sides, condition)
            here = (one[left] == two[right]) & (one[left] != 0)
            keep = here if keep is None else keep & here
    return keep


def _similar(sides: Sides, step: Pass, left: Array, right: Array) -> Array | None:
    condition = step.condition(SimilarText)
    return None if condition is None else similarities(sides.texts, left, right) >= condition.minimum


def _not_rejected(rejected: pl.DataFrame, left: Array, right: Array) -> Array:
    if rejected.is_empty():
        return np.ones(len(left), dtype=np.bool_)
    taken = (rejected["left"].to_numpy().astype(np.uint64) << np.uint64(32)) | rejected["right"].to_numpy().astype(np.uint64)
    pairs = (left.astype(np.uint64) << np.uint64(32)) | right.astype(np.uint64)
    return ~np.isin(pairs, taken)
