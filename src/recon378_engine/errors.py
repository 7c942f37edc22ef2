"""The errors of the engine. Each message says what is wrong, where, and what to do.

EngineError
├── BadFile          a file that cannot be read as records
├── BadRuleset       a ruleset that does not hold together
├── BadInput         tables, labels or options that cannot be reconciled
├── NotConserved     the result does not add up to its input; the job must fail
└── Cancelled        the caller asked to stop
"""


class EngineError(Exception):
    """Base of everything the engine raises on purpose; `str()` of it is one sentence for the user."""


class BadFile(EngineError):
    """A file that cannot be read as records."""

    def __init__(self, message: str, *, line: int | None = None, column: str | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class BadRuleset(EngineError):
    """A ruleset that does not hold together; `line` is 1-based in the YAML text, where it is known."""

    def __init__(self, message: str, *, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class BadInput(EngineError):
    """Tables, labels or options that cannot be reconciled with each other."""


class NotConserved(EngineError):
    """Rows or sums of the result differ from the input."""


class Cancelled(EngineError):
    """The caller asked to stop; nothing was written."""
