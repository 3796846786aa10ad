"""The portal: the built files of `portal/`, served by this process under a strict Content-Security-Policy (PTL-1)."""

from __future__ import annotations

import mimetypes
import secrets
from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI, Request, Response
from starlette.responses import FileResponse, HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

FILES = Path(__file__).parent.parent / "portal_files"

_NONCE = "__NONCE__"
"""Stands in the built page where each answer gets a word of its own."""

_NOT_BUILT = (
    "<!doctype html><title>Centrale</title><p>The portal's pages are not built: run <code>make portal</code>. "
    'The <a href="/docs">API</a> works without them.'
)

_FOREVER = "public, max-age=31536000, immutable"
"""For files whose name holds a digest of what is in them."""


def install(app: FastAPI) -> None:
    """Whatever no route answers to is a file or a page of the portal, when a browser asks for one."""
    app.router.default = Portal(app.router.default)


class Portal:
    """ASGI application: the pages, else what would have answered without them."""

    def __init__(self, otherwise: ASGIApp) -> None:
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = _answer(Request(scope)) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        await (answer or self._otherwise)(scope, receive, send)


def _answer(request: Request) -> Response | None:
    path = request.url.path.lstrip("/")
    file = _file(path)
    if file is not None:
        return _sent(file, request)
    if path.startswith(("api/", "assets/")) or "text/html" not in request.headers.get("accept", ""):
        return None
    return _page()


def policy(nonce: str) -> str:
    """Nothing but our own files; style elements only with `nonce`; nobody frames us."""
    return (
        "default-src 'none'; script-src 'self'; connect-src 'self'; font-src 'self'; manifest-src 'self'; "
        f"img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self' 'nonce-{nonce}'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )


def _file(path: str) -> Path | None:
    """The built file at `path`, which can lead nowhere else."""
    if not path or path == "index.html" or "\0" in path:
        return None
    file = (FILES / path).resolve()
    try:
        return file if file.is_relative_to(FILES.resolve()) and file.is_file() else None
    except OSError:  # such as a name that is longer than any file's
        return None


def _sent(file: Path, request: Request) -> Response:
    headers = {"Cache-Control": _FOREVER if file.parent.name == "assets" else "no-cache", "Vary": "Accept-Encoding"}
    zipped = file.with_name(f"{file.name}.gz")
    if "gzip" in request.headers.get("accept-encoding", "") and zipped.is_file():
        media, _ = mimetypes.guess_type(file.name)
        return FileResponse(zipped, media_type=media, headers={**headers, "Content-Encoding": "gzip"})
    return FileResponse(file, headers=headers)


def _page() -> Response:
    try:
        # Each time anew: the pages may be built while we run, and then the parts that the one before names will go.
        index = (FILES / "index.html").read_text(encoding="utf-8")
    except FileNotFoundError:
        return HTMLResponse(_NOT_BUILT, status_code=HTTPStatus.SERVICE_UNAVAILABLE)
    nonce = secrets.token_urlsafe(16)
    headers = {"Content-Security-Policy": policy(nonce), "Cache-Control": "no-store"}
    return HTMLResponse(index.replace(_NONCE, nonce), headers=headers)
