"""Where a table begins and ends inside a file: lines before the header, the header itself, totals and remarks at the end."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from recon378_engine.dataset import ROW_COLUMN
from recon378_engine.reading.values import vocabulary
from recon378_engine.reading.values.cells import ERROR_TOKENS, NULL_TOKENS

Record = Sequence[str | None]

_NUMBER = re.compile(
    r"^[\s(+\-'$€£¥\u2212]*(?:[A-Z]{3}\s?)?[+\-\u2212]?[0-9][0-9.,'\u2019 \u00a0\u202f]*"
    r"\s*(?:[A-Z]{3}|[€$£%])?[)\-]?\s*(?:CR|DR)?\s*$"
)
_DATE = re.compile(
    r"^\s*(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}"
    r"|[0-9]{1,2}\.?[ \-][^\W\d_]{3,9}\.?[ \-][0-9]{2,4}"
    r"|[^\W\d_]{3,9}\.? [0-9]{1,2}, [0-9]{4})(?:[T ].*)?$"
)
_TOTAL = re.compile(
    r"^\W*(?:grand |sub-?|overall |report )?(?:total|totals|totale|totaal|sum|summe|suma|somma|somme|gesamt|gesamtsumme|"
    r"zwischensumme|endsumme|"
    r"closing balance|opening balance|endsaldo|anfangssaldo|kontostand|saldo|solde|balance|итого|всего|合計|总计|總計|합계)\b.*$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^[-=+:|_*]{2,}$")  # the line under a header
_YEAR = re.compile(r"^(?:19|20)[0-9]{2}$")
_BARE_TOTAL = re.compile(
    r"^\W*(?:grand |overall |report )?(?:total|totals|totale|totaal|sum|summe|suma|somma|somme|gesamt|gesamtsumme|endsumme|"
    r"итого|всего|合計|总计|總計|합계)\W*$",
    re.IGNORECASE,
)
_SUBTOTAL = re.compile(
    r"^\W*(?:sub-?totals?|zwischensumme|sous-total|subtotale|subtotaal|промежуточный итог|小計|小计)\b", re.IGNORECASE
)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\x00"))
HEADER_SEARCH_RECORDS = 60
LONGEST_TYPED = 60


@dataclass(frozen=True, slots=True)
class Layout:
    """`header` is the index of the header record, None where there is none; `sure` says whether the file proves it.

    `transactions` stand there with dates and numbers but no header, `transactions_named` with one of known words.
    """

    header: int | None
    first_data: int
    sure: bool
    transactions: bool = False
    transactions_named: bool = False


def kind_of(cell: str | None) -> str:
    """What a cell looks like: empty, date, number or text."""
    if cell is None or not cell.strip():
        return "empty"
    if len(cell) > LONGEST_TYPED:
        return "text"
    if _DATE.match(cell):
        return "date"
    return "number" if _NUMBER.match(cell) else "text"


def width_of(records: Sequence[Record]) -> int:
    """The number of columns on which most records agree; the wider one among equals."""
    counts = Counter(len(record) for record in records)
    return max(counts, key=lambda width: (counts[width], width))


def find_layout(records: Sequence[Record], width: int) -> Layout:
    """Find the header among the first records by contrast: names above, values of one kind below."""
    body = [record for record in records if len(record) == width]
    strong = _strong_columns(body, width)
    first_data = next((index for index, record in enumerate(records) if len(record) == width and _is_data(record, strong)), None)
    if first_data is None:
        return _by_names(records, width)
    if first_data == 0 and len(body) > 1 and _names_periods(records[0], strong):
        return Layout(0, 1, sure=True)
    if first_data == 0:
        return Layout(None, 0, sure=len(body) > 1 and bool(strong), transactions=_transactions(strong))
    header = _best_header(records[:first_data], width)
    if header is None:
        return Layout(None, 0, sure=False, transactions=_transactions(strong))
    if len(records) - header <= 2 and _known(records[header]) == 0:
        return Layout(None, 0, sure=False)  # one row below unknown words proves nothing: lose no row
    below = header + 1
    while below < first_data and _continues(records[below], strong):
        below += 1
    named = _transactions(strong) and _known(records[header]) > 1
    return Layout(header, below, sure=True, transactions_named=named)


def best_width(records: Sequence[Record]) -> int:
    """The width of most records, or a larger one by which column names stand above dates and numbers."""
    usual = width_of(records)
    found = find_layout(records, usual)
    if found.transactions_named:
        return usual
    counts = Counter(len(record) for record in records)
    others = [width for width, count in counts.items() if count > 1 and width > usual]
    return next((width for width in sorted(others, reverse=True) if find_layout(records, width).transactions_named), usual)


def _names_periods(record: Record, strong: dict[int, str]) -> bool:
    """Whether the first record is a header of years or days: a word above numbers, and only periods above the rest."""
    cells = [(record[index] or "").strip() for index in strong]
    words = [cell for cell in cells if kind_of(cell) == "text"]
    periods = [cell for cell in cells if _YEAR.match(cell) or kind_of(cell) == "date"]
    return len(periods) > 1 and len(words) + len(periods) == len(cells) and any(map(vocabulary.is_known, words))


def _continues(record: Record, strong: dict[int, str]) -> bool:
    """Whether a record under the header is its second line: words, where dates and numbers stand below."""
    kinds = [kind_of(record[index]) if index < len(record) else "empty" for index in strong]
    words = [cell for cell in record if kind_of(cell) == "text"]
    odd = [kind for (_, below), kind in zip(strong.items(), kinds, strict=False) if kind == "number" or kind == below == "date"]
    if odd or kinds.count("text") < 2:
        return False
    return not any(cell and cell.strip().lower() in NULL_TOKENS + ERROR_TOKENS for cell in words)


def header_cells(records: Sequence[Record], layout: Layout) -> list[str]:
    """The names in the header, those of a header of several lines joined by a blank."""
    if layout.header is None:
        return []
    lines = records[layout.header : layout.first_data]
    width = max(map(len, lines))
    columns = [[(line[index] or "").strip() for line in lines if index < len(line)] for index in range(width)]
    return [" ".join(dict.fromkeys(part for part in column if part and not _RULE.match(part))) for column in columns]


def _transactions(strong: dict[int, str]) -> bool:
    return {"date", "number"} <= set(strong.values())


def _strong_columns(body: Sequence[Record], width: int) -> dict[int, str]:
    """Columns whose lower part holds dates or numbers, with that kind."""
    lower = body[min(len(body) // 3, 10) :] if len(body) > 2 else body[-1:]
    strong: dict[int, str] = {}
    for index in range(width):
        kinds = Counter(kind_of(record[index]) for record in lower)
        filled = sum(count for kind, count in kinds.items() if kind != "empty")
        for kind in ("date", "number"):
            if filled and kinds[kind] * 2 > filled:
                strong[index] = kind
    return strong


def _is_data(record: Record, strong: dict[int, str]) -> bool:
    kinds = [(kind_of(record[index]), kind) for index, kind in strong.items()]
    filled = [(seen, kind) for seen, kind in kinds if seen != "empty"]
    return bool(filled) and sum(seen == kind for seen, kind in filled) * 2 > len(filled)


def _known(record: Record) -> int:
    return sum(1 for cell in record if cell and vocabulary.is_known(cell))


def _best_header(above: Sequence[Record], width: int) -> int | None:
    """The record with most column words, then with most filled cells, then the lowest."""

    def rank(index: int) -> tuple[int, int, int]:
        record = above[index]
        return (_known(record), sum(1 for cell in record if cell and cell.strip()), index)

    fitting = [
        index for index, record in enumerate(above) if len(record) == width and any(cell and cell.strip() for cell in record)
    ]
    return max(fitting, key=rank) if fitting else None


def _by_names(records: Sequence[Record], width: int) -> Layout:
    """A table of words only: its header is known by its words, or by standing alone above different words."""
    for index, record in enumerate(records[:HEADER_SEARCH_RECORDS]):
        if len(record) != width:
            continue
        cells = [cell.strip() for cell in record if cell and cell.strip()]
        if cells and _known(record) * 2 >= len(cells):
            return Layout(index, index + 1, sure=True)
    full = [
        index for index, record in enumerate(records) if len(record) == width and all(cell and cell.strip() for cell in record)
    ]
    if not full or len(records) <= 2:
        return Layout(None, 0, sure=False)
    first = full[0]
    names = [str(cell).strip().lower() for cell in records[first]]
    below = {str(cell).strip().lower() for record in records[first + 1 :] for cell in record if cell}
    if len(set(names)) == len(names) and not set(names) & below:
        return Layout(first, first + 1, sure=False)
    return Layout(None, 0, sure=False)


def clean_names(cells: Sequence[str | None], width: int) -> tuple[str, ...]:
    """Column names without blanks and invisible signs; unnamed ones by position, equal ones numbered."""
    names: list[str] = []
    taken: set[str] = {ROW_COLUMN}
    for index in range(width):
        cell = (cells[index] if index < len(cells) else None) or ""
        base = " ".join(unicodedata.normalize("NFC", cell).translate(_INVISIBLE).split()) or f"column {index + 1}"
        name, count = base, 1
        while name.lower() in taken:
            count += 1
            name = f"{base} ({count})"
        taken.add(name.lower())
        names.append(name)
    return tuple(names)


def is_total(record: Record) -> bool:
    """Whether a record at the end of a table sums up instead of being one more."""
    return any(cell is not None and _TOTAL.match(cell.strip()) for cell in record)


def is_bare_total(record: Record) -> bool:
    """Whether a value of the record is nothing but a word for a total."""
    return any(cell is not None and _BARE_TOTAL.match(cell.strip()) for cell in record)


def is_subtotal(record: Record) -> bool:
    """Whether a value of the record begins with a word that is used for subtotals only."""
    return any(cell is not None and _SUBTOTAL.match(cell.strip()) for cell in record)


def is_remark(record: Record, width: int) -> bool:
    """A single text in a table of three or more columns, such as "End of report"."""
    filled = [cell for cell in record if cell and cell.strip()]
    return width >= 3 and len(filled) == 1 and kind_of(filled[0]) == "text"
