"""Two customer lists with known truth, and what it takes to link them in a test."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import polars as pl

from recon378_engine.matching.canonical import Ordered, in_canonical_order
from recon378_engine.matching.linkage.link import LinkageOptions, link
from recon378_engine.matching.outcome import PassOutcome, Pool
from recon378_engine.matching.pairing import pair_columns
from recon378_engine.profiling.roles import assign_roles
from recon378_engine.table import Column, ColumnType, Table

NO_PAIRS = pl.DataFrame(schema={"left": pl.UInt32, "right": pl.UInt32})
Pairs = dict[tuple[int, int], float]
_TYPES = {pl.Date: ColumnType.DATE, pl.Int64: ColumnType.NUMBER}
_SYLLABLES = ["ka", "ro", "mi", "ten", "sol", "var", "li", "dun", "pe", "gra", "fo", "nes", "tu", "wen", "zo", "har"]


def table(frame: pl.DataFrame) -> Table:
    """A table of a frame, typed by its polars types, roles inferred."""
    frame = frame.with_columns(pl.col(pl.Null).cast(pl.String))
    columns = tuple(_column(name, kind) for name, kind in frame.schema.items())
    return assign_roles(Table(frame, columns, pl.Series("row", range(frame.height), dtype=pl.UInt32)))


def _column(name: str, kind: pl.DataType) -> Column:
    if isinstance(kind, pl.Decimal):
        return Column(name, ColumnType.AMOUNT, scale=kind.scale)
    return Column(name, _TYPES.get(type(kind), ColumnType.TEXT))


@dataclass(frozen=True)
class Lists:
    left: pl.DataFrame
    right: pl.DataFrame
    truth: frozenset[tuple[int, int]]


def customer_lists(rows: int, seed: int = 1) -> Lists:
    """`rows` people a side; six in ten of the left have a twin on the right with a slip, a move or something missing."""
    generator = np.random.default_rng(seed)
    left = [_person(generator) for _ in range(rows)]
    twins = generator.permutation(rows)[: int(rows * 0.6)]
    right = [_slipped(left[twin], generator) for twin in twins] + [_person(generator) for _ in range(rows - twins.size)]
    order = generator.permutation(rows)
    place = np.empty(rows, np.int64)
    place[order] = np.arange(rows)
    names = ["first_name", "surname", "birth_date", "email", "town"]
    return Lists(
        pl.DataFrame(left, schema=names, orient="row"),
        pl.DataFrame([right[row] for row in order], schema=names, orient="row"),
        frozenset((int(twin), int(place[number])) for number, twin in enumerate(twins)),
    )


def lists_with_relatives(rows: int, seed: int = 1) -> Lists:
    """Names and addresses only. A tenth of the right are relatives of left people: another given name, the rest alike."""
    generator = np.random.default_rng(seed)
    left = [[_word(generator, 2), _word(generator, 3), _address(generator)] for _ in range(rows)]
    twins = generator.permutation(rows)[: rows // 4]
    right = [_misspelt(left[twin], generator) for twin in twins]
    kin = [[_word(generator, 2), *left[row][1:]] for row in generator.integers(0, rows, rows // 10)]
    strangers = [[_word(generator, 2), _word(generator, 3), _address(generator)] for _ in range(rows - len(right) - len(kin))]
    names = ["first_name", "surname", "address"]
    truth = frozenset((int(twin), number) for number, twin in enumerate(twins))
    return Lists(
        pl.DataFrame(left, schema=names, orient="row"), pl.DataFrame(right + kin + strangers, schema=names, orient="row"), truth
    )


def _address(generator: np.random.Generator) -> str:
    return f"{generator.integers(1, 200)} {_word(generator, 3)} street, {_word(generator, 2)}"


def _misspelt(person: list[str], generator: np.random.Generator) -> list[str]:
    return [value[:-1] if generator.random() < 0.15 else value for value in person]


def _word(generator: np.random.Generator, syllables: int) -> str:
    return "".join(generator.choice(_SYLLABLES, syllables))


def _person(generator: np.random.Generator) -> list[object]:
    first, last = _word(generator, 2), _word(generator, 3)
    born = date(1940, 1, 1) + timedelta(int(generator.integers(0, 25_000)))
    return [first, last, born, f"{first}.{last}{generator.integers(0, 99)}@mail.example", _word(generator, 2)]


def _slipped(person: list[object], generator: np.random.Generator) -> list[object]:
    changed = list(person)
    if generator.random() < 0.2:
        name = str(changed[1])
        cut = int(generator.integers(1, len(name)))
        changed[1] = name[:cut] + name[cut + 1 :]
    if generator.random() < 0.3:
        changed[3] = None
    if generator.random() < 0.2:
        changed[4] = _word(generator, 2)
    return changed


def linked(
    left: pl.DataFrame,
    right: pl.DataFrame,
    *,
    threads: int = 1,
    rejected: pl.DataFrame = NO_PAIRS,
    labels: pl.DataFrame | None = None,
) -> PassOutcome:
    """Link all rows of two frames, in canonical order as the pipeline does; positions are those of the frames."""
    one, other = in_canonical_order(table(left)), in_canonical_order(table(right))
    pool = Pool(np.arange(left.height, dtype=np.uint32), np.arange(right.height, dtype=np.uint32), _placed(rejected, one, other))
    outcome = link(
        one.table,
        other.table,
        pair_columns(one.table, other.table),
        pool,
        options=LinkageOptions(threads=threads),
        labels=None if labels is None else _placed(labels, one, other),
        report=lambda *_: None,
    )
    is_left = pl.col("side") == "left"
    return replace(
        outcome,
        items=outcome.items.with_columns(
            position=pl.when(is_left).then(_rows(one, "position")).otherwise(_rows(other, "position"))
        ),
        rivals=outcome.rivals.with_columns(
            position=pl.when(is_left).then(_rows(one, "position")).otherwise(_rows(other, "position")),
            rival=pl.when(is_left).then(_rows(other, "rival")).otherwise(_rows(one, "rival")),
        ),
    )


def _placed(pairs: pl.DataFrame, left: Ordered, right: Ordered) -> pl.DataFrame:
    return pairs.with_columns(left=left.positions_of(pairs["left"], "pairs"), right=right.positions_of(pairs["right"], "pairs"))


def _rows(side: Ordered, positions: str) -> pl.Expr:
    rows = side.rows.to_numpy()
    return pl.col(positions).map_batches(lambda found: pl.Series(rows[np.minimum(found.to_numpy(), len(rows) - 1)]), pl.UInt32)


def pairs(outcome: PassOutcome) -> Pairs:
    """(left, right) positions of each match and its confidence."""
    sides = {
        side: outcome.items.filter(pl.col("side") == side).sort("match").get_column("position").to_list()
        for side in ("left", "right")
    }
    confidence = outcome.matches.sort("match").get_column("confidence").to_list()
    return dict(zip(zip(sides["left"], sides["right"], strict=True), confidence, strict=True))


def labels_of(asked: list[tuple[int, int]], truth: frozenset[tuple[int, int]]) -> pl.DataFrame:
    """What somebody who knows the truth answers when shown some pairs."""
    left, right = zip(*asked, strict=True)
    return pl.DataFrame({"left": left, "right": right, "is_match": [pair in truth for pair in asked]})


def f1(found: set[tuple[int, int]], truth: frozenset[tuple[int, int]]) -> float:
    return 2 * len(found & truth) / max(1, len(found) + len(truth))
