"""One record, one partner: what the protocol does to the pairs of every peer."""

import polars as pl


def one_to_one(pairs: pl.DataFrame) -> pl.DataFrame:
    """Of left_row, right_row, confidence: the pairs that greed takes, most confident first, ties by row.

    A pair that comes first among those of both its records is taken; what shares a record with it goes; and so on.
    """
    rest = pairs.sort("confidence", "left_row", "right_row", descending=[True, False, False])
    taken = [rest.clear()]
    while rest.height:
        best = rest.filter(pl.col("left_row").is_first_distinct() & pl.col("right_row").is_first_distinct())
        taken.append(best)
        for side in ("left_row", "right_row"):
            rest = rest.join(best.select(side), on=side, how="anti", maintain_order="left")
    return pl.concat(taken)
