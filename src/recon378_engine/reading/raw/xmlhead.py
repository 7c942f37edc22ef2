"""The beginning of an XML file as text, whatever its encoding."""

import codecs
import re

_WIDE = (
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)


def xml_head(head: bytes) -> str | None:
    """The decoded beginning when it is a tag, else None."""
    for mark, encoding in _WIDE:
        if head.startswith(mark):
            return _tagged(head[: len(head) // 2 * 2].decode(encoding, "replace"))
    bare = head.removeprefix(codecs.BOM_UTF8).lstrip()
    return _tagged(bare.decode("utf-8", "replace")) if bare.startswith(b"<") else None


def _tagged(text: str) -> str | None:
    stripped = text.lstrip("\ufeff \t\r\n")
    return stripped if re.match(r"<[?!/A-Za-z_]", stripped) else None
