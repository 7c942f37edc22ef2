"""Users and sessions on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, EmailStr, Field

Password = Annotated[str, Field(min_length=12, max_length=256)]


class SignUp(BaseModel):
    email: EmailStr
    name: Annotated[str, Field(min_length=1, max_length=120)]
    password: Password


class SignIn(BaseModel):
    email: EmailStr
    password: Annotated[str, Field(min_length=1, max_length=256)]


class UserOut(BaseModel):
    id: UUID
    email: str
    name: str
    is_administrator: bool
    created_at: datetime


class SessionOut(BaseModel):
    """The signed-in user. The tokens themselves travel in HttpOnly cookies; `csrf_token` goes into X-CSRF-Token of every write."""

    user: UserOut
    csrf_token: str
    expires_at: datetime


class SetupOut(BaseModel):
    """Whether the platform already has a user; the first one to sign up becomes its administrator."""

    has_users: bool
    sign_up_open: bool


class ProfileChange(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=120)]
