"""Which encoding older than Unicode a text is in, judged by how much its letters look like words.

A byte decodes in several encodings; only one of them makes words of it. Each candidate is scored on the words that hold
non-ASCII characters: letters of one script in a usual order of cases are good, signs between letters are bad.
"""

import re
import unicodedata
from functools import lru_cache

CANDIDATES = (
    "cp1252",
    "iso8859-15",
    "iso8859-2",
    "cp1250",
    "mac_roman",
    "cp1251",
    "koi8_r",
    "cp866",
    "iso8859-5",
    "mac_cyrillic",
    "cp1253",
    "cp1254",
    "cp1257",
    "cp437",
    "cp850",
    "cp852",
    "iso8859-7",
    "cp1255",
    "cp1256",
    "iso8859-6",
    "cp874",
)
EAST_ASIAN = ("shift_jis", "euc_jp", "gb18030", "big5", "euc_kr")
_WORD = re.compile(rb"[^\s,;|\t\"<>]{0,40}[\x80-\xff][^\s,;|\t\"<>]{0,60}")
_WORDS_MAX = 4_000
_MARGIN = {"cp1252": 0.35, "iso8859-15": 0.1, "iso8859-2": 0.05}
# Letters that are frequent in the languages that use an encoding; others of the same code page are rare in practice.
_USUAL = {
    "cp1252": "äöüßéèêàçñóíáúâîôûëïåøæÄÖÜÉÈÀÇÑÅØÆœŒãõìòù",
    "iso8859-15": "äöüßéèêàçñóíáúâîôûëïåøæÄÖÜÉÈÀÇÑÅØÆœŒãõìòùŠšŽž",
    "iso8859-2": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻčďěňřšťůžýáíéúČĎĚŇŘŠŤŮŽÝÁÍÉÚőűŐŰöüÖÜäľĺŕâăîşţ",
    "cp1250": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻčďěňřšťůžýáíéúČĎĚŇŘŠŤŮŽÝÁÍÉÚőűŐŰöüÖÜäľĺŕâăîşţ",
    "cp852": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻčďěňřšťůžýáíéúČĎĚŇŘŠŤŮŽÝÁÍÉÚőűŐŰöüÖÜäľĺŕâăîşţ",
    "mac_roman": "äöüßéèêàçñóíáúâîôûëïåøæÄÖÜÉÈÀÇÑÅØÆœŒãõìòù",
    "cp437": "äöüßéèêàçñóíáúâîôûëïåæÄÖÜÉÇÑÅÆìòù",
    "cp850": "äöüßéèêàçñóíáúâîôûëïåøæÄÖÜÉÈÀÇÑÅØÆãõìòù",
    "cp1257": "āčēģīķļņōŗšūžąęėįųõäöüĀČĒĢĪĶĻŅŠŪŽĄĘĖĮŲÕÄÖÜ",
    "cp1254": "äöüßéèêçñóâîğışĞİŞ",
}
_SCRIPT = {
    **dict.fromkeys(("cp1251", "koi8_r", "cp866", "iso8859-5", "mac_cyrillic"), "CYRILLIC"),
    "cp1253": "GREEK",
    "iso8859-7": "GREEK",
    "iso8859-6": "ARABIC",
    "cp1255": "HEBREW",
    "cp1256": "ARABIC",
    "cp874": "THAI",
}
_FREQUENT_CYRILLIC = frozenset("оеаинтсрвлкмОЕАИНТСРВЛКМ")
_FREQUENT_HEBREW = frozenset("יוהאלרתמבשנ")
_FINAL_HEBREW = frozenset("םןךףץ")
_HUNGARIAN = frozenset("áéíóöőúüűÁÉÍÓÖŐÚÜŰ")
_QUOTES = "“”‘’„«»¿¡"
_SIGNS = "€–—…•°§£©®™´·№"


def guess_legacy(sample: bytes) -> str | None:
    """The most likely encoding of a text with non-ASCII bytes, None when none makes words of it."""
    words = list(dict.fromkeys(_WORD.findall(sample)))[:_WORDS_MAX]
    lines = [line for line in sample.split(b"\n") if not line.isascii()][:_WORDS_MAX]
    if not words:
        return None
    if _is_hungarian(words):
        return "cp1250"
    scores = {name: _single_byte_score(words, name) for name in CANDIDATES}
    scores |= {name: _east_asian_score(lines, name) for name in EAST_ASIAN}
    top = max(scores.values())
    if top <= 0:
        return None
    # within a small distance the more widespread encoding is the likelier one
    return next(name for name in (*CANDIDATES, *EAST_ASIAN) if scores[name] >= top - _MARGIN.get(name, 0.0))


def _is_hungarian(words: list[bytes]) -> bool:
    """Hungarian in cp1250 makes words in cp1252 too: õ and û for ő and ű. Portuguese and Estonian have other letters beside õ."""
    letters = {sign for word in _decoded(words, "cp1250") or [] for sign in word if ord(sign) >= 0x80}
    return bool(letters & set("őŐ")) and bool(letters & set("áéíóúÁÉÍÓÚ")) and letters <= _HUNGARIAN


def _decoded(words: list[bytes], encoding: str) -> list[str] | None:
    try:
        return [word.decode(encoding) for word in words]
    except UnicodeDecodeError:
        return None


def _single_byte_score(words: list[bytes], encoding: str) -> float:
    """Mean score of the non-ASCII characters, in -2..1."""
    decoded = _decoded(words, encoding)
    if decoded is None:
        return -9.0
    total, count = 0.0, 0
    for word in decoded:
        for index, sign in enumerate(word):
            if ord(sign) >= 0x80:
                total += _sign_score(word, index, encoding)
                count += 1
    return total / max(1, count)


def _sign_score(word: str, index: int, encoding: str) -> float:
    """How likely a non-ASCII character is at its place in a word."""
    sign = word[index]
    before = word[index - 1] if index else ""
    after = word[index + 1] if index + 1 < len(word) else ""
    category = unicodedata.category(sign)
    if category == "Cc":
        return -3.0
    if not category.startswith(("L", "M")):
        return _mark_score(sign, before, after)
    if _scripts_clash(sign, before) or _scripts_clash(sign, after):
        return -1.5
    if sign.isupper() and before.islower():
        return -1.0
    if sign in _FINAL_HEBREW:
        return -1.0 if after.isalpha() else 1.0
    if _script(sign) != "LATIN":
        return _foreign_score(sign, encoding) if before.isalpha() or after.isalpha() else min(0.3, _foreign_score(sign, encoding))
    if before.isalpha() and after.isalpha() and not (before.isascii() or after.isascii()):
        return -1.0  # three accented letters in a row: another script misread
    if sign in _USUAL.get(encoding, ""):
        return 1.0 if before.isalpha() or after.isalpha() else 0.3
    return 0.3 if sign in "ŠšŽž" else -0.5


def _foreign_score(sign: str, encoding: str) -> float:
    """Letters of the script that the encoding is made for; among Cyrillic ones the frequent count more."""
    script = _script(sign)
    if script != _SCRIPT.get(encoding):
        return -0.5
    if script == "CYRILLIC":
        return 1.0 if sign in _FREQUENT_CYRILLIC else 0.55
    if script == "HEBREW":
        return 1.0 if sign in _FREQUENT_HEBREW else 0.55
    return 0.9


def _mark_score(sign: str, before: str, after: str) -> float:
    """How likely a sign that is no letter is between two characters."""
    if before.isalpha() and after.isalpha() and sign != "’":
        return -2.0
    if sign in _SIGNS:
        glued = after.isalpha() or (before.isalpha() and sign not in "™®©°")
        return -0.5 if glued else 0.7
    return 0.7 if sign in _QUOTES else -1.0


@lru_cache(maxsize=4096)
def _script(sign: str) -> str:
    return unicodedata.name(sign, "?").split(" ", 1)[0]


def _scripts_clash(sign: str, neighbour: str) -> bool:
    return neighbour.isalpha() and _script(sign) != _script(neighbour)


def _east_asian_score(words: list[bytes], encoding: str) -> float:
    """Mean score of the non-ASCII characters: the everyday part of each character set counts, its rare part does not."""
    decoded = _decoded(words, encoding)
    if decoded is None:
        return -9.0
    signs = [sign for word in decoded for sign in word if ord(sign) >= 0x80]
    if not signs:
        return -9.0
    return sum(_east_asian_sign(sign, encoding) for sign in signs) / len(signs) * 1.05


def _east_asian_sign(sign: str, encoding: str) -> float:
    code = ord(sign)
    if 0x3040 <= code <= 0x30FF:  # kana
        return 1.0 if encoding in ("shift_jis", "euc_jp") else 0.2
    if 0xAC00 <= code <= 0xD7A3:  # hangul
        return 1.0 if encoding == "euc_kr" else -1.0
    if 0xFF61 <= code <= 0xFF9F:  # half-width kana: mostly other bytes misread
        return -0.6
    if 0x3000 <= code <= 0x303F or 0xFF00 <= code <= 0xFF60:
        return 0.5
    if 0x4E00 <= code <= 0x9FFF:
        return _ideograph(sign, encoding)
    return -1.0


def _ideograph(sign: str, encoding: str) -> float:
    """Level one of each national set holds the everyday characters, in the lower lead bytes."""
    try:
        lead = sign.encode("gb2312" if encoding == "gb18030" else encoding)[0]
    except UnicodeEncodeError:
        return -0.8
    everyday = {
        "shift_jis": 0x88 <= lead <= 0x97,
        "euc_jp": 0xB0 <= lead <= 0xCF,
        "gb18030": 0xB0 <= lead <= 0xD7,
        "big5": 0xA4 <= lead <= 0xC6,
    }
    if encoding == "euc_kr":
        return -0.2
    return 0.9 if everyday[encoding] else -0.4
