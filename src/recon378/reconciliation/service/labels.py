"""What the decisions of people teach: which of them are labels, and which only hold.

A label says of one record and another whether they are the same. An answer about a group says so of none of its pairs alone, and
a match that was confirmed with a thousand others was looked at by nobody: it repeats the model's own word. Both are obeyed, and
neither is learned from.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import product
from typing import Final

import polars as pl

from recon378.reconciliation.service.wanted import Members, Wanted

DECISION_WORDS: Final = {"accept": "accepted", "reject": "rejected"}
IS_MATCH: Final = {"accept": True, "reject": False}

Pair = tuple[int, int]  # file rows of the left and the right


def decisions_of(present: Sequence[tuple[Wanted, Members]]) -> pl.DataFrame | None:
    """Decisions pair by pair as the engine takes them; of two about one pair the later holds."""
    words = {pair: DECISION_WORDS[wanted.action] for wanted, members in present for pair in product(*members)}
    if not words:
        return None
    pairs = [(left, right, word) for (left, right), word in words.items()]
    return pl.DataFrame(pairs, schema={"left_row": pl.UInt32, "right_row": pl.UInt32, "decision": pl.String}, orient="row")


def labels_of(present: Sequence[tuple[Wanted, Members]]) -> pl.DataFrame | None:
    """The labels among decisions, oldest first, as the engine takes them: left_row, right_row, is_match."""
    answers: dict[Pair, bool] = {}
    accepted: set[Pair] = set()
    for wanted, members in present:
        for pair in product(*members):
            answers.pop(pair, None)
            (accepted.add if IS_MATCH[wanted.action] else accepted.discard)(pair)
        if not wanted.is_bulk and len(members[0]) == len(members[1]) == 1:
            answers[members[0][0], members[1][0]] = IS_MATCH[wanted.action]
    partners = Counter((side, row) for pair in accepted for side, row in enumerate(pair))
    labels = [(*pair, answer) for pair, answer in answers.items() if not answer or _alone(pair, partners)]
    if not labels:
        return None
    return pl.DataFrame(labels, schema={"left_row": pl.UInt32, "right_row": pl.UInt32, "is_match": pl.Boolean}, orient="row")


def _alone(pair: Pair, partners: Counter[tuple[int, int]]) -> bool:
    """Whether neither record was accepted in another pair as well, which makes them a group."""
    return all(partners[side, row] == 1 for side, row in enumerate(pair))
