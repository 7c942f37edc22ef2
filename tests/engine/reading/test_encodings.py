"""Encodings: marks at the start, none at all, old code pages recognised by their words, and bytes that fit nothing."""

from pathlib import Path

import pytest

from recon378_engine.reading import inspect

from .builders import column, typed, write

GERMAN = ["Müller, Köln", "Café Crème", "Straße", "Übergröße"]


def file_of(words: list[str], encoding: str, mark: bytes = b"") -> bytes:
    body = "".join(f'2025-01-{number + 10},"{word}",{number}.50\r\n' for number, word in enumerate(words))
    return mark + ("date,description,amount\r\n" + body).encode(encoding)


@pytest.mark.parametrize(
    ("encoding", "mark", "words"),
    [
        ("utf-8", b"", GERMAN),
        ("utf-8", b"\xef\xbb\xbf", GERMAN),
        ("utf-8", b"\xef\xbb\xbf\xef\xbb\xbf", GERMAN),
        ("utf-16-le", b"\xff\xfe", GERMAN),
        ("utf-16-be", b"\xfe\xff", GERMAN),
        ("utf-16-le", b"", GERMAN),
        ("utf-16-be", b"", GERMAN),
        ("utf-32-le", b"\xff\xfe\x00\x00", GERMAN),
        ("cp1252", b"", [*GERMAN, "5 € “net”"]),
        ("iso8859-15", b"", ["Cost € 0 é", "Noël €"]),
        ("mac_roman", b"", [*GERMAN, "Señor"]),
        ("iso8859-2", b"", ["Łódź", "Škoda", "Žluťoučký kůň"]),
        ("cp1251", b"", ["Сбербанк", "Комиссия", "Зарплата"]),
        ("koi8_r", b"", ["Сбербанк", "Комиссия", "Зарплата"]),
        ("cp866", b"", ["Сбербанк", "Комиссия", "Зарплата"]),
        ("cp1253", b"", ["Τράπεζα", "Προμήθεια", "Αθήνα"]),
        ("cp1254", b"", ["İstanbul", "Şişli", "Çağrı"]),
        ("shift_jis", b"", ["株式会社トヨタ", "振込 手数料"]),
        ("euc_jp", b"", ["株式会社トヨタ", "振込 手数料"]),
        ("gb18030", b"", ["中国银行", "手续费", "工资"]),
        ("big5", b"", ["台灣銀行", "手續費", "薪資"]),
        ("euc_kr", b"", ["국민은행", "수수료", "급여"]),
        ("iso2022_jp", b"", ["株式会社トヨタ", "手数料"]),
    ],
)
def test_every_character_comes_through(tmp_path: Path, encoding: str, mark: bytes, words: list[str]) -> None:
    assert column(typed(write(tmp_path, file_of(words, encoding, mark)))[1], "description") == words


def test_a_guess_is_said(tmp_path: Path) -> None:
    seen = inspect(write(tmp_path, file_of(GERMAN, "cp1252")))
    assert seen.encoding == "cp1252"
    assert any("recognised as cp1252" in warning for warning in seen.warnings)


def test_an_encoding_can_be_chosen(tmp_path: Path) -> None:
    path = write(tmp_path, file_of(["Müller"], "cp850"))
    assert column(typed(path, encoding="cp850")[1], "description") == ["Müller"]
    assert inspect(path, answers={"encoding": "klingon"}).status == "rejected"


def test_bytes_that_are_no_utf8_cost_their_row(tmp_path: Path) -> None:
    content = file_of(["Müller", "Köln", "plain"], "utf-8").replace("Köln".encode(), b"K\xf6ln")
    seen, rows = typed(write(tmp_path, content))
    assert [error.line for error in seen.row_errors] == [3]
    assert column(rows, "description") == ["Müller", "plain"]


def test_text_in_no_encoding_costs_its_rows(tmp_path: Path) -> None:
    content = b"date,text,amount\n2025-01-13,a\xff\xfe\x80b,1.00\n2025-01-14,plain,2.00\n2025-01-15,plain,3.00\n"
    seen, rows = typed(write(tmp_path, content))
    assert [error.line for error in seen.row_errors] == [2]
    assert len(rows) == 2


def test_a_wrong_choice_of_encoding_is_refused(tmp_path: Path) -> None:
    seen = inspect(write(tmp_path, file_of(["Müller"], "cp1252")), answers={"encoding": "utf-8"})
    assert "not utf-8 text" in (seen.error or "")


def test_wide_characters_without_a_mark_are_recognised(tmp_path: Path) -> None:
    assert column(typed(write(tmp_path, file_of(GERMAN, "utf-32-be")))[1], "description") == GERMAN
