"""Answers that are written as JSON at once.

FastAPI looks at every field of an answer before it writes it. What comes out of our own tables was looked at when it
went in, and a list has thousands of fields: a route that gives such a list names its model for the description only
(`response_model`), and gives what is made here. It comes out as FastAPI would write it:
`tests/unit/api/test_api_lists.py` compares.
"""

from __future__ import annotations

import orjson
from fastapi import Response

_MEDIA_TYPE = "application/json"


def answer(content: object, beside: Response | None = None) -> Response:
    """`content` as JSON: mappings, lists, texts, numbers, choices and instants.

    `beside`: the `response` that FastAPI gives a route, with what has been said there about the answer: its language
    (`Spoken`), its version.
    """
    made = Response(orjson.dumps(content, option=orjson.OPT_UTC_Z), media_type=_MEDIA_TYPE)
    if beside is not None:
        made.headers.raw.extend(beside.headers.raw)
    return made
