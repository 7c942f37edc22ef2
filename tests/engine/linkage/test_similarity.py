"""The bit-parallel similarities agree with rapidfuzz."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, JaroWinkler

from recon378_engine.matching.linkage.similarity import contains_words, jaro_winkler, osa_distance

near_alike = st.text(alphabet="abcd ", max_size=64)
any_script = st.text(max_size=40)


def codes(*texts: str) -> tuple[list[NDArray[np.uint16]], NDArray[np.uint64]]:
    alphabet = {character: code for code, character in enumerate(sorted(set("".join(texts))))}
    arrays = [np.array([alphabet[character] for character in text] or [0], np.uint16) for text in texts]
    return arrays, np.zeros(max(1, len(alphabet)), np.uint64)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.tuples(near_alike, near_alike), st.tuples(any_script, any_script)))
def test_distance_and_similarity_are_those_of_rapidfuzz(texts: tuple[str, str]) -> None:
    one, other = texts
    (first, second), table = codes(one, other)
    assert osa_distance(first, 0, len(one), second, 0, len(other), table) == OSA.distance(one, other)
    assert abs(jaro_winkler(first, 0, len(one), second, 0, len(other), table) - JaroWinkler.similarity(one, other)) < 1e-12
    assert not table.any(), "the scratch table is left clean"


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(["old", "mill", "inn", "the"]), min_size=1, max_size=5),
    st.sampled_from(["old", "mill", "mill inn", "ill"]),
)
def test_words_are_contained_between_blanks_only(words: list[str], sought: str) -> None:
    text = " ".join(words)
    (one, other, blank), _ = codes(text, sought, " ")
    space = int(blank[0])
    shorter, longer = sorted((text, sought), key=len)
    expected = f" {shorter} " in f" {longer} "
    assert contains_words(one, 0, len(text), other, 0, len(sought), space) == expected
