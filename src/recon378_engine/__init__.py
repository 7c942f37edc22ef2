"""The matching engine: bytes become typed tables, two tables become a reconciliation. It knows no web, no database and no users.

    from recon378_engine import joined, read_table, reconcile

    left, right = read_table("bank.csv"), read_table("ledger.csv")
    result = reconcile(left, right)
    result.matches, result.exceptions, result.conservation, joined(result, left, right)

In a notebook results, tables, inspections, explanations and differences show themselves. docs/tutorial.md walks through all of
it. Names are imported when they are first used, so that importing the package alone costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recon378_engine.dataset import load_table, save_table
    from recon378_engine.errors import BadFile, BadInput, BadRuleset, Cancelled, EngineError, NotConserved
    from recon378_engine.frames import joined, table_of
    from recon378_engine.matching.findings.diff import Change, Difference, diff_results
    from recon378_engine.matching.findings.error_budget import ErrorBudget, error_budget
    from recon378_engine.matching.findings.labelling_order import labelling_order
    from recon378_engine.matching.fingerprint import record_hashes
    from recon378_engine.matching.pairing import pair_by_hand, pair_columns
    from recon378_engine.matching.rulesets.ruleset import Ruleset
    from recon378_engine.output import load_result, save_result, write_clusters, write_result
    from recon378_engine.pipeline import deduplicate, explain, propose_ruleset, reconcile
    from recon378_engine.progress import OnProgress, Progress, Stage, ignore_progress
    from recon378_engine.reading import Inspection, Limits, QuestionOpen, inspect, read_table
    from recon378_engine.result import (
        Clusters,
        Conservation,
        Evidence,
        ExceptionType,
        Explanation,
        MatchStatus,
        Result,
        Side,
        SideBalance,
    )
    from recon378_engine.table import Column, ColumnType, Role, Table

_HOME = {
    "recon378_engine.dataset": ("load_table", "save_table"),
    "recon378_engine.errors": ("BadFile", "BadInput", "BadRuleset", "Cancelled", "EngineError", "NotConserved"),
    "recon378_engine.frames": ("joined", "table_of"),
    "recon378_engine.matching.findings.diff": ("Change", "Difference", "diff_results"),
    "recon378_engine.matching.findings.error_budget": ("ErrorBudget", "error_budget"),
    "recon378_engine.matching.findings.labelling_order": ("labelling_order",),
    "recon378_engine.matching.fingerprint": ("record_hashes",),
    "recon378_engine.matching.pairing": ("pair_by_hand", "pair_columns"),
    "recon378_engine.matching.rulesets.ruleset": ("Ruleset",),
    "recon378_engine.output": ("load_result", "save_result", "write_clusters", "write_result"),
    "recon378_engine.pipeline": ("deduplicate", "explain", "propose_ruleset", "reconcile"),
    "recon378_engine.progress": ("OnProgress", "Progress", "Stage", "ignore_progress"),
    "recon378_engine.reading": ("Inspection", "Limits", "QuestionOpen", "inspect", "read_table"),
    "recon378_engine.result": (
        "Clusters", "Conservation", "Evidence", "ExceptionType", "Explanation", "MatchStatus", "Result", "Side", "SideBalance",
    ),
    "recon378_engine.table": ("Column", "ColumnType", "Role", "Table"),
}  # fmt: skip
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "BadFile", "BadInput", "BadRuleset", "Cancelled", "Change", "Clusters", "Column", "ColumnType", "Conservation", "Difference",
    "EngineError", "ErrorBudget", "Evidence", "ExceptionType", "Explanation", "Inspection", "Limits", "MatchStatus",
    "NotConserved", "OnProgress", "Progress", "QuestionOpen", "Result", "Role", "Ruleset", "Side", "SideBalance",
    "Stage", "Table", "deduplicate", "diff_results", "error_budget", "explain", "ignore_progress", "inspect", "joined",
    "labelling_order", "load_result", "load_table", "pair_by_hand", "pair_columns", "propose_ruleset", "read_table", "reconcile",
    "record_hashes", "save_result", "save_table", "table_of", "write_clusters", "write_result",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'recon378_engine' has no attribute '{name}'")
    return getattr(import_module(_MODULE_OF[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
