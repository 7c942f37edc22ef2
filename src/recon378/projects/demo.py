"""Data of the demo project: a bank statement and the ledger it should agree with, made up by a seeded generator.

What goes wrong between banks and ledgers goes wrong here as well: payments days late, references mistyped or left out, fees kept
back, invoices
paid together or in parts, paid twice, booked twice, and records that only one side knows. The statement is written the German
way (semicolons,
decimal commas, day first, lines above the header), so that the importer has something to find out.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

SEED: Final = 378
INVOICES: Final = 1650
FIRST_DAY: Final = date(2026, 1, 5)
LAST_DAY: Final = date(2026, 3, 31)

STATEMENT_NAME: Final = "Kontoauszug_Q1_2026.csv"
LEDGER_NAME: Final = "ledger_q1_2026.csv"

CUSTOMERS: Final = (
    "Nordlicht Handels GmbH",
    "Bäckerei Sonnenschein",
    "Meyer & Söhne KG",
    "Hafenkontor AG",
    "Blumen Petersen",
    "Atelier Vogt",
    "Kanzlei Dr. Brandt",
    "Autohaus Lindner GmbH",
    "Pixelwerk UG",
    "Weingut Rebstock",
    "Schreinerei Holzmann",
    "Café Morgenrot",
    "Stadtwerke Elmshorn",
    "Optik Falke",
    "Druckerei Gutenberg OHG",
    "Reiseland Kessler",
    "Zahnarztpraxis Dr. Wolf",
    "Fahrrad Krämer",
    "Möbelhaus Ahrens GmbH",
    "Buchhandlung am Markt",
    "Elektro Schaller",
    "Spedition Wagner GmbH & Co. KG",
    "Gärtnerei Grünfeld",
    "Hotel Seeblick",
    "Softwareschmiede Nord GmbH",
    "Fischfeinkost Jansen",
    "Apotheke am Rathaus",
    "Textilhaus Berger",
    "Metallbau Fuchs",
    "Käserei Allgäu eG",
)
SUPPLIERS: Final = (
    "Telekom Deutschland GmbH",
    "Büromarkt Schulz",
    "Energie Nord AG",
    "Paketdienst Express",
    "Reinigung Blitzblank",
    "Cloudhaus GmbH",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of either side. `amount_cents` is positive for money that comes in."""

    day: date
    partner: str
    text: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Books:
    """Both sides while they are made."""

    bank: list[Entry]
    ledger: list[Entry]


def demo_files() -> tuple[tuple[str, bytes], tuple[str, bytes]]:
    """Name and bytes of the statement and of the ledger, about 2,000 rows each; the same on every call."""
    books = make_books(random.Random(SEED))  # noqa: S311 - data to look at, no secret
    return (STATEMENT_NAME, write_statement(books.bank)), (LEDGER_NAME, write_ledger(books.ledger))


def make_books(chance: random.Random) -> Books:
    """Write invoices and what became of each."""
    books = Books([], [])
    stories = (
        paid,
        paid_with_typo,
        paid_without_reference,
        less_a_fee,
        rounded,
        in_parts,
        together,
        paid_twice,
        booked_twice,
        never_paid,
        not_booked,
    )
    weights = (60, 6, 8, 5, 2, 4, 5, 0.7, 0.5, 4, 3)
    for number in range(INVOICES):
        story: Callable[[Books, random.Random, Entry], None] = chance.choices(stories, weights)[0]
        story(books, chance, invoice(chance, number))
    for number in range(INVOICES // 6):
        supplier_paid(books, chance, number)
    bank_charges(books)
    books.bank.sort(key=lambda entry: (entry.day, entry.partner, entry.amount_cents, entry.text))
    books.ledger.sort(key=lambda entry: (entry.day, entry.text, entry.amount_cents))
    return books


# ── what becomes of an invoice ──────────────────────────────────────────────────────────────────────────────────────


def paid(books: Books, chance: random.Random, entry: Entry) -> None:
    books.ledger.append(entry)
    books.bank.append(payment(chance, entry))


def paid_with_typo(books: Books, chance: random.Random, entry: Entry) -> None:
    books.ledger.append(entry)
    place = chance.randrange(len(entry.text) - 4, len(entry.text) - 1)
    swapped = entry.text[:place] + entry.text[place + 1] + entry.text[place] + entry.text[place + 2 :]
    books.bank.append(payment(chance, replace(entry, text=swapped)))


def paid_without_reference(books: Books, chance: random.Random, entry: Entry) -> None:
    books.ledger.append(entry)
    books.bank.append(
        replace(payment(chance, entry), text=chance.choice(("Rechnung", "Zahlung", "Ihre Rechnung vom Vormonat", "Danke")))
    )


def less_a_fee(books: Books, chance: random.Random, entry: Entry) -> None:
    """A card provider keeps 1.4 % and 25 cents."""
    books.ledger.append(entry)
    fee = round(entry.amount_cents * 14 / 1000) + 25
    books.bank.append(replace(payment(chance, entry), text=f"KARTENZAHLUNG {entry.text}", amount_cents=entry.amount_cents - fee))


def rounded(books: Books, chance: random.Random, entry: Entry) -> None:
    books.ledger.append(entry)
    books.bank.append(replace(payment(chance, entry), amount_cents=entry.amount_cents + chance.choice((-2, -1, 1, 2))))


def in_parts(books: Books, chance: random.Random, entry: Entry) -> None:
    books.ledger.append(entry)
    first = entry.amount_cents * chance.randrange(30, 60) // 100
    for part, amount in enumerate((first, entry.amount_cents - first), start=1):
        late = payment(chance, replace(entry, day=entry.day + timedelta(days=3 * part)))
        books.bank.append(replace(late, text=f"{entry.text} Rate {part}/2", amount_cents=amount))


def together(books: Books, chance: random.Random, entry: Entry) -> None:
    """Several invoices of one customer, paid by one transfer."""
    others = [
        replace(invoice(chance, 0), partner=entry.partner, day=entry.day, text=f"{entry.text}-{part}")
        for part in range(1, chance.randrange(2, 5))
    ]
    books.ledger.extend((entry, *others))
    total = entry.amount_cents + sum(other.amount_cents for other in others)
    books.bank.append(replace(payment(chance, entry), text=f"Sammelzahlung {entry.text}", amount_cents=total))


def paid_twice(books: Books, chance: random.Random, entry: Entry) -> None:
    books.ledger.append(entry)
    once = payment(chance, entry)
    books.bank.extend((once, replace(once, day=once.day + timedelta(days=chance.randrange(2)))))


def booked_twice(books: Books, chance: random.Random, entry: Entry) -> None:
    books.ledger.extend((entry, entry))
    books.bank.append(payment(chance, entry))


def never_paid(books: Books, chance: random.Random, entry: Entry) -> None:
    books.ledger.append(entry)


def not_booked(books: Books, chance: random.Random, entry: Entry) -> None:
    books.bank.append(payment(chance, entry))


def supplier_paid(books: Books, chance: random.Random, number: int) -> None:
    entry = Entry(working_day(chance), chance.choice(SUPPLIERS), f"ER-26-{4000 + number}", -cents(chance))
    books.ledger.append(entry)
    books.bank.append(
        replace(entry, day=entry.day + timedelta(days=chance.randrange(2)), text=f"{entry.text} DANKE FUER IHRE LIEFERUNG")
    )


def bank_charges(books: Books) -> None:
    """Month by month the bank charges for itself, which nobody has booked yet."""
    for month in (1, 2, 3):
        day = date(2026, month, 28)
        books.bank.append(Entry(day, "Hanse Bank", f"Kontofuehrung {month:02}/2026", -1290))


# ── parts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def invoice(chance: random.Random, number: int) -> Entry:
    return Entry(working_day(chance), chance.choice(CUSTOMERS), f"RE-2026-{10400 + number * 7 % 89000:05}", cents(chance))


def payment(chance: random.Random, entry: Entry) -> Entry:
    """The transfer that pays `entry`: some days later, in the spelling of the payer's bank."""
    late = chance.choices((0, 1, 2, 3, 5, 9), (10, 35, 25, 15, 10, 5))[0]
    opening = chance.choice(("Rechnung ", "Rg. ", "", "SEPA-UEBERWEISUNG ", "RNr "))
    partner = entry.partner.upper() if chance.random() < 0.3 else entry.partner
    return Entry(entry.day + timedelta(days=late), partner[:27], f"{opening}{entry.text}", entry.amount_cents)


def working_day(chance: random.Random) -> date:
    day = FIRST_DAY + timedelta(days=chance.randrange((LAST_DAY - FIRST_DAY).days))
    return day - timedelta(days=max(0, day.weekday() - 4))


def cents(chance: random.Random) -> int:
    """Mostly tens to thousands of euros; a tenth are round prices, which many invoices share."""
    if chance.random() < 0.1:
        return chance.choice((4900, 9900, 12000, 25000, 50000, 100000))
    return round(chance.lognormvariate(10.2, 1.1))


# ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def write_statement(entries: list[Entry]) -> bytes:
    lines = [
        "Hanse Bank;Kontoauszug",
        "IBAN;DE02 2005 0550 1234 5678 90",
        f"Zeitraum;{german(FIRST_DAY)} - {german(LAST_DAY)}",
        "",
    ]
    lines.append("Buchungstag;Auftraggeber/Empfänger;Verwendungszweck;Betrag;Währung")
    lines += [f"{german(entry.day)};{entry.partner};{entry.text};{german_amount(entry.amount_cents)};EUR" for entry in entries]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")


def write_ledger(entries: list[Entry]) -> bytes:
    lines = ["posting_no,posting_date,partner,document,amount,currency"]
    for number, entry in enumerate(entries, start=1):
        lines.append(f"{number:06},{entry.day.isoformat()},{entry.partner},{entry.text},{plain_amount(entry.amount_cents)},EUR")
    return ("\n".join(lines) + "\n").encode()


def german(day: date) -> str:
    return day.strftime("%d.%m.%Y")


def german_amount(amount_cents: int) -> str:
    whole = f"{abs(amount_cents) // 100:,}".replace(",", ".")
    return f"{'-' if amount_cents < 0 else ''}{whole},{abs(amount_cents) % 100:02}"


def plain_amount(amount_cents: int) -> str:
    return f"{'-' if amount_cents < 0 else ''}{abs(amount_cents) // 100}.{abs(amount_cents) % 100:02}"
