"""The ruleset: how columns pair and which passes run, as values, as plain data and as YAML that people edit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import yaml

from recon378_engine.matching.outcome import PairedField, Pairing
from recon378_engine.matching.rulesets import data
from recon378_engine.matching.rulesets.conditions import Equal, Pass, Rate
from recon378_engine.matching.rulesets.lines import load_with_lines
from recon378_engine.matching.rulesets.nodes import Lines, Node


@dataclass(frozen=True, slots=True)
class Ruleset:
    """Ordered passes over paired columns. Matches at or above `confirm_confidence` may be confirmed, at or above
    `suggest_confidence` suggested.
    """

    passes: tuple[Pass, ...]
    fields: tuple[PairedField, ...] = ()
    flip_right_sign: bool = False
    rates: tuple[Rate, ...] = ()
    confirm_confidence: float = 0.9
    suggest_confidence: float = 0.5
    name: str = "Ruleset"

    @property
    def pairing(self) -> Pairing:
        """The pairs of columns and whether the right side's amounts count with the other sign."""
        return Pairing(self.fields, self.flip_right_sign)

    def with_pairing(self, pairing: Pairing) -> "Ruleset":
        """The same passes over other columns."""
        return replace(self, fields=pairing.fields, flip_right_sign=pairing.flip_right_sign)

    def to_dict(self) -> dict[str, Any]:
        """Plain data: str, int, float, bool, list and dict only; decimals as strings."""
        return {
            "version": data.VERSION,
            "name": self.name,
            "columns": [data.field_to_dict(field) for field in self.fields],
            "flip_right_sign": self.flip_right_sign,
            "confidence": {"confirm": self.confirm_confidence, "suggest": self.suggest_confidence},
            "rates": [
                {"date": rate.date, "from": rate.base, "to": rate.quote, "rate": data.decimal_text(rate.rate)}
                for rate in self.rates
            ],
            "passes": [data.pass_to_dict(step) for step in self.passes],
        }

    def to_yaml(self) -> str:
        """The same as YAML that people read and edit, for `from_yaml`."""
        return str(yaml.safe_dump(self.to_dict(), sort_keys=False, allow_unicode=True, width=120))

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any], lines: Lines | None = None) -> "Ruleset":
        """Check and read plain data; BadRuleset names the place, and the line where `lines` knows it."""
        node = Node(plain, (), lines or {})
        known = ("version", "name", "columns", "flip_right_sign", "confidence", "rates", "passes")
        node.only(*known)
        node.choice("version", (data.VERSION,), data.VERSION)
        confidence = node.child("confidence", {})
        confidence.only("confirm", "suggest")
        ruleset = cls(
            name=node.text("name", "Ruleset"),
            fields=tuple(data.read_field(child) for child in node.children("columns")),
            flip_right_sign=node.flag("flip_right_sign"),
            rates=tuple(_read_rate(child) for child in node.children("rates")),
            confirm_confidence=confidence.share("confirm", 0.9),
            suggest_confidence=confidence.share("suggest", 0.5),
            passes=tuple(data.read_pass(child) for child in node.children("passes")),
        )
        if ruleset.confirm_confidence < ruleset.suggest_confidence:
            confidence.fail("'confirm' must not be below 'suggest'", "confirm")
        _check_names(ruleset, node)
        return ruleset

    @classmethod
    def from_yaml(cls, text: str) -> "Ruleset":
        """Read YAML text; BadRuleset carries the 1-based line."""
        plain, lines = load_with_lines(text)
        return cls.from_dict(plain, lines)


def _read_rate(node: Node) -> Rate:
    node.only("date", "from", "to", "rate")
    rate = node.decimal("rate")
    if rate <= Decimal(0):
        node.fail("'rate' must be above zero", "rate")
    if node.text("from").upper() == node.text("to").upper():
        node.fail("'from' and 'to' are the same currency", "to")
    return Rate(node.date("date"), node.text("from").upper(), node.text("to").upper(), rate)


def _check_names(ruleset: Ruleset, node: Node) -> None:
    if not ruleset.passes:
        node.fail("a ruleset needs at least one pass", "passes")
    _check_unique([field.name for field in ruleset.fields], node.children("columns"), "field", "two columns are called '{}'")
    _check_unique([step.name for step in ruleset.passes], node.children("passes"), "name", "two passes are called '{}'")
    rates = [f"{rate.base} to {rate.quote} of {rate.date}" for rate in ruleset.rates]
    _check_unique(rates, node.children("rates"), "date", "there are two rates {}")
    known = [field.name for field in ruleset.fields]
    for step, child in zip(ruleset.passes, node.children("passes"), strict=True):
        for place, condition in enumerate(step.conditions):
            if known and isinstance(condition, Equal) and condition.field not in known:
                child.children("conditions")[place].fail(f"no column is called '{condition.field}'; known are {', '.join(known)}")


def _check_unique(names: list[str], nodes: list[Node], key: str, said: str) -> None:
    seen: set[str] = set()
    for name, child in zip(names, nodes, strict=True):
        if name in seen:
            child.fail(f"{said.format(name)}; keep one, or give it its own name", key)
        seen.add(name)
