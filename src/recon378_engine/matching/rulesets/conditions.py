"""What a ruleset can say: filters, conditions and passes, as frozen values.

A pass takes the records that its filters admit, joins left and right records that meet all of its conditions, and decides by its
policies what becomes of them. Days are counted from left to right: `DateWithin(0, 3)` means that the right is up to three
days later.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

_Kind = TypeVar("_Kind")


class PassKind(StrEnum):
    EXACT = "exact"
    TOLERANCE = "tolerance"
    FUZZY = "fuzzy"
    ML = "ml"
    GROUP_KEY = "group_key"
    GROUP_SUM = "group_sum"


class Cardinality(StrEnum):
    ONE_TO_ONE = "1:1"
    ONE_TO_MANY = "1:N"
    MANY_TO_ONE = "N:1"
    MANY_TO_MANY = "N:M"


class Decide(StrEnum):
    CONFIRM = "confirm"
    SUGGEST = "suggest"


class Ambiguity(StrEnum):
    """What happens to records that fit several others equally well."""

    CONFIRM_UNIQUE = "confirm_unique"  # confirm what is unique, suggest the best of the rest
    SUGGEST_ALL = "suggest_all"  # suggest everything
    SKIP = "skip"  # leave what is not unique to later passes


class ResidualPolicy(StrEnum):
    """What happens to a match whose amounts differ within the tolerance."""

    KEEP = "keep"  # match, and state the residual with its reason
    SUGGEST = "suggest"  # state it, and let a person decide


class Trust(StrEnum):
    """What a unique pair that meets the conditions is worth."""

    RULE = "rule"  # whoever wrote the rule vouches for it
    LEARNED = "learned"  # the probability alone decides


class SignPolicy(StrEnum):
    SAME = "same"
    OPPOSITE = "opposite"
    ANY = "any"


class DayUnit(StrEnum):
    CALENDAR = "calendar"
    BUSINESS = "business"


class Cleaner(StrEnum):
    """Comparison-only forms; stored values never change."""

    LOWER = "lower"
    ALPHANUMERIC = "alphanumeric"  # letters and digits only
    DIGITS = "digits"
    STRIP_ZEROS = "strip_zeros"  # leading zeros
    COMPANY_FORM = "company_form"  # without Ltd, GmbH, ApS …
    FIRST_16 = "first_16"  # SWIFT carries 16 characters of a reference


@dataclass(frozen=True, slots=True)
class Filter:
    """Admit records whose column holds one of `is_in`, none of `is_not`, `contains`, lies within the bounds, or is (not)
    `empty`.
    """

    column: str
    is_in: tuple[str, ...] = ()
    is_not: tuple[str, ...] = ()
    contains: str | None = None
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    empty: bool | None = None


@dataclass(frozen=True, slots=True)
class Equal:
    """The field is equal on both sides after cleaning, and not empty."""

    field: str
    clean: tuple[Cleaner, ...] = (Cleaner.LOWER, Cleaner.ALPHANUMERIC)


@dataclass(frozen=True, slots=True)
class SharedReference:
    """A reference of one side stands on the other: whole, without prefix and zeros, cut short, or inside free text."""


@dataclass(frozen=True, slots=True)
class AmountWithin:
    """|left − right| is at most the largest of `absolute`, `percent` of the right, and `fee`; zero for all of them means
    equal.
    """

    absolute: Decimal = Decimal(0)
    percent: Decimal = Decimal(0)
    fee: Decimal = Decimal(0)
    sign: SignPolicy = SignPolicy.SAME

    @property
    def exact(self) -> bool:
        return not (self.absolute or self.percent or self.fee)


@dataclass(frozen=True, slots=True)
class DateWithin:
    """right − left lies in `start`..`end` days; business days may name a calendar (weekends alone without one)."""

    start: int
    end: int
    unit: DayUnit = DayUnit.CALENDAR
    calendar: str | None = None


@dataclass(frozen=True, slots=True)
class SimilarText:
    """The words of the texts agree at least to `minimum` (0..1), rare words counting more; company forms are no words."""

    minimum: float = 0.5


@dataclass(frozen=True, slots=True)
class Converted:
    """Amounts in different currencies agree within `percent` after conversion at the rate of the left record's date."""

    percent: Decimal


Condition = Equal | SharedReference | AmountWithin | DateWithin | SimilarText | Converted


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of `base` is `rate` units of `quote` on `date` (ISO)."""

    date: str
    base: str
    quote: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Pass:
    """One step of a ruleset. `members_max` bounds the many side of a group."""

    name: str
    kind: PassKind
    conditions: tuple[Condition, ...] = ()
    left_filters: tuple[Filter, ...] = ()
    right_filters: tuple[Filter, ...] = ()
    cardinality: Cardinality = Cardinality.ONE_TO_ONE
    outcome: Decide = Decide.CONFIRM
    ambiguity: Ambiguity = Ambiguity.CONFIRM_UNIQUE
    residual: ResidualPolicy = ResidualPolicy.KEEP
    trust: Trust = Trust.RULE
    members_max: int = 8

    def condition(self, kind: type[_Kind]) -> _Kind | None:
        """The first condition of a kind."""
        return next((condition for condition in self.conditions if isinstance(condition, kind)), None)
