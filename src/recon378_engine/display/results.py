"""A reconciliation at a glance: counts, the proof, the passes, the first matches and the first exceptions."""

import polars as pl

from recon378_engine.display.parts import facts, grid, panel, sentence
from recon378_engine.result import Conservation, MatchStatus, Result, Side, SideBalance

ROWS_SHOWN = 6
STATES = ("input", "matched", "suggested", "open", "excluded", "rejected")


def result_html(result: Result) -> str:
    """The result as HTML; only the first rows of a large one are looked at."""
    status = result.matches["status"]
    confirmed = int((status == MatchStatus.CONFIRMED).sum())
    open_rows = {side: int((result.exceptions["side"] == side).sum()) for side in Side}
    return panel(
        "Reconciliation",
        facts(
            [
                ("confirmed", confirmed),
                ("suggested", result.matches.height - confirmed),
                ("exceptions left", open_rows[Side.LEFT]),
                ("exceptions right", open_rows[Side.RIGHT]),
                ("seconds", sum(result.timings_seconds.values())),
                ("hash", result.result_hash[:12]),
            ]
        ),
        _balances(result.conservation),
        _passes(result),
        _matches(result),
        _exceptions(result),
    )


def conservation_html(conservation: Conservation) -> str:
    """The proof alone."""
    return panel("Conservation", _balances(conservation))


def _balances(conservation: Conservation) -> str:
    words = "Every record and every sum is accounted for." if conservation.holds else "Records or sums are missing."
    rows = [_balance(balance, "rows") for balance in conservation.balances]
    sums = [_balance(balance, "sums") for balance in conservation.balances if balance.sums]
    return (
        sentence(words, conservation.holds)
        + grid("Records", ("side", "currency", *STATES), rows, STATES)
        + grid("Sums", ("side", "currency", *STATES), sums, STATES)
    )


def _balance(balance: SideBalance, what: str) -> tuple[object, ...]:
    values = balance.rows if what == "rows" else {state: f"{amount:,}" for state, amount in balance.sums.items()}
    return (balance.side.value, balance.currency, *(values.get(state) for state in STATES))


def _passes(result: Result) -> str:
    rows = [
        (step["name"], step["kind"], step["matches"], step["confirmed"], step["seconds"]) for step in result.diagnostics["passes"]
    ]
    return grid("Passes", ("pass", "kind", "matches", "confirmed", "seconds"), rows, ("matches", "confirmed", "seconds"))


def _matches(result: Result) -> str:
    first = result.matches.head(ROWS_SHOWN)
    members = result.items.filter(pl.col("match_id").is_in(first["match_id"].implode()))
    rows = [
        (
            match["match_id"],
            _rows_of(members, match["match_id"], Side.LEFT),
            _rows_of(members, match["match_id"], Side.RIGHT),
            match["confidence"],
            match["method"],
            match["status"],
            match["reason"],
        )
        for match in first.iter_rows(named=True)
    ]
    heading = ("match", "left rows", "right rows", "confidence", "method", "status", "reason")
    return grid(_first("matches", result.matches.height), heading, rows, ("match", "confidence"))


def _rows_of(members: pl.DataFrame, match_id: int, side: Side) -> str:
    rows = members.filter((pl.col("match_id") == match_id) & (pl.col("side") == side))["row"].sort()
    return ", ".join(map(str, rows.head(ROWS_SHOWN))) + (" …" if len(rows) > ROWS_SHOWN else "")


def _exceptions(result: Result) -> str:
    heading = ("side", "row", "type", "reason", "best rival row", "best confidence")
    columns = ("side", "row", "type", "reason", "best_rival_row", "best_confidence")
    rows = result.exceptions.head(ROWS_SHOWN).select(columns).rows()
    return grid(_first("exceptions", result.exceptions.height), heading, rows, ("row", "best rival row", "best confidence"))


def _first(what: str, count: int) -> str:
    return f"First {what} of {count:,}" if count > ROWS_SHOWN else what.capitalize()
