"""What runs the heavy kernels of a linkage: the threads of this machine, or a Spark cluster.

A kernel takes buffers and a range of its work and returns a table of equally long arrays, most often pairs. Runners only
differ in where that happens: the parts come back in the order of their ranges, so that every runner gives the same result.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Buffers = Mapping[str, NDArray[Any]]
PairTable = tuple[NDArray[Any], ...]


@dataclass(frozen=True, slots=True)
class Kernel:
    """`run(buffers, settings, start, stop)` returns one array for each of `columns`, all of the same length.

    `run` is a function of a module, so that it can be named to another process.
    """

    run: Callable[[Buffers, Any, int, int], PairTable]
    columns: tuple[type[np.generic], ...]


class Runner(Protocol):
    """`threads` is for the work that stays on this machine."""

    @property
    def threads(self) -> int: ...

    def table(
        self,
        kernel: Kernel,
        buffers: Buffers,
        settings: Any,
        total: int,
        *,
        chunk: int,
        done: Callable[[float], None] | None = None,
    ) -> PairTable:
        """Run the kernel over 0..total in ranges of `chunk` and return its tables one below the other, in order.

        `settings` is small and can be pickled. `done` is told the finished share; what it raises stops the run.
        """
        ...
