"""Comparison-only forms of values, by role. Stored values never change."""

from enum import StrEnum

import polars as pl

from recon378_engine.table import Role

PHONE_DIGITS = 9  # national significant digits kept: country codes and trunk zeros stand before them

_PLAIN = r"[^a-z0-9 ]|  "
_APART = r"[^\pL\pN]+"
_COMPANY_FORMS = (
    r" (?:ltd|limited|gmbh|mbh|inc|incorporated|llc|llp|plc|ag|sa|sarl|sas|srl|spa|bv|nv|ab|as|aps|oy|oyj|kg|ohg|ug"
    r"|corp|corporation|co|company|pty|pte|kk|sl|lda|se|eg|ev|zoo|sp z o o|s a|s r l|b v|n v)$"
)
# One spelling for words that addresses shorten; applied with spaces on both sides.
ADDRESS_WORDS = {
    "street": "st", "strasse": "str", "road": "rd", "avenue": "ave", "av": "ave", "boulevard": "blvd", "drive": "dr",
    "lane": "ln",
    "court": "ct", "place": "pl", "square": "sq", "highway": "hwy", "parkway": "pkwy",
    "north": "n", "south": "s", "east": "e", "west": "w",
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th",
    "seventh": "7th", "eighth": "8th",
    "ninth": "9th", "tenth": "10th", "suite": "ste", "apartment": "apt", "floor": "fl", "saint": "st", "mount": "mt",
}  # fmt: skip
_CODE = r"\b([a-z]+[-/]?[a-z]*\d[a-z0-9]*[-/]?\d[a-z0-9]*(?:[-/][a-z0-9]+)*)"  # letters first: 700w and 64gb are measures
_HONORIFICS = r"^(?:mr|mrs|ms|miss|dr|prof|sir|herr|frau|monsieur|madame|mme|sr|sra|don|dona) "


class Part(StrEnum):
    """Which part of a value is meant: of a person's name the given or the family name, of a text the article number in it."""

    WHOLE = "whole"
    GIVEN = "given"
    FAMILY = "family"
    CODE = "code"


def normalised(frame: pl.DataFrame, role: Role, names: tuple[str, ...], part: Part = Part.WHOLE) -> pl.Series:
    """The comparison form of one side's columns as String, null where nothing is left."""
    folded = _folded(_joined(frame, names))
    if part is Part.CODE:
        return _emptied(folded.str.extract(_CODE).str.replace_all(_APART, ""))
    if part is not Part.WHOLE:
        return _emptied(_part_of(_person_form(folded), part))
    return _emptied(_FORMS.get(role, _name_form)(folded))


def _part_of(whole: pl.Series, part: Part) -> pl.Series:
    """The last word of a name, or what stands before it."""
    return whole.str.extract(r"(\S+)$") if part is Part.FAMILY else whole.str.extract(r"^(.+) \S+$")


def normalised_text(frame: pl.DataFrame, names: tuple[str, ...]) -> pl.Series:
    """The form that texts are split into words from: words apart by spaces, marks inside them as hyphens."""
    return _emptied(_worded(_folded(_joined(frame, names))))


def _joined(frame: pl.DataFrame, names: tuple[str, ...]) -> pl.Series:
    parts = [frame.get_column(name).cast(pl.String) for name in names]
    if len(parts) == 1:
        return parts[0]
    together = pl.DataFrame([part.alias(str(number)) for number, part in enumerate(parts)])
    return together.select(text=pl.concat_str(pl.all(), separator=" ", ignore_nulls=True)).get_column("text")


def is_ascii(values: pl.Series) -> bool:
    return values.str.len_bytes().sum() == values.str.len_chars().sum()


def _folded(values: pl.Series) -> pl.Series:
    """Lower case without accents; letters of other scripts stay what they are."""
    lower = values.str.to_lowercase()
    if is_ascii(lower):
        return lower
    return lower.str.normalize("NFKD").str.replace_all(r"\pM+", "").str.replace_all("ß", "ss").str.replace_all("ø", "o")


def _emptied(values: pl.Series) -> pl.Series:
    frame = values.to_frame("text")
    return frame.select(pl.when(pl.col("text").str.len_bytes() > 0).then("text")).get_column("text")


def _worded(values: pl.Series) -> pl.Series:
    """Whitespace runs as one space, other marks between letters and digits as one hyphen: what the tokeniser splits at."""
    return values.str.replace_all(r"&#?\w+;", "").str.replace_all(r"[^\pL\pN\s]+", "-").str.replace_all(r"\s+", " ")


def _name_form(values: pl.Series) -> pl.Series:
    if bool(values.str.contains(_PLAIN).any()):
        values = values.str.replace_all(r"['’`]", "").str.replace_all(_APART, " ")
    return values.str.strip_chars()


def _person_form(values: pl.Series) -> pl.Series:
    """Given before family name: `Smith, John` is turned round."""
    turned = (
        values.str.replace(r"^\s*([^,]+?)\s*,\s*([^,]+)$", "$2 $1")
        if bool(values.str.contains(",", literal=True).any())
        else values
    )
    return _name_form(turned).str.replace(_HONORIFICS, "")


def _organisation_form(values: pl.Series) -> pl.Series:
    plain = _name_form(values)
    bare = plain.str.replace(_COMPANY_FORMS, "").str.replace(_COMPANY_FORMS, "")
    return (
        bare.to_frame("bare").select(pl.when(pl.col("bare").str.len_bytes() > 0).then("bare").otherwise(plain)).get_column("bare")
    )


def _address_form(values: pl.Series) -> pl.Series:
    padded = " " + _name_form(values) + " "
    return padded.str.replace_many({f" {word} ": f" {short} " for word, short in ADDRESS_WORDS.items()}).str.strip_chars()


def _key_form(values: pl.Series) -> pl.Series:
    if bool(values.str.contains(r"[^a-z0-9]").any()):
        values = values.str.replace_all(_APART, "")
    return values.str.strip_chars_start("0")


def _postcode_form(values: pl.Series) -> pl.Series:
    return values.str.replace_all(_APART, "")


def _phone_form(values: pl.Series) -> pl.Series:
    return values.str.replace_all(r"\D+", "").str.tail(PHONE_DIGITS)


def _email_form(values: pl.Series) -> pl.Series:
    return values.str.strip_chars()


_FORMS = {
    Role.GIVEN_NAME: _name_form,
    Role.FAMILY_NAME: _name_form,
    Role.PERSON_NAME: _person_form,
    Role.ORGANISATION: _organisation_form,
    Role.ADDRESS: _address_form,
    Role.CITY: _name_form,
    Role.POSTCODE: _postcode_form,
    Role.PHONE: _phone_form,
    Role.EMAIL: _email_form,
    Role.IDENTIFIER: _key_form,
    Role.REFERENCE: _key_form,
    Role.DATE: _key_form,
    Role.VALUE_DATE: _key_form,
}
