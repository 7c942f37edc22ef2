"""Sorting by 64-bit hashes."""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray


def hash_order(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The stable ascending order of hashes, whose bits must be well mixed.

    Hash and row are sorted as one number, for which numpy has vector instructions: five times as fast as a stable argsort.
    The few hashes that differ only in the bits that the row took are settled behind it.
    """
    bits = np.uint64(max(1, int(hashes.shape[0] - 1).bit_length()))
    packed = hashes >> bits << bits | np.arange(hashes.shape[0], dtype=np.uint64)
    packed.sort()
    order = (packed & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    _settle(order, hashes, bits)
    return order


@njit("void(int64[::1], Array(uint64, 1, 'C', readonly=True), uint64)", cache=True, nogil=True)
def _settle(order: Any, hashes: Any, bits: Any) -> None:  # pragma: no cover - compiled
    """Insertion sort by the whole hash of rows whose hashes begin alike."""
    for place in range(1, order.shape[0]):
        row = order[place]
        free = place
        while free > 0 and hashes[order[free - 1]] >> bits == hashes[row] >> bits and hashes[order[free - 1]] > hashes[row]:
            order[free] = order[free - 1]
            free -= 1
        order[free] = row
