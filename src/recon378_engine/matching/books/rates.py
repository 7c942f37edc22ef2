"""Exchange rates of a ruleset, by date."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recon378_engine.matching.books.entries import Book
from recon378_engine.matching.rulesets.conditions import Rate

_PARTS = 10**10  # rates are kept as whole ten-billionths, so that conversion is exact to the minor unit
Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class RateTable:
    """Rates as parts of 10⁻¹⁰ by (date in days since 1970, base, quote)."""

    rates: dict[tuple[int, str, str], int]

    def pairs(self, currencies: tuple[str, ...]) -> list[tuple[int, int]]:
        """The (base, quote) codes for which any rate exists, in either direction."""
        known = {(base, quote) for _, base, quote in self.rates} | {(quote, base) for _, base, quote in self.rates}
        return [
            (one, two)
            for one, base in enumerate(currencies)
            for two, quote in enumerate(currencies)
            if one != two and (base, quote) in known
        ]

    def convert(self, book: Book, left: Array, base: int, quote: int) -> tuple[Array, Array]:
        """Left amounts in the quote currency at the rate of their date (minor units, half up), and where a rate is known."""
        values = np.zeros(len(left), dtype=np.int64)
        known = np.zeros(len(left), dtype=np.bool_)
        for place, position in enumerate(left.tolist()):
            converted = self._one(
                int(book.left.amount[position]), int(book.left.date[position]), book.currencies[base], book.currencies[quote]
            )
            if converted is not None:
                values[place], known[place] = converted, True
        return values, known

    def _one(self, amount: int, day: int, base: str, quote: str) -> int | None:
        if (rate := self.rates.get((day, base, quote))) is not None:
            return _divide(amount * rate, _PARTS)
        if (rate := self.rates.get((day, quote, base))) is not None:
            return _divide(amount * _PARTS, rate)
        return None

    def known(self, book: Book, left: Array, right: Array) -> Array:
        """Whether a rate exists on the left's date for each pair."""
        return np.array(
            [self._pair(book, int(one), int(two)) is not None for one, two in zip(left, right, strict=True)], dtype=np.bool_
        )

    def lacking(self, book: Book, left: Array) -> Array:
        """Whether a left record's currency has no rate on its date, though it needs one: other dates have, or no record of the
        right is in that currency.
        """
        names = {code for _, base, quote in self.rates for code in (base, quote)}
        dated = {(day, code) for day, base, quote in self.rates for code in (base, quote)}
        at_hand = {book.currency_of(code) for code in np.unique(book.right.currency).tolist()}
        currencies = [book.currency_of(code) for code in book.left.currency[left].tolist()]
        days = book.left.date[left].tolist()
        lacking = [
            code is not None and (day, code) not in dated and (code in names or code not in at_hand)
            for day, code in zip(days, currencies, strict=True)
        ]
        return np.array(lacking, dtype=np.bool_)

    def residuals(self, book: Book, left: Array, right: Array) -> Array:
        """Converted left − right in minor units of the right's currency; the largest integer where no rate is known."""
        out = np.full(len(left), np.iinfo(np.int64).max, dtype=np.int64)
        for place, (one, two) in enumerate(zip(left, right, strict=True)):
            converted = self._pair(book, int(one), int(two))
            if converted is not None:
                out[place] = converted - int(book.right.amount[two])
        return out

    def _pair(self, book: Book, left: int, right: int) -> int | None:
        base, quote = int(book.left.currency[left]), int(book.right.currency[right])
        if base < 0 or quote < 0:
            return None
        return self._one(int(book.left.amount[left]), int(book.left.date[left]), book.currencies[base], book.currencies[quote])

    def allowed(self, book: Book, right: Array, percent: Decimal) -> Array:
        """The largest residual in minor units for each right record."""
        return np.abs(book.right.amount[right]) * int(percent * 10_000) // 1_000_000


def rate_table(rates: tuple[Rate, ...]) -> RateTable:
    """Index the rates of a ruleset."""
    days = pl.Series([rate.date for rate in rates], dtype=pl.String).str.to_date().to_physical().to_list()
    return RateTable({(day, rate.base, rate.quote): int(rate.rate * _PARTS) for day, rate in zip(days, rates, strict=True)})


def _divide(number: int, by: int) -> int:
    """Round half away from zero."""
    sign = -1 if number < 0 else 1
    return sign * ((2 * abs(number) + by) // (2 * by))
