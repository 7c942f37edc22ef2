"""The one line between the engine's values and the code that shows them in a notebook, which is loaded when it is first used."""

from importlib import import_module


def html_of(value: object) -> str:
    """HTML of a result, table, inspection, explanation or difference, as `_repr_html_` gives it to a notebook."""
    shown: str = import_module("recon378_engine.display").html(value)
    return shown
