"""Elements of an XML file one by one, without entities, external references or memory for the whole document."""

from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from recon378_engine.errors import BadFile
from recon378_engine.reading.limits import Limits
from recon378_engine.reading.raw.source import Data

BLOCK_BYTES = 1 << 16


@dataclass(slots=True)
class Node:
    """One element: local name, attributes by local name, own text, children in order, the line on which it starts."""

    name: str
    line: int
    attributes: dict[str, str]
    text: str = ""
    children: list["Node"] = field(default_factory=list)

    def find(self, path: str) -> "Node | None":
        """The first element down a path such as `Acct/Id/IBAN`."""
        node: Node | None = self
        for name in path.split("/"):
            node = next((child for child in node.children if child.name == name), None) if node else None
        return node

    def all(self, name: str) -> list["Node"]:
        return [child for child in self.children if child.name == name]

    def value(self, *paths: str) -> str:
        """The stripped text of the first path that has one."""
        for path in paths:
            node = self.find(path)
            if node is not None and node.text.strip():
                return node.text.strip()
        return ""


@dataclass(frozen=True, slots=True)
class Watch:
    """`done(node, parents)` is called for each element whose local name is in `names`, at its end; it is then forgotten."""

    names: frozenset[str]
    done: Callable[[Node, tuple[Node, ...]], None]


def stream(data: Data, watch: Watch, limits: Limits) -> Node:
    """Parse a document and return its root without the watched elements. Raises BadFile with the line."""
    builder = _Builder(watch, limits)
    parser = expat.ParserCreate(namespace_separator=" ")
    builder.attach(parser)
    position = 0
    try:
        while position < len(data):
            parser.Parse(bytes(data[position : position + BLOCK_BYTES]), False)
            position += BLOCK_BYTES
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        what = expat.ErrorString(error.code)
        raise BadFile(f"Line {error.lineno}: the XML is not well formed ({what}).", line=error.lineno) from error
    except (LookupError, ValueError) as error:
        raise BadFile(f"The XML declares an encoding that is not known ({str(error)[:60]}).") from error
    if builder.root is None:
        raise BadFile("The XML file holds no element.")
    return builder.root


class _Builder:
    """The open elements of a document, bounded in depth and attributes."""

    def __init__(self, watch: Watch, limits: Limits) -> None:
        self.watch = watch
        self.limits = limits
        self.open: list[Node] = []
        self.held = 0  # elements in memory
        self.held_before: list[int] = []  # the same at the start of each open element
        self.root: Node | None = None
        self.parser: expat.XMLParserType | None = None

    def attach(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.StartDoctypeDeclHandler = self.refuse_doctype
        parser.EntityDeclHandler = self.refuse_doctype
        parser.buffer_text = True

    def refuse_doctype(self, *_: object) -> None:
        raise BadFile("The XML defines entities or a document type, which no bank statement needs; it was refused.")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber if self.parser else 0
        if len(self.open) >= self.limits.xml_depth_max:
            raise BadFile(f"Line {line}: the XML is nested deeper than {self.limits.xml_depth_max} elements.", line=line)
        if len(attributes) > self.limits.xml_attributes_max or sum(map(len, attributes.values())) > self.limits.cell_bytes_max:
            raise BadFile(f"Line {line}: an element has too many or too large attributes.", line=line)
        self.held_before.append(self.held)
        self.held += 1
        if self.held > self.limits.xml_nodes_max:
            raise BadFile(f"Line {line}: the XML holds more than {self.limits.xml_nodes_max:,} elements at once.", line=line)
        node = Node(_local(name), line, {_local(key): value for key, value in attributes.items()})
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node
        self.open.append(node)

    def characters(self, text: str) -> None:
        node = self.open[-1]
        if len(node.text) + len(text) > self.limits.cell_bytes_max:
            raise BadFile(
                f"Line {node.line}: element {node.name} holds more than {self.limits.cell_bytes_max:,} characters.",
                line=node.line,
            )
        if node.text or not text.isspace():
            node.text += text

    def end(self, _: str) -> None:
        node, held_before = self.open.pop(), self.held_before.pop()
        if node.name in self.watch.names:
            self.watch.done(node, tuple(self.open))
            self.held = held_before
            if self.open:
                self.open[-1].children.pop()  # the last to begin is this one


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
