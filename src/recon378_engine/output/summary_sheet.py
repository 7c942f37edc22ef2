"""The first sheet of the workbook: what came in and what became of it, by formulas over the other sheets."""

from collections.abc import Iterable, Mapping
from typing import Any

from recon378_engine.output.calibration import calibration_of, calibration_sentence
from recon378_engine.result import Result, SideBalance

HEADINGS = ("side", "currency", "what", "input", "matched", "suggested", "open", "excluded", "rejected", "difference")
_STATES = (("matched", "Matched"), ("suggested", "Suggested"))


def write_summary(book: Any, result: Result, sheets: Mapping[str, list[str]]) -> None:
    """Add the sheet `Summary`; `sheets` names the sheets of each table (a long one has several)."""
    page = book.add_worksheet("Summary")
    bold, title = book.add_format({"bold": True, "bottom": 1}), book.add_format({"bold": True, "font_size": 14})
    page.set_column(0, 2, 12)
    page.set_column(3, 9, 16)
    page.write_string(0, 0, "Reconciliation", title)
    page.write_string(1, 0, f"Result {result.result_hash}")
    page.write_string(
        2, 0, f"{result.matches.height} matches, {result.exceptions.height} exceptions. Every difference below must be 0."
    )
    page.write_string(3, 0, f"Confidence {calibration_sentence(calibration_of(result.diagnostics))}.")
    for place, heading in enumerate(HEADINGS):
        page.write_string(4, place, heading, bold)
    line = 5
    for balance in result.conservation.balances:
        _write_line(page, line, balance, sheets, sums=False)
        line += 1
        if balance.sums:
            _write_line(page, line, balance, sheets, sums=True)
            line += 1


def _write_line(page: Any, line: int, balance: SideBalance, sheets: Mapping[str, list[str]], *, sums: bool) -> None:
    figures: Mapping[str, Any] = balance.sums if sums else balance.rows
    page.write_string(line, 0, balance.side.value)
    page.write_string(line, 1, balance.currency or "")
    page.write_string(line, 2, "sum" if sums else "rows")
    page.write_number(line, 3, figures["input"])
    for place, (state, sheet) in enumerate(_STATES, start=4):
        formula = _over_members(sheets[sheet], balance, sums=sums)
        page.write_formula(line, place, f"={formula}", None, float(figures[state]))
    open_formula = _over_open(sheets[f"Exceptions {balance.side.value}"], balance, sums=sums)
    page.write_formula(line, 6, f"={open_formula}", None, float(figures["open"]))
    page.write_number(line, 7, figures["excluded"])
    page.write_number(line, 8, figures["rejected"])
    number = line + 1
    page.write_formula(line, 9, f"=ROUND(D{number}-SUM(E{number}:I{number}),6)", None, 0)


def _over_members(names: Iterable[str], balance: SideBalance, *, sums: bool) -> str:
    parts = []
    for name in names:
        test = f"'{name}'!B:B,\"{balance.side.value}\",'{name}'!G:G,\"{balance.currency or ''}\""
        parts.append(f"SUMIFS('{name}'!F:F,{test})" if sums else f"COUNTIFS({test})")
    return "+".join(parts)


def _over_open(names: Iterable[str], balance: SideBalance, *, sums: bool) -> str:
    parts = []
    for name in names:
        test = f"'{name}'!E:E,\"{balance.currency or ''}\""
        rows = f"COUNTIFS({test},'{name}'!A:A,\">=0\")"
        parts.append(f"SUMIFS('{name}'!D:D,{test})" if sums else rows)
    return "+".join(parts)
