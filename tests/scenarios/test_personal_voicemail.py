"""A user's personal voicemail takes what the user does not (VM-6, USR-1, USR-5)."""

from __future__ import annotations

from typing import Any

import pytest

from centrale.telephony.simulated import SimulatedCall, SimulatedPhone
from tests.scenarios.hearing import heard, language, now, said, story, until
from tests.scenarios.world import Company, World

EVERYTHING = {"unreachable": True, "no_answer": True, "busy": True}


async def leaves_a_message(call: SimulatedCall) -> None:
    await call.hears("beep", within=120)
    await until(call.heard[-1][0] + 2)
    call.speaks(3)
    await until(now() + 3)
    await call.hang_up()


def callers(world: World, acme: Company, user: str = "202") -> list[str]:
    return [left.message.caller for left in world.boxes.of(acme.id, user)]


async def test_whoever_is_logged_on_nowhere_gets_messages(world: World, acme: Company, anna: SimulatedPhone) -> None:
    acme.user("202", "Ben", voicemail={"unreachable": True})
    call = await anna.dials("202")
    await leaves_a_message(call)
    assert said(call) == ["voicemail_welcome", "beep"]
    await world.over()
    assert callers(world, acme) == ["201"]
    assert story(world.last_record)[1:4] == [
        "0.0 user: 202 Ben: rings the user's phones for 60 s",
        "0.0 reachable: nobody [not: 202 Ben is not logged on to any phone]",
        "0.0 answer: the exchange answered the caller",
    ]


async def test_not_answered_in_time(world: World, acme: Company, anna: SimulatedPhone) -> None:
    acme.user("202", "Ben", voicemail={"no_answer": True, "answer_after": 15})
    ben = await acme.phone("ben", logged_on="202")
    call = await anna.dials("202")
    rings = await ben.rings()
    await leaves_a_message(call)
    assert heard(call)[0] == (15, "voicemail_welcome")
    assert rings.end is not None
    await world.over()
    assert callers(world, acme) == ["201"]
    assert "rings the user's phones for 15 s, then takes a message" in story(world.last_record)[1]


@pytest.mark.parametrize(("code", "voicemail"), [(603, {"no_answer": True}), (486, {"busy": True})])
async def test_declined_and_busy(
    world: World, acme: Company, anna: SimulatedPhone, code: int, voicemail: dict[str, bool]
) -> None:
    acme.user("202", "Ben", voicemail=voicemail)
    ben = await acme.phone("ben", logged_on="202")
    call = await anna.dials("202")
    await (await ben.rings()).decline(code)
    await leaves_a_message(call)
    await world.over()
    assert callers(world, acme) == ["201"]


@pytest.mark.parametrize(
    ("voicemail", "told"),
    [
        ({}, "user_unreachable"),
        ({"no_answer": True, "busy": True}, "user_unreachable"),
    ],
)
async def test_only_when_the_user_wants_it(
    world: World, acme: Company, anna: SimulatedPhone, voicemail: dict[str, Any], told: str
) -> None:
    acme.user("202", "Ben", voicemail=voicemail)
    call = await anna.dials("202")
    await call.ended()
    assert said(call) == [told]
    assert world.boxes.left == []
    await world.over()


@pytest.mark.parametrize("situation", ["always", "no_answer"])
async def test_forwards_come_first(world: World, acme: Company, anna: SimulatedPhone, situation: str) -> None:
    acme.extension("400", "announcement", "Hours", sound="hours.wav")
    acme.user("202", "Ben", voicemail=EVERYTHING, forwards={situation: "400"})
    call = await anna.dials("202")
    await call.ended()
    assert said(call) == ["hours"]
    await world.over()


async def test_a_call_to_a_group_never_ends_in_a_members_voicemail(
    world: World, acme: Company, anna: SimulatedPhone
) -> None:
    acme.user("202", "Ben", voicemail=EVERYTHING)
    acme.user("203", "Carla", voicemail=EVERYTHING)
    ben = await acme.phone("ben", logged_on="202")
    acme.extension("300", "group", "Sales", members=["202", "203"], individual_forwarding=True)
    call = await anna.dials("300")
    await (await ben.rings()).decline(486)
    await call.ended(120)
    assert "beep" not in said(call)
    assert world.boxes.left == []
    await world.over()


async def test_a_forward_to_a_colleague_may_end_in_the_colleagues_voicemail(
    world: World, acme: Company, anna: SimulatedPhone
) -> None:
    acme.user("202", "Ben", voicemail=EVERYTHING, forwards={"always": "203"})
    acme.user("203", "Carla", voicemail=EVERYTHING)
    await leaves_a_message(await anna.dials("202"))
    await world.over()
    assert (callers(world, acme, "202"), callers(world, acme, "203")) == ([], ["201"])


@pytest.mark.parametrize(
    ("settings", "spoken"),
    [
        ({"language": "es"}, "es"),
        ({"language": "es", "voicemail": {"unreachable": True, "language": "lv"}}, "lv"),
        ({}, "nl"),
    ],
)
async def test_it_speaks_the_voicemail_language_else_the_users_else_the_accounts(
    world: World, acme: Company, settings: dict[str, Any], spoken: str
) -> None:
    acme.user("201", "Anna", language="en")
    anna = await acme.phone("anna", logged_on="201")
    acme.user("202", "Ben", **{"voicemail": {"unreachable": True}, **settings})
    call = await anna.dials("202")
    await until(1)
    assert language(call) == spoken
    await call.hang_up()
    await world.over()
