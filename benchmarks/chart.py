"""A small bar chart as SVG: F1 of every program on every set, readable on light and dark pages."""

from collections.abc import Sequence
from html import escape

from benchmarks.contest import OURS, Outcome

LABEL_WIDTH, BAR_WIDTH, ROW_HEIGHT, SET_GAP, TOP = 230, 420, 20, 34, 44
STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #1f2937 } .set { font-weight: 600; font-size: 13px } .small { font-size: 11px }
  .track { fill: #e5e7eb } .ours { fill: #2563eb } .peer { fill: #9ca3af } .oracle { stroke: #111827; stroke-width: 1.5 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e5e7eb } .track { fill: #374151 } .ours { fill: #60a5fa } .peer { fill: #6b7280 } .oracle { stroke: #f9fafb }
  }
"""


def f1_chart(outcomes: Sequence[Outcome]) -> str:
    """An SVG document: a bar from 0 to 1 for F1 at .5, a stroke for the F1 that an oracle's threshold would give."""
    names = list(dict.fromkeys(outcome.set.title for outcome in outcomes))
    parts, y = [], TOP
    for name in names:
        parts.append(f'<text class="set" x="8" y="{y + 14}">{escape(name)}</text>')
        y += ROW_HEIGHT + 4
        for outcome in (outcome for outcome in outcomes if outcome.set.title == name):
            parts += bar(outcome, y)
            y += ROW_HEIGHT
        y += SET_GAP - ROW_HEIGHT
    width = LABEL_WIDTH + BAR_WIDTH + 150
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" width="{width}" height="{y}" role="img">'
    title = "<title>F1 of each program on each set</title>"
    words = "Bar: F1 at confidence ≥ .5. Stroke: F1 at the threshold that an oracle would choose."
    legend = f'<text class="small" x="8" y="22">{words}</text>'
    return "\n".join([head, title, f"<style>{STYLE}</style>", legend, *parts, "</svg>", ""])


def bar(outcome: Outcome, y: int) -> list[str]:
    label = f'<text x="8" y="{y + 13}">{escape(outcome.program.title)}</text>'
    if outcome.score is None:
        return [label, f'<text class="small" x="{LABEL_WIDTH}" y="{y + 13}">{escape(outcome.run.failure or "no result")}</text>']
    kind = "ours" if outcome.program == OURS else "peer"
    oracle = LABEL_WIDTH + BAR_WIDTH * outcome.score.oracle_f1
    cost = f"{outcome.score.f1:.3f} · {outcome.run.cpu_seconds:.1f} CPU s"
    return [
        label,
        f'<rect class="track" x="{LABEL_WIDTH}" y="{y + 3}" width="{BAR_WIDTH}" height="12" rx="3"/>',
        f'<rect class="{kind}" x="{LABEL_WIDTH}" y="{y + 3}" width="{BAR_WIDTH * outcome.score.f1:.1f}" height="12" rx="3"/>',
        f'<line class="oracle" x1="{oracle:.1f}" x2="{oracle:.1f}" y1="{y + 1}" y2="{y + 17}"/>',
        f'<text class="small" x="{LABEL_WIDTH + BAR_WIDTH + 10}" y="{y + 13}">{cost}</text>',
    ]
