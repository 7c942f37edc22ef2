"""How a delimited text separates and quotes its values, found by the agreement of its records."""

import re
from collections import Counter
from dataclasses import dataclass, replace

from recon378_engine.errors import BadFile
from recon378_engine.reading.delimited.records import Dialect, parse_records
from recon378_engine.reading.layout import kind_of
from recon378_engine.reading.notes import Notes
from recon378_engine.reading.values import vocabulary

SINGLE = (",", ";", "\t", "|", "^", "~", "\x1f", "\x1e", "\x01", ":", " ")
DOUBLE = ("||", "|||", "~~", "::", "^^", "~|~", "|~|", "^|^", "|+|", "\t|\t", "@@", "##", ";;")
SAMPLE_RECORDS = 300
LONGEST = 3
SURE_AGREEMENT = 0.9
_SIGNS = re.compile(r"(?:(?!_)[^\w\s\"'.\-])+|[¦§·þÇ]|[\x00-\x08\x0e-\x1f]")
_DOUBLED = re.compile(r'(?<!\\)""')
NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}


@dataclass(frozen=True, slots=True)
class _Score:
    dialect: Dialect
    value: float
    width: int
    agreement: float = 0.0
    named: bool = False  # whether the first record is made of column names

    @property
    def proven(self) -> bool:
        return self.named and self.agreement == 1.0 and self.value > 0


def find_dialect(sample: str, notes: Notes) -> Dialect:
    """The dialect of the first records of a text; a single column when nothing separates."""
    answer = notes.answer("delimiter")
    if answer is not None:
        delimiter = NAMES.get(answer.lower(), answer)
        if not delimiter or len(delimiter) > 3 or any(sign.isalnum() or sign in '"\r\n' for sign in delimiter):
            raise BadFile(f"'{answer}' cannot separate values; choose , ; tab | or another sign.")
        return _with_habits(Dialect(delimiter), sample)
    stated = _stated(sample)
    if stated:
        return _with_habits(Dialect(stated, skip_lines=1), sample)
    scores = [
        _score(Dialect(delimiter), sample) for delimiter in (*SINGLE, *(mark for mark in DOUBLE if _only_doubled(mark, sample)))
    ]
    proven = [score for score in scores if score.proven]  # a comma inside every value may agree nearly as well
    best = max(proven or scores, key=lambda score: score.value)
    rare = _rare(sample) if best.value <= 0 or best.agreement < SURE_AGREEMENT else None
    if rare:
        return _with_habits(Dialect(rare), sample)
    return _with_habits(best.dialect, sample) if best.value > 0 else Dialect("")


def _rare(sample: str) -> str | None:
    """Any other sign, or run of one, that cuts every record into equally many values and the first one into column names."""
    header = next((line for line in sample.splitlines() if line.strip()), "")
    runs = dict.fromkeys(match.group() for match in _SIGNS.finditer(header) if len(match.group()) <= LONGEST)
    for mark in runs:
        names = header.split(mark)
        known = sum(vocabulary.is_known(name) for name in names)
        records = [record.fields for record in parse_records(sample, Dialect(mark), limit=SAMPLE_RECORDS) if not record.blank]
        if len(names) > 1 and known * 2 >= len(names) and known > 1 and all(len(record) == len(names) for record in records):
            return mark
    return None


def _stated(sample: str) -> str | None:
    """The delimiter of a first line `sep=;`, which spreadsheets write and understand."""
    first = sample.split("\n", 1)[0].strip("\r").strip('"')
    return first[4:] if first.lower().startswith("sep=") and len(first) == 5 else None


def _only_doubled(mark: str, sample: str) -> bool:
    """Whether a sign occurs in runs of this length only in the first line that has it, so that the run is the delimiter."""
    if len(set(mark)) > 1:
        return sample.count(mark) > 1
    first = next((line for line in sample.splitlines() if mark[0] in line), "")
    return sample.count(mark) > 1 and first.count(mark) * len(mark) == first.count(mark[0]) and mark + mark[0] not in first


def _score(dialect: Dialect, sample: str) -> _Score:
    """Agreement of the records on a width, weighed by how many values read as dates or numbers."""
    if dialect.delimiter not in sample:
        return _Score(dialect, 0.0, 1)
    records = [record.fields for record in parse_records(sample, dialect, limit=SAMPLE_RECORDS) if not record.blank]
    if not records:
        return _Score(dialect, 0.0, 1)
    counts = Counter(len(record) for record in records)
    width = max((count for count in counts if count > 1), key=lambda count: (counts[count], count), default=1)
    if width == 1:
        return _Score(dialect, 0.0, 1)
    agreement = counts[width] / len(records)
    cells = [cell for record in records if len(record) == width for cell in record]
    typed = sum(kind_of(cell) in ("date", "number") for cell in cells) / len(cells)
    broken = sum(cell.count('"') % 2 for cell in cells) / len(cells)
    value = agreement * (1 - 1 / (width + 1)) * (1 + typed) * (1 - broken)
    weak = dialect.delimiter in (":", " ") and (agreement < 1 or width < 3 or not typed)
    weak = weak or (dialect.delimiter == " " and not all(cells))  # columns aligned by blanks
    value *= 0.5 if dialect.delimiter in (":", " ") else 1.0
    value *= 1.2 if len(dialect.delimiter) > 1 else 1.0
    named = sum(vocabulary.is_known(cell) for cell in records[0]) * 2 >= len(records[0])
    return _Score(dialect, 0.0 if weak or agreement < 0.3 else value, width, agreement, named)


def _with_habits(dialect: Dialect, sample: str) -> Dialect:
    """Blanks after delimiters, single quotes and backslashes before quotes, when they are the habit of the file."""
    found = dialect
    spaced = sample.count(dialect.delimiter + " ")
    if dialect.delimiter.strip() and spaced * 10 >= 9 * sample.count(dialect.delimiter) > 0:
        found = replace(found, skip_blanks=True)
    if '\\"' in sample and not _DOUBLED.search(sample.replace(dialect.delimiter + '""', dialect.delimiter)):
        escaped = replace(found, escape="\\")
        found = escaped if _faults(escaped, sample) < _faults(found, sample) else found
    singles = sample.count(dialect.delimiter + "'") + sample.count("\n'")
    closings = sample.count("'" + dialect.delimiter) + sample.count("'\n") + sample.count("'\r")
    if singles > 1 and singles == closings and '"' not in sample:
        found = replace(found, quote="'")
    return found


def _faults(dialect: Dialect, sample: str) -> int:
    return sum(bool(record.fault) for record in parse_records(sample, dialect, limit=SAMPLE_RECORDS))
