"""Scores: what counts as found, which threshold an oracle takes, how far confidence lies from truth."""

from pathlib import Path

import pytest
from benchmarks.scoring import score

TRUTH = "left_row,right_row\n0,0\n1,1\n2,2\n3,3\n"


def scored(folder: Path, truth: str, *pairs: tuple[int, int, float]):  # type: ignore[no-untyped-def] # noqa: ANN201
    (folder / "truth.csv").write_text(truth)
    lines = "".join(f"{left},{right},{confidence}\n" for left, right, confidence in pairs)
    (folder / "matches.csv").write_text("left_row,right_row,confidence\n" + lines)
    return score(folder / "truth.csv", folder / "matches.csv")


def test_pairs_from_one_half_on_count(tmp_path: Path) -> None:
    found = scored(tmp_path, TRUTH, (0, 0, 0.9), (1, 1, 0.5), (2, 3, 0.8), (3, 3, 0.49))
    assert (found.precision, found.recall) == pytest.approx((2 / 3, 1 / 2))


def test_the_oracle_takes_the_threshold_with_the_best_f1(tmp_path: Path) -> None:
    found = scored(tmp_path, TRUTH, (0, 0, 0.9), (1, 1, 0.3), (2, 2, 0.3), (3, 3, 0.2), (0, 1, 0.1))
    assert (found.oracle_f1, found.oracle_threshold) == (1.0, 0.2)


def test_nothing_found_is_zero(tmp_path: Path) -> None:
    found = scored(tmp_path, TRUTH)
    assert (found.f1, found.oracle_f1, found.calibration_error) == (0.0, 0.0, 0.0)


def test_calibration_is_the_gap_between_confidence_and_truth(tmp_path: Path) -> None:
    found = scored(tmp_path, TRUTH, (0, 0, 0.95), (1, 2, 0.95), (5, 5, 0.005))
    assert found.calibration_error == pytest.approx(0.45)


def test_a_person_with_two_records_is_found_once(tmp_path: Path) -> None:
    truth = "left_row,right_row,person\n0,0,7\n1,0,7\n2,2,8\n"
    found = scored(tmp_path, truth, (0, 0, 0.9), (1, 0, 0.9))
    assert (found.precision, found.recall) == (1.0, 0.5)


def test_kinds_have_their_own_recall(tmp_path: Path) -> None:
    truth = "left_row,right_row,kind\n0,0,fee\n1,1,fee\n2,2,plain\n"
    assert scored(tmp_path, truth, (0, 0, 0.9), (2, 2, 0.4)).recall_by_kind == {"fee": 0.5, "plain": 0.0}
