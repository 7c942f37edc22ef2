"""The table of rights, read from `rights.toml`: the one place that says who may do what."""

import tomllib
from functools import cache
from importlib.resources import files

from recon378.projects.schemas import MemberRole

RANK = {role: rank for rank, role in enumerate(MemberRole)}
OUTSIDE_PROJECTS = ("anyone", "user", "administrator")


@cache
def rights() -> dict[str, str]:
    """Operation → least role, over all sections. Raises ValueError for an unknown role or a repeated operation."""
    table: dict[str, str] = {}
    for section in tomllib.loads(files("recon378.projects").joinpath("rights.toml").read_text()).values():
        for operation, least in section.items():
            if operation in table or least not in (*OUTSIDE_PROJECTS, *MemberRole):
                raise ValueError(f"rights.toml: {operation} = {least!r} stands there twice or names no role")
            table[operation] = least
    return table


def least_role(operation: str) -> MemberRole:
    """The least role in a project that may do `operation`."""
    return MemberRole(rights()[operation])


def allows(role: MemberRole, operation: str) -> bool:
    return RANK[role] >= RANK[least_role(operation)]
