"""dedupe, which learns from labels: it asks about the pairs it is unsure of, and the truth answers as a patient person would."""

import random
from pathlib import Path

import dedupe
import numpy as np
import polars as pl
from dedupe import variables

from benchmarks.peers.descriptions import Description

QUESTIONS = 100
Record = dict[str, object]


def link(left: pl.DataFrame, right: pl.DataFrame, description: Description, folder: Path) -> pl.DataFrame:
    """left_row, right_row and dedupe's score after QUESTIONS answers; one to one by its own join."""
    random.seed(1)
    np.random.seed(1)
    linker = dedupe.RecordLink([variable(name, kind) for name, kind in description.fields.items()], num_cores=1)
    sides = [records(table, list(description.fields)) for table in (left, right)]
    linker.prepare_training(*sides, sample_size=1500)
    answer(linker, sides, folder)
    linker.train(index_predicates=False)
    joined = linker.join(*sides, threshold=0.0, constraint="one-to-one")
    return pl.DataFrame(
        [(int(one), int(other), float(score)) for (one, other), score in joined],
        {"left_row": pl.Int64, "right_row": pl.Int64, "confidence": pl.Float64},
        orient="row",
    )


def answer(linker: dedupe.RecordLink, sides: list[dict[int, Record]], folder: Path) -> None:
    truth = set(pl.read_csv(folder / "truth.csv").select("left_row", "right_row").iter_rows())
    rows = [{id(record): row for row, record in side.items()} for side in sides]
    for _ in range(QUESTIONS):
        for pair in linker.uncertain_pairs():
            one, other = (known[id(record)] for known, record in zip(rows, pair, strict=True))
            same = (one, other) in truth
            linker.mark_pairs({"match": [pair] if same else [], "distinct": [] if same else [pair]})


def records(table: pl.DataFrame, names: list[str]) -> dict[int, Record]:
    """Records by row; dedupe knows a missing value as None."""
    return dict(zip(table["row"], table.select(names).iter_rows(named=True), strict=True))


def variable(name: str, kind: str) -> object:
    if kind == "amount":
        return variables.Price(name, has_missing=True)
    if kind == "words":
        return variables.Text(name, has_missing=True)
    if kind == "category":
        return variables.ShortString(name, has_missing=True)
    return variables.String(name, has_missing=True)
