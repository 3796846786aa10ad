"""The company on which calls are hung up: every kind of extension, every service, and calls that visit them all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.scenarios.voicemail import Left
from tests.scenarios.world import MONDAY_NINE, World

from centrale.calls.ports import VoiceMessage
from centrale.routing.snapshot import ExtensionNumber, Facility
from centrale.telephony.simulated import SimulatedCall, SimulatedCarrier, SimulatedPhone, SimulatedSwitch

SALES, PLANS, NOWHERE, SUPPORT = "+31201110300", "+31201110770", "+31201110399", "+31201110800"

OURS = "a phone of this test"
"""The name of the tasks that are not the exchange's."""


@dataclass
class Cast:
    """Acme with all kinds of extensions, and two carriers."""

    world: World
    anna: SimulatedPhone
    hall: SimulatedPhone
    carrier: SimulatedCarrier
    called: list[SimulatedPhone]


async def cast(switch: SimulatedSwitch) -> Cast:
    world = World(switch=switch)
    acme = world.company(facilities=frozenset({Facility.TWINNING}))
    acme.user("201", "Anna", pin="2580", rights={"time_configuration": True})
    acme.user("202", "Ben", ring_for=9, rights={"twinning": True})
    acme.user("203", "Carla", pin="0000", offer_second_call=False)
    acme.extension(
        "300", "group", "Sales", members=["202", "203"], outside={"busy": "0687654321", "no_answer_after": 4}
    )
    acme.extension("301", "group", "All", inside={"always": "202;203;0612345678"})
    acme.extension("302", "group", "In turn", members=["202"], inside={"no_answer": "300", "no_answer_after": 4})
    acme.extension("400", "announcement", "Hours", sound="hours.wav")
    options = [{"digits": "1", "destination": "202"}, {"digits": "2", "destination": "300", "prefix": "Sales"}]
    welcome = {"text": "Welcome."}
    acme.extension("700", "menu", "Reception", question=welcome, options=options, failover="400", ring_first=True)
    acme.extension("710", "call_limit", "At most one", limit=1, within="202", above="400")
    acme.extension("720", "forward", "Mobile", number="0612345678")
    acme.extension("730", "dial_by_extension", "Direct", fallback="400")
    allowed = [{"value": "4711"}]
    acme.extension("740", "authentication", "Door", by="pin", allowed=allowed, destination="202", welcome=welcome)
    rows = [{"match": "1000-1099", "destination": "202"}]
    acme.extension("750", "location_routing", "Where", by="postcode", rows=rows, fallback={"destination": "400"})
    week = [
        {"start_day": "monday", "start": "9:00", "end_day": "friday", "end": "17:00", "destination": "202"},
    ]
    acme.extension("760", "time_routing", "When", periods=week, failover="400")
    acme.extension("770", "system_extension", "Plans", function="time_configuration")
    patience = {"to": "400", "after": 25}
    await acme.queue("800", "Support", "202", "203", "720", ring_timeout=9, wrap_up=3, forward=patience)
    talkative = {"introduction": welcome, "announce_position": True, "announce_wait": True, "announce_every": 10}
    await acme.queue("801", "All", "202", "203", strategy="ring_all", forward=patience, breakout="300", **talkative)
    both = {"to": "202;0612345678", "after": 65, "individual_forwards": True}
    told = {"ring_first": True, "infotainment": ["news.wav"], "music": False}
    await acme.queue("802", "Patience", "203", forward=both, **told)
    await acme.queue("803", "Nobody", no_agents="400")
    acme.extension("771", "system_extension", "Sounds", function="sound_recording")
    acme.extension("780", "mailbox", "Messages", welcome={"text": "Speak."}, linked_user="203")
    acme.extension("772", "system_extension", "Messages", function="voicemail")
    world.boxes.pins[acme.id, "780"] = "7391"
    message = VoiceMessage("message", MONDAY_NINE, "+31301234567", "", 5, Path("/messages/message.wav"))
    world.boxes.left.append(Left(acme.id, ExtensionNumber("780"), message))
    acme.user("204", "Dora", voicemail={"unreachable": True})
    carrier = await world.carrier("carrier", acme)
    second = await world.carrier("second", acme)
    acme.number(SALES, "300", prefix="Sales")
    acme.number(PLANS, "770")
    acme.number(SUPPORT, "800")
    acme.number(NOWHERE)
    anna = await acme.phone("anna", logged_on="201")
    called = [
        await acme.phone("ben", logged_on="202"),
        await acme.phone("desk", logged_on="202"),
        await acme.phone("carla", logged_on="203"),
    ]
    hall = await acme.phone("hall")
    return Cast(world, anna, hall, carrier, [*called, carrier, second])


async def speak(cast: Cast, number: str) -> SimulatedCall:
    """Anna calls and has much to say."""
    call = await cast.anna.dials(number)
    call.speaks(60)
    return call


async def rings_first(cast: Cast, dialled: str) -> SimulatedCall:
    """Somebody waits in queue 800, and an agent's phone rings; then Anna dials. The caller waits for 45 seconds."""
    waiting = await cast.carrier.calls(SUPPORT, caller="+31301234567")
    later(45, waiting.hang_up)
    await asyncio.sleep(1)
    return await cast.anna.dials(dialled)


async def is_picked_up(cast: Cast) -> SimulatedCall:
    """Somebody calls queue 800; Anna picks that up after two seconds, and talks for a while."""

    async def pick_up() -> None:
        call = await cast.anna.dials("*8800")
        later(20, call.hang_up)

    later(2, pick_up)
    return await cast.carrier.calls(SUPPORT, caller="+31301234567")


def later(seconds: float, act: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Somebody of this test will do something."""
    loop = asyncio.get_running_loop()
    loop.call_later(seconds, lambda: loop.create_task(act(), name=OURS))


Begin = Callable[[Cast], Awaitable[SimulatedCall]]

CALLS: Mapping[str, tuple[Begin, Sequence[str]]] = {
    "a twinned user": (lambda c: c.anna.dials("202"), ()),
    "a group": (lambda c: c.anna.dials("300"), ()),
    "a group that forwards to all": (lambda c: c.anna.dials("301"), ()),
    "a group that forwards to a group": (lambda c: c.anna.dials("302"), ()),
    "an announcement": (lambda c: c.anna.dials("400"), ()),
    "a menu": (lambda c: c.anna.dials("700"), ("9", "2")),
    "a call limit": (lambda c: c.anna.dials("710"), ()),
    "a forward": (lambda c: c.anna.dials("720"), ()),
    "dial by extension": (lambda c: c.anna.dials("730"), ("299", "202")),
    "authentication": (lambda c: c.anna.dials("740"), ("1357#", "4711#")),
    "location routing": (lambda c: c.anna.dials("750"), ("1012",)),
    "time routing": (lambda c: c.anna.dials("760"), ()),
    "a system extension": (
        lambda c: c.carrier.calls(PLANS, caller="+31301234567"),
        ("201#", "2581#", "201#", "2580#", "7#", "2#", "1#"),
    ),
    "a mailbox": (lambda c: speak(c, "780"), ("1", "#")),
    "a mailbox to which nothing is said": (lambda c: c.anna.dials("780"), ()),
    "a user's voicemail": (lambda c: speak(c, "204"), ()),
    "a queue": (lambda c: c.anna.dials("800"), ()),
    "a queue that speaks": (lambda c: c.anna.dials("801"), ("1", "1", "1", "1")),
    "a queue with infotainment": (lambda c: c.anna.dials("802"), ()),
    "a queue without agents": (lambda c: c.anna.dials("803"), ()),
    "a system extension for sounds": (lambda c: c.anna.dials("771"), ("201#", "2580#", "#", "1")),
    "a system extension for messages": (lambda c: c.anna.dials("772"), ("780#", "7391#", "7", "*", "*", "*")),
    "908": (lambda c: c.anna.dials("908"), ()),
    "a pickup": (lambda c: rings_first(c, "908800"), ()),
    "a queue that is picked up from": (is_picked_up, ()),
    "nobody": (lambda c: c.anna.dials("299"), ()),
    "from outside to a group": (lambda c: c.carrier.calls(SALES, caller="+31301234567"), ()),
    "from outside to no plan": (lambda c: c.carrier.calls(NOWHERE, caller="+31301234567"), ()),
    "an outside number": (lambda c: c.anna.dials("0612345678"), ()),
    "112": (lambda c: c.hall.dials("112"), ()),
    "log on first": (lambda c: c.hall.dials("202"), ()),
    "900": (lambda c: c.anna.dials("900"), ()),
    "901": (lambda c: c.hall.dials("901"), ("201#", "2581#", "201#", "2580#")),
    "901, a new PIN": (lambda c: c.hall.dials("901"), ("203#", "0000#", "1111#", "7391#", "7391#")),
    "902": (lambda c: c.anna.dials("902"), ("2580#",)),
    "905": (lambda c: c.anna.dials("905"), ("#", "3", "2", "#", "1")),
    "903": (lambda c: c.anna.dials("903"), ("399#", "800#")),
    "904": (lambda c: c.anna.dials("904"), ("800#",)),
    "907": (lambda c: c.anna.dials("907"), ("2580#", "7391#", "7391#")),
    "920": (
        lambda c: c.anna.dials("920"),
        ("780", "7391#", "5", "7", "0", "2", "8527#", "8527#", "3", "2", "1", "2", "*", "1"),
    ),
    "1233": (lambda c: c.anna.dials("1233"), ("2580#", "0", "1", "1", "#", "2", "#", "1")),
    "915": (lambda c: c.anna.dials("915"), ("7#", "2#", "9#", "1#")),
    "910": (lambda c: c.anna.dials("910"), ("1", "1", "0612345678#", "3", "2")),
}

TWO_CALLS = ("a pickup", "a queue that is picked up from")
"""Stories of two callers."""
