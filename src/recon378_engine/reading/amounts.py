"""Amounts written by people and banks: which sign is the decimal mark, and their exact value.

All functions are polars expressions over text columns, so that a million cells cost what one vector costs.
A body such as `1,234` means two things; only other values of the same column, or of the same file, settle which.
"""

from dataclasses import dataclass

import polars as pl

CURRENCY_CODES = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP"
    " CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY"
    " KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK"
    " NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT"
    " TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL"
).split()
SYMBOLS = r"US\$|A\$|C\$|R\$|HK\$|[$€£¥￥₹₽₩₪₺฿₫₴₦₱₿]|Fr\.|SFr\.?|kr\.?|zł|Kč|Ft|lei|лв|руб\.?|TL"
CURRENCY = rf"(?:{'|'.join(CURRENCY_CODES)}|{SYMBOLS})"

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
    rf"^\s*'?(?P<open>\()?\s*(?P<sign>[+-])?\s*(?P<before>{CURRENCY})?\s*(?P<inner>[+-])?\s*"
    rf"(?P<body>[0-9][0-9.,' ]*|[.,][0-9]+)\s*(?P<trail>[+-])?\s*(?P<after>{CURRENCY})?\s*(?P<last>[+-])?\s*(?P<close>\))?"
    r"(?:\s*(?P<side>(?i:CR|DR|HABEN|SOLL)\.?)|\s+(?P<letter>[CDHS]))?\s*$"
)
_BODY = {
    ".": r"^(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:'[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3})?(?:\.[0-9]*)?$",
    ",": r"^(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?:'[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+)?(?:,[0-9]*)?$",
}
_EITHER = r"^(?:[1-9][0-9]{0,2}[.,][0-9]{3})$"
PLAIN = r"^-?[0-9]+(?:\.[0-9]+)?$"


@dataclass(frozen=True, slots=True)
class MarkEvidence:
    """How the amounts of a column vote for their decimal mark. `either` counts values that mean two things."""

    values: int
    dot: int
    comma: int
    either: int
    readable: int

    @property
    def decided(self) -> str | None:
        """The mark on which the values agree; a thin minority of one in twenty does not count as disagreement."""
        if self.dot and self.dot >= 19 * self.comma:
            return "."
        if self.comma and self.comma >= 19 * self.dot:
            return ","
        return None

    @property
    def conflict(self) -> bool:
        return self.decided is None and self.dot > 0 and self.comma > 0

    @property
    def open(self) -> bool:
        return self.decided is None and (self.either > 0 or self.conflict)


def ascii_form(text: pl.Expr) -> pl.Expr:
    """Digits, signs and blanks of other scripts as their ASCII twins; letters stay."""
    return text.str.replace_many(list(_ASCII), list(_ASCII.values()))


def parts(text: pl.Expr) -> pl.Expr:
    """Struct of the pieces of an amount; `body` is null where the text is none."""
    return ascii_form(text).str.extract_groups(_PARTS)


def _body(piece: pl.Expr) -> pl.Expr:
    return piece.struct.field("body").str.strip_chars(" ")


def mark_evidence(values: pl.Series) -> MarkEvidence:
    """Count the votes of non-null texts."""
    body = _body(parts(pl.col("v")))
    dot, comma = body.str.contains(_BODY["."]), body.str.contains(_BODY[","])
    marked = body.str.contains(r"[.,]")
    counts = (
        pl.DataFrame({"v": values})
        .select(
            values=pl.len(),
            dot=(dot & ~comma & marked).sum(),
            comma=(comma & ~dot & marked).sum(),
            either=(body.str.contains(_EITHER)).sum(),
            readable=(dot | comma).sum(),
        )
        .row(0)
    )
    return MarkEvidence(*(int(count or 0) for count in counts))


def decimal_text(text: pl.Expr, mark: str) -> pl.Expr:
    """The amount as `-1234.56`, null where the text is none under this decimal mark."""
    piece = parts(text)
    body = _body(piece)
    group = "," if mark == "." else "."
    digits = body.str.replace_all(f"[{group}' ]", "").str.replace(",", ".", literal=True).str.strip_suffix(".")
    digits = pl.when(digits.str.starts_with(".")).then("0" + digits).otherwise(digits)
    field = piece.struct.field
    minus = sum((field(name).fill_null("") == MINUS).cast(pl.Int8) for name in ("sign", "inner", "trail", "last"))
    plus = sum((field(name).fill_null("") == "+").cast(pl.Int8) for name in ("sign", "inner", "trail", "last"))
    bracket = field("open").is_not_null()
    side = pl.coalesce(field("side"), field("letter")).str.to_lowercase().str.strip_chars(".")
    debit = side.is_in(["dr", "d", "s", "soll"]).fill_null(False)
    signs = minus + plus + bracket.cast(pl.Int8)
    sound = (signs + debit.cast(pl.Int8) <= 1) & (field("open").is_not_null() == field("close").is_not_null())
    negative = (minus > 0) | bracket | debit
    return (
        pl.when(body.str.contains(_BODY[mark]) & sound)
        .then(pl.when(negative).then(MINUS + digits).otherwise(digits))
        .otherwise(None)
    )


def currency(text: pl.Expr) -> pl.Expr:
    """Currency code or symbol written beside the amount, null where none is."""
    piece = parts(text)
    return pl.coalesce(piece.struct.field("before"), piece.struct.field("after"))


def decimals(text: pl.Expr) -> pl.Expr:
    """Number of decimals of a text in the form of `decimal_text`."""
    return text.str.extract(r"\.([0-9]+)$").str.len_bytes().fill_null(0)
