"""The bars: a step's figures are kept, every seed has to hold a bar, and the page's section is replaced and nothing else."""

from pathlib import Path

import polars as pl
import pytest
from benchmarks.bars.bar import BARS, Bar
from benchmarks.bars.kept import Measured, engine_digest, keep, kept
from benchmarks.bars.steps import STEPS
from benchmarks.bars.verdicts import NOT_MEASURED, section, verdict, verdicts
from benchmarks.given import join_parts, pairs_of_groups
from benchmarks.people import write_people
from benchmarks.scoring import confirmed_precision, score
from benchmarks.section import replace_section, section_of

STEP = STEPS[0]


def measured(seed: int, failure: str | None = None, **figures: float) -> Measured:
    return Measured(STEP.name, seed, 1_000, "code", "a machine", True, figures, failure)


def test_every_bar_is_of_a_step_and_every_step_has_bars() -> None:
    assert {bar.step for bar in BARS} == {step.name for step in STEPS}
    assert len({(bar.step, bar.figure) for bar in BARS}) == len(BARS)


def test_the_worst_seed_decides() -> None:
    bar = Bar(STEP.name, "F1", 0.9)
    assert verdict(STEP, bar, [measured(1, F1=0.95), measured(2, F1=0.89)]).word == "**missed**"
    assert verdict(STEP, bar, [measured(1, F1=0.95), measured(2, F1=0.91)]).word == "held"


def test_a_limit_from_above_holds_below_it() -> None:
    bar = Bar(STEP.name, "peak GiB", 12, at_most=True)
    assert verdict(STEP, bar, [measured(1, **{"peak GiB": 12.0})]).held is True
    assert verdict(STEP, bar, [measured(1, **{"peak GiB": 12.1})]).held is False


def test_a_figure_without_a_bar_is_told_and_not_judged() -> None:
    told = verdict(STEP, Bar(STEP.name, "F1"), [measured(1, F1=0.5), measured(2, F1=0.7)])
    assert (told.measured, told.word) == (".6000 (.5000–.7000)", "")


def test_what_was_not_measured_is_said_and_not_held() -> None:
    assert {(one.measured, one.held) for one in verdicts({})} == {(NOT_MEASURED, None)}
    failed = verdict(STEP, Bar(STEP.name, "F1", 0.9), [measured(1, F1=0.95), measured(2, failure="no memory")])
    assert (failed.measured, failed.held) == ("no memory", None)


def test_figures_are_kept_by_step_rows_and_seed(tmp_path: Path) -> None:
    one = measured(7, F1=0.5)
    keep(one, tmp_path)
    assert kept(tmp_path, STEP.name, 1_000, range(6, 9)) == [one]
    assert kept(tmp_path, STEP.name, 2_000, range(6, 9)) == []
    assert engine_digest() == engine_digest()


def test_the_section_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Page\n\n## First\none\n\n## Last\ntwo\n", encoding="utf-8")
    for found in ({}, {STEP.name: [measured(1, F1=0.995)]}):
        replace_section(page, "## Bars", section(found, "a command", "code"), before="## Last")
    text = page.read_text(encoding="utf-8")
    assert text.count("## Bars") == 1
    assert text.startswith("# Page\n\n## First\none\n\n## Bars\n")
    assert text.endswith("\n\n## Last\ntwo\n")
    assert ".9950 | held |" in section_of(page, "## Bars")


def test_figures_of_an_earlier_engine_are_called_so() -> None:
    assert any("earlier state" in line for line in section({STEP.name: [measured(1, F1=0.5)]}, "a command", "other"))


def test_parts_are_one_set_below_the_other(tmp_path: Path) -> None:
    for seed in (1, 2):
        write_people(tmp_path / str(seed), 50, seed)
    join_parts([tmp_path / "1", tmp_path / "2"], 50, tmp_path / "whole")
    second, whole = (pl.read_csv(tmp_path / name / "left.csv", infer_schema=False) for name in ("2", "whole"))
    assert whole.height == 100
    assert whole.tail(50).equals(second)
    truth = pl.read_csv(tmp_path / "whole" / "truth.csv")
    assert truth.tail(25).equals(pl.read_csv(tmp_path / "2" / "truth.csv").select(pl.all() + 50))


@pytest.fixture
def groups() -> pl.DataFrame:
    """A payment, a sum of two invoices, and a second copy of the payment's bank row."""
    rows = [
        (0, "one_to_one", "bank", 0), (0, "one_to_one", "ledger", 0),
        (1, "one_to_many", "bank", 1), (1, "one_to_many", "ledger", 1), (1, "one_to_many", "ledger", 2),
        (2, "duplicate", "bank", 2),
    ]  # fmt: skip
    return pl.DataFrame(rows, ["group", "kind", "side", "row"], orient="row")


def test_groups_become_pairs_and_a_copy_may_stand_for_its_original(groups: pl.DataFrame) -> None:
    pairs = pairs_of_groups(groups)
    assert set(pairs.select("left_row", "right_row").iter_rows()) == {(0, 0), (1, 1), (1, 2), (2, 0)}
    assert pairs["target"].n_unique() == 3


def test_only_one_copy_of_a_target_is_right(groups: pl.DataFrame, tmp_path: Path) -> None:
    pairs_of_groups(groups).write_csv(tmp_path / "truth.csv")
    found = "left_row,right_row,confidence,status\n0,0,0.9,confirmed\n2,0,0.8,suggested\n1,1,0.7,confirmed\n"
    (tmp_path / "matches.csv").write_text(found)
    scored = score(tmp_path / "truth.csv", tmp_path / "matches.csv")
    assert (scored.precision, scored.recall) == pytest.approx((2 / 3, 2 / 3))
    assert scored.recall_by_kind == {"one_to_many": 0.5, "one_to_one": 1.0}
    assert confirmed_precision(tmp_path / "truth.csv", tmp_path / "matches.csv") == 1.0
