"""Make the pictures of README and docs from the running platform: `python -m tests.e2e.screenshots [FOLDER]`."""

import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.chromium import FLAGS, find_chromium
from tests.e2e.conftest import PASSWORD, running_platform

LAPTOP, TABLET = {"width": 1440, "height": 900}, {"width": 834, "height": 1112}
JOB_TIMEOUT_MS = 120_000


def main() -> int:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "docs" / "screenshots"
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, running_platform(Path(data)) as platform, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        state, paths = walk(browser, platform.address)
        for theme in ("light", "dark"):
            for name, viewport in (("", LAPTOP), ("-tablet", TABLET)):
                context = browser.new_context(viewport=viewport, color_scheme=theme, storage_state=state, locale="en-GB")
                picture(context.new_page(), platform.address, paths, target, f"-{theme}{name}")
                context.close()
        browser.close()
    return 0


def walk(browser: Browser, address: str) -> tuple[str, dict[str, str]]:
    """Sign up, open the demo, run it, and return the signed-in state with the address of every page."""
    context = browser.new_context(viewport=LAPTOP, locale="en-GB")
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Name").fill("Ada Preparer")
    page.get_by_label("Email").fill("ada@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.get_by_role("button", name="Open the demo project").click()
    page.wait_for_url(re.compile("/projects/[0-9a-f-]+"))
    project = page.url.removeprefix(address).partition("?")[0]
    page.get_by_role("main").get_by_role("link", name="New reconciliation").first.click()
    choose_demo_files(page)
    reconcile = page.url.removeprefix(address)
    page.get_by_role("button", name=re.compile("^Run")).last.click()
    page.wait_for_url(re.compile("/jobs/[0-9a-f-]+"))
    expect(page.get_by_text("Nothing lost: both sides add up to the cent.")).to_be_visible(timeout=JOB_TIMEOUT_MS)
    job = page.url.removeprefix(address).partition("?")[0]
    with tempfile.NamedTemporaryFile(suffix=".json", delete=False) as kept:
        context.storage_state(path=kept.name)
    paths = {
        "home": "/", "projects": "/projects", "project": project, "reconcile": reconcile, "job": job,
        "review": f"{job}/review", "exceptions": f"{job}/exceptions", "analytics": "/analytics", "settings": "/settings",
    }  # fmt: skip
    return kept.name, paths


def choose_demo_files(page: Page) -> None:
    proposal = page.get_by_text("What will be done, in this order")
    for side, place in (("Left", 1), ("Right", 2)):
        picker = page.get_by_label(f"{side}: a file already in the project")
        if picker.count():
            picker.select_option(index=place)
    expect(proposal).to_be_visible(timeout=60_000)


def picture(page: Page, address: str, paths: dict[str, str], target: Path, ending: str) -> None:
    for name, path in paths.items():
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(600)
        if name == "reconcile" and page.get_by_label("Left: a file already in the project").count():
            choose_demo_files(page)
        page.screenshot(path=target / f"{name}{ending}.png")


if __name__ == "__main__":
    sys.exit(main())
