"""What a job leaves in the storage: never changed, named by content. `reconciliation.artefacts` maps these file names to hashes."""

from typing import Final

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
