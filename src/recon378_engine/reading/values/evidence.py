"""What the values of text columns say about their types, counted for all columns of a table in one pass."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import polars as pl

from recon378_engine.reading.layout import LONGEST_TYPED
from recon378_engine.reading.values import amounts, dates
from recon378_engine.reading.values.cells import ERROR_TOKENS, NULL_TOKENS

AGREE = 19  # one dissenting value in twenty is a bad row, more are a question
_SHORT_CODE = r"^\s*[A-Za-z0-9/_.:#-]*[0-9][A-Za-z0-9/_.:#-]*\s*$"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Counts over the filled values of one column.

    Amounts: `dot` and `comma` vote for a decimal mark, `either` means two things, `readable` is an amount under some mark,
    `integer` is digits only, `scale_dot` and `scale_comma` are the most decimals under each mark. Dates: `shaped` looks like
    one, `dmy`, `mdy` and `ymd_short` vote for an order, `ambiguous` is two dates, `dotted` of them with dots, `timed` and
    `zoned` carry a time, `compact` is YYYYMMDD, `short` has three numbers of at most two digits, `year_first` of them can
    begin with a year, `firsts` and `lasts` are the distinct first and last numbers of those. `tokens` are words for nothing,
    such as N/A; they count in no other figure.
    """

    values: int = 0
    distinct: int = 0
    tokens: int = 0
    dot: int = 0
    comma: int = 0
    either: int = 0
    readable: int = 0
    integer: int = 0
    scale_dot: int = 0
    scale_comma: int = 0
    currency: int = 0
    leading_zero: int = 0
    code: int = 0
    longest: int = 0
    shaped: int = 0
    dmy: int = 0
    mdy: int = 0
    ymd_short: int = 0
    ambiguous: int = 0
    dotted: int = 0
    timed: int = 0
    zoned: int = 0
    compact: int = 0
    short: int = 0
    year_first: int = 0
    firsts: int = 0
    lasts: int = 0

    @property
    def mark(self) -> str | None:
        """The decimal mark on which the values agree."""
        if self.dot and self.dot >= AGREE * self.comma:
            return "."
        return "," if self.comma and self.comma >= AGREE * self.dot else None

    @property
    def marks_conflict(self) -> bool:
        return self.mark is None and self.dot > 0 and self.comma > 0

    @property
    def mark_open(self) -> bool:
        return self.mark is None and (self.either > 0 or self.marks_conflict)

    @property
    def order(self) -> str | None:
        """The order of day, month and year on which the values agree."""
        if self.ymd_short and not self.dmy and not self.mdy:
            return "ymd"
        if self.short and self.year_first == self.short == self.shaped and self.firsts < self.lasts and not self.mdy:
            return "ymd"  # the first number stands still while the last one moves: it is the year
        if self.dmy and self.dmy >= AGREE * self.mdy:
            return "dmy"
        return "mdy" if self.mdy and self.mdy >= AGREE * self.dmy else None

    @property
    def orders_conflict(self) -> bool:
        return self.order is None and self.dmy > 0 and self.mdy > 0

    @property
    def order_open(self) -> bool:
        """Dots are day first by custom; other separators are not."""
        return self.order is None and (self.ambiguous > self.dotted or self.orders_conflict)


def gather(columns: Mapping[str, pl.Series]) -> dict[str, Evidence]:
    """Evidence of each text column."""
    stacked = _stacked(columns)
    found: dict[str, dict[str, int]] = {name: {} for name in columns}
    for counts in (_general(stacked), _of_amounts(stacked), _of_dates(stacked)):
        for row in counts.iter_rows(named=True):
            found[row.pop("column")] |= {key: int(value or 0) for key, value in row.items()}
    known = {field.name for field in fields(Evidence)}
    return {name: Evidence(**{key: value for key, value in counts.items() if key in known}) for name, counts in found.items()}


def _stacked(columns: Mapping[str, pl.Series]) -> pl.DataFrame:
    """All filled values of all columns in one: column, v, and whether v is a token."""
    parts = [pl.DataFrame({"v": series}).select(pl.lit(name).alias("column"), "v") for name, series in columns.items()]
    stripped = pl.col("v").str.strip_chars()
    lowered = stripped.str.to_lowercase()
    frame = pl.concat(parts) if parts else pl.DataFrame(schema={"column": pl.String, "v": pl.String})
    return frame.filter(stripped != "").with_columns(token=lowered.is_in(list(NULL_TOKENS + ERROR_TOKENS)))


def _general(stacked: pl.DataFrame) -> pl.DataFrame:
    value = pl.col("v").filter(~pl.col("token"))
    return stacked.group_by("column").agg(
        values=value.len(),
        distinct=value.n_unique(),
        tokens=pl.col("token").sum(),
        leading_zero=value.str.contains(r"^\s*0[0-9]+\s*$").sum(),
        code=value.str.contains(_SHORT_CODE).sum(),
        longest=value.str.len_chars().max(),
        integer=value.str.contains(r"^\s*[+-]?[0-9]{1,18}\s*$").sum(),
    )


def _candidates(stacked: pl.DataFrame) -> pl.DataFrame:
    """Values that can be an amount or a date at all: short and with a digit in some script."""
    return stacked.filter(~pl.col("token"), pl.col("v").str.len_bytes() <= LONGEST_TYPED, pl.col("v").str.contains(r"\p{Nd}"))


def _of_amounts(stacked: pl.DataFrame) -> pl.DataFrame:
    """Plain numbers are counted by themselves, only the rest goes through the grammar."""
    candidates = _candidates(stacked)
    plain = pl.col("v").str.contains(amounts.PLAIN)
    simple = candidates.filter(plain).select(
        "column", body=pl.col("v").str.strip_prefix("-"), sound=pl.lit(True), currency=pl.lit(None, dtype=pl.String)
    )
    written = candidates.filter(~plain)
    pieces = amounts.pieces(written["v"]).select(written["column"], "body", "sound", "currency")
    body = pl.col("body")
    dot, comma = body.str.contains(amounts.BODY["."]), body.str.contains(amounts.BODY[","])
    marked = body.str.contains(r"[.,]")
    tail = body.str.extract(r"[.,]([0-9]+)$").str.len_bytes().fill_null(0)
    flags = pl.concat([simple, pieces]).select(
        "column",
        dot=dot & ~comma & marked,
        comma=comma & ~dot & marked,
        either=body.str.contains(amounts.EITHER),
        readable=(dot | comma) & pl.col("sound"),
        scale_dot=pl.when(dot & body.str.contains(r"\.[0-9]+$")).then(tail),
        scale_comma=pl.when(comma & body.str.contains(r",[0-9]+$")).then(tail),
        currency=pl.col("currency").is_not_null(),
    )
    return flags.group_by("column").agg(
        pl.col("dot", "comma", "either", "readable", "currency").sum(), pl.col("scale_dot", "scale_comma").max()
    )


def _of_dates(stacked: pl.DataFrame) -> pl.DataFrame:
    value = pl.col("v")
    candidates = _candidates(stacked)
    candidates = candidates.with_columns(dates.plain(candidates["v"]))
    iso = value.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    candidates = candidates.with_columns(iso=iso)
    groups = candidates.filter(~pl.col("iso")).with_columns(value.str.extract_groups(dates.NUMERIC).alias("p")).unnest("p")
    a, b, c = (pl.col(name).cast(pl.Int32, strict=False) for name in "abc")
    short = pl.col("a").str.len_bytes() <= 2
    day_month = short & (a.is_between(1, 31) & b.is_between(1, 12))
    month_day = short & (a.is_between(1, 12) & b.is_between(1, 31))
    year_first = short & (pl.col("c").str.len_bytes() <= 2) & b.is_between(1, 12) & c.is_between(1, 31)
    named = pl.any_horizontal(value.str.contains(pattern) for pattern in (*dates.NAMED, dates.EAST_ASIAN))
    compact = value.str.contains(dates.COMPACT)
    ambiguous = day_month & month_day & (a != b)
    midnight = value.str.contains(r"[T ,]+0{1,2}:00(?::00(?:\.0+)?)?\s*(?:Z|[+-]00:?00)?\s*$")
    flags = groups.select(
        "column",
        shaped=pl.col("a").is_not_null() | named | compact,
        dmy=day_month & ~month_day,
        mdy=month_day & ~day_month,
        ymd_short=year_first & ~day_month & ~month_day,
        ambiguous=ambiguous,
        dotted=ambiguous & (pl.col("sep") == "."),
        timed=value.str.contains(dates.TIMED + r"[0-9]{1,2}[:.h][0-9]{2}") & ~midnight,
        zoned=value.str.contains(r":[0-9.,]+\s*(?:GMT|UTC)?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)(?:\s?[\[(].*)?\s*$"),
        compact=compact,
        short=short & (pl.col("c").str.len_bytes() <= 2),
        year_first=year_first,
        first=pl.when(year_first).then(a),
        last=pl.when(year_first).then(c),
    )
    isos = candidates.filter("iso").select("column", shaped=pl.lit(True))
    counted = pl.concat([flags, isos], how="diagonal").group_by("column")
    spread = (pl.col(name).drop_nulls().n_unique().alias(f"{name}s") for name in ("first", "last"))
    return counted.agg(pl.exclude("first", "last").sum(), *spread)
