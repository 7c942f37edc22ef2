"""Article numbers that stand in texts."""

import polars as pl
import pytest

from recon378_engine.matching.linkage.comparison import plan_comparisons
from recon378_engine.matching.linkage.normalise import Part, normalised
from recon378_engine.matching.pairing import pair_columns
from recon378_engine.table import Role
from tests.engine.linkage.people import table


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Panasonic KX-TG6700B black phone", "kxtg6700b"),
        ("kettle Pro 1500 ml GR950-3, white", "gr9503"),
        ("Sony DAV-IS10/M home theatre", "davis10m"),
        ("drill 700W, 64GB card", None),
        ("a lamp", None),
    ],
)
def test_the_first_number_that_letters_lead_is_taken(text: str, number: str | None) -> None:
    assert normalised(pl.DataFrame({"text": [text]}), Role.FREE_TEXT, ("text",), Part.CODE).to_list() == [number]


def titles(form: str) -> pl.DataFrame:
    return pl.DataFrame({"title": [f"an electric kettle, {form.format(number)}, and much more" for number in range(100, 200)]})


def test_texts_with_article_numbers_are_compared_by_these_too() -> None:
    left, right = table(titles("AX-{}")), table(titles("AX{}"))
    numbers = [plan.name for plan in plan_comparisons(left, right, pair_columns(left, right)) if plan.part is Part.CODE]
    assert numbers == ["title number"]


def test_texts_without_article_numbers_are_not() -> None:
    left, right = table(titles("AX-{}")), table(titles("{} litres"))
    assert not [plan for plan in plan_comparisons(left, right, pair_columns(left, right)) if plan.part is Part.CODE]
