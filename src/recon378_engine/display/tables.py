"""Tables and inspections: what came in, of which type and role, what did not, and what is asked."""

from recon378_engine.display.parts import facts, grid, panel, sentence
from recon378_engine.reading import Inspection
from recon378_engine.reading.inspection import ACCEPTED, REJECTED
from recon378_engine.table import Table

ROWS_SHOWN = 5
STATEMENT_HEADING = ("account", "currency", "opening", "closing", "entries", "proof")
SHOWN_MAX = 12  # columns beside each other, questions, errors


def table_html(table: Table) -> str:
    """Columns with type and role, and the first records."""
    columns = [(column.name, column.type.value, column.role.value, column.scale or None) for column in table.columns]
    names = [column.name for column in table.columns[:SHOWN_MAX]]
    rows = zip(table.rows.head(ROWS_SHOWN), table.frame.select(names).head(ROWS_SHOWN).rows(), strict=True)
    return panel(
        table.source or "Table",
        facts([("records", table.height), ("columns", len(columns)), ("rejected rows", len(table.rejected_rows) or None)]),
        grid("Columns", ("column", "type", "role", "decimals"), columns, ("decimals",)),
        grid("First records", ("row", *names), [(row, *values) for row, values in rows], ("row",)),
    )


def inspection_html(seen: Inspection) -> str:
    """Status, layout, columns, questions, warnings, rejected rows and the proofs of statements."""
    columns = [(column.name, column.type, column.role, column.scale or None) for column in seen.columns]
    questions = [(question.key, " | ".join(question.choices), question.values, question.why) for question in seen.questions]
    errors = [(error.line, error.reason, error.raw) for error in seen.row_errors[:SHOWN_MAX]]
    statements = [(one.account, one.currency, one.opening, one.closing, one.entries, one.proof) for one in seen.statements]
    good = {ACCEPTED: True, REJECTED: False}.get(seen.status)
    return panel(
        "Inspection",
        sentence(seen.error or seen.status.replace("_", " "), good),
        facts(
            [
                ("format", seen.format),
                ("encoding", seen.encoding),
                ("delimiter", {"\t": "tab"}.get(seen.delimiter, seen.delimiter)),
                ("records", seen.rows),
                ("rejected rows", len(seen.row_errors) or None),
                ("skipped", seen.skipped or None),
            ]
        ),
        *map(sentence, seen.warnings[:SHOWN_MAX]),
        grid("Questions", ("answer with", "choices", "values", "why"), questions, ("values",)),
        grid("Columns", ("column", "type", "role", "decimals"), columns, ("decimals",)),
        grid("Rejected rows", ("line", "reason", "as written"), errors, ("line",)),
        grid("Statements", STATEMENT_HEADING, statements, STATEMENT_HEADING[2:5]),
    )
