"""What Asterisk is told of trunks over ARI and keeps in memory only: where it registers, and which addresses it checks.

The objects themselves are made by `configuration.pushed_objects`. Asterisk also tries to write an address into the
realtime file, fails, and says so in its log ("Could not execute 'INSERT …"): that is as it should be.
"""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from centrale.telephony.asterisk.ari_errors import AriError, NotFound
from centrale.telephony.asterisk.client import AriClient

log = structlog.get_logger(__name__)

_PATH = "asterisk/config/dynamic/res_pjsip"


async def push(client: AriClient, key: str, fields: Mapping[str, str]) -> None:
    """Have Asterisk register, or check an address, as `fields` say, now and from now on.

    A refusal is logged and not raised: the other trunks, and the calls, go on.
    """
    body = {"fields": [{"attribute": name, "value": value} for name, value in fields.items()]}
    try:
        await client.request("PUT", f"{_PATH}/{key}", body=body)
    except AriError as problem:
        log.error("a trunk cannot be used in full", object=key, problem=str(problem))


async def forget(client: AriClient, key: str) -> None:
    """Have Asterisk log off there, or leave that address in peace; nothing to do when it does neither."""
    try:
        await client.request("DELETE", f"{_PATH}/{key}")
    except NotFound:
        return
    except AriError as problem:
        log.error("a trunk cannot be forgotten", object=key, problem=str(problem))
