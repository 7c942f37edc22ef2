"""What was measured, one JSON file a step and seed, so that steps can be run one by one and a stopped run goes on."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.contest import ROOT


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of a step for one seed; `failure` says why there are none. `code` is the digest of the engine measured."""

    step: str
    seed: int
    rows: int
    code: str
    machine: str
    given: bool
    figures: dict[str, float]
    failure: str | None = None


def keep(measured: Measured, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = file_of(folder, measured.step, measured.rows, measured.seed)
    path.write_text(json.dumps(asdict(measured), indent=1) + "\n", encoding="utf-8")


def kept(folder: Path, step: str, rows: int, seeds: Sequence[int]) -> list[Measured]:
    """What is kept of a step's seeds, in their order."""
    paths = [file_of(folder, step, rows, seed) for seed in seeds]
    return [Measured(**json.loads(path.read_text(encoding="utf-8"))) for path in paths if path.exists()]


def file_of(folder: Path, step: str, rows: int, seed: int) -> Path:
    return folder / f"{step}-{rows}-{seed}.json"


def engine_digest() -> str:
    """Of everything that decides a result or its cost: the engine's sources, the command line and the lock file."""
    engine = sorted((ROOT / "src" / "recon378_engine").rglob("*.py"))
    sources = [*engine, ROOT / "src" / "recon378" / "cli.py", ROOT / "uv.lock"]
    digest = hashlib.sha256()
    for source in sources:
        digest.update(str(source.relative_to(ROOT)).encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
