"""A group rings its members at once (GRP-1), and knows where else to send a call (GRP-3).

Also USR-5, USR-6 and CHN-1 as a group meets them. What an outside target is shown: `test_forwarding_outside`.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pydantic import ValidationError

from centrale.kinds.group import Group
from centrale.phones.phone import WaitedInVain
from centrale.telephony.simulated import SimulatedPhone
from tests.scenarios.hearing import SENTENCE, because, heard, now, said, until
from tests.scenarios.world import Company, World


@pytest.fixture
async def carla(acme: Company) -> SimulatedPhone:
    acme.user("203", "Carla de Jong")
    return await acme.phone("carla", logged_on="203")


@pytest.fixture
async def sales(acme: Company, ben: SimulatedPhone, carla: SimulatedPhone) -> Company:
    """Group 300 of Ben and Carla."""
    acme.extension("300", "group", "Sales", members=["202", "203"])
    return acme


def forwards(company: Company, **settings: object) -> None:
    company.extension("300", "group", "Sales", **{"members": ["202", "203"], **settings})


async def does_not_ring(phone: SimulatedPhone) -> None:
    with pytest.raises(WaitedInVain):
        await phone.rings(timeout=0.5)


async def test_all_members_ring_at_once_and_the_first_to_answer_wins(
    world: World, sales: Company, anna: SimulatedPhone, ben: SimulatedPhone, carla: SimulatedPhone
) -> None:
    call = await anna.dials("300")
    at_ben, at_carla = await asyncio.gather(ben.rings(), carla.rings())
    assert now() == 0
    assert at_ben.caller_name == at_carla.caller_name == "Anna Jansen"
    await call.ringing()
    await until(5)
    await at_carla.answer()
    await call.answered()
    await call.hears_tone(carla.tone)
    end = await at_ben.ended()
    assert end.answered_elsewhere  # no missed call on Ben's phone
    assert now() == 5
    await call.hang_up()
    await world.over()
    assert world.last_record["answered_by"] == "203 Carla de Jong"
    assert world.last_record["legs"] == ["202 on 1000ben", "203 on 1000carla"]


async def test_nobody_answers_and_both_have_a_missed_call(
    world: World, sales: Company, anna: SimulatedPhone, ben: SimulatedPhone, carla: SimulatedPhone
) -> None:
    call = await anna.dials("300")
    at_ben, at_carla = await ben.rings(), await carla.rings()
    ends = await asyncio.gather(at_ben.ended(60), at_carla.ended(60))
    assert now() == 30
    assert [end.answered_elsewhere for end in ends] == [False, False]
    await call.ended()
    assert heard(call) == [(30, "no_answer")]
    await world.over()
    assert world.last_record["cause"] == "no_answer"


async def test_one_who_declines_leaves_the_others_ringing(
    world: World, sales: Company, anna: SimulatedPhone, ben: SimulatedPhone, carla: SimulatedPhone
) -> None:
    call = await anna.dials("300")
    at_ben, at_carla = await ben.rings(), await carla.rings()
    await at_ben.decline(603)
    await until(20)
    await at_carla.answer()
    await call.answered()
    await call.hang_up()
    await world.over()


@pytest.mark.parametrize(
    ("codes", "told", "cause"),
    [
        ((486, 486), "busy", "busy"),
        ((603, 486), "busy", "busy"),
        ((603, 603), "user_unavailable", "declined"),
        ((480, 603), "user_unavailable", "declined"),
        ((480, 480), "group_unreachable", "unreachable"),
    ],
)
async def test_when_all_refuse_the_weightiest_reason_is_told(
    world: World,
    sales: Company,
    anna: SimulatedPhone,
    ben: SimulatedPhone,
    carla: SimulatedPhone,
    codes: tuple[int, int],
    told: str,
    cause: str,
) -> None:
    call = await anna.dials("300")
    for phone, code in zip((ben, carla), codes, strict=True):
        await (await phone.rings()).decline(code)
    await call.ended()
    assert said(call) == [told]
    await world.over()
    assert world.last_record["cause"] == cause


async def test_members_who_are_not_there_are_passed_over(
    world: World, sales: Company, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    sales.user("204", "Daniel de Vries")
    forwards(sales, members=["202", "204"])
    call = await anna.dials("300")
    await (await ben.rings()).answer()
    await call.answered()
    await call.hang_up()
    await world.over()
    assert "204 Daniel de Vries is not logged on to any phone" in because(world.last_record)


async def test_nobody_of_the_group_is_logged_on(world: World, acme: Company, anna: SimulatedPhone) -> None:
    acme.user("204", "Daniel de Vries")
    acme.extension("300", "group", "Sales", members=["204"])
    call = await anna.dials("300")
    assert (await call.ended()).code == 480
    assert heard(call) == [(0, "group_unreachable")]
    await world.over()
    assert world.last_record["ringing"] is None  # nobody was rung


async def test_a_group_without_members_reaches_nobody(world: World, acme: Company, anna: SimulatedPhone) -> None:
    acme.extension("300", "group", "Sales")
    call = await anna.dials("300")
    await call.ended()
    assert said(call) == ["group_unreachable"]
    await world.over()


async def test_a_member_who_stands_twice_in_the_list_rings_once(
    world: World, sales: Company, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    forwards(sales, members=["202", "202"])
    call = await anna.dials("300")
    await ben.rings()
    await does_not_ring(ben)
    await call.hang_up()
    await world.over()


async def test_a_member_who_calls_the_own_group_does_not_ring(
    world: World, sales: Company, ben: SimulatedPhone, carla: SimulatedPhone
) -> None:
    call = await ben.dials("300")
    await (await carla.rings()).answer()
    await call.answered()
    await does_not_ring(ben)
    await call.hang_up()
    await world.over()


async def test_a_member_who_was_deleted_is_forgotten(
    world: World, sales: Company, anna: SimulatedPhone, ben: SimulatedPhone, carla: SimulatedPhone
) -> None:
    sales.remove("202")
    call = await anna.dials("300")
    await carla.rings()
    await does_not_ring(ben)
    await call.hang_up()
    await world.over()


async def test_both_phones_of_a_twinned_member_ring(
    world: World, sales: Company, anna: SimulatedPhone, ben: SimulatedPhone, carla: SimulatedPhone
) -> None:
    desk = await sales.phone("desk", logged_on="202")
    call = await anna.dials("300")
    ringing = [await phone.rings() for phone in (ben, desk, carla)]
    await ringing[1].answer()
    await call.answered()
    assert (await ringing[0].ended()).answered_elsewhere
    assert (await ringing[2].ended()).answered_elsewhere
    await call.hang_up()
    await world.over()


# -- always, busy, no answer (GRP-3) ---------------------------------------------------------------------------------


async def test_always_goes_elsewhere_and_no_member_rings(
    world: World, sales: Company, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    sales.user("204", "Daniel de Vries")
    daniel = await sales.phone("daniel", logged_on="204")
    forwards(sales, inside={"always": "204"})
    call = await anna.dials("300")
    rings = await daniel.rings()
    assert now() == 0
    await does_not_ring(ben)
    await rings.answer()
    await call.answered()
    await call.hang_up()
    await world.over()
    assert world.last_record["answered_by"] == "204 Daniel de Vries"


async def test_after_exactly_its_time_no_answer_goes_elsewhere(
    world: World, sales: Company, anna: SimulatedPhone, ben: SimulatedPhone, carla: SimulatedPhone
) -> None:
    sales.user("204", "Daniel de Vries")
    daniel = await sales.phone("daniel", logged_on="204")
    forwards(sales, inside={"no_answer": "204", "no_answer_after": 12})
    call = await anna.dials("300")
    at_ben, at_carla = await ben.rings(), await carla.rings()
    rings = await daniel.rings(timeout=60)
    assert now() == 12
    assert not (await at_ben.ended()).answered_elsewhere
    assert not (await at_carla.ended()).answered_elsewhere
    await rings.answer()
    await call.answered()
    await call.hang_up()
    await world.over()


async def test_busy_goes_elsewhere_when_every_member_refuses_as_busy(
    world: World, sales: Company, anna: SimulatedPhone, ben: SimulatedPhone, carla: SimulatedPhone
) -> None:
    sales.user("204", "Daniel de Vries")
    daniel = await sales.phone("daniel", logged_on="204")
    forwards(sales, inside={"busy": "204"})
    call = await anna.dials("300")
    for phone in (ben, carla):
        await (await phone.rings()).decline(486)
    await (await daniel.rings()).answer()
    await call.answered()
    await call.hang_up()
    await world.over()


async def test_busy_goes_elsewhere_when_every_member_is_in_a_call_and_takes_no_second_one(
    world: World, sales: Company, anna: SimulatedPhone, ben: SimulatedPhone, carla: SimulatedPhone
) -> None:
    sales.user("202", "Ben Bakker", offer_second_call=False)
    sales.user("203", "Carla de Jong", offer_second_call=False)
    sales.user("204", "Daniel de Vries")
    daniel = await sales.phone("daniel", logged_on="204")
    forwards(sales, inside={"busy": "204"})
    talk = await ben.dials("203")
    await (await carla.rings()).answer()
    await talk.answered()

    call = await anna.dials("300")
    await (await daniel.rings()).answer()
    await call.answered()
    await call.hang_up()
    await talk.hang_up()
    await world.over()
    assert "202 Ben Bakker is in a call and takes no second one" in because(world.records[0])


async def test_a_group_of_which_all_phones_are_at_their_limit_is_busy(
    world: World, acme: Company, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    acme.user("204", "Daniel de Vries")
    daniel = await acme.phone("daniel", logged_on="204", call_limit=1)
    acme.extension("300", "group", "Sales", members=["204"])
    talk = await ben.dials("204")
    await (await daniel.rings()).answer()
    await talk.answered()
    call = await anna.dials("300")
    assert (await call.ended()).code == 486
    assert said(call) == ["busy"]
    await talk.hang_up()
    await world.over()


async def test_who_is_busy_does_not_make_a_group_busy_while_another_rings(
    world: World, sales: Company, anna: SimulatedPhone, ben: SimulatedPhone, carla: SimulatedPhone
) -> None:
    forwards(sales, inside={"busy": "201", "no_answer_after": 10})
    call = await anna.dials("300")
    await (await ben.rings()).decline(486)
    await carla.rings()
    await call.ended(timeout=60)
    assert heard(call) == [(10, "no_answer")]
    await world.over()


async def test_without_a_busy_forward_the_caller_hears_busy(
    world: World, sales: Company, anna: SimulatedPhone, ben: SimulatedPhone, carla: SimulatedPhone
) -> None:
    forwards(sales, inside={"no_answer": "201"})
    call = await anna.dials("300")
    for phone in (ben, carla):
        await (await phone.rings()).decline(486)
    assert (await call.ended()).code == 486
    assert said(call) == ["busy"]
    await world.over()


async def test_calls_from_inside_and_from_outside_have_forwards_of_their_own(
    world: World, sales: Company, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    carrier = await world.carrier("carrier", sales)
    sales.number("+31201110300", "300")
    forwards(sales, inside={"always": "201"}, outside={"always": "0612345678"})

    inside = await ben.dials("300")
    await anna.rings()
    await inside.hang_up()

    outside = await carrier.calls("+31201110300", caller="+31301234567")
    mobile = await carrier.rings()
    assert mobile.dialled == "+31612345678"
    await outside.hang_up()
    await world.over()


async def test_several_targets_ring_at_once(
    world: World, sales: Company, anna: SimulatedPhone, ben: SimulatedPhone, carla: SimulatedPhone
) -> None:
    carrier = await world.carrier("carrier", sales)
    sales.extension("301", "group", "Everybody", inside={"always": "202;203;0612345678"})
    call = await anna.dials("301")
    at_ben, at_carla, mobile = await ben.rings(), await carla.rings(), await carrier.rings()
    assert now() == 0
    await mobile.answer()
    await call.answered()
    assert (await at_ben.ended()).answered_elsewhere
    assert (await at_carla.ended()).answered_elsewhere
    await call.hang_up()
    await world.over()
    assert world.last_record["answered_by"] == "+31612345678"


async def test_a_group_among_several_targets_rings_its_members_each_once(
    world: World, sales: Company, anna: SimulatedPhone, ben: SimulatedPhone, carla: SimulatedPhone
) -> None:
    sales.extension("301", "group", "Desk", inside={"always": "300;203"})
    forwards(sales, inside={"always": "201"})  # its own forwards do not apply when it rings beside others
    call = await anna.dials("301")
    await ben.rings()
    await carla.rings()
    await does_not_ring(carla)
    await call.hang_up()
    await world.over()


async def test_an_announcement_cannot_ring_beside_others(
    world: World, sales: Company, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    sales.extension("400", "announcement", "Closed", text="We are closed.")
    sales.extension("301", "group", "Desk", inside={"always": "202;400"})
    call = await anna.dials("301")
    await (await ben.rings()).answer()
    await call.hang_up()
    await world.over()
    assert "400 Closed cannot ring together with others" in because(world.last_record)


async def test_an_announcement_alone_may_be_the_target(
    world: World, sales: Company, anna: SimulatedPhone, ben: SimulatedPhone, carla: SimulatedPhone
) -> None:
    sales.extension("400", "announcement", "Closed", sound="closed.wav")
    forwards(sales, inside={"no_answer": "400", "no_answer_after": 5})
    call = await anna.dials("300")
    assert (await call.ended(timeout=30)).code == 200
    assert heard(call) == [(5, "closed")]
    await world.over()
    assert world.last_record["outcome"] == "served"


async def test_several_targets_of_whom_nobody_answers_stop_after_a_minute(
    world: World, sales: Company, anna: SimulatedPhone
) -> None:
    sales.extension("301", "group", "Desk", inside={"always": "202;203"})
    call = await anna.dials("301")
    await call.ended(timeout=120)
    assert heard(call) == [(60, "no_answer")]
    await world.over()


async def test_a_target_that_exists_no_more_is_passed_over(
    world: World, sales: Company, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    sales.extension("301", "group", "Desk", inside={"always": "202;299"})
    call = await anna.dials("301")
    await ben.rings()
    await call.hang_up()
    await world.over()
    assert "There is no extension 299." in because(world.last_record)


async def test_when_no_target_is_left_the_caller_is_told(world: World, sales: Company, anna: SimulatedPhone) -> None:
    forwards(sales, inside={"always": "299"})
    call = await anna.dials("300")
    assert (await call.ended()).code == 404
    assert said(call) == ["call_failed"]
    await world.over()


async def test_a_forward_outside_without_a_line_is_told(world: World, sales: Company, anna: SimulatedPhone) -> None:
    forwards(sales, inside={"always": "0612345678"})
    call = await anna.dials("300")
    await call.ended()
    assert said(call) == ["lines_unavailable"]
    await world.over()


async def test_two_groups_that_forward_to_each_other_do_not_go_round(
    world: World, sales: Company, anna: SimulatedPhone
) -> None:
    sales.extension("301", "group", "Desk", inside={"always": "300"})
    forwards(sales, inside={"always": "301"})
    call = await anna.dials("300")
    assert (await call.ended()).code == 500
    assert said(call) == ["too_many_forwards"]
    await world.over()
    assert "300 has already forwarded this call" in because(world.last_record)
    assert now() == SENTENCE


async def test_groups_in_a_row_are_followed_one_after_another(
    world: World, sales: Company, anna: SimulatedPhone, ben: SimulatedPhone, carla: SimulatedPhone
) -> None:
    sales.extension("300", "group", "First", members=["202"], inside={"no_answer": "301", "no_answer_after": 10})
    sales.extension("301", "group", "Second", members=["203"], inside={"no_answer_after": 7})
    call = await anna.dials("300")
    await ben.rings()
    await carla.rings(timeout=20)
    assert now() == 10
    await call.ended(timeout=30)
    assert heard(call) == [(17, "no_answer")]
    await world.over()
    legs = world.last_record["legs"]
    assert legs == ["202 on 1000ben", "203 on 1000carla"]


@pytest.mark.parametrize("field", ["always", "busy", "no_answer"])
@pytest.mark.parametrize("targets", ["202", "0612345678;202"])
def test_an_inside_number_cannot_be_set_for_calls_from_outside(field: str, targets: str) -> None:
    with pytest.raises(ValidationError, match="202 is an inside number"):
        Group.model_validate({"outside": {field: targets}})
    Group.model_validate({"inside": {field: targets}})


async def test_a_number_of_our_own_is_no_target_for_calls_from_outside_either(
    world: World, sales: Company, ben: SimulatedPhone
) -> None:
    """It would lead to an inside extension by a detour."""
    carrier = await world.carrier("carrier", sales)
    sales.number("+31201110300", "300")
    sales.number("+31201110202", "202")
    forwards(sales, outside={"always": "+31201110202"})
    call = await carrier.calls("+31201110300", caller="+31301234567")
    await call.ended()
    assert said(call) == ["call_failed"]
    await does_not_ring(ben)
    await world.over()
    assert "calls from outside are forwarded to outside numbers only" in because(world.last_record)


# -- members' own forwards (GRP-2) -----------------------------------------------------------------------------------


async def members_of(acme: Company, *, individual: bool, **forwards: Any) -> dict[str, SimulatedPhone]:
    """Sales 300 of Anna 201, who has `forwards`, and Ben 202; Carl 203 is in no group, Dora 204 calls."""
    phones = {}
    for number, name in (("201", "anna"), ("202", "ben"), ("203", "carl"), ("204", "dora")):
        acme.user(number, name.title(), **({"forwards": forwards} if name == "anna" else {}))
        phones[name] = await acme.phone(name, logged_on=number)
    acme.extension("300", "group", "Sales", members=["201", "202"], individual_forwarding=individual)
    return phones


async def test_members_forwards_do_not_apply_unless_allowed(world: World, acme: Company) -> None:
    phones = await members_of(acme, individual=False, always="203")
    call = await phones["dora"].dials("300")
    await phones["anna"].rings()
    await phones["ben"].rings()
    await call.hang_up()
    await world.over()


async def test_where_allowed_a_forwarded_member_rings_elsewhere_with_the_others(world: World, acme: Company) -> None:
    phones = await members_of(acme, individual=True, always="203")
    call = await phones["dora"].dials("300")
    ben, carl = await phones["ben"].rings(), await phones["carl"].rings()
    await carl.answer()
    await call.answered()
    assert (await ben.ended()).answered_elsewhere
    await call.hang_up()
    await world.over()
    assert world.last_record["answered_by"] == "203 Carl"


async def test_a_member_who_does_not_answer_is_followed_after_the_members_own_time(world: World, acme: Company) -> None:
    phones = await members_of(acme, individual=True, no_answer="0612345678", no_answer_after=7)
    carrier = await world.carrier("carrier", acme)
    call = await phones["dora"].dials("300")
    anna = await phones["anna"].rings()
    await carrier.rings(20)
    assert now() == 7
    assert anna.end is None  # it goes on ringing: the first of all to answer wins
    await call.hang_up()
    await world.over()


async def test_a_busy_member_and_one_who_is_nowhere(world: World, acme: Company) -> None:
    phones = await members_of(acme, individual=True, busy="203", no_answer="204")
    acme.user("201", "Anna", forwards={"busy": "203", "no_answer": "204"}, offer_second_call=False)
    own = await phones["anna"].dials("900")
    call = await phones["dora"].dials("300")
    await phones["carl"].rings()
    await call.hang_up()
    await own.hang_up()
    await world.over()
