"""Amounts and days as people write them, for sentences: of one value, and of whole columns."""

from decimal import Decimal

import polars as pl


def money_text(minor: int, scale: int) -> str:
    """Minor units with thousands grouped: 120450 with two decimals is 1,204.50."""
    return f"{Decimal(minor).scaleb(-scale):,f}"


def money_texts(minor: pl.Expr, scale: int) -> pl.Expr:
    """The same for a column of amounts that are not negative."""
    whole, part = minor // 10**scale, minor % 10**scale
    backward = whole.cast(pl.String).str.reverse().str.replace_all(r"(\d{3})", "${1},")
    grouped = backward.str.reverse().str.strip_prefix(",")
    return pl.concat_str(grouped, pl.lit("."), part.cast(pl.String).str.zfill(scale)) if scale else grouped


def days_text(days: int, unit: str = "") -> str:
    """1 day, 3 days, 2 business days; the sign is left to the sentence."""
    named = f"{unit} day" if unit else "day"
    return f"{abs(days)} {named}" if abs(days) == 1 else f"{abs(days)} {named}s"


def lag_text(days: int, unit: str = "") -> str:
    """How the right lies to the left: on the same day, 1 day earlier, 3 days later."""
    return "on the same day" if days == 0 else f"{days_text(days, unit)} {'later' if days > 0 else 'earlier'}"


def lag_texts(days: pl.Expr) -> pl.Expr:
    """The same for a column of days."""
    size = days.abs()
    counted = pl.concat_str(size.cast(pl.String), pl.when(size == 1).then(pl.lit(" day ")).otherwise(pl.lit(" days ")))
    way = pl.when(days > 0).then(pl.lit("later")).otherwise(pl.lit("earlier"))
    return pl.when(days == 0).then(pl.lit("on the same day")).otherwise(pl.concat_str(counted, way))
