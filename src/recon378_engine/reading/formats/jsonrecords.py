"""JSON: a list of objects, an object that holds one, or one object a line (NDJSON). Numbers keep the digits as written."""

import itertools
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from recon378_engine.errors import BadFile
from recon378_engine.reading.cells import Cells, cells_of
from recon378_engine.reading.content import Content
from recon378_engine.reading.encoding import Text, read_text
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.source import Source
from recon378_engine.reading.tabular import Tabular

NAME = "json"
_START = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:\{\s*[\"}]|\[\s*(?:[\[{\"\]]|-?[0-9]|true|false|null))")
BATCH_RECORDS = 20_000
WHOLE_BYTES_MAX = 256 << 20
Flat = dict[str, str | None]


class _Number(str):
    """The digits of a JSON number."""

    __slots__ = ()


def recognises(source: Source) -> bool:
    """Text that begins like an object or an array."""
    return _START.match(source.head) is not None


def read(source: Source, notes: Notes) -> Content:
    """Read the records. Raises BadFile when the text is no JSON or holds no objects."""
    text = read_text(source.data, notes)
    notes.encoding = text.encoding
    if _is_lines(text):
        notes.format = "ndjson"
        return _read_lines(text, notes)
    return _read_whole(text, notes)


def _is_lines(text: Text) -> bool:
    """Whether the first line is a whole object and another line follows."""
    first_two = list(itertools.islice(_lines(text), 2))
    return len(first_two) == 2 and first_two[0][1].startswith("{") and _is_object(first_two[0][1])


def _is_object(line: str) -> bool:
    try:
        return isinstance(_parsed(line), dict)
    except (ValueError, RecursionError):
        return False


def _parsed(text: str) -> Any:
    return json.loads(text, parse_float=_Number, parse_int=_Number, parse_constant=_Number)


def _read_whole(text: Text, notes: Notes) -> Content:
    if len(text.data) > WHOLE_BYTES_MAX:
        raise BadFile(
            f"A JSON document of {len(text.data):,} bytes exceeds the limit of {WHOLE_BYTES_MAX:,}; give one object a line."
        )
    try:
        document = _parsed(bytes(text.data[text.start :]).decode("utf-8"))
    except RecursionError as error:
        raise BadFile("The JSON is nested too deeply to be a table.") from error
    except ValueError as error:
        raise BadFile(f"The file is not well-formed JSON: {error}.") from error
    records = _records(document)
    if not records:
        raise BadFile("The JSON holds no list of objects, so there is no table in it.")
    rows = [_flat(record) for record in records]
    names = _names(rows, notes)
    batch = [rows]
    return _tabular(names, lambda: iter(batch), notes, list(range(1, len(rows) + 1)))


def _records(document: Any) -> list[dict[str, Any]]:
    """The largest list of objects, at most three levels down."""
    if isinstance(document, list):
        return (
            [record for record in document if isinstance(record, dict)]
            if any(isinstance(record, dict) for record in document)
            else []
        )
    best: list[dict[str, Any]] = []
    level = [document]
    for _ in range(3):
        values = [value for item in level if isinstance(item, dict) for value in item.values()]
        for value in values:
            if isinstance(value, list) and len(found := [record for record in value if isinstance(record, dict)]) > len(best):
                best = found
        level = values
    return best or ([document] if isinstance(document, dict) and document else [])


def _flat(record: dict[str, Any], prefix: str = "") -> Flat:
    """Nested objects as dotted names, lists as JSON text."""
    fields: Flat = {}
    for key, value in record.items():
        name = f"{prefix}{key}"
        match value:
            case None:
                fields[name] = None
            case dict():
                fields |= _flat(value, f"{name}.")
            case bool():
                fields[name] = "true" if value else "false"
            case str():
                fields[name] = value
            case _:
                fields[name] = json.dumps(value, ensure_ascii=False)
    return fields


def _names(rows: Sequence[Flat], notes: Notes) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name for row in rows for name in row))
    if not names or len(names) > notes.limits.columns_max:
        raise BadFile(f"The objects have {len(names):,} fields; between 1 and {notes.limits.columns_max:,} can be read.")
    return names


def _native(names: Sequence[str], rows: Sequence[Flat]) -> frozenset[int]:
    """Fields that hold numbers at least as often as text."""
    native = set()
    for index, name in enumerate(names):
        values = [row.get(name) for row in rows]
        numbers = sum(isinstance(value, _Number) for value in values)
        if numbers and numbers * 2 >= sum(value is not None for value in values):
            native.add(index)
    return frozenset(native)


def _cells(rows: Sequence[Flat], names: Sequence[str], lines: list[int], first_row: int) -> Cells:
    return cells_of([[row.get(name) for name in names] for row in rows], len(names), lines, first_row)


def _tabular(names: tuple[str, ...], batches: Any, notes: Notes, lines: list[int]) -> Content:
    rows: list[Flat] = next(batches(), [])
    cells = _cells(rows, names, lines, 0)
    return Tabular(names, lambda: iter([cells]), _native(names, rows), notes).read()


def _read_lines(text: Text, notes: Notes) -> Content:
    """Read one object a line; the fields are those of the first batch and of every later one."""
    first, _ = _sample_lines(text)
    names = _names(first, notes)
    return Tabular(names, lambda: _line_batches(text, names, notes), _native(names, first), notes).read()


def _sample_lines(text: Text) -> tuple[list[Flat], int]:
    rows: list[Flat] = []
    for _, line in _lines(text):
        try:
            parsed = _parsed(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(parsed, dict):
            rows.append(_flat(parsed))
        if len(rows) >= BATCH_RECORDS:
            break
    return rows, len(rows)


def _lines(text: Text) -> Iterator[tuple[int, str]]:
    """Non-blank lines with their numbers."""
    position, number, end = text.start, 0, len(text.data)
    while position < end:
        found = text.data.find(b"\n", position)
        stop = end if found < 0 else found
        number += 1
        line = bytes(text.data[position:stop]).decode("utf-8", "replace").strip()
        position = stop + 1
        if line:
            yield number, line


def _line_batches(text: Text, names: tuple[str, ...], notes: Notes) -> Iterator[Cells]:
    rows: list[Flat] = []
    lines: list[int] = []
    numbers: list[int] = []
    known = set(names)
    for row, (number, line) in enumerate(_lines(text)):
        fields = _object(line, number, row, known, notes)
        if fields is None:
            continue
        rows.append(fields)
        lines.append(number)
        numbers.append(row)
        if len(rows) >= BATCH_RECORDS:
            yield _numbered(rows, names, lines, numbers)
            rows, lines, numbers = [], [], []
    if rows:
        yield _numbered(rows, names, lines, numbers)


def _numbered(rows: Sequence[Flat], names: Sequence[str], lines: list[int], numbers: list[int]) -> Cells:
    cells = _cells(rows, names, lines, 0)
    return Cells(cells.frame, cells.lines, pl.Series(numbers, dtype=pl.UInt32))


def _object(line: str, number: int, row: int, known: set[str], notes: Notes) -> Flat | None:
    try:
        parsed = _parsed(line)
    except (ValueError, RecursionError) as error:
        notes.refuse_row(number, row, f"The line is not well-formed JSON: {str(error)[:100]}.", line)
        return None
    if not isinstance(parsed, dict):
        notes.refuse_row(number, row, "The line is not a JSON object.", line)
        return None
    fields = _flat(parsed)
    unknown = sorted(set(fields) - known)
    if unknown:
        notes.warn(f"Line {number}: field '{unknown[0]}' occurs first after the sample and was left out.")
    return fields
