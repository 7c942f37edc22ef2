"""Sets drawn by a generator that is given as a script: `SCRIPT OUT --rows N --seed S`.

Two layouts of its files are known: left.csv, right.csv and truth.csv as ours have them; and a statement against a ledger,
bank.csv and ledger.csv with a truth of group, kind, side and row.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import polars as pl

LINKED = ("one_to_one", "fee", "rounding", "one_to_many", "many_to_one")


def draw_given(script: Path, folder: Path, rows: int, seed: int, extra: Sequence[str] = ()) -> None:
    """Run SCRIPT and leave left.csv, right.csv and truth.csv in FOLDER. Raises CalledProcessError where it fails."""
    command = [sys.executable, str(script.resolve()), str(folder), "--rows", str(rows), "--seed", str(seed), *extra]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    if (folder / "bank.csv").exists():
        (folder / "bank.csv").rename(folder / "left.csv")
        (folder / "ledger.csv").rename(folder / "right.csv")
        pairs_of_groups(pl.read_csv(folder / "truth.csv")).write_csv(folder / "truth.csv")


def pairs_of_groups(groups: pl.DataFrame) -> pl.DataFrame:
    """left_row, right_row, kind, target: every pair of a group, and the same pairs with a copy in the place of a record.

    A copy may take its original's partner, but only one of the two may: both pairs have the same target. The group of a copy is
    its original's plus the number of groups.
    """
    linked = groups.filter(pl.col("kind").is_in(LINKED))
    left = linked.filter(pl.col("side") == "bank").select("group", "kind", left_row="row")
    right = linked.filter(pl.col("side") == "ledger").select("group", right_row="row")
    pairs = left.join(right, on="group").select("left_row", "right_row", "kind").with_row_index("target")
    copies = groups.filter(pl.col("kind") == "duplicate").with_columns(
        pl.col("group") - groups.filter(pl.col("kind") != "duplicate").select(pl.col("group").max() + 1).item()
    )
    originals = groups.filter(pl.col("kind") == "one_to_one").join(copies, on=["group", "side"], suffix="_copy")
    found = [pairs]
    for side, column in (("bank", "left_row"), ("ledger", "right_row")):
        same = originals.filter(pl.col("side") == side).select(pl.col("row").alias(column), "row_copy")
        found.append(pairs.join(same, on=column).with_columns(pl.col("row_copy").alias(column)).select(pairs.columns))
    return pl.concat(found).select("left_row", "right_row", "kind", "target").sort("left_row", "right_row")


def join_parts(parts: Sequence[Path], rows: int, folder: Path) -> None:
    """One set of several that have ROWS records a side each, one below the other."""
    folder.mkdir(parents=True, exist_ok=True)
    for side in ("left", "right"):
        with (folder / f"{side}.csv").open("wb") as whole:
            for number, part in enumerate(parts):
                with (part / f"{side}.csv").open("rb") as lines:
                    heading = lines.readline()
                    whole.write(heading if number == 0 else b"")
                    while block := lines.read(1 << 20):
                        whole.write(block)
    truths = [
        pl.read_csv(part / "truth.csv").with_columns(pl.col("left_row", "right_row") + number * rows)
        for number, part in enumerate(parts)
    ]
    pl.concat(truths).write_csv(folder / "truth.csv")
