"""The child process: what it leaves, what it is bound by, and datasets on disk."""

import json
import socket
from dataclasses import asdict, replace
from pathlib import Path

import polars as pl
import pytest

from recon378_engine.dataset import ROW_COLUMN, load_table, save_table
from recon378_engine.mapped import MappedDataset
from recon378_engine.reading import Limits, read_contained, read_table
from recon378_engine.reading.contained import memory_for
from recon378_engine.reading.deliver import deliver
from recon378_engine.reading.inspection import from_json

from .builders import raw_workbook, write

TABLE = (
    "date,text,amount,note\n"
    + "".join(f"2025-01-{i % 28 + 1:02d},text {i} of some length,{i}.5,\n" for i in range(200))
    + "x,y,z,\n"
)


def test_the_child_leaves_dataset_rows_and_errors(tmp_path: Path) -> None:
    left = read_contained(write(tmp_path, TABLE), tmp_path / "out", write_rows=True)
    assert (left.inspection.status, left.inspection.rows) == ("accepted_with_errors", 200)
    assert left.dataset is not None
    table = load_table(left.dataset)
    assert (table.height, table.rejected_rows, table.source) == (200, (200,), "file.csv")
    assert left.rows is not None
    assert json.loads(left.rows.read_text().splitlines()[3])["amount"] == "3.5"
    assert left.row_errors is not None
    assert json.loads(left.row_errors.read_text())["line"] == 202


def test_the_same_delivery_in_this_process(tmp_path: Path) -> None:
    order = {"path": str(write(tmp_path, TABLE)), "out_dir": str(tmp_path), "answers": {}, "limits": asdict(Limits())}
    deliver({**order, "write_dataset": True, "write_rows": True})
    assert from_json((tmp_path / "inspection.json").read_text()).rows == 200
    deliver({**order, "write_dataset": False, "write_rows": False})
    assert not (tmp_path / "dataset.arrow").exists()
    deliver({**order, "path": str(write(tmp_path, "date;amount\n2025-01-11;1,234\n")), "write_dataset": True, "write_rows": True})
    assert from_json((tmp_path / "inspection.json").read_text()).status == "question"
    deliver({**order, "path": str(write(tmp_path, "")), "write_dataset": True, "write_rows": True})
    assert not (tmp_path / "rows.ndjson").exists()


def test_a_plan_that_changes_late_leaves_one_sound_dataset(tmp_path: Path) -> None:
    body = [f"{i},{i}.5" for i in range(150_000)] + ["A17,5.125"]
    left = read_contained(write(tmp_path, "\n".join(["branch,amount", *body])), tmp_path / "out")
    assert left.dataset is not None
    table = load_table(left.dataset)
    assert (table.height, str(table.frame["amount"][-1]), table.frame["branch"][-1]) == (150_001, "5.125", "A17")


def test_a_question_leaves_no_dataset(tmp_path: Path) -> None:
    left = read_contained(write(tmp_path, "date;amount\n2025-01-11;1,234\n"), tmp_path / "out")
    assert left.inspection.status == "question"
    assert left.dataset is None


def test_a_refusal_is_one_sentence(tmp_path: Path) -> None:
    left = read_contained(write(tmp_path, b"\x89PNG\r\n\x1a\n"), tmp_path / "out")
    assert left.inspection.error == "The file is a picture (PNG), not a table."


def test_too_much_memory_ends_the_child_not_the_caller(tmp_path: Path) -> None:
    cells = "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c><c r="Y{row}"><v>1</v></c></row>' for row in range(1, 40_000))
    limits = replace(Limits(), memory_bytes=120 << 20)
    left = read_contained(raw_workbook(tmp_path, cells), tmp_path / "out", limits=limits)
    assert left.inspection.status == "rejected"
    assert "MiB of memory" in (left.inspection.error or "")


def test_too_much_time_ends_the_child(tmp_path: Path) -> None:
    left = read_contained(write(tmp_path, TABLE), tmp_path / "out", limits=replace(Limits(), wall_seconds=0))
    assert "longer than 0 seconds" in (left.inspection.error or "")


def test_memory_grows_with_the_file_and_stays_bounded(tmp_path: Path) -> None:
    limits = Limits()
    assert memory_for(write(tmp_path, "a"), limits) == limits.memory_bytes
    assert memory_for(tmp_path / "absent", limits) == limits.memory_bytes


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    assert "cannot be opened" in (read_contained(tmp_path / "absent.csv", tmp_path / "out").inspection.error or "")


def test_rows_come_out_of_the_mapped_dataset(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, TABLE))
    path = tmp_path / "table.arrow"
    save_table(table, path)
    mapped = MappedDataset(path)
    picked = [199, 0, 57, 57]
    assert mapped.rows(picked).drop(ROW_COLUMN).equals(table.frame[picked])
    assert mapped.rows(picked)[ROW_COLUMN].to_list() == picked
    with pytest.raises(IndexError):
        mapped.rows([200])


def test_every_column_type_survives_the_disk(tmp_path: Path) -> None:
    text = "day,at,amount,count,code,flag\n2025-01-13,2025-01-13T10:11:12,-1.25,7,007,\n2025-01-14,2025-01-14T00:00:01,,,,x\n"
    table = read_table(write(tmp_path, text))
    path = tmp_path / "table.arrow"
    save_table(table, path)
    back = load_table(path)
    assert (back.columns, back.rejected_rows) == (table.columns, table.rejected_rows)
    assert back.frame.equals(table.frame)
    assert MappedDataset(path).rows([1, 0]).drop(ROW_COLUMN).equals(table.frame[[1, 0]])


def test_the_child_has_no_network() -> None:
    script = (
        "import socket; from recon378_engine.reading.child import leave_network\n"
        "left = leave_network()\n"
        "try:\n    socket.create_connection(('127.0.0.1', PORT), 1); reached = True\nexcept OSError:\n    reached = False\n"
        "print(left, reached)"
    )
    import subprocess
    import sys

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-c", script.replace("PORT", str(port))], capture_output=True, text=True, timeout=60, check=True
        )
    left, reached = done.stdout.split()
    assert left == "False" or reached == "False"


def test_a_frame_with_floats_is_mapped(tmp_path: Path) -> None:
    from recon378_engine.table import Column, ColumnType, Table

    frame = pl.DataFrame({"ratio": [0.5, None, 2.25]})
    path = tmp_path / "table.arrow"
    save_table(Table(frame, (Column("ratio", ColumnType.NUMBER),), pl.Series([0, 1, 2], dtype=pl.UInt32)), path)
    assert MappedDataset(path).rows([2, 1])["ratio"].to_list() == [2.25, None]
