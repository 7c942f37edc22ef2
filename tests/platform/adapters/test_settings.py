"""The settings: what the environment may say, and what a start refuses."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from recon378.settings import Settings, SettingsInvalid, kept_secret, load_settings

GOOD = {
    "RECON378_ENVIRONMENT": "production",
    "RECON378_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "RECON378_PUBLIC_URL": "https://recon.example",
    "RECON378_DATABASE_URL": "postgresql://user:password@host/recon378",
}


def with_environment(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return load_settings()


def test_production_starts_with_its_own_secret_and_address(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = with_environment(monkeypatch, GOOD)
    assert settings.cookies_secure is True
    assert settings.registration_open is False
    assert settings.own_origins == {"https://recon.example"}
    assert settings.signing_keys == ("0123456789abcdef0123456789abcdef",)
    assert "0123456789abcdef" not in repr(settings)
    assert "password@" not in repr(settings)


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("RECON378_SECRET_KEY", None, "RECON378_SECRET_KEY must be set"),
        ("RECON378_SECRET_KEY", "short", "at least 32 characters"),
        ("RECON378_PUBLIC_URL", None, "RECON378_PUBLIC_URL must be set"),
        ("RECON378_PUBLIC_URL", "http://recon.example", "https"),
        ("RECON378_DATABASE_DURABLE", "false", "RECON378_DATABASE_DURABLE cannot be off"),
        ("RECON378_PORT", "many", "RECON378_PORT: "),
        ("RECON378_JOB_LEASE_SECONDS", "5", "at least twice"),
    ],
)
def test_a_start_refuses_what_is_unsafe_or_wrong(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str | None, sentence: str
) -> None:
    changed = {name: text for name, text in GOOD.items() if name != variable} | ({variable: value} if value else {})
    with pytest.raises(SettingsInvalid, match=sentence) as refused:
        with_environment(monkeypatch, changed)
    assert "\n" not in str(refused.value)


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = with_environment(monkeypatch, {"RECON378_CORS_ORIGINS": "https://a.example, https://b.example,"})
    assert settings.cors_origins == ("https://a.example", "https://b.example")


def test_development_makes_its_secret_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first, second = (Settings(data_directory=tmp_path) for _ in range(2))
    assert first.signing_keys == second.signing_keys
    assert len(first.signing_keys[0]) >= 32
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert kept_secret(tmp_path / "secret.key") == first.signing_keys[0]
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_old_keys_still_verify(tmp_path: Path) -> None:
    settings = Settings(secret_key=SecretStr("n" * 32), previous_secret_keys=(SecretStr("o" * 32),), data_directory=tmp_path)
    assert settings.signing_keys == ("n" * 32, "o" * 32)


def test_every_setting_is_in_the_documentation() -> None:
    documented = (Path(__file__).parents[3] / "docs" / "settings.md").read_text()
    assert [name for name in Settings.model_fields if f"`RECON378_{name.upper()}`" not in documented] == []
