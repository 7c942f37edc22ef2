"""ISO 20022 account reports: camt.052, camt.053 and camt.054 of any version, streamed entry by entry."""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from recon378_engine.errors import BadFile
from recon378_engine.reading.content import Content
from recon378_engine.reading.entries import Book, Entry, content_of_entries, proved
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.raw.source import Source
from recon378_engine.reading.raw.xmlhead import xml_head
from recon378_engine.reading.raw.xmlstream import Node, Watch, stream

NAME = "camt"
_ROOTS = re.compile(r"<(?:[\w.-]+:)?(?:BkToCstmrStmt|BkToCstmrAcctRpt|BkToCstmrDbtCdtNtfctn)[\s>/]")
STATEMENTS = frozenset({"Stmt", "Rpt", "Ntfctn"})
_OPENING, _CLOSING = ("OPBD", "PRCD", "OPAV"), ("CLBD", "CLAV")


@dataclass(slots=True)
class _Running:
    """Amounts of the booked entries of the statement being read, of all its entries, and their number."""

    amounts: list[Decimal] = field(default_factory=list)
    all_amounts: list[Decimal] = field(default_factory=list)
    pending: int = 0
    count: int = 0


def recognises(source: Source) -> bool:
    """XML whose first 64 KiB hold the element of an account report."""
    head = xml_head(source.head)
    return head is not None and _ROOTS.search(head) is not None


def read(source: Source, notes: Notes) -> Content:
    """Read all entries, batches split into their details. Raises BadFile."""
    book, running = Book(), _Running()

    def done(node: Node, parents: tuple[Node, ...]) -> None:
        if node.name == "Ntry":
            if parents and parents[-1].name in STATEMENTS:
                _entry(node, parents[-1], running, book, notes)
        else:
            _statement(node, running, book, notes)

    stream(source.data, Watch(frozenset({"Ntry", *STATEMENTS}), done), notes.limits)
    notes.encoding = "utf-8"
    if not notes.statements:
        raise BadFile("The file is a bank message without a statement, report or notification.")
    return content_of_entries(book, notes)


def _account(statement: Node) -> str:
    return statement.value("Acct/Id/IBAN", "Acct/Id/Othr/Id", "Acct/Id/PrtryAcct/Id")


def _amount(node: Node) -> Decimal | None:
    """The signed amount, None without one or without its side: the indicator rules, a reversal flag only tells why."""
    written = node.value("Amt")
    try:
        amount = Decimal(written)
    except InvalidOperation:
        return None
    side = node.value("CdtDbtInd")
    if not amount.is_finite() or side not in ("CRDT", "DBIT"):
        return None
    return -amount if side == "DBIT" else amount


def _day(text: str) -> date | None:
    """The day as written; time and zone behind it are not applied."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _entry(node: Node, statement: Node, running: _Running, book: Book, notes: Notes) -> None:
    running.count += 1
    amount = None if node.value("Amt").startswith("-") else _amount(node)  # the indicator alone tells the sign
    status = node.value("Sts/Cd", "Sts/Prtry", "Sts")
    _count_in(amount, status, running)
    day = _day(node.value("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"))
    if amount is None or day is None:
        row = book.next_row()
        what = "amount" if amount is None else "booking date"
        notes.refuse_row(node.line, row, f"The entry has no valid {what}.", node.value("AcctSvcrRef", "NtryRef"))
        return
    currency = node.find("Amt")
    base = Entry(
        node.line,
        0,
        day,
        amount,
        currency=currency.attributes.get("Ccy", "") if currency else "",
        id=node.value("AcctSvcrRef", "NtryRef"),
        value_date=_day(node.value("ValDt/Dt", "ValDt/DtTm")),
        status=status,
        type=_bank_code(node) + (" reversal" if node.value("RvslInd") == "true" else ""),
        account=_account(statement),
        statement=statement.value("ElctrncSeqNb", "LglSeqNb", "Id"),
    )
    book.entries.extend(_lines(node, base, amount, book, notes))


def _count_in(amount: Decimal | None, status: str, running: _Running) -> None:
    """Count an entry; one that is pending or for information does not move the booked balances."""
    booked = status in ("", "BOOK")
    running.pending += not booked
    if amount is not None:
        running.all_amounts.append(amount)
        running.amounts.extend([amount] if booked else [])


def _bank_code(node: Node) -> str:
    domain = [node.value(f"BkTxCd/Domn/{path}") for path in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd")]
    return "-".join(part for part in domain if part) or node.value("BkTxCd/Prtry/Cd")


def _lines(node: Node, base: Entry, amount: Decimal, book: Book, notes: Notes) -> list[Entry]:
    """One line, or one a detail where the details of a batch add up to the entry."""
    details = [detail for group in node.all("NtryDtls") for detail in group.all("TxDtls")]
    info = node.value("AddtlNtryInf")
    if len(details) < 2:
        return [_detailed(base, details[0] if details else None, info, amount, book.next_row())]
    sign = -1 if amount < 0 else 1
    amounts = [_detail_amount(detail, sign) for detail in details]
    known = [part for part in amounts if part is not None]
    name = base.id or f"on line {node.line}"
    if len(known) < len(amounts) or sum(known) != amount:
        notes.warn(
            f"Entry {name}: its {len(details)} details make {sum(known)}, the entry says {amount}; it was kept as one line."
        )
        return [_detailed(base, details[0], info, amount, book.next_row())]
    notes.warn(f"Entry {name}: its {len(details)} details add up to {amount}; they came in as {len(details)} lines.")
    lines = []
    for detail, part in zip(details, known, strict=True):
        line = _detailed(base, detail, info, part, book.next_row())
        lines.append(_of_batch(line, detail, base.id or f"{base.statement}/{node.line}", amount))
    return lines


def _of_batch(line: Entry, detail: Node, parent: str, amount: Decimal) -> Entry:
    own = detail.value("Refs/AcctSvcrRef", "Refs/TxId", "Refs/EndToEndId", "Refs/InstrId")
    return replace(line, id=own or line.id, entry=parent, entry_amount=amount)


def _detail_amount(detail: Node, sign: int) -> Decimal | None:
    """The amount of a detail in the direction of its own indicator, or of its entry."""
    written = detail.value("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")
    try:
        amount = Decimal(written)
    except InvalidOperation:
        return None
    own = detail.value("CdtDbtInd")
    return amount * ((-1 if own == "DBIT" else 1) if own else sign)


def _detailed(base: Entry, detail: Node | None, info: str, amount: Decimal, row: int) -> Entry:
    """The line with what its detail tells."""
    if detail is None:
        return replace(base, row=row, amount=amount, description=info)
    remittance = " ".join(node.text.strip() for group in detail.all("RmtInf") for node in group.all("Ustrd") if node.text.strip())
    structured = detail.value("RmtInf/Strd/CdtrRefInf/Ref")
    other = "Dbtr" if amount > 0 else "Cdtr"
    return replace(
        base,
        row=row,
        amount=amount,
        description=remittance or structured or detail.value("AddtlTxInf") or info,
        reference=_meaningful(detail.value("Refs/EndToEndId"))
        or structured
        or _meaningful(detail.value("Refs/InstrId", "Refs/TxId")),
        counterparty=detail.value(f"RltdPties/{other}/Nm", f"RltdPties/{other}/Pty/Nm", f"RltdPties/Ultmt{other}/Nm"),
        counterparty_account=detail.value(f"RltdPties/{other}Acct/Id/IBAN", f"RltdPties/{other}Acct/Id/Othr/Id"),
    )


def _meaningful(reference: str) -> str:
    return "" if reference.upper() in ("NOTPROVIDED", "NONREF", "NOT PROVIDED") else reference


def _statement(node: Node, running: _Running, book: Book, notes: Notes) -> None:
    """Prove a statement at its end, by its balances and by its count of entries."""
    balances = node.all("Bal")
    opening, closing = _balance(balances, _OPENING), _balance(balances, _CLOSING)
    number = node.value("ElctrncSeqNb", "LglSeqNb", "Id")
    currency = node.value("Acct/Ccy") or next(
        (amount.attributes.get("Ccy", "") for bal in balances if (amount := bal.find("Amt"))), ""
    )
    proved(_account(node), number, currency, opening[0], closing[0], running.amounts, notes, opening[1], closing[1])
    if running.pending:
        notes.warn(f"Statement {number}: {running.pending} of its {running.count} entries are not booked; see column 'status'.")
    _check_summary(node, number, running, notes)
    running.amounts, running.all_amounts, running.pending, running.count = [], [], 0, 0


def _check_summary(node: Node, number: str, running: _Running, notes: Notes) -> None:
    """Compare the numbers and sums that the statement says of itself with its entries."""
    credit = [amount for amount in running.all_amounts if amount >= 0]
    debit = [-amount for amount in running.all_amounts if amount < 0]
    for tag, what, amounts in (
        ("TtlNtries", "entries", credit + debit),
        ("TtlCdtNtries", "credits", credit),
        ("TtlDbtNtries", "debits", debit),
    ):
        count = node.value(f"TxsSummry/{tag}/NbOfNtries")
        present = running.count if tag == "TtlNtries" else len(amounts)
        if count.isdigit() and int(count) != present:
            notes.warn(f"Statement {number}: it says {count} {what}, but {present} are in the file.")
        stated, summed = _decimal(node.value(f"TxsSummry/{tag}/Sum")), sum(amounts, Decimal(0))
        if stated is not None and stated != summed:
            notes.warn(f"Statement {number}: it says {what} of {stated}, but those in the file make {summed}.")


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _balance(balances: list[Node], codes: tuple[str, ...]) -> tuple[Decimal | None, date | None]:
    for code in codes:
        for balance in balances:
            if balance.value("Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry", "Tp/Cd") == code:
                return _amount(balance), _day(balance.value("Dt/Dt", "Dt/DtTm"))
    return None, None
