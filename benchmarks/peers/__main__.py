"""Run one peer on one set and write OUT/matches.csv (left_row, right_row, confidence), one to one.

python -m benchmarks.peers PEER SET FOLDER OUT
"""

import sys
from importlib import import_module
from pathlib import Path

import polars as pl

from benchmarks.peers.assignment import one_to_one
from benchmarks.peers.descriptions import description_of
from benchmarks.peers.preparation import prepared


def main() -> int:
    peer, name, folder, out = sys.argv[1:]
    left, right = prepared(name, Path(folder))
    adapter = import_module(f"benchmarks.peers.{peer.replace('-', '_')}")
    pairs = adapter.link(left, right, description_of(name), Path(folder))
    Path(out).mkdir(parents=True, exist_ok=True)
    one_to_one(pairs.filter(pl.col("confidence") >= 0.01)).write_csv(Path(out) / "matches.csv")
    return 0


if __name__ == "__main__":
    sys.exit(main())
