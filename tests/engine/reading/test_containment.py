"""Hostile files: each costs one clear sentence, within seconds and within the memory of the child."""

import io
import stat
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from recon378_engine.reading import Inspection, read_contained

from .builders import write
from .test_habits_of_workbooks import HEADER

HEAD = b"date,text,amount\n2025-01-13,a,1.50\n"
BAI = b"01,B,C,240115,0800,1,80,,2/\n02,C,B,1,240115,0800,USD,2/\n03,1,USD,010,500,,/\n16,475,500,Z,R,C,x\n"
CPU_SECONDS = 20.0

REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "deep JSON array": ("f.json", lambda: b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
    "deep JSON object": ("f.json", lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested too deeply"),
    "deep XML": ("f.xml", lambda: b"<a>" * 100_000 + b"</a>" * 100_000, "nested deeper than"),
    "a million columns": ("f.csv", lambda: b",".join(b"c%d" % i for i in range(1_000_000)) + b"\n", "the limit is 4,096"),
    "many keys": (
        "f.json",
        lambda: b"[{" + b",".join(b'"c%d":1' % i for i in range(200_000)) + b"}]",
        "the limit is 4,096",
    ),
    "one long line": ("f.csv", lambda: b"x" * 50_000_000, "no delimiter"),
    "one long line of values": ("f.csv", lambda: b"1," * 25_000_000, "the limit is 4,096"),
    "only line ends": ("f.csv", lambda: b"\n" * 50_000_000, "no data"),
    "many attributes": ("f.xml", lambda: b"<r><a " + b" ".join(b'a%d=""' % i for i in range(200_000)) + b"/></r>", "attributes"),
    "a long text in XML": ("f.xml", lambda: b"<r><a><b>" + b"x" * 20_000_000 + b"</b></a></r>", "characters"),
    "a wide record of XML": (
        "f.xml",
        lambda: b"<r><row>" + b"".join(b"<c%d>1</c%d>" % (i, i) for i in range(60_000)) + b"</row><row><c1>1</c1></row></r>",
        "parts",
    ),
    "a gzip bomb": ("f.gz", lambda: packed(b"a,b\n" + b"1,2\n" * 20_000_000), "looks like a bomb"),
    "gzip in gzip": ("f.gz", lambda: packed(packed(HEAD)), "another archive"),
    "a link in a zip": ("f.zip", lambda: zipped("link.csv", b"/etc/passwd", link=True), "a link"),
    "a locked zip": ("f.zip", lambda: locked(zipped("f.csv", HEAD)), "password"),
}


def packed(data: bytes) -> bytes:
    import gzip

    return gzip.compress(data, 6)


def zipped(name: str, data: bytes, link: bool = False) -> bytes:
    buffer, entry = io.BytesIO(), zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16 if link else 0
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(entry, data)
    return buffer.getvalue()


def locked(archive: bytes) -> bytes:
    """The same archive, its entry marked as encrypted."""
    marked, directory = bytearray(archive), archive.find(b"PK\x01\x02")
    marked[6] |= 1
    marked[directory + 8] |= 1
    return bytes(marked)


def looked_at(folder: Path, data: bytes, name: str) -> tuple[Inspection, float]:
    """What the child says, and the processor seconds it took."""
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    seen = read_contained(write(folder, data, name), folder / "out").inspection
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seen, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.parametrize("what", REFUSED)
def test_a_hostile_file_is_refused_within_seconds(tmp_path: Path, what: str) -> None:
    name, make, words = REFUSED[what]
    seen, cpu_seconds = looked_at(tmp_path, make(), name)
    assert seen.status == "rejected"
    assert words in (seen.error or "")
    assert cpu_seconds < CPU_SECONDS


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_a_value_of_ten_megabytes_costs_its_row_only(tmp_path: Path, quote: bytes) -> None:
    long = b"2025-01-14," + quote + b"x" * 10_000_000 + quote + b",2.50\n"
    seen, _ = looked_at(tmp_path, HEAD + long + b"2025-01-15,c,3.50\n", "f.csv")
    assert ([error.line for error in seen.row_errors], seen.rows) == ([3], 2)
    assert "10,000,000 characters" in seen.row_errors[0].reason


def test_a_quote_that_never_closes_does_not_read_the_file_again_and_again(tmp_path: Path) -> None:
    seen, cpu_seconds = looked_at(tmp_path, HEAD + b'2025-01-14,"' + b"x,y\n" * 150_000, "f.csv")
    assert seen.status == "rejected"
    assert cpu_seconds < CPU_SECONDS


def test_a_hundred_thousand_continuations_are_joined_once(tmp_path: Path) -> None:
    seen, cpu_seconds = looked_at(tmp_path, BAI + b"88,word\n" * 100_000, "f.bai")
    assert seen.rows == 1
    assert cpu_seconds < CPU_SECONDS


def test_names_in_a_zip_lead_nowhere(tmp_path: Path) -> None:
    seen, _ = looked_at(tmp_path, zipped("../../evil.csv", HEAD), "f.zip")
    assert seen.rows == 1
    assert not list(tmp_path.parent.rglob("evil.csv"))


def test_a_cell_at_the_far_end_is_refused_by_the_child_as_well(tmp_path: Path) -> None:
    from .builders import raw_workbook

    path = raw_workbook(tmp_path, HEADER + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    started = time.monotonic()
    assert "above the limit" in (read_contained(path, tmp_path / "out").inspection.error or "")
    assert time.monotonic() - started < 60
