"""XML of records: a list of equal elements, whose children and attributes are the columns."""

import re
from collections import Counter

from recon378_engine.errors import BadFile
from recon378_engine.reading.content import Content
from recon378_engine.reading.limits import Limits
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.raw.source import Source
from recon378_engine.reading.raw.xmlhead import xml_head
from recon378_engine.reading.raw.xmlstream import Node, Watch, stream
from recon378_engine.reading.tabular import Tabular
from recon378_engine.reading.values.cells import cells_of

NAME = "xml"
PARTS_A_COLUMN = 4
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"


def recognises(source: Source) -> bool:
    """Anything that begins with a tag, HTML apart."""
    head = xml_head(source.head)
    return head is not None and not re.match(r"(?:<!doctype html|<html|<table|<meta|<head|<body|<div)", head, re.IGNORECASE)


def read(source: Source, notes: Notes) -> Content:
    """Read the records. Raises BadFile when no element repeats."""
    head = xml_head(source.head) or ""
    if _SPREADSHEET in head:
        raise BadFile("The file is a SpreadsheetML document of Excel 2003; save it as XLSX or CSV.")
    root = stream(source.data, Watch(frozenset(), lambda node, parents: None), notes.limits)
    notes.encoding = "utf-8"
    records = _records(root)
    if not records:
        raise BadFile(f"The XML (root element {root.name}) is not a known bank format and holds no list of records.")
    rows = [_flat(record, notes.limits) for record in records]
    names = list(dict.fromkeys(name for row in rows for name in row))
    if not names or len(names) > notes.limits.columns_max:
        raise BadFile(
            f"The records of the XML have {len(names):,} fields; between 1 and {notes.limits.columns_max:,} can be read."
        )
    cells = cells_of([[row.get(name) for name in names] for row in rows], len(names), [record.line for record in records])
    return Tabular(names, lambda: iter([cells]), frozenset(), notes).read()


def _records(root: Node) -> list[Node]:
    """The largest group of equally named siblings that hold fields."""
    best: list[Node] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        counts = Counter(child.name for child in node.children)
        for name, count in counts.items():
            if count < 2 or count <= len(best):
                continue
            group = [child for child in node.children if child.name == name]
            if any(child.children or child.attributes for child in group):
                best = group
        waiting.extend(node.children)
    if not best:
        with_fields = [
            child for child in root.children if child.children and not any(deeper.children for deeper in child.children)
        ]
        best = with_fields if len(with_fields) == 1 else []
    return best


def _flat(record: Node, limits: Limits) -> dict[str, str]:
    """Attributes and leaf elements by path; repeated ones joined. Raises BadFile for a record of too many parts."""
    fields: dict[str, str] = dict(record.attributes)
    if record.text.strip() and not record.children:
        fields[record.name] = record.text.strip()
    waiting = [("", child) for child in reversed(record.children)]
    parts = 0
    while waiting:
        prefix, node = waiting.pop()
        parts += 1
        if parts > PARTS_A_COLUMN * limits.columns_max:
            raise BadFile(f"Line {record.line}: a record of the XML has more than {parts - 1:,} parts.", line=record.line)
        name = f"{prefix}{node.name}"
        for key, value in node.attributes.items():
            fields[f"{name} {key}"] = value
        if node.children:
            waiting += [(f"{name} ", child) for child in reversed(node.children)]
        elif name in fields:
            fields[name] += f"; {node.text.strip()}"
        else:
            fields[name] = node.text.strip()
    return fields
