"""Amounts written by people and banks: which sign is the decimal mark, and their exact value.

Functions take whole text columns, so that a million cells cost what one vector costs. A body such as `1,234` means two things;
only other values of the same column, or of the same file, settle which.
"""

import polars as pl

from recon378_engine.reading.values.currencies import CURRENCY_CODES

SYMBOLS = r"US\$|A\$|C\$|R\$|HK\$|[$€£¥￥₹₽₩₪₺฿₫₴₦₱₿]|Fr\.|SFr\.?|kr\.?|zł|Kč|Ft|lei|лв|руб\.?|TL|Rs\.?|RM|Rp\.?|円|圓|元|원"
CURRENCY = rf"(?:{CURRENCY_CODES.replace(' ', '|')}|{SYMBOLS})"

MINUS = "-"
_ASCII = {
    **{chr(start + digit): str(digit) for start in (0xFF10, 0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50) for digit in range(10)},
    **dict.fromkeys("\u2212\u2012\u2013\u2014\ufe63\uff0d", MINUS),
    **dict.fromkeys("\u00a0\u202f\u2009\u2007\u2008\u2002\u2003\u3000", " "),
    **dict.fromkeys("\u2019\u02bc\u2018\uff07", "'"),
    "\u066b": ".",
    "\u066c": "'",
    "\uff0e": ".",
    "\uff0c": ",",
    "\uff0b": "+",
    "\uff08": "(",
    "\uff09": ")",
    "\u200e": "",
    "\u200f": "",
    "\u061c": "",
}

_PARTS = (
    r"^\s*(?:(?P<ahead>(?i:CR|DR)\.?)\s+)?"
    rf"'?(?P<open>\()?\s*(?P<sign>[+-])?\s*(?P<before>{CURRENCY})?\s*(?P<nested>\()?(?P<inner>[+-])?\s*"
    rf"(?P<body>[0-9][0-9.,' ]*|[.,][0-9]+)\s*(?P<trail>[+-])?\s*(?:/-\s*)?(?P<after>{CURRENCY})?\s*(?P<last>[+-])?\s*"
    r"(?P<close>\))?"
    r"(?:\s*\(?(?P<side>(?i:CR|DR|HABEN|SOLL)\.?)\)?|\s+(?P<letter>[CDHS]))?\s*$"
)
# `12,-` and `1.234.--` are whole amounts; a lone dash beside a currency is nothing, as accounting formats show it
_DASHED = r"([0-9])([.,])--?(\s*(?:[^0-9\s].*)?)$"
_ENDS_IN_DASH = r"[.,]-|-\s*$|^\s*-\s*\D"
_DASH = rf"^\s*(?:(?:{CURRENCY})\s*-|-\s*(?:{CURRENCY}))\s*$"
_GROUPED = r"[1-9][0-9]{0,2}(?:'[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+"
_GROUPED_DOT = rf"{_GROUPED}|[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+|[1-9][0-9]?(?:,[0-9]{{2}})+,[0-9]{{3}}"
_GROUPED_COMMA = rf"{_GROUPED}|[1-9][0-9]{{0,2}}(?:\.[0-9]{{3}})+"
BODY = {".": rf"^(?:[0-9]+|{_GROUPED_DOT})?(?:\.[0-9]*)?$", ",": rf"^(?:[0-9]+|{_GROUPED_COMMA})?(?:,[0-9]*)?$"}
EITHER = r"^(?:[1-9][0-9]{0,2}[.,][0-9]{3})$"
PLAIN = r"^-?[0-9]+(?:\.[0-9]+)?$"


def pieces(texts: pl.Series) -> pl.DataFrame:
    """Parts of each text: `body` in ASCII (null where it is no amount), `negative`, `sound` (its signs agree), `currency`."""
    if texts.str.contains(r"[^\x00-\x7F]").any():
        texts = texts.str.replace_many(list(_ASCII), list(_ASCII.values()))
    if texts.str.contains(_ENDS_IN_DASH).any():
        texts = texts.str.replace(_DASHED, "${1}${2}00${3}").str.replace(_DASH, "0")
    found = pl.DataFrame({"v": texts}).select(pl.col("v").str.extract_groups(_PARTS).alias("p")).unnest("p")
    signs = [pl.col(name).fill_null("") for name in ("sign", "inner", "trail", "last")]
    minus = pl.sum_horizontal((sign == MINUS).cast(pl.Int8) for sign in signs)
    plus = pl.sum_horizontal((sign == "+").cast(pl.Int8) for sign in signs)
    bracket = pl.col("open").is_not_null() | pl.col("nested").is_not_null()
    side = pl.coalesce("ahead", "side", "letter").str.to_lowercase().str.strip_chars(".")
    debit = side.is_in(["dr", "d", "s", "soll"]).fill_null(False)
    return found.select(
        body=pl.col("body").str.strip_chars(" "),
        negative=(minus > 0) | bracket | debit,
        sound=(pl.col("ahead").is_null() | pl.col("side").is_null())
        & (minus + plus + bracket.cast(pl.Int8) + debit.cast(pl.Int8) <= 1)
        & (bracket == pl.col("close").is_not_null()),
        currency=pl.coalesce("before", "after"),
    )


def read_amounts(texts: pl.Series, mark: str) -> pl.DataFrame:
    """Each amount as `value` in the form `-1234.56` (null where the text is none under this decimal mark) and its `currency`."""
    group = "," if mark == "." else "."
    bare = pl.col("body").str.replace_all(f"[{group}' ]", "").str.replace(",", ".", literal=True).str.strip_suffix(".")
    digits = pl.when(bare.str.starts_with(".")).then("0" + bare).otherwise(bare)
    signed = pl.when(pl.col("negative")).then(MINUS + digits).otherwise(digits)
    good = pl.col("body").str.contains(BODY[mark]) & pl.col("sound")
    return pieces(texts).select(value=pl.when(good).then(signed), currency="currency")


def decimals(text: pl.Expr) -> pl.Expr:
    """Number of decimals of a text in the form of `read_amounts`."""
    return text.str.extract(r"\.([0-9]+)$").str.len_bytes().fill_null(0)
