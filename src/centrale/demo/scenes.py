"""What the demo plays, in its order. A scene fails by an exception of the phones, or by `ScenesDiffer`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from centrale.accounts import demo, demo_company
from centrale.demo.stage import OUTSIDE, Stage
from centrale.phones.sip import NameAddress

OUTSIDER, OUTSIDERS_NAME = "+31612345678", "De Wit"
DIALLED_OUTSIDE, AS_SENT = "0612345678", "+31612345678"


class ScenesDiffer(Exception):
    """What happened is not what the scene says; the message tells both."""


@dataclass(frozen=True, slots=True)
class Scene:
    """`story`: what is going to happen, in a sentence."""

    title: str
    story: str
    play: Callable[[Stage], Awaitable[None]]


async def log_on(stage: Stage) -> None:
    """Everybody at once: four people at four phones."""
    await asyncio.gather(*(_logs_on(stage, user) for user in demo.PEOPLE))
    logged_on = await stage.client.logons()
    for user, channel in stage.channels.items():
        _expect(f"the user on {channel}", logged_on.get(channel), user)
    stage.tell("the exchange confirms: " + ", ".join(f"{user} on {name}" for name, user in sorted(logged_on.items())))


async def _logs_on(stage: Stage, user: str) -> None:
    name = demo.PEOPLE[user]
    call = await stage.dials(user, "901")
    await call.answered()
    await call.hears_speech()
    await call.press(user)
    await call.press(stage.client.secrets.pins[user] + "#")
    stage.tell(f"{name} dialled 901, heard the question, and pressed {user} and the PIN")
    await call.ended(timeout=30)
    stage.tell(f"{name} heard the confirmation to its end")


async def inside(stage: Stage) -> None:
    jansens = await stage.dials("201", "202")
    bakkers = await stage.rings("202")
    _expect("the display", (bakkers.caller_number, bakkers.caller_name), ("201", "Jansen"))
    await jansens.ringing()
    await bakkers.answer()
    await stage.hear_each_other(jansens, "201", bakkers, "202")
    await bakkers.hang_up()
    await jansens.ended()
    stage.tell("Bakker hung up")


async def group(stage: Stage) -> None:
    de_jongs = await stage.dials("203", demo.GROUP)
    jansens, bakkers = await asyncio.gather(stage.rings("201"), stage.rings("202"))
    await bakkers.answer()
    end = await jansens.ended()
    _expect("Jansen's phone, told that the call was answered elsewhere", end.answered_elsewhere, True)
    stage.tell("Bakker answered; Jansen's phone stopped and shows no missed call")
    await stage.hear_each_other(de_jongs, "203", bakkers, "202")
    await de_jongs.hang_up()
    await bakkers.ended()
    stage.tell("De Jong hung up")


async def from_outside(stage: Stage) -> None:
    callers = await stage.outsider_calls(demo.MAIN_NUMBER, OUTSIDER, OUTSIDERS_NAME)
    jansens, bakkers = await asyncio.gather(stage.rings("201"), stage.rings("202"))
    _expect("the display", jansens.caller_name, f"Verkoop: {OUTSIDERS_NAME}")
    await jansens.answer()
    end = await bakkers.ended()
    _expect("Bakker's phone, told that the call was answered elsewhere", end.answered_elsewhere, True)
    await stage.hear_each_other(callers, OUTSIDE, jansens, "201")
    await callers.hang_up()
    await jansens.ended()
    stage.tell("the caller hung up")


async def queue(stage: Stage) -> None:
    callers = await stage.outsider_calls(demo_company.ORDER_NUMBER, OUTSIDER, OUTSIDERS_NAME)
    first, second = demo_company.AGENTS
    agents = await stage.rings(first)
    _expect("the display", agents.caller_name, f"Bestelling: {OUTSIDERS_NAME}")
    stage.tell(f"{demo.PEOPLE[first]} is the first of the queue's agents; {demo.PEOPLE[second]}'s phone stays silent")
    await agents.answer()
    await stage.hear_each_other(callers, OUTSIDE, agents, first)
    await callers.hang_up()
    await agents.ended()
    stage.tell(f"the caller hung up; {demo.PEOPLE[first]} has some seconds to note the order")


async def to_outside(stage: Stage) -> None:
    de_vries = await stage.dials("204", DIALLED_OUTSIDE)
    carriers = await stage.carrier_rings()
    asserted = NameAddress.parse(carriers.headers.get("P-Asserted-Identity")).user
    _expect("the caller that the carrier is told", asserted, "+31205550204")
    called = NameAddress.parse(carriers.headers.get("To")).user
    stage.tell(f"the carrier gets a call to {called} from {asserted} (P-Asserted-Identity)")
    _expect("the number that the carrier is given", called, AS_SENT)
    await de_vries.ringing()
    await carriers.answer()
    await stage.hear_each_other(de_vries, "204", carriers, OUTSIDE)
    await carriers.hang_up()
    await de_vries.ended()
    stage.tell("the other side hung up")


def _expect(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise ScenesDiffer(f"{what}: {found!r}, where {expected!r} was due")


SCENES = (
    Scene("Logging on", "Jansen, Bakker, De Jong and De Vries log on at their phones: 901, extension, PIN.", log_on),
    Scene("Inside", "Jansen (201) calls Bakker (202).", inside),
    Scene("A group", "De Jong (203) calls the group 300: Jansen and Bakker ring, Bakker answers.", group),
    Scene(
        "From outside",
        f"{OUTSIDERS_NAME} ({OUTSIDER}) calls {demo.MAIN_NUMBER}; the number plan leads to the group; Jansen answers.",
        from_outside,
    ),
    Scene(
        "A queue",
        f"{OUTSIDERS_NAME} calls {demo_company.ORDER_NUMBER}, for orders: the queue rings De Jong, who answers.",
        queue,
    ),
    Scene("To outside", f"De Vries (204) calls {DIALLED_OUTSIDE}; the call leaves through the trunk.", to_outside),
)
