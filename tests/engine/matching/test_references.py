"""References and words as people write them."""

import numpy as np
import pytest

from recon378_engine.matching.books import references
from recon378_engine.matching.books.calendars import ordinals
from recon378_engine.matching.books.normalisers import cleaned
from recon378_engine.matching.books.references import index_references, relations
from recon378_engine.matching.books.texts import index_texts, similarities
from recon378_engine.matching.rulesets.conditions import Cleaner, DateWithin, DayUnit
from tests.engine.matching.books import table

FIRST = np.zeros(1, dtype=np.uint32)


def relation(left: str, right: str) -> int:
    others = [(f"OTHER-{number:04d}",) for number in range(3)]
    index = index_references(table("text", (left,), *[(None,)] * 3), table("reference", (right,), *others))
    return int(relations(index, FIRST, FIRST)[0][0])


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("SEPA inv-2026/0042 Harbor", "INV-2026-0042", references.EQUAL),
        ("order 42117 paid", "INV-00042117", references.CORE),
        ("REF INV20260042", "INV-2026-0042-77", references.CUT),
        ("no reference here", "INV-2026-0042", references.SILENT),
        ("INV-1001", "INV-2002", references.CONFLICT),
        ("RE-2026-10421", "RE-2026-10412", references.SILENT),
        ("RE-2026-10413", "RE-2026-10412", references.CONFLICT),
        ("room 12", "INV-2002", references.SILENT),
        ("CARD 4711", "INV-2002", references.SILENT),
    ],
)
def test_a_reference_is_found_as_it_is_written(left: str, right: str, level: int) -> None:
    assert relation(left, right) == level


def test_a_reference_in_free_text_links_its_rows_and_a_constant_links_none() -> None:
    left = table("text", *[(f"payment INV-{number:05d} ACC-99999",) for number in range(100)])
    right = table("reference text", *[(f"INV-{number:05d}", "ACC-99999") for number in range(100)])
    links = index_references(left, right).links
    assert links.select("left", "right").rows() == [(number, number) for number in range(100)]


def test_a_whole_links_its_parts_and_a_part_its_whole() -> None:
    whole = table("text", ("Sammelzahlung RE-2026-10412",), ("RE-2026-77001-2",))
    parts = table("reference", *[(f"RE-2026-10412-{part}",) for part in (1, 2, 3)], ("RE-2026-77001",), ("RE-2026-10412",))
    links = index_references(whole, parts).links
    assert links.select("left", "right").rows() == [(0, 0), (0, 1), (0, 2), (0, 4), (1, 3)]
    assert links["level"].to_list() == [references.CUT] * 3 + [references.EQUAL, references.CUT]


def similarity(left: str, right: str) -> float:
    others = [(f"{word} Holding",) for word in ("Cedar", "Orion", "Maple")]
    index = index_texts(table("text", (left,), *others), table("name", (right,), *others))
    return float(similarities(index, FIRST, FIRST)[0])


def test_words_agree_in_spite_of_form_case_accents_errors_and_cuts() -> None:
    assert similarity("HARBOR TRADING", "Harbor Trading GmbH") == 1.0
    assert similarity("MÜLLER BÄCKEREI", "Muller Backerei AG") == 1.0
    assert similarity("HARBR TRADING", "Harbor Trading") > 0.6
    assert similarity("HARBOR TRAD", "Harbor Trading") > 0.6
    assert similarity("Оливки", "Оливки Юг") == 1.0


def test_a_company_form_is_no_word() -> None:
    assert similarity("Beta ApS", "Alfa ApS") == 0.0


def test_cleaners_apply_in_order() -> None:
    values = table("text", (" Ref: 000-123 Ltd. ",)).frame["text"]
    assert cleaned(values, (Cleaner.LOWER, Cleaner.COMPANY_FORM, Cleaner.ALPHANUMERIC))[0] == "ref000123"
    assert cleaned(values, (Cleaner.DIGITS, Cleaner.STRIP_ZEROS))[0] == "123"
    assert cleaned(values, (Cleaner.FIRST_16,))[0] == "Ref: 000-123 Lt"


@pytest.mark.parametrize(("calendar", "days"), [(None, 3), ("TARGET", 1), ("XNYS", 2), ("DE", 1)])
def test_business_days_of_easter_2024(calendar: str | None, days: int) -> None:
    dates = np.array(["2024-03-28", "2024-04-02"], dtype="datetime64[D]").astype(np.int32)
    numbers = ordinals(dates, DateWithin(0, 1, DayUnit.BUSINESS, calendar))
    assert numbers[1] - numbers[0] == days
