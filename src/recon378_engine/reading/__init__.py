"""Reading: bytes of any kind become typed records, a question or one clear refusal, and never a silent guess.

Importing this package costs next to nothing: what reads files is imported when a file is read.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from recon378_engine.reading.inspection import Inspection, Question, QuestionOpen, RowError, SeenColumn, Statement
from recon378_engine.reading.limits import Limits

if TYPE_CHECKING:
    from recon378_engine.reading.contained import Contained
    from recon378_engine.table import Table

__all__ = [
    "Inspection",
    "Limits",
    "Question",
    "QuestionOpen",
    "RowError",
    "SeenColumn",
    "Statement",
    "inspect",
    "read_contained",
    "read_table",
]

_NO_ANSWERS: Mapping[str, str] = {}
_LIMITS = Limits()


def inspect(path: str | Path, *, answers: Mapping[str, str] = _NO_ANSWERS, limits: Limits = _LIMITS) -> Inspection:
    """Look at a file in this process: format, layout, columns, questions, rejected rows, a preview.

    Never raises for what is in the file, or that it is not there: a refusal is a status with an `error`. `answers` maps the keys
    of earlier questions to choices.
    """
    from recon378_engine.reading.reader import inspect_here

    return inspect_here(Path(path), answers, limits)


def read_table(path: str | Path, *, answers: Mapping[str, str] = _NO_ANSWERS, limits: Limits = _LIMITS) -> "Table":
    """Read a file into memory in this process: delimited text, workbooks, JSON, bank statements, whatever `inspect` accepts.

    Amounts come as exact decimals, dates as dates, identifiers as text with their zeros; rows that cannot be read are left out
    and numbered in `rejected_rows`. `answers` maps the keys of questions to choices. Raises BadFile, and QuestionOpen (a
    BadFile) while a question is open.
    """
    from recon378_engine.reading.reader import read_here

    return read_here(Path(path), answers, limits)


def read_contained(
    path: str | Path,
    out_dir: str | Path,
    *,
    answers: Mapping[str, str] = _NO_ANSWERS,
    limits: Limits = _LIMITS,
    write_dataset: bool = True,
    write_rows: bool = False,
) -> "Contained":
    """Read a file in a child process with limits of memory, CPU and time, and leave the results as files in `out_dir`.

    Returns the inspection and the paths of `dataset.arrow` (None unless accepted), `row_errors.ndjson` and, on request,
    `rows.ndjson`.
    Never raises for what is in the file.
    """
    from recon378_engine.reading.contained import contain

    return contain(Path(path), Path(out_dir), answers, limits, write_dataset=write_dataset, write_rows=write_rows)
