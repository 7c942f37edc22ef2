"""A Chromium to drive: one found on the machine, else the one inside the npm package @sparticuz/chromium."""

import shutil
import subprocess
from pathlib import Path

WEB = Path(__file__).parents[2] / "web"
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


def find_chromium() -> str:
    """Return the path of an executable Chromium. Raises FileNotFoundError with what to do."""
    for name in ON_PATH:
        if found := shutil.which(name):
            return found
    for path in APPLICATIONS:
        if Path(path).exists():
            return path
    return unpack_chromium()


def unpack_chromium() -> str:
    script = "import chromium from '@sparticuz/chromium'; console.log(await chromium.executablePath())"
    done = subprocess.run(["node", "--input-type=module", "-e", script], cwd=WEB, capture_output=True, text=True, check=False)
    path = done.stdout.strip()
    if done.returncode or not path:
        raise FileNotFoundError("No Chromium was found: install one (on Debian: apt install chromium) or run npm ci in web/.")
    return path
