"""Rows of a dataset by number, straight out of the memory-mapped file: a page of a million records costs page faults, not a load.

Reads what `dataset` writes: Arrow IPC, uncompressed, without nesting (format: https://arrow.apache.org/docs/format/Columnar.html).
Polars reads such a file into memory since 2.0; this reader leaves it on disk.
"""

import json
import mmap
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from recon378_engine.dataset import schema_of
from recon378_engine.table import Column, ColumnType, Role

MAGIC = b"ARROW1"
INLINE_BYTES = 12
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class _Buffers:
    """Buffers of one column in one record batch: offset and length in the file. `validity` has length 0 where nothing is null."""

    validity: tuple[int, int]
    values: tuple[int, int]
    long_texts: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Batch:
    first_row: int
    height: int
    columns: tuple[_Buffers, ...]


class MappedDataset:
    """An open dataset; keeps the map of the file and the places of its buffers, nothing of its content.

    Opening raises FileNotFoundError, and ValueError for a file that `dataset` did not write.
    """

    def __init__(self, path: str | Path) -> None:
        target = Path(path)
        meaning = json.loads(target.with_suffix(".json").read_text(encoding="utf-8"))
        self.columns = tuple(
            Column(item["name"], ColumnType(item["type"]), Role(item["role"]), item["scale"]) for item in meaning["columns"]
        )
        self.floats = frozenset(meaning.get("floats", ()))
        with target.open("rb") as file:
            self.data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.batches = _batches(self.data, self.columns)
        self.height = sum(batch.height for batch in self.batches)
        self.starts = np.array([batch.first_row for batch in self.batches], dtype=np.int64)

    def rows(self, positions: Sequence[int]) -> pl.DataFrame:
        """The records at these 0-based positions of the dataset, in this order, ROW_COLUMN behind. Raises IndexError."""
        if any(not 0 <= position < self.height for position in positions):
            raise IndexError(f"The dataset has {self.height:,} records.")
        places = [self._place(position) for position in positions]
        schema = schema_of(self.columns, self.floats)
        values = {name: [self._value(batch, index, row) for batch, row in places] for index, name in enumerate(schema)}
        return pl.DataFrame(values, schema=schema)

    def _place(self, position: int) -> tuple[_Batch, int]:
        batch = self.batches[int(np.searchsorted(self.starts, position, side="right")) - 1]
        return batch, position - batch.first_row

    def _value(self, batch: _Batch, index: int, row: int) -> Any:
        buffers = batch.columns[index]
        if buffers.validity[1] and not self.data[buffers.validity[0] + row // 8] >> (row % 8) & 1:
            return None
        if index == len(self.columns):
            return struct.unpack_from("<I", self.data, buffers.values[0] + 4 * row)[0]
        return self._typed(self.columns[index], buffers, row)

    def _typed(self, column: Column, buffers: _Buffers, row: int) -> Any:
        start = buffers.values[0]
        match column.type:
            case ColumnType.TEXT | ColumnType.IDENTIFIER:
                return self._text(buffers, start + 16 * row)
            case ColumnType.AMOUNT:
                unscaled = int.from_bytes(self.data[start + 16 * row : start + 16 * row + 16], "little", signed=True)
                return Decimal(unscaled).scaleb(-column.scale)
            case ColumnType.BOOLEAN:
                return bool(self.data[start + row // 8] >> (row % 8) & 1)
            case ColumnType.DATE:
                return EPOCH + timedelta(days=struct.unpack_from("<i", self.data, start + 4 * row)[0])
            case ColumnType.DATETIME:
                return struct.unpack_from("<q", self.data, start + 8 * row)[0]
            case _:
                return struct.unpack_from("<d" if column.name in self.floats else "<q", self.data, start + 8 * row)[0]

    def _text(self, buffers: _Buffers, view: int) -> str:
        """A string view: length and text in place, or length, prefix, buffer and offset."""
        length = struct.unpack_from("<i", self.data, view)[0]
        if length <= INLINE_BYTES:
            return self.data[view + 4 : view + 4 + length].decode("utf-8")
        number, offset = struct.unpack_from("<ii", self.data, view + 8)
        start = buffers.long_texts[number][0] + offset
        return self.data[start : start + length].decode("utf-8")


def _batches(data: mmap.mmap, columns: Sequence[Column]) -> tuple[_Batch, ...]:
    """Places of all record batches, from the footer. Raises ValueError for a file that `dataset` did not write."""
    if data[-len(MAGIC) :] != MAGIC or data[: len(MAGIC)] != MAGIC:
        raise ValueError("The dataset is not an Arrow IPC file.")
    size = struct.unpack_from("<i", data, len(data) - 10)[0]
    footer = _Flat(data, len(data) - 10 - size).root()
    blocks, count = footer.vector(3)
    batches: list[_Batch] = []
    first_row = 0
    for number in range(count):
        offset, metadata_bytes = struct.unpack_from("<qi", data, blocks + 24 * number)
        batch = _batch(data, offset, metadata_bytes, columns, first_row)
        first_row += batch.height
        batches.append(batch)
    return tuple(batches)


def _batch(data: mmap.mmap, offset: int, metadata_bytes: int, columns: Sequence[Column], first_row: int) -> _Batch:
    prefix = 8 if data[offset : offset + 4] == b"\xff\xff\xff\xff" else 4
    record = _Flat(data, offset + prefix).root().table(2)
    if record.field(3):
        raise ValueError("The dataset is compressed; it was not written by this version.")
    body = offset + metadata_bytes
    start, count = record.vector(2)
    places = iter([(body + place, length) for place, length in struct.iter_unpack("<qq", data[start : start + 16 * count])])
    variadic, texts = record.vector(4)
    counts = iter(struct.unpack_from(f"<{texts}q", data, variadic) if texts else ())
    found = []
    for kind in [*(column.type for column in columns), ColumnType.NUMBER]:
        validity, values = next(places), next(places)
        is_text = kind in (ColumnType.TEXT, ColumnType.IDENTIFIER)
        found.append(_Buffers(validity, values, tuple(next(places) for _ in range(next(counts))) if is_text else ()))
    return _Batch(first_row, int(record.long(0)), tuple(found))


@dataclass(frozen=True, slots=True)
class _Flat:
    """A FlatBuffers table: fields are found through its table of offsets (https://flatbuffers.dev/internals)."""

    data: mmap.mmap
    position: int

    def root(self) -> "_Flat":
        return _Flat(self.data, self.position + self._unsigned(self.position))

    def field(self, number: int) -> int:
        """The place of a field, 0 where it is absent."""
        table = self.position - struct.unpack_from("<i", self.data, self.position)[0]
        if 4 + 2 * number >= struct.unpack_from("<H", self.data, table)[0]:
            return 0
        offset = struct.unpack_from("<H", self.data, table + 4 + 2 * number)[0]
        return self.position + int(offset) if offset else 0

    def table(self, number: int) -> "_Flat":
        place = self.field(number)
        return _Flat(self.data, place + self._unsigned(place))

    def vector(self, number: int) -> tuple[int, int]:
        """Place and count of the items."""
        place = self.field(number)
        if not place:
            return 0, 0
        start = place + self._unsigned(place)
        return start + 4, self._unsigned(start)

    def long(self, number: int) -> int:
        place = self.field(number)
        return int(struct.unpack_from("<q", self.data, place)[0]) if place else 0

    def _unsigned(self, place: int) -> int:
        return int(struct.unpack_from("<I", self.data, place)[0])
