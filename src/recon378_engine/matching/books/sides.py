"""Both sides of a reconciliation as the passes see them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from recon378_engine.matching.books.entries import DATE_ROLES, Book, field_of, open_book
from recon378_engine.matching.books.parties import PartyIndex
from recon378_engine.matching.books.references import ReferenceIndex, index_references, no_references
from recon378_engine.matching.books.settlement import Weights, learn
from recon378_engine.matching.books.texts import TextIndex, index_texts, no_texts
from recon378_engine.matching.fingerprint import Hashes
from recon378_engine.matching.outcome import Pairing
from recon378_engine.running.local import thread_count
from recon378_engine.table import Role, Table

OPPOSITE_MIN = 10  # linked records with opposite amounts before the sign is turned


@dataclass(frozen=True, slots=True)
class Sides:
    """Tables in canonical order (see `canonical`), their content hashes, and what was read from them once for all passes."""

    left: Table
    right: Table
    left_hashes: Hashes
    right_hashes: Hashes
    pairing: Pairing
    book: Book
    references: ReferenceIndex
    texts: TextIndex
    weights: Weights
    parties: PartyIndex


def compare_sides(
    left: Table,
    right: Table,
    pairing: Pairing,
    hashes: tuple[Hashes, Hashes],
    *,
    threads: int = 0,
    words_needed: bool = False,
    settle_sign: bool = False,
) -> Sides:
    """Read entries, references and words of both sides, and learn how their payments look.

    References and words are read only of finance tables, unless `words_needed`: plain record linkage has no use for them here.
    """
    with ThreadPoolExecutor(thread_count(threads)) as pool:
        opened = pool.submit(open_book, left, right, pairing, hashes)
        if words_needed or is_finance(pairing):
            linked, worded = pool.submit(index_references, left, right), pool.submit(index_texts, left, right)
        else:
            linked, worded = pool.submit(no_references, left, right), pool.submit(no_texts, left, right)
        book, references, texts = opened.result(), linked.result(), worded.result()
    if settle_sign and _linked_amounts_are_opposite(book, references):
        pairing = replace(pairing, flip_right_sign=not pairing.flip_right_sign)
        book = open_book(left, right, pairing, hashes)
    weights = learn(book, references, texts)
    return Sides(left, right, *hashes, pairing, book, references, texts, weights, PartyIndex(texts, threads))


def _linked_amounts_are_opposite(book: Book, references: ReferenceIndex) -> bool:
    """Whether records that share a reference have opposite amounts rather than equal ones; a surer sign than amounts alone."""
    left, right = references.links["left"].to_numpy(), references.links["right"].to_numpy()
    one, two = book.left.amount[left], book.right.amount[right]
    equal, opposite = int(((one == two) & (one != 0)).sum()), int(((one == -two) & (one != 0)).sum())
    return opposite >= OPPOSITE_MIN and opposite > 2 * equal


def is_finance(pairing: Pairing) -> bool:
    """Whether both sides have amounts and dates."""
    return field_of(pairing, Role.AMOUNT) is not None and any(field_of(pairing, role) for role in DATE_ROLES)
