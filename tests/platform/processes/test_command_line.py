"""The command line's contract, by the program itself: files, exit codes, and one clear line for what it cannot read."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

BANK = "id,date,amount,text\nB1,2024-01-02,100.00,INV-1001 Alfa\nB2,2024-01-03,250.50,INV-1002 Beta\nB3,2024-01-09,7.25,Fee\n"
LEDGER = "doc,day,value,reference\nL1,2024-01-01,100.00,INV-1001\nL2,2024-01-03,250.50,INV-1002\nL3,2024-01-04,80.00,INV-1003\n"
MATCHES = ["match_id", "left_row", "right_row", "left_id", "right_id", "confidence", "method", "status"]
EXCEPTIONS = ["side", "row", "id", "type", "reason", "best_rival_row", "best_confidence"]


def recon378(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    program = Path(sys.executable).parent / "recon378"
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    return written(tmp_path, "bank.csv", BANK)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return written(tmp_path, "ledger.csv", LEDGER)


def test_reconcile_writes_the_files_of_the_contract(bank: Path, ledger: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = recon378("reconcile", bank, ledger, "--out", out, "--left-id", "id", "--right-id", "doc")
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in out.iterdir()) == ["exceptions.csv", "matches.csv", "report.xlsx", "summary.json"]
    with (out / "matches.csv").open() as file:
        matches = csv.DictReader(file)
        assert matches.fieldnames == MATCHES
        assert [(row["left_row"], row["right_row"], row["left_id"], row["right_id"]) for row in matches] == [
            ("0", "0", "B1", "L1"), ("1", "1", "B2", "L2"),
        ]  # fmt: skip
    with (out / "exceptions.csv").open() as file:
        exceptions = csv.DictReader(file)
        assert exceptions.fieldnames == EXCEPTIONS
        assert {(row["side"], row["id"]) for row in exceptions} == {("left", "B3"), ("right", "L3")}
    summary = json.loads((out / "summary.json").read_text())
    assert summary["conservation"]["holds"]
    assert {"counts", "sums", "ruleset", "timings_seconds", "versions", "input_hashes", "result_hash"} <= summary.keys()


def test_shuffled_rows_give_the_same_hash_and_csv_alone_writes_no_workbook(bank: Path, ledger: Path, tmp_path: Path) -> None:
    header, *lines = BANK.splitlines()
    shuffled = written(tmp_path, "shuffled.csv", "\n".join([header, *reversed(lines)]) + "\n")
    hashes = []
    for number, left in enumerate((bank, shuffled)):
        out = tmp_path / str(number)
        assert recon378("reconcile", left, ledger, "--out", out, "--formats", "csv").returncode == 0
        assert not (out / "report.xlsx").exists()
        hashes.append(json.loads((out / "summary.json").read_text())["result_hash"])
    assert hashes[0] == hashes[1]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", "", "The file is empty."),
        ("photo.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "The file is a picture (PNG), not a table."),
        ("fruit.csv", "planet;mass\nMars;6.4e23\nVenus;4.8e24\n", "have no column in common"),
    ],
)
def test_what_cannot_be_reconciled_gets_one_clear_line(
    ledger: Path, tmp_path: Path, name: str, content: str | bytes, says: str
) -> None:
    done = recon378("reconcile", written(tmp_path, name, content), ledger, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert says in done.stderr
    assert not (tmp_path / "out" / "matches.csv").exists()


def test_a_question_is_asked_and_an_answer_settles_it(ledger: Path, tmp_path: Path) -> None:
    asks = written(tmp_path, "asks.csv", 'id,date,amount\nA,2024-01-02,"1,234"\nB,2024-01-03,"2,345"\n')
    asked = recon378("reconcile", asks, ledger, "--out", tmp_path / "out")
    assert asked.returncode == 2
    assert "--answer 'decimal:amount=.'" in asked.stderr
    assert recon378("inspect", asks).returncode == 3
    for key in ("decimal:amount", "left:decimal:amount"):
        assert recon378("reconcile", asks, ledger, "--out", tmp_path / "out", "--answer", f"{key}=.").returncode == 0


def test_a_quote_that_never_closes_costs_its_own_row_and_no_other(bank: Path, ledger: Path, tmp_path: Path) -> None:
    unclosed = written(tmp_path, "unclosed.csv", BANK.replace("INV-1001 Alfa", '"INV-1001 Alfa'))
    seen = json.loads(recon378("inspect", unclosed, "--json").stdout)
    assert (seen["status"], seen["rows"]) == ("accepted_with_errors", 2)
    assert [(error["line"], error["reason"]) for error in seen["row_errors"]] == [
        (2, "A quote opens on this line and never closes.")
    ]
    assert recon378("reconcile", unclosed, ledger, "--out", tmp_path / "out").returncode == 0
    with (tmp_path / "out" / "exceptions.csv").open() as file:
        assert ("left", "0", "invalid_row") in {(row["side"], row["row"], row["type"]) for row in csv.DictReader(file)}


def test_wrong_usage_is_told_from_success() -> None:
    assert recon378("--version").returncode == 0
    assert recon378("reconcile", "only-one.csv").returncode == 2
