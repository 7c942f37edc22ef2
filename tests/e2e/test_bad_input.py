"""What people drop by mistake: each file gets one clear sentence or one question, nothing is lost, and the service goes on."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor

READ_TIMEOUT_MS = 60_000
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000049454e44ae426082")
DAYS = range(1, 29)

pytestmark = pytest.mark.browser


@pytest.fixture
def files(tmp_path: Path) -> Path:
    lines = [f"2026-01-{day:02},payment {day},{day}.50" for day in DAYS]
    unclosed = [*lines[:19], '2026-01-20,"no end,20.50', *lines[20:]]
    contents = {
        "empty.csv": b"",
        "picture.csv": PNG,
        "unclosed.csv": "\n".join(["date,text,amount", *unclosed]).encode(),
        "thousands.csv": "\n".join(["date;text;amount", *(f"2026-01-{day:02};payment {day};{day},107" for day in DAYS)]).encode(),
        "fruit.csv": b"fruit,colour\napple,red\nplum,blue\npear,green\nfig,purple\nlime,green\n",
        "aircraft.csv": b"aircraft,wingspan_m\nA1,30.5\nA2,31.5\nA3,32.5\nA4,33.5\nA5,34.5\n",
        "ledger.csv": "\n".join(["date,text,amount", *lines]).encode(),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_bad_files_get_one_clear_sentence_or_question_and_the_service_goes_on(visitor: Visitor, files: Path) -> None:
    page = visitor.page
    visitor.sign_up("Bea Careless", "bea@example.com")
    page.goto(f"{visitor.address}/projects")
    page.get_by_role("button", name="New project").first.click()
    page.get_by_label("Name").fill("Mixed pickles")
    page.get_by_role("button", name="Create project").click()
    page.wait_for_url(re.compile("/projects/[0-9a-f-]+"))
    project = page.url.partition("?")[0]

    drop(page, project, left=files / "empty.csv")
    read(page, re.compile("The file is empty"))

    drop(page, project, left=files / "picture.csv")
    read(page, "The file is a picture (PNG), not a table.")

    drop(page, project, left=files / "fruit.csv", right=files / "aircraft.csv")
    read(page, re.compile("No column of one file means the same as one of the other"))
    expect(page.get_by_role("button", name=re.compile("^Run"))).to_be_disabled()

    drop(page, project, left=files / "thousands.csv")
    read(page, re.compile("may be a thousand or a decimal fraction, and no other value settles it"))
    assert visitor.violations() == []

    drop(page, project, left=files / "unclosed.csv")
    read(page, "1 row was left out")
    page.get_by_text("1 row was left out").first.click()
    read(page, "A quote opens on this line and never closes.")

    page.goto(f"{project}?tab=files")
    for name in ("picture.csv", "thousands.csv", "unclosed.csv", "fruit.csv", "aircraft.csv"):
        expect(page.get_by_text(name, exact=True)).to_be_visible()

    drop(page, project, left=files / "unclosed.csv", right=files / "ledger.csv")
    expect(page.get_by_role("button", name=re.compile("^Run"))).to_be_enabled(timeout=READ_TIMEOUT_MS)
    unexpected = [complaint for complaint in visitor.complaints if "422" not in complaint]  # an empty file is refused with 422
    assert unexpected == []


def drop(page: Page, project: str, *, left: Path, right: Path | None = None) -> None:
    """A new reconciliation with these files, by the file inputs that a keyboard or a screen reader uses."""
    page.goto(f"{project}/reconcile")
    page.locator("#slot-left input[type=file]").first.set_input_files(left)
    if right:
        page.locator("#slot-right input[type=file]").first.set_input_files(right)


def read(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.get_by_text(words).first).to_be_visible(timeout=READ_TIMEOUT_MS)
