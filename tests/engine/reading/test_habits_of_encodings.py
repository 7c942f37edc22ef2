"""Texts of many scripts in the encodings that their programs write: each character as it was."""

import gzip
from pathlib import Path

import pytest

from recon378_engine.reading import inspect

from .builders import column, typed, write

WORDS = {
    "cp852": ["Żółć", "Łódź", "Gdańsk", "Zażółć gęślą jaźń"],
    "cp1250": ["árvíztűrő", "tükörfúrógép", "Győr", "Székesfehérvár"],
    "iso8859-2": ["Příliš žluťoučký", "kůň", "ďábelské", "Plzeň"],
    "cp1255": ["תל אביב", "תשלום", "משכורת", "בנק הפועלים"],
    "iso8859-8": ["תל אביב", "תשלום", "משכורת", "בנק הפועלים"],
    "iso8859-6": ["القاهرة", "دفعة", "راتب شهري", "رسوم"],
    "cp1256": ["القاهرة", "دفعة", "راتب شهري", "رسوم"],
    "cp874": ["กรุงเทพ", "เงินเดือน", "ค่าธรรมเนียม", "ธนาคาร"],
    "koi8_r": ["Оплата услуг", "Москва", "ООО Ромашка", "Иванов Иван"],
    "cp866": ["Оплата услуг", "Москва", "ООО Ромашка", "Иванов Иван"],
    "iso8859-7": ["Αθήνα", "Θεσσαλονίκη", "Πληρωμή", "Τράπεζα"],
    "iso8859-9": ["İstanbul", "Şişli", "Çağrı", "Güneş"],
    "hz": ["北京分公司", "支付宝", "工资"],
    "iso2022_kr": ["서울", "급여", "수수료"],
    "iso2022_jp": ["東京電力", "株式会社", "振込"],
    "utf-16-be": ["Müller", "Söhne", "Größe"],
}


def table(words: list[str]) -> str:
    return "date,text,amount\n" + "".join(f"2025-01-{13 + row},{word},{row}.50\n" for row, word in enumerate(words))


@pytest.mark.parametrize("encoding", WORDS)
def test_words_keep_their_letters(tmp_path: Path, encoding: str) -> None:
    rows = typed(write(tmp_path, table(WORDS[encoding]), encoding=encoding))[1]
    assert column(rows, "text") == WORDS[encoding]


def test_text_that_may_be_utf_7_is_asked(tmp_path: Path) -> None:
    path = write(tmp_path, table(["Müller", "Zürich"]), encoding="utf-7")
    assert [asked.key for asked in inspect(path).questions] == ["encoding"]
    assert column(typed(path, encoding="utf-7")[1], "text") == ["Müller", "Zürich"]


def test_plus_signs_are_no_utf_7(tmp_path: Path) -> None:
    words = ["A+B-C", "C++", "+ABC-DEF", "x+123-y"]
    assert column(typed(write(tmp_path, table(words)))[1], "text") == words


@pytest.mark.parametrize("cut", [4, 8, 20])
def test_a_gzip_file_that_ends_early_is_refused(tmp_path: Path, cut: int) -> None:
    packed = gzip.compress(table(["a", "b"] * 40).encode())
    assert "ends early" in (inspect(write(tmp_path, packed[:-cut], "f.csv.gz")).error or "")


def test_all_members_of_a_gzip_file_are_read(tmp_path: Path) -> None:
    packed = gzip.compress(table(["a", "b"]).encode()) + b"\0" * 5 + gzip.compress(b"2025-01-20,c,9.50\n")
    assert column(typed(write(tmp_path, packed, "f.csv.gz"))[1], "text") == ["a", "b", "c"]
