"""How a new leg is called: a phone at once, a trunk step by step.

A *phone* is originated by one request. Its channel comes into our application when it answers, and not before: until
then it only rings, and any verb but hanging up finds it gone. What it sends before the answer nobody can hear, so that
sound (183) is ringing too.

A *trunk* has to be heard before it answers (a carrier's announcements): its channel is created, comes into our
application, and is dialled there. That costs a tenth more CPU for each call (docs/guides/measuring.md).
"""

from __future__ import annotations

import asyncio
from urllib.parse import quote

import structlog

from centrale.telephony.asterisk import events
from centrale.telephony.asterisk.ari_errors import AriError, AriUnavailable
from centrale.telephony.asterisk.client import AriClient
from centrale.telephony.asterisk.configuration.dialplan import APPLICATION
from centrale.telephony.asterisk.headers import variables_of
from centrale.telephony.asterisk.legs import FollowedLeg, Legs
from centrale.telephony.switch import (
    Cause,
    Gone,
    LegId,
    Listener,
    Presentation,
    Target,
    ToPhone,
    ToTrunk,
)

log = structlog.get_logger(__name__)

DIAL_FOR = 4 * 3600
"""Seconds after which Asterisk itself gives up; `ring` and the carrier are always earlier."""


class Dialling:
    """Calls new legs on one client."""

    def __init__(self, client: AriClient, legs: Legs) -> None:
        self._client = client
        self._legs = legs

    async def dial(
        self, leg: LegId, target: Target, presentation: Presentation, listener: Listener, caller: LegId | None
    ) -> None:
        """See `Switch.dial`."""
        params = {"endpoint": _endpoint(target), "app": APPLICATION, "appArgs": events.DIALLED}
        if caller is not None:
            params["originator"] = caller
        variables = variables_of(presentation, to_trunk=isinstance(target, ToTrunk))
        way = self._phone if isinstance(target, ToPhone) else self._trunk
        try:
            await way(leg, params, {"variables": variables}, listener)
        except AriUnavailable:
            self._undialled(leg, Cause.FAILURE)
        except AriError as problem:
            # Asterisk says only "Allocation failed" when no phone is registered on the channel (asterisk-notes.md).
            log.info("cannot dial", target=params["endpoint"], problem=str(problem))
            self._undialled(leg, Cause.UNREACHABLE)

    async def _phone(
        self, leg: LegId, params: dict[str, str], body: dict[str, dict[str, str]], listener: Listener
    ) -> None:
        self._legs.follow(leg, FollowedLeg(listener, originated=True))
        await self._client.request("POST", f"channels/{leg}", {**params, "timeout": DIAL_FOR}, body)

    async def _trunk(
        self, leg: LegId, params: dict[str, str], body: dict[str, dict[str, str]], listener: Listener
    ) -> None:
        entered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entered.add_done_callback(_seen)
        self._legs.follow(leg, FollowedLeg(listener, entered=entered))
        await self._client.request("POST", "channels/create", {**params, "channelId": leg}, body)
        await entered
        await self._client.request("POST", f"channels/{leg}/dial", {"timeout": DIAL_FOR})

    def _undialled(self, leg: LegId, cause: Cause) -> None:
        if self._client.connected:
            self._client.send("DELETE", f"channels/{leg}")
        self._legs.end(leg, Gone(cause))


def _seen(entered: asyncio.Future[None]) -> None:
    """A dialling that fails or is given up earlier does not wait for the channel; that is no error."""
    if not entered.cancelled():
        entered.exception()


def _endpoint(target: Target) -> str:
    if isinstance(target, ToPhone):
        return f"PJSIP/{target.channel}"
    return f"PJSIP/{quote(target.number, safe='+*#')}@{target.endpoint}"
