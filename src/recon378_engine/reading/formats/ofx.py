"""OFX and QFX, both the SGML of version 1, where tags need no end, and the XML of version 2."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from recon378_engine.errors import BadFile
from recon378_engine.reading.content import Content
from recon378_engine.reading.entries import Book, Entry, content_of_entries, proved
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.raw.encoding import head_as_utf8, read_text
from recon378_engine.reading.raw.source import Source

NAME = "ofx"
_START = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:OFXHEADER\s*:|(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE\s+OFX.*)?(?:<\?OFX\b|<OFX>))",
    re.IGNORECASE | re.DOTALL,
)
_TOKEN = re.compile(r"<(/?)([A-Za-z0-9_.:]+)[^<>]*?(/?)>(?:\s*<!\[CDATA\[(.{0,4000}?)\]\]>|([^<]*))", re.DOTALL)
_INVESTMENT = "INVTRAN"
_TRANSACTION = frozenset({"STMTTRN", _INVESTMENT})
_STATEMENT = frozenset({"STMTRS", "CCSTMTRS", "INVSTMTRS"})
_DAY = re.compile(r"^\s*(\d{4})(\d{2})(\d{2})")


@dataclass(slots=True)
class _State:
    """Where the reading stands among the aggregates."""

    account: str = ""
    currency: str = ""
    inside: str = ""
    line: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    balance: Decimal | None = None
    in_balance: bool = False
    in_original: bool = False  # inside ORIGCURRENCY, which tells what an amount was before it was converted
    amounts: list[Decimal] = field(default_factory=list)
    ended: bool = False


def recognises(source: Source) -> bool:
    """An OFX header or an OFX root element."""
    return _START.match(head_as_utf8(source.head)) is not None


def read(source: Source, notes: Notes) -> Content:
    """Read the transactions of all accounts. Raises BadFile for entities and for files without a statement."""
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", source.head, re.IGNORECASE):
        raise BadFile("The file defines entities or a document type, which OFX does not need; it was refused.")
    text = read_text(source.data, notes)
    notes.encoding = text.encoding
    if re.search(rb"CHARSET\s*:\s*1252", source.head) and text.encoding == "utf-8" and not source.head.isascii():
        notes.warn("The header says Windows-1252, but the text is UTF-8 and was read so.")
    whole = bytes(text.data[text.start :]).decode("utf-8", "replace")
    book, state = Book(), _State()
    for line, ends, tag, value in _tokens(whole):
        _take(line, ends, tag, value, state, book, notes)
    if state.inside:
        _refuse_cut(state, book, notes)
    if not state.ended:
        notes.refuse_row(whole.count("\n") + 1, book.next_row(), "The file ends before </OFX>; entries may be missing.")
    if not book.rows and not notes.statements:
        raise BadFile("The OFX file holds no statement.")
    return content_of_entries(book, notes)


def _tokens(text: str) -> Iterator[tuple[int, bool, str, str]]:
    """Line, whether an end tag, tag name and the text behind it."""
    line, position = 1, 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", position, match.start())
        position = match.start()
        value = match.group(4) if match.group(4) is not None else html.unescape(match.group(5) or "")
        yield line, bool(match.group(1)), match.group(2).upper(), value.strip()


def _take(line: int, ends: bool, tag: str, value: str, state: _State, book: Book, notes: Notes) -> None:
    if tag in _TRANSACTION:
        _transaction(line, ends, tag, state, book, notes)
    elif tag == "INVTRANLIST" and ends and state.inside == _INVESTMENT:
        _finish(state, book, notes)
    elif tag in _STATEMENT:
        _statement(ends, state, notes)
    elif tag == "LEDGERBAL":
        state.in_balance = not ends
    elif tag == "ORIGCURRENCY":
        state.in_original = not ends
    elif tag == "CODE" and value not in ("", "0") and not ends:
        notes.warn(f"Line {line}: the bank answered with status {value}; the statement may be incomplete.")
    elif tag == "OFX" and ends:
        state.ended = True
    elif not ends and value and not (tag == "CURSYM" and state.in_original):
        _field(tag, value, state)


def _transaction(line: int, ends: bool, tag: str, state: _State, book: Book, notes: Notes) -> None:
    """Begin or end a transaction; the total of an investment stands behind its INVTRAN, so that one ends with the next."""
    if ends:
        if state.inside == "STMTTRN":
            _finish(state, book, notes)
        return
    if state.inside == _INVESTMENT:
        _finish(state, book, notes)
    elif state.inside:
        _refuse_cut(state, book, notes)
    state.inside, state.fields, state.line, state.in_original = tag, {}, line, False


def _field(tag: str, value: str, state: _State) -> None:
    if state.inside:
        state.fields.setdefault(tag, value)
    elif state.in_balance and tag == "BALAMT":
        state.balance = _amount(value)
    elif tag == "CURDEF":
        state.currency = value
    elif tag == "ACCTID":
        state.account = value


def _statement(ends: bool, state: _State, notes: Notes) -> None:
    if not ends:
        state.amounts, state.balance, state.account, state.currency = [], None, "", ""
        return
    proved(state.account, "", state.currency, None, state.balance, state.amounts, notes)


def _refuse_cut(state: _State, book: Book, notes: Notes) -> None:
    raw = " ".join(f"{tag}={value}" for tag, value in state.fields.items())
    notes.refuse_row(state.line, book.next_row(), "The transaction is cut off.", raw)
    state.inside = ""


def _amount(text: str) -> Decimal | None:
    """An amount with a dot or a comma as decimal mark; with both, the last one is it. `1,234` means two things and is none."""
    bare = text.strip().replace(" ", "").replace("'", "")
    if re.fullmatch(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}", bare):
        return None
    if bare.count(",") > 1 and "." not in bare:
        bare = bare.replace(",", "")
    if "," in bare and "." in bare:
        group = "," if bare.rfind(".") > bare.rfind(",") else "."
        bare = bare.replace(group, "")
    try:
        amount = Decimal(bare.replace(",", "."))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _day(text: str) -> date | None:
    """The day as written; the zone behind it is not applied."""
    match = _DAY.match(text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _finish(state: _State, book: Book, notes: Notes) -> None:
    """Turn the collected fields into an entry or a bad row."""
    row, fields, kind = book.next_row(), state.fields, state.inside
    state.inside = ""
    day = _day(fields.get("DTPOSTED") or fields.get("DTTRADE") or fields.get("DTSETTLE") or "")
    written = fields.get("TRNAMT") or fields.get("TOTAL")
    amount = _amount(written) if written else None
    raw = " ".join(f"{tag}={value}" for tag, value in fields.items())
    if day is None:
        notes.refuse_row(state.line, row, "The transaction has no valid date (DTPOSTED).", raw)
        return
    if amount is None and kind == "STMTTRN":
        notes.refuse_row(state.line, row, f"'{written or ''}' is not an amount (TRNAMT).", raw)
        return
    state.amounts.extend([amount] if amount is not None else [])
    book.entries.append(
        Entry(
            state.line,
            row,
            day,
            amount,
            currency=fields.get("CURSYM", "") or state.currency,
            description=fields.get("NAME") or fields.get("PAYEEID") or fields.get("MEMO", ""),
            id=fields.get("FITID", ""),
            value_date=_day(fields.get("DTAVAIL", "") or fields.get("DTUSER", "")),
            reference=fields.get("CHECKNUM") or fields.get("REFNUM", ""),
            memo=fields.get("MEMO", ""),
            type=fields.get("TRNTYPE", ""),
            account=state.account,
        )
    )
