"""Comparison forms: the kernel makes what the expressions of `normalise` make."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon378_engine.matching.linkage.comparison import Comparison, Kind
from recon378_engine.matching.linkage.forms import Form, flat, form_hashes, form_of
from recon378_engine.matching.linkage.normalise import ADDRESS_WORDS, normalised
from recon378_engine.matching.linkage.similarity import LONGEST
from recon378_engine.table import Role

WORD = st.sampled_from([*ADDRESS_WORDS, "12", "0", "007", "o'neil", "a-b", "x@y.z", "#", "  ", "\t", "-"]) | st.text(
    st.characters(max_codepoint=127), max_size=8
)
VALUE = st.none() | st.lists(WORD, max_size=7).map(" ".join) | st.lists(WORD, max_size=4).map("".join).map(str.upper)
ANY_VALUE = VALUE | st.sampled_from(["Ångström", "Straße 5", "Łódź", "Οδός", "東京", "Renée O’Hara"])


def values_of(form: Form) -> list[str | None]:
    octets = form.octets.tobytes()
    return [octets[start:stop].decode() or None for start, stop in zip(form.offsets, form.offsets[1:], strict=False)]


@pytest.mark.parametrize("role", list(Role))
@settings(max_examples=40, deadline=None)
@given(values=st.lists(VALUE, max_size=12) | st.lists(ANY_VALUE, max_size=12))
def test_the_kernel_and_polars_make_the_same_forms(role: Role, values: list[str | None]) -> None:
    frame = pl.DataFrame({"field": values}, schema={"field": pl.String})
    comparison = Comparison("field", Kind.STRING, role, "field", ("field",), ("field",))
    expected = normalised(frame, role, ("field",)).str.head(LONGEST).to_list()
    assert values_of(form_of(frame, comparison, ("field",))) == expected


def test_equal_beginnings_have_equal_hashes_and_missing_ones_none() -> None:
    form = flat(pl.Series(["müller-lüdenscheidt", "müller-x", "müller", None]))
    assert len(set(form_hashes(form).tolist())) == 4
    beginnings = form_hashes(form, 6).tolist()
    assert beginnings[0] == beginnings[1] == beginnings[2]
    assert beginnings[3] == 0
