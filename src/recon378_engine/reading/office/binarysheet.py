"""Error cells and extent of the sheets of XLSB workbooks (MS-XLSB), read from their records."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from recon378_engine.reading.office.biff import ERRORS, Errors

_ROW, _CELL_ERROR, _FORMULA_ERROR, _SHEET = 0, 3, 11, 156
_CELLS = range(1, 12)


@dataclass(slots=True)
class BinarySheet:
    """Errors by row (from 1) and column (from 0), and the last row and column that hold a cell, counted from 1."""

    errors: Errors = field(default_factory=dict)
    last_row: int = 0
    last_column: int = 0


def look_at(part: bytes) -> BinarySheet:
    """What a sheet part holds; stops where it is damaged."""
    sheet, row = BinarySheet(), 0
    for kind, place, length in _records(part):
        if kind == _ROW and length >= 4:
            row = int.from_bytes(part[place : place + 4], "little") + 1
            sheet.last_row = max(sheet.last_row, row)
        elif kind in _CELLS and length >= 8:
            column = int.from_bytes(part[place : place + 4], "little")
            sheet.last_column = max(sheet.last_column, column + 1)
            if kind in (_CELL_ERROR, _FORMULA_ERROR) and length >= 9:
                sheet.errors.setdefault(row, {})[column] = ERRORS.get(part[place + 8], "#ERROR")
    return sheet


def sheet_names(workbook: bytes) -> dict[str, str]:
    """Id of the relation → name of the sheet."""
    names: dict[str, str] = {}
    for kind, place, length in _records(workbook):
        if kind == _SHEET and length >= 12:
            relation, after = _wide(workbook, place + 8)
            names[relation] = _wide(workbook, after)[0]
    return names


def _wide(data: bytes, place: int) -> tuple[str, int]:
    """A counted UTF-16 text and the place behind it."""
    count = int.from_bytes(data[place : place + 4], "little")
    end = place + 4 + 2 * min(count, 1 << 16)
    return data[place + 4 : end].decode("utf-16-le", "replace"), end


def _records(part: bytes) -> Iterator[tuple[int, int, int]]:
    """Type, place and length of the content of each record: both numbers have seven bits a byte."""
    place, end = 0, len(part)
    while place + 2 <= end:
        kind = part[place]
        place += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (part[place] & 0x7F) << 7
            place += 1
        length, shift = 0, 0
        while place < end and shift < 28:
            octet = part[place]
            place += 1
            length |= (octet & 0x7F) << shift
            shift += 7
            if not octet & 0x80:
                break
        if place + length > end:
            return
        yield kind, place, length
        place += length
