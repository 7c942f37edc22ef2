"""Comparison-only forms of text, as a ruleset names them."""

import polars as pl

from recon378_engine.matching.books.texts import COMPANY_FORMS
from recon378_engine.matching.rulesets.conditions import Cleaner


def cleaned(text: pl.Series, cleaners: tuple[Cleaner, ...]) -> pl.Series:
    """Apply the cleaners in their order; spaces at the ends always go."""
    expression = pl.col("text")
    for cleaner in cleaners:
        expression = _apply(expression, cleaner)
    return text.to_frame("text").select(expression.str.strip_chars()).to_series()


def _apply(text: pl.Expr, cleaner: Cleaner) -> pl.Expr:
    match cleaner:
        case Cleaner.LOWER:
            return text.str.to_lowercase()
        case Cleaner.ALPHANUMERIC:
            return text.str.replace_all(r"[^\pL\pN]", "")
        case Cleaner.DIGITS:
            return text.str.replace_all(r"[^\d]", "")
        case Cleaner.STRIP_ZEROS:
            return text.str.strip_chars_start("0")
        case Cleaner.COMPANY_FORM:
            return text.str.replace_all(rf"(?i)\b(?:{'|'.join(COMPANY_FORMS)})\b\.?", "")
        case Cleaner.FIRST_16:
            return text.str.head(16)
