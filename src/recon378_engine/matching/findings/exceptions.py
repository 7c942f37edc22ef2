"""What stayed open, of which type, and why, in one sentence each."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.matching.books import references, settlement
from recon378_engine.matching.books.entries import NO_DATE, Book
from recon378_engine.matching.books.rates import RateTable
from recon378_engine.matching.books.sides import Sides, is_finance
from recon378_engine.matching.findings.assemble import CONFIDENCE_DECIMALS, Assembled
from recon378_engine.matching.findings.near_misses import near_misses
from recon378_engine.matching.findings.reversals import reversals
from recon378_engine.matching.findings.sentences import lag_texts, money_texts
from recon378_engine.matching.outcome import PassOutcome
from recon378_engine.matching.passes.choose import content_classes
from recon378_engine.matching.rulesets.conditions import AmountWithin, Converted, DateWithin, DayUnit, Pass, PassKind
from recon378_engine.matching.rulesets.ruleset import Ruleset
from recon378_engine.result import EXCEPTIONS_SCHEMA, ExceptionType, Side

RELATED_SHARE = 0.25  # a difference above a quarter of the amount is another payment, unless a reference links the two
MANY_CONFIDENCE = 0.3  # a rival this likely was held back by others, for alone it would be above one half
WEAK_CONFIDENCE = 0.02  # a rival worth a look
RIVAL_CONFIDENCE_MIN = 0.001  # a rival less likely than this is none
ALIKE = 0.6  # similarity of words from which two records are about the same party
Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class _Admitted:
    """The widest that any pass admits: difference in minor units and in percent, and days from left to right."""

    absolute: int
    percent: Decimal
    days: tuple[int, int] | None
    unit: str


def open_records(
    sides: Sides, rules: Ruleset, rates: RateTable, outcomes: list[tuple[Pass, PassOutcome]], assembled: Assembled
) -> pl.DataFrame:
    """Every record that no match holds, and every rejected row, with its type and reason, ordered by side and row."""
    is_open = {
        side: _open_flags(assembled, side, table.height) for side, table in ((Side.LEFT, sides.left), (Side.RIGHT, sides.right))
    }
    rivals = near_misses(sides, [outcome for _, outcome in outcomes], is_open[Side.LEFT], is_open[Side.RIGHT])
    admitted = _admitted(rules, sides.book)
    frames = []
    for side, table in ((Side.LEFT, sides.left), (Side.RIGHT, sides.right)):
        frame = _facts(sides, side, is_open[side], rivals.filter(pl.col("side") == side), assembled, rates, rules)
        told = _told(frame, side, admitted, sides.book, sides.weights)
        frames.append(pl.concat([_rejected(side, table.rejected_rows), told]).sort("row"))
    return pl.concat(frames)


def _open_flags(assembled: Assembled, side: Side, height: int) -> Array:
    flags = np.ones(height, dtype=np.bool_)
    flags[assembled.members[side].position] = False
    return flags


def _admitted(rules: Ruleset, book: Book) -> _Admitted:
    pair_passes = [step for step in rules.passes if step.kind in (PassKind.EXACT, PassKind.TOLERANCE, PassKind.FUZZY)]
    amounts = [part for step in pair_passes for part in step.conditions if isinstance(part, AmountWithin)]
    windows = [part for step in pair_passes for part in step.conditions if isinstance(part, DateWithin)]
    return _Admitted(
        absolute=max((int(max(part.absolute, part.fee).scaleb(book.scale)) for part in amounts), default=0),
        percent=max((part.percent for part in amounts), default=Decimal(0)),
        days=(min(part.start for part in windows), max(part.end for part in windows)) if windows else None,
        unit="business days" if any(part.unit is DayUnit.BUSINESS for part in windows) else "days",
    )


def _facts(
    sides: Sides, side: Side, is_open: Array, rivals: pl.DataFrame, assembled: Assembled, rates: RateTable, rules: Ruleset
) -> pl.DataFrame:
    """One line for each open record: its rival, who uses the rival, its matched copy, its reversal, and whether it is not
    yet due.
    """
    table, other_table, hashes = (
        (sides.left, sides.right, sides.left_hashes) if side is Side.LEFT else (sides.right, sides.left, sides.right_hashes)
    )
    other = Side.RIGHT if side is Side.LEFT else Side.LEFT
    entries = sides.book.left if side is Side.LEFT else sides.book.right
    party = sides.texts.party if side is Side.RIGHT else sides.parties.text_of
    positions = np.flatnonzero(is_open).astype(np.uint32)
    frame = pl.DataFrame({"position": positions}).join(rivals, on="position", how="left")
    frame = frame.join(_users(assembled, other, side).rename({"position": "rival"}), on="rival", how="left")
    frame = frame.join(_matched_copies(assembled, side, hashes), left_on="position", right_on="copy", how="left")
    if sides.book.has_amounts:
        frame = frame.join(reversals(entries, party, is_open), on="position", how="left")
    else:
        frame = frame.with_columns(partner=pl.lit(None, dtype=pl.UInt32))
    frame = frame.sort("position")
    return frame.with_columns(
        row=table.rows.gather(pl.Series(positions)),
        rival_row=_rows(other_table.rows, frame["rival"]),
        user_row=_rows(table.rows, frame["user"]),
        twin_row=_rows(table.rows, frame["twin"]),
        partner_row=_rows(table.rows, frame["partner"]),
        rate_missing=_rate_missing(sides, side, frame, rates, rules),
        due=_not_yet_due(sides, side, positions),
    )


def _rows(rows: pl.Series, positions: pl.Series) -> pl.Series:
    return rows.gather(positions.cast(pl.UInt32))


def _users(assembled: Assembled, side: Side, user_side: Side) -> pl.DataFrame:
    """position of `side`, user: the first record of `user_side` that is matched with it."""
    used, users = assembled.members[side], assembled.members[user_side]
    first = np.full(assembled.matches.height, np.iinfo(np.uint32).max, np.uint32)
    np.minimum.at(first, users.match, users.position)
    found = pl.DataFrame({"position": used.position, "user": first[used.match]})
    return found.filter(pl.col("user") < np.iinfo(np.uint32).max)


def _matched_copies(assembled: Assembled, side: Side, hashes: Array) -> pl.DataFrame:
    """copy, twin: a matched record with the same contents as an open one."""
    classes = content_classes(hashes)
    plural = np.flatnonzero(np.bincount(classes)[classes] > 1) if len(classes) else np.empty(0, np.int64)
    matched = np.zeros(len(hashes), np.bool_)
    matched[assembled.members[side].position] = True
    twins = plural[matched[plural]]
    lowest = pl.DataFrame({"class": classes[twins], "twin": twins.astype(np.uint32)}).unique(
        "class", keep="first", maintain_order=True
    )
    copies = pl.DataFrame({"copy": plural.astype(np.uint32), "class": classes[plural]})
    return copies.join(lowest, on="class").select("copy", "twin")


def _rate_missing(sides: Sides, side: Side, frame: pl.DataFrame, rates: RateTable, rules: Ruleset) -> pl.Series:
    """Whether a pass converts currencies and the rate that this record needs is not known."""
    out = np.zeros(frame.height, dtype=np.bool_)
    if not any(step.condition(Converted) for step in rules.passes):
        return pl.Series(out)
    if side is Side.LEFT:
        return pl.Series(rates.lacking(sides.book, frame["position"].to_numpy()))
    crossing = np.flatnonzero(frame["other_currency"].fill_null(value=False).to_numpy())
    out[crossing] = rates.lacking(sides.book, frame["rival"].gather(crossing).to_numpy())
    return pl.Series(out)


def _not_yet_due(sides: Sides, side: Side, positions: Array) -> pl.Series:
    """Whether the counterpart may lie beyond the last day of the other side."""
    book = sides.book
    low, high = settlement.lag_window(sides.weights, 0.95)
    mine, other, latest = (
        (book.left.date, book.right.date, high) if side is Side.LEFT else (book.right.date, book.left.date, -low)
    )
    known = other[other != NO_DATE]
    if not len(known) or not is_finance(sides.pairing):  # a birthday is never due
        return pl.Series(np.zeros(len(positions), dtype=np.bool_))
    days = mine[positions].astype(np.int64)
    return pl.Series((days != NO_DATE) & (days + latest > int(known.max())))


def _told(frame: pl.DataFrame, side: Side, admitted: _Admitted, book: Book, weights: settlement.Weights) -> pl.DataFrame:
    """Choose the type of each record and say why; the first rule that holds decides."""
    where = "right" if side is Side.LEFT else "left"
    missing = ExceptionType.MISSING_RIGHT if side is Side.LEFT else ExceptionType.MISSING_LEFT
    limit = pl.max_horizontal(pl.lit(admitted.absolute), pl.col("size") * int(admitted.percent * 10_000) // 1_000_000)
    size = pl.col("difference").abs()
    agreed = pl.col("reference_level") >= references.CUT
    alike = agreed | (pl.col("text_similarity") >= ALIKE)
    silent = (pl.col("reference_level") == references.SILENT) & (
        (pl.col("text_similarity") < 0) | (pl.col("text_similarity") >= ALIKE)
    )
    equal = pl.col("difference") == 0
    used = pl.col("user_row").is_not_null()
    late = pl.lit(value=False)
    if admitted.days:
        late = (pl.col("lag_days") != int(NO_DATE)) & ~pl.col("lag_days").is_between(*admitted.days)
    here = _Sentences(f"of the {where}", book.scale)
    away, window = pl.col("lag_days"), f"{admitted.days[0]} to {admitted.days[1]} {admitted.unit}" if admitted.days else ""
    if side is Side.RIGHT and admitted.days:  # told from the right, what is later is earlier
        away, window = -away, f"{-admitted.days[1]} to {-admitted.days[0]} {admitted.unit}"
    related = agreed | ((alike | silent) & (size <= pl.col("size") * RELATED_SHARE))
    conflict = pl.col("reference_level") == references.CONFLICT
    foreign = pl.col("other_currency")
    rules: list[tuple[pl.Expr, ExceptionType, pl.Expr]] = [
        (
            pl.col("twin_row").is_not_null(),
            ExceptionType.DUPLICATE,
            pl.format("Equal to row {} of this side, counterpart used by that row.", "twin_row"),
        ),
        (
            pl.col("partner_row").is_not_null(),
            ExceptionType.SIGN,
            pl.format("Cancels row {} of this side: a reversal.", "partner_row"),
        ),
        (
            pl.col("rate_missing"),
            ExceptionType.FX,
            pl.lit("Rate missing: the currency of this record has no exchange rate on its day."),
        ),
        (
            used & equal & (alike | silent) & ~foreign,
            ExceptionType.DUPLICATE,
            here.rival("fits, counterpart used by row {} of this side.", "user_row"),
        ),
        (equal & foreign & ~used, ExceptionType.CURRENCY, here.rival("has the amount in another currency.")),
        (pl.col("opposite") & ~used & (alike | silent), ExceptionType.SIGN, here.rival("has the opposite sign.")),
        (equal & conflict & ~late & ~used, ExceptionType.REFERENCE, here.rival("has a reference that contradicts this one's.")),
        (
            equal & late & (alike | silent) & ~used,
            ExceptionType.TIMING,
            here.rival(f"lies {{}}; {window} are admitted.", lag_texts(away)),
        ),
        (
            agreed & (size > limit) & used,
            ExceptionType.SPLIT_INCOMPLETE,
            here.rival("shares a reference and is matched without this record; difference {}.", here.money(size)),
        ),
        (
            (size > limit) & (size <= weights.fee_minor) & agreed,
            ExceptionType.FEE,
            here.rival("differs as by a fee: difference {} exceeds {}.", here.money(size), here.money(limit)),
        ),
        (
            (size > limit) & ~used & related & ~foreign,
            ExceptionType.AMOUNT_DIFFERENCE,
            here.rival("is nearest: difference {} exceeds {}.", here.money(size), here.money(limit)),
        ),
        (
            pl.col("confidence") >= MANY_CONFIDENCE,
            ExceptionType.MANY_CANDIDATES,
            here.rival("is the best of several that fit about as well, with {}.", _percent()),
        ),
        (
            pl.col("confidence") >= WEAK_CONFIDENCE,
            ExceptionType.BELOW_THRESHOLD,
            here.rival("is the best with a probability of {}, too little.", _percent()),
        ),
        (pl.col("due"), ExceptionType.EXPECTED, pl.lit(f"The {where} ends before the counterpart is due.")),
    ]
    kind = pl.lit(missing.value)
    reason = pl.lit(f"Nothing on the {where} fits this record.")
    for test, name, sentence in reversed(rules):
        holds = test.fill_null(value=False)
        kind = pl.when(holds).then(pl.lit(name.value)).otherwise(kind)
        reason = pl.when(holds).then(sentence).otherwise(reason)
    unlikely = (pl.col("confidence") < RIVAL_CONFIDENCE_MIN) & kind.is_in([missing.value, ExceptionType.EXPECTED.value])
    told = frame.select(
        side=pl.lit(side.value), row="row", type=kind, reason=reason, best_rival_row=pl.when(~unlikely).then("rival_row"),
        best_confidence=pl.when(~unlikely).then(pl.col("confidence").round(CONFIDENCE_DECIMALS)),
    )  # fmt: skip
    return told.cast(EXCEPTIONS_SCHEMA)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class _Sentences:
    """How a rival and an amount are written; `where` follows the row of a rival."""

    where: str
    scale: int

    def rival(self, words: str, *values: str | pl.Expr) -> pl.Expr:
        return pl.format(f"Row {{}} {self.where} {words}", "rival_row", *values)

    def money(self, minor: pl.Expr) -> pl.Expr:
        """Minor units as people write them."""
        return money_texts(minor, self.scale)


def _percent() -> pl.Expr:
    return pl.concat_str((pl.col("confidence") * 100).round(0).cast(pl.Int64).cast(pl.String), pl.lit(" %"))


def _rejected(side: Side, rows: tuple[int, ...]) -> pl.DataFrame:
    return pl.DataFrame({"row": rows}, schema={"row": pl.UInt32}).select(
        side=pl.lit(side.value), row="row", type=pl.lit(ExceptionType.INVALID_ROW.value),
        reason=pl.lit("The row could not be read; see the list of rejected rows."),
        best_rival_row=pl.lit(None), best_confidence=pl.lit(None),
    ).cast(EXCEPTIONS_SCHEMA)  # type: ignore[arg-type]  # fmt: skip
