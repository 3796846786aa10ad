"""Can calls be made now? And if not, why, in words for people (`GET /healthz`)."""

from __future__ import annotations

from collections.abc import Sequence

from centrale.telephony.switch import Switch


class Health:
    """Looks at what a call cannot do without."""

    def __init__(self, switch: Switch) -> None:
        self._switch = switch

    async def problems(self) -> Sequence[str]:
        """Sentences; none when calls can be made."""
        if not self._switch.up():
            return ["The telephone switch (Asterisk) is not connected. It is started again by itself; see its log."]
        return []
