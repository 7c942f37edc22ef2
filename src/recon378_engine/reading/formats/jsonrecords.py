"""JSON: a list of objects, an object that holds one, or one object a line (NDJSON). Numbers keep the digits as written."""

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from recon378_engine.errors import BadFile
from recon378_engine.reading.content import Content
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.raw.encoding import Text, head_as_utf8, read_text
from recon378_engine.reading.raw.source import Source
from recon378_engine.reading.tabular import Tabular
from recon378_engine.reading.values.cells import Cells, cells_of

NAME = "json"
_START = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:\{\s*[\"}]|\[\s*(?:[\[{\"\]]|-?[0-9]|true|false|null))")
BATCH_RECORDS = 20_000
WHOLE_BYTES_MAX = 256 << 20
_UNFIT = re.compile("[\x00\ud800-\udfff]")
Flat = dict[str, str | None]


class _Number(str):
    """The digits of a JSON number."""

    __slots__ = ()


def recognises(source: Source) -> bool:
    """Text that begins like an object or an array."""
    return _START.match(head_as_utf8(source.head)) is not None


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
    return json.loads(text, parse_float=_Number, parse_int=_Number, parse_constant=_Number, object_pairs_hook=_object_of)


def _object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; two values under one name are a fault, because programs disagree on which of them counts."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the name '{twice[:60]}' occurs twice in one object")
    return found


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
    items = _items(document)
    if not items:
        raise BadFile("The JSON holds no list of objects, so there is no table in it.")
    rows: list[Flat] = []
    numbers: list[int] = []
    for row, item in enumerate(items):
        fields = _fields(item, row + 1, row, json.dumps(item, ensure_ascii=True)[:200], notes)
        if fields is not None:
            rows.append(fields)
            numbers.append(row)
    names = _names(rows, notes)
    cells = _numbered(rows, names, [number + 1 for number in numbers], numbers)
    return Tabular(names, lambda: iter([cells]), _native(names, rows), notes).read()


def _items(document: Any) -> list[Any]:
    """The list with most objects, at most three levels down; columns side by side as records; else the object itself."""
    if isinstance(document, list):
        return document if _objects(document) else []
    if not isinstance(document, dict) or not document:
        return []
    best: list[Any] = []
    level: list[Any] = [document]
    for _ in range(3):
        values = [value for item in level if isinstance(item, dict) for value in item.values()]
        for value in values:
            if isinstance(value, list) and _objects(value) > _objects(best):
                best = value
        level = values
    return best or _side_by_side(document)


def _objects(items: list[Any]) -> int:
    return sum(isinstance(item, dict) for item in items)


def _side_by_side(document: dict[str, Any]) -> list[Any]:
    """Records of an object of equally long lists; the object as the only record where it holds no lists of values."""
    columns = list(document.values())
    lists = [value for value in columns if isinstance(value, list)]
    if len(lists) == len(columns) > 1 and len({len(value) for value in lists}) == 1:
        plain = not any(isinstance(value, list) for column in lists for value in column)
        return [dict(zip(document, row, strict=True)) for row in zip(*lists, strict=True)] if plain else []
    return [] if any(len(value) > 1 for value in lists) else [document]


def _flat(record: dict[str, Any], prefix: str = "") -> Flat:
    """Nested objects as dotted names, lists as JSON text."""
    fields: Flat = {}
    for key, value in record.items():
        name = f"{prefix}{key}"
        found = _flat(value, f"{name}.") if isinstance(value, dict) else {}
        if name in fields or not fields.keys().isdisjoint(found):
            raise ValueError(f"two fields come to the name '{name[:60]}'")
        if found or isinstance(value, dict):
            fields |= found
        else:
            fields[name] = _scalar(value)
    return fields


def _scalar(value: Any) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case _:
            return json.dumps(value, ensure_ascii=False)


def _fields(item: Any, line: int, row: int, raw: str, notes: Notes) -> Flat | None:
    """The fields of a record, None after refusing what is none or holds what cannot be stored."""
    if not isinstance(item, dict):
        notes.refuse_row(line, row, "The record is not a JSON object.", raw)
        return None
    if len(item) > notes.limits.columns_max:
        raise BadFile(f"An object has {len(item):,} fields; the limit is {notes.limits.columns_max:,}.", line=line)
    try:
        fields = _flat(item)
    except (ValueError, RecursionError) as error:
        notes.refuse_row(line, row, f"The record cannot be read: {str(error)[:100]}.", raw)
        return None
    if any(_UNFIT.search(text) for name, value in fields.items() for text in (name, value or "")):
        notes.refuse_row(line, row, "The record holds a NUL or half a character (a lone surrogate).", raw)
        return None
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


def _read_lines(text: Text, notes: Notes) -> Content:
    """Read one object a line; the fields are those of the first batch and of every later one."""
    first = _sample_lines(text, notes)
    names = _names(first, notes)
    return Tabular(names, lambda: _line_batches(text, names, notes), _native(names, first), notes).read()


def _sample_lines(text: Text, notes: Notes) -> list[Flat]:
    rows: list[Flat] = []
    silent = Notes({}, notes.limits)
    for _, line in _lines(text):
        try:
            parsed = _parsed(line)
        except (ValueError, RecursionError):
            continue
        fields = _fields(parsed, 0, 0, "", silent)
        rows.extend([fields] if fields is not None else [])
        if len(rows) >= BATCH_RECORDS:
            break
    return rows


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
    cells = cells_of([[row.get(name) for name in names] for row in rows], len(names), lines)
    return Cells(cells.frame, cells.lines, pl.Series(numbers, dtype=pl.UInt32))


def _object(line: str, number: int, row: int, known: set[str], notes: Notes) -> Flat | None:
    try:
        parsed = _parsed(line)
    except (ValueError, RecursionError) as error:
        notes.refuse_row(number, row, f"The line is not well-formed JSON: {str(error)[:100]}.", line)
        return None
    fields = _fields(parsed, number, row, line, notes)
    if fields is None:
        return None
    unknown = sorted(set(fields) - known)
    if unknown:
        notes.warn(f"Line {number}: field '{unknown[0]}' occurs first after the sample and was left out.")
    return fields
