"""JSON, NDJSON, XML records, HTML tables, Parquet, Arrow, and what is wrapped in gzip or zip."""

import gzip
import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from recon378_engine.reading import inspect, read_table

from .builders import column, lines, typed, write

TABLE = "date,text,amount\n2025-01-13,a,1.10\n2025-01-14,b,2.20\n"


def test_json_numbers_keep_their_digits(tmp_path: Path) -> None:
    first = '{"id": "007", "amount": 9007199254740993.01, "party": {"name": "a"}}'
    text = f'{{"meta": {{"page": 1}}, "rows": [{first}, {{"id": "008", "amount": 0.10}}]}}'
    seen, rows = typed(write(tmp_path, text, "a.json"))
    assert seen.format == "json"
    assert rows == [
        {"id": "007", "amount": "9007199254740993.01", "party.name": "a"},
        {"id": "008", "amount": "0.10", "party.name": None},
    ]


def test_ndjson_lists_bad_lines(tmp_path: Path) -> None:
    text = lines([{"id": "1", "amount": 1}, {"id": "2", "amount": 2.5}]) + '{"id": \n[1]\n' + lines([{"id": "3", "amount": 3}])
    seen, rows = typed(write(tmp_path, text, "a.ndjson"))
    assert [error.line for error in seen.row_errors] == [3, 4]
    assert column(rows, "amount") == ["1.0", "2.5", "3.0"]


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a": 1', "[1, 2, 3]", '["a"]', "{}"])
def test_json_without_a_table_is_refused(tmp_path: Path, text: str) -> None:
    assert inspect(write(tmp_path, text, "a.json")).status == "rejected"


def test_xml_records_become_rows(tmp_path: Path) -> None:
    records = "".join(f'<row id="00{i}"><date>2025-01-1{i}</date><amount cur="EUR">{i}.50</amount></row>' for i in range(3))
    seen, rows = typed(write(tmp_path, f"<export><rows>{records}</rows></export>", "a.xml"))
    assert seen.format == "xml"
    assert rows[1] == {"id": "001", "date": "2025-01-11", "amount cur": "EUR", "amount": "1.50"}


def test_an_html_table_is_read_and_scripts_are_not(tmp_path: Path) -> None:
    page = (
        "<html><script>alert('<td>1</td>')</script><table><tr><th>date<th>text<th>amount</tr>"
        "<tr><td>2025-01-13</td><td>a &amp; b</td><td>1.50</td></tr><tr><td>2025-01-14<td>c<td>2.50</table></html>"
    )
    seen, rows = typed(write(tmp_path, page, "a.xls"))
    assert seen.format == "html"
    assert [tuple(row.values()) for row in rows] == [("2025-01-13", "a & b", "1.50"), ("2025-01-14", "c", "2.50")]


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_columnar_types_are_kept(tmp_path: Path, kind: str) -> None:
    frame = pl.DataFrame(
        {
            "id": ["001", "002"],
            "day": [date(2025, 1, 13), None],
            "amount": [Decimal("1.10"), Decimal("-2.20")],
            "ratio": [0.1, 1e-7],
            "count": [1, 2],
        }
    )
    path = tmp_path / f"a.{kind}"
    frame.write_parquet(path) if kind == "parquet" else frame.write_ipc(path)
    seen, rows = typed(path)
    assert seen.format == kind
    assert rows[0] == {"id": "001", "day": "2025-01-13", "amount": "1.10", "ratio": "0.1000000", "count": 1}
    assert rows[1]["ratio"] == "0.0000001"
    broken = path.read_bytes()[:100]
    assert inspect(write(tmp_path, broken, f"b.{kind}")).status == "rejected"


def test_gzip_and_zip_of_one_file_are_unwrapped(tmp_path: Path) -> None:
    packed = write(tmp_path, gzip.compress(TABLE.encode()), "a.csv")
    assert read_table(packed).height == 2
    assert read_table(write(tmp_path, zipped(a=TABLE), "a.zip")).height == 2


def test_archives_of_several_files_or_archives_are_refused(tmp_path: Path) -> None:
    assert "2 files" in (inspect(write(tmp_path, zipped(a=TABLE, b=TABLE), "a.zip")).error or "")
    nested = inspect(write(tmp_path, zipped(a=zipped(b=TABLE)), "b.zip"))
    assert "another archive" in (nested.error or "")


def test_bombs_stop_while_they_inflate(tmp_path: Path) -> None:
    bomb = gzip.compress(b"0" * 40_000_000)
    assert "bomb" in (inspect(write(tmp_path, bomb, "a.gz")).error or "")
    assert "damaged" in (inspect(write(tmp_path, gzip.compress(TABLE.encode())[:-20] + b"\xff" * 12, "b.gz")).error or "")


def zipped(**files: str | bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()
