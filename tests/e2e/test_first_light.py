"""The journey of the product: two files in, a reviewed and exported reconciliation out, without touching a pointer to decide."""

import csv
import json
import re
from pathlib import Path

import pytest
from benchmarks.payouts import write_payouts
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor

ROWS = 100_000
DECISIONS = 20
JOB_TIMEOUT_MS = 180_000

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def payouts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("payouts")
    write_payouts(folder, ROWS, seed=378)
    return folder


def test_two_large_files_become_a_reviewed_and_exported_reconciliation(visitor: Visitor, payouts: Path, tmp_path: Path) -> None:
    page = visitor.page
    visitor.sign_up("Ada Preparer", "ada@example.com")
    assert visitor.violations() == []

    start_reconciliation(page, payouts / "left.csv", payouts / "right.csv", "Payouts")
    assert visitor.violations() == []
    page.get_by_role("button", name=re.compile("^Run")).last.click()
    page.wait_for_url(re.compile("/jobs/"))
    expect(page.get_by_text("Nothing lost: both sides add up to the cent.")).to_be_visible(timeout=JOB_TIMEOUT_MS)
    assert visitor.violations() == []

    before = summary_of(page, tmp_path / "before.json")
    review_by_keyboard(page)
    assert visitor.violations() == []
    page.reload()
    expect(page.get_by_role("heading", name=re.compile("^Review"))).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_text("Undone").first).to_be_visible()

    page.get_by_role("link", name="Result").first.click()
    after = summary_of(page, tmp_path / "after.json")
    assert after["conservation"]["holds"] is True
    assert after["result_hash"] == before["result_hash"]
    lines = list(
        csv.DictReader(download(page, "Matches as CSV", tmp_path / "matches.csv").read_text(encoding="utf-8").splitlines())
    )
    assert len(lines) > ROWS // 2
    assert visitor.complaints == []


def start_reconciliation(page: Page, left: Path, right: Path, project: str) -> None:
    """From the project's page to the proposal, by the file inputs that a keyboard or a screen reader uses."""
    page.goto(page.url.rstrip("/") + "/projects")
    page.get_by_role("button", name="New project").first.click()
    page.get_by_label("Name").fill(project)
    page.get_by_role("button", name="Create project").click()
    page.get_by_role("main").get_by_role("link", name="New reconciliation").first.click()
    page.locator("input[type=file]").first.set_input_files(left)
    page.locator("input[type=file]").last.set_input_files(right)
    expect(page.get_by_text("What will be done, in this order")).to_be_visible(timeout=60_000)


def review_by_keyboard(page: Page) -> None:
    """Accept and reject in turn until twenty are decided; the cursor moves on by itself."""
    page.get_by_role("link", name=re.compile("^Review")).first.click()
    expect(page.get_by_role("heading", name=re.compile("^Review"))).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Accept"))).to_be_enabled()
    expect(page.get_by_text("Evidence").first).to_be_visible()
    for number in range(DECISIONS):
        with page.expect_response(lambda answer: answer.url.endswith("/decision")) as made:
            page.keyboard.press("a" if number % 4 else "r")
        assert made.value.status == 200


def download(page: Page, label: str, target: Path) -> Path:
    with page.expect_download() as started:
        page.get_by_role("link", name=label).click()
    started.value.save_as(target)
    return target


def summary_of(page: Page, target: Path) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = json.loads(download(page, "Summary as JSON", target).read_text(encoding="utf-8"))
    return found
