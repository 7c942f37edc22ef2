"""Filters of a list as SQL conditions with numbered parameters."""

from typing import Any


class Conditions:
    """Collects conditions joined by AND. Only constants of the code become SQL; every value is a parameter."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.values: list[Any] = []

    def add(self, template: str, *values: Any) -> None:
        """Add a condition; each `?` in it stands for the next value."""
        for value in values:
            self.values.append(value)
            template = template.replace("?", f"${len(self.values)}", 1)
        self.parts.append(template)

    def add_if(self, template: str, value: Any) -> None:
        """Add a condition unless the value is None or empty."""
        if value is not None and value != () and value != "":
            self.add(template, value)

    def sql(self) -> str:
        return " AND ".join(self.parts) or "true"


def contains(text: str) -> str:
    """A LIKE pattern for rows that hold `text` anywhere, case folded as the `search` columns are."""
    escaped = text.strip().lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%" if escaped else ""
