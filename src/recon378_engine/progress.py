"""Progress of a long run: reported by the engine, shown by whoever called it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """The stages of a reconciliation, in the order in which they run."""

    READ = "read"
    PROFILE = "profile"
    CANDIDATES = "candidates"
    COMPARE = "compare"
    SCORE = "score"
    ASSIGN = "assign"
    STORE = "store"


@dataclass(frozen=True, slots=True)
class Progress:
    """`fraction` of the whole run in 0..1, never falling; `done` of `total` units of this stage, where they are known."""

    stage: Stage
    fraction: float
    done: int = 0
    total: int = 0
    message: str = ""


OnProgress = Callable[[Progress], None]
"""Called from the engine's thread; raising `Cancelled` in it stops the run at this point."""


def ignore_progress(progress: Progress) -> None:
    """Accept progress and do nothing."""
