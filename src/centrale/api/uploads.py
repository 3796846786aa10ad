"""Files that come with a request: received in parts, kept below the home while they are looked at."""

from __future__ import annotations

import asyncio
import re
import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

from fastapi import Request, UploadFile

from centrale.accounts.errors import Invalid
from centrale.api.problems import ProblemError
from centrale.api.services import ApiServices
from centrale.voice.conversion import LARGEST, NotConverted

LARGEST_UPLOAD = LARGEST + 1024 * 1024
"""Bytes of a body: a file, and the form around it."""

_TAKES_FILES = re.compile(r"/api/v1/(accounts/[^/]+/(sounds|music)|(accounts/[^/]+|me)/contacts/import)")


def takes_files(method: str, path: str) -> bool:
    """Is it an address to which files are sent?"""
    return method == "POST" and _TAKES_FILES.fullmatch(path) is not None


async def form_only(request: Request) -> None:
    """Refuses what is no form, rather than saying of each field that it is missing."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        detail = "Send a form (multipart/form-data) with the file in its field “file”."
        raise ProblemError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail)


@asynccontextmanager
async def converted(services: ApiServices, file: UploadFile, *, gain: float = 0.0) -> AsyncIterator[Path]:
    """The uploaded sound as WAV of 8 kHz, mono, 16 bits, to be moved away in the block. Raises `Invalid`."""
    async with arriving(services) as place:
        try:
            await asyncio.to_thread(_keep, file, place / "sent")
            await services.converter.convert(place / "sent", place / "sound.wav", gain=gain)
        except NotConverted as refusal:
            raise Invalid.field("file", str(refusal), refusal.code) from refusal
        except OSError as problem:
            detail = f"The sound cannot be kept now: {problem.strerror or problem}. Is the exchange's disk full?"
            raise ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, detail) from problem
        yield place / "sound.wav"


@asynccontextmanager
async def arriving(services: ApiServices) -> AsyncIterator[Path]:
    """A folder for what is not anybody's yet, on the disk of the home; it goes with the block."""
    place = services.settings.home / "arriving" / secrets.token_hex(8)
    await asyncio.to_thread(place.mkdir, parents=True)
    try:
        yield place
    finally:
        await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)


def name_of(name: str | None, file: UploadFile) -> str:
    """What it is to be called: as was said, else after the file."""
    stem = "".join(letter for letter in Path(file.filename or "").stem if letter.isprintable()).strip()
    return name or stem[:80] or "Sound"


def _keep(file: UploadFile, path: Path) -> None:
    with path.open("wb") as kept:
        shutil.copyfileobj(file.file, kept)
