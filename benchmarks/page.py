"""docs/benchmarks.md and docs/benchmarks.svg: what was run, on what, how, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.chart import f1_chart
from benchmarks.contest import OURS, PEERS, Outcome
from benchmarks.peers.environment import locked_versions
from benchmarks.section import section_of
from benchmarks.spread import HEADING as SPREAD_HEADING
from benchmarks.spread import spread_rows
from benchmarks.table import cells, markdown

PROTOCOL = """\
- Everything in one run on one machine, one program after the other, each as a process of its own from files to `matches.csv`.
- Ours gets the two files and nothing else. The peers get the same files and what a person would tell them: prepared columns in
  one spelling, the meaning of each field, keys to block on (`benchmarks/peers/descriptions.py`). dedupe also gets the true answer
  to 100 questions.
- After each peer its pairs are assigned one to one, most confident first. Payouts have groups, which one to one cannot give; no
  peer offers sums.
- **F1 ≥ .5** counts pairs at the program's own confidence of one half. **Oracle F1** is the best that any threshold would have
  given, *at* that threshold; it needs the truth and shows what a program leaves lying. **ECE>.01** is the gap between confidence
  and truth, ten equal-width bins, over the pairs that a program returned with confidence ≥ .01. Ours returns pairs from .5 on,
  unless its ruleset says otherwise.
- Processor seconds are those of the process and its children; memory is that of the largest process. Kernels are compiled before
  the clock starts.
- The engine's settings were fixed before the measured seeds were drawn, but not before its makers had seen other seeds of these
  generators. The best settings of the peers were chosen on development sets with the truth in view, in their favour.
- A run that does not end in {limit:.0f} s is ended and shown so."""

BARS = "## Bars"
TOLD = {
    "splink-best": "more blocks, term frequencies on names and codes, edit distances on codes, no fields that hang together",
    "splink-documented": "comparisons, blocks and 10⁶ pairs for u of its examples on linking two tables and on bank transactions",
    "recordlinkage-ecm": "union of blocks, thresholded similarities, no fields that hang together, `ECMClassifier`",
    "dedupe-labels": "active learning with 100 answers, `train`, one-to-one `join`",
    "goldenmatch-zero": "`match` of two files without a configuration, on the prepared columns",
    "exact-join": "equal on a key that is nearly unique",
}


@dataclass(frozen=True, slots=True)
class Report:
    """`contested` are the outcomes of all programs on one seed, `own` ours on every seed."""

    contested: Sequence[Outcome]
    own: Sequence[Outcome]
    machine: str
    version: str
    limit_seconds: float
    command: str


def write_page(report: Report, docs: Path) -> None:
    """Rewrite benchmarks.md and benchmarks.svg in DOCS."""
    (docs / "benchmarks.svg").write_text(f1_chart(report.contested), encoding="utf-8")
    page = docs / "benchmarks.md"
    page.write_text("\n".join(lines(report, section_of(page, BARS))) + "\n", encoding="utf-8")


def lines(report: Report, bars: str) -> list[str]:
    """The page; `bars` is the section that benchmarks.bars has written."""
    return [
        "# Benchmarks",
        f"Written by `{report.command}`; run it to have this page for your machine. Figures here: {report.machine}.",
        "",
        "![F1 of each program on each set](benchmarks.svg)",
        "",
        "## Side by side",
        *markdown([cells(outcome) for outcome in report.contested]),
        "",
        *costs(report.contested),
        "## Ours over several seeds",
        "Mean, smallest and largest. The sets named `people-…` are harder shapes: `SHAPES` in `benchmarks/people.py`.",
        "",
        *markdown(spread_rows(report.own), SPREAD_HEADING),
        "",
        *kinds(report.own),
        *([bars.rstrip("\n"), ""] if bars else []),
        "## Protocol",
        PROTOCOL.format(limit=report.limit_seconds),
        "",
        "## Programs",
        *programs(report.version),
    ]


def costs(outcomes: Sequence[Outcome]) -> list[str]:
    """How many times our processor and wall seconds each peer took on the same set in the same run."""
    ours = {outcome.set.title: outcome.run for outcome in outcomes if outcome.program == OURS}
    rows = [
        (
            outcome.set.title,
            outcome.program.title,
            f"{outcome.run.cpu_seconds / ours[outcome.set.title].cpu_seconds:.2f}",
            f"{outcome.run.wall_seconds / ours[outcome.set.title].wall_seconds:.2f}",
        )
        for outcome in outcomes
        if outcome.program != OURS and outcome.score and outcome.set.title in ours
    ]
    if not rows:
        return []
    return ["Cost as a multiple of ours, paired:", "", *markdown(rows, ("set", "program", "CPU", "wall")), ""]


def kinds(outcomes: Sequence[Outcome]) -> list[str]:
    """Our recall by kind, of the sets whose truth names kinds."""
    found = [
        f"- {outcome.set.title}, seed {outcome.set.seed}: "
        + " · ".join(f"{kind} {share:.3f}" for kind, share in outcome.score.recall_by_kind.items())
        for outcome in outcomes
        if outcome.score and outcome.score.recall_by_kind
    ]
    return ["Recall by kind:", *found, ""] if found else []


def programs(version: str) -> list[str]:
    versions = locked_versions()
    rows = [("recon378", version, "zero configuration: `recon378 reconcile left.csv right.csv`")]
    rows += [
        (peer.title, "" if peer.peer == "exact-join" else versions[peer.package], TOLD[peer.peer]) for peer in PEERS if peer.peer
    ]
    return markdown(rows, ("program", "version", "settings"), words=3)
