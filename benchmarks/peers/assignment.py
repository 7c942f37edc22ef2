"""One record, one partner: what the protocol does to the pairs of every peer."""

import pandas as pd


def one_to_one(pairs: pd.DataFrame) -> pd.DataFrame:
    """Of left_row, right_row, confidence: the pairs that greed takes, most confident first, ties by row.

    A pair that comes first among those of both its records is taken; what shares a record with it goes; and so on.
    """
    rest = pairs.sort_values(["confidence", "left_row", "right_row"], ascending=[False, True, True])
    taken = []
    while len(rest):
        best = rest[~rest["left_row"].duplicated() & ~rest["right_row"].duplicated()]
        taken.append(best)
        rest = rest[~rest["left_row"].isin(best["left_row"]) & ~rest["right_row"].isin(best["right_row"])]
    return pd.concat(taken) if taken else rest
