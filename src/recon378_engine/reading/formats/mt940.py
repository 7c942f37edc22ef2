"""SWIFT MT940 and MT942 statements, with the habits of banks that bend them: broken lines, 30 February, glued envelopes."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from recon378_engine.errors import BadFile
from recon378_engine.reading.content import Content
from recon378_engine.reading.entries import Book, Entry, content_of_entries, proved
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.raw.encoding import head_as_utf8, read_text
from recon378_engine.reading.raw.source import Source

NAME = "mt940"
_START = re.compile(
    rb"[\x00-\x20]*(?:\xef\xbb\xbf)?\s*(?:[A-Z0-9]{3,12}\s*\n){0,3}(?:\{[0-9]:.*?\{4:\s*)?(?::940:\s*)?:(?:20|25|28C?|60[FM]|61|62[FM]|86):",
    re.DOTALL,
)
ENTRY_CHARACTERS_MAX = 1_000  # the standard allows some hundred
_ENVELOPE = re.compile(r"^[A-Z0-9]{3,12}$")
_TAG = re.compile(r"^:(\d{2}[A-Z]?):(.*)$")
_ENTRY = re.compile(
    r"^(?P<value>\d{6})(?P<booked>\d{4})?\s*(?P<mark>R?[CD]|E[CD])(?P<funds>[A-Z])?\s*(?P<amount>\d+[,.]\d*)(?![0-9,.])"
    r"(?P<type>[A-Z][A-Z0-9]{2}[A-Z0-9 ])?(?P<reference>.*?)(?://(?P<bank>[^\n]*))?(?:\n(?P<more>.*))?$",
    re.DOTALL,
)
_BALANCE = re.compile(r"^(?P<mark>[CD])(?P<date>\d{6})(?P<currency>[A-Z]{3})(?P<amount>\d+[,.]\d*)")
_SUM = re.compile(r"^(?P<count>\d{1,5})[A-Z]{3}(?P<amount>\d+[,.]\d*)$")
_SUBFIELD = re.compile(r"\?(\d{2})")
_NEGATIVE = frozenset({"D", "RC", "ED"})
_EMPTY = frozenset({"", "NONREF", "NOREF"})


@dataclass(slots=True)
class _Open:
    """The statement being read."""

    account: str = ""
    number: str = ""
    currency: str = ""
    opening: tuple[Decimal, date | None] | None = None
    closing: tuple[Decimal, date | None] | None = None
    entries: list[Entry] = field(default_factory=list)
    refused: list[Decimal] = field(default_factory=list)
    begun: bool = False
    stated: list[tuple[str, str, int]] = field(default_factory=list)  # MT942: side, "count and sum" as written, line


def recognises(source: Source) -> bool:
    """A tag such as :20: or :61: at the very start, with or without a SWIFT envelope."""
    return _START.match(head_as_utf8(source.head)) is not None


def read(source: Source, notes: Notes) -> Content:
    """Read all statements of the file. Raises BadFile when it holds none."""
    text = read_text(source.data, notes)
    notes.encoding = text.encoding
    book, statement = Book(), _Open()
    whole = bytes(text.data[text.start :]).decode("utf-8", "replace")
    for line, tag, value in _fields(whole, notes):
        if tag in ("20", "60F", "60M") and statement.closing is not None:
            _close(statement, book, notes)
            statement = _Open(account=statement.account)
        _take(tag, value, line, statement, book, notes)
    _close(statement, book, notes)
    if not notes.statements:
        raise BadFile("The file has SWIFT tags but no statement with balances or entries.")
    return content_of_entries(book, notes)


def _fields(text: str, notes: Notes) -> Iterator[tuple[int, str, str]]:
    """Line, tag and value of each field; lines without a tag belong to the field above."""
    line, tag, lines = 0, "", list[str]()
    for number, raw in enumerate(text.splitlines(), start=1):
        body = re.sub(r"^\{[0-9]:.*\{4:\s*$", "", raw)
        match = _TAG.match(body)
        if match:
            if tag:
                yield line, tag, "\n".join(lines)
            line, tag, lines = number, match.group(1), [match.group(2)]
        elif body.strip() in ("-", "-}") or body.startswith(("-}", "{1:", "{5:")):
            if tag:
                yield line, tag, "\n".join(lines)
            tag = ""
        elif tag:
            lines.append(body)
        elif body.strip() and (line or not _ENVELOPE.match(body.strip())):
            notes.warn(f"Line {number} stands outside of any statement and was left out: {body.strip()[:60]}")
            notes.skipped += 1
    if tag:
        yield line, tag, "\n".join(lines)


def _take(tag: str, value: str, line: int, statement: _Open, book: Book, notes: Notes) -> None:
    statement.begun = True
    match tag:
        case "25":
            if not statement.entries:
                statement.account = value.strip()
            else:
                _describe(value, statement)  # some banks write the details of an entry under the wrong tag
        case "28" | "28C":
            statement.number = value.strip()
        case "60F" | "60M":
            statement.opening = _balance(value, statement)
        case "62F" | "62M":
            statement.closing = _balance(value, statement)
        case "61":
            _entry(value, line, statement, book, notes)
        case "34F":
            statement.currency = statement.currency or value.strip()[:3]
        case "90C" | "90D":
            statement.stated.append((tag[2], value.strip(), line))
        case "86":
            _describe(value, statement)
        case _:
            pass


def _balance(value: str, statement: _Open) -> tuple[Decimal, date | None] | None:
    match = _BALANCE.match(value.strip())
    if match is None:
        return None
    amount = _amount(match["amount"])
    statement.currency = match["currency"]
    return (-amount if match["mark"] == "D" else amount), _day(match["date"])[0]


def _amount(text: str) -> Decimal:
    return Decimal(text.replace(",", ".").rstrip(".") or "0")


def _day(yymmdd: str) -> tuple[date | None, bool]:
    """The date, and whether it had to be moved to the last day of its month (interest is booked on 30 February)."""
    year, month, day = 2000 + int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:])
    year = year - 100 if year >= 2080 else year
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return None, False
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day, last)), day > last


def _booked(value: date, mmdd: str) -> tuple[date | None, bool]:
    """The booking day in the year that brings it nearest to the value day."""
    found: list[tuple[date, bool]] = []
    for year in (value.year - 1, value.year, value.year + 1):
        day, moved = _day(f"{year % 100:02d}{mmdd}")
        if day is not None:
            found.append((day, moved))
    return min(found, key=lambda item: abs((item[0] - value).days), default=(None, False))


def _entry(text: str, line: int, statement: _Open, book: Book, notes: Notes) -> None:
    row = book.next_row()
    entry = text.strip()[:ENTRY_CHARACTERS_MAX]
    match = _ENTRY.match(entry) or _ENTRY.match(entry.replace("\n", "", 1))
    if match is None:
        notes.refuse_row(line, row, "The statement line does not have the form of an MT940 entry.", text)
        return
    unsigned = _amount(match["amount"])
    amount = -unsigned if match["mark"] in _NEGATIVE else unsigned
    value, moved = _day(match["value"])
    if value is None:
        statement.refused.append(amount)
        notes.refuse_row(line, row, f"'{match['value']}' is not a date.", text)
        return
    booked, booked_moved = _booked(value, match["booked"]) if match["booked"] else (value, moved)
    if booked is None or (booked_moved if match["booked"] else moved):
        notes.warn(
            f"Line {line}: the date {match['booked'] or match['value']} does not exist; the last day of that month was taken."
        )
    reference, bank = match["reference"].strip(), (match["bank"] or "").strip()
    statement.entries.append(
        Entry(
            line,
            row,
            booked or value,
            amount,
            currency=statement.currency,
            value_date=None if moved else value,
            reference="" if reference in _EMPTY else reference,
            id=next((name for name in (bank, reference) if name not in _EMPTY), ""),
            type=match["type"] or "",
            memo=" ".join((match["more"] or "").split()),
            account=statement.account,
            statement=statement.number,
        )
    )


def _describe(value: str, statement: _Open) -> None:
    """Add the details under an entry: plain text, or numbered subfields of German banks."""
    if not statement.entries:
        return
    entry = statement.entries[-1]
    parts = _SUBFIELD.split(value.replace("\n", ""))
    if len(parts) < 3:
        text = " ".join([entry.description, *value.split("\n")]).strip()
        statement.entries[-1] = replace(entry, description=text)
        return
    fields = list(zip(parts[1::2], parts[2::2], strict=True))

    def joined(*codes: int) -> str:
        return "".join(text for code, text in fields if int(code) in codes).strip()

    description = joined(*range(20, 30), *range(60, 64)) or joined(0)
    statement.entries[-1] = replace(
        entry,
        description=f"{entry.description} {description}".strip(),
        counterparty=joined(32, 33),
        counterparty_account=joined(31),
        type=joined(0) or entry.type,
    )


def _check_sums(statement: _Open, notes: Notes) -> None:
    """Compare the numbers and sums of debits and credits that an interim report (MT942) states."""
    for side, written, line in statement.stated:
        match = _SUM.match(written)
        sign = -1 if side == "D" else 1
        amounts = [entry.amount * sign for entry in statement.entries if entry.amount is not None and entry.amount * sign > 0]
        if match and (int(match["count"]), _amount(match["amount"])) != (len(amounts), sum(amounts, Decimal(0))):
            what = "debits" if side == "D" else "credits"
            notes.warn(f"Line {line}: {written} {what} are stated, but {len(amounts)} of {sum(amounts, Decimal(0))} are there.")


def _close(statement: _Open, book: Book, notes: Notes) -> None:
    """Prove the statement and hand its entries over."""
    if not statement.begun or (
        statement.opening is None and statement.closing is None and not statement.entries and not statement.refused
    ):
        return
    _check_sums(statement, notes)
    named = [
        replace(entry, currency=entry.currency or statement.currency, description=entry.description or entry.memo)
        for entry in statement.entries
    ]
    book.entries.extend(named)
    amounts = [entry.amount for entry in named if entry.amount is not None] + statement.refused
    opening, closing = statement.opening or (None, None), statement.closing or (None, None)
    proved(
        statement.account, statement.number, statement.currency, opening[0], closing[0], amounts, notes, opening[1], closing[1]
    )
