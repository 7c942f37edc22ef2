"""The generators: the same for a seed, of the size asked for, and with a truth that holds."""

from pathlib import Path

import polars as pl
import pytest
from benchmarks.people import SHAPES, write_people
from benchmarks.sets import DRAWN, drawn_set, given_sets

ROWS = 240


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_a_seed_draws_the_same_files_again_and_another_seed_others(name: str, tmp_path: Path) -> None:
    one, again, other = (drawn_set(name, ROWS, seed, tmp_path / place) for seed, place in ((7, "a"), (7, "b"), (8, "c")))
    for file in ("left.csv", "right.csv", "truth.csv"):
        assert (one.folder / file).read_bytes() == (again.folder / file).read_bytes()
    assert (one.folder / "left.csv").read_bytes() != (other.folder / "left.csv").read_bytes()


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_the_truth_names_rows_that_are_there(name: str, tmp_path: Path) -> None:
    folder = drawn_set(name, ROWS, 7, tmp_path).folder
    truth = pl.read_csv(folder / "truth.csv")
    for side in ("left", "right"):
        rows = len((folder / f"{side}.csv").read_text(encoding="utf-8").splitlines()) - 1
        assert truth[f"{side}_row"].is_between(0, rows - 1).all()
    assert truth.select("left_row", "right_row").is_duplicated().sum() == 0


def test_a_true_pair_of_people_is_one_person(tmp_path: Path) -> None:
    write_people(tmp_path, ROWS, 7)
    left, right = pl.read_csv(tmp_path / "left.csv"), pl.read_csv(tmp_path / "right.csv", separator=";")
    truth = pl.read_csv(tmp_path / "truth.csv")
    assert truth.height == ROWS // 2
    born = left["birth_date"].gather(truth["left_row"]).str.to_date()
    same = (born == right["Geboren"].gather(truth["right_row"]).str.to_date("%d.%m.%Y")).drop_nulls()
    assert same.mean() > 0.9  # type: ignore[operator]


def test_shapes_do_what_they_say(tmp_path: Path) -> None:
    drawn = {}
    for name, shape in SHAPES.items():
        write_people(tmp_path / name, ROWS, 7, shape)
        drawn[name] = pl.read_csv(tmp_path / name / "truth.csv")
    assert drawn["few"].height == round(ROWS * 0.03)
    assert drawn["copies"].height > drawn["copies"]["person"].n_unique()
    assert pl.read_csv(tmp_path / "narrow" / "left.csv").columns == ["customer", "address"]


def test_an_article_stands_once_in_each_file(tmp_path: Path) -> None:
    folder = drawn_set("products", ROWS, 7, tmp_path).folder
    truth = pl.read_csv(folder / "truth.csv")
    assert truth.height == round(ROWS * 0.7)
    assert truth["left_row"].is_unique().all()
    assert truth["right_row"].is_unique().all()


def test_given_sets_are_the_folders_with_all_three_files(tmp_path: Path) -> None:
    drawn_set("people", ROWS, 7, tmp_path)
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "truth.csv").write_text("left_row,right_row\n")
    assert [(found.rows, found.seed) for found in given_sets(tmp_path)] == [(ROWS, None)]
