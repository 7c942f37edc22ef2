"""Decisions teach: label blind by the keyboard, confirm within an error budget, take it back, learn, and see what changed."""

import re
import time
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Page, expect

from tests.e2e.conftest import Visitor
from tests.engine.linkage.people import customer_lists

PEOPLE = 300
DECISIONS = 64
JOB_TIMEOUT_SECONDS = 180

pytestmark = pytest.mark.browser


def test_decisions_made_blind_calibrate_the_next_run_and_prove_an_error_budget(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_up("Ada Labeller", "labeller@example.com")
    job = Api(page, visitor.address).suggested_job()
    visitor.open(f"/jobs/{job}")
    budget = page.get_by_role("region", name="Confirm within an error budget")
    expect(budget.get_by_text("Not yet: at least 60 more decisions.")).to_be_visible()
    assert visitor.violations() == []

    budget.get_by_role("link", name="Decide the most informative first").click()
    expect(page.get_by_text("Do these belong together?")).to_be_visible()
    expect(page.get_by_text("Evidence", exact=True)).to_have_count(0)
    assert visitor.violations() == []
    for _ in range(DECISIONS):
        with page.expect_response(lambda answer: answer.url.endswith("/decision")) as made:
            page.keyboard.press("a")
        assert made.value.status == 200
    page.keyboard.press("b")
    expect(page.get_by_text("Evidence", exact=True)).to_be_visible()

    page.get_by_role("link", name="Result").first.click()
    budget.get_by_role("button", name=re.compile(r"^Confirm \d+ matches")).click()
    confirmed = budget.get_by_role("list", name="Confirmed within an error budget")
    expect(confirmed).to_contain_text("confirmed by Ada Labeller: at most 5% wrong")
    assert visitor.violations() == []
    page.reload()
    confirmed.get_by_role("button", name="Undo").click()
    expect(confirmed).to_contain_text("taken back by Ada Labeller")

    page.get_by_role("button", name=f"Run again, learning from {DECISIONS}").click()
    expect(page.get_by_text(f"Calibrated: learned from {DECISIONS} decisions")).to_be_visible(timeout=JOB_TIMEOUT_SECONDS * 1000)
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Compare with an earlier job").click()
    expect(page.get_by_role("tab", name=re.compile("^Moved"))).to_be_visible()
    assert visitor.violations() == []
    assert visitor.complaints == []


class Api:
    """What a script would do with the session of the browser."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.base = page, f"{address}/api/v1"
        self.token = self.page.request.get(f"{self.base}/auth/session").json()["csrf_token"]

    def post(self, path: str, data: Any) -> Any:
        answer: APIResponse = self.page.request.post(self.base + path, data=data, headers={"X-CSRF-Token": self.token})
        assert answer.ok, answer.text()
        return answer.json()

    def wait(self, path: str, status: str) -> Any:
        deadline = time.monotonic() + JOB_TIMEOUT_SECONDS
        while (found := self.page.request.get(self.base + path).json())["status"] != status:
            assert time.monotonic() < deadline, found
            time.sleep(0.2)
        return found

    def suggested_job(self) -> str:
        """A finished job over two lists of people, whose ruleset leaves every match to a person."""
        lists = customer_lists(PEOPLE, seed=8)
        project = self.post("/projects", {"name": "Customers"})["id"]
        sides = {}
        for side, frame in (("left", lists.left), ("right", lists.right)):
            file = self.post(f"/projects/{project}/files?name={side}.csv", frame.write_csv().encode())["id"]
            sides[f"{side}_file_id"] = self.wait(f"/files/{file}", "ready")["id"]
        rules = self.post(f"/projects/{project}/proposals", sides)["yaml"]
        rules = re.sub(r"(?m)^( +confirm:) [\d.]+$", r"\1 1.0", rules)
        job: str = self.post(f"/projects/{project}/jobs", {**sides, "ruleset_yaml": rules, "name": "Customers"})["id"]
        self.wait(f"/jobs/{job}", "done")
        return job
