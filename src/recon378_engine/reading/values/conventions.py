"""How the values of a table are written, as found or as answered: what a person checks before trusting a reading."""

from collections.abc import Mapping, Sequence

import polars as pl

from recon378_engine.reading.values.cells import filled
from recon378_engine.reading.values.plans import ColumnPlan
from recon378_engine.reading.values.signs import SignPlan
from recon378_engine.table import ColumnType

_DATES = (ColumnType.DATE, ColumnType.DATETIME)


def conventions_of(
    plans: Sequence[ColumnPlan], sample: Mapping[str, pl.Series], native: frozenset[int], signs: SignPlan | None
) -> dict[str, str]:
    """Conventions by the key under which they are asked for; what the values do not show is left out.

    `decimal:COLUMN` is "." or ",", `date_order:COLUMN` is dmy, mdy, ymd or the kind of a serial number, `sign` says in words how
    one signed amount was made.
    """
    found: dict[str, str] = {}
    for plan in plans:
        values = filled(sample[str(plan.index)])
        if plan.type is ColumnType.AMOUNT and plan.index not in native and values.str.contains(r"[.,]").any():
            found[f"decimal:{plan.name}"] = plan.mark
        elif plan.type in _DATES and values.len():
            year_first = not plan.serial and bool(values.str.contains(r"^\s*[0-9]{4}").all())
            found[f"date_order:{plan.name}"] = "ymd" if year_first else plan.serial or plan.order
    return found | ({"sign": _sign_sentence(signs)} if signs else {})


def _sign_sentence(signs: SignPlan) -> str:
    if signs.kind == "columns":
        return f"{signs.name} = {signs.credit} {'+' if signs.debit_is_negative else '−'} {signs.debit}"
    return f"{signs.name} is negative where {signs.debit} says debit"
