"""Rules as plain data: reading with a checked schema, and writing."""

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from recon378_engine.errors import BadRuleset
from recon378_engine.matching.outcome import PairedField
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
from recon378_engine.matching.rulesets.lines import Path
from recon378_engine.table import Role

VERSION = 1
MEMBERS_MAX = 8  # combinations grow so fast that beyond eight members a sum proves nothing
DAYS_MAX = 3_650
Lines = Mapping[Path, int]
_Word = TypeVar("_Word", bound=StrEnum)
_MISSING = object()


class Node:
    """One mapping of the ruleset and where it stands; every reader checks what it reads."""

    def __init__(self, value: Any, path: Path, lines: Lines) -> None:
        self.path, self.lines = path, lines
        if not isinstance(value, Mapping):
            self.fail(f"expected a mapping of keys to values, found {value!r}")
        self.value: Mapping[str, Any] = value

    def fail(self, message: str, key: str | int | None = None) -> NoReturn:
        path = self.path if key is None else (*self.path, key)
        line = next((self.lines[path[:stop]] for stop in range(len(path), -1, -1) if path[:stop] in self.lines), None)
        place = ".".join(str(part + 1) if isinstance(part, int) else part for part in self.path)
        where = ", ".join(part for part in (f"line {line}" if line else "", f"in {place}" if place else "") if part)
        raise BadRuleset(f"Ruleset{' ' + where if where else ''}: {message}.", line=line)

    def only(self, *known: str) -> None:
        for key in self.value:
            if key not in known:
                self.fail(f"'{key}' is not known here; allowed are {', '.join(known)}", key)

    def get(self, key: str, default: Any = _MISSING) -> Any:
        value = self.value.get(key, default)
        if value is _MISSING:
            self.fail(f"'{key}' is missing")
        return value

    def text(self, key: str, default: Any = _MISSING) -> str:
        value = self.get(key, default)
        if not isinstance(value, str | int) or isinstance(value, bool) or value == "":
            self.fail(f"'{key}' must be a text, found {value!r}", key)
        return str(value)

    def flag(self, key: str) -> bool:
        value = self.get(key, default=False)
        if not isinstance(value, bool):
            self.fail(f"'{key}' must be true or false, found {value!r}", key)
        return value

    def whole(self, key: str, low: int, high: int, default: Any = _MISSING) -> int:
        value = self.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.fail(f"'{key}' must be a whole number from {low} to {high}, found {value!r}", key)
        return value

    def decimal(self, key: str, default: Any = _MISSING) -> Decimal:
        value = self.get(key, default)
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            self.fail(f"'{key}' must be a number, found {value!r}", key)
        if not number.is_finite():
            self.fail(f"'{key}' must be a finite number, found {value!r}", key)
        return number

    def positive(self, key: str) -> Decimal:
        number = self.decimal(key, Decimal(0))
        if number < 0:
            self.fail(f"'{key}' must not be negative", key)
        return number

    def share(self, key: str, default: float) -> float:
        number = float(self.decimal(key, default))
        if not 0.0 <= number <= 1.0:
            self.fail(f"'{key}' must lie between 0 and 1, found {number}", key)
        return number

    def date(self, key: str) -> str:
        try:
            return datetime.date.fromisoformat(str(self.get(key))).isoformat()
        except ValueError:
            self.fail(f"'{key}' must be a date such as 2026-01-31, found {self.get(key)!r}", key)

    def choice(self, key: str, allowed: tuple[Any, ...], default: Any = _MISSING) -> Any:
        value = self.get(key, default)
        if value not in allowed:
            self.fail(f"'{key}' must be one of {', '.join(map(str, allowed))}, found {value!r}", key)
        return value

    def word(self, key: str, words: type[_Word], default: Any = _MISSING) -> _Word:
        return words(self.choice(key, tuple(words), default))

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.get(key, ())
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list | tuple) or not all(isinstance(part, str | int) for part in listed):
            self.fail(f"'{key}' must be a text or a list of texts", key)
        return tuple(str(part) for part in listed)

    def child(self, key: str, default: Any = _MISSING) -> "Node":
        return Node(self.get(key, default), (*self.path, key), self.lines)

    def children(self, key: str) -> list["Node"]:
        value = self.get(key, ())
        if not isinstance(value, list | tuple):
            self.fail(f"'{key}' must be a list", key)
        return [Node(part, (*self.path, key, place), self.lines) for place, part in enumerate(value)]


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
    _check_pass(step, node)
    return step


def _check_pass(step: Pass, node: Node) -> None:
    group = step.kind in (PassKind.GROUP_KEY, PassKind.GROUP_SUM)
    if group != (step.cardinality is not Cardinality.ONE_TO_ONE):
        node.fail(f"a pass of kind {step.kind} cannot have the cardinality {step.cardinality}", "cardinality")
    if step.kind is PassKind.ML:
        return
    if step.kind is PassKind.GROUP_KEY and not (step.condition(Equal) or step.condition(SharedReference)):
        node.fail("a pass of kind group_key needs an 'equal' or 'reference' condition to group by", "conditions")
    if not group and not any(
        isinstance(part, Equal | SharedReference | AmountWithin | SimilarText | Converted) for part in step.conditions
    ):
        node.fail(
            "the pass needs a condition on a field, a reference, the amount or the text: a date alone joins everything",
            "conditions",
        )


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
        node.fail("a condition is one of equal, reference, amount, date, similar, fx with its settings")
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
