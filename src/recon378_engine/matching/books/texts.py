"""The words of both sides, compared as word sets in which rare words weigh more.

Names in bank texts lose their legal form, are cut short and carry typing errors; the other side has them whole. A word that
the other side does not know stands for the words there that differ by one edit (deletion neighbourhoods after Garbe, SymSpell) or
begin with it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from recon378_engine.matching.books.word_forms import stand_ins
from recon378_engine.table import ColumnType, Role, Table

BOILERPLATE_SHARE = 0.01  # a word that the other side never writes and this side writes in every hundredth record is no name
COMMON_SHARE = 1 / 3  # a word in every third record says less than two bits and would only split parties
CUT_WEIGHT = 0.7  # a cut or mistyped word is weaker evidence than the word itself
LEVEL_BOUNDS = (0.01, 0.35, 0.6, 0.85)
LEVELS = len(LEVEL_BOUNDS) + 1

COMPANY_FORMS = [
    "ab", "ag", "aps", "as", "asa", "bv", "bvba", "co", "company", "corp", "corporation", "cv", "doo", "eood", "eurl", "gbr",
    "gesmbh", "gmbh", "inc", "incorporated", "kft", "kg", "kk", "lda", "limited", "llc", "llp", "lp", "ltd", "ltda", "mbh", "nv",
    "ohg", "ooo", "oy", "oyj", "pl", "plc", "pte", "pty", "pvt", "rt", "sa", "sarl", "sas", "sasu", "sl", "snc", "sp", "spa",
    "sprl", "srl", "sro", "ug", "zoo", "zrt",
]  # fmt: skip
_STRINGS = (ColumnType.TEXT, ColumnType.IDENTIFIER)  # a column headed 'customer' may hold numbers or names: the role knows
_TEXT_ROLES = frozenset(
    {Role.PERSON_NAME, Role.GIVEN_NAME, Role.FAMILY_NAME, Role.ORGANISATION, Role.FREE_TEXT, Role.OTHER, Role.ADDRESS, Role.CITY}
)
_REFERENCE_WORD = r"\S*\d\S*\d\S*\d\S*\d\S*"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one side, as ids of the common vocabulary: those of row i are ids[offsets[i]:offsets[i+1]], ascending;
    `total` is their weight.
    """

    offsets: NDArray[np.int64]
    ids: NDArray[np.int32]
    total: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TextIndex:
    """Words of both sides. `weight` is −log2 of a word's share of records (0 for words that prove nothing).

    `party` numbers the distinct word sets of the right; `party_share` is the share of right records in each. The words of
    the right for which a word of the left may stand are alternatives[alternative_offsets[w]:alternative_offsets[w+1]].
    """

    left: Words
    right: Words
    weight: NDArray[np.float32]
    alternative_offsets: NDArray[np.int64]
    alternatives: NDArray[np.int32]
    party: NDArray[np.int32]
    party_share: NDArray[np.float32]
    vocabulary: pl.Series


def index_texts(left: Table, right: Table) -> TextIndex:
    """Read the words of the text columns of both sides."""
    written = _written(left), _written(right)
    vocabulary = pl.concat([side.words.unique() for side in written]).unique().sort()
    sides = [_coded(side, vocabulary, table.height) for side, table in zip(written, (left, right), strict=True)]
    counts = _weighed(vocabulary, *sides)
    alternative_offsets, alternatives = stand_ins(counts)
    weight = counts["weight"].to_numpy().astype(np.float32)
    one, two = (_counting(*side, weight) for side in sides)
    party, share = _parties(two)
    return TextIndex(one, two, weight, alternative_offsets, alternatives, party, share, vocabulary)


def no_texts(left: Table, right: Table) -> TextIndex:
    """The index of two tables whose words nobody asks for."""
    one, two = (
        Words(np.zeros(table.height + 1, dtype=np.int64), np.empty(0, dtype=np.int32), np.zeros(table.height, dtype=np.float32))
        for table in (left, right)
    )
    nothing = np.empty(0, dtype=np.float32)
    party, share = _parties(two)
    return TextIndex(
        one, two, nothing, np.zeros(1, dtype=np.int64), np.empty(0, dtype=np.int32), party, share, pl.Series([], dtype=pl.String)
    )


def text_columns(table: Table) -> list[str]:
    """Columns whose words are compared."""
    return [column.name for column in table.columns if column.type in _STRINGS and column.role in _TEXT_ROLES]


@dataclass(frozen=True, slots=True)
class _Written:
    """The words of the distinct texts of a side: those of text t are words[offsets[t]:offsets[t+1]]; `text` names the text
    of each record."""

    words: pl.Series
    offsets: NDArray[np.int64]
    text: NDArray[np.int64]


def _written(table: Table) -> _Written:
    columns = text_columns(table)
    if not columns:
        return _Written(pl.Series([], dtype=pl.String), np.zeros(2, dtype=np.int64), np.zeros(table.height, dtype=np.int64))
    text = pl.concat_str([pl.col(name) for name in columns], separator=" ", ignore_nulls=True).fill_null("")
    records = table.frame.select(text=text)
    distinct = records.select(pl.col("text").unique()).with_row_index("number")
    numbers = records.join(distinct, on="text", how="left", maintain_order="left")["number"].to_numpy()
    folded = distinct.select(text=pl.col("text").str.to_lowercase())
    if folded.select(pl.col("text").str.contains(r"[^\x00-\x7f]").any()).item():
        folded = folded.with_columns(pl.col("text").str.normalize("NFKD").str.replace_all(r"\p{M}", ""))
    words = folded.select(pl.col("text").str.replace_all(_REFERENCE_WORD, " ").str.extract_all(r"\pL{2,}|\d{1,3}")).to_series()
    offsets = np.zeros(len(words) + 1, dtype=np.int64)
    np.cumsum(words.list.len().to_numpy(), out=offsets[1:])
    return _Written(words.explode(keep_nulls=False, empty_as_null=False), offsets, numbers.astype(np.int64))


def _coded(side: _Written, vocabulary: pl.Series, height: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Offsets and ascending word ids of every record, each word once."""
    codes = pl.DataFrame({"word": vocabulary}).with_row_index("id")
    ids = (
        pl.DataFrame({"word": side.words})
        .join(codes, on="word", how="left", maintain_order="left")["id"]
        .to_numpy()
        .astype(np.int32)
    )
    offsets, distinct = _distinct_words(side.offsets, ids)
    bounds, spread = _spread(offsets, distinct, side.text)
    return bounds, spread


@njit("Tuple((int64[::1], int32[::1]))(int64[::1], int32[::1])", cache=True, nogil=True)
def _distinct_words(offsets: Any, ids: Any) -> Any:  # pragma: no cover - compiled
    out = np.empty(len(ids), dtype=np.int32)
    bounds = np.zeros(len(offsets), dtype=np.int64)
    total = 0
    for text in range(len(offsets) - 1):
        ordered = np.sort(ids[offsets[text] : offsets[text + 1]])
        for place in range(len(ordered)):
            if place == 0 or ordered[place] != ordered[place - 1]:
                out[total] = ordered[place]
                total += 1
        bounds[text + 1] = total
    return bounds, out[:total].copy()


@njit("Tuple((int64[::1], int32[::1]))(int64[::1], int32[::1], int64[::1])", cache=True, nogil=True)
def _spread(offsets: Any, ids: Any, text: Any) -> Any:  # pragma: no cover - compiled
    bounds = np.zeros(len(text) + 1, dtype=np.int64)
    for row in range(len(text)):
        bounds[row + 1] = bounds[row] + offsets[text[row] + 1] - offsets[text[row]]
    out = np.empty(bounds[-1], dtype=np.int32)
    for row in range(len(text)):
        out[bounds[row] : bounds[row + 1]] = ids[offsets[text[row]] : offsets[text[row] + 1]]
    return bounds, out


def _weighed(
    vocabulary: pl.Series, left: tuple[NDArray[np.int64], NDArray[np.int32]], right: tuple[NDArray[np.int64], NDArray[np.int32]]
) -> pl.DataFrame:
    """id, word, known_left, known_right, weight of every word; ids follow the alphabet, not the order of rows."""
    heights = [max(1, len(offsets) - 1) for offsets, _ in (left, right)]
    shares = [
        np.bincount(ids, minlength=len(vocabulary)) / height for (_, ids), height in zip((left, right), heights, strict=True)
    ]
    share = np.maximum(*shares)
    one_sided = (shares[0] == 0) | (shares[1] == 0)
    enough = min(heights) >= 1 / BOILERPLATE_SHARE
    boilerplate = ((one_sided & (share >= BOILERPLATE_SHARE)) | (share >= COMMON_SHARE)) & enough
    boilerplate |= vocabulary.is_in(COMPANY_FORMS).to_numpy()
    weight = np.where(boilerplate, 0.0, 0.1 - np.log2(np.clip(share, 1e-12, 1.0)))
    return pl.DataFrame(
        {"word": vocabulary, "known_left": shares[0] > 0, "known_right": shares[1] > 0, "weight": weight}
    ).with_row_index("id")


def _counting(offsets: NDArray[np.int64], ids: NDArray[np.int32], weight: NDArray[np.float32]) -> Words:
    """The words of a side that have weight."""
    keep = weight[ids] > 0
    before = np.concatenate([[0], np.cumsum(keep)])
    bounds = before[offsets].astype(np.int64)
    kept = ids[keep]
    row = np.repeat(np.arange(len(offsets) - 1), np.diff(bounds))
    total = np.bincount(row, weights=weight[kept], minlength=len(offsets) - 1)
    return Words(bounds, kept, total.astype(np.float32))


def _parties(right: Words) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Number the distinct word sets; a record without words has party -1."""
    height = len(right.offsets) - 1
    keys = set_keys(right.offsets, right.ids)
    filled = np.diff(right.offsets) > 0
    distinct, party = np.unique(keys[filled], return_inverse=True)
    numbers = np.full(height, -1, dtype=np.int32)
    numbers[filled] = party
    share = np.bincount(party, minlength=len(distinct)) / max(1, height)
    return numbers, share.astype(np.float32)


@njit("uint64[::1](int64[::1], int32[::1])", cache=True, nogil=True)
def set_keys(offsets: Any, ids: Any) -> Any:  # pragma: no cover - compiled
    keys = np.empty(len(offsets) - 1, dtype=np.uint64)
    for row in range(len(keys)):
        key = np.uint64(1469598103934665603)
        for place in range(offsets[row], offsets[row + 1]):
            key = (key ^ np.uint64(ids[place] + 1)) * np.uint64(0x9FB21C651E98DF25)
            key ^= key >> np.uint64(29)
        keys[row] = key
    return keys


def similarities(index: TextIndex, left: NDArray[np.uint32], right: NDArray[np.uint32]) -> NDArray[np.float32]:
    """Agreement of the words of each pair in 0..1; -1 where a side has no word that counts."""
    return agreements(index, left, right)[0]


def agreements(
    index: TextIndex, left: NDArray[np.uint32], right: NDArray[np.uint32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """For each pair the similarity (see `similarities`) and the weight in bits of the words in common."""
    out = np.empty(len(left), dtype=np.float32)
    common = np.zeros(len(left), dtype=np.float32)
    one, two = index.left, index.right
    _compare(
        left, right, one.offsets, one.ids, one.total, two.offsets, two.ids, two.total,
        index.weight, index.alternative_offsets, index.alternatives, out, common,
    )  # fmt: skip
    return out, common


def levels(similarity: NDArray[np.float32]) -> NDArray[np.int8]:
    """Bin similarities: 0 nothing in common … LEVELS-1 the same; LEVELS where there is nothing to compare."""
    binned = np.searchsorted(np.array(LEVEL_BOUNDS, dtype=np.float32), similarity, side="right").astype(np.int8)
    binned[similarity < 0] = LEVELS
    return binned


@njit(cache=True, nogil=True)
def common_weight(
    i: Any, j: Any, l_offsets: Any, l_ids: Any, r_offsets: Any, r_ids: Any, weight: Any, alternative_offsets: Any,
    alternatives: Any,
) -> Any:  # fmt: skip  # pragma: no cover - compiled
    """The weight in bits of the words of right record j that left record i has, or has another word for."""
    matched = 0.0
    for two in range(r_offsets[j], r_offsets[j + 1]):
        word = r_ids[two]
        best = 0.0
        for one in range(l_offsets[i], l_offsets[i + 1]):
            here = l_ids[one]
            if here == word:
                best = weight[word]
                break
            for other in range(alternative_offsets[here], alternative_offsets[here + 1]):
                if alternatives[other] == word:
                    best = max(best, CUT_WEIGHT * weight[word])
        matched += best
    return matched


@njit(cache=True, nogil=True)
def _compare(
    left: Any, right: Any, l_offsets: Any, l_ids: Any, l_total: Any, r_offsets: Any, r_ids: Any, r_total: Any,
    weight: Any, alternative_offsets: Any, alternatives: Any, out: Any, common: Any,
) -> None:  # fmt: skip  # pragma: no cover - compiled
    for pair in range(len(left)):
        i, j = left[pair], right[pair]
        smaller = min(l_total[i], r_total[j])
        if smaller <= 0.0:
            out[pair] = -1.0
            continue
        common[pair] = common_weight(i, j, l_offsets, l_ids, r_offsets, r_ids, weight, alternative_offsets, alternatives)
        out[pair] = min(1.0, common[pair] / smaller)
