"""The tutorial tells the truth: its blocks run top to bottom and print what stands below them."""

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

TUTORIAL = Path(__file__).parents[3] / "docs" / "tutorial.md"
BLOCK = re.compile(r"```python\n(?P<code>.*?)```\n(?:```text\n(?P<printed>.*?)```\n)?", re.DOTALL)


def test_the_tutorial_prints_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = TUTORIAL.read_text(encoding="utf-8")
    namespace: dict[str, Any] = {}
    for block in BLOCK.finditer(text):
        line = text[: block.start()].count("\n") + 2
        out = StringIO()
        with redirect_stdout(out):
            exec(compile("\n" * (line - 1) + block["code"], str(TUTORIAL), "exec"), namespace)  # noqa: S102 - our own page
        assert out.getvalue() == (block["printed"] or ""), f"the block at line {line} prints something else"


def test_the_tutorial_has_blocks() -> None:
    assert len(BLOCK.findall(TUTORIAL.read_text(encoding="utf-8"))) > 10
