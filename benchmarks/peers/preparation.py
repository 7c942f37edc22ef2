"""The hand-made preparation that peers ask for: both files in the same columns and the same spelling.

A prepared table has `row` (the 0-based data row), the fields of the set's description and the columns of its keys; a value that
is not there is null.
"""

from collections.abc import Callable
from pathlib import Path

import polars as pl

Prepare = Callable[[pl.DataFrame], pl.DataFrame]


def prepared(name: str, folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Both sides of a set. Raises KeyError for a set that nobody has described."""
    left, right = _PREPARE[name] if name in _PREPARE else _PREPARE[name.partition("-")[0]]
    return numbered(left(read(folder / "left.csv"))), numbered(right(read(folder / "right.csv")))


def read(path: Path) -> pl.DataFrame:
    with path.open(encoding="utf-8") as lines:
        heading = lines.readline()
    return pl.read_csv(path, separator=";" if ";" in heading else ",", infer_schema=False)


def numbered(table: pl.DataFrame) -> pl.DataFrame:
    return table.select(pl.int_range(pl.len(), dtype=pl.Int64).alias("row"), pl.all())


def people_left(raw: pl.DataFrame) -> pl.DataFrame:
    return people(raw, "given_name", "family_name", "birth_date", pl.col("street") + " " + pl.col("house_number"), "postcode",
                  "town", "email", pl.col("phone"))  # fmt: skip


def people_right(raw: pl.DataFrame) -> pl.DataFrame:
    named = raw.with_columns(split_name("Name"))
    birth = named.with_columns(pl.col("Geboren").str.to_date("%d.%m.%Y").dt.to_string("%Y-%m-%d"))
    phone = pl.col("Telefon").str.replace("+49 ", "0", literal=True).str.replace_all(" ", "", literal=True)
    return people(birth, "given", "family", "Geboren", pl.col("Anschrift"), "PLZ", "Ort", "E-Mail", phone)


def people(raw: pl.DataFrame, given: str, family: str, birth: str, street: pl.Expr, postcode: str, town: str, email: str,
           phone: pl.Expr) -> pl.DataFrame:  # fmt: skip
    columns = {"given": pl.col(given), "family": pl.col(family), "birth": pl.col(birth), "street": street,
               "postcode": pl.col(postcode), "town": pl.col(town), "email": pl.col(email), "phone": phone}  # fmt: skip
    return raw.select(values.str.to_lowercase().str.strip_chars().alias(name) for name, values in columns.items())


def split_name(name: str) -> list[pl.Expr]:
    """family and given of "Family, Given"."""
    parts = pl.col(name).str.splitn(", ", 2)
    return [parts.struct[0].alias("family"), parts.struct[1].alias("given")]


def customers(raw: pl.DataFrame) -> pl.DataFrame:
    lower = raw.with_columns(pl.all().str.to_lowercase().str.strip_chars())
    return lower.with_columns(pl.col("phone").str.replace("+44", "0", literal=True))


def narrow_left(raw: pl.DataFrame) -> pl.DataFrame:
    parts = pl.col("customer").str.splitn(" ", 2)
    return narrow(raw.with_columns(given=parts.struct[0], family=parts.struct[1]), "address")


def narrow_right(raw: pl.DataFrame) -> pl.DataFrame:
    return narrow(raw.with_columns(split_name("Name")), "Anschrift")


def narrow(raw: pl.DataFrame, address: str) -> pl.DataFrame:
    parts = pl.col(address).str.to_lowercase().str.replace("straße", "str.").str.extract_groups(r"^(.*), (\d+) (.*)$")
    return raw.select(
        pl.col("given", "family").str.to_lowercase(),
        street=parts.struct[0], postcode=parts.struct[1], town=parts.struct[2],
    )  # fmt: skip


def products_left(raw: pl.DataFrame) -> pl.DataFrame:
    price = pl.col("preis").str.replace_all(r"[^\d,]", "").str.replace(",", ".").cast(pl.Float64) / 1.19 / 1.2
    brand = pl.coalesce("marke", pl.col("titel").str.split(" ").list.first())
    return offers(raw, pl.col("titel"), brand, price, model_number(pl.col("titel")))


def products_right(raw: pl.DataFrame) -> pl.DataFrame:
    title = pl.concat_str("manufacturer", "name", "article_no", "details", separator=" ", ignore_nulls=True)
    number = model_number(pl.concat_str("article_no", "name", separator=" ", ignore_nulls=True))
    return offers(raw, title, pl.col("manufacturer"), pl.col("net_price").cast(pl.Float64), number)


def model_number(texts: pl.Expr) -> pl.Expr:
    """Two letters and digits, perhaps with a digit or letter behind them, however they are written: AB 1234-2 is ab12342."""
    return only_signs(texts.str.extract(r"\b([A-Za-z]{2}[ -]?\d{3,5}(?:-\d)?[A-Za-z]?)\b"))


def only_signs(texts: pl.Expr) -> pl.Expr:
    return texts.str.to_lowercase().str.replace_all(r"[^a-z\d]", "")


def abt_buy(raw: pl.DataFrame) -> pl.DataFrame:
    price = pl.col("price").str.replace_all(r"[^\d.]", "").cast(pl.Float64, strict=False)
    number = only_signs(pl.col("name").str.extract(r"([A-Za-z]*\d[\w/-]*)\s*$"))
    return offers(raw, pl.col("name"), pl.col("name").str.split(" ").list.first(), price, number)


def offers(raw: pl.DataFrame, title: pl.Expr, brand: pl.Expr, price: pl.Expr, number: pl.Expr) -> pl.DataFrame:
    words = title.str.to_lowercase()
    return raw.select(
        title=words, brand=brand.str.to_lowercase(), price=price, number=number,
        price_step=(price / 20).round(0).cast(pl.Int64).cast(pl.String),
        second_word=words.str.split(" ").list.get(1, null_on_oob=True),
    )  # fmt: skip


def payouts_left(raw: pl.DataFrame) -> pl.DataFrame:
    reference = pl.concat_str("Auftrag", "Verwendungszweck", separator=" ", ignore_nulls=True).str.extract(r"(\d{8})")
    amount = pl.col("Betrag").str.replace_all(".", "", literal=True).str.replace(",", ".").cast(pl.Float64)
    party = pl.col("Verwendungszweck").str.replace_all(r"^AUSZAHLUNG | (AUFTR|SO\d).*$", "")
    return payments(raw.with_columns(reference=reference), pl.col("Buchungstag").str.to_date("%d.%m.%Y"), amount, party)


def payouts_right(raw: pl.DataFrame) -> pl.DataFrame:
    reference = pl.col("order_no").str.extract(r"(\d{8})")
    day = pl.col("invoice_date").str.to_date()
    return payments(raw.with_columns(reference=reference), day, pl.col("gross").cast(pl.Float64), pl.col("customer"))


def bank(raw: pl.DataFrame) -> pl.DataFrame:
    day, amount = pl.col("transaction_date").str.to_date(), pl.col("amount").cast(pl.Float64)
    return payments(raw, day, amount, pl.col("memo"))


def payments(raw: pl.DataFrame, day: pl.Expr, amount: pl.Expr, memo: pl.Expr) -> pl.DataFrame:
    words = memo.str.to_lowercase().str.strip_chars()
    table = raw.select(
        day=day.dt.to_string("%Y-%m-%d"), amount=amount, memo=words, memo_start=words.str.slice(0, 5),
        memo_end=words.str.slice(5, 4), month=day.dt.to_string("%Y-%m"), next_month=day.dt.offset_by("15d").dt.to_string("%Y-%m"),
        week=day.dt.offset_by("2d").dt.to_string("%G-%V"), amount_step=amount.abs().round_sig_figs(1).cast(pl.String),
    )  # fmt: skip
    return table.with_columns(raw["reference"]) if "reference" in raw.columns else table


def febrl4(raw: pl.DataFrame) -> pl.DataFrame:
    return raw.with_columns(pl.col("date_of_birth").str.replace(r"^(\d{4})(\d{2})(\d{2})$", "$1-$2-$3"))


def dblp_acm(raw: pl.DataFrame) -> pl.DataFrame:
    first = pl.col("authors").str.split(",").list.first().str.split(" ").list.last()
    lower = raw.with_columns(pl.all().str.to_lowercase())
    return lower.with_columns(
        first_author=first, title_start=pl.col("title").str.slice(0, 12), title_word=pl.col("title").str.split(" ").list.first()
    )


def fodors_zagats(raw: pl.DataFrame) -> pl.DataFrame:
    return raw.with_columns(
        pl.col("phone").str.replace_all(r"\D", ""),
        name_start=pl.col("name").str.slice(0, 4),
        addr_number=pl.col("addr").str.split(" ").list.first(),
    )


_PREPARE: dict[str, tuple[Prepare, Prepare]] = {
    "people": (people_left, people_right),
    "customers": (customers, customers),
    "people-narrow": (narrow_left, narrow_right),
    "products": (products_left, products_right),
    "payouts": (payouts_left, payouts_right),
    "abt_buy": (abt_buy, abt_buy),
    "bank_transactions": (bank, bank),
    "dblp_acm": (dblp_acm, dblp_acm),
    "febrl4": (febrl4, febrl4),
    "fodors_zagats": (fodors_zagats, fodors_zagats),
}
