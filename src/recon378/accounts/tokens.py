"""The tokens of a session: a short access token (JWT), a refresh token and a CSRF token, all made from the settings' keys.

Each purpose has its own derived key. The first key signs, all verify, so that keys can be changed without signing everybody out.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt

ALGORITHM = "HS256"
AUDIENCE = "recon378"
REQUIRED_CLAIMS = ["exp", "iat", "aud", "sub", "sid", "stamp"]


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What a valid access token says: the user, the session, and the security stamp that both had when it was made."""

    user_id: UUID
    session_id: UUID
    security_stamp: UUID
    expires_at: datetime


class Tokens:
    """Makes and checks tokens; all checks answer None for what is not ours, whatever is wrong with it."""

    def __init__(self, signing_keys: tuple[str, ...], access_token_seconds: int) -> None:
        self.access_token_seconds = access_token_seconds
        self.access_keys = {key_id(key): derived(key, "access") for key in signing_keys}
        self.refresh_keys = [derived(key, "refresh") for key in signing_keys]
        self.csrf_keys = [derived(key, "csrf") for key in signing_keys]

    def access(self, user_id: UUID, session_id: UUID, security_stamp: UUID, now: datetime) -> tuple[str, datetime]:
        """A signed access token and when it ends."""
        expires_at = now + timedelta(seconds=self.access_token_seconds)
        claims = {
            "sub": str(user_id),
            "sid": str(session_id),
            "stamp": str(security_stamp),
            "aud": AUDIENCE,
            "iat": now,
            "exp": expires_at,
        }
        current_id, current_key = next(iter(self.access_keys.items()))
        return jwt.encode(claims, current_key, ALGORITHM, headers={"kid": current_id}), expires_at

    def read_access(self, token: str) -> AccessToken | None:
        try:
            key = self.access_keys[jwt.get_unverified_header(token)["kid"]]
            claims = jwt.decode(token, key, [ALGORITHM], audience=AUDIENCE, options={"require": REQUIRED_CLAIMS})
            expires_at = datetime.fromtimestamp(claims["exp"], UTC)
            return AccessToken(UUID(claims["sub"]), UUID(claims["sid"]), UUID(claims["stamp"]), expires_at)
        except (jwt.InvalidTokenError, KeyError, ValueError, TypeError, AttributeError):
            return None

    def refresh(self, session_id: UUID, generation: int) -> str:
        """The refresh token of a generation. Derived, not stored: it can be sent again when an answer was lost."""
        return f"{session_id}.{generation}.{signature(self.refresh_keys[0], f'{session_id}.{generation}')}"

    def read_refresh(self, token: str) -> tuple[UUID, int] | None:
        """The session and the generation of a refresh token that we made."""
        session, _, rest = token.partition(".")
        generation, _, given = rest.partition(".")
        signed = f"{session}.{generation}"
        if not any(hmac.compare_digest(signature(key, signed), given) for key in self.refresh_keys):
            return None
        return UUID(session), int(generation)

    def csrf(self, session_id: UUID) -> str:
        return signature(self.csrf_keys[0], str(session_id))

    def is_csrf(self, token: str, session_id: UUID) -> bool:
        return any(hmac.compare_digest(signature(key, str(session_id)).encode(), token.encode()) for key in self.csrf_keys)


def derived(key: str, purpose: str) -> bytes:
    return hmac.digest(key.encode(), f"recon378 {purpose}".encode(), "sha256")


def key_id(key: str) -> str:
    return hashlib.sha256(derived(key, "key id")).hexdigest()[:12]


def signature(key: bytes, content: str) -> str:
    return hmac.new(key, content.encode(), "sha256").hexdigest()
