"""How strongly amount, date, words and references of two entries speak for one payment, in bits.

A Fellegi-Sunter model whose m-probabilities are learned, without labels, from entries that a reference links one to one:
their lags, differences and words show how payments of this pair of sources look. The u-probabilities are counted: how many
other records of the right have this amount, these words, this lag. Sparse counts are smoothed with the priors below, worth
PRIOR_ROWS observations.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recon378_engine.matching.books import references, texts
from recon378_engine.matching.books.entries import NO_DATE, Book
from recon378_engine.matching.books.references import ReferenceIndex
from recon378_engine.matching.books.texts import TextIndex

LAG_MAX = 31  # days; what lies further apart shares one bin
ROUNDING_MAJOR = 0.05  # a rounded line or two; a larger difference has another cause
FEE_MAJOR = 30.0  # a bank's fee for a foreign transfer is at most about this
FEE_SHARE = 0.03  # a card acquirer's fee is at most about this share
PRIOR_ROWS = 50.0
MATCHED_SHARE = 0.8  # of the smaller side, before anything is known
CONFLICT_BITS = -8.0  # a payment names another document about once in 250
ACCIDENTAL_REFERENCES = 0.01  # expected equal references by accident
ACCIDENTAL_AMOUNTS = 0.02  # expected equal amounts by accident where no other record is near
REFERENCE_SHARES = {references.EQUAL: 0.5, references.CORE: 0.15, references.CUT: 0.15}  # of true pairs, before anything is known
PRIOR_NAMES = 20.0  # records that are added to those of the right when the bearers of a name are counted
SAMPLE_PAIRS = 200_000

EQUAL, ROUNDING, LESS, MORE, OTHER, MISSING = range(6)
AMOUNT_WORDS = ("equal", "rounding", "less by a fee", "more by a fee", "different", "missing")
_AMOUNT_PRIOR = np.array([0.85, 0.03, 0.03, 0.01, 0.08])
_TEXT_PRIOR = np.array([0.06, 0.04, 0.08, 0.12, 0.70])

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Weights:
    """Learned shares as plain lists. `amount_m` over EQUAL…OTHER; `lag_m`, `lag_u` over −LAG_MAX−1…LAG_MAX+1 days; `text_m`,
    `text_u` over the text levels.
    """

    prior_bits: float
    amount_m: list[float]
    lag_m: list[float]
    lag_u: list[float]
    text_m: list[float]
    text_u: list[float]
    seeds: int
    fee_minor: int
    rounding_minor: int

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Bits:
    """Evidence of each pair, one array a field, and what was seen."""

    amount: Array
    lag: Array
    text: Array
    reference: Array
    total: Array
    amount_level: Array
    text_similarity: Array
    reference_level: Array
    lag_days: Array


def learn(book: Book, refs: ReferenceIndex, words: TextIndex) -> Weights:
    """Learn the weights from the entries that references link one to one."""
    height = (len(book.left.amount), len(book.right.amount))
    seeds_left, seeds_right = _seeds(book, refs)
    rounding = max(1, round(ROUNDING_MAJOR * 10**book.scale))
    fee = _fee_limit(book, seeds_left, seeds_right, rounding)
    random_left, random_right = _random_pairs(*height)
    amounts = amount_levels(book, seeds_left, seeds_right, fee, rounding)
    return Weights(
        prior_bits=float(np.log2(MATCHED_SHARE / max(1, *height))),
        amount_m=_smoothed(amounts, _AMOUNT_PRIOR),
        lag_m=_smoothed(_lag_bins(lags(book, seeds_left, seeds_right)), _lag_prior()),
        lag_u=_smoothed(
            _lag_bins(lags(book, random_left, random_right)), np.full(2 * LAG_MAX + 3, 1 / (2 * LAG_MAX + 3)), weight=1.0
        ),
        text_m=_smoothed(texts.levels(texts.similarities(words, seeds_left, seeds_right)), _TEXT_PRIOR),
        text_u=_smoothed(
            texts.levels(texts.similarities(words, random_left, random_right)),
            np.full(texts.LEVELS, 1 / texts.LEVELS),
            weight=1.0,
        ),
        seeds=len(seeds_left),
        fee_minor=fee,
        rounding_minor=rounding,
    )


def weigh(
    book: Book,
    refs: ReferenceIndex,
    words: TextIndex,
    weights: Weights,
    left: Array,
    right: Array,
) -> Bits:
    """Evidence for each pair of positions; `total` includes the prior of any two records of the whole tables."""
    with ThreadPoolExecutor(2) as pool:  # the kernels hold no lock
        alike, related = pool.submit(texts.agreements, words, left, right), pool.submit(references.relations, refs, left, right)
        levels = amount_levels(book, left, right, weights.fee_minor, weights.rounding_minor)
        amount = _amount_bits(book, weights, levels, left, right)
        days = lags(book, left, right)
        lag = np.log2(np.array(weights.lag_m) / np.array(weights.lag_u))[_lag_bins(days)]
        lag[days == NO_DATE] = 0.0
        similarity, common = alike.result()
        relation, choices = related.result()
    others = book.right.copies[right].astype(np.int64) - 1  # equal records are no rivals of each other
    text = _text_bits(words, weights, similarity, common, right, others)
    reference = _reference_bits(relation, choices - others, len(book.right.amount))
    total = weights.prior_bits + amount + lag + text + reference
    return Bits(amount, lag, text, reference, total, levels, similarity, relation, days)


def amount_levels(book: Book, left: Array, right: Array, fee: int, rounding: int) -> Array:
    """EQUAL … MISSING for each pair; a fee is at most FEE_SHARE of the right or `fee`, whichever is more."""
    difference = book.left.amount[left] - book.right.amount[right]
    size = np.abs(difference)
    limit = np.maximum(fee, (np.abs(book.right.amount[right]) * FEE_SHARE).astype(np.int64))
    level = np.where(size <= limit, np.where(difference < 0, LESS, MORE), OTHER).astype(np.int8)
    level[size <= rounding] = ROUNDING
    level[size == 0] = EQUAL
    level[~(book.left.has_amount[left] & book.right.has_amount[right])] = MISSING
    return level


def lags(book: Book, left: Array, right: Array) -> Array:
    """right − left in days; NO_DATE where a date is missing."""
    one, two = book.left.date[left], book.right.date[right]
    days = two.astype(np.int64) - one
    days[(one == NO_DATE) | (two == NO_DATE)] = NO_DATE
    return days


def lag_window(weights: Weights, share: float) -> tuple[int, int]:
    """The shortest window of days around the most frequent lag that holds `share` of the learned lags."""
    mass = np.array(weights.lag_m[1:-1])
    mass = mass / mass.sum()
    low = high = int(np.argmax(mass))
    while mass[low : high + 1].sum() < share:
        before = mass[low - 1] if low > 0 else -1.0
        after = mass[high + 1] if high + 1 < len(mass) else -1.0
        low, high = (low - 1, high) if before >= after else (low, high + 1)
    return low - LAG_MAX, high - LAG_MAX


def _seeds(book: Book, refs: ReferenceIndex) -> tuple[Array, Array]:
    left, right = refs.links["left"].to_numpy(), refs.links["right"].to_numpy()
    whole = refs.links["level"].to_numpy() == references.EQUAL
    single = (np.bincount(left, minlength=len(book.left.amount))[left] == 1) & (
        np.bincount(right, minlength=len(book.right.amount))[right] == 1
    )
    same = (
        (book.left.currency[left] == book.right.currency[right])
        | (book.left.currency[left] < 0)
        | (book.right.currency[right] < 0)
    )
    keep = whole & single & same
    return left[keep], right[keep]


def _fee_limit(book: Book, left: Array, right: Array, rounding: int) -> int:
    """The largest difference, up to FEE_MAJOR, seen among linked entries (99th percentile); FEE_MAJOR where too few are seen."""
    most = round(FEE_MAJOR * 10**book.scale)
    size = np.abs(book.left.amount[left] - book.right.amount[right])
    seen = size[(size > rounding) & (size <= most)]
    return most if len(seen) < PRIOR_ROWS else int(np.quantile(seen, 0.99, method="higher"))


def _random_pairs(left_height: int, right_height: int) -> tuple[Array, Array]:
    random = np.random.default_rng(378)
    if left_height == 0 or right_height == 0:
        return np.empty(0, dtype=np.uint32), np.empty(0, dtype=np.uint32)
    return (
        random.integers(0, left_height, SAMPLE_PAIRS, dtype=np.uint32),
        random.integers(0, right_height, SAMPLE_PAIRS, dtype=np.uint32),
    )


def _smoothed(levels: Array, prior: Array, weight: float = PRIOR_ROWS) -> list[float]:
    """Shares of the levels seen, with the prior added as `weight` observations; levels beyond the prior's are missing values."""
    counts = np.bincount(levels[levels < len(prior)], minlength=len(prior)) + weight * prior
    return [float(share) for share in counts / counts.sum()]


def _lag_bins(days: Array) -> Array:
    return np.clip(days, -LAG_MAX - 1, LAG_MAX + 1).astype(np.int64) + LAG_MAX + 1


def _lag_prior() -> Array:
    """Half the payments on the same day, the rest falling by a fifth a day on both sides."""
    days = np.abs(np.arange(-LAG_MAX - 1, LAG_MAX + 2))
    prior = 0.8**days
    return np.asarray(prior / prior.sum())


def _amount_bits(book: Book, weights: Weights, levels: Array, left: Array, right: Array) -> Array:
    """log2(m/u); u is the share of *other* right records of the currency at this level of difference, so popular amounts
    weigh little.
    """
    bits = np.zeros(len(levels))
    height = max(1, len(book.right.amount))
    for level in (EQUAL, ROUNDING, LESS, MORE):
        chosen = np.flatnonzero(levels == level)
        if len(chosen):
            expected = _accidental_amounts(book, left[chosen], right[chosen], level, weights)
            bits[chosen] = np.log2(weights.amount_m[level] * height / expected)
    bits[levels == OTHER] = np.log2(weights.amount_m[OTHER])
    return bits


def _accidental_amounts(book: Book, left: Array, right: Array, level: int, weights: Weights) -> Array:
    """Expected number of right records that would stand at this level to the left one by accident."""
    expected = np.empty(len(right))
    for code in np.unique(book.right.currency[right]):
        ordered = np.sort(book.right.amount[(book.right.currency == code) & book.right.has_amount])
        of_code = np.flatnonzero(book.right.currency[right] == code)
        amounts, where = np.unique(book.left.amount[left[of_code]], return_inverse=True)
        low, high = _band(weights, level, amounts)
        near = 10**book.scale
        around = np.maximum(_between(ordered, amounts - near, amounts + near) - _between(ordered, amounts, amounts), 0)
        smooth = around * (high - low + 1) / (2 * near)
        there = np.maximum(_between(ordered, low, high)[where] - book.right.copies[right[of_code]], 0)
        expected[of_code] = ACCIDENTAL_AMOUNTS + (
            there + smooth[where] if level == EQUAL else np.maximum(there, smooth[where]) if level == ROUNDING else there
        )
    return expected


def _band(weights: Weights, level: int, amounts: Array) -> tuple[Array, Array]:
    """The right amounts, both ends included, that stand at this level to left `amounts`."""
    if level == EQUAL:
        return amounts, amounts
    if level == ROUNDING:
        return amounts - weights.rounding_minor, amounts + weights.rounding_minor
    reach = np.maximum(weights.fee_minor, (np.abs(amounts) * FEE_SHARE).astype(np.int64))
    return (amounts, amounts + reach) if level == LESS else (amounts - reach, amounts)


def _between(ordered: Array, low: Array, high: Array) -> Array:
    return np.asarray(np.searchsorted(ordered, high, side="right") - np.searchsorted(ordered, low, side="left"))


def _text_bits(words: TextIndex, weights: Weights, similarity: Array, common: Array, right: Array, others: Array) -> Array:
    """log2(m/u) by level; for the same words u is the share of other right records that have them.

    However well the words agree, they prove no more than the rarity of those in common: half a name is found more often than
    a whole one.
    """
    levels = texts.levels(similarity)
    top = texts.LEVELS - 1
    bits = np.log2(np.array([*weights.text_m, 1.0]) / np.array([*weights.text_u, 1.0]))[levels]
    height = len(words.party)
    party = words.party[right]
    bearers = np.where(party >= 0, words.party_share[party] if len(words.party_share) else 0.0, 0.0) * height - others
    same = levels == top
    # a handful of records says little about how common a name is: it is as if one of PRIOR_NAMES more had it
    bits[same] = np.log2(weights.text_m[top] * (height + PRIOR_NAMES) / bearers[same].clip(min=1.0))
    return np.asarray(np.minimum(bits, common))


def _reference_bits(relation: Array, choices: Array, height: int) -> Array:
    bits = np.zeros(len(relation))
    for level, share in REFERENCE_SHARES.items():
        chosen = relation == level
        expected = np.maximum(choices[chosen] - 1, 0) + ACCIDENTAL_REFERENCES
        bits[chosen] = np.maximum(np.log2(share * height / expected), 0.0)
    bits[relation == references.CONFLICT] = CONFLICT_BITS
    return bits
