"""What shows that a file was read right, as a person checks it: conventions, totals, statements."""

import re
from typing import Any, Final

from recon378_engine.reading.inspection import Inspection, Statement

STATEMENTS_SHOWN: Final = 50
# The importer's own sentences: good news, and what is good to know but needs no look. Any other sentence stays a warning.
TOTAL_AGREES: Final = re.compile(r"footer total (\S+) agrees \(line (\d+), column '(.*)'\)")

NOTE: Final = re.compile(
    r"The lines above the header|The encoding was recognised|The header is repeated|Line \d+ is a remark|"
    r"Column '.*' was made of|The sign of '.*' was taken|Values of column '.*' hold line breaks|"
    r"The (?:amounts|dates) in column '.*' could be read two ways; "
)
BROKEN: Final = re.compile(r": proof broken by ")  # `statements` has it, with its numbers
COMMAND: Final = re.compile(r"; say encoding=.*(?=\.$)")  # what only the command line has


def evidence_of(seen: Inspection) -> dict[str, Any]:
    """A `ReadingEvidence` as plain data, with the `header` beside it."""
    shown = sorted(seen.statements, key=lambda statement: statement.proof != "broken")  # stable: what is wrong comes first
    return {
        "header": list(seen.header),
        "conventions": [_convention(key, value) for key, value in seen.conventions.items()],
        "proofs": [proof for warning in seen.warnings if (proof := _proof(warning))],
        "notes": [COMMAND.sub("", warning) for warning in seen.warnings if NOTE.match(warning)],
        "statements": [_statement(statement) for statement in shown[:STATEMENTS_SHOWN]],
        "statements_total": len(seen.statements),
    }


def warnings_of(seen: Inspection) -> list[str]:
    """What a person should look at: neither proofs nor notes, nor what only follows from a question that is open."""
    asked = tuple(f"Column '{question.key.partition(':')[2]}' is named like" for question in seen.questions)
    return [one for one in seen.warnings if not (_proof(one) or NOTE.match(one) or one.startswith(asked) or BROKEN.search(one))]


def _proof(warning: str) -> dict[str, Any] | None:
    found = TOTAL_AGREES.fullmatch(warning)
    return {"total": found[1], "line": int(found[2]), "column": found[3]} if found else None


def _convention(key: str, value: str) -> dict[str, Any]:
    kind, _, column = key.partition(":")
    return {"kind": kind, "column": column or None, "value": value}


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "account": statement.account,
        "number": statement.number,
        "currency": statement.currency,
        "opening": statement.opening,
        "closing": statement.closing,
        "movements": statement.movements,
        "entries": statement.entries,
        "proof": statement.proof,
        "difference": statement.difference,
    }
