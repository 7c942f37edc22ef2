"""Whether the sign of one side is turned, told by amounts and dates alone."""

import random

import pytest

from recon378_engine.matching.pairing import pair_columns
from recon378_engine.pipeline import reconcile
from recon378_engine.table import Table
from tests.engine.matching.books import table

POPULAR = (4900, 5000, 10000)


def books(
    rows: int, *, turned: bool, one_sign: bool, paired: float = 0.8, popular: float = 0.4, seed: int = 1
) -> tuple[Table, Table]:
    """Statement and ledger without references, of which the share `paired` is the same payment."""
    chance = random.Random(seed)
    left, right = [], []
    for _ in range(rows):
        day = f"2024-01-{chance.randrange(1, 25):02}"
        cents = chance.choice(POPULAR) if chance.random() < popular else chance.randrange(100, 200_000)
        cents *= 1 if one_sign else chance.choice((1, -1))
        other = cents if chance.random() < paired else chance.randrange(100, 200_000)
        left.append((day, f"{cents / 100:.2f}"))
        right.append((day, f"{(-other if turned else other) / 100:.2f}"))
    return table("date amount", *left), table("date amount", *right)


@pytest.mark.parametrize("one_sign", [True, False])
@pytest.mark.parametrize("rows", [100, 3_000])
def test_acceptance_16_a_side_written_the_other_way_round_is_turned(rows: int, one_sign: bool) -> None:
    assert pair_columns(*books(rows, turned=True, one_sign=one_sign)).flip_right_sign


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("paired", [0.9, 0.3, 0.0])
@pytest.mark.parametrize("rows", [1, 2, 5, 20, 400])
def test_acceptance_16_the_sign_is_never_turned_by_chance(rows: int, paired: float, seed: int) -> None:
    for one_sign in (True, False):
        left, right = books(rows, turned=False, one_sign=one_sign, paired=paired, popular=0.7, seed=seed)
        assert not pair_columns(left, right).flip_right_sign


def test_acceptance_16_a_single_opposite_amount_is_shown_and_not_turned() -> None:
    left, right = table("date amount", ("2024-01-05", "250.00")), table("date amount", ("2024-01-05", "-250.00"))
    result = reconcile(left, right)
    assert result.matches.is_empty()
    assert result.exceptions["type"].to_list() == ["sign", "sign"]


def test_acceptance_16_few_references_agree_with_what_the_amounts_say() -> None:
    rows = [("2024-01-05", f"{17 * n + 3}.{n % 90:02d}", f"INV-{n:05d}" if n % 20 == 0 else None) for n in range(1, 80)]
    left = table("date amount reference", *rows)
    right = table("date amount reference", *[(day, f"-{amount}", reference) for day, amount, reference in rows])
    result = reconcile(left, right)
    assert result.ruleset["flip_right_sign"]
    assert result.matches.height >= 75
