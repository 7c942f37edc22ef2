"""Mutated files against every parser: no input may raise anything but a refusal, none may take long, no row may be lost.

    python -m tests.engine.reading.fuzz SECONDS [FORMAT ...]

SECONDS are spent on each format. Mutations know lines, values, tags and numbers as well as bytes; an input that makes the
importer say something new becomes a seed. Reports the number of inputs and of kinds of answers, and each broken promise,
whose input is kept in the folder for temporary files.
For the lines that are reached: coverage run --include='*/reading/*' -m tests.engine.reading.fuzz 60 camt; coverage report
"""

import io
import random
import re
import sys
import tempfile
import time
import zipfile
import zlib
from pathlib import Path

from recon378_engine.reading import Inspection, inspect

from .builders import STATEMENT, camt, lines, raw_workbook, workbook
from .office import Cell, Failed, ods, xls, xlsb
from .test_statements import OFX, entry, transaction

SLOW_SECONDS = 5.0
SEEDS_MAX = 400
SIZE_MAX = 1 << 17
PACKED = ("xlsx", "sheet", "xlsb", "ods")
VALUES = re.compile(r"'[^']*'|[0-9][0-9.,:/-]*|\b[A-Z0-9]{2,}\b")
TOKENS = tuple(
    part.encode("latin-1")
    for part in (
        *(
            '"',
            '""',
            ",",
            ";",
            "\t",
            "\r",
            "\n",
            "\x00",
            "\xff",
            "\xef\xbb\xbf",
            "<",
            ">",
            "</",
            "&amp;",
            "<![CDATA[",
            "\xe2\x80\xa8",
        ),
        *(
            ":61:",
            ":86:",
            ":62F:",
            "-\r\n",
            "16,",
            "88,",
            "03,",
            "/",
            "^\n",
            "!Type:Bank\n",
            "{",
            "}",
            "[",
            "]",
            ":",
            "\\",
            "'",
            "=",
        ),
        *("1e400", "-", "9" * 40, "2025-02-30", "1.234,56", "1,234.56", "Total", "NaN", "00000000"),
    )
)
CSV = (
    'date,text,amount,id\n2025-01-13,"a, b",-1.50,0001\n2025-01-14,"say ""hi""",2.50,0002\n2025-01-15,"two\nlines",3.50,0003\n'
    "Total,,4.50,\n"
)
ODD = (
    "Konto;DE89\n\nDatum;Soll;Haben;Text\n13.01.2025;1.234,56;;a\n14.01.2025;;0,50;b\n;;;Zwischensumme\n15.01.2025;1,00;;c\n"
    "Summe;1.235,56;0,50;\n"
)
BAI = (
    "01,B,C,240115,0800,1,80,,2/\n02,C,B,1,240115,0800,USD,2/\n03,1,USD,010,500,,/\n16,475,500,V,240116,,R1,C1,one\n88,two\n"
    "49,1000,5/\n98,1000,1,7/\n99,1000,1,9/\n"
)


def seeds(folder: Path) -> dict[str, list[bytes]]:
    """Sound files of each format."""
    entries = ":61:2401150115D5,00NTRFA//B1\n:86:166?00GEBUEHR?20text?32name\n:61:2401160116RC2,00NMSCNONREF\n:86:plain\n"
    mt940 = STATEMENT.format(number=1, opening="1000,00", entries=entries, closing="993,00")
    mt942 = ":20:X\n:25:1\n:28C:1\n:34F:EURD0,\n:13D:2401151200+0100\n:61:240115D5,00NTRFA\n:90D:1EUR5,00\n-\n"
    sheet = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="2"><c r="A2"><v>1.5</v></c></row>'
    cells: list[list[Cell]] = [["date", "amount"], ["2025-01-13", 1.5], ["2025-01-14", Failed("#N/A")], ["2025-01-15", 3.5]]
    details = "".join(f'<TxDtls><Amt Ccy="EUR">{amount}</Amt></TxDtls>' for amount in ("3.00", "1.00"))
    batch = (
        entry("4.00").partition("<NtryDtls>")[0]
        + f"<NtryDtls>{details}</NtryDtls></Ntry>"
        + entry("1.00", more="<RvslInd>true</RvslInd>")
    )
    texts = {
        "csv": [CSV, CSV.replace(",", ";").replace("1.50", "1.234,50"), "sep=|\n" + CSV.replace(",", "|"), ODD],
        "camt": [camt(entry()), camt(batch, closing="1005.00", count=2)],
        "mt940": [mt940, mt942, mt940.replace("\n", "\r\n")],
        "bai2": [BAI, BAI.replace("V,240116,,", "S,1,2,3,")],
        "qif": [
            "!Type:Bank\nD1/13'25\nT-1,234.56\nPACME\nN1\nSFood\n$-60.00\n^\nD2/2'25\nT5.00\n^\n",
            "!Account\nNA\n^\n!Type:CCard\nD13.01.25\nT5\n^\n",
        ],
        "json": [
            '{"rows": [{"id": "1", "amount": 1.50, "p": {"n": [1, null]}}, {"id": "2", "amount": 2.50}]}',
            '{"date": ["2025-01-13", "2025-01-14"], "amount": [1e3, "2.5"]}',
        ],
        "ndjson": [lines([{"id": "1", "amount": 1.5}, {"id": "2", "amount": 2.5}])],
        "xml": ['<export><row id="1"><amount cur="EUR">1.50</amount></row><row id="2"><amount>2.50</amount></row></export>'],
        "html": ["<html><table><tr><th>date<th>amount</tr><tr><td>2025-01-13</td><td>1.50</td></tr></table></html>"],
    }
    return {
        **{kind: [text.encode() for text in found] for kind, found in texts.items()},
        "ofx": [OFX.format(entries=transaction("1.00") + transaction("2,00")).encode("cp1252")],
        "xlsx": [workbook(folder, [["date", "amount"], ["2025-01-13", 1.5], ["2025-01-14", 2.5]]).read_bytes()],
        "sheet": [raw_workbook(folder, sheet).read_bytes()],
        "xls": [xls(folder, *cells).read_bytes()],
        "xlsb": [xlsb(folder, *cells).read_bytes()],
        "ods": [ods(folder, *cells).read_bytes()],
    }


PARTS = re.compile(rb"[A-Za-z]+|[0-9]+|\s+|[^A-Za-z0-9\s]")
LINES = re.compile(rb"[^\n]*\n|[^\n]+$")
TAGS = re.compile(rb"<[^<>]*>[^<]*")


def mutated(seed: bytes, draw: random.Random) -> bytes:
    """A few random edits of bytes, or of the pieces that the format is made of."""
    data = seed
    for _ in range(draw.choice((1, 1, 2, 3, 6))):
        data = _of_pieces(data, draw) if draw.random() < 0.6 else _of_bytes(data, draw)
    return data[:SIZE_MAX]


def _of_bytes(seed: bytes, draw: random.Random) -> bytes:
    data = bytearray(seed)
    place = draw.randrange(len(data) + 1)
    length = draw.choice((1, 2, 5, 20))
    match draw.randrange(6):
        case 0 if data:
            data[min(place, len(data) - 1)] = draw.randrange(256)
        case 1:
            del data[place : place + length]
        case 2:
            data[place:place] = data[max(0, place - length) : place] * draw.choice((1, 2, 50))
        case 3 if draw.random() < 0.3:
            del data[place:]
        case _:
            data[place:place] = draw.choice(TOKENS)
    return bytes(data)


def _of_pieces(data: bytes, draw: random.Random) -> bytes:
    """Drop, repeat, swap, move or replace one piece: a line, a tag with its text, a word or a number."""
    pieces = draw.choice((LINES, TAGS, PARTS)).findall(data)
    if len(pieces) < 2:
        return data
    first, second = draw.randrange(len(pieces)), draw.randrange(len(pieces))
    match draw.randrange(5):
        case 0:
            del pieces[first]
        case 1:
            pieces[first] *= draw.choice((2, 3, 300))
        case 2:
            pieces[first], pieces[second] = pieces[second], pieces[first]
        case 3:
            pieces.insert(second, pieces[first])
        case _:
            pieces[first] = draw.choice(TOKENS) if draw.random() < 0.5 else pieces[second]
    return b"".join(pieces)


def repacked(seed: bytes, draw: random.Random) -> bytes:
    """A workbook with one part mutated and the archive sound; the seed itself mutated where its archive is not."""
    written = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(seed)) as archive, zipfile.ZipFile(written, "w") as target:
            names = archive.namelist()
            telling = [
                name for name in names if any(word in name for word in ("sheet", "workbook", "shared", "content", "styles"))
            ]
            chosen = draw.choice(telling or names)
            for name in names:
                content = archive.read(name)
                target.writestr(name, mutated(content, draw) if name == chosen else content)
    except (zipfile.BadZipFile, OSError, IndexError, ValueError, NotImplementedError, RuntimeError, zlib.error, EOFError):
        return mutated(seed, draw)
    return written.getvalue()


def variant(kind: str, seed: bytes, draw: random.Random) -> bytes:
    """A mutated seed; of an archive mostly one part of it."""
    return repacked(seed, draw) if kind in PACKED and draw.random() < 0.8 else mutated(seed, draw)


def broken_promise(seen: Inspection, took_seconds: float) -> str | None:
    """What is wrong with an answer, None when all is well."""
    if seen.rows + len(seen.row_errors) + seen.skipped != seen.rows_in_file:
        return "rows do not add up"
    if len({error.row for error in seen.row_errors}) < len(seen.row_errors):
        return "a row is refused twice"
    if seen.status == "rejected" and not seen.error:
        return "refused without a reason"
    return f"took {took_seconds:.1f} s" if took_seconds > SLOW_SECONDS else None


def kind_of_answer(seen: Inspection) -> str:
    """The words of an answer without the values in them."""
    said = (
        *seen.warnings,
        *(error.reason for error in seen.row_errors[:5]),
        seen.error or "",
        *(asked.key for asked in seen.questions),
    )
    return f"{seen.status} {seen.format} " + " ".join(sorted({VALUES.sub("", words) for words in said}))


def fuzz(kind: str, found: list[bytes], seconds: float, draw: random.Random, folder: Path) -> int:
    """Fuzz one format; returns the number of broken promises."""
    count, broken, answers, path = 0, 0, set[str](), folder / "fuzzed"
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        content = variant(kind, draw.choice(found), draw)
        path.write_bytes(content)
        started = time.process_time()
        try:
            seen = inspect(path)
            fault = broken_promise(seen, time.process_time() - started)
            answer = kind_of_answer(seen)
            if answer not in answers and len(found) < SEEDS_MAX:
                found.append(content)
            answers.add(answer)
        except Exception as error:
            fault = f"{type(error).__name__}: {error}"
        count += 1
        if fault:
            broken += 1
            kept = Path(tempfile.gettempdir()) / f"fuzz-{kind}-{broken}"
            kept.write_bytes(content)
            sys.stdout.write(f"{kind}: {fault}: kept as {kept}: {content[:200]!r}\n")
    sys.stdout.write(f"{kind}: {count:,} inputs, {len(answers):,} kinds of answers, {broken} broken promises\n")
    sys.stdout.flush()
    return broken


def run(seconds: float, names: list[str], seed: int = 378) -> int:
    """Fuzz each format for some seconds; returns the number of broken promises."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        chosen = {kind: found for kind, found in seeds(folder).items() if not names or kind in names}
        return sum(fuzz(kind, found, seconds, random.Random(f"{seed} {kind}"), folder) for kind, found in chosen.items())


if __name__ == "__main__":
    sys.exit(min(1, run(float(sys.argv[1]), sys.argv[2:])))
