"""Roles by header and by values, and how columns are paired."""

from decimal import Decimal

import polars as pl
import pytest

from recon378_engine.matching.pairing import pair_columns
from recon378_engine.profiling.headers import roles_of_header
from recon378_engine.table import Role
from tests.engine.linkage.people import customer_lists, table


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("E-Mail", Role.EMAIL), ("PLZ", Role.POSTCODE), ("Nachname", Role.FAMILY_NAME), ("firstName", Role.GIVEN_NAME),
        ("Buchungsdatum", Role.DATE), ("Rechnungsnr.", Role.IDENTIFIER), ("booking_date", Role.DATE),
        ("Value date", Role.VALUE_DATE), ("Betrag", Role.AMOUNT), ("Soll", Role.DEBIT), ("Verwendungszweck", Role.FREE_TEXT),
        ("invoice_no", Role.REFERENCE), ("prénom", Role.GIVEN_NAME), ("x1", None),
    ],
)  # fmt: skip
def test_headers_of_several_languages_speak_for_a_role(header: str, role: Role | None) -> None:
    assert next(iter(roles_of_header(header)), None) is role


def test_values_tell_the_role_where_the_header_does_not() -> None:
    frame = pl.DataFrame(
        {
            "a": [f"user{row}@mail.example" for row in range(50)],
            "b": ["EUR", "USD"] * 25,
            "c": [f"Firm {row} GmbH" for row in range(50)],
            "d": [f"+44 20 7946 {row:04}" for row in range(50)],
            "e": [f"INV2024{row:05}X" for row in range(50)],
        }
    )
    roles = [column.role for column in table(frame).columns]
    assert roles == [Role.EMAIL, Role.CURRENCY, Role.ORGANISATION, Role.PHONE, Role.REFERENCE]


def test_running_numbers_are_identifiers_whatever_else_their_header_says() -> None:
    numbers = pl.DataFrame({"posting_no": [f"{row:06}" for row in range(1, 60)], "booking no": list(range(59))})
    assert [column.role for column in table(numbers).columns] == [Role.IDENTIFIER, Role.IDENTIFIER]


def test_a_header_that_the_values_contradict_is_not_believed() -> None:
    assert table(pl.DataFrame({"email": ["blue", "green", "red"] * 9})).columns[0].role is not Role.EMAIL


def test_renamed_and_reordered_columns_find_each_other() -> None:
    left = customer_lists(300).left
    right = left.select(
        "town", pl.col("surname").alias("Nachname"), pl.col("first_name").alias("Vorname"), pl.col("email").alias("Mail")
    )
    pairing = pair_columns(table(left), table(right))
    assert {(field.left, field.right) for field in pairing.fields} == {
        (("first_name",), ("Vorname",)), (("surname",), ("Nachname",)), (("email",), ("Mail",)), (("town",), ("town",)),
    }  # fmt: skip


def test_a_title_is_paired_with_all_the_columns_that_it_spreads_over() -> None:
    things = [
        ("kettle", "steel", "KX 2201"),
        ("lamp", "brass", "QD 7710"),
        ("drill", "cordless", "PL 3150"),
        ("scale", "flat", "ZU 9043"),
    ]
    offers = pl.DataFrame(
        {"title": [f"brand new {thing} in {kind} and with papers, {number}" for thing, kind, number in things * 9]}
    )
    articles = pl.DataFrame(
        {
            "product": [f"{thing} for home and workshop, sold here" for thing, _, _ in things * 9],
            "details": [f"{kind} make with papers and a long guarantee" for _, kind, _ in things * 9],
            "model": [number for _, _, number in things * 9],
        }
    )
    (field,) = pair_columns(table(offers), table(articles)).fields
    assert field.left == ("title",)
    assert sorted(field.right) == ["details", "model", "product"]


def money(values: list[str | None]) -> pl.Series:
    return pl.Series([None if value is None else Decimal(value) for value in values], dtype=pl.Decimal(38, 2))


def test_debit_and_credit_are_read_as_one_amount_and_the_sign_is_proposed() -> None:
    """SPEC example 16: card file positive, ledger negative."""
    amounts = [f"{100 + row}.25" for row in range(40)]
    card = table(pl.DataFrame({"amount": money(list(amounts)), "shop": [f"shop {row}" for row in range(40)]}))
    ledger = table(
        pl.DataFrame({"debit": money([None] * 40), "credit": money(list(amounts)), "shop": [f"shop {row}" for row in range(40)]})
    )
    pairing = pair_columns(card, ledger)
    assert next(field for field in pairing.fields if field.role is Role.AMOUNT).right == ("debit", "credit")
    assert pairing.flip_right_sign
    assert (pairing.flip_share, pairing.keep_share) == (1.0, 0.0)


def test_references_inside_a_text_pair_it_with_the_column_of_references() -> None:
    bank = pl.DataFrame({"Verwendungszweck": [f"Rechnung RE-2026-{row:05} vielen Dank" for row in range(60)]})
    ledger = pl.DataFrame({"document": [f"RE-2026-{row:05}" for row in range(60)], "partner": ["Meyer & Söhne KG"] * 60})
    (field,) = pair_columns(table(bank), table(ledger)).fields
    assert (field.role, field.left, field.right) == (Role.REFERENCE, ("Verwendungszweck",), ("document",))


def test_no_common_column_gives_no_fields() -> None:
    assert pair_columns(table(pl.DataFrame({"alpha": ["a1", "b2"]})), table(pl.DataFrame({"zeta": [1, 2]}))).fields == ()
