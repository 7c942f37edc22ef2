"""Projects and members on the wire."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, EmailStr, StringConstraints

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
Description = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]


class MemberRole(StrEnum):
    VIEWER = "viewer"
    PREPARER = "preparer"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    OWNER = "owner"


class ProjectCreate(BaseModel):
    name: Name
    description: Description = ""


class ProjectChange(BaseModel):
    name: Name | None = None
    description: Description | None = None


class ProjectOut(BaseModel):
    id: UUID
    name: str
    description: str
    role: MemberRole
    created_at: datetime
    file_count: int
    job_count: int
    last_job_at: datetime | None
    open_suggestions: int


class MemberOut(BaseModel):
    user_id: UUID
    name: str
    email: str
    role: MemberRole
    joined_at: datetime


class MemberAdd(BaseModel):
    email: EmailStr
    role: MemberRole


class MemberChange(BaseModel):
    role: MemberRole
