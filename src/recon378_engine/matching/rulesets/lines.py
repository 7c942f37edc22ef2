"""YAML as plain data together with the line on which each part stands."""

from typing import Any

import yaml

from recon378_engine.errors import BadRuleset

Path = tuple[str | int, ...]
_CHARACTERS_MAX = 1_000_000


def load_with_lines(text: str) -> tuple[dict[str, Any], dict[Path, int]]:
    """Parse YAML into plain data (numbers with a point stay text, so that decimals are exact) and the 1-based line of every
    part.
    """
    if len(text) > _CHARACTERS_MAX:
        raise BadRuleset(f"The ruleset has {len(text)} characters; the limit is {_CHARACTERS_MAX}.")
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        where = f"Line {line}: " if line else ""
        raise BadRuleset(f"{where}this is not valid YAML ({error.problem}).", line=line) from error
    if not isinstance(root, yaml.MappingNode):
        raise BadRuleset("A ruleset is a YAML mapping with 'passes'; this text is something else.", line=1)
    lines: dict[Path, int] = {}
    return _plain(root, (), lines), lines


def _plain(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(value, (*path, place), lines) for place, value in enumerate(node.value)]
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: Path, lines: dict[Path, int]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise BadRuleset(f"Ruleset line {line}: a key must be a word.", line=line)
        if key.value in plain:
            raise BadRuleset(f"Ruleset line {line}: '{key.value}' is given twice; keep one.", line=line)
        plain[key.value] = _keyed(key, value, path, lines)
    return plain


def _keyed(key: yaml.Node, value: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    plain = _plain(value, (*path, key.value), lines)
    lines[(*path, key.value)] = key.start_mark.line + 1
    return plain


def _scalar(node: yaml.Node) -> Any:
    text = str(node.value)
    kind = node.tag.rpartition(":")[2]
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() in ("true", "yes", "on")
    if kind == "int" and text.lstrip("+-").isdigit():
        return int(text)
    return text
