"""One mapping of a ruleset, read with checks that name the place and the line."""

import datetime
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from recon378_engine.errors import BadRuleset
from recon378_engine.matching.rulesets.lines import Path

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
