"""Files that are no tables whatever their name says; refused with a sentence that names what they are."""

from typing import NoReturn

from recon378_engine.errors import BadFile
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.raw.source import Source

NAME = "foreign"
MAGIC = (
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"BM", "a picture (BMP)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"RIFF", "a sound or picture file"),
    (b"%PDF", "a PDF document; export the table as CSV or XLSX instead"),
    (b"%!PS", "a PostScript document"),
    (b"{\\rtf", "a rich text document"),
    (b"\x7fELF", "a program (ELF)"),
    (b"MZ", "a program (EXE or DLL)"),
    (b"\xca\xfe\xba\xbe", "a program (Java or Mach-O)"),
    (b"\xcf\xfa\xed\xfe", "a program (Mach-O)"),
    (b"#!/", "a script"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; unpack it first"),
    (b"BZh", "a bzip2 archive; unpack it first"),
    (b"\xfd7zXZ", "an xz archive; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive; unpack it first"),
    (b"SQLite format 3", "an SQLite database; export a table as CSV"),
    (b"\x00\x00\x00\x18ftyp", "a video"),
    (b"\x00\x00\x00\x20ftyp", "a video"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound file"),
    (b"\x00asm", "a program (WebAssembly)"),
)
TEXT_MAGIC = (b"BM", b"MZ", b"ID3", b"RIFF", b"OggS", b"BZh", b"GIF8")


def recognises(source: Source) -> bool:
    """Known beginnings of pictures, programs, documents and archives."""
    return source.size_bytes > 0 and _what(source.head) is not None


def read(source: Source, notes: Notes) -> NoReturn:
    """Refuse. Always raises BadFile."""
    raise BadFile(f"The file is {_what(source.head)}, not a table.")


def _what(head: bytes) -> str | None:
    for magic, name in MAGIC:
        if head.startswith(magic) and not (magic in TEXT_MAGIC and _reads_as_text(head)):
            return name
    return None


def _reads_as_text(head: bytes) -> bool:
    """Whether a beginning of plain letters may be a word: then lines and delimiters follow, and no NUL."""
    first = head[:4096]
    return (
        b"\x00" not in first and (b"\n" in first or b"\r" in first) and any(mark in first for mark in (b",", b";", b"\t", b"|"))
    )
