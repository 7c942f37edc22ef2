"""Both sides of a reconciliation as the passes see them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from recon378_engine.matching.entries import Book, open_book
from recon378_engine.matching.fingerprint import Hashes
from recon378_engine.matching.outcome import Pairing
from recon378_engine.matching.parties import PartyIndex
from recon378_engine.matching.references import ReferenceIndex, index_references
from recon378_engine.matching.settlement import Weights, learn
from recon378_engine.matching.texts import TextIndex, index_texts
from recon378_engine.running.local import thread_count
from recon378_engine.table import Table


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


def compare_sides(left: Table, right: Table, pairing: Pairing, hashes: tuple[Hashes, Hashes], threads: int = 0) -> Sides:
    """Read entries, references and words of both sides, and learn how their payments look."""
    with ThreadPoolExecutor(thread_count(threads)) as pool:
        opened = pool.submit(open_book, left, right, pairing, hashes)
        linked, worded = pool.submit(index_references, left, right), pool.submit(index_texts, left, right)
        book, references, texts = opened.result(), linked.result(), worded.result()
    weights = learn(book, references, texts)
    return Sides(left, right, *hashes, pairing, book, references, texts, weights, PartyIndex(texts, threads))
