"""One section of a page: from its heading to the next of the same level."""

import re
from collections.abc import Sequence
from pathlib import Path


def section_of(page: Path, heading: str) -> str:
    """The section, its heading included; empty where the page or the section is not there."""
    found = _pattern(heading).search(page.read_text(encoding="utf-8")) if page.exists() else None
    return found.group() if found else ""


def replace_section(page: Path, heading: str, lines: Sequence[str], before: str) -> None:
    """Write LINES below HEADING in the place of the section that is there, else before the heading BEFORE, else at the end."""
    text = page.read_text(encoding="utf-8")
    section = "\n".join([heading, *lines, ""]) + "\n"
    if _pattern(heading).search(text):
        text = _pattern(heading).sub(lambda _found: section, text)
    else:
        place = text.find(f"\n{before}\n") + 1 or len(text)
        text = text[:place] + section + text[place:]
    page.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def _pattern(heading: str) -> re.Pattern[str]:
    return re.compile(rf"^{re.escape(heading)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
