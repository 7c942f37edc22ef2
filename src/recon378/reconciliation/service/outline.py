"""What a finished job says about itself: small enough for its row, without records and without the model."""

from pathlib import Path
from typing import Any, Final

import orjson

from recon378_engine.matching.rulesets.ruleset import Ruleset

UNCALIBRATED: Final = "uncalibrated: no decisions to learn from yet"


def outline_of(result: Path) -> dict[str, Any]:
    """Diagnostics, times, ruleset and calibration from the artefact `result.json`."""
    found = orjson.loads(result.read_bytes())
    diagnostics: dict[str, Any] = found["diagnostics"]
    return {
        "diagnostics": diagnostics,
        "timings_seconds": found["timings_seconds"],
        "ruleset_yaml": Ruleset.from_dict(found["ruleset"]).to_yaml(),
        "calibration": _sentence(_of_passes(diagnostics, "calibration")),
        "candidate_recall": _of_passes(diagnostics, "candidate_recall_estimate"),
    }


def calibration_of(outline: dict[str, Any] | None) -> str:
    """How far the confidence can be trusted, as the engine says it."""
    return str((outline or {}).get("calibration") or UNCALIBRATED)


def _sentence(calibration: dict[str, Any] | None) -> str:
    if calibration is None or not calibration["labels"]:
        return UNCALIBRATED
    if calibration["state"] == "calibrated":
        return f"calibrated on {calibration['labels']} labels"
    return f"uncalibrated: {calibration['labels']} labels, {calibration['labels_min']} are needed"


def _of_passes(diagnostics: dict[str, Any], name: str) -> Any:
    return next((found[name] for found in diagnostics["passes"] if found.get(name) is not None), None)
