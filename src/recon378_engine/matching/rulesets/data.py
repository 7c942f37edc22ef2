"""Rules as plain data: reading with a checked schema, and writing."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from recon378_engine.matching.outcome import PairedField
from recon378_engine.matching.rulesets.checks import check_pass
from recon378_engine.matching.rulesets.conditions import (
    Ambiguity,
    AmountWithin,
    Cardinality,
    Cleaner,
    Condition,
    Converted,
    DateWithin,
    DayUnit,
    Decide,
    Equal,
    Filter,
    Pass,
    PassKind,
    ResidualPolicy,
    SharedReference,
    SignPolicy,
    SimilarText,
    Trust,
)
from recon378_engine.matching.rulesets.nodes import Node
from recon378_engine.table import Role

VERSION = 1
MEMBERS_MAX = 8  # combinations grow so fast that beyond eight members a sum proves nothing
DAYS_MAX = 3_650


def read_field(node: Node) -> PairedField:
    node.only("field", "role", "left", "right")
    left, right = node.texts("left"), node.texts("right")
    if not left or not right:
        node.fail("a paired field needs at least one column on the left and one on the right")
    return PairedField(node.text("field"), node.word("role", Role, Role.OTHER), left, right)


def field_to_dict(field: PairedField) -> dict[str, Any]:
    return {"field": field.name, "role": field.role.value, "left": list(field.left), "right": list(field.right)}


def read_pass(node: Node) -> Pass:
    node.only("name", "kind", "where", "conditions", "cardinality", "outcome", "ambiguity", "residual", "trust", "members_max")
    where = node.child("where", {})
    where.only("left", "right")
    step = Pass(
        name=node.text("name"),
        kind=node.word("kind", PassKind),
        conditions=tuple(_read_condition(child) for child in node.children("conditions")),
        left_filters=tuple(_read_filter(child) for child in where.children("left")),
        right_filters=tuple(_read_filter(child) for child in where.children("right")),
        cardinality=node.word("cardinality", Cardinality, Cardinality.ONE_TO_ONE),
        outcome=node.word("outcome", Decide, Decide.CONFIRM),
        ambiguity=node.word("ambiguity", Ambiguity, Ambiguity.CONFIRM_UNIQUE),
        residual=node.word("residual", ResidualPolicy, ResidualPolicy.KEEP),
        trust=node.word("trust", Trust, Trust.RULE),
        members_max=node.whole("members_max", 2, MEMBERS_MAX, MEMBERS_MAX),
    )
    check_pass(step, node)
    return step


def pass_to_dict(step: Pass) -> dict[str, Any]:
    plain: dict[str, Any] = {"name": step.name, "kind": step.kind.value}
    where = {
        side: [_filter_to_dict(part) for part in parts]
        for side, parts in (("left", step.left_filters), ("right", step.right_filters))
        if parts
    }
    if where:
        plain["where"] = where
    plain["conditions"] = [_condition_to_dict(condition) for condition in step.conditions]
    plain |= {"cardinality": step.cardinality.value, "outcome": step.outcome.value, "ambiguity": step.ambiguity.value}
    plain |= {"residual": step.residual.value, "trust": step.trust.value}
    if step.kind is PassKind.GROUP_SUM:
        plain["members_max"] = step.members_max
    return plain


def _read_condition(node: Node) -> Condition:
    if len(node.value) != 1:
        node.fail(f"a condition is one of {', '.join(_READERS)} with its settings")
    name = next(iter(node.value))
    if name not in _READERS:
        node.fail(f"'{name}' is not a condition; known are {', '.join(_READERS)}", name)
    return _READERS[name](node.child(name) if node.value[name] is not None else Node({}, (*node.path, name), node.lines))


def _read_equal(node: Node) -> Equal:
    node.only("field", "clean")
    words = node.texts("clean") if "clean" in node.value else (Cleaner.LOWER, Cleaner.ALPHANUMERIC)
    for word in words:
        if word not in tuple(Cleaner):
            node.fail(f"'{word}' is not a cleaner; known are {', '.join(Cleaner)}", "clean")
    return Equal(node.text("field"), tuple(Cleaner(word) for word in words))


def _read_reference(node: Node) -> SharedReference:
    node.only()
    return SharedReference()


def _read_amount(node: Node) -> AmountWithin:
    node.only("absolute", "percent", "fee", "sign")
    return AmountWithin(
        node.positive("absolute"), node.positive("percent"), node.positive("fee"), node.word("sign", SignPolicy, SignPolicy.SAME)
    )


def _read_date(node: Node) -> DateWithin:
    node.only("from", "to", "unit", "calendar")
    start, end = node.whole("from", -DAYS_MAX, DAYS_MAX), node.whole("to", -DAYS_MAX, DAYS_MAX)
    if start > end:
        node.fail(f"'from' ({start}) is after 'to' ({end})", "from")
    calendar = node.text("calendar") if node.get("calendar", None) is not None else None
    return DateWithin(start, end, node.word("unit", DayUnit, DayUnit.CALENDAR), calendar)


def _read_similar(node: Node) -> SimilarText:
    node.only("minimum")
    return SimilarText(node.share("minimum", 0.5))


def _read_fx(node: Node) -> Converted:
    node.only("percent")
    return Converted(node.positive("percent"))


_READERS: dict[str, Callable[[Node], Condition]] = {
    "equal": _read_equal,
    "reference": _read_reference,
    "amount": _read_amount,
    "date": _read_date,
    "similar": _read_similar,
    "fx": _read_fx,
}


def _condition_to_dict(condition: Condition) -> dict[str, Any]:
    match condition:
        case Equal():
            return {"equal": {"field": condition.field, "clean": [word.value for word in condition.clean]}}
        case SharedReference():
            return {"reference": {}}
        case AmountWithin():
            tolerances = {"absolute": condition.absolute, "percent": condition.percent, "fee": condition.fee}
            return {
                "amount": {key: decimal_text(value) for key, value in tolerances.items() if value}
                | {"sign": condition.sign.value}
            }
        case DateWithin():
            plain: dict[str, Any] = {"from": condition.start, "to": condition.end, "unit": condition.unit.value}
            return {"date": plain | ({"calendar": condition.calendar} if condition.calendar else {})}
        case SimilarText():
            return {"similar": {"minimum": condition.minimum}}
        case Converted():
            return {"fx": {"percent": decimal_text(condition.percent)}}


def _read_filter(node: Node) -> Filter:
    node.only("column", "is", "is_not", "contains", "at_least", "at_most", "empty")
    if len(node.value) == 1:
        node.fail("a filter needs a test: is, is_not, contains, at_least, at_most or empty", "column")
    bounds = [node.decimal(key) if key in node.value else None for key in ("at_least", "at_most")]
    return Filter(
        column=node.text("column"),
        is_in=node.texts("is"),
        is_not=node.texts("is_not"),
        contains=node.text("contains") if "contains" in node.value else None,
        at_least=bounds[0],
        at_most=bounds[1],
        empty=node.flag("empty") if "empty" in node.value else None,
    )


def _filter_to_dict(part: Filter) -> dict[str, Any]:
    plain: dict[str, Any] = {"column": part.column}
    plain |= {key: list(values) for key, values in (("is", part.is_in), ("is_not", part.is_not)) if values}
    plain |= {
        key: decimal_text(bound) for key, bound in (("at_least", part.at_least), ("at_most", part.at_most)) if bound is not None
    }
    plain |= {key: value for key, value in (("contains", part.contains), ("empty", part.empty)) if value is not None}
    return plain


def decimal_text(number: Decimal) -> str:
    """A decimal as people write it, never with an exponent."""
    return f"{number:f}"
