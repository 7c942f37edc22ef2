"""Days between dates, in calendar days or in business days of a named calendar."""

import datetime
from functools import lru_cache

import holidays
import numpy as np
from numpy.typing import NDArray

from recon378_engine.errors import BadRuleset
from recon378_engine.matching.books.entries import NO_DATE
from recon378_engine.matching.rulesets.conditions import DateWithin, DayUnit

_EPOCH = datetime.date(1970, 1, 1)
_ALIASES = {"TARGET": "XECB", "TARGET2": "XECB", "ECB": "XECB"}
_YEARS_MAX = 300


def ordinals(dates: NDArray[np.int32], condition: DateWithin) -> NDArray[np.int32]:
    """Numbers whose differences are the days between dates in the condition's unit; NO_DATE stays.

    In business days a weekend or holiday counts as the business day before it.
    """
    if condition.unit is DayUnit.CALENDAR:
        return dates
    known = dates[dates != NO_DATE]
    if not len(known):
        return dates
    first, last = int(known.min()), int(known.max())
    counted = _business_days(first, last, condition.calendar)
    numbers = np.full_like(dates, NO_DATE)
    numbers[dates != NO_DATE] = counted[known - first]
    return numbers


@lru_cache(maxsize=16)
def _business_days(first: int, last: int, calendar: str | None) -> NDArray[np.int32]:
    """For every day from `first` to `last` (days since 1970): how many business days of 1970 and later lie at or before it."""
    years = range((_EPOCH + datetime.timedelta(first)).year, (_EPOCH + datetime.timedelta(last)).year + 1)
    if len(years) > _YEARS_MAX:
        raise BadRuleset(
            f"The dates span {len(years)} years; business days are counted over at most {_YEARS_MAX}. Check the date column."
        )
    closed = _closed_days(calendar, years)
    base = int(np.busday_count(np.datetime64(0, "D"), np.datetime64(first, "D"), holidays=closed))
    open_days = np.is_busday(np.arange(first, last + 1).astype("datetime64[D]"), holidays=closed)
    return np.asarray(base + np.cumsum(open_days), dtype=np.int32)


def _closed_days(calendar: str | None, years: range) -> list[datetime.date]:
    if calendar is None:
        return []
    code = _ALIASES.get(calendar.upper(), calendar.upper())
    if code in holidays.list_supported_financial():
        return sorted(holidays.financial_holidays(code, years=years))
    if code.split("-")[0] in holidays.list_supported_countries():
        country, _, subdivision = code.partition("-")
        return sorted(holidays.country_holidays(country, subdiv=subdivision or None, years=years))
    raise BadRuleset(
        f"The calendar '{calendar}' is not known; use TARGET, an exchange such as XNYS, or a country code such as DE."
    )
