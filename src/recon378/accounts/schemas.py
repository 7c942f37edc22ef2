"""Users and sessions on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, EmailStr, Field, StringConstraints

Password = Annotated[str, Field(min_length=12, max_length=256)]
PersonName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")
]


class SignUp(BaseModel):
    email: EmailStr
    name: PersonName
    password: Password


class SignIn(BaseModel):
    email: EmailStr
    password: Annotated[str, Field(min_length=1, max_length=256)]


class UserOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: str
    name: str
    is_administrator: bool
    created_at: datetime


class SessionOut(BaseModel):
    """The signed-in user. The tokens travel in HttpOnly cookies; `csrf_token` goes into X-CSRF-Token of every write."""

    user: UserOut
    csrf_token: str
    expires_at: datetime


class SetupOut(BaseModel):
    """Whether the platform already has a user; the first one to sign up becomes its administrator."""

    has_users: bool
    sign_up_open: bool


class ProfileChange(BaseModel):
    name: PersonName
