"""The cookies of a session: `__Host-` names over https, the same names without the prefix on http, out of reach of scripts."""

from starlette.requests import HTTPConnection
from starlette.responses import Response

from recon378.accounts.service import SignedIn
from recon378.settings import Settings

ACCESS = "recon378_access"
REFRESH = "recon378_refresh"


def name_of(cookie: str, settings: Settings) -> str:
    return f"__Host-{cookie}" if settings.cookies_secure else cookie


def read(connection: HTTPConnection, cookie: str, settings: Settings) -> str | None:
    return connection.cookies.get(name_of(cookie, settings))


def write(response: Response, signed_in: SignedIn, settings: Settings) -> None:
    put(response, ACCESS, signed_in.access_token, settings.access_token_seconds, settings)
    put(response, REFRESH, signed_in.refresh_token, settings.refresh_token_days * 24 * 3600, settings)


def clear(response: Response, settings: Settings) -> None:
    for cookie in (ACCESS, REFRESH):
        put(response, cookie, "", 0, settings)


def put(response: Response, cookie: str, value: str, life_seconds: int, settings: Settings) -> None:
    secure = settings.cookies_secure
    response.set_cookie(
        name_of(cookie, settings), value, max_age=life_seconds, path="/", secure=secure, httponly=True, samesite="strict"
    )
