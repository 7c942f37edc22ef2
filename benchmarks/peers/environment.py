"""The peers' own virtual environment: made with uv from the lock file, made anew when the lock changes."""

import hashlib
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

LOCK = Path(__file__).with_name("requirements.txt")


@dataclass(frozen=True, slots=True)
class Environment:
    """`python` runs the peers; `missing` maps a package that could not be installed to the reason."""

    python: Path
    missing: dict[str, str] = field(default_factory=dict)


def locked_versions() -> dict[str, str]:
    """Package → version of the lock file."""
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ \\;]+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE))


def peer_environment(root: Path, packages: tuple[str, ...]) -> Environment:
    """Make or find the environment below ROOT/.tools. Without uv, or without network, all packages are missing."""
    folder = root / ".tools" / "peers"
    python, mark = folder / "bin" / "python", folder / ".locked"
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if mark.exists() and mark.read_text() == digest:
        return Environment(python)
    uv = shutil.which("uv") or shutil.which("uv", path=str(root / ".tools" / "uv" / "bin"))
    if uv is None:
        return Environment(python, dict.fromkeys(packages, "not installed: uv was not found"))
    print("Installing the peers …", file=sys.stderr)
    subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)], check=True)
    if installed(uv, python, ["-r", str(LOCK)]) is None:
        mark.write_text(digest)
        return Environment(python)
    reasons = {package: installed(uv, python, [package, "-c", str(LOCK)]) for package in packages}
    return Environment(python, {package: f"not installed: {reason}" for package, reason in reasons.items() if reason})


def installed(uv: str, python: Path, what: list[str]) -> str | None:
    """None, or the first line of what went wrong."""
    done = subprocess.run([uv, "pip", "install", "--quiet", "--python", str(python), *what], capture_output=True, text=True)
    return None if done.returncode == 0 else (done.stderr.strip().splitlines() or ["uv failed"])[0][:120]
