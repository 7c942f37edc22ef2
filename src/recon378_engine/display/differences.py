"""The difference of two results: how many pairs came, went, changed partners or moved, and what they are worth."""

from recon378_engine.display.parts import facts, grid, panel
from recon378_engine.matching.findings.diff import Difference

PAIRS_SHOWN = 6
MEANING = {
    "gained": "were open, are matched",
    "lost": "were matched, are open",
    "regrouped": "matched with another record than before",
    "moved": "another status or confidence",
}


def difference_html(difference: Difference) -> str:
    """One line for each kind of change, with the first pairs of it."""
    rows = []
    for name, meaning in MEANING.items():
        change = getattr(difference, name)
        first = change.pairs.head(PAIRS_SHOWN).select("left_row", "right_row").rows()
        pairs = ", ".join(f"{left}–{right}" for left, right in first) + (" …" if change.count > PAIRS_SHOWN else "")
        rows.append((name, meaning, change.count, f"{change.value:,}", pairs))
    figures = ("pairs", "value left")
    return panel(
        "Difference of two results",
        facts([("pairs unchanged", difference.unchanged)]),
        grid("Changes", ("change", "meaning", *figures, "rows left–right"), rows, figures),
    )
