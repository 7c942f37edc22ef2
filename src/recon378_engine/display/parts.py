"""The pieces that all displays are made of. Colours lean on the page's own text colour, so that light and dark both work."""

from collections.abc import Iterable, Sequence
from html import escape

TEXT_CHARACTERS_MAX = 80
STYLE = """<style>
.r378 { font: 13px/1.45 system-ui, sans-serif; max-width: 70rem }
.r378 h4 { margin: 0 0 .4em; font-size: 15px } .r378 h5 { margin: .9em 0 .3em; font-size: 12px; opacity: .75 }
.r378 .facts { display: flex; flex-wrap: wrap; gap: .3em 1.6em } .r378 .facts b { font-variant-numeric: tabular-nums }
.r378 table { border-collapse: collapse; font: inherit } .r378 th { text-align: left; font-weight: 600; opacity: .75 }
.r378 td, .r378 th { padding: 2px 12px 2px 0; border-bottom: 1px solid rgba(128, 128, 128, .25); vertical-align: top }
.r378 .n { text-align: right; font-variant-numeric: tabular-nums } .r378 .good { color: #2b9348 } .r378 .bad { color: #d9480f }
.r378 .faint { opacity: .6 } .r378 .track { position: relative; width: 22rem; height: 1em }
.r378 .track i { position: absolute; top: .1em; height: .8em; border-radius: 2px; min-width: 2px }
.r378 .for { background: #2b9348 } .r378 .against { background: #d9480f } .r378 .start { background: rgba(128, 128, 128, .6) }
</style>"""


def panel(title: str, *parts: str) -> str:
    """A display with a heading; TITLE is escaped, PARTS are HTML."""
    return f'<div class="r378">{STYLE}<h4>{escape(title)}</h4>{"".join(parts)}</div>'


def facts(pairs: Iterable[tuple[str, object]]) -> str:
    """Small figures beside each other: what, value. Pairs without a value are left out."""
    shown = "".join(f"<span>{escape(what)} <b>{text(value)}</b></span>" for what, value in pairs if value not in (None, ""))
    return f'<div class="facts">{shown}</div>'


def grid(title: str, heading: Sequence[str], rows: Sequence[Sequence[object]], figures: Sequence[str] = ()) -> str:
    """A table under a small heading, or nothing without rows; columns named in FIGURES are set right."""
    if not rows:
        return ""
    marks = [' class="n"' if name in figures else "" for name in heading]
    head = "".join(f"<th{mark}>{escape(name)}</th>" for name, mark in zip(heading, marks, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{mark}>{text(cell)}</td>" for cell, mark in zip(row, marks, strict=True)) + "</tr>" for row in rows
    )
    return f"<h5>{escape(title)}</h5><table><tr>{head}</tr>{body}</table>"


def sentence(words: str, good: bool | None = None) -> str:
    """A line of its own; GOOD colours and ticks it, bad colours and crosses it."""
    kind, mark = {True: ("good", "✓ "), False: ("bad", "✗ "), None: ("", "")}[good]
    return f'<div class="{kind}">{mark}{escape(words)}</div>'


def text(value: object) -> str:
    """A value as escaped text: numbers with thousands, nothing as a dash, long text cut.

    Floats are probabilities, bits and seconds here: four decimals, one from 10 on.
    """
    if value is None:
        return '<span class="faint">–</span>'
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.4f}" if abs(value) < 10 else f"{value:,.1f}"
    words = str(value)
    return escape(words if len(words) <= TEXT_CHARACTERS_MAX else words[: TEXT_CHARACTERS_MAX - 1] + "…")
