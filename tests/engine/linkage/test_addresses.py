"""Street and house number in two columns here, in one there."""

import polars as pl
import pytest

from recon378_engine.matching.pairing import pair_columns
from recon378_engine.table import Role
from tests.engine.linkage.people import table

NUMBERS = [str(number) for number in range(1, 41)]
STREETS = [f"{name} street" for name in ("Mill", "Oak", "Church", "Bridge", "Hill", "Park", "Lake", "High")] * 5


@pytest.mark.parametrize(
    ("written", "columns"), [("{1} {0}", ("house_number", "street")), ("{0} {1}", ("street", "house_number"))]
)
def test_street_and_number_are_read_as_the_other_side_writes_them(written: str, columns: tuple[str, str]) -> None:
    left = table(pl.DataFrame({"street": STREETS, "house_number": NUMBERS}))
    right = table(pl.DataFrame({"Anschrift": [written.format(*both) for both in zip(STREETS, NUMBERS, strict=True)]}))
    fields = pair_columns(left, right).fields
    assert [(field.role, field.left, field.right) for field in fields] == [(Role.ADDRESS, columns, ("Anschrift",))]


def test_an_address_without_numbers_takes_none() -> None:
    left = table(pl.DataFrame({"street": STREETS, "house_number": NUMBERS}))
    fields = pair_columns(left, table(pl.DataFrame({"Anschrift": STREETS}))).fields
    assert [field.left for field in fields] == [("street",)]
