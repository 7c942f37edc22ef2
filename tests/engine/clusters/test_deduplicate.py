"""Deduplication of one table, against made data whose truth is known."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from recon378_engine.errors import BadInput
from recon378_engine.matching.clusters.cut import clusters_of
from recon378_engine.matching.clusters.golden import golden_records
from recon378_engine.pipeline import deduplicate
from recon378_engine.result import Clusters
from recon378_engine.table import Table
from tests.engine.linkage.people import customer_lists, table
from tests.engine.matching.books import shuffled


def customers(rows: int) -> tuple[Table, list[int]]:
    """One list in which six in ten people stand twice, a tenth of these three times; and the person of each record."""
    lists = customer_lists(rows, seed=3)
    twins = sorted(lists.truth)
    again = [right for left, right in twins]
    thrice = [right for left, right in twins if left % 10 == 0]
    third = lists.right[thrice].with_columns(town=pl.lit(None, pl.String))
    frame = pl.concat([lists.left, lists.right[again], third])
    person_of = {right: left for left, right in twins}
    return table(frame), [*range(rows), *(person_of[right] for right in again), *(person_of[right] for right in thrice)]


def pairs_of(groups: list[int]) -> set[tuple[int, int]]:
    members: dict[int, list[int]] = {}
    for row, group in enumerate(groups):
        members.setdefault(group, []).append(row)
    return {(one, other) for rows in members.values() for one in rows for other in rows if one < other}


def found_in(result: Clusters) -> list[int]:
    return result.clusters.sort("row")["cluster_id"].to_list()


@pytest.fixture(scope="module")
def listed() -> tuple[Table, list[int]]:
    return customers(1_500)


@pytest.fixture(scope="module")
def result(listed: tuple[Table, list[int]]) -> Clusters:
    return deduplicate(listed[0])


def test_people_who_stand_there_several_times_are_found(listed: tuple[Table, list[int]], result: Clusters) -> None:
    truth, found = pairs_of(listed[1]), pairs_of(found_in(result))
    precision, recall = len(truth & found) / len(found), len(truth & found) / len(truth)
    assert precision > 0.98
    assert recall > 0.95


def test_every_record_is_in_one_cluster_with_one_golden_record(listed: tuple[Table, list[int]], result: Clusters) -> None:
    assert sorted(result.clusters["row"].to_list()) == list(range(listed[0].height))
    assert result.golden["cluster_id"].to_list() == list(range(result.clusters["cluster_id"].n_unique()))
    assert result.golden["records"].sum() == listed[0].height
    assert result.clusters["confidence"].is_between(0.0, 1.0).all()


def test_neither_order_nor_threads_change_the_clusters(listed: tuple[Table, list[int]], result: Clusters) -> None:
    original = listed[0]
    turned = Table(original.frame.select(reversed(original.frame.columns)), original.columns[::-1], original.rows)
    assert deduplicate(shuffled(original, 5), threads=1).result_hash == result.result_hash
    assert deduplicate(turned, threads=2).result_hash == result.result_hash


def test_equal_records_are_one_and_empty_ones_stay_apart() -> None:
    people = [("anna berg", "anna@x.example")] * 2 + [("carl dahl", "carl@y.example"), (None, None), (None, None)]
    found = found_in(deduplicate(table(pl.DataFrame(people, schema=["name", "email"], orient="row"))))
    assert found == [0, 0, 1, 2, 3]


def test_one_false_bridge_does_not_merge_two_entities() -> None:
    left, right = np.array([0, 1, 0, 3, 4, 3, 2], np.uint32), np.array([1, 2, 2, 4, 5, 5, 3], np.uint32)
    chances = np.array([0.99, 0.98, 0.99, 0.99, 0.98, 0.99, 0.7])
    assert clusters_of(6, left, right, chances).tolist() == [0, 0, 0, 3, 3, 3]


def test_a_chain_of_sure_links_is_one_entity() -> None:
    left, right = np.array([0, 1], np.uint32), np.array([1, 2], np.uint32)
    assert clusters_of(3, left, right, np.array([0.999, 0.999])).tolist() == [0, 0, 0]


COPIES = pl.DataFrame(
    {
        "name": ["Anna Berg", "Anna Berg", "Anna Bergh"],
        "email": ["anna.berg@mail.example"] * 3,
        "phone": [None, "0650 123", None],
        "street": ["Elm Street 5, left door", None, "Oak Street 9"],
        "born": [date(1990, 1, 1), date(1990, 2, 1), date(1990, 1, 1)],
        "joined": [date(2024, 1, 1), date(2024, 3, 1), date(2024, 1, 1)],
        "last_change": [date(2024, 5, 1), date(2024, 4, 1), date(2024, 6, 1)],
    }
)


def golden_of(frame: pl.DataFrame) -> tuple[dict[str, object], dict[str, str]]:
    """The golden record of a cluster of all records, and the rule of each field."""
    golden, survivorship = golden_records(table(frame), pl.Series([0] * frame.height, dtype=pl.UInt32))
    return golden.row(0, named=True), dict(survivorship.select("field", "rule").iter_rows())


def test_a_golden_record_says_by_which_rule_each_field_survived() -> None:
    golden, rules = golden_of(COPIES)
    assert golden["records"] == 3
    assert (golden["name"], rules["name"]) == ("Anna Berg", "most frequent")
    assert (golden["phone"], rules["phone"]) == ("0650 123", "only value")
    assert rules["email"] == "all agree"
    assert (golden["born"], rules["born"]) == (date(1990, 1, 1), "most frequent")


def test_what_changed_survives_from_the_latest_record() -> None:
    golden, rules = golden_of(COPIES)
    assert (golden["street"], rules["street"]) == ("Oak Street 9", "most recent by last_change")
    golden, rules = golden_of(COPIES.drop("last_change").with_columns(joined=pl.col("joined").reverse().shift(-1)))
    assert (golden["street"], rules["street"]) == ("Elm Street 5, left door", "most recent by joined")


def test_without_a_date_the_longest_value_survives_and_then_the_first_in_order() -> None:
    golden, rules = golden_of(COPIES.drop("last_change", "joined").with_columns(town=pl.Series(["Linz", None, "Graz"])))
    assert (golden["street"], rules["street"]) == ("Elm Street 5, left door", "longest")
    assert (golden["town"], rules["town"]) == ("Graz", "first in the alphabet")


def test_golden_records_do_not_depend_on_the_order_of_rows_or_columns() -> None:
    expected = golden_of(COPIES)
    for frame in (COPIES.reverse(), COPIES.select(reversed(COPIES.columns)), COPIES.sample(fraction=1.0, shuffle=True, seed=4)):
        assert golden_of(frame) == expected


def test_a_label_that_two_records_differ_keeps_them_apart(listed: tuple[Table, list[int]], result: Clusters) -> None:
    pairs = result.clusters.filter(pl.len().over("cluster_id") == 2, pl.col("confidence") < 1.0)
    one, other = pairs.sort("cluster_id", "row")["row"].to_list()[:2]
    labels = pl.DataFrame({"left_row": [one], "right_row": [other], "is_match": [False]})
    found = found_in(deduplicate(listed[0], labels=labels))
    assert found[one] != found[other]


def test_a_table_without_records_is_refused() -> None:
    with pytest.raises(BadInput, match="no records"):
        deduplicate(table(pl.DataFrame(schema={"name": pl.String})))
