"""Why two records are, or are not, a match: evidence field by field, and the first step that kept them apart."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from recon378_engine.errors import BadInput
from recon378_engine.matching.books import references, settlement, texts
from recon378_engine.matching.books.entries import NO_DATE
from recon378_engine.matching.books.rates import RateTable, rate_table
from recon378_engine.matching.books.sides import Sides, compare_sides
from recon378_engine.matching.findings.sentences import lag_text, money_text
from recon378_engine.matching.fingerprint import record_hashes
from recon378_engine.matching.linkage import evidence as linkage_evidence
from recon378_engine.matching.passes.filters import admits
from recon378_engine.matching.passes.joins import allowed_difference, amount_differences, day_differences, field_keys
from recon378_engine.matching.rulesets.conditions import (
    AmountWithin,
    Condition,
    Converted,
    DateWithin,
    DayUnit,
    Equal,
    Pass,
    PassKind,
    SharedReference,
    SimilarText,
)
from recon378_engine.matching.rulesets.ruleset import Ruleset
from recon378_engine.result import Evidence, Explanation, Side
from recon378_engine.table import Table

SAMPLE_ROWS = 20_000  # other records a side from which it is told how common a value is
_REFERENCE_WORDS = {
    references.EQUAL: "equal", references.CORE: "equal without prefix", references.CUT: "one begins or ends the other",
    references.SILENT: "nothing to compare", references.CONFLICT: "contradicting",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Failure:
    """The step of one pass that a pair does not get through, and the smallest change that would let it."""

    step: str  # filter | condition | block
    reason: str
    change: str | None


def explain_pair(
    left: Table, right: Table, model: dict[str, Any], rules: Ruleset, left_position: int, right_position: int,
    matched_with: dict[Side, int] | None, confidence: float | None, matched: bool, rejected: bool,
) -> Explanation:  # fmt: skip
    """Explain the records at two positions.

    `matched` and `confidence` are what the result says, when it is known; `matched_with` names for each side the file row
    that the record is matched with elsewhere; `rejected` that a person has rejected the pair.
    """
    sides = _nearby(left, right, model, rules, left_position, right_position)
    one, two = np.zeros(1, dtype=np.uint32), np.zeros(1, dtype=np.uint32)
    evidence, prior, probability = _evidence(left, right, sides, model, rules, left_position, right_position)
    known = probability if confidence is None else confidence
    if matched:
        return Explanation(True, known, prior, evidence)
    if rejected:
        return Explanation(False, known, prior, evidence, "decision", "A person has rejected this pair.", "Undo the decision.")
    failures = [_failure(sides, step, rate_table(rules.rates), one, two) for step in rules.passes]
    if any(failure is None for failure in failures):
        return _admitted(rules, prior, evidence, known, matched_with, decided=confidence is not None or matched_with is not None)
    nearest = _nearest([failure for failure in failures if failure])
    return Explanation(False, known, prior, evidence, nearest.step, nearest.reason, nearest.change)


def _nearby(left: Table, right: Table, model: dict[str, Any], rules: Ruleset, left_position: int, right_position: int) -> Sides:
    """Sides that hold the two records first, and a sample of the others; the weights are those of the job."""
    tables = [_with_sample(left, left_position), _with_sample(right, right_position)]
    hashes = record_hashes(tables[0]), record_hashes(tables[1])
    sides = compare_sides(tables[0], tables[1], rules.pairing, hashes, words_needed=True)
    return replace(sides, weights=settlement.Weights(**model["settlement"])) if "settlement" in model else sides


def _with_sample(table: Table, position: int) -> Table:
    step = max(1, table.height // SAMPLE_ROWS)
    others = np.arange(0, table.height, step, dtype=np.uint32)
    chosen = np.concatenate([np.array([position], dtype=np.uint32), others[others != position]])
    return replace(table, frame=table.frame[chosen], rows=table.rows.gather(chosen))


def _evidence(
    left: Table, right: Table, sides: Sides, model: dict[str, Any], rules: Ruleset, left_position: int, right_position: int
) -> tuple[tuple[Evidence, ...], float, float]:
    """Bars, prior bits and probability: of the linkage model where that is all there is, else of the settlement model."""
    linked = [step for step in rules.passes if step.kind is PassKind.ML and model.get("passes", {}).get(step.name)]
    if linked and (not sides.book.has_amounts or len(rules.passes) == 1):
        told = linkage_evidence.evidence(
            left, right, rules.pairing, model["passes"][linked[0].name], left_position, right_position
        )
        return told[1], told[0], told[2]
    bits = _bits(sides)
    total = float(bits.total[0])
    return _settlement_bars(sides, bits), sides.weights.prior_bits, 1.0 / (1.0 + 2.0 ** -max(-60.0, min(60.0, total)))


def _bits(sides: Sides) -> settlement.Bits:
    first = np.zeros(1, dtype=np.uint32)
    return settlement.weigh(sides.book, sides.references, sides.texts, sides.weights, first, first)


def _settlement_bars(sides: Sides, bits: settlement.Bits) -> tuple[Evidence, ...]:
    bars = []
    shown = {
        name: (_shown(sides.left, _columns(sides, name, 0)), _shown(sides.right, _columns(sides, name, 1)))
        for name in ("amount", "date")
    }
    if sides.book.has_amounts:
        difference = settlement.AMOUNT_WORDS[int(bits.amount_level[0])]
        bars.append(Evidence("amount", difference, float(bits.amount[0]), *shown["amount"]))
    if sides.book.has_dates:
        days = int(bits.lag_days[0])
        words = "missing" if days == NO_DATE else "same day" if days == 0 else f"{lag_text(days)} on the right"
        bars.append(Evidence("date", words, float(bits.lag[0]), *shown["date"]))
    written = _references(sides.references.left), _references(sides.references.right)
    relation = _REFERENCE_WORDS[int(bits.reference_level[0])]
    bars.append(Evidence("reference", relation, float(bits.reference[0]), written[0], written[1]))
    similarity = float(bits.text_similarity[0])
    named = [_shown(table, tuple(texts.text_columns(table))) for table in (sides.left, sides.right)]
    words = (
        "missing"
        if similarity < 0
        else "the same words"
        if similarity >= 0.85
        else "similar"
        if similarity >= 0.35
        else "different"
    )
    bars.append(
        Evidence("text", words, float(bits.text[0]), named[0], named[1], None if similarity < 0 else round(similarity, 4))
    )
    if sides.book.currencies:
        codes = [sides.book.currency_of(int(entries.currency[0])) for entries in (sides.book.left, sides.book.right)]
        bars.append(Evidence("currency", "equal" if codes[0] == codes[1] else "different", 0.0, codes[0], codes[1]))
    return tuple(bars)


def _columns(sides: Sides, name: str, side: int) -> tuple[str, ...]:
    roles = {"amount": ("amount",), "date": ("date", "value_date")}[name]
    field = next((field for field in sides.pairing.fields if field.role.value in roles), None)
    return () if field is None else (field.left, field.right)[side]


def _shown(table: Table, names: tuple[str, ...]) -> str | None:
    values = [str(table.frame[name][0]) for name in names if table.frame[name][0] is not None]
    return " ".join(values) or None


def _references(part: references.References) -> str | None:
    return " ".join(part.words["cleaned"][: int(part.offsets[1])].to_list()) or None


def _admitted(
    rules: Ruleset,
    prior: float,
    evidence: tuple[Evidence, ...],
    confidence: float,
    matched_with: dict[Side, int] | None,
    *,
    decided: bool,
) -> Explanation:
    if matched_with:
        side, row = next(iter(matched_with.items()))
        other = Side.RIGHT if side is Side.LEFT else Side.LEFT
        return Explanation(
            False, confidence, prior, evidence, "lost_to_rival",
            f"The {side} record is matched with row {row} of the {other}, which fits better.",
            "Take that match apart, or reject it.",
        )  # fmt: skip
    if not decided and confidence >= rules.suggest_confidence:
        return Explanation(True, confidence, prior, evidence)
    if confidence >= rules.suggest_confidence:
        return Explanation(
            False, confidence, prior, evidence, "lost_to_rival",
            f"Alone the pair would have a probability of {confidence:.2f}, but other records fit about as well.",
            "Decide by hand, or pair a column that tells the rivals apart.",
        )  # fmt: skip
    return Explanation(
        False, confidence, prior, evidence, "below_threshold",
        f"The probability is {confidence:.3f}; {rules.suggest_confidence:.2f} is needed.",
        f"A threshold of {confidence:.2f} instead of {rules.suggest_confidence:.2f}.",
    )  # fmt: skip


def _nearest(failures: list[Failure]) -> Failure:
    """The failure with a change that can be named, conditions before filters, in the order of the passes."""
    order = {"condition": 0, "filter": 1, "block": 2}
    return min(enumerate(failures), key=lambda item: (item[1].change is None, order[item[1].step], item[0]))[1]


def _failure(sides: Sides, step: Pass, rates: RateTable, one: Any, two: Any) -> Failure | None:
    for filters, table, side in ((step.left_filters, sides.left, Side.LEFT), (step.right_filters, sides.right, Side.RIGHT)):
        for part in filters:
            if not table.frame[:1].select(admits(part, table)).item():
                return Failure(
                    "filter",
                    f"The filter of '{step.name}' on '{part.column}' leaves out the {side} record.",
                    f"Widen the filter on '{part.column}'.",
                )
    failed = [failure for condition in step.conditions if (failure := _check(sides, step, condition, rates, one, two))]
    if not step.condition(Converted) and sides.book.currencies and step.kind is not PassKind.ML:
        codes = int(sides.book.left.currency[0]), int(sides.book.right.currency[0])
        if min(codes) >= 0 and codes[0] != codes[1]:
            failed.append(Failure("block", "The currencies differ.", None))
    if not failed:
        return None
    if len(failed) == 1:
        return failed[0]
    return Failure("condition", " ".join(part.reason for part in failed), None)


def _check(sides: Sides, step: Pass, condition: Condition, rates: RateTable, one: Any, two: Any) -> Failure | None:
    match condition:
        case AmountWithin():
            return _check_amount(sides, condition, one, two)
        case DateWithin():
            return _check_date(sides, condition, one, two)
        case Equal():
            keys = field_keys(sides, condition)
            same = keys[0][0] == keys[1][0] != 0
            return None if same else Failure("condition", f"The field '{condition.field}' differs or is empty.", None)
        case SharedReference():
            level = int(references.relations(sides.references, one, two)[0][0])
            return (
                None if level >= references.CUT else Failure("condition", "No reference of one record stands on the other.", None)
            )
        case SimilarText():
            similarity = float(texts.similarities(sides.texts, one, two)[0])
            change = f"A minimum of {max(similarity, 0.0):.2f} instead of {condition.minimum:.2f}." if similarity > 0 else None
            return (
                None
                if similarity >= condition.minimum
                else Failure(
                    "condition", f"The words agree to {max(similarity, 0.0):.2f}, {condition.minimum:.2f} is needed.", change
                )
            )
        case Converted():
            return _check_rate(sides, condition, rates, one, two)


def _check_amount(sides: Sides, condition: AmountWithin, one: Any, two: Any) -> Failure | None:
    if not (sides.book.left.has_amount[0] and sides.book.right.has_amount[0]):
        return Failure("condition", "An amount is missing.", None)
    difference, allowed = (
        int(amount_differences(sides, condition, one, two)[0]),
        int(allowed_difference(sides, condition, two)[0]),
    )
    if difference <= allowed:
        return None
    shown = [money_text(value, sides.book.scale) for value in (difference, allowed)]
    return Failure("condition", f"Difference {shown[0]} exceeds {shown[1]}.", f"Tolerance {shown[0]} instead of {shown[1]}.")


def _check_date(sides: Sides, condition: DateWithin, one: Any, two: Any) -> Failure | None:
    days = int(day_differences(sides, condition, one, two)[0])
    if days == NO_DATE:
        return Failure("condition", "A date is missing.", None)
    if condition.start <= days <= condition.end:
        return None
    bound = condition.end if days > condition.end else condition.start
    unit = "business" if condition.unit is DayUnit.BUSINESS else ""
    return Failure(
        "condition",
        f"The right lies {lag_text(days, unit)}; {condition.start} to {condition.end} {unit and unit + ' '}days are admitted.",
        f"Window {days} {unit and unit + ' '}{'day' if abs(days) == 1 else 'days'} instead of {bound}.",
    )


def _check_rate(sides: Sides, condition: Converted, rates: RateTable, one: Any, two: Any) -> Failure | None:
    if not rates.known(sides.book, one, two)[0]:
        return Failure("condition", "The rate is missing for the day of the left record.", "Add the rate of that day.")
    residual, allowed = (
        abs(int(rates.residuals(sides.book, one, two)[0])),
        int(rates.allowed(sides.book, two, condition.percent)[0]),
    )
    if residual <= allowed:
        return None
    shown = [money_text(value, sides.book.scale) for value in (residual, allowed)]
    return Failure(
        "condition", f"Difference {shown[0]} after conversion exceeds {shown[1]}.", f"Tolerance {shown[0]} instead of {shown[1]}."
    )


def position_of(table: Table, row: int) -> int:
    """The position of a file row; BadInput when the table does not have it."""
    found = (table.rows == row).arg_max()
    if found is None or table.rows[found] != row:
        raise BadInput(f"{table.source or 'The table'} has no data row {row}.")
    return int(found)


def partners(items: pl.DataFrame, side: Side, row: int) -> tuple[int | None, list[int]]:
    """The match of a record, and the rows of the other side in it."""
    mine = items.filter((pl.col("side") == side) & (pl.col("row") == row))
    if mine.is_empty():
        return None, []
    match = int(mine["match_id"][0])
    return match, items.filter((pl.col("match_id") == match) & (pl.col("side") != side))["row"].to_list()
