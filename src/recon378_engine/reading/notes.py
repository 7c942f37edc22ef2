"""The notebook of one reading: everything found on the way that is not a record."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from recon378_engine.errors import BadFile
from recon378_engine.reading.inspection import Question, RowError, Statement
from recon378_engine.reading.limits import Limits

RAW_CHARACTERS = 200


@dataclass(slots=True)
class Notes:
    """Collects warnings, questions, bad rows and proofs while a format reads; it lives as long as one reading."""

    answers: Mapping[str, str]
    limits: Limits
    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    header_line: int | None = None
    skipped: int = 0
    warnings: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    row_errors: list[RowError] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    blanks: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    header: tuple[str, ...] = ()
    conventions: dict[str, str] = field(default_factory=dict)

    def answer(self, *keys: str) -> str | None:
        """The answer to the first of `keys` that was given; `decimal:amount` is asked before `decimal`."""
        for key in keys:
            if key in self.answers:
                self.used.add(key)
                return self.answers[key]
        return None

    def warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)

    def ask(self, question: Question) -> None:
        if all(question.key != asked.key for asked in self.questions):
            self.questions.append(question)

    def refuse_row(self, line: int, row: int, reason: str, raw: str = "") -> None:
        """List a bad row. Raises BadFile when so many are bad that the reading itself must be wrong."""
        if len(self.row_errors) >= self.limits.row_errors_max:
            raise BadFile(
                f"More than {self.limits.row_errors_max:,} rows could not be read, the first on line {self.row_errors[0].line}."
            )
        shown = raw if len(raw) <= RAW_CHARACTERS else raw[: RAW_CHARACTERS - 1] + "…"
        self.row_errors.append(RowError(line, row, reason, shown))

    def blank(self, column: str, count: int, line: int, value: str) -> None:
        """Note values that were left empty because they do not fit their column; the first one stays as the example."""
        before, first_line, example = self.blanks.get(column, (0, line, value))
        self.blanks[column] = (before + count, first_line, example)

    def blank_sentences(self) -> list[str]:
        return [
            f"Column '{column}' has values that do not fit and were left empty: {count}, first '{value}' on line {line}."
            for column, (count, line, value) in self.blanks.items()
        ]

    def checkpoint(self) -> tuple[int, int]:
        """Where the list of bad and skipped rows stands now."""
        return len(self.row_errors), self.skipped

    def rewind(self, checkpoint: tuple[int, int]) -> None:
        """Forget the rows noted since a checkpoint: they are read again."""
        errors, self.skipped = checkpoint
        self.blanks.clear()
        del self.row_errors[errors:]
