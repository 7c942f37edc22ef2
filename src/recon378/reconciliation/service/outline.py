"""What a finished job says about itself: small enough for its row, without records and without the model."""

from pathlib import Path
from typing import Any, Final

import orjson

from recon378.reconciliation.schemas import CalibrationOut, CalibrationPoint
from recon378_engine.matching.linkage.calibrate import LABELS_MIN
from recon378_engine.matching.rulesets.conditions import PassKind
from recon378_engine.matching.rulesets.ruleset import Ruleset
from recon378_engine.output.calibration import calibration_of, calibration_sentence, interval_sentence

LEARNED: Final = PassKind.ML.value  # the method of matches that a learning pass made


def outline_of(result: Path) -> dict[str, Any]:
    """Diagnostics, times, ruleset and candidate recall from the artefact `result.json`."""
    found = orjson.loads(result.read_bytes())
    diagnostics: dict[str, Any] = found["diagnostics"]
    return {
        "diagnostics": diagnostics,
        "timings_seconds": found["timings_seconds"],
        "ruleset_yaml": Ruleset.from_dict(found["ruleset"]).to_yaml(),
        "candidate_recall": _of_passes(diagnostics, "candidate_recall_estimate"),
    }


def calibration_out(outline: dict[str, Any] | None, decided: int) -> CalibrationOut:
    """How far the confidence can be trusted; `decided` are decisions made since, from which the next run learns as well."""
    told = calibration_of(outline["diagnostics"]) if outline else None
    labels = told["labels"] if told else 0
    return CalibrationOut(
        state="calibrated" if told and told["state"] == "calibrated" else "uncalibrated",
        learns=told is not None,
        labels=labels,
        labels_min=told["labels_min"] if told else LABELS_MIN,
        labels_next=labels + decided,
        curve=[CalibrationPoint(**point) for point in told["curve"]] if told else [],
        sentence=sentence_of(outline),
    )


def sentence_of(outline: dict[str, Any] | None) -> str:
    return calibration_sentence(calibration_of(outline["diagnostics"]) if outline else None)


def match_sentence(outline: dict[str, Any] | None, method: str, confidence: float) -> str:
    """The calibration of one match, with its interval. Only a pass that learns calibrates what it finds."""
    told = calibration_of(outline["diagnostics"]) if outline and method == LEARNED else None
    return interval_sentence(told, confidence)


def _of_passes(diagnostics: dict[str, Any], name: str) -> Any:
    return next((found[name] for found in diagnostics["passes"] if found.get(name) is not None), None)
