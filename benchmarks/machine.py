"""The machine that figures come from: system, processor, cores, memory; no name of a host or a path."""

import os
import platform
from pathlib import Path


def describe_machine() -> str:
    """One line, e.g. `Linux x86_64, Example CPU 9000, 2 cores, 24 GiB, Python 3.11.7`."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    parts = [f"{platform.system()} {platform.machine()}", processor(), f"{cores} cores", f"{memory:.0f} GiB"]
    return ", ".join([*filter(None, parts), f"Python {platform.python_version()}"])


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
