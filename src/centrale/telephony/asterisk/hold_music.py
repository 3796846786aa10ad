"""Music on hold that we start and stop ourselves, for callers who wait. Whom a phone puts on hold, Asterisk plays the
music that this phone's endpoint suggests (`configuration.objects`)."""

from __future__ import annotations

from centrale.telephony.asterisk.configuration.music import USUAL
from centrale.telephony.asterisk.requests import Requests
from centrale.telephony.switch import LegGone, LegId, SwitchDown


class HoldMusic:
    """Music towards legs of one Asterisk."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests

    async def start(self, leg: LegId, music: str | None) -> None:
        """See `Switch.start_music`."""
        await self._requests.act(leg, "POST", f"channels/{leg}/moh", {"mohClass": music or USUAL})

    async def stop(self, leg: LegId) -> None:
        """See `Switch.stop_music`."""
        try:
            await self._requests.act(leg, "DELETE", f"channels/{leg}/moh")
        except (LegGone, SwitchDown):
            return
