"""Payouts of a card processor against the shop's invoices, with their truth.

A payout settles one invoice less a fee, several invoices in one sum, or an invoice in instalments; some invoices are never
paid and some payouts have no invoice. payouts.csv has one signed amount and a memo that may carry an order number;
invoices.csv has an order number, a customer and a gross amount.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
from numpy.random import Generator

FIRST = [
    "Anker",
    "Birke",
    "Cobalt",
    "Delft",
    "Eiche",
    "Fjord",
    "Gerste",
    "Hafen",
    "Indigo",
    "Juno",
    "Kiosk",
    "Linde",
    "Mosaik",
    "Nebel",
    "Orbit",
    "Pappel",
]
SECOND = ["Handel", "Werk", "Studio", "Kontor", "Labor", "Haus", "Technik", "Garten", "Verlag", "Reisen", "Druck", "Optik"]
FORMS = ["GmbH", "AG", "ApS", "Oy", "Ltd", "S.A.", ""]
KINDS = ["plain", "fee", "batch", "instalments", "only_payout", "only_invoice"]
SHARES = [0.66, 0.10, 0.07, 0.04, 0.06, 0.07]


@dataclass
class Books:
    payouts: list[tuple[str, str, str, str | None]] = field(default_factory=list)
    invoices: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    pairs: list[tuple[int, int, str]] = field(default_factory=list)


def write_payouts(folder: Path, rows: int, seed: int) -> None:
    """Write left.csv (payouts), right.csv (invoices) and truth.csv (left_row, right_row, kind) with about ROWS records a side."""
    generator = np.random.default_rng(seed)
    books = Books()
    names = [f"{first} {second} {form}".strip() for first in FIRST for second in SECOND for form in FORMS]
    for _ in range(int(rows / 1.2)):
        settle(generator, books, str(generator.choice(KINDS, p=SHARES)), names[generator.integers(len(names))])
    left_order, right_order = generator.permutation(len(books.payouts)), generator.permutation(len(books.invoices))
    left_place, right_place = np.argsort(left_order), np.argsort(right_order)
    folder.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(
        [books.payouts[row] for row in left_order], ["Buchungstag", "Betrag", "Verwendungszweck", "Auftrag"], orient="row"
    ).write_csv(folder / "left.csv", separator=";")
    pl.DataFrame(
        [books.invoices[row] for row in right_order], ["order_no", "customer", "invoice_date", "gross", "currency"], orient="row"
    ).write_csv(folder / "right.csv")
    truth = [(int(left_place[left]), int(right_place[right]), kind) for left, right, kind in books.pairs]
    pl.DataFrame(truth, ["left_row", "right_row", "kind"], orient="row").write_csv(folder / "truth.csv")


def settle(generator: Generator, books: Books, kind: str, customer: str) -> None:
    day = int(generator.integers(0, 180))
    cents = int(max(150, np.exp(generator.normal(8.8, 1.1))))
    if generator.random() < 0.15:
        cents = int(generator.choice([1990, 2990, 4990, 9900, 14900]))
    if kind == "only_payout":
        payout(generator, books, cents, day, customer, [])
    elif kind == "only_invoice":
        invoice(generator, books, cents, day, customer)
    elif kind == "batch":
        parts = [
            invoice(generator, books, int(max(150, np.exp(generator.normal(8.4, 0.9)))), day, customer)
            for _ in range(int(generator.integers(2, 6)))
        ]
        left = payout(generator, books, sum(part[1] for part in parts), day, customer, [part[2] for part in parts])
        books.pairs += [(left, part[0], kind) for part in parts]
    elif kind == "instalments":
        right, total, order = invoice(generator, books, cents * 3, day, customer)
        first, second = total // 3, total // 4
        for step, part in enumerate([first, second, total - first - second]):
            books.pairs.append((payout(generator, books, part, day + step * 9, customer, [order]), right, kind))
    else:
        right, total, order = invoice(generator, books, cents, day, customer)
        kept = 35 + total * 14 // 1000 if kind == "fee" else 0
        books.pairs.append((payout(generator, books, max(1, total - kept), day, customer, [order]), right, kind))


def invoice(generator: Generator, books: Books, cents: int, day: int, customer: str) -> tuple[int, int, str]:
    order = f"SO-{26_000_000 + len(books.invoices) * 7 + int(generator.integers(0, 6))}"
    date = np.datetime64("2026-02-01") + day - int(generator.integers(0, 4))
    books.invoices.append((order, customer, str(date), f"{cents // 100}.{cents % 100:02d}", "EUR"))
    return len(books.invoices) - 1, cents, order


def payout(generator: Generator, books: Books, cents: int, day: int, customer: str, orders: list[str]) -> int:
    date = np.datetime64("2026-02-01") + day + int(generator.choice([0, 1, 1, 2, 2, 3, 5]))
    shown = customer.upper()[: int(generator.integers(8, 30))]
    draw = generator.random()
    memo, reference = f"AUSZAHLUNG {shown}", None
    if orders and draw < 0.35:
        reference = orders[0]
    elif orders and draw < 0.6:
        memo += " " + " ".join(order.replace("-", "") for order in orders[:3])
    elif orders and draw < 0.75:
        memo += f" AUFTR {orders[0][3:]}"
    whole, rest = divmod(cents, 100)
    day_first = ".".join(reversed(str(date).split("-")))
    books.payouts.append((day_first, f"{whole:,}".replace(",", ".") + f",{rest:02d}", memo, reference))
    return len(books.payouts) - 1
