"""Dates as people and programs write them: order of day and month, month names, serial numbers, and their exact value.

A date is kept as written: the day of a time with a zone is the day that stands in the text. Functions are polars expressions.
"""

from dataclasses import dataclass

import polars as pl

YEAR_MIN, YEAR_MAX = 1800, 2199
PIVOT_YEAR = 70  # two-digit years from 70 on are 19xx, as in POSIX strptime (69 there)

_MONTHS = {
    1: "january januar janvier enero gennaio januari jan janeiro januar jän jänner ene gen janv styczeń styczen sty ocak tammikuu січень январь января янв",
    2: "february februar février fevrier febrero febbraio februari feb fevereiro févr fevr fev luty lut şubat helmikuu февраль февраля фев",
    3: "march märz maerz mars marzo maart mar mär mrz mrt março marco marzec maj. mart maaliskuu март марта мар",
    4: "april avril abril aprile apr avr abr kwiecień kwiecien kwi nisan huhtikuu апрель апреля апр",
    5: "may mai mayo maggio mei maj maio mag mayıs toukokuu май мая",
    6: "june juni juin junio giugno jun juin junho giu czerwiec cze haziran kesäkuu июнь июня июн",
    7: "july juli juillet julio luglio jul juil julho lug lipiec lip temmuz heinäkuu июль июля июл",
    8: "august août aout agosto augustus aug ago sierpień sierpien sie ağustos elokuu август августа авг",
    9: "september septembre septiembre settembre sep sept set setembro wrzesień wrzesien wrz eylül syyskuu сентябрь сентября сен",
    10: "october oktober octobre octubre ottobre oct okt ott outubro out październik pazdziernik paź ekim lokakuu октябрь октября окт",
    11: "november novembre noviembre nov novembro listopad lis kasım marraskuu ноябрь ноября ноя",
    12: "december dezember décembre decembre diciembre dicembre dec dez dic déc dezembro grudzień grudzien gru aralık joulukuu декабрь декабря дек",
}
MONTHS = {name.rstrip("."): number for number, names in _MONTHS.items() for name in names.split()}

_TIME = r"(?:[T ,]+\s*(?P<time>[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2}(?:[.,][0-9]{1,9})?)?)\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[A-Z]{3,4}|[+-][0-9]{2}:?[0-9]{2})?)?"
_NUMERIC = rf"^\s*'?(?P<a>[0-9]{{1,4}})(?P<sep>[./\-' ])\s?(?P<b>[0-9]{{1,2}})[./\-' ]\s?(?P<c>[0-9]{{1,4}})\.?{_TIME}\s*$"
_COMPACT = rf"^\s*(?P<y>[0-9]{{4}})(?P<m>[0-9]{{2}})(?P<d>[0-9]{{2}})(?:T?(?P<time>[0-9]{{6}}))?\s*$"
_DAY_FIRST = rf"^\s*(?:\p{{L}}{{2,}}\.?,?\s+)?(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th|er|º)?\.?[\s\-./]*(?:de\s+|of\s+)?(?P<m>\p{{L}}{{3,}})\.?,?[\s\-./']*(?:de\s+|del\s+)?(?P<y>[0-9]{{2}}|[0-9]{{4}}){_TIME}\s*$"
_MONTH_FIRST = rf"^\s*(?:\p{{L}}{{2,}}\.?,?\s+)?(?P<m>\p{{L}}{{3,}})\.?[\s\-]*(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?,?[\s\-]+(?P<y>[0-9]{{4}}){_TIME}\s*$"
_YEAR_NAME = rf"^\s*(?P<y>[0-9]{{4}})[\s\-./]+(?P<m>\p{{L}}{{3,}})\.?[\s\-./]+(?P<d>[0-9]{{1,2}}){_TIME}\s*$"
_EAST_ASIAN = r"^\s*(?P<y>[0-9]{4})\s?[年년]\s?(?P<m>[0-9]{1,2})\s?[月월]\s?(?P<d>[0-9]{1,2})\s?[日일]\s*$"
ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_NAMED = (_DAY_FIRST, _MONTH_FIRST, _YEAR_NAME)

SERIAL_EPOCH = pl.date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class OrderEvidence:
    """How the numeric dates of a column vote for their order. `ambiguous` counts those that are two dates."""

    values: int
    shaped: int
    dmy: int
    mdy: int
    ymd_short: int
    ambiguous: int
    dotted: int
    timed: int
    zoned: int
    compact: int

    @property
    def decided(self) -> str | None:
        """The order on which the values agree; a thin minority of one in twenty is listed as bad rows instead."""
        if self.ymd_short and not self.dmy and not self.mdy:
            return "ymd"
        if self.dmy and self.dmy >= 19 * self.mdy:
            return "dmy"
        if self.mdy and self.mdy >= 19 * self.dmy:
            return "mdy"
        return None

    @property
    def open(self) -> bool:
        return self.decided is None and (self.ambiguous > self.dotted or (self.dmy > 0 and self.mdy > 0))


def order_evidence(values: pl.Series) -> OrderEvidence:
    """Count the votes of non-null texts."""
    piece = pl.col("v").str.extract_groups(_NUMERIC)
    a, b, c = (piece.struct.field(name).cast(pl.Int32, strict=False) for name in "abc")
    short = piece.struct.field("a").str.len_bytes() <= 2
    day_month = short & (a.is_between(1, 31) & b.is_between(1, 12))
    month_day = short & (a.is_between(1, 12) & b.is_between(1, 31))
    year_first = short & (piece.struct.field("c").str.len_bytes() <= 2) & b.is_between(1, 12) & c.is_between(1, 31)
    named = pl.any_horizontal(pl.col("v").str.contains(pattern) for pattern in (*_NAMED, _EAST_ASIAN))
    compact = pl.col("v").str.contains(_COMPACT)
    numeric = pl.col("v").str.contains(_NUMERIC)
    dotted = piece.struct.field("sep").is_in(["."])
    timed = pl.col("v").str.contains(r"[0-9][T ,]+[0-9]{1,2}[:.][0-9]{2}") & ~pl.col("v").str.contains(
        r"[T ,]+0{1,2}:00(?::00(?:\.0+)?)?\s*(?:Z|[+-]00:?00)?\s*$"
    )
    zoned = pl.col("v").str.contains(r"[0-9](?:Z|[+-][0-9]{2}:?[0-9]{2})\s*$") & pl.col("v").str.contains(":")
    counts = (
        pl.DataFrame({"v": values})
        .select(
            values=pl.len(),
            shaped=(numeric | named | compact).sum(),
            dmy=(day_month & ~month_day).sum(),
            mdy=(month_day & ~day_month).sum(),
            ymd_short=(year_first & ~day_month & ~month_day).sum(),
            ambiguous=(day_month & month_day & (a != b)).sum(),
            dotted=(day_month & month_day & (a != b) & dotted).sum(),
            timed=timed.sum(),
            zoned=zoned.sum(),
            compact=compact.sum(),
        )
        .row(0)
    )
    return OrderEvidence(*(int(count or 0) for count in counts))


def _full_year(year: pl.Expr) -> pl.Expr:
    number = year.cast(pl.Int32, strict=False)
    return (
        pl.when(year.str.len_bytes() <= 2)
        .then(pl.when(number >= PIVOT_YEAR).then(number + 1900).otherwise(number + 2000))
        .otherwise(number)
    )


def _date(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    text = pl.format(
        "{}-{}-{}", year.cast(pl.String).str.zfill(4), month.cast(pl.String).str.zfill(2), day.cast(pl.String).str.zfill(2)
    )
    return text.str.to_date("%Y-%m-%d", strict=False)


def _numeric_date(text: pl.Expr, order: str) -> pl.Expr:
    piece = text.str.extract_groups(_NUMERIC)
    a, b, c = (piece.struct.field(name) for name in "abc")
    number = {name: piece.struct.field(name).cast(pl.Int32, strict=False) for name in "abc"}
    year_first = _date(_full_year(a), number["b"], number["c"])
    if order == "ymd":
        return pl.when(a.str.len_bytes() != 3).then(year_first)
    day, month = ("a", "b") if order == "dmy" else ("b", "a")
    day_first = pl.when(a.str.len_bytes() <= 2, c.str.len_bytes().is_in([2, 4])).then(
        _date(_full_year(c), number[month], number[day])
    )
    return pl.when(a.str.len_bytes() == 4).then(year_first).otherwise(day_first)


def _named_date(text: pl.Expr, pattern: str) -> pl.Expr:
    piece = text.str.extract_groups(pattern)
    month = piece.struct.field("m").str.to_lowercase().replace_strict(MONTHS, default=None, return_dtype=pl.Int32)
    return _date(_full_year(piece.struct.field("y")), month, piece.struct.field("d").cast(pl.Int32, strict=False))


def _plain_date(text: pl.Expr, pattern: str) -> pl.Expr:
    piece = text.str.extract_groups(pattern)
    return _date(*(piece.struct.field(name).cast(pl.Int32, strict=False) for name in "ymd"))


def in_range(day: pl.Expr) -> pl.Expr:
    """The date, null where its year is another calendar's or a sentinel."""
    return pl.when(day.dt.year().is_between(YEAR_MIN, YEAR_MAX)).then(day)


def date_of(text: pl.Expr, order: str) -> pl.Expr:
    """The day that stands in the text, null where none does; `order` (dmy, mdy, ymd) reads `03/04/2025`."""
    ways = [
        _numeric_date(text, order),
        _plain_date(text, _COMPACT),
        *(_named_date(text, pattern) for pattern in _NAMED),
        _plain_date(text, _EAST_ASIAN),
    ]
    return in_range(pl.coalesce(ways))


def iso_date(text: pl.Expr) -> pl.Expr:
    """Fast path for `2025-01-31`."""
    return in_range(pl.when(text.str.len_bytes() == 10).then(text.str.to_date("%Y-%m-%d", strict=False)))


def time_of(text: pl.Expr) -> pl.Expr:
    """Time of day as written, midnight where none is; zones are not applied."""
    found = text.str.extract_groups(
        r"[0-9\p{L}][T ,]+\s*(?P<h>[0-9]{1,2})[:.](?P<m>[0-9]{2})(?:[:.](?P<s>[0-9]{2})(?:[.,](?P<f>[0-9]{1,9}))?)?\s*(?P<p>[AaPp])?"
    )
    hour, minute, second = (found.struct.field(name).cast(pl.Int64, strict=False).fill_null(0) for name in "hms")
    half = found.struct.field("p").str.to_lowercase()
    hour = pl.when(half == "p", hour < 12).then(hour + 12).when(half == "a", hour == 12).then(0).otherwise(hour)
    micros = found.struct.field("f").str.pad_end(6, "0").str.slice(0, 6).cast(pl.Int64, strict=False).fill_null(0)
    sound = (hour <= 23) & (minute <= 59) & (second <= 60)
    return pl.when(sound).then(pl.duration(hours=hour, minutes=minute, seconds=second, microseconds=micros))


def datetime_of(text: pl.Expr, order: str) -> pl.Expr:
    """Day and time as written, without shift of zone."""
    return date_of(text.str.replace(r"[T ,]+[0-9]{1,2}[:.][0-9]{2}.*$", ""), order).cast(pl.Datetime("us")) + time_of(text)


def serial_date(text: pl.Expr) -> pl.Expr:
    """Day of a spreadsheet serial number, 1900 system, from 1 March 1900 on."""
    days = text.str.strip_chars().str.extract(r"^([0-9]{3,6})(?:\.[0-9]+)?$").cast(pl.Int32, strict=False)
    return in_range(SERIAL_EPOCH + pl.duration(days=pl.when(days > 60).then(days)))


def epoch_datetime(text: pl.Expr, unit_per_second: int) -> pl.Expr:
    """Instant (UTC) of a count since 1970 in seconds, milli- or microseconds."""
    count = text.str.strip_chars().cast(pl.Int64, strict=False)
    return (count * (1_000_000 // unit_per_second)).cast(pl.Datetime("us"))
