"""What a notebook shows: everything there, everything from files escaped, nothing of it loaded before it is asked for."""

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

import recon378_engine
from recon378_engine import Result, Table, diff_results, explain, inspect, read_table, reconcile

VOID = {"br", "hr", "img"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("display")
    lines = [f"R-{number}11,<b>Shop {number}</b> & Co,2026-02-{number + 1:02d},{number}47.{number}0" for number in range(1, 10)]
    (folder / "left.csv").write_text("\n".join(["no,name,day,amount", *lines, "R-900,<script>alert(1)</script>,2026-01-01,7.77"]))
    (folder / "right.csv").write_text("\n".join(["no,name,day,amount", *lines]))
    return folder


@pytest.fixture(scope="module")
def tables(folder: Path) -> tuple[Table, Table]:
    return read_table(folder / "left.csv"), read_table(folder / "right.csv")


@pytest.fixture(scope="module")
def result(tables: tuple[Table, Table]) -> Result:
    return reconcile(*tables)


def test_a_result_shows_counts_proof_passes_matches_and_exceptions(result: Result) -> None:
    shown = well_formed(result._repr_html_())
    for words in ("Reconciliation", "confirmed", "✓ Every record and every sum is accounted for.", "Passes", "First matches of 9",
                  "Exceptions", result.result_hash[:12]):  # fmt: skip
        assert words in shown


def test_a_result_is_one_line_on_a_terminal(result: Result) -> None:
    assert repr(result) == f"<Result: 9 confirmed, 0 suggested, 1 exceptions; conservation holds; {result.result_hash[:12]}>"


def test_values_from_files_are_escaped(tables: tuple[Table, Table], result: Result, folder: Path) -> None:
    why = explain(*tables, result.model, result.ruleset, 9, 0, result=result)
    pages = [tables[0]._repr_html_(), why._repr_html_(), inspect(folder / "left.csv")._repr_html_()]
    assert all("<script" not in page and "<b>Shop" not in page for page in pages)
    assert "&lt;b&gt;Shop 1&lt;/b&gt; &amp; Co" in pages[0]


def test_an_explanation_is_a_waterfall_of_bits(tables: tuple[Table, Table], result: Result) -> None:
    why = explain(*tables, result.model, result.ruleset, 0, 0, result=result)
    shown = well_formed(why._repr_html_())
    assert shown.count('class="track"') == len(why.evidence) + 1
    assert "Why these two are a match" in shown
    apart = explain(*tables, result.model, result.ruleset, 9, 0, result=result)
    assert "Why these two are not a match" in well_formed(apart._repr_html_())


def test_a_table_shows_columns_and_first_records(tables: tuple[Table, Table]) -> None:
    shown = well_formed(tables[1]._repr_html_())
    assert "right.csv" in shown
    assert "amount" in shown
    assert "147.10" in shown


def test_an_inspection_shows_questions_and_rejected_rows(tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("day,amount\n2026-01-01,1.50\n2026-01-02,2.50\n2026-01-03,many\n")
    seen = inspect(file)
    shown = well_formed(seen._repr_html_())
    assert "Inspection" in shown
    assert all(error.reason.replace("'", "&#x27;")[:20] in shown for error in seen.row_errors)
    (tmp_path / "empty.csv").write_text("")
    refused = inspect(tmp_path / "empty.csv")
    assert "✗" in well_formed(refused._repr_html_())


def test_a_difference_shows_each_kind_of_change(tables: tuple[Table, Table], result: Result) -> None:
    rejected = pl.DataFrame({"left_row": [0], "right_row": [0], "decision": ["rejected"]})
    shown = well_formed(diff_results(result, reconcile(*tables, decisions=rejected))._repr_html_())
    assert "were matched, are open" in shown
    assert "0–0" in shown


def test_conservation_shows_itself(result: Result) -> None:
    assert "✓" in well_formed(result.conservation._repr_html_())


def test_reconciling_loads_no_display_code() -> None:
    code = "import sys, recon378_engine as e; e.reconcile, e.Table; print('recon378_engine.display' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_every_public_name_is_there_and_says_what_it_is() -> None:
    for name in recon378_engine.__all__:
        value = getattr(recon378_engine, name)
        if name != "OnProgress":  # a type alias
            assert value.__doc__, name
            assert not value.__doc__.startswith(f"{name}("), f"{name} has only the docstring that dataclasses make"
    assert set(dir(recon378_engine)) == set(recon378_engine.__all__)


class _Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def well_formed(html: str) -> str:
    """The HTML, after every tag was seen to close in order."""
    parser = _Balance()
    parser.feed(html)
    assert not parser.open
    return html
