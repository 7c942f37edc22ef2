"""Words that stand for others: mistyped by one character, cut short, or run together."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

EDIT_LENGTH_MIN = 4  # characters of a word in which one edit may be an error
CUT_LENGTH_MIN = 2
CUT_WORDS_MAX = 40  # words that may begin with a cut one
PART_LENGTH_MIN = 3  # characters of either part of two words run together


def stand_ins(counts: pl.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Which words of the right each word of the left may stand for, as offsets by word id and right word ids.

    `counts` has id, word, known_left, known_right and weight of every word.
    """
    lettered = counts.filter(pl.col("word").str.contains(r"\pL") & (pl.col("weight") > 0))
    left_only = lettered.filter(~pl.col("known_right"))
    right_all = lettered.filter(pl.col("known_right"))
    right_only = lettered.filter(~pl.col("known_left"))
    left_all = lettered.filter(pl.col("known_left"))
    pairs = pl.concat(
        [
            _one_edit(left_only, right_all).select(left="id", right="near"),
            _beginnings(left_only, right_all).select(left="id", right="near"),
            _beginnings(right_only, left_all).select(left="near", right="id"),
            _joined(left_only, right_all).select(left="id", right="near"),
            _joined(right_only, left_all).select(left="near", right="id"),
        ]
    ).unique().sort("left", "right")  # fmt: skip
    offsets = np.zeros(counts.height + 1, dtype=np.int64)
    np.cumsum(np.bincount(pairs["left"].to_numpy().astype(np.int64), minlength=counts.height), out=offsets[1:])
    return offsets, pairs["right"].to_numpy().astype(np.int32)


def _one_edit(strange: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Pairs of words one insertion, deletion, substitution or neighbouring swap apart (and a few two edits apart at one
    place).
    """
    near = _deletions(strange).join(_deletions(known).rename({"id": "near"}), on="form").select("id", "near").unique()
    return near.filter(pl.col("id") != pl.col("near"))


def _deletions(words: pl.DataFrame) -> pl.DataFrame:
    """Every word and its forms with one character left out."""
    lengths = words.select("id", "word", length=pl.col("word").str.len_chars()).filter(pl.col("length") >= EDIT_LENGTH_MIN)
    forms = [lengths.select("id", form="word")]
    for place in range(max(lengths["length"].to_list(), default=0)):
        longer = lengths.filter(pl.col("length") > place)
        forms.append(longer.select("id", form=pl.col("word").str.slice(0, place) + pl.col("word").str.slice(place + 1)))
    return pl.concat(forms).unique()


def _beginnings(cut: pl.DataFrame, whole: pl.DataFrame) -> pl.DataFrame:
    """Pairs of a word and the longer words that begin with it, where these are few."""
    short = cut.filter(pl.col("word").str.len_chars() >= CUT_LENGTH_MIN)
    words = whole.sort("word")
    low = words["word"].search_sorted(short["word"], side="left")
    high = words["word"].search_sorted(short["word"] + "\U0010ffff", side="left")
    ranges = short.select("id").with_columns(low=low.cast(pl.Int64), count=(high.cast(pl.Int64) - low.cast(pl.Int64)))
    steps = ranges.filter(pl.col("count").is_between(1, CUT_WORDS_MAX)).with_columns(step=pl.int_ranges(0, pl.col("count")))
    steps = steps.explode("step", keep_nulls=False, empty_as_null=False)
    return steps.select("id", near=words["id"].gather(steps["low"] + steps["step"]))


def _joined(strange: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Pairs of a word and the two words that it runs together, with one stray letter or none between them; the second may be
    cut short.
    """
    words = strange.select("id", "word", length=pl.col("word").str.len_chars()).filter(pl.col("length") >= 2 * PART_LENGTH_MIN)
    heads = known.filter(pl.col("word").str.len_chars() >= PART_LENGTH_MIN).select(head="word", near="id")
    found = []
    for place in range(PART_LENGTH_MIN, max(words["length"].to_list(), default=0) - PART_LENGTH_MIN + 1):
        split = words.filter(pl.col("length") >= place + PART_LENGTH_MIN).with_columns(head=pl.col("word").str.slice(0, place))
        split = split.join(heads, on="head")
        for stray in (0, 1):
            tails = split.select("id", "near", word=pl.col("word").str.slice(place + stray), row=pl.int_range(pl.len()))
            tails = tails.filter(pl.col("word").str.len_chars() >= PART_LENGTH_MIN)
            begun = _beginnings(tails.select("word", id="row"), known)
            met = tails.join(begun.rename({"id": "row", "near": "tail"}), on="row")
            found += [met.select("id", "near"), met.select("id", near="tail")]
    return pl.concat(found).unique() if found else pl.DataFrame(schema={"id": pl.UInt32, "near": pl.UInt32})
