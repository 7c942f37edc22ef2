"""Dates as people and programs write them: the day that is written, or a question; never a shifted or guessed one."""

from pathlib import Path

import pytest

from .builders import column, typed, write

DAYS = ["2025-01-05", "2025-01-18", "2025-02-03"]
READ = {
    "day first": ["05-01-2025", "18-01-2025", "03-02-2025"],
    "month first": ["01-05-2025", "01-18-2025", "02-03-2025"],
    "hungarian": ["2025.01.05.", "2025.01.18.", "2025.02.03."],
    "korean": ["2025. 1. 5.", "2025. 1. 18.", "2025. 2. 3."],
    "japanese": ["2025年1月5日", "2025年1月18日", "2025年2月3日"],
    "two digits": ["25-01-05", "25-01-18", "25-02-03"],
    "oracle": ["05-JAN-25", "18-JAN-25", "03-FEB-25"],
    "american words": ["January 5, 2025", "Jan 18 2025", "Feb 3, 2025"],
    "ordinals": ["5th January 2025", "18th January 2025", "3rd February 2025"],
    "weekday": ["Sun 05/01/2025", "Sat 18/01/2025", "Mon 03/02/2025"],
    "german weekday": ["So. 05.01.2025", "Sa. 18.01.2025", "Mo. 03.02.2025"],
    "german": ["5. Januar 2025", "18. Jänner 2025", "3. Februar 2025"],
    "french": ["5 janvier 2025", "18 janv. 2025", "3 févr. 2025"],
    "spanish": ["5 de enero de 2025", "18-ene-2025", "3 de febrero de 2025"],
    "russian": ["5 января 2025 г.", "18 января 2025 г.", "3 февраля 2025 г."],
    "polish": ["5 stycznia 2025", "18 stycznia 2025", "3 lutego 2025"],
    "arabic digits": ["٠٥/٠١/٢٠٢٥", "١٨/٠١/٢٠٢٥", "٠٣/٠٢/٢٠٢٥"],
    "full width": ["２０２５／０１／０５", "２０２５／０１／１８", "２０２５／０２／０３"],
    "zones": ["2025-01-05T23:59:59+0200", "2025-01-18T00:00:00-05", "2025-02-03T10:00:00+14:00"],
    "named zone": ["2025-01-05T23:59:59+01:00[Europe/Berlin]", "2025-01-18 00:00:00 CET", "2025-02-03T10:00:00Z"],
    "nanoseconds": ["2025-01-05T23:59:59.123456789Z", "2025-01-18T00:00:00.000000001Z", "2025-02-03T00:00:00Z"],
    "compact with time": ["20250105T235959Z", "20250118T000000Z", "20250203T101112Z"],
    "compact, fourteen digits": ["20250105235959", "20250118000000", "20250203101112"],
    "twelve hours": ["01/05/2025 11:59:59 PM", "01/18/2025 12:00:00 AM", "02/03/2025 1:00 pm"],
    "Uhr": ["05.01.2025 10:30 Uhr", "18.01.2025 11:30 Uhr", "03.02.2025 (12:00)"],
    "french hours": ["05/01/2025 10h30", "18/01/2025 11h30", "03/02/2025 08h00"],
    "IBM": ["2025-01-05-10.30.00.000000", "2025-01-18-11.30.00.000000", "2025-02-03-00.00.00.000000"],
    "C": ["Sun Jan  5 10:00:00 2025", "Sat Jan 18 10:00:00 2025", "Mon Feb  3 10:00:00 2025"],
    "mail": ["Sun, 05 Jan 2025 10:00:00 +0000", "Sat, 18 Jan 2025 23:30:00 +0000", "Mon, 03 Feb 2025 01:00:00 +0000"],
    "script": [
        "Sun Jan 05 2025 10:00:00 GMT+0100 (CET)",
        "Sat Jan 18 2025 10:00:00 GMT+0100",
        "Mon Feb 03 2025 10:00:00 GMT+0100",
    ],
    "spreadsheet": ["45662", "45675.25", "45691"],
    "mixed": ["2025-01-05", "18.01.2025", "03.02.2025"],
}
OPEN = {"slashes": ["05/01/2025", "03/02/2025"], "dashes": ["05-01-2025", "03-02-2025"], "short": ["05/01/25", "03/02/25"]}


def days(texts: list[str]) -> str:
    return "date;amount\n" + "".join(f"{text};{row}.50\n" for row, text in enumerate(texts))


@pytest.mark.parametrize("habit", READ)
def test_the_day_is_the_one_that_is_written(tmp_path: Path, habit: str) -> None:
    seen, rows = typed(write(tmp_path, days(READ[habit])))
    assert seen.status == "accepted"
    assert column(rows, "date") == DAYS


@pytest.mark.parametrize("habit", OPEN)
def test_days_that_mean_two_things_are_asked(tmp_path: Path, habit: str) -> None:
    assert [asked.key for asked in typed(write(tmp_path, days(OPEN[habit])))[0].questions] == ["date_order:date"]


@pytest.mark.parametrize("text", ["2025-02-30", "2025-13-01", "00.00.0000", "31.04.2025", "29.02.2025", "18/01/2568"])
def test_days_that_never_were_cost_their_row(tmp_path: Path, text: str) -> None:
    seen, rows = typed(write(tmp_path, days([text, *["18.01.2025"] * 4])))
    assert [error.line for error in seen.row_errors] == [2]
    assert len(rows) == 4


def test_times_are_kept_beside_the_day(tmp_path: Path) -> None:
    rows = typed(write(tmp_path, days(["05.01.2025 (10:30)", "18.01.2025 11h45", "2025-02-03-12.13.14.5"])))[1]
    assert [time[11:19] for time in column(rows, "date time")] == ["10:30:00", "11:45:00", "12:13:14"]


def test_dates_without_a_year_are_not_kept_as_text_in_silence(tmp_path: Path) -> None:
    seen, _ = typed(write(tmp_path, days(["05.01.", "18.01."])))
    assert any("named like a date" in warning for warning in seen.warnings)
