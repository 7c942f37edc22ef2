"""The engine's values as HTML for notebooks: nothing that computes imports this package, `notebook` loads it on first use."""

from collections.abc import Callable
from typing import Any

from recon378_engine.display.differences import difference_html
from recon378_engine.display.explanations import explanation_html
from recon378_engine.display.results import conservation_html, result_html
from recon378_engine.display.tables import inspection_html, table_html
from recon378_engine.matching.findings.diff import Difference
from recon378_engine.reading import Inspection
from recon378_engine.result import Conservation, Explanation, Result
from recon378_engine.table import Table

_SHOW: dict[type, Callable[[Any], str]] = {
    Result: result_html,
    Conservation: conservation_html,
    Explanation: explanation_html,
    Table: table_html,
    Inspection: inspection_html,
    Difference: difference_html,
}


def html(value: object) -> str:
    """HTML of a value that this package knows; everything that came from a file is escaped. Raises KeyError for other types."""
    return _SHOW[type(value)](value)
