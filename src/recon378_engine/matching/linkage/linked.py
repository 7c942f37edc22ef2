"""A finished linkage before it is written down, and what limits one."""

from dataclasses import dataclass

from recon378_engine.matching.linkage.assign import Assignment
from recon378_engine.matching.linkage.calibrate import Calibration
from recon378_engine.matching.linkage.candidates import Candidates
from recon378_engine.matching.linkage.encode import Layout, Vocabulary
from recon378_engine.matching.linkage.nodes import Nodes
from recon378_engine.matching.linkage.score import Fit, Observed
from recon378_engine.running.runner import Runner


@dataclass(frozen=True, slots=True)
class LinkageOptions:
    """Limits of a linkage. `threads` 0 means one for each processor; confidences are probabilities in 0..1.

    `runner` finds and compares the candidates; without one, the threads of this machine do.
    """

    threads: int = 0
    confirm_confidence: float = 0.9
    suggest_confidence: float = 0.5
    runner: Runner | None = None


@dataclass(frozen=True, slots=True)
class Linked:
    """Everything a finished linkage knows, before it is written down."""

    left: Nodes
    right: Nodes
    layout: Layout
    vocabulary: Vocabulary
    candidates: Candidates
    observed: Observed
    fitted: Fit
    calibration: Calibration
    assignment: Assignment
    seconds: dict[str, float]
