"""Queries over users and sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from recon378.accounts.models import User, UserSession

FIRST_USER_LOCK = 378_000_002


async def has_users(session: AsyncSession) -> bool:
    return bool((await session.execute(select(exists().select_from(User)))).scalar_one())


async def lock_sign_up(session: AsyncSession) -> None:
    """Let sign-ups go one by one until the commit, so that only one of them is the first."""
    await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": FIRST_USER_LOCK})


async def user_by_email(session: AsyncSession, email: str) -> User | None:
    return (await session.execute(select(User).where(User.email == email.lower()))).scalar_one_or_none()


async def user_by_id(session: AsyncSession, user_id: UUID) -> User | None:
    return await session.get(User, user_id)


async def locked_session(session: AsyncSession, session_id: UUID) -> tuple[UserSession, User] | None:
    """A session and its user, locked against another refresh until the commit."""
    statement = select(UserSession, User).join(User, User.id == UserSession.user_id).where(UserSession.id == session_id)
    row = (await session.execute(statement.with_for_update(of=UserSession))).one_or_none()
    return (row[0], row[1]) if row else None


async def live_user(session: AsyncSession, session_id: UUID, now: datetime) -> User | None:
    """The active user of a session that is neither revoked nor over."""
    statement = select(User).join(UserSession, UserSession.user_id == User.id)
    statement = statement.where(
        UserSession.id == session_id, UserSession.revoked_at.is_(None), UserSession.expires_at > now, User.is_active
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def revoke_session(session: AsyncSession, session_id: UUID, reason: str) -> bool:
    """End a session; false where it had ended before."""
    statement = update(UserSession).where(UserSession.id == session_id, UserSession.revoked_at.is_(None))
    done = await session.execute(statement.values(revoked_at=func.now(), revoked_reason=reason).returning(UserSession.id))
    return done.scalar_one_or_none() is not None
