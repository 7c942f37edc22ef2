"""Two customer lists that describe overlapping people in two different layouts, with their truth.

The left list has the name in two columns and an ISO birth date; the right one has "Family, Given", a day-first birth
date, street and number in one column and phones with the country code. Half of the left people stand in the right list.
Noise: typing errors, short forms, moves, lost values, and siblings who share family name and address. `SHAPES` has harder ones:
names and addresses in one column each, few people in both lists, many slips, people who stand in a list twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import polars as pl
from numpy.random import Generator
from numpy.typing import NDArray

Text = NDArray[np.str_]
Rows = NDArray[np.int64]

STARTS = [
    "Al",
    "Ber",
    "Cor",
    "Da",
    "El",
    "Fe",
    "Gun",
    "Hen",
    "Il",
    "Jo",
    "Ka",
    "Lu",
    "Mar",
    "No",
    "Ol",
    "Pe",
    "Ro",
    "Sa",
    "Ti",
    "Ul",
    "Vi",
    "Wil",
]
MIDDLES = ["a", "e", "i", "o", "an", "en", "is", "ol", "ar", "et"]
GIVEN_ENDS = ["na", "ne", "us", "as", "ka", "la", "no", "ric", "ta", "ya", "mir", "da"]
FAMILY_ENDS = ["mann", "sen", "berg", "er", "ski", "dal", "stein", "ova", "feld", "ing", "hof", "ez", "oni", "well", "ström"]
STREET_ENDS = ["straße", "weg", "allee", "gasse", "platz", "ring", "ufer"]
TOWN_ENDS = ["burg", "hausen", "stadt", "dorf", "bach", "ingen", "furt"]
SLIPS = {"given": 0.08, "family": 0.1, "street": 0.08, "town": 0.04, "mail": 0.04, "phone": 0.04, "birth": 0.04}
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Shape:
    """How two lists relate.

    `overlap` is the share of the left people who stand in the right list, `noise` multiplies the shares of values with a slip,
    `copies` is the share of the people of a list who stand in it twice, `narrow` leaves a whole name and a whole address only.
    """

    overlap: float = 0.5
    noise: float = 1.0
    copies: float = 0.0
    narrow: bool = False


PLAIN = Shape()
SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "plain": PLAIN,
        "narrow": Shape(narrow=True),
        "few": Shape(overlap=0.03),
        "noisy": Shape(noise=3.0),
        "copies": Shape(copies=0.1),
    }
)


def write_people(folder: Path, rows: int, seed: int, shape: Shape = PLAIN) -> None:
    """Write left.csv, right.csv and truth.csv (left_row, right_row) with ROWS records a side into FOLDER.

    Where people stand in a list twice, every pair of their records is in the truth, with the person's number beside it.
    """
    generator = np.random.default_rng(seed)
    people = round(rows / (1 + shape.copies))
    left, left_person = draw_people(generator, people), np.arange(people)
    right, right_person = counterpart(generator, left, shape)
    if shape.copies:
        left, left_person = with_copies(generator, left, left_person, rows)
        right, right_person = with_copies(generator, right, right_person, rows)
    folder.mkdir(parents=True, exist_ok=True)
    left_layout(generator, left, shape).write_csv(folder / "left.csv")
    right_layout(generator, right, shape).write_csv(folder / "right.csv", separator=";")
    truth = same_person(left_person, right_person)
    (truth if shape.copies else truth.drop("person")).write_csv(folder / "truth.csv")


def counterpart(generator: Generator, left: dict[str, Text], shape: Shape) -> tuple[dict[str, Text], Rows]:
    """As many people again, some of whom are the left ones with noise, and the number of each one's left record or -1."""
    rows = len(left["given"])
    source = generator.permutation(rows)[: round(rows * shape.overlap)]
    twins = disturb(generator, {name: values[source] for name, values in left.items()}, shape.noise)
    strangers = draw_people(generator, rows - len(source))
    siblings = np.flatnonzero(generator.random(rows - len(source)) < 0.08)
    family = generator.integers(0, rows, len(siblings))
    for name in ("family", "street", "number", "postcode", "town"):
        strangers[name][siblings] = left[name][family]
    order = generator.permutation(rows)
    right = {name: np.concatenate([twins[name].astype(object), strangers[name].astype(object)])[order] for name in left}
    return right, np.concatenate([source, np.full(rows - len(source), -1)])[order]


def with_copies(generator: Generator, people: dict[str, Text], person: Rows, rows: int) -> tuple[dict[str, Text], Rows]:
    """ROWS records in a new order: some of the people once more, with slips of their own."""
    again = generator.permutation(len(person))[: rows - len(person)]
    copies = mistype_some(generator, {name: values[again].astype(object) for name, values in people.items()}, 1.0)
    order = generator.permutation(rows)
    both = {name: np.concatenate([values.astype(object), copies[name]])[order] for name, values in people.items()}
    return both, np.concatenate([person, person[again]])[order]


def same_person(left_person: Rows, right_person: Rows) -> pl.DataFrame:
    left, right = (
        pl.DataFrame({"person": person, f"{side}_row": np.arange(len(person))})
        for side, person in (("left", left_person), ("right", right_person))
    )
    pairs = left.join(right.filter(pl.col("person") >= 0), on="person")
    return pairs.select("left_row", "right_row", "person").sort("left_row", "right_row")


def draw_people(generator: Generator, count: int) -> dict[str, Text]:
    given = skewed(generator, words(generator, 600, GIVEN_ENDS), count)
    family = skewed(generator, words(generator, 9_000, FAMILY_ENDS), count)
    towns = words(generator, 700, TOWN_ENDS)
    town_number = np.minimum(generator.zipf(1.3, count) - 1, len(towns) - 1)
    street = skewed(generator, words(generator, 2_500, STREET_ENDS), count)
    postcode = np.char.zfill(((town_number * 131 + generator.integers(0, 9, count)) % 99_999).astype(str), 5)
    birth = (np.datetime64("1938-01-01") + generator.integers(0, 365 * 68, count)).astype(str)
    suffix = generator.integers(1, 9_999, count).astype(str)
    mail = np.char.add(
        np.char.add(np.char.lower(family), np.char.add(".", suffix)),
        skewed(generator, np.array(["@post.example", "@mail.example", "@firma.example"]), count),
    )
    phone = np.char.add(
        "0", np.char.add(generator.integers(30, 999, count).astype(str), generator.integers(10**5, 10**8, count).astype(str))
    )
    drawn = {
        "given": given, "family": family, "birth": birth, "street": street,
        "number": generator.integers(1, 180, count).astype(str), "postcode": postcode, "town": towns[town_number],
        "mail": mail, "phone": phone,
    }  # fmt: skip
    return {name: values.astype(object) for name, values in drawn.items()}


def words(generator: Generator, count: int, ends: list[str]) -> Text:
    """COUNT distinct made-up words; the same for every seed of the rows, since name lists do not change by the day."""
    own = np.random.default_rng(len(ends) * 1_000 + count)
    found: dict[str, None] = {}
    while len(found) < count:
        middle = MIDDLES[own.integers(len(MIDDLES))] + (LETTERS[own.integers(26)] if own.random() < 0.6 else "")
        found[STARTS[own.integers(len(STARTS))] + middle + ends[own.integers(len(ends))]] = None
    return np.array(list(found))


def skewed(generator: Generator, values: Text, count: int) -> Text:
    weights = 1 / (np.arange(len(values)) + 6.0) ** 0.9
    places = np.searchsorted(np.cumsum(weights / weights.sum()), generator.random(count)).clip(0, len(values) - 1)
    drawn: Text = values[places]
    return drawn


def disturb(generator: Generator, people: dict[str, Text], noise: float) -> dict[str, Text]:
    count = len(people["given"])
    moved = generator.random(count) < 0.12
    elsewhere = draw_people(generator, count)
    for name in ("street", "number", "postcode", "town"):
        people[name] = np.where(moved, elsewhere[name], people[name])
    for name, share in (("mail", 0.22), ("phone", 0.2), ("family", 0.02)):
        people[name] = np.where(generator.random(count) < share, elsewhere[name], people[name])
    initials = generator.random(count) < 0.05
    people["given"] = np.array(
        [text[0] + "." if short else text for text, short in zip(people["given"], initials, strict=True)], dtype=object
    )
    return mistype_some(generator, people, noise)


def mistype_some(generator: Generator, people: dict[str, Text], noise: float) -> dict[str, Text]:
    for name, share in SLIPS.items():
        for row in np.flatnonzero(generator.random(len(people[name])) < share * noise):
            people[name][row] = mistype(generator, str(people[name][row]))
    return people


def mistype(generator: Generator, text: str) -> str:
    """One slip of the finger; a slip in a date swaps two digits of the day or the year."""
    if len(text) < 3:
        return text
    if text[:2] in ("19", "20") and text[4:5] == "-":
        year, month, day = text.split("-")
        return (
            f"{year[:2]}{year[3]}{year[2]}-{month}-{day}"
            if generator.random() < 0.5
            else f"{year}-{month}-{min(28, int(day[::-1]) or 1):02d}"
        )
    place = int(generator.integers(1, len(text) - 1))
    other = LETTERS[generator.integers(26)] if text[place].isalpha() else str(generator.integers(10))
    return (
        text[:place] + text[place + 1 :],
        text[:place] + other + text[place + 1 :],
        text[:place] + text[place + 1] + text[place] + text[place + 2 :],
    )[generator.integers(3)]


def lose(generator: Generator, values: Text, share: float) -> list[str | None]:
    return [None if gone else str(value) for value, gone in zip(values, generator.random(len(values)) < share, strict=True)]


def left_layout(generator: Generator, people: dict[str, Text], shape: Shape) -> pl.DataFrame:
    count = len(people["given"])
    if shape.narrow:
        return pl.DataFrame({
            "customer": joined("{} {}", people, "given", "family"),
            "address": joined("{} {}, {} {}", people, "street", "number", "postcode", "town"),
        })  # fmt: skip
    return pl.DataFrame({
        "customer_no": [f"C{number:07d}" for number in generator.permutation(count)],
        "given_name": lose(generator, people["given"], 0.01), "family_name": people["family"].tolist(),
        "birth_date": lose(generator, people["birth"], 0.03), "street": lose(generator, people["street"], 0.04),
        "house_number": people["number"].tolist(), "postcode": lose(generator, people["postcode"], 0.03),
        "town": people["town"].tolist(), "email": lose(generator, people["mail"], 0.12),
        "phone": lose(generator, people["phone"], 0.12),
    })  # fmt: skip


def right_layout(generator: Generator, people: dict[str, Text], shape: Shape) -> pl.DataFrame:
    name = joined("{}, {}", people, "family", "given")
    if shape.narrow:
        address = joined("{} {}, {} {}", people, "street", "number", "postcode", "town")
        short = generator.random(len(address)) < 0.3
        address = [text.replace("straße", "str.") if cut else text for text, cut in zip(address, short, strict=True)]
        return pl.DataFrame({"Name": name, "Anschrift": address})
    birth = [".".join(reversed(str(text).split("-"))) for text in people["birth"]]
    phone = ["+49 " + text[1:4] + " " + text[4:] for text in people["phone"].astype(str)]
    return pl.DataFrame({
        "Name": name,
        "Geboren": lose(generator, np.array(birth, dtype=object), 0.03),
        "Anschrift": joined("{} {}", people, "street", "number"),
        "PLZ": lose(generator, people["postcode"], 0.03), "Ort": people["town"].tolist(),
        "Telefon": lose(generator, np.array(phone, dtype=object), 0.15), "E-Mail": lose(generator, people["mail"], 0.15),
    })  # fmt: skip


def joined(form: str, people: dict[str, Text], *names: str) -> list[str]:
    return [form.format(*parts) for parts in zip(*(people[name] for name in names), strict=True)]
