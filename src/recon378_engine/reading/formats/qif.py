"""QIF, the interchange format of personal finance programs: lines that begin with a letter, records that end with a caret."""

import re
from dataclasses import dataclass, field, replace

import polars as pl

from recon378_engine.errors import BadFile
from recon378_engine.reading.content import Content
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.raw.encoding import head_as_utf8, read_text
from recon378_engine.reading.raw.source import Source
from recon378_engine.reading.tabular import Tabular
from recon378_engine.reading.values.cells import cells_of

NAME = "qif"
_START = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*!(?:Type|Account|Option|Clear)[:\s]", re.IGNORECASE)
LETTERS = {
    "D": "date",
    "T": "amount",
    "U": "amount",
    "P": "description",
    "N": "id",
    "M": "memo",
    "L": "category",
    "C": "cleared",
    "A": "address",
}
NAMES = ("date", "amount", "description", "id", "memo", "category", "cleared", "address")
MONEY = ("bank", "cash", "ccard", "oth a", "oth l")


@dataclass(slots=True)
class _Section:
    """Records of all money sections, and the record being read."""

    kind: str = ""
    records: list[list[str | None]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    count: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    first_line: int = 0


def recognises(source: Source) -> bool:
    """A line such as !Type:Bank at the start."""
    return _START.match(head_as_utf8(source.head)) is not None


def read(source: Source, notes: Notes) -> Content:
    """Read the transactions of bank, cash and card sections. Raises BadFile when there are none."""
    text = read_text(source.data, notes)
    notes.encoding = text.encoding
    section = _Section()
    unread: set[str] = set()
    for number, line in enumerate(bytes(text.data[text.start :]).decode("utf-8", "replace").splitlines(), start=1):
        if line.startswith("!"):
            _finish(section, notes)
            section.kind = line.partition(":")[2].strip().lower() if line.lower().startswith("!type") else "list"
            if section.kind not in (*MONEY, "list"):
                unread.add(section.kind)
        elif section.kind in MONEY:
            _take(line, number, section, notes)
    _finish(section, notes)
    if not section.count:
        kinds = ", ".join(sorted(unread)) or "none"
        raise BadFile(
            f"The QIF file holds no bank, cash or card transactions (sections: {kinds}); investment lists are not read."
        )
    if unread:
        notes.warn(f"Sections that hold no payments were left out: {', '.join(sorted(unread))}.")
    kept = [index for index, name in enumerate(NAMES) if index < 4 or any(record[index] for record in section.records)]
    records = [[record[index] for index in kept] for record in section.records]
    cells = replace(cells_of(records, len(kept), section.lines), rows=pl.Series(section.rows, dtype=pl.UInt32))
    return Tabular([NAMES[index] for index in kept], lambda: iter([cells]), frozenset(), notes).read()


def _take(line: str, number: int, section: _Section, notes: Notes) -> None:
    """One line: a caret ends the record, letters of splits (S, E, $) are parts of it."""
    if line.startswith("^"):
        _finish(section, notes)
        return
    if not line.strip():
        return
    section.first_line = section.first_line or number
    name = LETTERS.get(line[0])
    if name == "address" and name in section.fields:
        section.fields[name] += " " + line[1:].strip()
    elif name and name not in section.fields:
        value = line[1:].strip()
        section.fields[name] = value.replace("' ", "'0") if name == "date" else value  # 1/13' 5 is of 2005


def _finish(section: _Section, notes: Notes) -> None:
    """Keep the record, or refuse it when it has no date or no amount."""
    lacking = next((name for name in ("date", "amount") if not section.fields.get(name)), "")
    if section.fields and lacking:
        raw = " | ".join(f"{name}={value}" for name, value in section.fields.items())
        notes.refuse_row(section.first_line, section.count, f"The transaction has no {lacking}.", raw)
    elif section.fields:
        section.records.append([section.fields.get(name) for name in NAMES])
        section.lines.append(section.first_line)
        section.rows.append(section.count)
    section.count += bool(section.fields)
    section.fields, section.first_line = {}, 0
