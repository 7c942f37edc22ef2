"""A ruleset in words: one sentence a pass, for people who do not read YAML."""

from typing import Any

from recon378.reconciliation.schemas import PairedFieldIn, PairedFieldOut, PassOut
from recon378_engine.matching.outcome import PairedField, Pairing
from recon378_engine.matching.rulesets.conditions import (
    Ambiguity,
    AmountWithin,
    Cardinality,
    Condition,
    Converted,
    DateWithin,
    DayUnit,
    Decide,
    Equal,
    Pass,
    PassKind,
    SharedReference,
    SignPolicy,
    SimilarText,
    Trust,
)
from recon378_engine.matching.rulesets.ruleset import Ruleset

_SUBJECTS = {
    Cardinality.ONE_TO_ONE: "one left and one right record",
    Cardinality.ONE_TO_MANY: "one left record and several right ones",
    Cardinality.MANY_TO_ONE: "several left records and one right one",
    Cardinality.MANY_TO_MANY: "groups of records",
}


def fields_of(ruleset: Ruleset) -> list[PairedFieldOut]:
    return [field_out(field) for field in ruleset.fields]


def fields_in(fields: list[PairedFieldIn]) -> list[PairedField]:
    return [PairedField(field.name, field.role, tuple(field.left), tuple(field.right)) for field in fields]


def field_out(field: PairedField) -> PairedFieldOut:
    return PairedFieldOut(name=field.name, role=field.role.value, left=list(field.left), right=list(field.right))


def passes_of(ruleset: Ruleset) -> list[PassOut]:
    documents: list[dict[str, Any]] = ruleset.to_dict()["passes"]
    return [
        PassOut(name=step.name, kind=step.kind.value, sentence=sentence_of(step), document=document)
        for step, document in zip(ruleset.passes, documents, strict=True)
    ]


def sentence_of(step: Pass) -> str:
    """What the pass does, as one sentence."""
    verb = "Confirm" if step.outcome is Decide.CONFIRM else "Suggest"
    subject = _SUBJECTS[step.cardinality]
    if step.kind is PassKind.ML:
        return f"{verb} {subject} that the model, learned from these two files, holds for the same."
    conditions = [words for condition in step.conditions if (words := condition_words(condition))]
    if step.kind is PassKind.GROUP_SUM:
        conditions.insert(0, f"the amounts of up to {step.members_max} of them add up")
    parts = [f"{verb} {subject}", f"where {_listed(conditions)}" if conditions else "", _policy(step), _scope(step)]
    return " ".join(part for part in parts if part) + "."


def condition_words(condition: Condition) -> str:
    match condition:
        case Equal(field=field):
            return f"{field} is equal"
        case SharedReference():
            return "a reference of one side stands on the other"
        case AmountWithin():
            return _amount_words(condition)
        case DateWithin():
            return _date_words(condition)
        case SimilarText(minimum=minimum):
            return f"the texts agree to at least {minimum:.0%}"
        case Converted(percent=percent):
            return f"the amounts agree within {percent:f} % after conversion"


def _amount_words(condition: AmountWithin) -> str:
    sign = " with opposite signs" if condition.sign is SignPolicy.OPPOSITE else ""
    if condition.exact:
        return f"the amounts are equal{sign}"
    bounds = [f"{condition.absolute:f}"] if condition.absolute else []
    bounds += [f"{condition.percent:f} %"] if condition.percent else []
    bounds += [f"a fee of {condition.fee:f}"] if condition.fee else []
    return f"the amounts differ by at most {' or '.join(bounds)}{sign}"


def _date_words(condition: DateWithin) -> str:
    unit = "business days" if condition.unit is DayUnit.BUSINESS else "days"
    calendar = f" ({condition.calendar})" if condition.calendar else ""
    if condition.start == condition.end == 0:
        return "the dates are equal"
    if condition.start == 0:
        return f"the right is up to {condition.end} {unit} later{calendar}"
    if condition.start == -condition.end:
        return f"the dates lie at most {condition.end} {unit} apart{calendar}"
    return f"the right is {condition.start:+} to {condition.end:+} {unit} from the left{calendar}"


def _policy(step: Pass) -> str:
    policy = {
        Ambiguity.CONFIRM_UNIQUE: "and no other record fits as well",
        Ambiguity.SUGGEST_ALL: "and leave the choice to a person where several fit",
        Ambiguity.SKIP: "and pass over those that several fit",
    }[step.ambiguity]
    learned = ", if the probability is high enough" if step.trust is Trust.LEARNED else ""
    return policy + learned


def _scope(step: Pass) -> str:
    columns = sorted({rule.column for rule in (*step.left_filters, *step.right_filters)})
    return f"(only records chosen by {', '.join(columns)})" if columns else ""


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def notes_of(pairing: Pairing) -> list[str]:
    """What a person should know about how the two sides were laid on each other."""
    notes = []
    if pairing.flip_right_sign:
        notes.append(
            f"The right side writes amounts with the opposite sign: negated, {pairing.flip_share:.0%} of the rows pair "
            f"by amount, as written {pairing.keep_share:.0%}."
        )
    return notes
