"""Which characters the bytes of a text file stand for, and the same text as UTF-8."""

import codecs
import mmap
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

from recon378_engine.errors import BadFile
from recon378_engine.reading.inspection import Question
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.raw.legacy import guess_legacy
from recon378_engine.reading.raw.source import Data, release

BLOCK_BYTES = 8 << 20
SAMPLE_BYTES = 1 << 18
FEW_BAD = 100
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CONTROLS = frozenset(range(32)) - frozenset(b"\x00\x01\x07\x08\t\n\x0b\x0c\r\x1a\x1b\x1c\x1d\x1e\x1f")
NOISE_SHARE = 0.01
_BLANKS = bytes(range(33))
_ESCAPED = re.compile("([\udc80-\udcff])")
_HZ = re.compile(rb"~\{[\x21-\x7e]{2,200}?~\}")
_UTF7 = re.compile(rb"\+[A-Za-z0-9+/]{2,200}-")
_SHIFTED = re.compile(rb"\x1b\$[@B].{2,400}?\x1b\([BJ]", re.DOTALL)
_UTF8_PAIR = re.compile(rb"[\xc0-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf7][\x80-\xbf]{3}")


@dataclass(frozen=True, slots=True)
class Text:
    """A text as UTF-8 without byte order mark. `bad_offsets` are the places (in `data`) of bytes that are no UTF-8, ascending."""

    data: Data
    encoding: str
    start: int = 0
    bad_offsets: tuple[int, ...] = ()


def read_text(data: Data, notes: Notes) -> Text:
    """Find the encoding of `data` and give it as UTF-8. Raises BadFile for binary data and for an answer that does not fit."""
    answer = notes.answer("encoding")
    if answer is not None:
        return _transcoded(data, _known(answer))
    head = bytes(data[:SAMPLE_BYTES])
    for mark, name in BOMS:
        if head.startswith(mark):
            return _utf8(data, name, notes) if name == "utf-8-sig" else _transcoded(data, name)
    wide = _wide(head)
    if wide:
        return _transcoded(data, wide)
    escaped = _escaped(head, notes) if head.isascii() else None
    if escaped:
        return _transcoded(data, escaped)
    noise = sum(byte in CONTROLS for byte in head)
    if noise > 2 and noise > len(head) * NOISE_SHARE:
        raise BadFile("The file is binary data, not text and not a known kind of table.")
    return _utf8(data, "utf-8", notes)


def _known(answer: str) -> str:
    try:
        return codecs.lookup(answer).name
    except LookupError as error:
        raise BadFile(f"'{answer}' is not the name of an encoding; utf-8, cp1252, iso8859-15 or shift_jis are.") from error


def _transcoded(data: Data, encoding: str) -> Text:
    """The text as UTF-8, in a temporary file so that memory stays small. Raises BadFile where a byte does not fit."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with tempfile.TemporaryFile() as file:
        try:
            for position in range(0, len(data), BLOCK_BYTES):
                block = decoder.decode(data[position : position + BLOCK_BYTES], final=position + BLOCK_BYTES >= len(data))
                file.write((block if position else block.lstrip("\ufeff")).encode("utf-8", "replace"))
        except UnicodeError as error:
            raise BadFile(f"The file is not {encoding} text ({str(error)[:80]}); choose another encoding.") from error
        file.flush()
        written = file.tell()
        return Text(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if written else b"", encoding)


def _wide(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte order mark shows as NUL in every second or in three of four bytes."""
    if len(head) < 4 or b"\x00" not in head:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if (even > 0.7 * half and odd > 0.3 * half) or (odd > 0.7 * half and even > 0.3 * half):
        return "utf-32-le" if head[0] else "utf-32-be"
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def head_as_utf8(head: bytes) -> bytes:
    """The first words of a text as UTF-8, without byte order mark and blanks before them, for formats that are known by them."""
    name = next((name for mark, name in BOMS[1:] if head.startswith(mark)), None) or _wide(head)
    text = head.decode(name, "ignore").encode("utf-8", "ignore") if name else head
    return text.lstrip(_BLANKS).removeprefix(codecs.BOM_UTF8).lstrip(_BLANKS)


def _escaped(head: bytes, notes: Notes) -> str | None:
    """Encodings that write everything in ASCII. What looks like UTF-7 may be plain text as well, so it is asked."""
    if _SHIFTED.search(head):
        return "iso2022_jp"
    if b"\x1b$)C" in head:
        return "iso2022_kr"
    if len(_HZ.findall(head)) > 1 and _decodes(head, "hz"):
        return "hz"
    shifted = _UTF7.findall(head)
    if shifted and all(_is_word(piece) for piece in shifted):
        example = f"'{shifted[0].decode()}' may stand for '{shifted[0].decode('utf-7')}'"
        notes.ask(Question("encoding", ("utf-7", "utf-8"), f"The text looks like UTF-7: {example}.", len(shifted)))
    return None


def _decodes(head: bytes, encoding: str) -> bool:
    try:
        head[: head.rfind(b"\n") + 1].decode(encoding)
    except UnicodeError:
        return False
    return True


def _is_word(piece: bytes) -> bool:
    """Whether a shifted piece of UTF-7 decodes to letters of everyday scripts."""
    try:
        text = piece.decode("utf-7")
    except UnicodeError:
        return False
    return bool(text) and all(0xA0 <= ord(sign) < 0x2100 and (sign.isalpha() or sign in "€–—“”„’£§°«» ") for sign in text)


def _utf8(data: Data, name: str, notes: Notes) -> Text:
    start = 0
    while data[start : start + 3] == codecs.BOM_UTF8:
        start += 3
    bad = _invalid_offsets(data, start)
    if not bad:
        return Text(data, name, start)
    sample = _sample_around(data, bad)
    if name == "utf-8-sig" or _is_mostly_utf8(sample):
        notes.warn(f"The file is UTF-8, but bytes that are none stand in it, first at byte {bad[0]}; their rows are listed.")
        return Text(data, name, start, tuple(bad))
    guess = guess_legacy(sample)
    if guess is None and len(bad) < FEW_BAD and sample.count(b"\n") > len(bad):
        notes.warn(
            f"Bytes that are no text in any known encoding stand in the file, first at byte {bad[0]}; their rows are listed."
        )
        return Text(data, name, start, tuple(bad))
    if guess is None:
        raise BadFile(f"The file is neither UTF-8 (byte {bad[0]}) nor text in a known encoding; name one with encoding=….")
    notes.warn(f"The encoding was recognised as {guess} by its letters; say encoding=… if names look wrong.")
    return _transcoded(data, guess)


def _invalid_offsets(data: Data, start: int, at_most: int = 10_000) -> list[int]:
    """Places of bytes that break UTF-8, in blocks so that a large file is never held twice."""
    bad: list[int] = []
    position = start
    while position < len(data) and len(bad) < at_most:
        block = data[position : position + BLOCK_BYTES]
        release(data, position, position + BLOCK_BYTES)
        try:
            block.decode("utf-8")
            position += len(block)
        except UnicodeDecodeError:
            decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
            text = decoder.decode(block, position + len(block) >= len(data))
            bad.extend(position + place for place in _escaped_places(text))
            position += len(block) - len(decoder.getstate()[0])  # an unfinished character is for the next block
    return bad[:at_most]


def _escaped_places(text: str) -> Iterator[int]:
    """Places, in bytes, of the bytes that were no UTF-8 and stand escaped in the text."""
    place = 0
    for piece in _ESCAPED.split(text):
        if _ESCAPED.fullmatch(piece):
            yield place
            place += 1
        else:
            place += len(piece.encode())


def _sample_around(data: Data, bad: list[int]) -> bytes:
    """The lines that hold non-ASCII bytes near the first places that break UTF-8, and the head of the file."""
    head = bytes(data[:SAMPLE_BYTES])
    far = [bytes(data[max(0, offset - 200) : offset + 200]) for offset in bad[:2_000:20] if offset > SAMPLE_BYTES]
    return b"\n".join([head, *far])


def _is_mostly_utf8(sample: bytes) -> bool:
    """Whether the non-ASCII bytes of the sample mostly form UTF-8 sequences (some of them perhaps forbidden ones)."""
    high = sum(byte >= 0x80 for byte in sample)
    paired = sum(len(match) for match in _UTF8_PAIR.findall(sample))
    return paired * 2 >= high
