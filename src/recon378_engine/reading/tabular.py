"""From cells with names to typed content: plan on a sample, convert in batches, prove the totals at the end."""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

import polars as pl

from recon378_engine.errors import BadFile
from recon378_engine.reading.content import Content, StartOver
from recon378_engine.reading.inspection import Question
from recon378_engine.reading.layout import Layout, clean_names, is_bare_total, is_remark, is_subtotal, is_total, kind_of
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.values import amounts, vocabulary
from recon378_engine.reading.values.cells import Cells, cells_of
from recon378_engine.reading.values.conventions import conventions_of
from recon378_engine.reading.values.convert import Batch, PlanTooNarrow, columns_of, convert
from recon378_engine.reading.values.plans import ColumnPlan, plan_columns
from recon378_engine.reading.values.signs import SignPlan, apply_signs, columns_with, plan_signs
from recon378_engine.table import Column, ColumnType

FOOTER_RECORDS = 5
SAMPLE_RECORDS = 20_000
REPLANS_MAX = 20
SIGNED_COLUMNS_MAX = 200
PLANNED = ("decimal:", "date_order:")


class Tabular:
    """Reads one table of cells. Its state is the plan, which later batches may widen, and the sums that prove a footer."""

    def __init__(
        self, names: Sequence[str], batches: Callable[[], Iterator[Cells]], native: frozenset[int], notes: Notes
    ) -> None:
        self.names = clean_names(names, len(names))
        self.batches = batches
        self.native = native
        self.notes = notes
        self.checkpoint = notes.checkpoint()
        self.sample: dict[str, pl.Series] = {}
        self.plans: tuple[ColumnPlan, ...] = ()
        self.signs: SignPlan | None = None
        self.sums: dict[str, Decimal] = {}
        self.sample_is_part = False
        self.replans = 0
        self.content = Content((), self._typed)

    def read(self) -> Content:
        """Plan, and hand over content that types its batches on demand."""
        stream = self.batches()
        first = next(stream, None) or cells_of([], len(self.names), [])
        start = _without_footer(first)[0].slice(0, SAMPLE_RECORDS)
        self.sample_is_part = start.height == SAMPLE_RECORDS or next(stream, None) is not None
        self.sample = {name: start.frame[name] for name in start.frame.columns}
        self._plan()
        if self.notes.questions:
            self._settle()
        return self.content

    def _plan(self) -> None:
        self.plans = plan_columns(self.names, self.sample, self.native, self.notes)
        columns = columns_of(self.plans)
        self.signs = plan_signs(columns, self._trial(), self.notes) if len(columns) <= SIGNED_COLUMNS_MAX else None
        self.content.columns = columns_with(columns, self.signs) if self.signs else columns
        self.notes.header = self.names
        self.notes.conventions = conventions_of(self.plans, self.sample, self.native, self.signs)

    def _trial(self) -> pl.DataFrame:
        """The sample in its types, bad rows left out."""
        height = min((series.len() for series in self.sample.values()), default=0)
        frame = pl.DataFrame({name: series.head(height) for name, series in self.sample.items()})
        numbers = pl.Series(range(height), dtype=pl.UInt32)
        silent = Notes(self.notes.answers, self.notes.limits)
        return convert(Cells(frame, numbers, numbers), self.plans, silent).frame

    def _settle(self) -> None:
        """Look for values further down that answer what the sample left open."""
        asked = {question.key.partition(":")[2] for question in self.notes.questions if question.key.startswith(PLANNED)}
        open_columns = [str(index) for index, name in enumerate(self.names) if name in asked]
        votes: dict[str, list[pl.Series]] = {name: [] for name in open_columns}
        for number, cells in enumerate(self.batches()):
            for name in open_columns if number or cells.height > SAMPLE_RECORDS else ():
                votes[name].append(cells.frame[name].filter(_telling(cells.frame[name])).head(1_000))
        if not any(series.len() for found in votes.values() for series in found):
            return
        for name, found in votes.items():
            self.sample[name] = pl.concat([self.sample[name], *found])
        self.notes.questions[:] = [asked for asked in self.notes.questions if not asked.key.startswith(PLANNED)]
        self._plan()

    def _typed(self) -> Iterator[Batch]:
        self.sums = {}
        self.notes.rewind(self.checkpoint)
        waiting: Cells | None = None
        for cells in self.batches():
            if waiting is not None and waiting.height:
                yield self._convert(waiting)
            waiting = cells
        if waiting is None:
            return
        body, footer = _without_footer(waiting)
        total = self._bare_total(body)
        if body.height > total.height:
            yield self._convert(body.slice(0, body.height - total.height))
        if total.height and self._sums_up(total):
            self._prove(total)
        elif total.height:
            self.notes.warn(
                f"Line {total.lines[0]} may be a total, but it is not the sum of the others; it was kept: {total.raw(0)[:80]}"
            )
            yield self._convert(total)
        self._prove(footer)

    def _bare_total(self, body: Cells) -> Cells:
        """The last record where it has no date and consists of a word for a total and numbers; else no record."""
        last = body.slice(max(0, body.height - 1))
        if body.height < 2 or not is_bare_total(last.frame.row(0)):
            return last.slice(0, 0)
        dated = [plan for plan in self.plans if plan.type in (ColumnType.DATE, ColumnType.DATETIME)]
        return last.slice(0, 0) if any(last.frame[str(plan.index)][0] for plan in dated) else last

    def _sums_up(self, total: Cells) -> bool:
        """Whether an amount of the record is the sum of all others."""
        record = total.frame.row(0)
        stated = [(self._stated(plan, record[plan.index]), self.sums.get(plan.name)) for plan in self.plans]
        return any(value is not None and value == summed for value, summed in stated)

    def _convert(self, cells: Cells) -> Batch:
        cells = self._without_headers(self._without_subtotals(cells))
        try:
            beyond = self.sample_is_part and self.replans < REPLANS_MAX
            batch = convert(cells, self.plans, self.notes, may_replan=beyond)
        except PlanTooNarrow as narrow:
            name = str(narrow.index)
            self.replans += 1
            self.sample[name] = pl.concat([self.sample[name], *[narrow.texts] * _weight(self.sample[name], narrow.texts)])
            self._plan()
            raise StartOver from narrow
        for column in self.content.columns:
            if column.type in (ColumnType.AMOUNT, ColumnType.NUMBER) and column.name in batch.frame.columns:
                self._add(column, batch.frame[column.name])
        return apply_signs(batch, self.signs) if self.signs else batch

    def _without_headers(self, cells: Cells) -> Cells:
        """Leave out repetitions of the header, which reports print on every page."""
        same = pl.all_horizontal(pl.col(str(index)).str.strip_chars() == name for index, name in enumerate(self.names))
        first = pl.col("0").str.strip_chars() == self.names[0]
        if not cells.frame.select(first.any()).item():
            return cells
        repeated = cells.frame.select(same.fill_null(False)).to_series()
        if repeated.any():
            self.notes.skipped += int(repeated.sum())
            self.notes.warn(f"The header is repeated on {int(repeated.sum())} lines; they were left out.")
        return cells.filter(~repeated)

    def _without_subtotals(self, cells: Cells) -> Cells:
        """Refuse rows inside the table that sum up others: those without a date, or with plain words where no row has one."""
        dated = next((plan for plan in self.plans if plan.type is ColumnType.DATE), None)
        if dated is None:
            suspects, sums_up, reason = _with_subtotal_words(cells), is_subtotal, "The row sums up others."
        else:
            day = cells.frame[str(dated.index)]
            suspects = (day.is_null() | (day.str.strip_chars() == "")).arg_true().to_list()
            sums_up, reason = is_total, "The row has no date and sums up others."
        totals = [index for index in suspects if sums_up(cells.frame.row(index))]
        for index in totals:
            self.notes.refuse_row(int(cells.lines[index]), int(cells.rows[index]), reason, cells.raw(index))
        return cells.filter(~pl.Series([False]).new_from_index(0, cells.height).scatter(totals, True)) if totals else cells

    def _add(self, column: Column, values: pl.Series) -> None:
        total = values.cast(pl.Decimal(38, column.scale)).sum() if values.len() else 0
        self.sums[column.name] = self.sums.get(column.name, Decimal(0)) + Decimal(str(total or 0))

    def _prove(self, footer: Cells) -> None:
        """Set totals and remarks aside and say whether each total agrees with its column."""
        self.notes.skipped += footer.height
        for index in range(footer.height):
            record = footer.frame.row(index)
            line = footer.lines[index]
            if not is_total(record):
                self.notes.warn(f"Line {line} is a remark, not a record: {footer.raw(index)[:80]}")
                continue
            for plan in self.plans:
                self._prove_total(plan, record[plan.index], int(line))
            if not any(warning.startswith("footer total") for warning in self.notes.warnings):
                self.notes.warn(f"Line {line} sums up and was left out: {footer.raw(index)[:80]}")

    def _stated(self, plan: ColumnPlan, cell: str | None) -> Decimal | None:
        """The number in a cell of a total, where the column is summed."""
        if plan.name not in self.sums or plan.type not in (ColumnType.AMOUNT, ColumnType.NUMBER) or not cell:
            return None
        text = amounts.read_amounts(pl.Series([cell]), plan.mark)["value"].item()
        return None if text is None else Decimal(text)

    def _prove_total(self, plan: ColumnPlan, cell: str | None, line: int) -> None:
        stated = self._stated(plan, cell)
        if stated is None:
            return
        summed = self.sums[plan.name]
        if stated == summed:
            self.notes.warn(f"footer total {stated} agrees (line {line}, column '{plan.name}')")
        else:
            self.notes.warn(
                f"footer total {stated} on line {line} differs from the sum {summed} of column '{plan.name}' by {stated - summed}"
            )


def _with_subtotal_words(cells: Cells) -> list[int]:
    """Rows that may be subtotals, found by a fast look at the first two columns."""
    looks = [
        pl.col(name).str.contains(r"(?i)^\W*(?:sub|zwischen|sous|пром|小)").fill_null(False) for name in cells.frame.columns[:2]
    ]
    return cells.frame.select(pl.any_horizontal(looks)).to_series().arg_true().to_list()


def _telling(texts: pl.Series) -> pl.Series:
    """Texts that can decide an order of dates (a number above 12) or a decimal mark (other than three decimals)."""
    text = pl.col("v")
    day = text.str.contains(r"^\s*(?:1[3-9]|[23][0-9])[./\-][0-9]|^\s*[0-9]{1,2}[./\-](?:1[3-9]|[23][0-9])[./\-]")
    mark = text.str.contains(r"[.,](?:[0-9]{1,2}|[0-9]{4,})\D*$|[.,][0-9]{3}[.,]|^\D*0[.,]")
    return pl.DataFrame({"v": texts}).select((day | mark).fill_null(False)).to_series()


def _weight(sample: pl.Series, texts: pl.Series) -> int:
    """How often texts of a later batch are repeated, so that they count like the batch they come from."""
    return 1 if texts.len() * 20 > sample.len() else max(1, sample.len() // (10 * max(1, texts.len())))


def _without_footer(cells: Cells) -> tuple[Cells, Cells]:
    """Split the totals and remarks off the end of the last cells of a table."""
    width = cells.frame.width
    keep = cells.height
    while keep > max(0, cells.height - FOOTER_RECORDS) and keep > 1:
        record = cells.frame.row(keep - 1)
        if not _is_footer(record, width):
            break
        keep -= 1
    return cells.slice(0, keep), cells.slice(keep)


def _is_footer(record: tuple[str | None, ...], width: int) -> bool:
    empty = sum(1 for cell in record if not cell or not cell.strip())
    return (is_total(record) and empty * 3 >= width) or is_remark(record, width)


def refuse_no_table(names: Sequence[str], records: Sequence[Sequence[str | None]], layout: Layout) -> None:
    """Raise BadFile for a single column of words in which no record can be told from another."""
    if len(names) > 1 or not records:
        return
    values = [(record[0] or "").strip() for record in records]
    spaced = sum(" " in value and any(map(str.isdigit, value)) for value in values)
    if len(names[0].split()) > 1 and spaced * 3 >= 2 * len(values):
        raise BadFile("The values seem to be aligned by blanks; save the table with a delimiter such as a comma.")
    parts = [part for part in re.split(r"[^\w.]+|_", names[0]) if vocabulary.is_known(part)]
    if len(parts) > 2 and sum(any(map(str.isdigit, value)) for value in values) * 2 > len(values):
        raise BadFile(
            "What separates the values was not recognised, or each line is one quoted value; say delimiter=… or save it again."
        )
    typed = sum(kind_of(value) in ("number", "date") for value in values)
    if typed and (layout.header is not None or typed * 2 >= len(values)):
        return
    if len(set(values)) < len(values) or layout.header is None or not vocabulary.is_known(names[0]):
        raise BadFile(
            "The file has one column of words and no delimiter; a table needs a date, an amount or a key to be reconciled."
        )


def refuse_prose(records: Sequence[Sequence[str | None]], width: int, layout: Layout) -> None:
    """Raise BadFile for lines without names, dates and numbers that do not even agree on a number of values."""
    kinds = {kind_of(cell) for record in records for cell in record}
    even = sum(len(record) == width for record in records)
    if layout.header is None and width > 1 and even * 5 < 4 * len(records) and not kinds & {"date", "number"}:
        raise BadFile("The file is text without a table in it: no column names, dates or numbers stand below each other.")


def ask_names(notes: Notes, line: int, values: int) -> None:
    """Ask what the columns are called when the first line is a record already."""
    notes.ask(
        Question("header", ("none", str(line)), f"Line {line} already looks like a record, so the columns have no names.", values)
    )
