"""Both sides of a reconciliation as the passes see them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from recon378_engine.matching.entries import DATE_ROLES, Book, field_of, open_book
from recon378_engine.matching.fingerprint import Hashes
from recon378_engine.matching.outcome import Pairing
from recon378_engine.matching.parties import PartyIndex
from recon378_engine.matching.references import ReferenceIndex, index_references, no_references
from recon378_engine.matching.settlement import Weights, learn
from recon378_engine.matching.texts import TextIndex, index_texts, no_texts
from recon378_engine.running.local import thread_count
from recon378_engine.table import Role, Table


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
    left: Table, right: Table, pairing: Pairing, hashes: tuple[Hashes, Hashes], *, threads: int = 0, words_needed: bool = False
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
    weights = learn(book, references, texts)
    return Sides(left, right, *hashes, pairing, book, references, texts, weights, PartyIndex(texts, threads))


def is_finance(pairing: Pairing) -> bool:
    """Whether both sides have amounts and dates."""
    return field_of(pairing, Role.AMOUNT) is not None and any(field_of(pairing, role) for role in DATE_ROLES)
