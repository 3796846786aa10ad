"""Phones show the name that the phone book has for who calls from outside (ACC-7, CID-1, CID-2, CID-5)."""

from __future__ import annotations

import asyncio
import json

import pytest

from centrale.calls.naming import LATE_AT_MOST, LOOK_FOR
from centrale.telephony.simulated import SimulatedCarrier, SimulatedPhone
from tests.scenarios.hearing import now, story
from tests.scenarios.test_survival import Life
from tests.scenarios.world import Company, World

MAIN = "+31201110200"
VOS = "+31612345678"


@pytest.fixture
async def carrier(world: World, acme: Company) -> SimulatedCarrier:
    acme.number(MAIN, "201")
    return await world.carrier("carrier", acme)


async def rung(phone: SimulatedPhone) -> tuple[str | None, str | None]:
    """What the ringing phone shows; then its owner presses the call away."""
    rings = await phone.rings()
    await rings.decline()
    return rings.caller_number, rings.caller_name


async def test_the_companys_contact_names_the_caller_and_the_number_stays(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    world.knows(acme, VOS, "Bakkerij Vos")
    await carrier.calls(MAIN, caller=VOS, name="Anna Jansen 201")  # anybody can send any name
    assert await rung(anna) == ("0612345678", "Bakkerij Vos")
    await world.over()
    assert (world.last_record["caller"], world.last_record["caller_name"]) == (VOS, "Bakkerij Vos")
    assert story(world.last_record)[1] == "0.0 caller-name: Bakkerij Vos [not: sent along: “Anna Jansen 201”]"


async def test_whoever_watches_sees_the_name_at_once(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    world.knows(acme, VOS, "Bakkerij Vos")
    seen: list[tuple[str, str]] = []
    world.platform.live.watch(lambda what, call: seen.append((what, call.record.caller_name)))
    await carrier.calls(MAIN, caller=VOS)
    await rung(anna)
    await world.over()
    assert seen[:2] == [("began", ""), ("changed", "Bakkerij Vos")]


async def test_an_own_contact_counts_more_and_no_colleague_ever_reads_it(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    world.knows(acme, VOS, "Bakkerij Vos", user_201="Lieve schat")
    acme.user("201", "Anna Jansen", forwards={"no_answer": "202", "no_answer_after": 10})
    call = await carrier.calls(MAIN, caller=VOS)
    assert (await anna.rings()).caller_name == "Lieve schat"
    assert (await ben.rings(15)).caller_name == "Bakkerij Vos"  # forwarded: it is Ben now who is called
    await call.hang_up()
    await world.over()
    assert world.last_record["caller_name"] == "Bakkerij Vos"
    assert "Lieve schat" not in json.dumps(world.last_record)


async def test_with_no_contact_of_the_company_an_own_one_shows_and_leaves_no_trace(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    world.knows(acme, VOS, user_201="Lieve schat")
    await carrier.calls(MAIN, caller=VOS, name="VOS BV")
    assert await rung(anna) == ("0612345678", "Lieve schat")
    await world.over()
    assert world.last_record["caller_name"] == "VOS BV"
    assert "schat" not in json.dumps(world.last_record)
    assert not [it for it in world.last_record["trace"] if it["rule"] == "caller-name"]


async def test_in_a_group_everybody_sees_the_companys_name(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    world.knows(acme, VOS, "Bakkerij Vos", user_201="Lieve schat")
    acme.extension("300", "group", "Sales", members=["201", "202"])
    acme.number(MAIN, "300", prefix="Sales")
    call = await carrier.calls(MAIN, caller=VOS)
    for phone in (anna, ben):
        assert (await phone.rings()).caller_name == "Sales: Bakkerij Vos"
    await call.hang_up()
    await world.over()


@pytest.mark.parametrize(("caller", "withheld"), [(VOS, True), ("", False), ("anonymous", False)])
async def test_who_withholds_the_number_has_no_name(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone, caller: str, withheld: bool
) -> None:
    world.knows(acme, VOS, "Bakkerij Vos", user_201="Lieve schat")
    await carrier.calls(MAIN, caller=caller, name="Bakkerij Vos", withheld=withheld)
    assert await rung(anna) == ("anonymous", "Anonymous")
    await world.over()
    assert world.last_record["caller_name"] == ""


async def test_unknown_callers_show_what_they_send(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    world.knows(acme, VOS, "Bakkerij Vos")
    await carrier.calls(MAIN, caller="+31687654321", name="Kees")
    assert await rung(anna) == ("0687654321", "Kees")
    await world.over()


async def test_another_companys_contact_names_nobody_here(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    other = world.company("2000", "Other")
    world.knows(other, VOS, "Klant van een ander")
    await carrier.calls(MAIN, caller=VOS, name="Vos")
    assert await rung(anna) == ("0612345678", "Vos")
    await world.over()


async def test_a_colleague_is_called_what_the_exchange_calls_them(
    world: World, acme: Company, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    world.knows(acme, "202", "Somebody else", user_201="Benny")
    await ben.dials("201")
    assert await rung(anna) == ("202", "Ben Bakker")
    await world.over()


async def test_no_name_of_ours_leaves_by_a_trunk(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    world.knows(acme, VOS, "Wanbetaler Vos", user_201="Lieve schat")
    acme.user("201", "Anna Jansen", forwards={"always": "0201234567"})
    await carrier.calls(MAIN, caller=VOS)
    outside = await carrier.rings()
    assert not outside.caller_name
    assert "Vos" not in str(list(outside.headers))
    await outside.decline()
    await world.over()


async def test_a_name_that_could_break_a_header_is_made_harmless(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    world.knows(acme, VOS, '"Vos" <sip:112@evil>\r\nX-Evil: 1')
    await carrier.calls(MAIN, caller=VOS)
    _, name = await rung(anna)
    assert name == "Vos sip:112@evilX-Evil: 1"
    await world.over()


async def test_a_slow_phone_book_delays_a_call_by_a_quarter_of_a_second_at_most(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    world.knows(acme, VOS, "Bakkerij Vos")
    world.books.name_takes = 60
    await carrier.calls(MAIN, caller=VOS, name="VOS")
    rings = await anna.rings()
    assert (now(), rings.caller_name) == (LOOK_FOR, "VOS")
    await rings.decline()
    await world.exchange.idle()
    (step,) = (it for it in world.last_record["trace"] if it["rule"] == "caller-name")
    assert step["rejected"] == ["the phone book did not answer in time"]
    await asyncio.sleep(60)  # nobody waits for it, and it ends by itself
    await world.over()


async def test_while_look_ups_hang_no_further_call_waits_for_one(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    world.books.name_takes = 60
    waited = []
    for _ in range(LATE_AT_MOST + 2):
        began = now()
        await carrier.calls(MAIN, caller=VOS)
        rings = await anna.rings()
        waited.append(now() - began)
        await rings.decline()
        await world.exchange.idle()
    assert waited == [LOOK_FOR] * LATE_AT_MOST + [0, 0]
    await asyncio.sleep(60)
    world.books.name_takes = 0
    world.knows(acme, VOS, "Bakkerij Vos")
    await carrier.calls(MAIN, caller=VOS)
    assert await rung(anna) == ("0612345678", "Bakkerij Vos")
    await world.over()


async def test_a_phone_book_that_cannot_be_read_costs_no_call(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ValueError("a fault of ours")

    monkeypatch.setattr(world.books, "names_of", broken)
    await carrier.calls(MAIN, caller=VOS, name="VOS")
    assert await rung(anna) == ("0612345678", "VOS")
    await world.over()


async def test_a_caller_who_hangs_up_meanwhile_rings_nobody(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    world.books.name_takes = 0.1
    call = await carrier.calls(MAIN, caller=VOS)
    await asyncio.sleep(0.05)
    await call.hang_up()
    await world.exchange.idle()
    await asyncio.sleep(0.1)
    await world.over()
    assert world.last_record["outcome"] == "abandoned"
    assert world.last_record["legs"] == []


async def test_who_waits_in_a_queue_is_known_again_after_a_crash(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    life = Life(world)
    world.knows(acme, VOS, "Bakkerij Vos")
    acme.extension("300", "queue", "Help desk")
    acme.number(MAIN, "300")
    call = await carrier.calls(MAIN, caller=VOS)
    await asyncio.sleep(5)
    await life.is_killed()
    await asyncio.sleep(1)
    await life.starts_again()
    await world.books.log_on_to_queue(acme.id, "300", "201", world.platform.clock.now())
    assert (await anna.rings()).caller_name == "Bakkerij Vos"
    await call.hang_up()
    await world.over()
    assert world.last_record["caller_name"] == "Bakkerij Vos"
