"""Error cells of XLS workbooks (MS-XLS, BIFF3 to 8), which the parser leaves empty: sheet, row, column and the error."""

import struct
from collections.abc import Iterator

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
Errors = dict[int, dict[int, str]]
_BOUND_SHEET, _END, _BOOL_OR_ERROR = 0x0085, 0x000A, 0x0205
_FORMULAS = (0x0006, 0x0206, 0x0406)
_BEGIN = (0x0209, 0x0409, 0x0809)


def errors_of(stream: bytes) -> dict[str, Errors]:
    """Sheet name → row number (from 1) → column number (from 0) → error. Stops where the stream is damaged."""
    sheets = dict(_sheets(stream))
    return {name: found for name, start in sheets.items() if (found := _errors(stream, start))}


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """Type, place and length of the content of each record."""
    place = start
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        if place + 4 + length > len(stream):
            return
        yield kind, place + 4, length
        place += 4 + length


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    """Names and places of the sheets."""
    for kind, place, length in _records(stream, 0):
        if kind == _END:
            return
        if kind == _BOUND_SHEET and length > 8:
            start, count = struct.unpack_from("<I", stream, place)[0], stream[place + 6]
            body = stream[place + 7 : place + length]
            wide, narrow = body[1 : 1 + 2 * count], body[1 : 1 + count]
            if len(body) == count:  # before BIFF8
                yield body.decode("cp1252", "replace"), start
            else:
                yield (wide.decode("utf-16-le", "replace") if body[0] & 1 else narrow.decode("latin-1")), start


def _errors(stream: bytes, start: int) -> Errors:
    found: Errors = {}
    depth = 0
    for kind, place, length in _records(stream, start):
        depth += (kind in _BEGIN) - (kind == _END)  # charts lie inside of their sheet
        if depth == 0:
            break
        code = _error_code(stream, kind, place, length)
        if code is not None:
            row, column = struct.unpack_from("<HH", stream, place)
            found.setdefault(row + 1, {})[column] = ERRORS.get(code, "#ERROR")
    return found


def _error_code(stream: bytes, kind: int, place: int, length: int) -> int | None:
    if kind == _BOOL_OR_ERROR and length >= 8 and stream[place + 7]:
        return stream[place + 6]
    if kind in _FORMULAS and length >= 14 and stream[place + 12 : place + 14] == b"\xff\xff" and stream[place + 6] == 2:
        return stream[place + 8]
    return None
