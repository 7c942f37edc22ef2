"""The probability model: Fellegi and Sunter (1969), fitted without labels.

Non-matches are a mixture of pinned classes: pairs inside one table that share a blocking key (known non-matches, correlations
included), pairs of similar texts inside one table, and random pairs. Expectation maximisation (Winkler 1988) fits the weights of
the classes, the number of matches and the agreement of matches, under one-to-one matching: the expectation step weighs rivals.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recon378_engine.matching.linkage.agreement import closeness, equal_values, expected_agreement
from recon378_engine.matching.linkage.comparison import Comparison, Kind
from recon378_engine.matching.linkage.copies import copies_are_common, tell_copies
from recon378_engine.matching.linkage.household import fewer_renamed, household_class
from recon378_engine.matching.linkage.known_pairs import Labels
from recon378_engine.matching.linkage.levels import DIFFERENT, level_count
from recon378_engine.matching.linkage.likelihood import (
    Floats,
    Grouping,
    Ints,
    category_distribution,
    group_levels,
    joint_logs,
    single_distributions,
)
from recon378_engine.matching.linkage.rivals import SWEEPS_MAX, matching_marginals, mutual_best

_SIZE_AND_TIME = frozenset({Kind.AMOUNT, Kind.EVENT_DATE, Kind.ATTRIBUTE_DATE})
ROUNDS_MAX = 40
ROUNDS_MIN = 6
SWEEPS_FITTING = 8  # of belief propagation in a round of a large fit; the last round goes on to the end
THOROUGH_PAIRS_MAX = 500_000
STABLE = 5e-4  # relative change of the number of matches at which the fit stands
BASE_MATCH, BASE_NON_MATCH = 8.0, 3.0  # pairs that the smoothing distribution of a comparison is worth
ACTIVE_ODDS_MIN = 1e-7  # pairs below are no rivals to anybody
MATCHED_SHARE_MAX = 0.995
FEW_RECORDS = 10.0  # up to here one random pair in ten or more is a match
NO_LABELS = Labels(np.empty(0, np.int64), np.empty(0))
VALID_MIN = 30.0  # expected matches below which a comparison is also learned from pairs that it helped to find


@dataclass(frozen=True, slots=True)
class Observed:
    """Distinct words and how often each occurs: among the candidates, and in each class of known non-matches.

    `number` gives the word of each candidate pair; `valid` is (words, comparisons): whether the word's pairs would have been
    candidates whatever this comparison says; `possible` is (classes, words); `learned` are the classes that the fit learns from
    the candidates; `household` is the class of people who live together, if there is one; `held` counts the blocking rules that
    hold for each word.
    """

    comparisons: tuple[Comparison, ...]
    levels: Ints
    candidates: Floats
    classes: Floats
    possible: NDArray[np.bool_]
    valid: NDArray[np.bool_]
    learned: tuple[int, ...]
    household: int | None
    held: Ints
    number: NDArray[np.int32]
    left: NDArray[np.uint32]
    right: NDArray[np.uint32]
    left_copies: Ints
    right_copies: Ints

    @property
    def left_height(self) -> int:
        return int(self.left_copies.shape[0])

    @property
    def right_height(self) -> int:
        return int(self.right_copies.shape[0])


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model: `chances` of each candidate pair, `log_odds` of each word without rivals, and what both came from."""

    chances: Floats
    log_odds: Floats
    matches: float
    class_weights: Floats
    match_singles: list[Floats]
    class_singles: list[list[Floats]]
    match_joint: list[Floats]
    class_joint: list[list[Floats]]
    grouping: Grouping
    rounds: int
    prior_factor: float


def fit(observed: Observed, *, done: Callable[[float], None]) -> Fit:
    """Fit the model. It does not look at labels: see `learn_from`."""
    level_counts = tuple(level_count(comparison) for comparison in observed.comparisons)
    grouping = group_levels(observed.levels, tuple(comparison.group for comparison in observed.comparisons), level_counts)
    guess = _first_guess(observed, _distributions(observed, grouping, level_counts, observed.classes)[1], level_counts)
    classes = _without_guesses(observed, guess)
    fitted = _fit_from(observed, grouping, level_counts, classes, guess, lambda share: done(0.6 * share))
    inside = _copies(observed, fitted)
    if not classes[:-1, inside].any():
        return fitted
    classes[:-1, inside] = 0.0
    return _fit_from(observed, grouping, level_counts, classes, fitted.chances, lambda share: done(0.6 + 0.4 * share))


def _copies(observed: Observed, fitted: Fit) -> NDArray[np.bool_]:
    expected = np.bincount(observed.number, weights=fitted.chances, minlength=observed.candidates.shape[0]).astype(np.float64)
    records = max(observed.left_height, observed.right_height)
    return tell_copies(observed.levels, fitted.match_singles, fitted.class_singles[-1], expected, records)


def copied_pairs(observed: Observed, fitted: Fit) -> NDArray[np.bool_]:
    """Whether each candidate pair agrees so well that all such partners of one record are copies of each other.

    Never where amounts or the dates of events are compared: two payments alike are two payments.
    """
    telling = _copies(observed, fitted)
    known = observed.classes[[number for number in range(observed.classes.shape[0] - 1) if number not in observed.learned]]
    events = any(comparison.kind in (Kind.AMOUNT, Kind.EVENT_DATE) for comparison in observed.comparisons)
    if events or not copies_are_common(known, telling, observed.left_height + observed.right_height):
        return np.zeros(observed.number.shape[0], np.bool_)
    return telling[observed.number]


def _fit_from(
    observed: Observed,
    grouping: Grouping,
    level_counts: tuple[int, ...],
    classes: Floats,
    chances: Floats,
    done: Callable[[float], None],
) -> Fit:
    """Expectation maximisation from a guess of the chances, with the classes of non-matches pinned to their counts."""
    pooled, class_singles, class_joint = _distributions(observed, grouping, level_counts, classes)
    class_logs = np.array([_total(grouping, joint) for joint in class_joint])
    class_logs[~observed.possible] = -np.inf
    weights = np.maximum(1.0, observed.classes.sum(axis=1))
    weights *= observed.candidates.sum() / weights.sum()
    base = [expected_agreement(comparison) for comparison in observed.comparisons]
    matches, rounds = max(1.0, float(chances.sum())), 0
    singles: list[Floats] = []
    joint: list[Floats] = []
    log_odds = np.zeros(observed.candidates.shape[0])
    factor = 1.0
    sweeps = SWEEPS_MAX if observed.number.shape[0] <= THOROUGH_PAIRS_MAX else SWEEPS_FITTING
    for rounds in range(1, ROUNDS_MAX + 1):
        expected = np.minimum(
            np.bincount(observed.number, weights=chances, minlength=observed.candidates.shape[0]), observed.candidates
        )
        singles, joint = _match_distributions(observed, grouping, level_counts, expected, base, class_singles[-1])
        for number in observed.learned:
            rest = np.maximum(observed.candidates - expected, 0.0)
            class_singles[number], class_joint[number] = _class(observed, grouping, level_counts, rest, pooled)
            class_logs[number] = _total(grouping, class_joint[number])
        if observed.household is not None:
            class_singles[observed.household], class_joint[observed.household] = household_class(
                observed.comparisons, grouping, (singles, joint), (class_singles[-1], class_joint[-1])
            )
            class_logs[observed.household] = _total(grouping, class_joint[observed.household])
        weights, non_match_logs = _class_weights(class_logs, weights, observed.candidates - expected)
        factor = _prior_factor(matches, observed)
        log_odds = np.log(matches * factor) + _total(grouping, joint) - non_match_logs
        chances = chances_of(observed, log_odds, NO_LABELS, sweeps)
        before, matches = matches, max(1.0, float(chances.sum()))
        done(min(0.95, rounds / 20))
        if rounds >= ROUNDS_MIN and abs(matches - before) <= STABLE * before:
            break
    chances = chances_of(observed, log_odds, NO_LABELS, SWEEPS_MAX)
    return Fit(chances, log_odds, matches, weights, singles, class_singles, joint, class_joint, grouping, rounds, factor)


def _mostly_different(count: int) -> Floats:
    """What non-matches look like before anything is seen."""
    base = np.full(count, 0.2 / max(1, count - 1))
    base[0], base[DIFFERENT] = 0.0, base[DIFFERENT] + 0.8
    return base


def _without_guesses(observed: Observed, chances: Floats) -> Floats:
    """The classes, less random pairs that look like the guessed matches: of a few rows many random pairs are matches."""
    guessed = np.bincount(observed.number, weights=chances, minlength=observed.candidates.shape[0])
    classes = observed.classes.copy()
    believed = min(1.0, FEW_RECORDS / max(observed.left_height, observed.right_height))
    classes[-1] *= 1.0 - believed * guessed / np.maximum(observed.candidates, 1.0)
    return classes


def _distributions(
    observed: Observed, grouping: Grouping, level_counts: tuple[int, ...], classes: Floats
) -> tuple[list[Floats], list[list[Floats]], list[list[Floats]]]:
    """(distributions of all classes together, single ones of each class, joint ones of each class)."""
    pooled = _pooled(observed, grouping, level_counts, classes)
    both = [_class(observed, grouping, level_counts, counts, pooled) for counts in classes]
    return pooled, [singles for singles, _ in both], [joint for _, joint in both]


def _pooled(observed: Observed, grouping: Grouping, level_counts: tuple[int, ...], classes: Floats) -> list[Floats]:
    """Distributions of all classes of non-matches together; of categories, of random pairs."""
    base = [_mostly_different(count) for count in level_counts]
    together = np.repeat(classes.sum(axis=0)[:, None], len(level_counts), axis=1)
    random = np.repeat(classes[-1][:, None], len(level_counts), axis=1)
    pooled = single_distributions(grouping, observed.levels, level_counts, together, base, BASE_NON_MATCH)
    alone = single_distributions(grouping, observed.levels, level_counts, random, base, BASE_NON_MATCH)
    return [
        alone[number] if comparison.kind is Kind.CATEGORY else pooled[number]
        for number, comparison in enumerate(observed.comparisons)
    ]


def _class(
    observed: Observed, grouping: Grouping, level_counts: tuple[int, ...], counts: Floats, pooled: list[Floats]
) -> tuple[list[Floats], list[Floats]]:
    """Distributions of one class of non-matches, smoothed towards those of all classes together."""
    weights = np.repeat(counts[:, None], len(level_counts), axis=1)
    single = single_distributions(grouping, observed.levels, level_counts, weights, pooled, BASE_NON_MATCH)
    for number, comparison in enumerate(observed.comparisons):
        if comparison.kind is Kind.CATEGORY:
            single[number] = pooled[
                number
            ]  # values of one table meeting each other tell nothing about how those of two correspond
    return single, [joint_logs(grouping, group, single, counts) for group in range(len(grouping.names))]


def _total(grouping: Grouping, joint: list[Floats]) -> Floats:
    total = np.zeros(grouping.code[0].shape[0])
    for group, logs in enumerate(joint):
        total += logs[grouping.code[group]]
    return total


def _match_distributions(
    observed: Observed,
    grouping: Grouping,
    level_counts: tuple[int, ...],
    expected: Floats,
    base: list[Floats],
    random: list[Floats],
) -> tuple[list[Floats], list[Floats]]:
    if observed.household is not None:
        expected = fewer_renamed(observed.comparisons, observed.levels, expected)
    weights = expected[:, None] * observed.valid
    poor = weights.sum(axis=0) < VALID_MIN
    weights[:, poor] = expected[:, None]
    singles = single_distributions(grouping, observed.levels, level_counts, weights, base, BASE_MATCH)
    for number, comparison in enumerate(observed.comparisons):
        if comparison.kind is Kind.CATEGORY:
            counted = np.bincount(observed.levels[:, number], weights=weights[:, number], minlength=level_counts[number])
            singles[number] = category_distribution(counted.astype(np.float64), random[number], equal_values(comparison))
    joints = []
    for group, members in enumerate(grouping.members):
        together = weights[:, list(members)].min(axis=1)
        joints.append(joint_logs(grouping, group, singles, together))
    return singles, joints


def _class_weights(class_logs: Floats, weights: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Expected pairs of each class (two steps of expectation maximisation), and log of the expected non-matches of each word."""
    counts = np.maximum(counts, 0.0)
    for _ in range(2):
        parts = class_logs + np.log(np.maximum(weights, 1e-9))[:, None]
        top = parts.max(axis=0)
        shares = np.exp(parts - top)
        weights = np.maximum(1.0, (shares / shares.sum(axis=0) * counts).sum(axis=1))
    parts = class_logs + np.log(weights)[:, None]
    top = parts.max(axis=0)
    return weights, top + np.log(np.exp(parts - top).sum(axis=0))


def _prior_factor(matches: float, observed: Observed) -> float:
    """What a pair gains as its records would seldom stay alone: 1 / ((1 − p)(1 − q)), p and q the matched shares."""
    left = min(MATCHED_SHARE_MAX, matches / (observed.left_height + 2))
    right = min(MATCHED_SHARE_MAX, matches / (observed.right_height + 2))
    return 1.0 / ((1.0 - left) * (1.0 - right))


def chances_of(observed: Observed, log_odds: Floats, labels: Labels, sweeps_max: int) -> Floats:
    """The probability of each candidate pair, rivals weighed, given the log odds of each word. Labelled pairs are as labelled."""
    odds = np.exp(np.clip(log_odds, -60.0, 60.0))[observed.number]
    odds[labels.numbers] = np.where(labels.truth > 0, 1e26, 0.0)
    active = np.flatnonzero(odds > ACTIVE_ODDS_MIN)
    chances = np.zeros(odds.shape[0])
    chances[active] = matching_marginals(
        observed.left[active], observed.right[active], odds[active], observed.left_copies, observed.right_copies, sweeps_max
    )
    return chances


def _first_guess(observed: Observed, class_singles: list[list[Floats]], level_counts: tuple[int, ...]) -> Floats:
    """The pairs that are mutually the most surprising: agreement at least so close is rare among non-matches."""
    surprise = np.zeros(observed.levels.shape[0])
    for number, comparison in enumerate(observed.comparisons):
        chance = np.mean([single[number] for single in class_singles], axis=0)
        rank = closeness(comparison)
        tail = np.array([chance[rank >= rank[level]].sum() for level in range(level_counts[number])])
        bits = -np.log2(np.clip(tail, 1e-9, 1.0))
        bits[0] = 0.0
        surprise += bits[observed.levels[:, number]]
    score = surprise[observed.number]
    best = mutual_best(observed.left, observed.right, score, observed.left_height, observed.right_height)
    if not best.any():
        best = score >= np.max(score, initial=0.0)
    needed = np.log2(max(observed.left_height, observed.right_height))
    sure = best & (score >= needed)
    return (sure if sure.sum() >= 0.02 * best.sum() else best).astype(np.float64) * 0.9


def estimated_recall(observed: Observed, chances: Floats) -> float | None:
    """Share of the matches that are among the candidates, estimated from how many rules found each; None without rules.

    Matches found by one rule only and by two tell how many no rule found (Chao 1987, a lower bound of the missing).
    """
    expected = np.bincount(observed.number, weights=chances, minlength=observed.candidates.shape[0])
    once, twice = float(expected[observed.held <= 1].sum()), float(expected[observed.held == 2].sum())
    found = float(expected.sum())
    if not observed.held.any() or found <= 0.0:
        return None
    return found / (found + once * once / (2.0 * max(twice, 1.0)))


def identity_bits(observed: Observed, fitted: Fit) -> Floats:
    """For each word the bits of evidence besides amounts and dates: what tells who, rather than how much and when."""
    telling = [
        group
        for group, members in enumerate(fitted.grouping.members)
        if not all(observed.comparisons[number].kind in _SIZE_AND_TIME for number in members)
    ]
    bits: Floats = group_weights(observed, fitted)[:, telling].sum(axis=1) / np.log(2.0)
    return bits


def group_weights(observed: Observed, fitted: Fit) -> Floats:
    """(words, groups): what each group of comparisons adds to the log odds, against the non-matches that each word may be."""
    logs = np.array([_total(fitted.grouping, joint) for joint in fitted.class_joint])
    logs[~observed.possible] = -np.inf
    logs += np.log(fitted.class_weights)[:, None]
    shares = np.exp(logs - logs.max(axis=0))
    shares /= shares.sum(axis=0)
    weights = []
    for group, code in enumerate(fitted.grouping.code):
        against = sum(share * joint[group][code] for share, joint in zip(shares, fitted.class_joint, strict=True))
        weights.append(fitted.match_joint[group][code] - against)
    return np.stack(weights, axis=1)
