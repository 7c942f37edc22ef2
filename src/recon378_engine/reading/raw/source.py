"""The bytes of one file, mapped rather than read, unwrapped from gzip or a zip of one, and counted while they inflate."""

import hashlib
import mmap
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from recon378_engine.errors import BadFile
from recon378_engine.reading.limits import Limits

BLOCK_BYTES = 1 << 20
HEAD_BYTES = 1 << 16
GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
Data = mmap.mmap | bytes


@dataclass(frozen=True, slots=True)
class Source:
    """`data` is the whole content, memory-mapped unless empty, `head` its first 64 KiB, `wrapping` what it was taken out of."""

    path: Path
    data: Data
    head: bytes
    sha256: str
    wrapping: str = ""

    @property
    def size_bytes(self) -> int:
        return len(self.data)


def open_source(path: Path, limits: Limits) -> Source:
    """Map a file and take it out of gzip or a one-file zip. Raises BadFile when it cannot be opened or grows too large."""
    try:
        size = path.stat().st_size
        if size > limits.file_bytes_max:
            raise BadFile(f"The file has {size:,} bytes; the limit is {limits.file_bytes_max:,}.")
        data = _mapped(path)
    except OSError as error:
        raise BadFile(f"The file cannot be opened: {error.strerror}.") from error
    source = Source(path, data, bytes(data[:HEAD_BYTES]), _sha256(data))
    return _unwrapped(source, limits)


def _mapped(path: Path) -> Data:
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            return b""
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _sha256(data: Data) -> str:
    digest = hashlib.sha256()
    for start in range(0, len(data), 8 * BLOCK_BYTES):
        digest.update(data[start : start + 8 * BLOCK_BYTES])
        release(data, start, start + 8 * BLOCK_BYTES)
    return digest.hexdigest()


def release(data: Data, start: int, stop: int) -> None:
    """Tell the system that this part of a mapped file is not needed for now, so that a file of any size keeps memory small."""
    if isinstance(data, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        first = start - start % mmap.PAGESIZE
        last = min(stop, len(data)) // mmap.PAGESIZE * mmap.PAGESIZE
        if last > first:
            data.madvise(mmap.MADV_DONTNEED, first, last - first)


def _unwrapped(source: Source, limits: Limits) -> Source:
    if source.head.startswith(GZIP):
        inner = _inflated(_gunzip(source.data), source.size_bytes, limits, "gzip file")
        return _checked_inner(source, inner, "gzip")
    if source.head.startswith(ZIP) and not _is_document(source):
        return _from_zip(source, limits)
    return source


def _checked_inner(source: Source, inner: Data, wrapping: str) -> Source:
    head = bytes(inner[:HEAD_BYTES])
    if head.startswith(GZIP) or (head.startswith(ZIP) and b"[Content_Types].xml" not in head and b"mimetype" not in head[:64]):
        raise BadFile(f"The {wrapping} holds another archive; unpack it and give the table inside.")
    return replace(source, data=inner, head=head, wrapping=wrapping)


def _is_document(source: Source) -> bool:
    """Office documents are zip archives too; they are read as workbooks."""
    try:
        with zipfile.ZipFile(source.path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return source.path.suffix.lower() != ".zip"
    return (
        "[Content_Types].xml" in names or "mimetype" in names or any(name.startswith(("xl/", "word/", "ppt/")) for name in names)
    )


def _from_zip(source: Source, limits: Limits) -> Source:
    with zipfile.ZipFile(source.path) as archive:
        files = [entry for entry in archive.infolist() if not entry.is_dir() and not entry.filename.startswith("__MACOSX/")]
        if len(files) != 1:
            raise BadFile(f"The zip archive holds {len(files)} files; give an archive with exactly one, or the file itself.")
        if files[0].flag_bits & 0x1:
            raise BadFile("The zip archive is protected by a password; unpack it first.")
        if stat.S_ISLNK(files[0].external_attr >> 16):
            raise BadFile("The zip archive holds a link and no file; pack the file itself.")
        try:
            with archive.open(files[0]) as stream:
                inner = _inflated(iter(lambda: stream.read(BLOCK_BYTES), b""), source.size_bytes, limits, "zip archive")
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise BadFile("The zip archive is damaged; pack it again.") from error
    return _checked_inner(source, inner, "zip")


def _gunzip(data: Data) -> Iterator[bytes]:
    """Blocks of all gzip members; raises BadFile where the stream is damaged or ends early."""
    inflater = zlib.decompressobj(wbits=31)
    start, whole = 0, False
    try:
        while start < len(data):
            piece = data[start : start + BLOCK_BYTES]
            start += len(piece)
            while piece := piece.lstrip(b"\x00") if whole else piece:  # zeros may pad between and behind members
                yield inflater.decompress(piece, BLOCK_BYTES)
                piece, whole = inflater.unconsumed_tail, inflater.eof
                if whole:
                    piece = inflater.unused_data
                    inflater = zlib.decompressobj(wbits=31)
    except zlib.error as error:
        raise BadFile("The gzip file is damaged; pack it again.") from error
    if not whole:
        raise BadFile("The gzip file ends early, so rows may be missing; fetch or pack it again.")


def _inflated(blocks: Iterator[bytes], packed_bytes: int, limits: Limits, what: str) -> Data:
    """Write blocks to an unnamed temporary file, counting, and map it."""
    allowed = min(limits.inflated_bytes_max, max(limits.inflate_free_bytes, packed_bytes * limits.inflate_ratio_max))
    written = 0
    with tempfile.TemporaryFile() as file:
        for block in blocks:
            written += len(block)
            if written > allowed:
                raise BadFile(f"The {what} unpacks to more than {allowed:,} bytes from {packed_bytes:,}; this looks like a bomb.")
            file.write(block)
        file.flush()
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if written else b""
