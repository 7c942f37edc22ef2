"""A Chromium to drive: one found on the machine, else the one inside the npm package @sparticuz/chromium."""

import os
import shutil
import subprocess
from pathlib import Path

from playwright.sync_api import Browser, Playwright

WEB = Path(__file__).parents[2] / "web"
UNPACKED = WEB / "node_modules" / ".chromium"
ON_PATH = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launch(playwright: Playwright) -> Browser:
    """Start a Chromium without a window. Raises FileNotFoundError with what to do where there is none."""
    if installed := installed_chromium():
        return playwright.chromium.launch(executable_path=installed, args=FLAGS)
    path = unpack_chromium()
    libraries = UNPACKED / "al2023" / "lib"
    variables = dict(os.environ)  # noqa: TID251 - a program is started with the environment of the tests
    if lacks_libraries(path):
        variables["LD_LIBRARY_PATH"] = str(libraries)
    return playwright.chromium.launch(executable_path=str(path), args=FLAGS, env={**variables})


def installed_chromium() -> str | None:
    for name in ON_PATH:
        if found := shutil.which(name):
            return found
    return next((path for path in APPLICATIONS if Path(path).exists()), None)


def unpack_chromium() -> Path:
    """Unpack the browser of the npm package beside it, once, with the system libraries that a bare machine may lack."""
    path = UNPACKED / "chromium"
    if path.exists():
        return path
    UNPACKED.mkdir(parents=True, exist_ok=True)
    script = "import chromium from '@sparticuz/chromium'; console.log(await chromium.executablePath())"
    variables = {
        **os.environ,  # noqa: TID251 - as above
        "TMPDIR": str(UNPACKED),
        "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs20.x",  # what makes the package unpack its libraries too
    }
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script], cwd=WEB, env=variables, capture_output=True, text=True, check=False
    )
    if done.returncode or not path.exists():
        raise FileNotFoundError("No Chromium was found: install one (on Debian: apt install chromium) or run npm ci in web/.")
    return path


def lacks_libraries(program: Path) -> bool:
    done = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=False)
    return "not found" in done.stdout
