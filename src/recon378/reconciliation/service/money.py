"""Money between the wire (decimal strings) and the database (whole minor units)."""

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation

from recon378.errors import Unprocessable

MINOR_MAX = 2**62


def money_text(minor: int | Decimal | None, scale: int) -> str | None:
    """A decimal string with `scale` decimals: 123450 at scale 2 is 1234.50."""
    if minor is None:
        return None
    whole = int(minor)
    digits = str(abs(whole)).rjust(scale + 1, "0")
    sign = "-" if whole < 0 else ""
    return f"{sign}{digits[:-scale]}.{digits[-scale:]}" if scale else sign + digits


def amounts_text(amounts: Iterable[tuple[str, int]], scale: int) -> dict[str, str]:
    """Sums by currency; '' stands for records without a currency."""
    return {currency: money_text(minor, scale) or "0" for currency, minor in amounts}


def minor_at_least(text: str | None, scale: int, name: str) -> int | None:
    """The smallest minor units that are not below the amount. Raises Unprocessable for what is no number."""
    return _minor(text, scale, name, ROUND_CEILING)


def minor_at_most(text: str | None, scale: int, name: str) -> int | None:
    """The largest minor units that are not above the amount."""
    return _minor(text, scale, name, ROUND_FLOOR)


def _minor(text: str | None, scale: int, name: str, rounding: str) -> int | None:
    if text is None:
        return None
    try:
        amount = Decimal(text)
        if not amount.is_finite() or abs(amount) > MINOR_MAX:
            raise InvalidOperation
        return int(amount.scaleb(scale).to_integral_value(rounding=rounding))
    except InvalidOperation:
        raise Unprocessable(f"{name}: '{text}' is not an amount; write it like 1234.50.", field=name) from None
