"""BAI2 cash management files: records by code, continuations, amounts in minor units, control totals checked at three levels."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from recon378_engine.errors import BadFile
from recon378_engine.reading.content import Content
from recon378_engine.reading.entries import Book, Entry, content_of_entries, proved
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.raw.encoding import head_as_utf8, read_text
from recon378_engine.reading.raw.source import Source
from recon378_engine.reading.values.currencies import minor_units

NAME = "bai2"
_START = re.compile(rb"\s*(?:\xef\xbb\xbf)?0[01],[^,\n]*,[^,\n]*,[0-9/]{6,8},[0-9]{0,4},[^,\n]*,[^,\n]*,[^,\n]*,[0-9]*\s*/")
_CODES = "01|02|03|16|49|88|98|99"
_RECORD = re.compile(rf"^\s*({_CODES}),")
_GLUED = re.compile(rf"/\s+(?=(?:{_CODES}),)")
OPENING, CLOSING = "010", "015"
CREDIT, DEBIT = range(100, 400), range(400, 700)


@dataclass(frozen=True, slots=True)
class _Record:
    line: int
    code: str
    text: str
    physical: int = 1

    @property
    def fields(self) -> list[str]:
        return self.text.rstrip().removesuffix("/").split(",")


@dataclass(slots=True)
class _Account:
    """The account being read: sums as in the file, in minor units."""

    number: str = ""
    currency: str = ""
    opening: int | None = None
    closing: int | None = None
    control: int = 0
    amounts: list[Decimal] = field(default_factory=list)


@dataclass(slots=True)
class _Totals:
    """Control totals of the groups and of the file as they add up."""

    group: int = 0
    file: int = 0
    day: date | None = None
    currency: str = ""
    group_number: int = 0
    account_records: int = 0
    group_records: int = 0
    file_records: int = 0


def recognises(source: Source) -> bool:
    """A file header record: 01 and eight more fields."""
    return _START.match(head_as_utf8(source.head)) is not None


def read(source: Source, notes: Notes) -> Content:
    """Read all transactions. Raises BadFile when the file does not begin with a header record."""
    text = read_text(source.data, notes)
    notes.encoding = text.encoding
    records = list(_records(bytes(text.data[text.start :]).decode("utf-8", "replace")))
    if not records or records[0].code != "01":
        raise BadFile("The file looks like BAI2 but does not begin with a header record (01).")
    book, totals, account = Book(), _Totals(), _Account()
    for record in records:
        account = _take(record, account, totals, book, notes)
    if records[-1].code != "99":
        notes.warn("The file trailer (99) is missing, so the file may be cut off; its totals could not be checked.")
    return content_of_entries(book, notes)


def _records(text: str) -> Iterator[_Record]:
    """Logical records: continuations (88) and wrapped lines joined, several records on one line split."""
    pieces: list[tuple[str, bool]] = []  # of the record being read, and whether each is a continuation
    first, code = 0, ""
    for number, line in enumerate(text.splitlines(), start=1):
        for piece in _GLUED.split(line):
            match = _RECORD.match(piece)
            if match and match.group(1) != "88":
                if code:
                    yield _joined(first, code, pieces)
                first, code, pieces = number, match.group(1), [(piece.strip(), False)]
            elif code and piece.strip():
                pieces.append((piece.strip(), match is not None))
    if code:
        yield _joined(first, code, pieces)


def _joined(line: int, code: str, pieces: list[tuple[str, bool]]) -> _Record:
    """One record of its pieces: fields of an account (03) go on after a comma, words after a blank."""
    parts = [pieces[0][0]]
    for text, continued in pieces[1:]:
        if not continued:
            parts.append(f" {text}")
            continue
        body, before = text[3:], parts[-1].rstrip().removesuffix("/")
        if code == "03":
            parts[-1] = before
            parts.append(body if before.endswith(",") and body.startswith(",") else f",{body}")
        else:
            parts[-1] = before.rstrip()
            parts.append(f" {body.strip()}")
    return _Record(line, code, "".join(parts), 1 + sum(continued for _, continued in pieces))


def _take(record: _Record, account: _Account, totals: _Totals, book: Book, notes: Notes) -> _Account:
    fields = record.fields
    totals.file_records += record.physical
    totals.group_records = record.physical if record.code == "02" else totals.group_records + record.physical
    totals.account_records = record.physical if record.code == "03" else totals.account_records + record.physical
    match record.code:
        case "02":
            totals.group, totals.day = 0, _day(fields[4] if len(fields) > 4 else "")
            totals.currency = fields[6] if len(fields) > 6 else ""
            totals.group_number += 1
        case "03":
            account = _account(fields, totals)
        case "16":
            _transaction(record, account, totals, book, notes)
        case "49":
            _check(f"Account {account.number}", account.control, fields, record.line, notes)
            _count(f"Account {account.number}", totals.account_records, fields, 2, notes)
            totals.group += _integer(fields[1] if len(fields) > 1 else "") or 0
            _prove(account, totals, notes)
        case "98":
            _check(f"Group {totals.group_number}", totals.group, fields, record.line, notes)
            _count(f"Group {totals.group_number}", totals.group_records, fields, 3, notes)
            totals.file += _integer(fields[1] if len(fields) > 1 else "") or 0
        case "99":
            _check("The file", totals.file, fields, record.line, notes)
            _count("The file", totals.file_records, fields, 3, notes)
        case _:
            pass
    return account


def _day(yymmdd: str) -> date | None:
    try:
        return date(2000 + int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:6]))
    except ValueError:
        return None


def _integer(text: str) -> int | None:
    cleaned = text.strip()
    return int(cleaned) if re.fullmatch(r"[+-]?[0-9]+", cleaned) else None


def _account(fields: Sequence[str], totals: _Totals) -> _Account:
    """Balances and summaries of an account: type, amount, count, funds type and what that brings along."""
    account = _Account(
        number=fields[1] if len(fields) > 1 else "", currency=(fields[2] if len(fields) > 2 else "") or totals.currency
    )
    position = 3
    while position + 1 < len(fields):
        kind, amount = fields[position].strip(), _integer(fields[position + 1])
        if amount is not None:
            account.control += amount
            account.opening = amount if kind == OPENING else account.opening
            account.closing = amount if kind == CLOSING else account.closing
        position += 4 + _funds_fields(fields, position + 3)
    return account


def _funds_fields(fields: Sequence[str], position: int) -> int:
    """How many fields a funds type brings along: S three amounts, V date and time, D a count of pairs."""
    kind = fields[position].strip().upper() if position < len(fields) else ""
    if kind == "S":
        return 3
    if kind == "V":
        return 2
    if kind == "D":
        return 1 + 2 * ((_integer(fields[position + 1]) or 0) if position + 1 < len(fields) else 0)
    return 0


def _transaction(record: _Record, account: _Account, totals: _Totals, book: Book, notes: Notes) -> None:
    row = book.next_row()
    fields = record.text.rstrip().removesuffix("/").split(",")
    kind, amount = fields[1].strip(), _integer(fields[2]) if len(fields) > 2 else None
    if amount is None or not kind.isdigit():
        notes.refuse_row(record.line, row, f"'{','.join(fields[1:3])}' is not a transaction code and an amount.", record.text)
        return
    account.control += amount
    code = int(kind)
    if code not in CREDIT and code not in DEBIT:
        notes.warn(
            f"Line {record.line}: transaction code {kind} is neither credit (100-399) nor debit (400-699); its sign was kept."
        )
    decimals = minor_units(account.currency)
    value = Decimal(-amount if code in DEBIT else amount).scaleb(-decimals)
    rest = fields[4 + _funds_fields(fields, 3) :]
    account.amounts.append(value)
    book.entries.append(
        Entry(
            record.line,
            row,
            totals.day,
            value,
            currency=account.currency,
            description=",".join(rest[2:]).strip().removesuffix("/").strip(),
            id=rest[0].strip() if rest else "",
            reference=rest[1].strip() if len(rest) > 1 else "",
            type=kind,
            account=account.number,
        )
    )


def _check(what: str, summed: int, fields: Sequence[str], line: int, notes: Notes) -> None:
    """Compare a control total with what was added up."""
    stated = _integer(fields[1]) if len(fields) > 1 else None
    if stated is None:
        notes.warn(f"Line {line}: the control total is not a number.")
    elif stated != summed:
        notes.warn(
            f"{what}: control total {stated} on line {line} differs from the sum {summed} of its amounts by {stated - summed}."
        )


def _count(what: str, counted: int, fields: Sequence[str], position: int, notes: Notes) -> None:
    """Compare the stated number of records with those that are there."""
    stated = _integer(fields[position]) if len(fields) > position else None
    if stated is not None and stated != counted:
        notes.warn(f"{what}: its trailer counts {stated} records, {counted} are there.")


def _prove(account: _Account, totals: _Totals, notes: Notes) -> None:
    decimals = minor_units(account.currency)

    def scaled(amount: int | None) -> Decimal | None:
        return None if amount is None else Decimal(amount).scaleb(-decimals)

    proved(
        account.number,
        "",
        account.currency,
        scaled(account.opening),
        scaled(account.closing),
        account.amounts,
        notes,
        closing_date=totals.day,
    )
