"""Outcomes as lines of a table, for the terminal and for the page."""

from collections.abc import Sequence

from benchmarks.contest import Outcome

HEADING = ("set", "program", "F1 ≥ .5", "precision", "recall", "oracle F1", "at", "ECE>.01", "wall s", "CPU s", "GiB")
WIDTHS = (20, 32, 8, 10, 8, 10, 6, 8, 8, 8, 6)


def cells(outcome: Outcome) -> tuple[str, ...]:
    """One cell for each of HEADING; a run that failed has its reason in place of the figures."""
    names = (outcome.set.title, outcome.program.title)
    run, score = outcome.run, outcome.score
    if score is None:
        return (*names, run.failure or "no result", *[""] * (len(HEADING) - 3))
    figures = (score.f1, score.precision, score.recall, score.oracle_f1)
    costs = (f"{run.wall_seconds:.1f}", f"{run.cpu_seconds:.1f}", f"{run.peak_gibibytes:.2f}")
    return (*names, *map(share, figures), f"{score.oracle_threshold:.2f}", share(score.calibration_error), *costs)


def share(value: float) -> str:
    return f"{value:.4f}".removeprefix("0") if value < 1 else "1.000"


def plain(row: Sequence[str]) -> str:
    left = [cell.ljust(width) for cell, width in zip(row[:2], WIDTHS[:2], strict=True)]
    if not any(row[3:]):
        return "".join(left) + row[2]
    return "".join(left) + "".join(cell.rjust(width) for cell, width in zip(row[2:], WIDTHS[2:], strict=True))


def markdown(rows: Sequence[Sequence[str]], heading: Sequence[str] = HEADING, words: int = 2) -> list[str]:
    """A Markdown table; all columns but the first WORDS are figures."""
    marks = ["---"] * words + ["---:"] * (len(heading) - words)
    return ["| " + " | ".join(row) + " |" for row in (heading, marks, *rows)]
