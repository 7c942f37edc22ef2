"""An upload that is held up in every way there is: each time it goes on where the server says it has come to."""

import hashlib
import random
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.e2e.conftest import Visitor, complain, free_port, running_platform

MIBIBYTE = 1024**2
ROWS = 12_000
ENOUGH = 1_000_000  # chunks, to let all through

pytestmark = pytest.mark.browser


class Gate:
    """Lets as many chunks through as it is told to and holds the next, so that an upload stands still where the test wants it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.allowed = 0
        self.held: list[Route] = []
        self.offsets: list[int] = []
        page.route("**/api/v1/uploads/*", self.meet)

    def meet(self, route: Route) -> None:
        if route.request.method != "PATCH":
            route.continue_()
        elif self.allowed > 0:
            self.allowed -= 1
            self.offsets.append(int(route.request.headers["upload-offset"]))
            route.continue_()
        else:
            self.held.append(route)

    def let_through(self, chunks: int) -> None:
        self.allowed += chunks
        held, self.held = self.held, []
        for route in held:
            self.meet(route)

    def forget(self) -> None:
        """Whoever sent what is held has given it up."""
        self.held = []

    def until(self, chunks: int) -> None:
        """Wait until so many chunks have been let through and the next one stands at the gate."""
        deadline = time.monotonic() + 60
        while len(self.offsets) < chunks or not self.held:
            assert time.monotonic() < deadline, f"{len(self.offsets)} of {chunks} chunks came"
            self.page.wait_for_timeout(50)


@pytest.fixture
def statement(tmp_path: Path) -> Path:
    """A statement of some 12 MiB, which takes several chunks."""
    chance = random.Random(378)
    lines = (f"2026-01-{1 + row % 28:02},{chance.randbytes(500).hex()},{row}.50" for row in range(ROWS))
    path = tmp_path / "long-statement.csv"
    path.write_text("\n".join(["date,text,amount", *lines, ""]))
    return path


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    # What a service worker fetches does not pass the gate.
    opened = browser.new_context(bypass_csp=True, locale="en-GB", service_workers="block")
    yield opened
    opened.close()


def test_an_upload_goes_on_after_a_pause_a_reload_a_lost_connection_and_a_restart(
    context: BrowserContext, statement: Path, tmp_path: Path
) -> None:
    page, port = context.new_page(), free_port()
    visitor = Visitor(page, f"http://127.0.0.1:{port}")
    page.on("console", lambda message: complain(visitor, message))
    (tmp_path / "platform").mkdir()
    with ExitStack() as first:
        first.enter_context(running_platform(tmp_path / "platform", port))
        project = new_project(visitor)
        gate = Gate(page)
        page.goto(f"{project}/reconcile")

        page.locator("#slot-left input[type=file]").first.set_input_files(statement)
        gate.let_through(1)
        gate.until(1)
        page.get_by_role("button", name="Pause long-statement.csv").click()
        expect(page.get_by_text("paused")).to_be_visible()
        assert here(page, project) == MIBIBYTE
        gate.forget()

        page.get_by_role("button", name="Go on with long-statement.csv").click()
        gate.let_through(1)
        gate.until(2)
        assert gate.offsets[-1] == MIBIBYTE
        so_far = here(page, project)
        assert so_far > MIBIBYTE

        page.reload()
        gate.forget()
        expect(page.get_by_role("region", name="Unfinished uploads")).to_contain_text("long-statement.csv")
        assert visitor.violations() == []
        page.get_by_label("long-statement.csv, once more").set_input_files(statement)
        gate.let_through(1)
        gate.until(3)
        assert gate.offsets[-1] == so_far
        assert [complaint for complaint in visitor.complaints if "Service Worker registration blocked" not in complaint] == []

        context.set_offline(True)
        gate.let_through(1)
        expect(page.get_by_text("no connection; it goes on by itself")).to_be_visible()
        context.set_offline(False)
        gate.until(4)
        gate.let_through(1)
        gate.until(5)
        expect(page.get_by_text("no connection; it goes on by itself")).to_be_hidden()

    gate.let_through(1)
    expect(page.get_by_text("no connection; it goes on by itself")).to_be_visible()
    with running_platform(tmp_path / "platform", port):
        gate.let_through(ENOUGH)
        expect(page.get_by_role("button", name="Change: long-statement.csv")).to_be_visible(timeout=60_000)
        stored = page.request.get(f"{project.replace('/projects/', '/api/v1/projects/')}/files").json()["items"]
        assert [(file["name"], file["sha256"]) for file in stored] == [
            ("long-statement.csv", hashlib.sha256(statement.read_bytes()).hexdigest())
        ]
        expect(page.get_by_text(f"{ROWS:,} taken in")).to_be_visible(timeout=60_000)
    assert gate.offsets == sorted(gate.offsets), "no byte that the server had was sent again"


def new_project(visitor: Visitor) -> str:
    visitor.sign_up("Una Steady", "una@example.com")
    visitor.open("/projects")
    visitor.page.get_by_role("button", name="New project").first.click()
    visitor.page.get_by_label("Name").fill("Slow lines")
    visitor.page.get_by_role("button", name="Create project").click()
    visitor.page.wait_for_url(re.compile("/projects/[0-9a-f-]+"))
    return visitor.page.url.partition("?")[0]


def here(page: Page, project: str) -> int:
    """How many bytes the server has of the one open upload."""
    (upload,) = page.request.get(f"{project.replace('/projects/', '/api/v1/projects/')}/uploads").json()
    return int(upload["offset"])
