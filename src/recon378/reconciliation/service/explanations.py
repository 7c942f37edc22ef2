"""Why two records are a match or not, in words and numbers, for any two rows that a person picks."""

import asyncio
from decimal import Decimal, InvalidOperation
from typing import Literal
from uuid import UUID

import polars as pl
from sqlalchemy.ext.asyncio import AsyncSession

import recon378_engine as engine
from recon378.actor import Actor
from recon378.adapters.storage import Storage
from recon378.errors import NotFound
from recon378.reconciliation.schemas import EvidenceOut, ExplanationOut, FieldComparison
from recon378.reconciliation.service.jobs import get_finished
from recon378.reconciliation.service.sides import OpenSides, open_sides
from recon378.reconciliation.store.connection import driver
from recon378.reconciliation.store.matches import is_rejected_pair
from recon378_engine.result import Explanation, Side
from recon378_engine.table import Role

Verdict = Literal["equal", "similar", "different", "missing"]

AMOUNT_ROLES = (Role.AMOUNT, Role.DEBIT, Role.CREDIT, Role.BALANCE, Role.QUANTITY)


async def explain(
    session: AsyncSession, storage: Storage, actor: Actor, job_id: UUID, left_row: int, right_row: int
) -> ExplanationOut:
    """Explain any two rows of a finished job. Raises NotFound for a row that did not come in."""
    reconciliation = await get_finished(session, actor, job_id, "explain_rows")
    sides = await open_sides(session, storage, reconciliation)
    rejected = await is_rejected_pair(await driver(session), job_id, left_row, right_row)
    return await asyncio.to_thread(explanation_out, sides, left_row, right_row, rejected=rejected)


def explanation_out(sides: OpenSides, left_row: int, right_row: int, *, rejected: bool = False) -> ExplanationOut:
    left, right = sides.records("left", [left_row]), sides.records("right", [right_row])
    for side, row, found in (("left", left_row, left), ("right", right_row, right)):
        if not found:
            raise NotFound(f"The {side} file has no imported row {row}.")
    explanation = explain_pair(sides, left_row, right_row, rejected=rejected)
    return ExplanationOut(
        left=left[0],
        right=right[0],
        fields=compare_fields(sides, left_row, right_row),
        matched=explanation.matched,
        confidence=explanation.confidence,
        prior_bits=explanation.prior_bits,
        evidence=evidence_out(explanation),
        failed_step=explanation.failed_step,
        reason=explanation.reason,
        smallest_change=explanation.smallest_change,
    )


def explain_pair(sides: OpenSides, left_row: int, right_row: int, *, rejected: bool = False) -> Explanation:
    """Ask the engine, which knows who was matched with whom; a pair that a person rejected is no match any more."""
    pair = pl.DataFrame({"left_row": [left_row], "right_row": [right_row], "decision": ["rejected"]})
    return engine.explain(
        sides.left,
        sides.right,
        sides.model,
        sides.ruleset,
        left_row,
        right_row,
        result=None if rejected else sides.result,
        decisions=pair if rejected else None,
    )


def evidence_out(explanation: Explanation) -> list[EvidenceOut]:
    return [
        EvidenceOut(
            field=evidence.field,
            outcome=evidence.outcome,
            weight_bits=evidence.weight_bits,
            left_value=evidence.left_value,
            right_value=evidence.right_value,
            similarity=evidence.similarity,
        )
        for evidence in explanation.evidence
    ]


def compare_fields(sides: OpenSides, left_row: int, right_row: int) -> list[FieldComparison]:
    """The paired fields of two records side by side."""
    pairing = sides.pairing
    left, right = sides.records(Side.LEFT.value, [left_row])[0].values, sides.records(Side.RIGHT.value, [right_row])[0].values
    compared = []
    for field in pairing.fields:
        values = _joined(left, field.left), _joined(right, field.right)
        flipped = pairing.flip_right_sign and field.role in AMOUNT_ROLES
        compared.append(
            FieldComparison(
                name=field.name,
                role=field.role.value,
                left=values[0],
                right=values[1],
                verdict=verdict_of(*values, flipped=flipped),
            )
        )
    return compared


def verdict_of(left: str | None, right: str | None, *, flipped: bool = False) -> Verdict:
    """How two values stand to each other, as a reader would say: one that holds the other, or shares most of its words, is
    similar.
    """
    if not left or not right:
        return "missing"
    numbers = _number(left), _number(right)
    if numbers[0] is not None and numbers[1] is not None:
        return "equal" if numbers[0] == (-numbers[1] if flipped else numbers[1]) else "different"
    folded = "".join(left.casefold().split()), "".join(right.casefold().split())
    if folded[0] == folded[1]:
        return "equal"
    if min(map(len, folded)) >= 3 and (folded[0] in folded[1] or folded[1] in folded[0]):
        return "similar"
    words = set(left.casefold().split()), set(right.casefold().split())
    return "similar" if 2 * len(words[0] & words[1]) >= max(len(words[0]), len(words[1])) else "different"


def _joined(values: dict[str, str | None], names: tuple[str, ...]) -> str | None:
    return " ".join(text for name in names if (text := values.get(name))) or None


def _number(text: str) -> Decimal | None:
    """The number that a text is; identifiers with leading zeros are none."""
    if text[:1] == "0" and text[1:2].isdigit():
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
