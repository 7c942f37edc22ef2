"""The settings of the platform: the only reader of the environment. Every name here is the variable RECON378_<NAME>."""

import os
import secrets
import sys
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SECRET_LENGTH_MIN = 32


class SettingsInvalid(Exception):
    """The environment does not make a platform; the message names the variable and what to do."""


class Settings(BaseSettings):
    """All that can be configured, with limits that carry their unit in the name."""

    model_config = SettingsConfigDict(env_prefix="RECON378_", frozen=True, extra="ignore")

    environment: Literal["development", "test", "production"] = "development"
    data_directory: Path = Field(default_factory=lambda: default_data_directory())

    # where it listens and how the world sees it
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 3780
    public_url: str | None = None
    cookie_secure: bool | None = Field(default=None, description="default: whether public_url is https, always in production")
    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="addresses or networks whose X-Forwarded-For counts"
    )

    # database
    database_url: SecretStr | None = Field(
        default=None, description="postgresql://…; without it an embedded PostgreSQL is started"
    )
    database_connections_max: Annotated[int, Field(ge=2, le=500)] = 20
    database_statement_timeout_seconds: Annotated[float, Field(gt=0)] = 30
    database_durable: bool = Field(default=True, description="fsync of the embedded PostgreSQL; off only for throw-away data")

    # secrets: the first signs, all verify, so that a key can be changed without signing everybody out
    secret_key: SecretStr | None = None
    previous_secret_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()

    # sessions
    sign_up_open: bool | None = Field(default=None, description="default: open in development, closed in production")
    access_token_seconds: Annotated[int, Field(ge=30, le=3600)] = 600
    refresh_token_days: Annotated[int, Field(ge=1, le=365)] = 30
    refresh_grace_seconds: Annotated[int, Field(ge=0, le=300)] = 20
    sign_in_tries_per_minute: Annotated[int, Field(ge=1)] = 10

    # limits
    body_limit_bytes: Annotated[int, Field(ge=1024)] = 2 * 1024**2
    upload_limit_bytes: Annotated[int, Field(ge=1024)] = 8 * 1024**3
    upload_chunk_limit_bytes: Annotated[int, Field(ge=1024)] = 16 * 1024**2
    upload_life_hours: Annotated[float, Field(gt=0, description="of an upload that nobody adds to")] = 72
    uploads_open_max: Annotated[int, Field(ge=1, description="of one user")] = 100
    requests_per_minute: Annotated[int, Field(ge=1, description="of one user or, before sign-in, one address")] = 3000
    event_replay_messages: Annotated[int, Field(ge=1)] = 1000

    # worker
    worker_processes: Annotated[int, Field(ge=0, le=64, description="workers that `recon378 serve` starts beside the API")] = 1
    job_lease_seconds: Annotated[float, Field(ge=1)] = 20
    job_heartbeat_seconds: Annotated[float, Field(gt=0)] = 4
    job_poll_seconds: Annotated[float, Field(gt=0)] = 2
    job_attempts_max: Annotated[int, Field(ge=1)] = 5
    job_drain_seconds: Annotated[float, Field(ge=0)] = 5
    read_memory_limit_bytes: Annotated[int, Field(ge=64 * 1024**2)] = 4 * 1024**3
    read_cpu_limit_seconds: Annotated[int, Field(ge=1)] = 600
    read_wall_limit_seconds: Annotated[int, Field(ge=1)] = 900

    log_format: Literal["json", "console"] | None = Field(default=None, description="default: console in development, else json")
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("cors_origins", "trusted_proxies", "previous_secret_keys", mode="before")
    @classmethod
    def split_commas(cls, value: object) -> object:
        """Let lists be written as one comma-separated variable."""
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @model_validator(mode="after")
    def refuse_defaults_in_production(self) -> Self:
        if self.job_heartbeat_seconds * 2 > self.job_lease_seconds:
            raise ValueError("RECON378_JOB_LEASE_SECONDS must be at least twice RECON378_JOB_HEARTBEAT_SECONDS.")
        if self.secret_key is not None and len(self.secret_key.get_secret_value()) < SECRET_LENGTH_MIN:
            raise ValueError(f"RECON378_SECRET_KEY needs at least {SECRET_LENGTH_MIN} characters.")
        if self.environment != "production":
            return self
        if self.secret_key is None:
            raise ValueError(
                "RECON378_SECRET_KEY must be set in production, for example to the output of `openssl rand -hex 32`."
            )
        if self.public_url is None or not self.public_url.startswith("https://"):
            raise ValueError("RECON378_PUBLIC_URL must be set to the https address of the platform in production.")
        if not self.database_durable:
            raise ValueError("RECON378_DATABASE_DURABLE cannot be off in production.")
        return self

    @property
    def cookies_secure(self) -> bool:
        if self.cookie_secure is not None:
            return self.cookie_secure
        return self.environment == "production" or (self.public_url or "").startswith("https://")

    @property
    def registration_open(self) -> bool:
        return self.environment != "production" if self.sign_up_open is None else self.sign_up_open

    @property
    def logs_as_json(self) -> bool:
        return (self.log_format or ("console" if self.environment == "development" else "json")) == "json"

    @property
    def own_origins(self) -> frozenset[str]:
        """Origins from which a browser may write with our cookies, besides the one that equals the Host header."""
        public = urlsplit(self.public_url) if self.public_url else None
        return frozenset(self.cors_origins) | ({f"{public.scheme}://{public.netloc}"} if public else set())

    @cached_property
    def signing_keys(self) -> tuple[str, ...]:
        """Keys for tokens, the current one first.

        In development the current one is made on the first start and kept in the data directory, readable by its owner only.
        """
        if self.secret_key is not None:
            current = self.secret_key.get_secret_value()
        elif self.environment == "test":
            current = "tests need no secret, and no file for it"
        else:
            current = kept_secret(self.data_directory / "secret.key")
        return (current, *(key.get_secret_value() for key in self.previous_secret_keys))


def load_settings() -> Settings:
    """Read the environment. Raises SettingsInvalid with one sentence."""
    try:
        return Settings()
    except ValidationError as invalid:
        raise SettingsInvalid(sentence(invalid)) from invalid


def sentence(invalid: ValidationError) -> str:
    first = invalid.errors()[0]
    if not first["loc"]:
        return first["msg"].removeprefix("Value error, ")
    return f"RECON378_{'_'.join(str(part) for part in first['loc']).upper()}: {first['msg']}."


def kept_secret(path: Path) -> str:
    """The secret in `path`, made on the first call. Two processes that start together get the same one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    if not path.exists():
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def default_data_directory() -> Path:
    """Where the platform keeps its data unless told: /var/lib for root, else the user's own data folder."""
    if os.geteuid() == 0:
        return Path("/var/lib/recon378")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "recon378"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "recon378"  # noqa: TID251 - this is the one reader
