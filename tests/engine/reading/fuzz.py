"""Mutated files against every parser: no input may raise anything but a refusal, and none may take long.

python -m tests.engine.reading.fuzz SECONDS [FORMAT ...] reports the number of inputs and each one that broke the promise.
"""

import random
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from recon378_engine.reading import Inspection, inspect

from .builders import STATEMENT, camt, lines, raw_workbook, workbook
from .test_statements import OFX, entry, transaction

SLOW_SECONDS = 5.0
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
BAI = (
    "01,B,C,240115,0800,1,80,,2/\n02,C,B,1,240115,0800,USD,2/\n03,1,USD,010,500,,/\n16,475,500,V,240116,,R1,C1,one\n88,two\n"
    "49,1000,5/\n98,1000,1,7/\n99,1000,1,9/\n"
)


def seeds(folder: Path) -> dict[str, bytes]:
    """One sound file of each format."""
    mt940 = STATEMENT.format(
        number=1, opening="1000,00", entries=":61:2401150115D5,00NTRFA//B1\n:86:?20text?32name\n", closing="995,00"
    )
    sheet = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="2"><c r="A2"><v>1.5</v></c></row>'
    return {
        "csv": CSV.encode(),
        "camt": camt(entry()).encode(),
        "mt940": mt940.encode(),
        "bai2": BAI.encode(),
        "ofx": OFX.format(entries=transaction("1.00") + transaction("2,00")).encode("cp1252"),
        "qif": b"!Type:Bank\nD1/13'25\nT-1,234.56\nPACME\nN1\nSFood\n$-60.00\n^\nD2/2'25\nT5.00\n^\n",
        "json": b'{"rows": [{"id": "1", "amount": 1.50, "p": {"n": [1, null]}}, {"id": "2", "amount": 2.50}]}',
        "ndjson": lines([{"id": "1", "amount": 1.5}, {"id": "2", "amount": 2.5}]).encode(),
        "xml": b'<export><row id="1"><amount cur="EUR">1.50</amount></row><row id="2"><amount>2.50</amount></row></export>',
        "html": b"<html><table><tr><th>date<th>amount</tr><tr><td>2025-01-13</td><td>1.50</td></tr></table></html>",
        "xlsx": workbook(folder, [["date", "amount"], ["2025-01-13", 1.5], ["2025-01-14", 2.5]]).read_bytes(),
        "sheet": raw_workbook(folder, sheet).read_bytes(),
    }


def mutated(seed: bytes, draw: random.Random) -> bytes:
    """A few random edits: flips, cuts, repeats, tokens put in."""
    data = bytearray(seed)
    for _ in range(draw.choice((1, 1, 2, 3, 6))):
        place = draw.randrange(len(data) + 1)
        length = draw.choice((1, 2, 5, 20))
        match draw.randrange(6):
            case 0 if data:
                data[min(place, len(data) - 1)] = draw.randrange(256)
            case 1:
                del data[place : place + length]
            case 2:
                data[place:place] = data[max(0, place - length) : place] * draw.choice((1, 2, 50))
            case 3:
                del data[place:]
            case _:
                data[place:place] = draw.choice(TOKENS)
    return bytes(data)


def repacked(seed: bytes, draw: random.Random, folder: Path) -> bytes:
    """A workbook with one part mutated and the archive sound."""
    source, target = folder / "in.zip", folder / "out.zip"
    source.write_bytes(seed)
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w") as written:
        names = archive.namelist()
        chosen = draw.choice([name for name in names if "sheet" in name or "workbook" in name or "shared" in name] or names)
        for name in names:
            content = archive.read(name)
            written.writestr(name, mutated(content, draw) if name == chosen else content)
    return target.read_bytes()


def inputs(name: str, seed: bytes, draw: random.Random, folder: Path) -> Iterator[bytes]:
    while True:
        yield repacked(seed, draw, folder) if name in ("xlsx", "sheet") and draw.random() < 0.7 else mutated(seed, draw)


def broken_promise(look: Callable[[Path], Inspection], path: Path) -> str | None:
    """What went wrong with one input, None when all is well."""
    start = time.monotonic()
    try:
        seen = look(path)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if seen.rows + len(seen.row_errors) + seen.skipped != seen.rows_in_file:
        return "rows do not add up"
    took = time.monotonic() - start
    return f"took {took:.1f} s" if took > SLOW_SECONDS else None


def run(seconds: float, names: list[str], seed: int = 378) -> int:
    """Fuzz for some seconds, evenly over the formats; returns the number of broken promises."""
    draw = random.Random(seed)
    broken = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        chosen = {kind: data for kind, data in seeds(folder).items() if not names or kind in names}
        for kind, data in chosen.items():
            count, end, path = 0, time.monotonic() + seconds / len(chosen), folder / "fuzzed"
            for content in inputs(kind, data, draw, folder):
                path.write_bytes(content)
                fault = broken_promise(inspect, path)
                count += 1
                if fault:
                    broken += 1
                    sys.stdout.write(f"{kind}: {fault}: {content[:400]!r}\n")
                if time.monotonic() > end:
                    break
            sys.stdout.write(f"{kind}: {count:,} inputs\n")
    return broken


if __name__ == "__main__":
    sys.exit(min(1, run(float(sys.argv[1]), sys.argv[2:])))
