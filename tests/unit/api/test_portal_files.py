"""The portal's pages come from this process, under a policy that lets nothing else in (issue 5.7)."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from api_world import ApiWorld

from centrale.api import portal

BROWSER = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture(autouse=True)
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pages as the build leaves them."""
    files = tmp_path / "portal_files"
    (files / "assets").mkdir(parents=True)
    (files / "index.html").write_text('<meta name="csp-nonce" content="__NONCE__">portal')
    (files / "assets" / "index-abc.js").write_text("start()")
    (files / "assets" / "index-abc.js.gz").write_bytes(gzip.compress(b"start()"))
    (tmp_path / "secret.txt").write_text("the key to the house")
    monkeypatch.setattr(portal, "FILES", files)
    return files


@pytest.mark.parametrize("path", ["/", "/accounts/1/extensions", "/choose-password"])
async def test_every_page_of_the_portal_is_the_one_page(world: ApiWorld, path: str) -> None:
    page = await (await world.client()).get(path, headers=BROWSER)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.text.endswith("portal")


async def test_each_answer_has_a_nonce_of_its_own_that_the_policy_names(world: ApiWorld) -> None:
    stranger = await world.client()
    seen = set()
    for _ in range(3):
        page = await stranger.get("/", headers=BROWSER)
        (nonce,) = re.findall(r'content="([^"]+)"', page.text)
        policy = page.headers["content-security-policy"]
        assert f"style-src 'self' 'nonce-{nonce}'" in policy
        assert "script-src 'self';" in policy
        assert "default-src 'none';" in policy
        for nobody in ("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
            assert nobody in policy
        assert "unsafe" not in policy
        assert "http" not in policy, "no third-party host"
        seen.add(nonce)
    assert len(seen) == 3


async def test_files_with_a_digest_in_their_name_are_kept_by_browsers(world: ApiWorld) -> None:
    stranger = await world.client()
    zipped = await stranger.get("/assets/index-abc.js", headers={"Accept-Encoding": "gzip"})
    plain = await stranger.get("/assets/index-abc.js", headers={"Accept-Encoding": "identity"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    for answer in (zipped, plain):
        assert answer.text == "start()"
        assert "immutable" in answer.headers["cache-control"]
        assert "javascript" in answer.headers["content-type"]


@pytest.mark.parametrize(
    "path",
    [
        "/assets/gone-123.js",
        f"/assets/{'x' * 300}",
        "/api/v3/accounts",
        "/%2e%2e/secret.txt",
        "/assets/..%2f..%2fsecret.txt",
    ],
)
async def test_what_is_not_there_is_no_page(world: ApiWorld, path: str) -> None:
    answer = await world.platform.get(path, headers={"Accept": "*/*"})
    assert answer.status_code == 404
    assert "the key to the house" not in answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_without_built_pages_it_says_how_to_build_them(world: ApiWorld, built: Path) -> None:
    (built / "index.html").unlink()
    page = await (await world.client()).get("/", headers=BROWSER)
    assert page.status_code == 503
    assert "make portal" in page.text


async def test_pages_that_are_built_while_it_runs_are_served_at_once(world: ApiWorld, built: Path) -> None:
    stranger = await world.client()
    assert (await stranger.get("/", headers=BROWSER)).text.endswith("portal")
    (built / "index.html").write_text("renewed portal")
    page = await stranger.get("/", headers=BROWSER)
    assert page.text == "renewed portal"
    assert page.headers["cache-control"] == "no-store", "its parts have other names in each build"
