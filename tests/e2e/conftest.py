"""The real platform, started as a user starts it, and a real browser that reports every error of the console."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.e2e.chromium import launch

START_TIMEOUT_SECONDS = 90
EXPECT_TIMEOUT_MS = 30_000  # a machine that does other things as well is slow, not wrong
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
PASSWORD = "correct horse battery staple"


expect.set_options(timeout=EXPECT_TIMEOUT_MS)


@dataclass
class Platform:
    address: str
    process: "subprocess.Popen[bytes]"


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with running_platform(tmp_path_factory.mktemp("platform")) as started:
        yield started


@contextmanager
def running_platform(data: Path, port: int | None = None) -> Iterator[Platform]:
    """`recon378 serve` with its data in a folder, empty or of a run before, on a free port, stopped as Ctrl-C stops it."""
    port = port or free_port()
    variables = {"RECON378_DATA_DIRECTORY": str(data), "RECON378_PORT": str(port), "RECON378_DATABASE_DURABLE": "false"}
    with (data / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            [str(Path(sys.executable).parent / "recon378"), "serve"],
            env={**os.environ, **variables},  # noqa: TID251 - a program is started with the environment of the tests
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_ready(f"http://127.0.0.1:{port}", process, data / "serve.log")
            yield Platform(f"http://127.0.0.1:{port}", process)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urlopen(f"{address}/readyz", timeout=2) as answer:  # noqa: S310 - our own server on this machine
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"The platform did not become ready:\n{log.read_text(errors='replace')[-4000:]}")


@pytest.fixture(scope="module")  # the driver keeps an event loop running in this thread, which no asynchronous test may meet
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


@dataclass
class Visitor:
    """A person at a browser. `complaints` collects what the console and the page said that it should not have."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def sign_up(self, name: str, email: str) -> None:
        """Create an account and arrive at the page of a first visit; on a new platform it is the administrator's."""
        self.open("/")
        expect(self.page.get_by_label("Password")).to_be_visible()
        if self.page.get_by_label("Name").count() == 0:
            self.page.get_by_role("button", name="Create account").click()
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Create account").click()
        expect(self.page.get_by_text("Drop two files here")).to_be_visible()

    def violations(self) -> list[str]:
        """What axe finds on the page as it stands (WCAG 2.2 A and AA), one line each."""
        self.page.add_script_tag(path=str(AXE)) if not self.page.evaluate("'axe' in window") else None
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        found = self.page.evaluate("tags => axe.run(document, { runOnly: tags })", tags)
        return [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]


@pytest.fixture
def visitor(browser: Browser, platform: Platform) -> Iterator[Visitor]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True, locale="en-GB")
    page = context.new_page()
    person = Visitor(page, platform.address)
    page.on("console", lambda message: complain(person, message))
    page.on("pageerror", lambda error: person.complaints.append(f"page error: {error}"))
    yield person
    context.close()


def complain(person: Visitor, message: ConsoleMessage) -> None:
    if message.type in ("error", "warning"):
        person.complaints.append(f"{message.type}: {message.text}")
