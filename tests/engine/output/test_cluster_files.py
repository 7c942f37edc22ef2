"""The files of a deduplication."""

import json
from pathlib import Path

import polars as pl

from recon378_engine import deduplicate, write_clusters
from tests.engine.linkage.people import table


def test_clusters_and_golden_records_are_written_and_formulas_made_harmless(tmp_path: Path) -> None:
    people = [("anna berg", "=anna()"), ("anna berg", "=anna()"), ("carl dahl", "carl@y.example")]
    cards = table(pl.DataFrame(people, schema=["name", "email"], orient="row"))
    write_clusters(deduplicate(cards), cards, tmp_path / "out")
    clusters, golden = (pl.read_csv(tmp_path / "out" / name) for name in ("clusters.csv", "golden.csv"))
    assert clusters.columns == ["cluster_id", "row", "confidence"]
    assert clusters["cluster_id"].to_list() == [0, 0, 1]
    assert golden["records"].to_list() == [2, 1]
    assert golden["email"].to_list() == ["'=anna()", "carl@y.example"]
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["counts"] == {"rows": 3, "rejected": 0, "clusters": 2, "duplicates": 1, "clusters_by_size": {"1": 1, "2": 1}}
    assert summary["survivorship"]["name"] == {"all agree": 1}
