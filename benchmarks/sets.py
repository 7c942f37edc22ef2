"""The test sets: our own, drawn for a seed, and given ones in folders.

    python -m benchmarks.sets OUT --set people-noisy --rows 20000 --seed 1

writes left.csv, right.csv and truth.csv into OUT.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

from benchmarks.payouts import write_payouts
from benchmarks.people import SHAPES, write_people
from benchmarks.products import write_products

Draw = Callable[[Path, int, int], None]

DRAWN: Mapping[str, Draw] = MappingProxyType(
    {
        "people": write_people,
        "products": write_products,
        "payouts": write_payouts,
        **{f"people-{name}": partial(write_people, shape=shape) for name, shape in SHAPES.items() if name != "plain"},
    }
)
"""Name → a function of folder, rows a side and seed."""


@dataclass(frozen=True, slots=True)
class BenchmarkSet:
    """A folder with left.csv, right.csv and truth.csv; `rows` of the left file, `seed` is None for given data."""

    name: str
    rows: int
    folder: Path
    seed: int | None = None

    @property
    def title(self) -> str:
        return f"{self.name} {self.rows:,}"


def drawn_set(name: str, rows: int, seed: int, scratch: Path) -> BenchmarkSet:
    """Draw a set into a folder of its own below SCRATCH, unless it is there."""
    folder = scratch / f"{name}-{rows}-{seed}"
    if not (folder / "truth.csv").exists():
        DRAWN[name](folder, rows, seed)
    return BenchmarkSet(name, rows, folder, seed)


def given_sets(data: Path) -> Iterator[BenchmarkSet]:
    """Every folder in DATA that holds the three files, by name."""
    for truth in sorted(data.glob("*/truth.csv")):
        if (truth.parent / "left.csv").exists() and (truth.parent / "right.csv").exists():
            with (truth.parent / "left.csv").open("rb") as lines:
                rows = sum(1 for _ in lines) - 1
            yield BenchmarkSet(truth.parent.name, rows, truth.parent)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sets", description="Draw one test set.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--set", choices=sorted(DRAWN), default="people")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    DRAWN[options.set](options.out, options.rows, options.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
