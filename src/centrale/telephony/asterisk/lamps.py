"""Message-waiting lamps on phones (VM-4).

Each channel has a mailbox of its own in Asterisk (`configuration.objects.lamp_of`), of which Asterisk tells the
registered phone unasked: at each registration, and whenever the counts change. ARI can set counts only in an Asterisk
with res_mwi_external, which Debian's is not; a dialplan can. So a Local channel that nobody answers runs through the
context `lamps`, with many lamps at once, and its end says that they are lit.
"""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import Iterator, Sequence

from centrale.telephony.asterisk.ari_errors import AriError, AriUnavailable
from centrale.telephony.asterisk.client import AriClient
from centrale.telephony.asterisk.configuration.dialplan import APPLICATION, LAMPS
from centrale.telephony.asterisk.configuration.objects import lamp_of
from centrale.telephony.asterisk.legs import FollowedLeg, Legs
from centrale.telephony.switch import Gone, Lamp, LegEvent, LegId, SwitchDown, SwitchError

LONGEST_TEXT = 3000
"""Characters. A variable of a dialplan holds 4,095."""
LONGEST_RUN = 10.0
"""Seconds; it takes milliseconds."""


class LampBoard:
    """The lamps of one Asterisk. One batch at a time: two that run at once could pass each other.

    What becomes of a batch while the connection breaks nobody knows; whoever lights lamps does so again after `on_up`.
    """

    def __init__(self, client: AriClient, legs: Legs) -> None:
        self._client = client
        self._legs = legs
        self._numbers = itertools.count(1)
        self._one_at_a_time = asyncio.Lock()
        self._name = f"lamps-{secrets.token_hex(4)}"

    async def light(self, lamps: Sequence[Lamp]) -> None:
        """See `Switch.light`."""
        async with self._one_at_a_time:
            for text in texts(lamps):
                await self._run(text)

    async def _run(self, text: str) -> None:
        run = LegId(f"{self._name}-{next(self._numbers)}")
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def listen(event: LegEvent) -> None:
            if isinstance(event, Gone) and not over.done():
                over.set_result(None)

        self._legs.follow(run, FollowedLeg(listen))
        params = {"endpoint": f"Local/s@{LAMPS}", "app": APPLICATION, "appArgs": LAMPS, "channelId": run}
        try:
            await self._client.request("POST", "channels", params, {"variables": {"LAMPS": text}})
            async with asyncio.timeout(LONGEST_RUN):
                await over
        except AriUnavailable as problem:
            raise SwitchDown(str(problem)) from problem
        except TimeoutError as problem:
            raise SwitchError(f"lamps were not lit within {LONGEST_RUN:g} s") from problem
        except AriError as problem:
            raise SwitchError(str(problem)) from problem
        finally:
            self._legs.forget(run)


def texts(lamps: Sequence[Lamp]) -> Iterator[str]:
    """What the context `lamps` reads: `mailbox@context,urgent,new,old`, with `&` between them; as few as will do."""
    text = ""
    for lamp in lamps:
        one = f"{lamp_of(lamp.channel)},0,{lamp.new},{lamp.old}"
        if text and len(text) + len(one) >= LONGEST_TEXT:
            yield text
            text = one
        else:
            text = f"{text}&{one}" if text else one
    if text:
        yield text
