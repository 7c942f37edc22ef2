"""The benchmark of the review list fills the tables as they are now."""

import subprocess
import sys


def test_the_benchmark_of_the_review_list_runs() -> None:
    command = [sys.executable, "-m", "benchmarks.review_list", "--matches", "2000"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "P95" in done.stdout, done.stderr
