"""Whether the parts of a ruleset fit together: what a pass would silently ignore is refused by name and line."""

from recon378_engine.matching.rulesets.conditions import (
    AmountWithin,
    Condition,
    Converted,
    DateWithin,
    DayUnit,
    Equal,
    Pass,
    PassKind,
    SharedReference,
    SignPolicy,
    SimilarText,
)
from recon378_engine.matching.rulesets.nodes import Node

_GROUPS = (PassKind.GROUP_KEY, PassKind.GROUP_SUM)
_NAMES: dict[type[Condition], str] = {
    Equal: "equal", SharedReference: "reference", AmountWithin: "amount", DateWithin: "date", SimilarText: "similar",
    Converted: "fx",
}  # fmt: skip
_UNUSED: dict[PassKind, tuple[type[Condition], ...]] = {
    PassKind.ML: tuple(_NAMES),
    PassKind.GROUP_KEY: (SimilarText, Converted),
    PassKind.GROUP_SUM: (Converted,),
}


def check_pass(step: Pass, node: Node) -> None:
    """Refuse a pass whose kind, cardinality and conditions contradict each other."""
    group = step.kind in _GROUPS
    if group and "cardinality" not in node.value:
        node.fail(f"a pass of kind {step.kind} needs a cardinality: 1:N, N:1 or N:M", "kind")
    if group == (step.cardinality == "1:1"):
        node.fail(f"a pass of kind {step.kind} cannot have the cardinality {step.cardinality}", "cardinality")
    if "members_max" in node.value and step.kind is not PassKind.GROUP_SUM:
        node.fail("'members_max' belongs to passes of kind group_sum", "members_max")
    for place, condition in enumerate(step.conditions):
        _check_condition(step, condition, place, node)
    _check_enough(step, node)


def _check_condition(step: Pass, condition: Condition, place: int, node: Node) -> None:
    child = node.children("conditions")[place]
    name = _NAMES[type(condition)]
    if isinstance(condition, _UNUSED.get(step.kind, ())):
        child.fail(f"a pass of kind {step.kind} takes no condition '{name}'")
    if not isinstance(condition, Equal) and step.condition(type(condition)) is not condition:
        child.fail(f"the pass has a condition '{name}' already; join the two")
    if isinstance(condition, AmountWithin) and step.kind in _GROUPS and condition.sign is not SignPolicy.SAME:
        child.fail(f"a pass of kind {step.kind} compares sums of the same sign; leave 'sign' out, or set flip_right_sign")
    if isinstance(condition, AmountWithin) and step.kind is PassKind.GROUP_SUM and not condition.exact:
        child.fail("a pass of kind group_sum adds up to the cent; leave the tolerance out")
    if isinstance(condition, AmountWithin) and any(isinstance(other, Converted) for other in step.conditions):
        child.fail("'fx' says how far converted amounts may differ; leave 'amount' out")
    if isinstance(condition, DateWithin) and condition.calendar and condition.unit is not DayUnit.BUSINESS:
        child.fail("a calendar counts business days; add 'unit: business'")


def _check_enough(step: Pass, node: Node) -> None:
    if step.kind is PassKind.GROUP_KEY and not (step.condition(Equal) or step.condition(SharedReference)):
        node.fail("a pass of kind group_key needs an 'equal' or 'reference' condition to group by", "conditions")
    joined = any(not isinstance(condition, DateWithin) for condition in step.conditions)
    if step.kind not in (*_GROUPS, PassKind.ML) and not joined:
        node.fail(
            "the pass needs a condition on a field, a reference, the amount or the text: a date alone joins everything",
            "conditions",
        )
