"""Results as the rows that lists show: what the engine found, joined with the fields of the records that people filter and sort
by.

Everything here is columns (polars) and runs in the job's child process; what comes out are CSV files that PostgreSQL copies.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from recon378.reconciliation.store.decisions import OPENED_COLUMNS
from recon378_engine.matching.findings.labelling_order import drawn_order
from recon378_engine.matching.money import signed_minor
from recon378_engine.matching.outcome import Pairing
from recon378_engine.result import Result, Side
from recon378_engine.table import Role, Table

LABEL_LENGTH_MAX = 160
LABEL_ROLES = (Role.ORGANISATION, Role.PERSON_NAME, Role.FREE_TEXT, Role.ADDRESS, Role.EMAIL, Role.CATEGORY, Role.OTHER)
REFERENCE_ROLES = (Role.REFERENCE, Role.IDENTIFIER)

MATCH_COLUMNS = [
    "match_id",
    "pass_name",
    "method",
    "status",
    "engine_status",
    "confidence",
    "runner_up_confidence",
    "runner_up_left_row",
    "runner_up_right_row",
    "left_count",
    "right_count",
    "left_label",
    "right_label",
    "reference",
    "amount_minor",
    "residual_minor",
    "residual_reason",
    "currency",
    "value_date",
    "ambiguous",
    "reason",
    "decided_by",
    "decided_by_name",
    "decided_at",
    "search",
    "labelling_place",
]
ITEM_COLUMNS = ["match_id", "side", "row", "currency", "amount_minor"]
EXCEPTION_COLUMNS = [name for name in OPENED_COLUMNS if name != "origin_match_id"]  # a job opens them, no match did


@dataclass(frozen=True, slots=True)
class Sides:
    """What lists show of the records of both sides: row, label, reference, amount_minor, currency, value_date.

    Amounts have `scale` decimals and the sign that stands in the file.
    """

    left: pl.DataFrame
    right: pl.DataFrame
    scale: int

    def of(self, side: str) -> pl.DataFrame:
        return self.left if side == Side.LEFT else self.right


def sides_of(left: Table, right: Table, pairing: Pairing, scale: int) -> Sides:
    """The shown fields of every record of both tables; `scale` is the `amount_scale` of the engine's model."""
    return Sides(
        left=_shown(left, {field.role: field.left for field in reversed(pairing.fields)}, scale),
        right=_shown(right, {field.role: field.right for field in reversed(pairing.fields)}, scale),
        scale=scale,
    )


def match_rows(result: Result, sides: Sides, decided: pl.DataFrame) -> pl.DataFrame:
    """One row a match, MATCH_COLUMNS.

    `decided` has match_id, decided_by, decided_by_name and decided_at of matches that a person accepted before.
    """
    frame = result.matches.with_columns(labelling_place=_labelling_places(result.matches["confidence"]))
    for side in Side:
        frame = frame.join(_first_members(result.items, sides, side), on="match_id", how="left", maintain_order="left")
    frame = frame.join(decided, on="match_id", how="left", maintain_order="left")
    frame = frame.with_columns(
        engine_status=pl.col("status"),
        left_label=pl.col("left_label").fill_null(""),
        right_label=pl.col("right_label").fill_null(""),
        reference=pl.coalesce("left_reference", "right_reference"),
        amount_minor=pl.coalesce("left_amount", "right_amount"),
        currency=pl.coalesce("currency", "left_currency", "right_currency"),
        value_date=pl.coalesce("left_date", "right_date"),
        search=pl.concat_str(
            "left_reference", "right_reference", "left_label", "right_label", separator=" ", ignore_nulls=True
        ).str.to_lowercase(),
    )
    return frame.select(MATCH_COLUMNS)


def item_rows(result: Result, sides: Sides) -> pl.DataFrame:
    """One row a member of a match, ITEM_COLUMNS."""
    parts = [
        result.items.filter(pl.col("side") == side.value).join(
            sides.of(side).select("row", "currency", "amount_minor"), on="row", how="left"
        )
        for side in Side
    ]
    return pl.concat(parts).select(ITEM_COLUMNS)


def exception_rows(exceptions: pl.DataFrame, sides: Sides, states: pl.Expr) -> pl.DataFrame:
    """One row an open record, EXCEPTION_COLUMNS, left before right, by row. `states` gives the balance that each counts in."""
    parts = [
        exceptions.filter(pl.col("side") == side.value)
        .join(sides.of(side), on="row", how="left", maintain_order="left")
        .sort("row")
        for side in Side
    ]
    frame = pl.concat(parts).with_row_index("place")
    return frame.with_columns(
        state=states,
        label=pl.col("label").fill_null(""),
        search=pl.concat_str("reference", "label", separator=" ", ignore_nulls=True).str.to_lowercase(),
    ).select(EXCEPTION_COLUMNS)


def write_rows(frame: pl.DataFrame, path: Path) -> None:
    """Write rows as PostgreSQL's CSV: an empty text is quoted, so that it is not taken for a null."""
    frame.write_csv(path, include_header=False, quote_style="necessary", null_value="")


def _labelling_places(confidence: pl.Series) -> pl.Series:
    """Where each match, groups as well, comes in the order in which labels are worth most."""
    order = drawn_order(confidence.to_numpy())
    places = np.empty(order.shape[0], np.int32)
    places[order] = np.arange(order.shape[0], dtype=np.int32)
    return pl.Series(places)


def label_columns(table: Table) -> list[str]:
    """The columns that name a record for people, best first."""
    names = [column.name for role in LABEL_ROLES for column in table.columns if column.role is role]
    return names or [column.name for column in table.columns[:2]]


def reference_columns(table: Table) -> list[str]:
    return [column.name for role in REFERENCE_ROLES for column in table.columns if column.role is role]


def _shown(table: Table, paired: Mapping[Role, tuple[str, ...]], scale: int) -> pl.DataFrame:
    """`paired` are the columns that the pairing gives a role; the first field of a role counts, as in the engine."""
    given = [column.name for role in (Role.GIVEN_NAME, Role.FAMILY_NAME) for column in table.columns if column.role is role]
    person = [pl.concat_str([pl.col(name) for name in given], separator=" ", ignore_nulls=True)] if given else []
    amount, currency = paired.get(Role.AMOUNT, ()), paired.get(Role.CURRENCY, ())
    dates = paired.get(Role.DATE) or paired.get(Role.VALUE_DATE) or ()
    texts = table.frame.select(
        label=_first_text([*person, *(pl.col(name) for name in label_columns(table))]),
        reference=_first_text(pl.col(name) for name in reference_columns(table)),
        currency=_first_text(pl.col(name) for name in currency).str.to_uppercase(),
        value_date=pl.coalesce(pl.col(name).cast(pl.Date) for name in dates) if dates else pl.lit(None, dtype=pl.Date),
    )
    minor = signed_minor(table, amount, scale) if amount else pl.Series([None] * table.height, dtype=pl.Int64)
    return pl.concat([pl.DataFrame({"row": table.rows, "amount_minor": minor}), texts], how="horizontal")


def _first_text(columns: Iterable[pl.Expr]) -> pl.Expr:
    """The first filled of some columns as text that PostgreSQL can hold."""
    texts = [column.cast(pl.String).str.replace_all("\0", "", literal=True).str.strip_chars() for column in columns]
    if not texts:
        return pl.lit(None, dtype=pl.String)
    return pl.coalesce(pl.when(text != "").then(text) for text in texts).str.slice(0, LABEL_LENGTH_MAX)


def _first_members(items: pl.DataFrame, sides: Sides, side: Side) -> pl.DataFrame:
    """By match: the shown fields of the first record of a side, and the sum of its amounts."""
    members = (
        items.filter(pl.col("side") == side.value)
        .select("match_id", "row")
        .join(sides.of(side), on="row", how="left")
        .sort("match_id", "row")
    )
    grouped = members.group_by("match_id", maintain_order=True).agg(
        pl.col("label", "reference", "currency", "value_date").first(),
        pl.when(pl.col("amount_minor").is_not_null().any()).then(pl.col("amount_minor").sum()).alias("amount"),
    )
    return grouped.rename(
        {
            "label": f"{side}_label",
            "reference": f"{side}_reference",
            "currency": f"{side}_currency",
            "value_date": f"{side}_date",
            "amount": f"{side}_amount",
        }
    )
