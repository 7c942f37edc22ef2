"""The files of `recon378 reconcile`: matches.csv, exceptions.csv, report.xlsx, Parquet, and summary.json."""

import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from recon378_engine.dataset import StoredTable, loaded
from recon378_engine.output.records import identifiers, with_roles
from recon378_engine.output.summary import summary
from recon378_engine.output.workbook import write_workbook
from recon378_engine.result import Result, Side
from recon378_engine.table import Table

FORMATS = ("csv", "xlsx", "parquet")
MATCH_COLUMNS = ("match_id", "left_row", "right_row", "left_id", "right_id", "confidence", "method", "status")
EXCEPTION_COLUMNS = ("side", "row", "id", "type", "reason", "best_rival_row", "best_confidence")


def write_result(
    result: Result,
    left: Table | StoredTable,
    right: Table | StoredTable,
    out: Path,
    *,
    formats: Sequence[str] = ("csv", "xlsx"),
    left_id: str | None = None,
    right_id: str | None = None,
    read_seconds: float = 0.0,
) -> None:
    """Write the result into the folder `out` (made when missing); summary.json comes last, so that its presence says the
    rest is whole.

    Raises BadInput when `left_id` or `right_id` names no column.
    """
    left, right = with_roles(loaded(left)), with_roles(loaded(right))
    ids = {Side.LEFT: identifiers(left, left_id), Side.RIGHT: identifiers(right, right_id)}
    out.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    matches, exceptions = match_lines(result, ids), exception_lines(result, ids)
    if "csv" in formats:
        inert(matches, ("left_id", "right_id")).write_csv(out / "matches.csv")
        inert(exceptions, ("id", "reason")).write_csv(out / "exceptions.csv")
    if "parquet" in formats:
        matches.write_parquet(out / "matches.parquet")
        exceptions.write_parquet(out / "exceptions.parquet")
    if "xlsx" in formats:
        write_workbook(result, left, right, ids, out / "report.xlsx")
    timings = {"read": read_seconds, **result.timings_seconds, "write": time.perf_counter() - started}
    text = json.dumps(summary(result, left, right, timings), indent=2, ensure_ascii=False)
    (out / "summary.json").write_text(text + "\n", encoding="utf-8")


def match_lines(result: Result, ids: dict[Side, pl.DataFrame]) -> pl.DataFrame:
    """One line for each (left_row, right_row) pair that a match joins, with the identifiers of both."""
    items = result.items if result.items["match_id"].is_sorted() else result.items.sort("match_id", "side", "row")
    members = {side: items.filter(pl.col("side") == side.value) for side in Side}
    matches = result.matches.sort("match_id").select("match_id", "confidence", "method", "status")
    numbers = matches["match_id"].to_numpy()  # with gaps where a person rejected a match
    left, right = (
        np.bincount(np.searchsorted(numbers, part["match_id"].to_numpy()), minlength=matches.height) for part in members.values()
    )
    match = np.repeat(np.arange(matches.height), left * right)
    line = np.arange(match.shape[0]) - (np.cumsum(left * right) - left * right)[match]
    places = {
        Side.LEFT: (np.cumsum(left) - left)[match] + line // np.maximum(right, 1)[match],
        Side.RIGHT: (np.cumsum(right) - right)[match] + line % np.maximum(right, 1)[match],
    }
    rows = {side: members[side]["row"].gather(places[side]) for side in Side}
    lines = matches[match].with_columns(rows[side].alias(f"{side}_row") for side in Side)
    return lines.with_columns(_ids_of(rows[side], ids[side]).alias(f"{side}_id") for side in Side).select(MATCH_COLUMNS)


def exception_lines(result: Result, ids: dict[Side, pl.DataFrame]) -> pl.DataFrame:
    """One line for each open record and rejected row."""
    lines = result.exceptions.sort("side", "row")
    parts = [lines.filter(pl.col("side") == side.value) for side in Side]
    named = [part.with_columns(_ids_of(part["row"], ids[side]).alias("id")) for side, part in zip(Side, parts, strict=True)]
    return pl.concat(named).select(EXCEPTION_COLUMNS)


def _ids_of(rows: pl.Series, ids: pl.DataFrame) -> pl.Series:
    """The identifier of each row; null for a row that did not come in."""
    known = ids["row"].to_numpy()
    place = np.full(max(int(known.max(initial=0)), int(rows.to_numpy().max(initial=0))) + 1, ids.height, np.uint32)
    place[known] = np.arange(ids.height, dtype=np.uint32)
    return pl.concat([ids["id"], pl.Series([None], dtype=pl.String)]).gather(place[rows.to_numpy()])


def inert(lines: pl.DataFrame, texts: Sequence[str]) -> pl.DataFrame:
    """Put an apostrophe before texts that a spreadsheet would run as a formula when it opens the CSV."""
    dangerous = r"^\s*[=@\t\r]|^\s*[+\-](?:[^\d.,]|.*[^\d.,\s])"
    return lines.with_columns(
        pl.when(pl.col(name).str.contains(dangerous)).then("'" + pl.col(name)).otherwise(pl.col(name)).alias(name)
        for name in texts
    )
