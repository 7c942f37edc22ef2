"""Sign-up, sign-in, sessions and the own profile."""

from fastapi import APIRouter, Request, Response

from recon378.accounts import cookies, service
from recon378.accounts.deps import CurrentActor, CurrentCaller, CurrentPlatform, CurrentToken, Session
from recon378.accounts.schemas import ProfileChange, SessionOut, SetupOut, SignIn, SignUp, UserOut
from recon378.accounts.service import SessionEnded, SignedIn
from recon378.problems import problems

router = APIRouter(tags=["accounts"])


@router.get("/auth/setup")
async def get_setup(session: Session, platform: CurrentPlatform) -> SetupOut:
    """Tell a visitor whether to sign up or to sign in."""
    has_users, sign_up_open = await service.setup(session, platform.settings)
    return SetupOut(has_users=has_users, sign_up_open=sign_up_open)


@router.post("/auth/sign-up", status_code=201, responses=problems(403, 409, 422, 429))
async def sign_up(
    data: SignUp, session: Session, platform: CurrentPlatform, caller: CurrentCaller, response: Response
) -> SessionOut:
    """Make an account and sign in; the first account administers the platform."""
    signed_in = await service.sign_up(
        session, platform.settings, platform.passwords, platform.tokens, platform.rates, data, caller
    )
    return answer(platform, response, signed_in)


@router.post("/auth/sign-in", responses=problems(401, 422, 429))
async def sign_in(
    data: SignIn, session: Session, platform: CurrentPlatform, caller: CurrentCaller, response: Response
) -> SessionOut:
    """Open a session with e-mail address and password."""
    signed_in = await service.sign_in(
        session, platform.settings, platform.passwords, platform.tokens, platform.rates, data, caller
    )
    return answer(platform, response, signed_in)


@router.post("/auth/refresh", responses=problems(401, 403))
async def refresh_session(
    request: Request, session: Session, platform: CurrentPlatform, caller: CurrentCaller, response: Response
) -> SessionOut:
    """Go on with a session whose access token has run out. Reuse of an old refresh token ends the session."""
    token = cookies.read(request, cookies.REFRESH, platform.settings)
    if token is None:
        raise SessionEnded("There is no session to go on with: sign in.")
    signed_in = await service.refresh(session, platform.settings, platform.tokens, token, caller)
    return answer(platform, response, signed_in)


@router.post("/auth/sign-out", status_code=204, responses=problems(401, 403))
async def sign_out(
    actor: CurrentActor, token: CurrentToken, session: Session, platform: CurrentPlatform, response: Response
) -> None:
    """End this session everywhere."""
    await service.sign_out(session, actor, token)
    platform.actors.forget(token.session_id)
    cookies.clear(response, platform.settings)


@router.get("/auth/session", responses=problems(401))
async def get_session(actor: CurrentActor, token: CurrentToken, session: Session, platform: CurrentPlatform) -> SessionOut:
    """Who is signed in, and the CSRF token for writes."""
    user, csrf_token = await service.current(session, platform.tokens, actor, token)
    return SessionOut(user=UserOut.model_validate(user), csrf_token=csrf_token, expires_at=token.expires_at)


@router.patch("/me", responses=problems(401, 403, 422))
async def change_profile(change: ProfileChange, actor: CurrentActor, session: Session) -> UserOut:
    """Change the own name."""
    return UserOut.model_validate(await service.change_profile(session, actor, change))


def answer(platform: CurrentPlatform, response: Response, signed_in: SignedIn) -> SessionOut:
    cookies.write(response, signed_in, platform.settings)
    user = UserOut.model_validate(signed_in.user)
    return SessionOut(user=user, csrf_token=signed_in.csrf_token, expires_at=signed_in.access_expires_at)
