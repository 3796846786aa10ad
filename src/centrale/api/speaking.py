"""The language of an answer: what the address asks for, else what the browser prefers, else English."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Depends, Query, Request, Response
from starlette.datastructures import Headers

from centrale.wording.catalogue import Language

_RANGE = re.compile(r"([A-Za-z*]{1,8})(?:-[A-Za-z0-9-]*)?\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?))?")


def preferred(headers: Headers) -> Language:
    """What `Accept-Language` (RFC 9110) asks for most, of what we speak. Nonsense asks for nothing."""
    wishes: dict[Language, float] = {}
    for part in headers.get("accept-language", "")[:500].split(","):
        found = _RANGE.fullmatch(part.strip())
        if found is not None and found[1].lower() in set(Language):
            language = Language(found[1].lower())
            wishes[language] = max(wishes.get(language, 0.0), float(found[2] or 1))
    # Of equals, the one named first.
    best = max(wishes, key=lambda language: wishes[language], default=Language.ENGLISH)
    return best if wishes.get(best, 0) > 0 else Language.ENGLISH


async def _spoken(
    request: Request,
    response: Response,
    language: Annotated[Language | None, Query(title="Language", description="Else Accept-Language counts.")] = None,
) -> Language:
    spoken = language or preferred(request.headers)
    response.headers["Content-Language"] = spoken
    response.headers.append("Vary", "Accept-Language")
    return spoken


Spoken = Annotated[Language, Depends(_spoken)]
"""The language that the one who asks reads."""
