"""What the importer saw in a file: plain values that survive a trip through JSON, free of heavy libraries."""

import dataclasses
import json
from dataclasses import dataclass, field
from typing import Any

from recon378_engine.errors import BadFile
from recon378_engine.notebook import html_of

ACCEPTED = "accepted"
ACCEPTED_WITH_ERRORS = "accepted_with_errors"
QUESTION = "question"
REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class RowError:
    """A record that did not come in: 1-based line (or sheet row, or entry), 0-based data row, reason and its text as written."""

    line: int
    row: int
    reason: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Something the file alone cannot settle; `--answer KEY=CHOICE` settles it. `values` counts the values it decides."""

    key: str
    choices: tuple[str, ...]
    why: str
    values: int = 0


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """A column as found: type and role are the words of `ColumnType` and `Role`."""

    name: str
    type: str
    role: str = "other"
    scale: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """One bank statement and its proof: amounts are decimal strings; `proof` is holds, broken or absent."""

    account: str
    number: str
    currency: str
    opening: str | None
    closing: str | None
    movements: str
    entries: int
    opening_date: str | None = None
    closing_date: str | None = None
    proof: str = "absent"
    difference: str | None = None


@dataclass(frozen=True, slots=True)
class Inspection:
    """Result of looking at a file. `rows + len(row_errors) + skipped == rows_in_file`, whatever the status.

    `header` holds the names of a table as they stand in the file (made ones where it has none); `conventions` says how its values
    are written, see `conventions`.
    """

    status: str
    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    header_line: int | None = None
    columns: tuple[SeenColumn, ...] = ()
    rows: int = 0
    row_errors: tuple[RowError, ...] = ()
    warnings: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    error: str | None = None
    preview: tuple[dict[str, Any], ...] = ()
    rows_in_file: int = 0
    skipped: int = 0
    statements: tuple[Statement, ...] = ()
    sha256: str = ""
    header: tuple[str, ...] = ()
    conventions: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON, keys as in the command-line contract."""
        return dataclasses.asdict(self)

    def to_json(self) -> str:
        """The same as JSON text, for `from_json`."""
        return json.dumps(self.as_dict(), ensure_ascii=False)

    def _repr_html_(self) -> str:
        return html_of(self)


def from_json(text: str) -> Inspection:
    """Read back what `Inspection.to_json` wrote."""
    data = json.loads(text)
    data["columns"] = tuple(SeenColumn(**column) for column in data["columns"])
    data["row_errors"] = tuple(RowError(**error) for error in data["row_errors"])
    data["questions"] = tuple(Question(**{**question, "choices": tuple(question["choices"])}) for question in data["questions"])
    data["statements"] = tuple(Statement(**statement) for statement in data["statements"])
    data["warnings"] = tuple(data["warnings"])
    data["preview"] = tuple(data["preview"])
    data["header"] = tuple(data["header"])
    return Inspection(**data)


def rejected(error: str, **found: Any) -> Inspection:
    """A refused file, with what had been found until then."""
    return Inspection(status=REJECTED, error=error, **found)


class QuestionOpen(BadFile):
    """A file that can be read once its `questions` are answered."""

    def __init__(self, questions: tuple[Question, ...]) -> None:
        self.questions = questions
        first = questions[0]
        super().__init__(f"{first.why} Answer with {first.key}=({' | '.join(first.choices)}).")
