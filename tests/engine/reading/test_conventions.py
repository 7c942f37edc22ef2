"""What a reading says about the way values are written."""

from pathlib import Path

from recon378_engine.reading import inspect


def seen(folder: Path, text: str) -> dict[str, str]:
    path = folder / "file.csv"
    path.write_text(text, encoding="utf-8")
    return inspect(path).conventions


def test_each_column_says_how_its_amounts_and_dates_are_written(tmp_path: Path) -> None:
    assert seen(tmp_path, "Booked;Value;Amount;Count\n31.01.2026;2026-01-31;1.234,56;3\n03.02.2026;2026-02-03;7,00;4\n") == {
        "date_order:Booked": "dmy",
        "date_order:Value": "ymd",
        "decimal:Amount": ",",
    }


def test_the_way_to_one_signed_amount_is_said_in_words(tmp_path: Path) -> None:
    found = seen(tmp_path, "Date,Debit,Credit\n2026-01-31,,5.00\n2026-02-01,3.10,\n")
    assert found["sign"] == "amount = Credit − Debit"


def test_the_header_is_kept_as_the_file_has_it(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("Date,Debit,Credit\n2026-01-31,,5.00\n2026-02-01,3.10,\n", encoding="utf-8")
    assert inspect(path).header == ("Date", "Debit", "Credit")
