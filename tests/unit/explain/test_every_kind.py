"""Dry runs through every kind of extension, with the caller's choices scripted (NP-10, issue 3.4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.scenarios.world import World

from centrale.explain import Assumptions, Rehearsal, Said, rehearse
from centrale.explain.wording import hints, way, words
from centrale.kinds.registry import KINDS
from centrale.routing.snapshot import AccountId, ExtensionNumber, PlatformSnapshot
from centrale.telephony.simulated.virtual_time import run_virtual

ACME = AccountId(1)
MONDAY_TEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CALLER, MAIN = "+4930123456", "+31201110700"


async def build() -> PlatformSnapshot:
    """One of each kind; a menu in front leads to all of them by two keys."""
    world = World()
    acme = world.company()
    for number, name in (("201", "Anna"), ("202", "Ben")):
        acme.user(number, name)
        await acme.phone(name.lower(), logged_on=number)
    acme.user("203", "Carla")
    acme.extension("300", "group", "Sales", members=["201", "202"])
    acme.extension("400", "announcement", "Closed", text="We are closed today.")
    acme.extension("600", "queue", "Support", members=[{"agent": "202"}, {"agent": "203"}])
    allowed = [{"value": "4711"}]
    acme.extension("740", "authentication", "Door", by="pin", allowed=allowed, destination="201")
    rows = [{"match": "3000-3999", "destination": "202", "prefix": "Utrecht"}]
    acme.extension("750", "location_routing", "Where", by="postcode", rows=rows, fallback={"destination": "400"})
    week = [{"start_day": "monday", "start": "9:00", "end_day": "friday", "end": "17:00", "destination": "201"}]
    acme.extension("760", "time_routing", "When", periods=week, failover="400")
    acme.extension("710", "call_limit", "Three at once", limit=3, within="202")
    acme.extension("720", "forward", "Mobile", number="0687654321")
    acme.extension("730", "dial_by_extension", "Direct")
    acme.extension("800", "mailbox", "Messages")
    regions = [{"digits": "1", "destination": "750"}]
    acme.extension("790", "menu", "Submenu", question={"text": "Press one."}, options=regions)
    choices = ("201", "300", "400", "600", "740", "750", "760", "710", "720", "730", "800", "203", "790")
    options = [{"digits": f"{n:02}", "destination": to} for n, to in enumerate(choices, start=1)]
    acme.extension("700", "menu", "Main", question={"text": "Choose, please."}, options=options, max_digits=2)
    acme.number(MAIN, "700")
    await world.carrier("carrier", acme)
    return world.books.current


PICTURE = run_virtual(build())


async def crowded() -> PlatformSnapshot:
    """A queue that rings fifteen at once."""
    world = World()
    acme = world.company()
    for number in range(201, 216):
        acme.user(str(number), f"Agent {number}")
    members = [{"agent": str(number)} for number in range(201, 216)]
    acme.extension("600", "queue", "Support", members=members, strategy="ring_all")
    acme.number(MAIN, "600")
    await world.carrier("carrier", acme)
    return world.books.current


CROWDED = run_virtual(crowded())
IN_VAIN = Assumptions(everybody_there=True, nobody_answers=True)


def tried(*choices: str, **assumed: Any) -> Rehearsal:
    entered = tuple(map(Said, choices))
    return rehearse(PICTURE, ACME, CALLER, MAIN, MONDAY_TEN, Assumptions(press=entered, **assumed))


def lasted(found: Rehearsal) -> float:
    assert found.record.ended is not None
    return (found.record.ended - found.record.started).total_seconds()


@pytest.mark.parametrize(
    ("choices", "path"),
    [
        (("01",), "700 Main → 201 Anna"),
        (("02",), "700 Main → 300 Sales → 201 Anna"),
        (("03",), "700 Main → 400 Closed"),
        (("04",), "700 Main → 600 Support → 202 Ben"),
        (("05", "4711"), "700 Main → 740 Door → 201 Anna"),
        (("06", "3012"), "700 Main → 750 Where → 202 Ben"),
        (("06", "9999"), "700 Main → 750 Where → 400 Closed"),
        (("07",), "700 Main → 760 When → 201 Anna"),
        (("08",), "700 Main → 710 Three at once → 202 Ben"),
        (("09",), "700 Main → 720 Mobile → +31687654321"),
        (("10", "202"), "700 Main → 730 Direct → 202 Ben"),
        (("11",), "700 Main → 800 Messages"),
        (("00", "06", "3012"), "700 Main → 750 Where → 202 Ben"),
        (("13", "1", "3012"), "700 Main → 790 Submenu → 750 Where → 202 Ben"),
    ],
)
def test_choices_lead_through_it(choices: tuple[str, ...], path: str) -> None:
    found = tried(*choices, everybody_there=True)
    assert way(found, PICTURE.accounts[ACME]) == f"{MAIN} → {path}"
    assert found.waits_for is None
    asked = [step.outcome for step in found.record.trace if step.rule == "ask"]
    assert asked == [choice if choice != "4711" else "4 digits" for choice in choices]


def test_every_kind_but_the_system_extension_was_visited() -> None:
    """That one leads to the system menus, which are tried as 901 and its like are."""
    kinds = {extension.kind for extension in PICTURE.accounts[ACME].extensions.values()}
    assert kinds == KINDS.keys() - {"system_extension"}


def test_where_the_choices_run_out_the_question_is_told_in_the_callers_words() -> None:
    found = tried("06")
    assert found.waits_for == "Toets de vier cijfers van uw postcode in."
    assert [step.outcome for step in found.record.trace if step.rule == "choices"] == ["none is left"]
    [hint] = hints(found, PICTURE.accounts[ACME])
    assert hint.startswith("The caller now hears: “Toets de vier cijfers van uw postcode in.” Give --press or --say")
    assert [step.outcome for step in tried().record.trace if step.rule == "choices"] == ["none was given"]


def test_a_queue_says_whom_it_would_offer_the_caller_to() -> None:
    found = tried("04", everybody_there=True, nobody_answers=True, hang_up_after=60)
    lines = [words(step) for step in found.record.trace]
    assert "The queue offers the caller to 202." in lines
    assert "The offer to 202: no answer." in lines
    assert "The queue offers the caller to 203." in lines
    assert "202 gets the caller." in [words(step) for step in tried("04", everybody_there=True).record.trace]


def test_where_no_agent_is_logged_on_the_members_are_named() -> None:
    found = tried("04", hang_up_after=60)
    assert found.rung == ()
    assert hints(found, PICTURE.accounts[ACME]) == [
        "600 Support offers the call to nobody. Logged on to it: nobody. Its members: 202 Ben, 203 Carla; "
        "--everybody takes them to be there."
    ]


def test_who_hears_the_same_again_and_again_gives_up_unless_told_to_wait() -> None:
    found = tried("04", everybody_there=True, nobody_answers=True)
    assert [step.outcome for step in found.record.trace if step.rule == "patience"] == []
    assert lasted(found) == 900
    crowd = rehearse(CROWDED, ACME, CALLER, MAIN, MONDAY_TEN, IN_VAIN)
    assert 60 < lasted(crowd) < 300
    assert words(crowd.record.trace[-2]) == "The same phones have rung again and again: the caller gives up."
    assert hints(crowd, CROWDED.accounts[ACME]) == [
        "With --hang-up-after 900 the caller waits a quarter of an hour all the same."
    ]
    patient = rehearse(CROWDED, ACME, CALLER, MAIN, MONDAY_TEN, replace(IN_VAIN, hang_up_after=900))
    assert len(patient.rung) > 2 * len(crowd.rung)


@pytest.mark.parametrize(("seconds", "left"), [(12, ("800",)), (0, ())])
def test_a_message_is_left_by_who_speaks(seconds: float, left: tuple[str, ...]) -> None:
    assert tried("11", speak=seconds).messages_in == left


def test_everybody_is_there_although_nobody_logged_on() -> None:
    assert tried("12").record.answered_by is None
    assert tried("12", everybody_there=True).record.answered_by == "203 Carla"
    assert PICTURE.accounts[ACME].devices_of(ExtensionNumber("203")) == ()
