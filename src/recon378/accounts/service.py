"""What people do with accounts: sign up, sign in, stay signed in, sign out, change their profile."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from recon378.accounts import store
from recon378.accounts.models import User, UserSession
from recon378.accounts.passwords import Passwords
from recon378.accounts.schemas import ProfileChange, SignIn, SignUp
from recon378.accounts.tokens import AccessToken, Tokens
from recon378.actor import Actor
from recon378.adapters.rates import Rates
from recon378.audit import service as audit
from recon378.audit.service import Subject
from recon378.errors import Conflict, Forbidden, TooMany, Unauthorised
from recon378.settings import Settings

ADDRESS_FACTOR = 6  # one address may be an office: it gets this many times the tries of one account


class SessionEnded(Unauthorised):
    """The refresh token is no longer good. What was found out is kept: a reused token ends its session."""

    commits = True


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a request without a known user comes from."""

    address: str
    user_agent: str
    request_id: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A user with a running session, and the tokens that the browser gets."""

    user: User
    session: UserSession
    access_token: str
    access_expires_at: datetime
    refresh_token: str
    csrf_token: str


async def sign_up(
    session: AsyncSession, settings: Settings, passwords: Passwords, tokens: Tokens, rates: Rates, data: SignUp, caller: Caller
) -> SignedIn:
    """Make an account; the first one administers the platform.

    Raises Forbidden where registration is closed, Conflict where the e-mail address is taken, TooMany after too many tries.
    """
    await count_try(rates, settings.sign_in_tries_per_minute, data.email.lower(), caller.address)
    password_hash = await passwords.hash(data.password)
    await store.lock_sign_up(session)
    is_first = not await store.has_users(session)
    if not is_first and not settings.registration_open:
        raise Forbidden("Registration is closed: ask an administrator for an account.")
    if await store.user_by_email(session, data.email):
        raise Conflict("There is already an account with this e-mail address: sign in instead.", field="email")
    user = User(email=data.email.lower(), name=data.name, password_hash=password_hash, is_administrator=is_first)
    session.add(user)
    await session.flush()
    await session.refresh(user)
    signed_in = await open_session(session, settings, tokens, user, caller)
    await audit.record(
        session, actor_of(user, caller), "user.sign_up", Subject("user", user.id), after={"email": user.email, "name": user.name}
    )
    return signed_in


async def sign_in(
    session: AsyncSession, settings: Settings, passwords: Passwords, tokens: Tokens, rates: Rates, data: SignIn, caller: Caller
) -> SignedIn:
    """Open a session. Raises Unauthorised for a wrong pair, without saying which half; TooMany after too many tries."""
    email = data.email.lower()
    await count_try(rates, settings.sign_in_tries_per_minute, email, caller.address)
    user = await store.user_by_email(session, email)
    verified = await passwords.verify(user.password_hash if user else None, data.password)
    if user is None or not verified or not user.is_active:
        raise Unauthorised("The e-mail address or the password is wrong.")
    await rates.forget("sign-in", email, settings.sign_in_tries_per_minute)
    if passwords.is_outdated(user.password_hash):
        user.password_hash = await passwords.hash(data.password)
    signed_in = await open_session(session, settings, tokens, user, caller)
    await audit.record(session, actor_of(user, caller), "user.sign_in", Subject("user", user.id))
    return signed_in


async def count_try(rates: Rates, per_minute: int, email: str, address: str) -> None:
    for limit, key in ((per_minute, email), (per_minute * ADDRESS_FACTOR, address)):
        if not await rates.hit("sign-in", key, limit):
            raise TooMany(
                f"More than {limit} tries to sign in within a minute: wait a minute, then try again.", retry_after_seconds=60
            )


async def open_session(session: AsyncSession, settings: Settings, tokens: Tokens, user: User, caller: Caller) -> SignedIn:
    now = datetime.now(UTC)
    opened = UserSession(
        user_id=user.id,
        generation=1,
        rotated_at=now,
        expires_at=now + timedelta(days=settings.refresh_token_days),
        address=caller.address,
        user_agent=caller.user_agent[:500],
    )
    session.add(opened)
    await session.flush()
    return with_tokens(tokens, user, opened, now)


async def refresh(session: AsyncSession, settings: Settings, tokens: Tokens, refresh_token: str, caller: Caller) -> SignedIn:
    """Go on with a session and rotate its refresh token.

    The one before is good for `refresh_grace_seconds` and answered with the same successor.

    Raises SessionEnded: unknown, over, revoked, or reused, which revokes the whole family.
    """
    now = datetime.now(UTC)
    read = tokens.read_refresh(refresh_token)
    found = await store.locked_session(session, read[0]) if read else None
    if read is None or found is None:
        raise SessionEnded("The session is unknown: sign in again.")
    opened, user = found
    if opened.revoked_at is not None or opened.expires_at <= now or not user.is_active:
        raise SessionEnded("The session has ended: sign in again.")
    age_seconds = (now - opened.rotated_at).total_seconds()
    if read[1] == opened.generation:
        opened.generation, opened.rotated_at = opened.generation + 1, now
        opened.expires_at = now + timedelta(days=settings.refresh_token_days)
    elif read[1] != opened.generation - 1 or age_seconds > settings.refresh_grace_seconds:
        await store.revoke_session(session, opened.id, "reuse")
        await audit.record(
            session,
            actor_of(user, caller),
            "session.reuse",
            Subject("session", opened.id),
            reason="An old refresh token was used again.",
        )
        raise SessionEnded("The session was ended, because an old token of it was used again: sign in again.")
    return with_tokens(tokens, user, opened, now)


async def sign_out(session: AsyncSession, actor: Actor, token: AccessToken) -> None:
    """End this session; its access token is refused from now on."""
    if await store.revoke_session(session, token.session_id, "signed out"):
        await audit.record(session, actor, "user.sign_out", Subject("user", actor.user_id))


async def current(session: AsyncSession, tokens: Tokens, actor: Actor, token: AccessToken) -> tuple[User, str]:
    """The signed-in user and the CSRF token of the session."""
    return await own_user(session, actor), tokens.csrf(token.session_id)


async def change_profile(session: AsyncSession, actor: Actor, change: ProfileChange) -> User:
    user = await own_user(session, actor)
    before, user.name = user.name, change.name
    await session.flush()
    await audit.record(
        session, actor, "user.change", Subject("user", user.id), before={"name": before}, after={"name": user.name}
    )
    return user


async def setup(session: AsyncSession, settings: Settings) -> tuple[bool, bool]:
    """Whether there are users, and whether one may sign up now."""
    has_users = await store.has_users(session)
    return has_users, settings.registration_open or not has_users


async def own_user(session: AsyncSession, actor: Actor) -> User:
    user = await store.user_by_id(session, actor.user_id)
    if user is None:
        raise Unauthorised("Your account is gone: sign in again.")
    return user


def with_tokens(tokens: Tokens, user: User, opened: UserSession, now: datetime) -> SignedIn:
    access_token, expires_at = tokens.access(user.id, opened.id, user.security_stamp, now)
    return SignedIn(user, opened, access_token, expires_at, tokens.refresh(opened.id, opened.generation), tokens.csrf(opened.id))


def actor_of(user: User, caller: Caller) -> Actor:
    return Actor(user.id, user.name, user.email, user.is_administrator, caller.address, caller.request_id)
