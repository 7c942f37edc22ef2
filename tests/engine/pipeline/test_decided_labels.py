"""What a person decided is settled, and learned from all the same."""

import numpy as np
import polars as pl
import pytest

from recon378_engine import Result, Side, reconcile
from tests.engine.linkage.people import Lists, customer_lists, table

Rows = dict[tuple[int, int], tuple[str, str]]


@pytest.fixture(scope="module")
def lists() -> Lists:
    return customer_lists(1_200, seed=21)


@pytest.fixture(scope="module")
def answers(lists: Lists) -> pl.DataFrame:
    """What a person says of 120 pairs, 90 of which are matches."""
    generator = np.random.default_rng(4)
    right = sorted(lists.truth)
    asked = [right[number] for number in generator.permutation(len(right))[:90]]
    asked += [(left, (other + 1) % 1_200) for left, other in right[:60:2] if (left, (other + 1) % 1_200) not in lists.truth]
    return pl.DataFrame(
        [(left, other, (left, other) in lists.truth) for left, other in asked],
        schema={"left_row": pl.UInt32, "right_row": pl.UInt32, "is_match": pl.Boolean},
        orient="row",
    ).unique(["left_row", "right_row"], maintain_order=True)


@pytest.fixture(scope="module")
def decided(answers: pl.DataFrame) -> pl.DataFrame:
    word = pl.when("is_match").then(pl.lit("accepted")).otherwise(pl.lit("rejected")).alias("decision")
    return answers.select("left_row", "right_row", word)


def rows_of(result: Result) -> Rows:
    """(left row, right row) of each match, with its pass and status."""
    sides = [result.items.filter(pl.col("side") == side).select("match_id", pl.col("row").alias(side.value)) for side in Side]
    joined = sides[0].join(sides[1], on="match_id").join(result.matches, on="match_id")
    return {
        (left, right): (name, status) for left, right, name, status in joined.select(*Side, "pass_name", "status").iter_rows()
    }


def test_pairs_that_are_decided_and_labelled_are_learned_from(lists: Lists, answers: pl.DataFrame, decided: pl.DataFrame) -> None:
    only_labels = reconcile(table(lists.left), table(lists.right), labels=answers)
    both = reconcile(table(lists.left), table(lists.right), labels=answers, decisions=decided)
    told = [result.diagnostics["passes"][-1]["calibration"] for result in (only_labels, both)]
    assert told[0]["labels"] > 60
    assert told[1] == told[0]


def test_what_is_decided_is_settled_by_the_decision_and_not_by_the_model(
    lists: Lists, answers: pl.DataFrame, decided: pl.DataFrame
) -> None:
    found = rows_of(reconcile(table(lists.left), table(lists.right), labels=answers, decisions=decided))
    for left, right, answer in answers.iter_rows():
        assert found.get((left, right)) == (("Earlier decisions", "confirmed") if answer else None)


def test_the_pairs_that_nobody_decided_are_judged_as_with_labels_alone(
    lists: Lists, answers: pl.DataFrame, decided: pl.DataFrame
) -> None:
    settled = {(side, row) for side, name in enumerate(("left_row", "right_row")) for row in answers.filter("is_match")[name]}
    only_labels, both = (
        {
            pair: standing
            for pair, standing in rows_of(
                reconcile(table(lists.left), table(lists.right), labels=answers, decisions=decisions)
            ).items()
            if not settled & set(enumerate(pair))
        }
        for decisions in (None, decided)
    )
    assert both == only_labels
    assert len(both) > 500


def test_every_record_is_in_one_place_only(lists: Lists, answers: pl.DataFrame, decided: pl.DataFrame) -> None:
    result = reconcile(table(lists.left), table(lists.right), labels=answers, decisions=decided)
    assert result.conservation.holds
    placed = pl.concat([result.items.select("side", "row"), result.exceptions.select("side", "row")])
    assert placed.is_unique().all()
    assert placed.height == 2_400
