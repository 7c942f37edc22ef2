"""Hashes and the bytes they are made of."""

from itertools import pairwise

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from recon378_engine.matching.fingerprint import record_hashes
from recon378_engine.matching.hash_order import hash_order
from recon378_engine.matching.text_buffer import text_buffer
from tests.engine.matching.books import table

TEXTS = st.lists(st.none() | st.text(max_size=40), max_size=30)


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS, st.integers(0, 5))
def test_the_bytes_of_a_column_are_those_of_its_strings(one: list[str | None], other: list[str | None], skipped: int) -> None:
    together = pl.concat([pl.Series(one, dtype=pl.String), pl.Series(other, dtype=pl.String)], rechunk=False)[skipped:]
    blob, offsets = text_buffer(together)
    octets = blob.tobytes()
    found = [octets[start:stop].decode() for start, stop in pairwise(offsets)]
    assert found == [text or "" for text in together.to_list()]


def test_hashes_are_ordered_as_a_stable_sort_orders_them() -> None:
    generator = np.random.default_rng(378)
    hashes = generator.integers(0, 2**64, 5_000, dtype=np.uint64)
    hashes[::7] = hashes[0]
    hashes[1::7] ^= hashes[1::7] & np.uint64(0xFF)  # many that differ in their last bits only
    hashes[2::14] = hashes[1] + np.uint64(3)
    assert hash_order(hashes).tolist() == np.argsort(hashes, kind="stable").tolist()


def test_record_hashes_never_change() -> None:
    """Decisions are bound to them: a new value here would make every stored decision forget its records."""
    records = table("date amount reference text", ("2024-01-02", "12.50", "INV-1", "Zoë"), ("2024-01-03", None, None, ""))
    assert record_hashes(records).tolist() == [0x69D58B9F00A4BB64, 0x5984AD4343C2C6C4]
