"""Names of uploaded files, made safe to show. On disk a file is called by the hash of its bytes."""

import unicodedata

NAME_LENGTH_MAX = 200
UNNAMED = "file"


def display_name(name: str) -> str:
    """The last part of a path, without control and direction characters, in NFC, at most 200 characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(character for character in unicodedata.normalize("NFC", last) if unicodedata.category(character)[0] != "C")
    words = " ".join(visible.split()).strip(". ")
    if len(words) <= NAME_LENGTH_MAX:
        return words or UNNAMED
    stem, dot, ending = words.rpartition(".")
    kept = NAME_LENGTH_MAX - len(dot + ending)
    return f"{stem[:kept]}{dot}{ending}" if stem and kept > 0 else words[:NAME_LENGTH_MAX]
