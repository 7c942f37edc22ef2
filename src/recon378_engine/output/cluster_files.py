"""The files of `recon378 deduplicate`: clusters.csv, golden.csv and summary.json."""

import json
import time
from pathlib import Path
from typing import Any

import polars as pl

from recon378_engine.output.files import inert
from recon378_engine.output.summary import versions
from recon378_engine.result import Clusters
from recon378_engine.table import Table


def write_clusters(found: Clusters, table: Table, out: Path, *, read_seconds: float = 0.0) -> None:
    """Write clusters into the folder `out` (made when missing); summary.json comes last: where it stands, the rest is whole."""
    out.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    found.clusters.write_csv(out / "clusters.csv")
    texts = [name for name, kind in found.golden.schema.items() if kind == pl.String]
    inert(found.golden, texts).write_csv(out / "golden.csv")
    timings = {"read": read_seconds, **found.timings_seconds, "write": time.perf_counter() - started}
    text = json.dumps(_summary(found, table, timings), indent=2, ensure_ascii=False)
    (out / "summary.json").write_text(text + "\n", encoding="utf-8")


def _summary(found: Clusters, table: Table, timings_seconds: dict[str, float]) -> dict[str, Any]:
    sizes = found.golden.group_by("records").len().sort("records")
    survived: dict[str, dict[str, int]] = {}
    for field, rule, count in found.survivorship.group_by("field", "rule").len().sort("field", "rule").iter_rows():
        survived.setdefault(field, {})[rule] = count
    return {
        "counts": {
            "rows": table.height,
            "rejected": len(table.rejected_rows),
            "clusters": found.golden.height,
            "duplicates": table.height - found.golden.height,
            "clusters_by_size": {str(size): count for size, count in sizes.iter_rows()},
        },
        "survivorship": survived,
        "diagnostics": found.diagnostics,
        "timings_seconds": {stage: round(seconds, 3) for stage, seconds in timings_seconds.items()},
        "versions": versions(),
        "input_hash": table.sha256,
        "result_hash": found.result_hash,
    }
