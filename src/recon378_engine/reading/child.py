"""The child of `contained`: limits first, then the reading. Reads its order as JSON from standard input."""

import contextlib
import ctypes
import json
import resource
import sys
from typing import Any

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


def main() -> None:
    """Set limits, read, leave files. What the file is to blame for is in the inspection; anything else ends the process."""
    order = json.loads(sys.stdin.read())
    confine(order["limits"])
    from recon378_engine.reading.deliver import deliver

    deliver(order)


def confine(limits: dict[str, Any]) -> None:
    """Bound memory and processor time, forbid core files, and leave the network where the system allows it."""
    _limit("RLIMIT_DATA", limits["memory_bytes"])
    _limit("RLIMIT_CPU", limits["cpu_seconds"])
    _limit("RLIMIT_CORE", 0)
    leave_network()


def _limit(name: str, most: int) -> None:
    kind = getattr(resource, name)
    _, hard = resource.getrlimit(kind)
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS refuses some limits; the wall clock of the parent remains
        resource.setrlimit(kind, (bound, hard))


def leave_network() -> bool:
    """Enter an empty network namespace (Linux); False where the system has none or refuses."""
    if not sys.platform.startswith("linux"):
        return False
    library = ctypes.CDLL(None, use_errno=True)
    return bool(library.unshare(CLONE_NEWNET) == 0 or library.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0)


if __name__ == "__main__":
    main()
