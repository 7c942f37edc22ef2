"""Records of a delimited text, parsed with patience: each fault is named with its line, and the next line is read afresh."""

import re
from dataclasses import dataclass

LINES_IN_RECORD_MAX = 500
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")


@dataclass(frozen=True, slots=True)
class Dialect:
    """An empty `delimiter` means a single column. `skip_lines` stand before anything else, such as `sep=;`."""

    delimiter: str
    quote: str = '"'
    escape: str = ""
    skip_blanks: bool = False
    skip_lines: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """One record: 1-based first line, values, the fault that keeps it out, and whether a quote stands inside a plain value.

    `offset` is the place of its first character in the text.
    """

    line: int
    fields: list[str]
    fault: str = ""
    stray_quote: bool = False
    offset: int = 0

    @property
    def blank(self) -> bool:
        return not self.fault and all(not value or value.isspace() for value in self.fields)


@dataclass(slots=True)
class _Lines:
    """Physical lines of a text with their places; a cursor that may step back after a quote that never closes."""

    text: str
    position: int = 0
    number: int = 0

    def next(self) -> tuple[str, str] | None:
        if self.position >= len(self.text):
            return None
        match = _LINE.match(self.text, self.position)
        if match is None:
            return None
        self.position = match.end()
        self.number += 1
        return match.group(1), match.group(2)


@dataclass(frozen=True, slots=True)
class Parsed:
    """Records of a text, the characters they took, and the number of the line behind them."""

    records: list[Record]
    consumed: int
    next_line: int


def parse_records(text: str, dialect: Dialect, limit: int = 0) -> list[Record]:
    """All records of a text, blank ones included, at most `limit` when it is given."""
    return parse_block(text, dialect, 1, final=True, limit=limit).records


def parse_block(text: str, dialect: Dialect, first_line: int, *, final: bool, limit: int = 0) -> Parsed:
    """Records of a piece of a text; unless it is the `final` one, a record with an open quote at the end is left for the next."""
    lines = _Lines(text, number=first_line - 1)
    for _ in range(dialect.skip_lines if first_line == 1 else 0):
        lines.next()
    records: list[Record] = []
    while limit == 0 or len(records) < limit:
        offset, number = lines.position, lines.number
        line = lines.next()
        if line is None:
            break
        record = _record(line, lines, dialect, offset, final)
        if record is None:
            return Parsed(records, offset, number + 1)
        records.append(record)
    return Parsed(records, lines.position, lines.number + 1)


def _record(line: tuple[str, str], lines: _Lines, dialect: Dialect, offset: int, final: bool) -> Record | None:
    body, _ = line
    number = lines.number
    if not dialect.delimiter and not body.startswith(dialect.quote):
        return Record(number, [body], offset=offset)
    if dialect.quote not in body:
        fields = body.split(dialect.delimiter) if dialect.delimiter else [body]
        return Record(number, [field.lstrip(" ") for field in fields] if dialect.skip_blanks else fields, offset=offset)
    return _quoted_record(line, lines, dialect, offset, final)


def _quoted_record(line: tuple[str, str], lines: _Lines, dialect: Dialect, offset: int, final: bool) -> Record | None:
    """Parse a line that holds quotes, taking further lines while a quoted value is open; None when they end too early to tell."""
    number = lines.number
    state = "open"
    after = (lines.position, lines.number)
    text, ending = line
    changed = True
    for _ in range(LINES_IN_RECORD_MAX):
        if changed:
            fields, state, stray = _split(text, dialect)
        if state == "closed":
            return Record(number, fields, stray_quote=stray, offset=offset)
        if state == "broken":
            break
        following = lines.next()
        if following is None:
            if not final:
                return None
            break
        changed = dialect.quote in following[0]  # only a line with a quote can end the value
        text += ending + following[0]
        ending = following[1]
    opened = state == "open" or after != (lines.position, lines.number)
    lines.position, lines.number = after
    fault = "A quote opens on this line and never closes." if opened else "A quote inside a quoted value is not doubled."
    return Record(number, [line[0]], fault, offset=offset)


def _split(text: str, dialect: Dialect) -> tuple[list[str], str, bool]:
    """Values of one record, whether its quotes are closed, open or broken, and whether a plain value holds a quote."""
    fields: list[str] = []
    position, stray = 0, False
    while True:
        start = _skip(text, position) if dialect.skip_blanks else position
        if text.startswith(dialect.quote, start):
            value, position, state = _quoted(text, start + 1, dialect)
            if state != "closed":
                return fields, state, stray
        else:
            end = text.find(dialect.delimiter, start) if dialect.delimiter else -1
            value = text[start:] if end < 0 else text[start:end]
            stray = stray or dialect.quote in value
            position = len(text) if end < 0 else end
        fields.append(value)
        if position >= len(text):
            return fields, "closed", stray
        position += len(dialect.delimiter)


def _skip(text: str, position: int) -> int:
    while text.startswith(" ", position):
        position += 1
    return position


def _quoted(text: str, start: int, dialect: Dialect) -> tuple[str, int, str]:
    """Value after an opening quote, the place behind its closing quote, and its state."""
    pieces: list[str] = []
    position = start
    while True:
        end = text.find(dialect.quote, position)
        if end < 0:
            return "", len(text), "open"
        if dialect.escape and text[:end].endswith(dialect.escape) and not text[:end].endswith(dialect.escape * 2):
            pieces.append(text[position : end - 1] + dialect.quote)
            position = end + 1
        elif text.startswith(dialect.quote, end + 1):
            pieces.append(text[position : end + 1])
            position = end + 2
        else:
            pieces.append(text[position:end])
            behind = _skip(text, end + 1)
            if behind >= len(text) or (dialect.delimiter and text.startswith(dialect.delimiter, behind)):
                return "".join(pieces), behind, "closed"
            if dialect.delimiter and text.startswith(dialect.delimiter, end + 1):  # a delimiter of blanks or tabs
                return "".join(pieces), end + 1, "closed"
            return "", end, "broken"
