"""The hand-made preparation that peers ask for: both files in the same columns and the same spelling.

A prepared table has `row` (the 0-based data row), the fields of the set's description and the columns of its keys; a value that
is not there is None.
"""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

Prepare = Callable[[pd.DataFrame], pd.DataFrame]


def prepared(name: str, folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both sides of a set. Raises KeyError for a set that nobody has described."""
    left, right = _PREPARE[name] if name in _PREPARE else _PREPARE[name.partition("-")[0]]
    return finished(left(read(folder / "left.csv"))), finished(right(read(folder / "right.csv")))


def read(path: Path) -> pd.DataFrame:
    with path.open(encoding="utf-8") as lines:
        heading = lines.readline()
    return pd.read_csv(path, sep=";" if ";" in heading else ",", dtype=str, keep_default_na=False)


def finished(table: pd.DataFrame) -> pd.DataFrame:
    texts = [name for name in table.columns if not pd.api.types.is_numeric_dtype(table[name])]
    table[texts] = table[texts].astype(object).where(table[texts].notna() & (table[texts] != ""), None)
    table.insert(0, "row", range(len(table)))
    return table


def people_left(raw: pd.DataFrame) -> pd.DataFrame:
    street = (raw["street"] + " " + raw["house_number"]).where(raw["street"] != "", "")
    return people(raw["given_name"], raw["family_name"], raw["birth_date"], street, raw["postcode"],
                  raw["town"], raw["email"], raw["phone"])  # fmt: skip


def people_right(raw: pd.DataFrame) -> pd.DataFrame:
    name = raw["Name"].str.split(", ", n=1, expand=True)
    birth = raw["Geboren"].str.replace(r"(\d+)\.(\d+)\.(\d+)", r"\3-\2-\1", regex=True)
    phone = raw["Telefon"].str.replace("+49 ", "0", regex=False).str.replace(" ", "")
    return people(name[1], name[0], birth, raw["Anschrift"], raw["PLZ"], raw["Ort"], raw["E-Mail"], phone)


def people(given: pd.Series, family: pd.Series, birth: pd.Series, street: pd.Series, postcode: pd.Series, town: pd.Series,
           email: pd.Series, phone: pd.Series) -> pd.DataFrame:  # fmt: skip
    columns = {"given": given, "family": family, "birth": birth, "street": street, "postcode": postcode, "town": town,
               "email": email, "phone": phone}  # fmt: skip
    return pd.DataFrame({name: values.str.lower().str.strip() for name, values in columns.items()})


def narrow_left(raw: pd.DataFrame) -> pd.DataFrame:
    name = raw["customer"].str.split(" ", n=1, expand=True)
    return narrow(name[0], name[1], raw["address"])


def narrow_right(raw: pd.DataFrame) -> pd.DataFrame:
    name = raw["Name"].str.split(", ", n=1, expand=True)
    return narrow(name[1], name[0], raw["Anschrift"])


def narrow(given: pd.Series, family: pd.Series, address: pd.Series) -> pd.DataFrame:
    parts = address.str.lower().str.replace("straße", "str.").str.extract(r"^(.*), (\d+) (.*)$")
    return pd.DataFrame(
        {"given": given.str.lower(), "family": family.str.lower(), "street": parts[0], "postcode": parts[1], "town": parts[2]}
    )


def products_left(raw: pd.DataFrame) -> pd.DataFrame:
    price = raw["preis"].str.replace(r"[^\d,]", "", regex=True).str.replace(",", ".").astype(float) / 1.19 / 1.2
    brand = raw["marke"].where(raw["marke"] != "", raw["titel"].str.split().str[0])
    return offers(raw["titel"], brand, price, model_number(raw["titel"]))


def products_right(raw: pd.DataFrame) -> pd.DataFrame:
    title = raw["manufacturer"] + " " + raw["name"] + " " + raw["article_no"] + " " + raw["details"]
    number = model_number(raw["article_no"] + " " + raw["name"])
    return offers(title, raw["manufacturer"], raw["net_price"].astype(float), number)


def abt_buy(raw: pd.DataFrame) -> pd.DataFrame:
    price = pd.to_numeric(raw["price"].str.replace(r"[^\d.]", "", regex=True), errors="coerce")
    number = raw["name"].str.lower().str.extract(r"([a-z]*\d[\w/-]*)\s*$")[0].str.replace(r"[^a-z\d]", "", regex=True)
    return offers(raw["name"], raw["name"].str.split().str[0], price, number)


def model_number(texts: pd.Series) -> pd.Series:
    """Two letters and digits, perhaps with a digit or letter behind them, however they are written: AB 1234-2 is ab12342."""
    found = texts.str.extract(r"\b([A-Za-z]{2}[ -]?\d{3,5}(?:-\d)?[A-Za-z]?)\b")[0]
    return found.str.lower().str.replace(r"[^a-z\d]", "", regex=True)


def offers(title: pd.Series, brand: pd.Series, price: pd.Series, number: pd.Series) -> pd.DataFrame:
    words = title.str.lower()
    return pd.DataFrame({
        "title": words, "brand": brand.str.lower(), "price": price,
        "number": number,
        "price_step": (price.fillna(0) / 20).round().astype(int).astype(str).where(price.notna(), None),
        "second_word": words.str.split().str[1],
    })  # fmt: skip


def payouts_left(raw: pd.DataFrame) -> pd.DataFrame:
    reference = (raw["Auftrag"] + " " + raw["Verwendungszweck"]).str.extract(r"(\d{8})")[0]
    amount = raw["Betrag"].str.replace(".", "").str.replace(",", ".").astype(float)
    party = raw["Verwendungszweck"].str.replace(r"^AUSZAHLUNG | (AUFTR|SO\d).*$", "", regex=True)
    return payments(pd.to_datetime(raw["Buchungstag"], format="%d.%m.%Y"), amount, party, reference)


def payouts_right(raw: pd.DataFrame) -> pd.DataFrame:
    reference = raw["order_no"].str.extract(r"(\d{8})")[0]
    return payments(pd.to_datetime(raw["invoice_date"]), raw["gross"].astype(float), raw["customer"], reference)


def bank(raw: pd.DataFrame) -> pd.DataFrame:
    return payments(pd.to_datetime(raw["transaction_date"]), raw["amount"].astype(float), raw["memo"], None)


def payments(day: pd.Series, amount: pd.Series, memo: pd.Series, reference: pd.Series | None) -> pd.DataFrame:
    memo = memo.str.lower().str.strip()
    table = pd.DataFrame({
        "day": day.dt.strftime("%Y-%m-%d"), "amount": amount, "memo": memo, "memo_start": memo.str[:5], "memo_end": memo.str[5:9],
        "month": day.dt.strftime("%Y-%m"), "next_month": (day + pd.Timedelta(days=15)).dt.strftime("%Y-%m"),
        "week": (day + pd.Timedelta(days=2)).dt.strftime("%Y-%W"), "amount_step": amount.abs().clip(0.01).apply(magnitude),
    })  # fmt: skip
    return table if reference is None else table.assign(reference=reference)


def magnitude(amount: float) -> str:
    return f"{amount:.0e}"


def febrl4(raw: pd.DataFrame) -> pd.DataFrame:
    birth = raw["date_of_birth"].str.replace(r"^(\d{4})(\d{2})(\d{2})$", r"\1-\2-\3", regex=True)
    return raw.assign(date_of_birth=birth)


def dblp_acm(raw: pd.DataFrame) -> pd.DataFrame:
    lower = raw.apply(lambda column: column.str.lower())
    return lower.assign(
        first_author=lower["authors"].str.split(",").str[0].str.split().str[-1],
        title_start=lower["title"].str[:12],
        title_word=lower["title"].str.split().str[0],
    )


def fodors_zagats(raw: pd.DataFrame) -> pd.DataFrame:
    return raw.assign(
        phone=raw["phone"].str.replace(r"\D", "", regex=True),
        name_start=raw["name"].str[:4],
        addr_number=raw["addr"].str.split().str[0],
    )


_PREPARE: dict[str, tuple[Prepare, Prepare]] = {
    "people": (people_left, people_right),
    "people-narrow": (narrow_left, narrow_right),
    "products": (products_left, products_right),
    "payouts": (payouts_left, payouts_right),
    "abt_buy": (abt_buy, abt_buy),
    "bank_transactions": (bank, bank),
    "dblp_acm": (dblp_acm, dblp_acm),
    "febrl4": (febrl4, febrl4),
    "fodors_zagats": (fodors_zagats, fodors_zagats),
}
