"""The built front end, served by the API."""

from pathlib import Path

import pytest
from fastapi import FastAPI

from recon378.frontend import Frontend
from tests.platform.client import Client


@pytest.fixture
def built(app: FastAPI, tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>378</title>")
    (folder / "assets" / "index-1a2b3c.js").write_text("export {}")
    (folder / "manifest.webmanifest").write_text("{}")
    (tmp_path / "secret.txt").write_text("not for the world")
    app.router.default = Frontend(folder)
    return folder


@pytest.mark.usefixtures("built")
async def test_every_page_of_the_application_is_its_index(client: Client) -> None:
    for path in ("/", "/?projects", "/?x=1"):
        assert "<title>378</title>" in (await client.get(path)).text
    for path in ("/projects/7/jobs/8/review", "/sign-in"):
        response = await client.http.get(path)
        assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-cache")
        assert "<title>378</title>" in response.text


@pytest.mark.usefixtures("built")
async def test_hashed_assets_are_kept_for_ever_and_others_asked_for_anew(client: Client) -> None:
    asset = await client.http.get("/assets/index-1a2b3c.js")
    assert asset.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert asset.headers["Content-Type"].startswith("text/javascript")
    assert (await client.http.get("/manifest.webmanifest")).headers["Cache-Control"] == "no-cache"


@pytest.mark.usefixtures("built")
async def test_a_missing_asset_is_missing_and_not_a_page(client: Client) -> None:
    for path in ("/assets/gone-1a2b3c.js", "/favicon.png"):
        assert (await client.http.get(path)).status_code == 404


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/assets/%2e%2e/%2e%2e/secret.txt"]
)
async def test_nothing_outside_the_build_is_served(client: Client, path: str) -> None:
    assert "not for the world" not in (await client.http.get(path)).text


async def test_without_a_build_a_page_says_what_to_do(app: FastAPI, client: Client, tmp_path: Path) -> None:
    app.router.default = Frontend(tmp_path / "nothing")
    response = await client.http.get("/")
    assert response.status_code == 503
    assert "./run setup" in response.text


async def test_text_travels_compressed(client: Client) -> None:
    response = await client.http.get("/", headers={"Accept-Encoding": "gzip"})
    assert response.headers.get("Content-Encoding") == "gzip"
    assert "<!doctype html>" in response.text
