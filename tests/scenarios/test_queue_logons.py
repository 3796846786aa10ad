"""903 and 904: users log on to queues and off (SYS-4, SYS-5, QUE-15)."""

from __future__ import annotations

import pytest

from centrale.telephony.simulated import SimulatedPhone
from tests.scenarios.hearing import answers, language, said, words
from tests.scenarios.world import Company, World


@pytest.fixture
async def support(acme: Company, anna: SimulatedPhone, ben: SimulatedPhone) -> None:
    acme.extension("300", "queue", "Support", members=[{"agent": "202"}])
    acme.extension("301", "queue", "Board", access="closed", members=[{"agent": "202"}])


def agents(company: Company, queue: str) -> list[str]:
    return list(company.account.agents_on(queue))


@pytest.mark.usefixtures("support")
async def test_any_user_logs_on_to_an_open_queue_and_off_again(
    world: World, acme: Company, anna: SimulatedPhone
) -> None:
    call = await anna.dials("903")
    await answers(call, "ask_queue", "300")
    await call.ended(60)
    assert said(call) == ["ask_queue", "queue_logged_on"]
    assert words(world, call)[-1] == "U bent aangemeld bij de wachtrij Support, drie nul nul."
    assert agents(acme, "300") == ["201"]

    call = await anna.dials("904")
    await answers(call, "ask_queue", "300#")
    await call.ended(60)
    assert said(call) == ["ask_queue", "queue_logged_off"]
    assert agents(acme, "300") == []
    await world.over()


@pytest.mark.usefixtures("support")
async def test_a_closed_queue_takes_its_members_only(
    world: World, acme: Company, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    call = await anna.dials("903")
    for time in (1, 2, 3):
        await answers(call, "ask_queue", "301", time=time)
    await call.ended(60)
    assert said(call) == [*["ask_queue", "queue_members_only"] * 3, "goodbye"]

    call = await ben.dials("903")
    await answers(call, "ask_queue", "301")
    await call.ended(60)
    assert said(call)[-1] == "queue_logged_on"
    assert agents(acme, "301") == ["202"]
    await world.over()


@pytest.mark.usefixtures("support")
async def test_what_was_so_already_is_told(world: World, acme: Company, anna: SimulatedPhone) -> None:
    call = await anna.dials("904")
    await answers(call, "ask_queue", "300")
    await call.ended(60)
    assert said(call)[-1] == "queue_not_logged_on"

    for told in ("queue_logged_on", "queue_already_logged_on"):
        call = await anna.dials("903")
        await answers(call, "ask_queue", "300")
        await call.ended(60)
        assert said(call)[-1] == told
    assert agents(acme, "300") == ["201"]
    await world.over()


@pytest.mark.parametrize("service", ["903", "904"])
@pytest.mark.usefixtures("support")
async def test_wrong_numbers_and_silence_end_with_goodbye(
    world: World, acme: Company, anna: SimulatedPhone, service: str
) -> None:
    call = await anna.dials(service)
    await answers(call, "ask_queue", "202")
    await answers(call, "ask_queue", "399", time=2)
    await call.ended(60)

    assert said(call) == [*["ask_queue", "queue_unknown"] * 2, "ask_queue", "no_input", "goodbye"]
    assert acme.account.queue_logons == {}
    await world.over()


@pytest.mark.parametrize("service", ["903", "904"])
@pytest.mark.usefixtures("support")
async def test_a_phone_without_user_is_no_agent(world: World, acme: Company, service: str) -> None:
    hall = await acme.phone("hall")
    call = await hall.dials(service)
    await call.ended(60)

    assert said(call) == ["log_on_first"]
    await world.over()


@pytest.mark.parametrize("tongue", ["nl", "en", "de", "es", "lv"])
@pytest.mark.usefixtures("support")
async def test_the_menu_speaks_the_users_language(world: World, acme: Company, tongue: str) -> None:
    acme.user("205", "Eva", language=tongue)
    eva = await acme.phone("eva", logged_on="205")
    call = await eva.dials("903")
    await answers(call, "ask_queue", "300")
    await call.ended(60)

    assert language(call) == tongue
    assert said(call)[-1] == "queue_logged_on"
    await world.over()


@pytest.mark.usefixtures("support")
async def test_a_queue_of_another_customer_is_unknown(world: World, acme: Company) -> None:
    rival = world.company("2000", "Rival")
    rival.user("201", "Zoë")
    zoe = await rival.phone("zoe", logged_on="201")
    call = await zoe.dials("903")
    await answers(call, "ask_queue", "300")
    await call.hears("queue_unknown")
    await call.hang_up()

    assert agents(acme, "300") == []
    await world.over()
