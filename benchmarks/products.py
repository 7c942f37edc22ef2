"""Offers of a web shop against the price list of its wholesaler, with their truth.

The shop writes a title in one line (brand, series, kind, model number, measures in any order and unit) and a price with tax; the
price list has the maker, an article number, a name, measures in metric units and a net price. Most articles belong to a family
whose members differ in one measure, the colour or the end of the model number, so that the nearest title is often wrong.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.random import Generator

BRANDS = [
    "Auvera",
    "Bertelin",
    "Calmor",
    "Dorvik",
    "Elgano",
    "Fennox",
    "Grauert",
    "Hylltek",
    "Ivarro",
    "Jansfeld",
    "Kestrup",
    "Lumaro",
]
SERIES = ["Pro", "Eco", "Home", "Classic", "Line", "Max", "Air", "Smart", "Studio", "Compact", "Vario", "Nova"]
COLOURS = {"schwarz": "black", "weiß": "white", "silber": "silver", "rot": "red", "anthrazit": "anthracite", "blau": "blue"}
ADVERTS = ["NEU", "B-Ware", "inkl. Versand", "2 Jahre Garantie", "Angebot", "versandkostenfrei", "OVP", "Sonderpreis"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of article: its names in the shop and in the list, its measures and the net price in cents of the smallest."""

    shop: tuple[str, ...]
    listed: str
    measure: str  # litre | inch | watt | kilogram | gigabyte
    sizes: tuple[float, ...]
    cents: int


KINDS = (
    Kind(("Wasserkocher", "Teekocher"), "Wasserkocher", "litre", (0.8, 1.0, 1.2, 1.5, 1.7), 1_890),
    Kind(("Monitor", "Bildschirm", "LED-Monitor"), "Monitor LED", "inch", (22, 24, 27, 32, 34), 9_900),
    Kind(("Bohrmaschine", "Schlagbohrer"), "Schlagbohrmaschine", "watt", (500, 650, 750, 900, 1100), 4_200),
    Kind(("Küchenwaage", "Waage digital"), "Küchenwaage", "kilogram", (3, 5, 8, 10), 1_150),
    Kind(("USB-Stick", "Speicherstick", "Stick"), "USB-Speicher", "gigabyte", (16, 32, 64, 128, 256), 490),
    Kind(("Staubsauger", "Bodenstaubsauger"), "Bodenstaubsauger", "watt", (600, 700, 850, 900), 6_900),
    Kind(("Kochtopf", "Topf mit Deckel"), "Kochtopf", "litre", (1.5, 2.5, 4.0, 6.0), 1_700),
    Kind(("Fernseher", "Smart TV", "TV"), "Fernsehgerät", "inch", (32, 40, 43, 50, 55, 65), 17_900),
)
SHOP_UNITS = {
    "litre": ("{0:g} l", "{0:g} Liter", "{0:g}L", "{1:.0f} ml"),
    "inch": ("{0:g} Zoll", '{0:g}"', "{2:.0f} cm"),
    "watt": ("{0:g} W", "{0:g}W", "{0:g} Watt"),
    "kilogram": ("{0:g} kg", "{0:g}kg", "{1:.0f} g"),
    "gigabyte": ("{0:g} GB", "{0:g}GB"),
}
LIST_UNITS = {"litre": "{1:.0f} ml", "inch": "{2:.1f} cm", "watt": "{0:g} W", "kilogram": "{1:.0f} g", "gigabyte": "{0:g} GB"}


@dataclass(frozen=True, slots=True)
class Article:
    brand: str
    series: str
    kind: Kind
    model: str
    size: float
    colour: str
    cents: int


def write_products(folder: Path, rows: int, seed: int) -> None:
    """Write left.csv (offers), right.csv (price list) and truth.csv (left_row, right_row) with ROWS records a side into FOLDER.

    Seven tenths of the offers stand in the list; an article stands at most once in either file.
    """
    generator = np.random.default_rng(seed)
    shared = round(rows * 0.7)
    articles = draw_articles(generator, 2 * rows - shared)
    order = generator.permutation(len(articles))
    offered, listed = generator.permutation(order[:rows]), generator.permutation(order[rows - shared :])
    folder.mkdir(parents=True, exist_ok=True)
    offers = [offer(generator, articles[number]) for number in offered]
    pl.DataFrame(offers, ["titel", "marke", "preis"], orient="row").write_csv(folder / "left.csv", separator=";")
    entries = [entry(generator, articles[number]) for number in listed]
    pl.DataFrame(entries, ["manufacturer", "article_no", "name", "details", "net_price"], orient="row").write_csv(
        folder / "right.csv"
    )
    left = pl.DataFrame({"article": offered, "left_row": np.arange(rows)})
    right = pl.DataFrame({"article": listed, "right_row": np.arange(rows)})
    left.join(right, on="article").select("left_row", "right_row").sort("left_row").write_csv(folder / "truth.csv")


def draw_articles(generator: Generator, count: int) -> list[Article]:
    """COUNT distinct articles in families of one to five."""
    found: list[Article] = []
    taken: set[str] = set()
    while len(found) < count:
        kind = KINDS[generator.integers(len(KINDS))]
        brand, series = str(generator.choice(BRANDS)), str(generator.choice(SERIES))
        stem = "".join(generator.choice(list("ABCDEFGHKLMNPRSTVWX"), 2)) + str(generator.integers(100, 9_999))
        if stem in taken:
            continue
        taken.add(stem)
        found += family(generator, kind, brand, series, stem)
    return found[:count]


def family(generator: Generator, kind: Kind, brand: str, series: str, stem: str) -> list[Article]:
    """Articles of one stem that differ in size, or in colour with a letter after the model number."""
    base = kind.cents * float(np.exp(generator.normal(0.3, 0.25)))
    colours = generator.permutation(list(COLOURS))
    if generator.random() < 0.5:
        sizes = generator.permutation(len(kind.sizes))[: generator.integers(1, 5)]
        return [
            Article(brand, series, kind, f"{stem}-{number + 1}", kind.sizes[number], str(colours[0]), round(base * 1.35**number))
            for number in (int(size) for size in sizes)
        ]
    number = int(generator.integers(len(kind.sizes)))
    return [
        Article(brand, series, kind, f"{stem}{colour[0].upper()}", kind.sizes[number], str(colour), round(base * 1.35**number))
        for colour in colours[: generator.integers(1, 4)]
    ]


def offer(generator: Generator, article: Article) -> tuple[str, str | None, str]:
    """Title, brand or nothing, and a price with tax that wanders by a seventh, German style."""
    model = respell(generator, article.model) if generator.random() < 0.75 else ""
    parts = [
        str(generator.choice(article.kind.shop)),
        model,
        written(article.size, str(generator.choice(SHOP_UNITS[article.kind.measure]))),
    ]
    if generator.random() < 0.6:
        parts.append(article.series)
    if generator.random() < 0.7:
        parts.append(article.colour)
    if generator.random() < 0.2:
        parts.append(str(generator.choice(ADVERTS)))
    parts = [parts[place] for place in generator.permutation(len(parts))]
    title = " ".join([article.brand, *filter(None, parts)] if generator.random() < 0.9 else list(filter(None, parts)))
    if generator.random() < 0.12:
        place = int(generator.integers(1, len(title) - 1))
        title = title[:place] + title[place + 1 :]
    cents = round(article.cents * 1.19 * float(np.exp(generator.normal(0.18, 0.07))) / 10) * 10 - 1
    return title, article.brand if generator.random() < 0.6 else None, f"{cents // 100},{cents % 100:02d} €"


def entry(generator: Generator, article: Article) -> tuple[str, str | None, str, str, str]:
    """Maker, article number or nothing, name, details in metric units, net price."""
    number = article.model if generator.random() < 0.85 else None
    name = f"{article.kind.listed} {article.series}" + (f" {article.model}" if generator.random() < 0.7 else "")
    details = [written(article.size, LIST_UNITS[article.kind.measure]), f"Farbe: {COLOURS[article.colour]}"]
    if generator.random() < 0.4:
        details.append(f"VE {generator.integers(1, 12)}")
    return article.brand.upper(), number, name, ", ".join(details), f"{article.cents // 100}.{article.cents % 100:02d}"


def written(size: float, unit: str) -> str:
    return unit.format(size, size * 1_000, size * 2.54)


def respell(generator: Generator, model: str) -> str:
    """A model number as shops write it: as it is, without its hyphen, with a blank after the letters, or in lower case."""
    return (model, model.replace("-", ""), f"{model[:2]} {model[2:]}", model.lower())[generator.integers(4)]
