"""Records as text, before anything is known about their columns."""

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

NULL_TOKENS = ("-", "--", "–", "—", "n/a", "na", "#n/a", "null", "(null)", "none", "nil", "nan", "\\n", "?")
_OFFICE_ERRORS = tuple(f"err:{code}" for code in range(501, 541))  # LibreOffice
ERROR_TOKENS = (
    *("inf", "-inf", "infinity", "#ref!", "#div/0!", "#value!", "#name?", "#num!", "#null!", "#n/a!", "err", "error"),
    *_OFFICE_ERRORS,
)

EXPONENT_MAX = 30
_EXPONENT = r"^\s*[+-]?[0-9]{1,30}(?:[.,][0-9]{1,30})?[eE][+-]?[0-9]{1,3}\s*$"


@dataclass(frozen=True, slots=True)
class Cells:
    """`frame` has one String column for each column of the file, named by its position ("0", "1", …).

    `lines` (UInt32) is the 1-based line on which each record starts, `rows` (UInt32) its 0-based number among the data rows.
    """

    frame: pl.DataFrame
    lines: pl.Series
    rows: pl.Series

    @property
    def height(self) -> int:
        return self.frame.height

    def filter(self, keep: pl.Series) -> "Cells":
        return Cells(self.frame.filter(keep), self.lines.filter(keep), self.rows.filter(keep))

    def slice(self, offset: int, length: int | None = None) -> "Cells":
        return Cells(self.frame.slice(offset, length), self.lines.slice(offset, length), self.rows.slice(offset, length))

    def raw(self, index: int) -> str:
        """One record for people, its values joined by a bar."""
        return " | ".join(value or "" for value in self.frame.row(index))


def unwrapped(texts: pl.Series) -> pl.Series:
    """Texts without the `="…"` by which exports keep spreadsheets from reading codes as numbers."""
    return texts.str.replace(r'^="([^"]*)"$', "$1")


def expanded(texts: pl.Series) -> pl.Series:
    """Texts with numbers such as 1.5E+3 written out, exactly; larger exponents than any money has stay as they are."""
    places = texts.str.contains(_EXPONENT).fill_null(False).arg_true()
    written = [_written_out(text) for text in texts.gather(places).to_list()]
    return texts.clone().scatter(places, pl.Series(written, dtype=pl.String)) if written else texts


def _written_out(text: str) -> str:
    number = Decimal(text.strip().replace(",", "."))
    if abs(int(number.adjusted())) > EXPONENT_MAX:
        return text
    plain = format(number, "f")
    return plain.replace(".", ",") if "," in text else plain


def filled(values: pl.Series) -> pl.Series:
    """The values of a text column that hold more than blanks."""
    return values.filter(values.is_not_null() & (values.str.strip_chars() != ""))


def cells_of(records: list[list[str | None]], width: int, lines: list[int], first_row: int = 0) -> Cells:
    """Cells of Python records that all have `width` values."""
    columns = {str(index): pl.Series([record[index] for record in records], dtype=pl.String) for index in range(width)}
    rows = pl.Series(range(first_row, first_row + len(records)), dtype=pl.UInt32)
    return Cells(pl.DataFrame(columns), pl.Series(lines, dtype=pl.UInt32), rows)
