"""The waterfall of an explanation: where the odds start, what each field adds or takes, where they end."""

from itertools import accumulate

from recon378_engine.display.parts import facts, panel, sentence, text
from recon378_engine.result import Evidence, Explanation


def explanation_html(explanation: Explanation) -> str:
    """Bars on a common axis of bits; green speaks for the match, red against it."""
    title = "Why these two are a match" if explanation.matched else "Why these two are not a match"
    bits = explanation.prior_bits + sum(evidence.weight_bits for evidence in explanation.evidence)
    words = [part for part in (explanation.reason, explanation.smallest_change) if part]
    return panel(
        title,
        facts([("confidence", explanation.confidence), ("bits in all", round(bits, 1)), ("stopped at", explanation.failed_step)]),
        *map(sentence, words),
        _waterfall(explanation),
    )


def _waterfall(explanation: Explanation) -> str:
    prior = Evidence("start", "before any evidence", explanation.prior_bits, None, None)
    steps = (prior, *explanation.evidence)
    ends = [0.0, *accumulate(step.weight_bits for step in steps)]
    low, span = min(ends), max(max(ends) - min(ends), 1e-9)
    rows = []
    for step, start, end in zip(steps, ends, ends[1:], strict=False):
        kind = "start" if step is prior else "for" if end >= start else "against"
        left, width = (min(start, end) - low) / span * 100, abs(end - start) / span * 100
        bar = f'<div class="track"><i class="{kind}" style="left: {left:.1f}%; width: {width:.1f}%"></i></div>'
        words = "".join(f"<td>{text(value)}</td>" for value in (step.field, step.outcome, step.left_value, step.right_value))
        rows.append(f'<tr>{words}<td class="n">{step.weight_bits:+.1f}</td><td>{bar}</td></tr>')
    head = "<tr><th>field</th><th>outcome</th><th>left</th><th>right</th><th>bits</th><th></th></tr>"
    return f"<h5>Evidence in bits</h5><table>{head}{''.join(rows)}</table>"
