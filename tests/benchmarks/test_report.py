"""Runs and the page: a run is ended in time, a failure is shown as one, and the page names no host and no path."""

import platform
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from benchmarks.contest import OURS, PEERS, Outcome
from benchmarks.machine import describe_machine
from benchmarks.page import Report, write_page
from benchmarks.peers.environment import locked_versions
from benchmarks.runs import Run, run_program
from benchmarks.scoring import Score
from benchmarks.sets import BenchmarkSet
from benchmarks.table import cells, plain

GOOD = Score(0.9, 0.8, 0.85, 0.9, 0.4, 0.02, {"fee": 0.9})
SET = BenchmarkSet("people <1>", 2_000, Path("somewhere"), 7)


def test_a_run_is_accounted_for(tmp_path: Path) -> None:
    run = run_program([sys.executable, "-c", "sum(range(3_000_000))"], 60, tmp_path)
    assert run.failure is None
    assert 0 < run.cpu_seconds <= run.wall_seconds + 0.5
    assert run.peak_gibibytes > 0


def test_a_run_that_takes_too_long_is_ended_with_its_children(tmp_path: Path) -> None:
    child = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
    run = run_program([sys.executable, "-c", child], 1, tmp_path)
    assert run.failure == "no result in 1 s"
    assert run.wall_seconds < 20


def test_a_run_that_fails_says_why(tmp_path: Path) -> None:
    assert run_program([sys.executable, "-c", "raise SystemExit('no such thing')"], 60, tmp_path).failure == "no such thing"


def test_every_peer_is_pinned() -> None:
    versions = locked_versions()
    assert {peer.package for peer in PEERS} <= set(versions)
    assert versions["splink"].startswith("5.")


def test_the_page_shows_figures_failures_and_spread(tmp_path: Path) -> None:
    ours = [Outcome(OURS, SET, Run(2.0, 1.0, 0.5), GOOD), Outcome(OURS, SET, Run(3.0, 1.5, 0.5), GOOD)]
    peers = [
        Outcome(PEERS[0], SET, Run(4.0, 3.0, 0.5), GOOD),
        Outcome(PEERS[1], SET, Run(9.0, 9.0, 0.5, "no result in 9 s"), None),
    ]
    write_page(Report([ours[0], *peers], ours, describe_machine(), "1.2.3", 90, "./run bench"), tmp_path)
    page = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    assert "| Splink, best settings | 3.00 | 2.00 |" in page
    assert "no result in 9 s" in page
    assert "2.5 (2.0–3.0)" in page
    assert "fee 0.900" in page
    chart = ElementTree.fromstring((tmp_path / "benchmarks.svg").read_text(encoding="utf-8"))  # noqa: S314 - our own file
    assert chart.tag.endswith("svg")


def test_the_machine_has_no_name() -> None:
    described = describe_machine()
    assert platform.node() not in described or len(platform.node()) < 4
    assert "cores" in described


@pytest.mark.parametrize("score", [GOOD, None])
def test_a_line_fits_its_heading(score: Score | None) -> None:
    outcome = Outcome(OURS, SET, Run(1.0, 1.0, 0.1, None if score else "broke"), score)
    assert len(cells(outcome)) == 11
    assert plain(cells(outcome)).startswith("people <1> 2,000")
