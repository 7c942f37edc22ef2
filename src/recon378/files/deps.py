"""What routes that list and download share: the size of a page, and headers under which a browser saves instead of shows."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Query

from recon378.paging import PAGE_ROWS, PAGE_ROWS_MAX

Limit = Annotated[int, Query(ge=1, le=PAGE_ROWS_MAX, description="rows of a page")]
Cursor = Annotated[str | None, Query(max_length=1000, description="`next_cursor` of the page before")]
LIMIT_DEFAULT = PAGE_ROWS


def attachment(name: str) -> dict[str, str]:
    """Headers of a download: saved under `name`, never sniffed, never run."""
    plain = "".join(
        character if character.isascii() and character.isprintable() and character not in '"\\%' else "_" for character in name
    )
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }
