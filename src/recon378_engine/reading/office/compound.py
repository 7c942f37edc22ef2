"""One stream out of an OLE compound file (MS-CFB), which holds an XLS workbook. Damage yields None, never a loop."""

import struct
from collections.abc import Iterator

FREE = 0xFFFFFFFA  # sector numbers from here on are marks: end of chain, free, table
HEADER_BYTES = 512
ENTRY_BYTES = 128
MINI_BYTES = 64
_STREAM, _ROOT = 2, 5


def stream_of(data: bytes, names: tuple[str, ...]) -> bytes | None:
    """The first stream with one of `names` (lower case), None when there is none or the file is damaged."""
    try:
        return _Compound(data).stream(names)
    except (struct.error, IndexError, ValueError):
        return None


class _Compound:
    """Sector size, allocation table and directory of one file."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise ValueError("sector size")
        self.size = 1 << shift
        first_directory, self.mini_below, first_mini = (struct.unpack_from("<I", data, place)[0] for place in (48, 56, 60))
        self.table = self._numbers(self._table_sectors())
        self.mini_table = self._numbers(self._chain(first_mini))
        self.directory = b"".join(self._sector(number) for number in self._chain(first_directory))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        return self.data[start : start + self.size]

    def _numbers(self, sectors: Iterator[int]) -> list[int]:
        joined = b"".join(self._sector(number) for number in sectors)
        return [number for (number,) in struct.iter_unpack("<I", joined[: len(joined) // 4 * 4])]

    def _table_sectors(self) -> Iterator[int]:
        """Sectors of the allocation table: 109 in the header, the rest in a chain of their own."""
        yield from (number for number in struct.unpack_from("<109I", self.data, 76) if number < FREE)
        following = struct.unpack_from("<I", self.data, 68)[0]
        for _ in range(len(self.data) // self.size):
            if following >= FREE:
                return
            *numbers, following = struct.unpack(f"<{self.size // 4}I", self._sector(following))
            yield from (number for number in numbers if number < FREE)

    def _chain(self, start: int) -> Iterator[int]:
        """The sectors of a chain, no more than the file has."""
        number = start
        for _ in range(len(self.data) // self.size + 1):
            if number >= FREE:
                return
            yield number
            number = self.table[number]

    def stream(self, names: tuple[str, ...]) -> bytes | None:
        entries = [self.directory[start : start + ENTRY_BYTES] for start in range(0, len(self.directory), ENTRY_BYTES)]
        root = next((entry for entry in entries if entry[66] == _ROOT), None)
        for entry in entries:
            length, kind = struct.unpack_from("<H", entry, 64)[0], entry[66]
            name = entry[: max(0, length - 2)].decode("utf-16-le", "replace").lower()
            if kind == _STREAM and name in names:
                return self._content(entry, root)
        return None

    def _content(self, entry: bytes, root: bytes | None) -> bytes:
        first, size = struct.unpack_from("<II", entry, 116)
        if size >= self.mini_below or root is None:
            return b"".join(self._sector(number) for number in self._chain(first))[:size]
        container = b"".join(self._sector(number) for number in self._chain(struct.unpack_from("<I", root, 116)[0]))
        pieces, number = [], first
        for _ in range(len(self.mini_table)):
            if number >= FREE:
                break
            pieces.append(container[number * MINI_BYTES : (number + 1) * MINI_BYTES])
            number = self.mini_table[number]
        return b"".join(pieces)[:size]
