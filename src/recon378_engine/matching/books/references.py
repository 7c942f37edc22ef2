"""References as people write them: whole, cut short, without prefix and zeros, or inside free text.

A reference is a word with digits in it. It is compared in three forms: *cleaned* (letters and digits only, lower case),
*core* (the last run of digits without leading zeros) and *head* (the letters before the first digit), which says what kind
of reference it is.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from recon378_engine.matching.fingerprint import text_hashes
from recon378_engine.matching.text_buffer import text_buffer
from recon378_engine.table import ColumnType, Role, Table

LENGTH_MIN = 4  # shorter words with digits are house numbers and counts
CORE_MIN = 3  # digits of a core; two digits meet by chance in any file
CUT_MIN = 6  # characters of a reference that was cut short
SHARED_MAX = 64  # rows that may share a reference; what more rows share is a constant, not a reference
CUT_SHARED_MAX = 1_000  # references that may begin with a cut one before it says nothing
CUT_LINKED_MAX = 8  # references that may begin with a cut one for it to link rows by itself

_PART = r"^(.*\d{3}.*)[-_/.](?:\d{1,2}|\pL)$"  # a document and its number among the parts of a whole: RE-2026-10412-3
_NUMBER_DIGITS = 18  # the last digits of a number, as many as 64 bits hold

EQUAL, CORE, CUT, SILENT, CONFLICT = 4, 3, 2, 1, 0

_NO_REFERENCE = frozenset(
    {Role.AMOUNT, Role.DEBIT, Role.CREDIT, Role.BALANCE, Role.CURRENCY, Role.CATEGORY, Role.EMAIL, Role.PHONE, Role.ADDRESS}
    | {Role.POSTCODE, Role.CITY, Role.QUANTITY, Role.DATE, Role.VALUE_DATE}
)


@dataclass(frozen=True, slots=True)
class References:
    """The references of one side, row after row: those of row i are [offsets[i], offsets[i+1]).

    `words` has position, cleaned, core (null unless all digits or with a head), head, and whole, of which it is a part if it
    is one; `known` tells for each reference
    whether the other side has one that it equals or abbreviates; `choices` counts those.
    """

    words: pl.DataFrame
    offsets: NDArray[np.int64]
    blob: NDArray[np.uint8]
    starts: NDArray[np.int64]
    heads: NDArray[np.uint64]
    cores: NDArray[np.uint64]
    known: NDArray[np.bool_]
    choices: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class ReferenceIndex:
    """References of both sides and `links`: left, right (positions), level (EQUAL, CORE, CUT), choices (rows of the right
    that it may mean).
    """

    left: References
    right: References
    links: pl.DataFrame


def index_references(left: Table, right: Table) -> ReferenceIndex:
    """Find the references of both sides and which rows they link."""
    left_words, right_words = _words(left), _words(right)
    links, left_known, right_known = _link(left_words, right_words)
    return ReferenceIndex(_side(left_words, left.height, left_known), _side(right_words, right.height, right_known), links)


def no_references(left: Table, right: Table) -> ReferenceIndex:
    """The index of two tables whose references nobody asks for."""
    words = pl.DataFrame(
        schema={
            "place": pl.UInt32,
            "position": pl.UInt32,
            "cleaned": pl.String,
            "core": pl.String,
            "head": pl.String,
            "whole": pl.String,
        }
    )
    known = pl.DataFrame(schema={"place": pl.UInt32, "choices": pl.Int32})
    links = pl.DataFrame(schema={"left": pl.UInt32, "right": pl.UInt32, "level": pl.Int8, "choices": pl.Int32})
    return ReferenceIndex(_side(words, left.height, known), _side(words, right.height, known), links)


def reference_columns(table: Table) -> list[str]:
    """Columns in which references may stand."""
    names = (
        column.name
        for column in table.columns
        if column.type in (ColumnType.TEXT, ColumnType.IDENTIFIER) and column.role not in _NO_REFERENCE
    )
    return sorted(names)


def numbers(side: References) -> NDArray[np.int64]:
    """For each record the number in its first reference, by which documents are counted; -1 without one."""
    first = side.words.unique("position", keep="first", maintain_order=True).select(
        "position", number=pl.col("core").str.tail(_NUMBER_DIGITS).cast(pl.Int64, strict=False)
    )
    out = np.full(len(side.offsets) - 1, -1, dtype=np.int64)
    out[first["position"].to_numpy()] = first["number"].fill_null(-1).to_numpy()
    return out


def _words(table: Table) -> pl.DataFrame:
    columns = reference_columns(table)
    text = pl.concat_str([pl.col(name) for name in columns], separator=" ", ignore_nulls=True) if columns else pl.lit("")
    written = table.frame.select(
        word=text.str.to_lowercase().str.extract_all(r"[\pL\d][\pL\d\-_/.#]*\d[\pL\d\-_/.]*|\d[\pL\d\-_/.]+")
    )
    words = written.with_row_index("position").explode("word", keep_nulls=False, empty_as_null=False)
    words = words.with_columns(cleaned=pl.col("word").str.replace_all(r"[^\pL\d]", ""))
    words = words.filter(pl.col("cleaned").str.len_bytes() >= LENGTH_MIN)
    core = pl.col("word").str.extract(r"(\d+)[^\d]*$").str.strip_chars_start("0")
    return (
        words.with_columns(
            core=pl.when(core.str.len_chars() >= CORE_MIN).then(core),
            head=pl.col("cleaned").str.extract(r"^(\pL*)"),
            whole=pl.col("word").str.extract(_PART).str.replace_all(r"[^\pL\d]", ""),
        )
        .select("position", "cleaned", "core", "head", "whole")
        .with_row_index("place")
    )


def _link(left: pl.DataFrame, right: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    equal = _shared(left, right, "cleaned").with_columns(level=pl.lit(EQUAL, dtype=pl.Int8))
    bare_left = left.filter((pl.col("head") == "") & (pl.col("cleaned").str.strip_chars_start("0") == pl.col("core")))
    bare_right = right.filter((pl.col("head") == "") & (pl.col("cleaned").str.strip_chars_start("0") == pl.col("core")))
    core = pl.concat([_shared(bare_left, right, "core"), _shared(left, bare_right, "core")]).with_columns(
        level=pl.lit(CORE, dtype=pl.Int8)
    )
    exact = pl.concat([equal, core])
    parts = pl.concat([_parts(left, right, "left"), _parts(right, left, "right")])
    cut_left, left_choices = _cut(left.join(exact, left_on="place", right_on="left_place", how="anti"), right)
    cut_right, right_choices = _cut(right.join(exact, left_on="place", right_on="right_place", how="anti"), left)
    cut = pl.concat(
        [cut_left, cut_right.rename({"left_place": "right_place", "right_place": "left_place"}).select(cut_left.columns)]
    )
    cut = pl.concat([cut, parts]).unique(["left_place", "right_place"], keep="first", maintain_order=True)
    links = pl.concat([exact, cut.with_columns(level=pl.lit(CUT, dtype=pl.Int8)).select(exact.columns)])
    rows = (
        links.join(left.select(left_place="place", left="position"), on="left_place")
        .join(right.select(right_place="place", right="position"), on="right_place")
        .group_by("left", "right")
        .agg(level=pl.col("level").max(), choices=pl.col("choices").min())
        .sort("left", "right")
    )
    left_known = pl.concat([exact.select(place="left_place", choices="choices"), left_choices])
    right_known = pl.concat([exact.select(place="right_place", choices="choices"), right_choices])
    return rows, left_known, right_known


def _shared(left: pl.DataFrame, right: pl.DataFrame, form: str) -> pl.DataFrame:
    """Pairs of references equal in a form, where few rows share it."""
    sides = []
    for words, name in ((left, "left"), (right, "right")):
        counted = words.filter(pl.col(form).is_not_null()).with_columns(shared=pl.col("position").len().over(form))
        sides.append(
            counted.filter(pl.col("shared") <= SHARED_MAX).select(
                pl.col(form), pl.col("place").alias(f"{name}_place"), pl.col("shared")
            )
        )
    return (
        sides[0]
        .join(sides[1].rename({"shared": "choices"}), on=form)
        .select("left_place", "right_place", pl.col("choices").cast(pl.Int32))
    )


def _parts(split: pl.DataFrame, whole: pl.DataFrame, side: str) -> pl.DataFrame:
    """Pairs of a reference of `side` that names a part and the reference of the other side that names the whole."""
    parts = split.filter(pl.col("whole").str.len_chars() >= CUT_MIN).select("place", "whole")
    parts = parts.filter(pl.len().over("whole") <= SHARED_MAX)
    found = parts.join(whole.select(whole="cleaned", other="place"), on="whole").with_columns(choices=pl.len().over("other"))
    names = {"place": "left_place", "other": "right_place"} if side == "left" else {"other": "left_place", "place": "right_place"}
    return found.rename(names).select("left_place", "right_place", pl.col("choices").cast(pl.Int32))


def _cut(short: pl.DataFrame, whole: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """References of `short` that are the beginning or end of longer ones of `whole`: linked pairs, and how many each may mean."""
    found, counted = [], []
    sizes = [words["cleaned"].str.len_chars() for words in (short, whole)]
    cut = short.filter((sizes[0] >= CUT_MIN) & (sizes[0] < (sizes[1].max() or 0)))
    whole = whole.filter(sizes[1] > (cut["cleaned"].str.len_chars().min() or 0))
    for backward in (False, True):
        form = pl.col("cleaned").str.reverse() if backward else pl.col("cleaned")
        if cut.is_empty() or whole.is_empty():
            continue
        words = cut.with_columns(form=form)
        longer = whole.with_columns(form=form).sort("form", "place")
        sorted_forms = longer["form"]
        low = sorted_forms.search_sorted(words["form"], side="left").to_numpy().astype(np.int64)
        high = sorted_forms.search_sorted(words["form"] + "\U0010ffff", side="left").to_numpy().astype(np.int64)
        ranges = words.select(place="place").with_columns(low=pl.Series(low), choices=pl.Series((high - low).astype(np.int32)))
        counted.append(ranges.filter(pl.col("choices").is_between(1, CUT_SHARED_MAX)).select("place", "choices"))
        linked = ranges.filter(pl.col("choices").is_between(1, CUT_LINKED_MAX))
        steps = linked.with_columns(step=pl.int_ranges(0, pl.col("choices"))).explode(
            "step", keep_nulls=False, empty_as_null=False
        )
        found.append(
            steps.select(
                left_place="place",
                right_place=longer["place"].gather(steps["low"] + steps["step"]),
                choices="choices",
            )
        )
    nothing = {"left_place": pl.UInt32, "right_place": pl.UInt32, "choices": pl.Int32}
    links = pl.concat(found) if found else pl.DataFrame(schema=nothing)
    choices = pl.concat(counted) if counted else pl.DataFrame(schema={"place": pl.UInt32, "choices": pl.Int32})
    return links, choices.group_by("place").agg(pl.col("choices").min())


def _side(words: pl.DataFrame, height: int, known: pl.DataFrame) -> References:
    counts = np.bincount(words["position"].to_numpy(), minlength=height) if words.height else np.zeros(height, dtype=np.int64)
    offsets = np.zeros(height + 1, dtype=np.int64)
    np.cumsum(counts, out=offsets[1:])
    blob, starts = text_buffer(words["cleaned"])
    choices = np.zeros(words.height, dtype=np.int32)
    best = known.group_by("place").agg(pl.col("choices").min())
    choices[best["place"].to_numpy()] = best["choices"].to_numpy()
    return References(
        words=words,
        offsets=offsets,
        blob=blob,
        starts=starts,
        heads=np.where((words["head"] == "").to_numpy(), np.uint64(0), text_hashes(words["head"])),
        cores=np.where(words["core"].is_null().to_numpy(), np.uint64(0), text_hashes(words["core"])),
        known=choices > 0,
        choices=choices,
    )


def relations(
    index: ReferenceIndex, left: NDArray[np.uint32], right: NDArray[np.uint32]
) -> tuple[NDArray[np.int8], NDArray[np.int32]]:
    """How the references of each pair relate (EQUAL … CONFLICT), and how many records the agreeing reference may mean."""
    levels = np.empty(len(left), dtype=np.int8)
    choices = np.zeros(len(left), dtype=np.int32)
    one, two = index.left, index.right
    _relate(
        left, right, one.offsets, one.blob, one.starts, one.heads, one.cores, one.known, one.choices,
        two.offsets, two.blob, two.starts, two.heads, two.cores, two.known, two.choices, levels, choices,
    )  # fmt: skip
    return levels, choices


@njit(cache=True, nogil=True)
def _relate(
    left: Any, right: Any, l_offsets: Any, l_blob: Any, l_starts: Any, l_heads: Any, l_cores: Any, l_known: Any, l_choices: Any,
    r_offsets: Any, r_blob: Any, r_starts: Any, r_heads: Any, r_cores: Any, r_known: Any, r_choices: Any,
    levels: Any, choices: Any,
) -> None:  # fmt: skip  # pragma: no cover - compiled
    for pair in range(len(left)):
        level, meant = 1, 0
        for one in range(l_offsets[left[pair]], l_offsets[left[pair] + 1]):
            for two in range(r_offsets[right[pair]], r_offsets[right[pair] + 1]):
                here, count = _relation(
                    l_blob, l_starts[one], l_starts[one + 1], l_heads[one], l_cores[one], l_known[one], l_choices[one],
                    r_blob, r_starts[two], r_starts[two + 1], r_heads[two], r_cores[two], r_known[two], r_choices[two],
                )  # fmt: skip
                if here > max(level, 1) or (here == level and here > 1 and count < meant):
                    level, meant = here, count
                elif here == 0 and level == 1:
                    level = 0
        levels[pair] = level
        choices[pair] = meant


@njit(cache=True, nogil=True)
def _relation(
    l_blob: Any, l_start: Any, l_stop: Any, l_head: Any, l_core: Any, l_known: Any, l_choices: Any,
    r_blob: Any, r_start: Any, r_stop: Any, r_head: Any, r_core: Any, r_known: Any, r_choices: Any,
) -> Any:  # fmt: skip  # pragma: no cover - compiled
    l_size, r_size = l_stop - l_start, r_stop - r_start
    shorter = min(l_size, r_size)
    front = 0
    while front < shorter and l_blob[l_start + front] == r_blob[r_start + front]:
        front += 1
    if front == shorter and l_size == r_size:
        return 4, max(1, r_choices if r_known else 1)
    back = 0
    while back < shorter and l_blob[l_stop - 1 - back] == r_blob[r_stop - 1 - back]:
        back += 1
    if l_core != 0 and l_core == r_core and l_head != r_head and (l_head == 0 or r_head == 0):
        return 3, max(1, l_choices)
    if max(front, back) == shorter and shorter >= 6:
        count = l_choices if l_size < r_size else r_choices
        return (2, count) if count > 0 else (1, 0)
    if (
        l_size == r_size
        and shorter >= 6
        and front + back == shorter - 2
        and l_blob[l_start + front] == r_blob[r_start + front + 1]
        and l_blob[l_start + front + 1] == r_blob[r_start + front]
        and not (l_known or r_known)
    ):
        return 1, 0  # two neighbours swapped, and neither form is on the other side: a slip, no other document
    if l_known or (l_head == r_head and (l_head != 0 or l_size == r_size)):
        return 0, 0
    return 1, 0
