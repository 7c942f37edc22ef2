"""Make the pictures of README and docs from the running platform: `python -m tests.e2e.screenshots [FOLDER] [--all]`.

Without `--all` the pictures that the docs show; with it every page, light and dark, on a laptop and on a tablet.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.e2e.chromium import launch
from tests.e2e.conftest import PASSWORD, running_platform

DOCS = Path(__file__).parents[2] / "docs" / "screenshots"
DESK: ViewportSize = {"width": 1280, "height": 800}
LAPTOP: ViewportSize = {"width": 1440, "height": 900}
TABLET: ViewportSize = {"width": 820, "height": 1180}
THEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
TIMEOUT_MS = 300_000
SIZE_MAX_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Look:
    theme: Literal["light", "dark"]
    viewport: ViewportSize
    ending: str


DOCS_LOOKS: tuple[tuple[Look, tuple[str, ...]], ...] = (
    (Look("light", DESK, ""), ("home", "reconcile", "job", "review", "exceptions")),
    (Look("dark", DESK, "-dark"), ("review",)),
)
ALL_LOOKS: tuple[tuple[Look, tuple[str, ...]], ...] = tuple(
    (Look(theme, viewport, f"-{theme}{name}"), ()) for theme in THEMES for name, viewport in (("", LAPTOP), ("-tablet", TABLET))
)


def main() -> int:
    folders = [argument for argument in sys.argv[1:] if argument != "--all"]
    target = Path(folders[0]) if folders else DOCS
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, running_platform(Path(data)) as platform, sync_playwright() as playwright:
        browser = launch(playwright)
        state, paths = walk(browser, platform.address)
        for look, names in ALL_LOOKS if "--all" in sys.argv else DOCS_LOOKS:
            wanted = {name: path for name, path in paths.items() if not names or name in names}
            for name, content in pictures(browser, platform.address, state, wanted, look):
                (target / name).write_bytes(content if "--all" in sys.argv else checked(content))
        browser.close()
    return 0


def walk(browser: Browser, address: str) -> tuple[str, dict[str, str]]:
    """Sign up, open the demo, run it, and return the signed-in state with the address of every page."""
    context = browser.new_context(viewport=LAPTOP, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(TIMEOUT_MS)
    page.goto(address)
    page.get_by_label("Name").fill("Ada Preparer")
    page.get_by_label("Email").fill("ada@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.get_by_role("button", name="Open the demo project").click()
    page.wait_for_url(re.compile("/projects/[0-9a-f-]+"))
    project = page.url.removeprefix(address).partition("?")[0]
    page.get_by_role("main").get_by_role("link", name="New reconciliation").first.click()
    # The two files of the demo are chosen already.
    expect(page.get_by_text("What will be done, in this order")).to_be_visible(timeout=TIMEOUT_MS)
    reconcile = page.url.removeprefix(address)
    page.get_by_role("button", name=re.compile("^Run")).last.click()
    page.wait_for_url(re.compile("/jobs/[0-9a-f-]+"))
    expect(page.get_by_text("Nothing lost: both sides add up to the cent.")).to_be_visible(timeout=TIMEOUT_MS)
    job = page.url.removeprefix(address).partition("?")[0]
    with tempfile.NamedTemporaryFile(suffix=".json", delete=False) as kept:
        context.storage_state(path=kept.name)
    paths = {
        "home": "/", "projects": "/projects", "project": project, "reconcile": reconcile, "job": job,
        "review": f"{job}/review", "exceptions": f"{job}/exceptions", "analytics": "/analytics", "settings": "/settings",
    }  # fmt: skip
    return kept.name, paths


def pictures(browser: Browser, address: str, state: str, paths: dict[str, str], look: Look) -> Iterator[tuple[str, bytes]]:
    """Each page by its name, as it looks once nothing is on its way any more."""
    context = browser.new_context(viewport=look.viewport, color_scheme=look.theme, storage_state=state, locale="en-GB")
    page = context.new_page()
    for name, path in paths.items():
        page.goto(address + path)
        settle(page)
        yield f"{name}{look.ending}.png", page.screenshot()
    context.storage_state(path=state)  # the session has gone on, and the next context needs its new tokens
    context.close()


def settle(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    expect(page.locator(".skeleton")).to_have_count(0, timeout=TIMEOUT_MS)
    page.wait_for_timeout(400)


def checked(content: bytes) -> bytes:
    """The picture itself. Raises ValueError where a clone would have to carry too much of it."""
    if len(content) > SIZE_MAX_BYTES:
        raise ValueError(f"The picture has {len(content):,} bytes; {SIZE_MAX_BYTES:,} are allowed.")
    return content


if __name__ == "__main__":
    sys.exit(main())
