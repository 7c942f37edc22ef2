"""What a job leaves in the storage: never changed, named by content.

`reconciliation.artefacts` maps these file names to hashes.
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import recon378_engine as engine
from recon378_engine.result import Result

RESULT: Final = (
    "result.json"  # ruleset, model, conservation, diagnostics; with the frames what `engine.output.save_result` writes
)
FRAMES: Final = ("matches.arrow", "items.arrow", "exceptions.arrow")  # as found, before any decision
LEFT_HASHES: Final = "left_hashes.npy"  # record hashes (see `keys`)
RIGHT_HASHES: Final = "right_hashes.npy"

MATCH_ROWS: Final = "match.csv"  # for PostgreSQL, dropped once it is stored
ITEM_ROWS: Final = "match_item.csv"
EXCEPTION_ROWS: Final = "exception.csv"

KEPT: Final = (RESULT, *FRAMES, LEFT_HASHES, RIGHT_HASHES)
TRANSIENT: Final = (MATCH_ROWS, ITEM_ROWS, EXCEPTION_ROWS)


def load_found(files: Mapping[str, Path]) -> Result:
    """The result as the engine gave it.

    Its files are looked for by name in one folder, so they are linked into one; mapped files outlive their links.
    """
    with tempfile.TemporaryDirectory(prefix="recon378-result-") as folder:
        for name in (RESULT, *FRAMES):
            (Path(folder) / name).symlink_to(files[name].resolve())
        return engine.load_result(folder)
