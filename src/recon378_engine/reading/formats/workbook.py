"""Workbooks of spreadsheets: XLSX, XLSM, XLSB, ODS and XLS, read by calamine after the archive was looked through."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from recon378_engine.errors import BadFile
from recon378_engine.reading.content import Content, content_of
from recon378_engine.reading.layout import Layout, clean_names, find_layout, header_cells
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.office.biff import Errors
from recon378_engine.reading.office.package import OLE, Package, open_package, xls_package
from recon378_engine.reading.raw.source import ZIP, Source
from recon378_engine.reading.tabular import Tabular
from recon378_engine.reading.values.cells import Cells, cells_of

NAME = "workbook"
BIFF = (b"\x09\x08\x10\x00", b"\x09\x08\x08\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00", b"\x09\x00\x04\x00")
EXACT_DIGITS = 15
HEAD_RECORDS = 200


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet with cells: texts of its filled part, the row number of each record, and the columns that hold numbers."""

    name: str
    records: list[list[str | None]]
    lines: list[int]
    native: frozenset[int]


def recognises(source: Source) -> bool:
    """Zip archives (what is no workbook among them is refused by `read`), OLE files and bare BIFF streams."""
    return source.head.startswith((ZIP, b"PK\x05\x06", OLE, *BIFF))


def read(source: Source, notes: Notes) -> Content:
    """Read the sheet that looks most like a table, or the one chosen by `sheet`. Raises BadFile."""
    package = open_package(source, notes) if source.head.startswith(b"PK") else xls_package(source)
    sheets = _sheets(source, package, notes)
    sheet = _chosen(sheets, notes)
    if sheet is None:
        notes.warn("The workbook holds no cells.")
        return content_of([], pl.DataFrame())
    return _table(sheet, package, notes)


def _sheets(source: Source, package: Package, notes: Notes) -> list[_Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_path(str(source.path)) if not source.wrapping else _from_memory(source)
        notes.format = package.kind
        visible = {sheet.name for sheet in book.sheets_metadata if sheet.visible is SheetVisibleEnum.Visible}
        tables = [sheet.name for sheet in book.sheets_metadata if sheet.typ is SheetTypeEnum.WorkSheet]
        sheets = [_sheet(name, book.get_sheet_by_name(name), package, notes) for name in tables]
    except PasswordError as error:
        raise BadFile("The workbook is protected by a password; save it without one.") from error
    except (CalamineError, zipfile.BadZipFile, ValueError, OSError) as error:
        raise BadFile(f"The workbook is damaged or of an unknown kind ({_short(error)}).") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how the parser gives up on what it did not foresee
            raise
        raise BadFile(f"The workbook is damaged ({_short(error)}).") from error
    hidden = [sheet.name for sheet in sheets if sheet.name not in visible and sheet.records]
    if hidden:
        notes.warn(f"Hidden sheets were left out: {', '.join(hidden)}.")
    answer = notes.answer("sheet")
    return [sheet for sheet in sheets if sheet.records and (sheet.name in visible or sheet.name == answer)]


def _from_memory(source: Source) -> Any:
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_filelike(io.BytesIO(bytes(source.data)))


def _short(error: BaseException) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__


def _sheet(name: str, sheet: Any, package: Package, notes: Notes) -> _Sheet:
    if sheet.height * sheet.width > notes.limits.sheet_cells_max:
        raise BadFile(
            f"Sheet '{name}' spans {sheet.height:,} × {sheet.width:,} cells; the limit is {notes.limits.sheet_cells_max:,} cells."
        )
    rows: list[list[Any]] = sheet.to_python(skip_empty_area=True)
    first_row, first_column = sheet.start or (0, 0)
    errors, padded = package.errors(name), package.padded(name)
    _warn_of_errors(name, errors, notes)
    records: list[list[str | None]] = []
    lines: list[int] = []
    for number, row in enumerate(rows):
        line = first_row + number + 1
        texts = [_text(cell) for cell in row]
        for column, error in errors.get(line, {}).items():
            if 0 <= column - first_column < len(texts):
                texts[column - first_column] = error
        for column, digits in padded.get(line, {}).items():
            place = column - first_column
            if 0 <= place < len(texts) and (texts[place] or "").isdigit():
                texts[place] = (texts[place] or "").zfill(digits)
        if any(texts):
            records.append(texts)
            lines.append(line)
    return _Sheet(name, records, lines, _native(rows, notes))


def _warn_of_errors(sheet: str, errors: Errors, notes: Notes) -> None:
    """Say that formulas of a sheet failed."""
    count = sum(map(len, errors.values()))
    if count:
        line = min(errors)
        notes.warn(
            f"Sheet '{sheet}' has {count:,} cells with errors, the first {next(iter(errors[line].values()))} in row {line}."
        )


def _native(rows: list[list[Any]], notes: Notes) -> frozenset[int]:
    """Columns with numbers, whose texts have a decimal dot; warns of integers beyond the precision of a spreadsheet."""
    numbers: dict[int, int] = {}
    words: dict[int, int] = {}
    large = 0
    for row in rows:
        for index, cell in enumerate(row):
            if isinstance(cell, (int, float)) and not isinstance(cell, bool):
                numbers[index] = numbers.get(index, 0) + 1
                large += abs(cell) >= 10**EXACT_DIGITS
            elif cell not in ("", None):
                words[index] = words.get(index, 0) + 1
    if large:
        notes.warn(
            f"{large} numbers have more than the {EXACT_DIGITS} digits that a spreadsheet keeps, so the last ones may be lost."
        )
    return frozenset(index for index, count in numbers.items() if count * 3 >= words.get(index, 0))


def _text(cell: Any) -> str | None:
    """A cell as the text that the inference reads: ISO dates, plain decimals as a spreadsheet shows them."""
    match cell:
        case None | "":
            return None
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case int():
            return str(cell)
        case float():
            return _number(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep="T")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
        case _:
            return str(cell)


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e22:
        return str(int(value))
    return format(Decimal(format(value, f".{EXACT_DIGITS}g")), "f")


def _chosen(sheets: list[_Sheet], notes: Notes) -> _Sheet | None:
    answer = notes.answer("sheet")
    if answer is not None:
        found = next((sheet for sheet in sheets if sheet.name == answer), None)
        if found is None:
            raise BadFile(f"The workbook has no sheet '{answer}' with cells; it has {', '.join(sheet.name for sheet in sheets)}.")
        return found
    if not sheets:
        return None
    best = max(sheets, key=_table_likeness)
    others = [sheet.name for sheet in sheets if sheet is not best]
    if others:
        notes.warn(
            f"Sheet '{best.name}' was read; {', '.join(repr(name) for name in others)} hold cells too (choose with sheet=NAME)."
        )
    return best


def _table_likeness(sheet: _Sheet) -> tuple[bool, int]:
    """Sheets with a proven header first, then those with most cells."""
    layout = find_layout(sheet.records[:HEAD_RECORDS], len(sheet.records[0]))
    return layout.header is not None and layout.sure, sum(1 for record in sheet.records for cell in record if cell)


def _table(sheet: _Sheet, package: Package, notes: Notes) -> Content:
    width = _filled_width(sheet.records)
    if width > notes.limits.columns_max:
        raise BadFile(f"Sheet '{sheet.name}' has {width:,} columns; the limit is {notes.limits.columns_max:,}.")
    records = [record[:width] for record in sheet.records]
    layout = _layout(records, sheet.lines, width, notes)
    names = clean_names(header_cells(records, layout), width)
    body, lines = records[layout.first_data :], sheet.lines[layout.first_data :]
    cells = _computed(cells_of(body, width, lines), package.uncomputed(sheet.name), names, notes)
    return Tabular(names, lambda: iter([cells]), sheet.native, notes).read()


def _filled_width(records: Sequence[Sequence[str | None]]) -> int:
    """The number of columns up to the last one that any record fills, at least 1."""
    width = 1
    for record in records:
        last = len(record)
        while last > width and not record[last - 1]:
            last -= 1
        width = max(width, last)
    return width


def _layout(records: Sequence[Sequence[str | None]], lines: list[int], width: int, notes: Notes) -> Layout:
    found = find_layout(records[:HEAD_RECORDS], width)
    answer = notes.answer("header")
    if answer == "none":
        found = Layout(None, 0, sure=True)
    elif answer is not None:
        if answer not in {str(line) for line in lines}:
            raise BadFile(f"Row '{answer}' holds no cells; give the row of the column names, or none.")
        index = [str(line) for line in lines].index(answer)
        found = Layout(index, index + 1, sure=True)
    elif found.header is None:
        notes.warn("No column names were found; say header=ROW if a row holds them.")
    notes.header_line = lines[found.header] if found.header is not None else None
    return found


def _computed(cells: Cells, uncomputed: dict[int, str], names: Sequence[str], notes: Notes) -> Cells:
    """Refuse rows with a formula whose value the file does not hold."""
    if not uncomputed:
        return cells
    keep = ~cells.lines.is_in(list(uncomputed))
    for index in (~keep).arg_true().to_list():
        line = int(cells.lines[index])
        notes.refuse_row(
            line, int(cells.rows[index]), f"Cell {uncomputed[line]} holds a formula without a computed value.", cells.raw(index)
        )
    return cells.filter(keep)
