"""What shows that a file was read right, as a person checks it: conventions, totals, statements."""

import re
from typing import Any, Final

from recon378_engine.reading.inspection import Inspection, Statement

STATEMENTS_SHOWN: Final = 50
TOTAL_AGREES: Final = re.compile(r"footer total (\S+) agrees \(line (\d+), column '(.*)'\)")


def evidence_of(seen: Inspection) -> dict[str, Any]:
    """A `ReadingEvidence` as plain data, with the `header` beside it."""
    return {
        "header": list(seen.header),
        "conventions": [_convention(key, value) for key, value in seen.conventions.items()],
        "proofs": [_proof(warning) for warning in seen.warnings if is_proof(warning)],
        "statements": [_statement(statement) for statement in seen.statements[:STATEMENTS_SHOWN]],
        "statements_total": len(seen.statements),
    }


def is_proof(warning: str) -> bool:
    """Whether what the importer noted is good news."""
    return TOTAL_AGREES.fullmatch(warning) is not None


def _proof(warning: str) -> str:
    found = TOTAL_AGREES.fullmatch(warning)
    assert found is not None  # noqa: S101 - asked by the caller
    total, line, column = found.groups()
    return f"The total {total} on line {line} is the sum of column “{column}”."


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
