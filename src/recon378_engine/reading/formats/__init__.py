"""The formats, in the order in which they are asked whether a file is theirs. A new one is one file here and one word below."""

import importlib
from typing import Protocol

from recon378_engine.reading.content import Content
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.raw.source import Source

ORDER = (
    "foreign",
    "columnar",
    "workbook",
    "ofx",
    "camt",
    "htmltable",
    "recordxml",
    "mt940",
    "jsonrecords",
    "bai2",
    "qif",
    "delimited",
)


class Format(Protocol):
    """One kind of file; each module of this package is one."""

    NAME: str

    def recognises(self, source: Source) -> bool:
        """Whether the content (never the name) is of this kind."""

    def read(self, source: Source, notes: Notes) -> Content:
        """Typed content; what is found on the way goes to `notes`. Raises BadFile."""


def format_of(source: Source) -> Format:
    """The first format that recognises the content; delimited text takes what no other claims."""
    for name in ORDER:
        candidate: Format = importlib.import_module(f"{__name__}.{name}")
        if candidate.recognises(source):
            return candidate
    raise AssertionError("delimited text recognises every source")
