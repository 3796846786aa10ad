"""Our own registrations at carriers (RFC 3261 §10): pushed to Asterisk, which keeps them in memory only."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from centrale.telephony.asterisk.ari_errors import AriError, NotFound
from centrale.telephony.asterisk.client import AriClient

log = structlog.get_logger(__name__)

_PATH = "asterisk/config/dynamic/res_pjsip/registration"


async def register(client: AriClient, endpoint: str, fields: Mapping[str, str]) -> None:
    """Have Asterisk register as `fields` say (`configuration.registration_fields`), now and from now on.

    A refusal is logged and not raised: the other trunks, and the calls, go on.
    """
    body = {"fields": [{"attribute": name, "value": value} for name, value in fields.items()]}
    try:
        await client.request("PUT", f"{_PATH}/{endpoint}", body=body)
    except AriError as problem:
        log.error("a trunk cannot register", trunk=endpoint, problem=str(problem))


async def forget(client: AriClient, endpoint: str) -> None:
    """Have Asterisk log off there; nothing to do when it does not register there."""
    try:
        await client.request("DELETE", f"{_PATH}/{endpoint}")
    except NotFound:
        return
    except AriError as problem:
        log.error("a trunk's registration cannot be ended", trunk=endpoint, problem=str(problem))
