"""Dates as people and programs write them: order of day and month, month names, serial numbers, and their exact value.

A date is kept as written: the day of a time with a zone is the day that stands in the text. Functions take
whole text columns.
"""

import polars as pl

YEAR_MIN, YEAR_MAX = 1800, 2199
PIVOT_YEAR = 70  # two-digit years from 70 on are 19xx, as in POSIX strptime (69 there)

_MONTHS = {
    1: (
        "january januar janvier enero gennaio januari jan janeiro jän jänner ene gen janv styczeń styczen sty ocak "
        "tammikuu січень январь января янв stycznia ledna leden január"
    ),
    2: (
        "february februar février fevrier febrero febbraio februari feb fevereiro févr fevr fev luty lut şubat helmikuu "
        "февраль февраля фев lutego února únor február"
    ),
    3: (
        "march märz maerz mars marzo maart mar mär mrz mrt março marco marzec maj. mart maaliskuu март марта мар marca "
        "března březen marts március maaliskuuta"
    ),
    4: (
        "april avril abril aprile apr avr abr kwiecień kwiecien kwi nisan huhtikuu апрель апреля апр kwietnia dubna duben április"
    ),
    5: ("may mai mayo maggio mei maj maio mag mayıs toukokuu май мая maja května květen május toukokuuta"),
    6: (
        "june juni juin junio giugno jun junho giu czerwiec cze haziran kesäkuu июнь июня июн czerwca června červen "
        "június kesäkuuta"
    ),
    7: (
        "july juli juillet julio luglio jul juil julho lug lipiec lip temmuz heinäkuu июль июля июл lipca července "
        "červenec július heinäkuuta"
    ),
    8: (
        "august août aout agosto augustus aug ago sierpień sierpien sie ağustos elokuu август августа авг sierpnia srpna "
        "srpen augusti augusztus elokuuta"
    ),
    9: (
        "september septembre septiembre settembre sep sept set setembro wrzesień wrzesien wrz eylül syyskuu сентябрь "
        "сентября сен września wrzesnia září szeptember"
    ),
    10: (
        "october oktober octobre octubre ottobre oct okt ott outubro out październik pazdziernik paź ekim lokakuu октябрь "
        "октября окт października pazdziernika října říjen október"
    ),
    11: ("november novembre noviembre nov novembro listopad lis kasım marraskuu ноябрь ноября ноя listopada listopadu"),
    12: (
        "december dezember décembre decembre diciembre dicembre dec dez dic déc dezembro grudzień grudzien gru aralık "
        "joulukuu декабрь декабря дек grudnia prosince prosinec joulukuuta"
    ),
}
MONTHS = {name.rstrip("."): number for number, names in _MONTHS.items() for name in names.split()}

_CLOCK = r"[0-9]{1,2}[:.h][0-9]{2}(?:[:.][0-9]{2}(?:[.,][0-9]{1,9})?)?"
_OFFSET = r"[+-][0-9]{2}(?::?[0-9]{2})?"
_ZONE = rf"(?:Z|{_OFFSET}|[A-Z]{{3,4}}(?:{_OFFSET})?)(?:\s?[\[(][\p{{L}}/_ +\-]{{2,40}}[\])])?"
_HALF = r"(?:[AaPp]\.?[Mm]\.?|Uhr|h)"
_TIME = rf"(?:[T ,]+\s*\(?{_CLOCK}\s*{_HALF}?\)?\s*(?:{_ZONE})?)?"
TIMED = r"[0-9\p{L}][T ,]+\s*\(?"  # what stands between a day and its time
_DASHED_TIME = r"^(\s*[0-9]{4}-[0-9]{2}-[0-9]{2})-([0-9]{2}\.[0-9]{2}\.[0-9]{2})"
_WEEKDAY = r"^\s*(?:\p{L}{2,}\.?,?\s+)?"
_DAY_NAME = (  # English, German, French, Spanish, Italian, Dutch
    r"(?:(?i:mon|tue|wed|thu|fri|sat|sun)(?i:s|nes|rs|ur)?(?i:day)?|(?i:Mo|Di|Mi|Do|Fr|Sa|So|Montag|Dienstag|Mittwoch|Donnerstag"
    r"|Freitag|Samstag|Sonnabend|Sonntag|lun|mar|mer|jeu|ven|sam|dim|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|mié|jue|vie"
    r"|sáb|dom|gio|sab|ma|wo|vr|za|zo))\.?,?\s+"
)
NUMERIC = (
    rf"^\s*'?(?:{_DAY_NAME})?(?P<a>[0-9]{{1,4}})(?P<sep>[./\-' ])\s?(?P<b>[0-9]{{1,2}})[./\-' ]\s?(?P<c>[0-9]{{1,4}})\.?"
    rf"{_TIME}\s*$"
)
_COMPACT_TIME = rf"T?(?P<time>[0-9]{{6}}(?:\.[0-9]{{1,9}})?)\s?(?:Z|{_OFFSET})?"
COMPACT = rf"^\s*(?P<y>[0-9]{{4}})(?P<m>[0-9]{{2}})(?P<d>[0-9]{{2}})(?:{_COMPACT_TIME})?\s*$"
_DAY = r"(?P<d>[0-9]{1,2})(?:st|nd|rd|th|er|º)?"
_DAY_FIRST = (
    rf"{_WEEKDAY}{_DAY}\.?[\s\-./]*(?:de\s+|of\s+)?(?P<m>\p{{L}}{{3,}})\.?,?[\s\-./']*(?:de\s+|del\s+)?"
    rf"(?P<y>[0-9]{{2}}|[0-9]{{4}})(?:\s?г\.?)?{_TIME}\s*$"
)
_MONTH_FIRST = rf"{_WEEKDAY}(?P<m>\p{{L}}{{3,}})\.?[\s\-]*{_DAY},?[\s\-]+(?P<y>[0-9]{{4}}){_TIME}\s*$"
_YEAR_NAME = rf"^\s*(?P<y>[0-9]{{4}})[\s\-./]+(?P<m>\p{{L}}{{3,}})\.?[\s\-./]+(?P<d>[0-9]{{1,2}}){_TIME}\s*$"
EAST_ASIAN = r"^\s*(?P<y>[0-9]{4})\s?[年년]\s?(?P<m>[0-9]{1,2})\s?[月월]\s?(?P<d>[0-9]{1,2})\s?[日일]\s*$"
_CLOCK_WITHIN = (
    rf"^\s*(?:\p{{L}}{{2,}}\s+)?(?P<m>\p{{L}}{{3,}})\s+(?P<d>[0-9]{{1,2}})\s+{_CLOCK}\s+(?:[A-Z]{{3,4}}\s+)?(?P<y>[0-9]{{4}})\s*$"
)
NAMED = (_DAY_FIRST, _MONTH_FIRST, _YEAR_NAME, _CLOCK_WITHIN)
_DIGITS = {
    **{chr(start + digit): str(digit) for start in (0xFF10, 0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50) for digit in range(10)},
    **{"／": "/", "．": ".", "－": "-", "：": ":", "\u00a0": " ", "\u202f": " ", "\u200e": "", "\u200f": ""},
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"),
}

SERIAL_EPOCH = pl.date(1899, 12, 30)


def plain(texts: pl.Series) -> pl.Series:
    """The texts with digits and separators in ASCII, and a blank before times that IBM databases join by a dash."""
    if texts.str.contains(r"[^\x00-\x7F]").any():
        texts = texts.str.replace_many(list(_DIGITS), list(_DIGITS.values()))
    return texts.str.replace(_DASHED_TIME, "$1 $2") if texts.str.contains(_DASHED_TIME).any() else texts


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


def _numeric_dates(texts: pl.Series, order: str) -> pl.Series:
    """Dates of three numbers, null where the text is none."""
    found = pl.DataFrame({"v": texts}).select(pl.col("v").str.extract_groups(NUMERIC).alias("p")).unnest("p")
    long = {name: pl.col(name).str.len_bytes() for name in "ac"}
    number = {name: pl.col(name).cast(pl.Int32, strict=False) for name in "abc"}
    year_first = _date(_full_year(pl.col("a")), number["b"], number["c"])
    if order == "ymd":
        return found.select(pl.when(long["a"] != 3).then(year_first)).to_series()
    day, month = ("a", "b") if order == "dmy" else ("b", "a")
    day_first = pl.when(long["a"] <= 2, long["c"].is_in([2, 4])).then(_date(_full_year(pl.col("c")), number[month], number[day]))
    return found.select(pl.when(long["a"] == 4).then(year_first).otherwise(day_first)).to_series()


def _worded_dates(texts: pl.Series, pattern: str) -> pl.Series:
    """Dates of a pattern with the groups y, m and d, where the month may be a name."""
    found = pl.DataFrame({"v": texts}).select(pl.col("v").str.extract_groups(pattern).alias("p")).unnest("p")
    named = pl.col("m").str.to_lowercase().replace_strict(MONTHS, default=None, return_dtype=pl.Int32)
    month = pl.coalesce(pl.col("m").cast(pl.Int32, strict=False), named)
    return found.select(_date(_full_year(pl.col("y")), month, pl.col("d").cast(pl.Int32, strict=False))).to_series()


def in_range(day: pl.Expr) -> pl.Expr:
    """The date, null where its year is another calendar's or a sentinel."""
    return pl.when(day.dt.year().is_between(YEAR_MIN, YEAR_MAX)).then(day)


def read_dates(texts: pl.Series, order: str) -> pl.Series:
    """The day that stands in each text, null where none does; `order` (dmy, mdy, ymd) reads `03/04/2025`."""
    texts = plain(texts)
    days = _iso_dates(texts)
    rest = days.is_null().arg_true()
    if len(rest) and order != "ymd":
        days = days.scatter(rest, _padded_dates(texts.gather(rest), order))
    for pattern in (NUMERIC, COMPACT, *NAMED, EAST_ASIAN):
        rest = (days.is_null() & texts.is_not_null()).arg_true()
        if not len(rest):
            break
        some = texts.gather(rest)
        days = days.scatter(rest, _numeric_dates(some, order) if pattern is NUMERIC else _worded_dates(some, pattern))
    return pl.DataFrame({"v": days}).select(in_range(pl.col("v"))).to_series()


def _padded_dates(texts: pl.Series, order: str) -> pl.Series:
    """Fast path for `31.01.2025` and `01/31/2025`."""
    value = pl.col("v")
    day, month = (
        (value.str.slice(0, 2), value.str.slice(3, 2)) if order == "dmy" else (value.str.slice(3, 2), value.str.slice(0, 2))
    )
    padded = value.str.contains(r"^[0-9]{2}[./\-][0-9]{2}[./\-][0-9]{4}$")
    iso = pl.when(padded).then(pl.concat_str(value.str.slice(6, 4), month, day, separator="-"))
    return pl.DataFrame({"v": texts}).select(iso.str.to_date("%Y-%m-%d", strict=False)).to_series()


def _iso_dates(texts: pl.Series) -> pl.Series:
    """Fast path for `2025-01-31`, alone or before a time."""
    value = pl.col("v")
    alone = pl.when(value.str.len_bytes() == 10).then(value.str.to_date("%Y-%m-%d", strict=False))
    days = pl.DataFrame({"v": texts}).select(alone).to_series()
    rest = (days.is_null() & (texts.str.len_bytes() > 10)).arg_true()
    if not len(rest):
        return days
    timed = pl.when(value.str.contains(rf"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{_TIME}\s*$")).then(value.str.slice(0, 10))
    return days.scatter(
        rest, pl.DataFrame({"v": texts.gather(rest)}).select(timed.str.to_date("%Y-%m-%d", strict=False)).to_series()
    )


def time_of(text: pl.Expr) -> pl.Expr:
    """Time of day as written, midnight where none is; zones are not applied."""
    found = text.str.extract_groups(
        rf"{TIMED}(?P<h>[0-9]{{1,2}})[:.h](?P<m>[0-9]{{2}})(?:[:.](?P<s>[0-9]{{2}})(?:[.,](?P<f>[0-9]{{1,9}}))?)?\s*(?P<p>[AaPp])?"
    )
    hour, minute, second = (found.struct.field(name).cast(pl.Int64, strict=False).fill_null(0) for name in "hms")
    half = found.struct.field("p").str.to_lowercase()
    hour = pl.when(half == "p", hour < 12).then(hour + 12).when(half == "a", hour == 12).then(0).otherwise(hour)
    micros = found.struct.field("f").str.pad_end(6, "0").str.slice(0, 6).cast(pl.Int64, strict=False).fill_null(0)
    sound = (hour <= 23) & (minute <= 59) & (second <= 60)
    return pl.when(sound).then(pl.duration(hours=hour, minutes=minute, seconds=second, microseconds=micros))


def read_datetimes(texts: pl.Series, order: str) -> pl.Series:
    """Day and time as written, without shift of zone."""
    times = pl.DataFrame({"v": plain(texts)}).select(time_of(pl.col("v"))).to_series()
    return read_dates(texts, order).cast(pl.Datetime("us")) + times


def serial_date(text: pl.Expr) -> pl.Expr:
    """Day of a spreadsheet serial number, 1900 system, from 1 March 1900 on."""
    days = text.str.strip_chars().str.extract(r"^([0-9]{3,6})(?:\.[0-9]+)?$").cast(pl.Int32, strict=False)
    return in_range(SERIAL_EPOCH + pl.duration(days=pl.when(days > 60).then(days)))


def epoch_datetime(text: pl.Expr, unit_per_second: int) -> pl.Expr:
    """Instant (UTC) of a count since 1970 in seconds, milli- or microseconds."""
    count = text.str.strip_chars().cast(pl.Int64, strict=False)
    return (count * (1_000_000 // unit_per_second)).cast(pl.Datetime("us"))
