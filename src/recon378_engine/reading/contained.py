"""Reading in a child process: a hostile file may cost a clear error, never the service.

The child sets its own limits before it imports anything that reads files. The parent needs no heavy library.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from recon378_engine.reading.inspection import Inspection, from_json, rejected
from recon378_engine.reading.limits import MEBIBYTE, Limits

INSPECTION, DATASET, ROW_ERRORS, ROWS = "inspection.json", "dataset.arrow", "row_errors.ndjson", "rows.ndjson"
MEMORY_FACTOR = 6
MEMORY_FREE_BYTES = 32 * MEBIBYTE
CPU_FREE_SECONDS = 60
CPU_BYTES_A_SECOND = MEBIBYTE
WALL_FACTOR = 5  # a busy machine gives a fifth of a processor
THREADS = 2


@dataclass(frozen=True, slots=True)
class Contained:
    """What a contained reading left. `dataset` has its meaning beside it (see `dataset`); None unless the file was accepted."""

    inspection: Inspection
    dataset: Path | None = None
    row_errors: Path | None = None
    rows: Path | None = None


def contain(
    path: Path, out_dir: Path, answers: Mapping[str, str], limits: Limits, *, write_dataset: bool, write_rows: bool
) -> Contained:
    """Run the reading in a child and collect its files."""
    out_dir.mkdir(parents=True, exist_ok=True)
    (out_dir / INSPECTION).unlink(missing_ok=True)
    memory_bytes = memory_for(path, limits)
    limits = hasty(limits, path)
    order = {
        "path": str(path),
        "out_dir": str(out_dir),
        "answers": dict(answers),
        "limits": {**asdict(limits), "memory_bytes": memory_bytes},
        "write_dataset": write_dataset,
        "write_rows": write_rows,
    }
    failure = _run(json.dumps(order), out_dir, limits, memory_bytes)
    if failure is not None:
        return Contained(rejected(failure))
    return _collected(out_dir)


def memory_for(path: Path, limits: Limits) -> int:
    """The memory limit, grown with the file: some formats must be held whole."""
    try:
        size = path.stat().st_size
    except OSError:
        size = 0
    grown = limits.memory_bytes + MEMORY_FACTOR * max(0, size - MEMORY_FREE_BYTES)
    return min(grown, 4 * limits.memory_bytes)


def hasty(limits: Limits, path: Path) -> Limits:
    """The limits with less time for a small file: what is small is read in seconds or is hostile."""
    try:
        size = path.stat().st_size
    except OSError:
        size = 0
    cpu_seconds = min(limits.cpu_seconds, CPU_FREE_SECONDS + size // CPU_BYTES_A_SECOND)
    return replace(limits, cpu_seconds=cpu_seconds, wall_seconds=min(limits.wall_seconds, WALL_FACTOR * cpu_seconds))


def _run(order: str, out_dir: Path, limits: Limits, memory_bytes: int) -> str | None:
    """Start the child and wait for it; one sentence when it did not come to an end by itself."""
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TMPDIR": str(out_dir), "POLARS_MAX_THREADS": str(THREADS)}
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "recon378_engine.reading.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    ) as child:
        try:
            _, complaint = child.communicate(order.encode(), timeout=limits.wall_seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            return f"Reading took longer than {limits.wall_seconds} seconds and was stopped."
        except BaseException:
            child.kill()
            raise
    return _verdict(child.returncode, complaint.decode("utf-8", "replace"), limits, memory_bytes)


def _verdict(code: int, complaint: str, limits: Limits, memory_bytes: int) -> str | None:
    if code == 0:
        return None
    if code == -signal.SIGXCPU or (code == -signal.SIGKILL and "memory" not in complaint):
        return f"Reading needed more than {limits.cpu_seconds} seconds of processor time and was stopped."
    if "emory" in complaint or "alloc" in complaint or code in (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS):
        size = f"{memory_bytes // MEBIBYTE:,} MiB"
        return f"Reading needed more than {size} of memory and was stopped; the file is damaged, hostile or too large."
    last = complaint.strip().splitlines()[-1:] or [f"exit {code}"]
    return f"Reading failed ({last[0][:200]}); the file is damaged or of a kind that is not understood."


def _collected(out_dir: Path) -> Contained:
    inspection = from_json((out_dir / INSPECTION).read_text(encoding="utf-8"))

    def present(name: str) -> Path | None:
        return out_dir / name if (out_dir / name).exists() else None

    return Contained(inspection, present(DATASET), present(ROW_ERRORS), present(ROWS))
