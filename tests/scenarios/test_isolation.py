"""Two companies on one platform: a phone of the one can neither reach nor see the other, on any path (ACC-1).

Acme and Umbrella have the same extensions, 201, 202 and 300. A number of the other company is an outside number like
any other: it leaves through a trunk and comes in again, as for every stranger.
"""

from __future__ import annotations

import pytest

from centrale.phones.phone import WaitedInVain
from centrale.routing.snapshot import E164, ExtensionNumber, NumberUse
from centrale.telephony.simulated import SimulatedCarrier, SimulatedPhone
from centrale.telephony.switch import Presentation
from tests.scenarios.hearing import answers, said
from tests.scenarios.world import Company, World, forged

OURS, THEIRS, BOSS = E164("+31201110200"), E164("+31209990200"), E164("+31612345999")
SHARED = ("201", "202")


@pytest.fixture
async def carrier(world: World, acme: Company, umbrella: Company) -> SimulatedCarrier:
    return await world.carrier("carrier", acme, umbrella)


@pytest.fixture
async def umbrella(world: World, acme: Company) -> Company:
    return world.company("2000", "Umbrella")


@pytest.fixture
async def anna(acme: Company) -> SimulatedPhone:
    """201 of Acme; 202 of Acme is logged on nowhere."""
    for number in SHARED:
        acme.user(number, f"Acme {number}", pin="2580")
    acme.number(OURS, "201")
    acme.change(default_caller_id=OURS)
    return await acme.phone("anna", logged_on="201")


@pytest.fixture
async def theirs(umbrella: Company) -> list[SimulatedPhone]:
    """The phones of Umbrella's 201, 202 and 203."""
    for number in (*SHARED, "203"):
        umbrella.user(number, f"Umbrella {number}", pin="7391")
    umbrella.extension("300", "group", "Umbrella sales", members=["201", "202", "203"])
    umbrella.number(THEIRS, "300")
    umbrella.number(BOSS, use=NumberUse.PERSONAL, user=ExtensionNumber("203"))
    umbrella.change(default_caller_id=THEIRS)
    return [await umbrella.phone(f"u{number}", logged_on=number) for number in (*SHARED, "203")]


async def nobody_rings(*phones: SimulatedPhone) -> None:
    for phone in phones:
        with pytest.raises(WaitedInVain):
            await phone.rings(timeout=0.1)


@pytest.mark.parametrize("dialled", ["202", "203", "300", "2000u203", "#31#203", "203#"])
async def test_dialling_inside_never_leaves_the_company(
    world: World, anna: SimulatedPhone, theirs: list[SimulatedPhone], dialled: str
) -> None:
    call = await anna.dials(dialled)
    await nobody_rings(*theirs)
    await call.ended()
    await world.over()
    assert "Umbrella" not in str(world.records)


async def test_a_group_rings_members_of_its_own_company_only(
    world: World, acme: Company, anna: SimulatedPhone, theirs: list[SimulatedPhone]
) -> None:
    acme.extension("300", "group", "Acme sales", members=["202", "203"])  # 203 exists at Umbrella only
    call = await anna.dials("300")
    await nobody_rings(*theirs)
    await call.ended()
    assert said(call) == ["group_unreachable"]
    await world.over()


async def test_inside_forwards_stay_inside(
    world: World, acme: Company, anna: SimulatedPhone, theirs: list[SimulatedPhone]
) -> None:
    acme.extension("300", "group", "Acme sales", inside={"always": "203"})
    call = await anna.dials("300")
    await nobody_rings(*theirs)
    await call.ended()
    assert said(call) == ["call_failed"]
    await world.over()


@pytest.mark.parametrize("number", [THEIRS, BOSS])
async def test_their_numbers_are_outside_numbers(
    world: World, anna: SimulatedPhone, theirs: list[SimulatedPhone], carrier: SimulatedCarrier, number: str
) -> None:
    call = await anna.dials(number)
    leaves = await carrier.rings()
    assert (leaves.dialled, leaves.caller_number) == (number, OURS)
    await nobody_rings(*theirs)
    await call.hang_up()
    await world.over()
    assert "Umbrella" not in str(world.records)


async def test_back_through_the_carrier_they_see_a_stranger(
    world: World, umbrella: Company, anna: SimulatedPhone, theirs: list[SimulatedPhone], carrier: SimulatedCarrier
) -> None:
    call = await anna.dials(THEIRS)
    leaves = await carrier.rings()
    comes_in = await carrier.calls(leaves.dialled, caller=leaves.caller_number)
    rings = await theirs[0].rings()
    assert (rings.caller_number, rings.caller_name) == ("0201110200", "0201110200")
    await rings.answer()
    await leaves.answer()
    await call.answered()
    await comes_in.hang_up()
    await call.hang_up()
    await world.over()
    by_account = {record["account"]: record for record in world.records}
    assert len(by_account) == 2
    assert "Acme" not in str(by_account[umbrella.id])
    assert by_account[umbrella.id]["caller"] == OURS


@pytest.mark.parametrize("number", [THEIRS, BOSS])
async def test_forwards_to_their_numbers_leave_by_a_trunk(
    world: World,
    acme: Company,
    anna: SimulatedPhone,
    theirs: list[SimulatedPhone],
    carrier: SimulatedCarrier,
    number: str,
) -> None:
    acme.extension("300", "group", "Acme sales", inside={"always": number}, outside={"always": number})
    acme.number("+31201110300", "300")
    inside = await anna.dials("300")
    assert (await carrier.rings()).dialled == number
    outside = await carrier.calls("+31201110300", caller="+31301234567")
    assert (await carrier.rings()).dialled == number
    await nobody_rings(*theirs)
    await inside.hang_up()
    await outside.hang_up()
    await world.over()


async def test_their_numbers_are_never_shown_as_ours(
    world: World, acme: Company, anna: SimulatedPhone, theirs: list[SimulatedPhone], carrier: SimulatedCarrier
) -> None:
    acme.user(
        "201",
        "Anna Jansen",
        default_caller_id=THEIRS,
        emergency_caller_id=THEIRS,
        further_caller_ids=[{"code": "32", "number": BOSS}],
    )
    acme.change(default_caller_id=THEIRS, emergency_caller_id=THEIRS)
    for dialled in ("0612345678", "#32#0612345678", "112"):
        call = await anna.dials(dialled)
        assert (await carrier.rings()).caller_number not in (THEIRS, BOSS)
        await call.hang_up()
    await world.over()


@pytest.mark.parametrize("pin", ["7391", "2580"])
async def test_their_user_cannot_log_on_here(
    world: World, acme: Company, umbrella: Company, anna: SimulatedPhone, theirs: list[SimulatedPhone], pin: str
) -> None:
    """203 exists at Umbrella only; its PIN opens nothing here, and sounds like any wrong one."""
    hall = await acme.phone("hall")
    call = await hall.dials("901")
    await answers(call, "ask_extension", "203#")
    await answers(call, "ask_pin", f"{pin}#")
    await call.hears("wrong_combination")
    await call.hang_up()
    await world.over()
    assert acme.account.logons == {"1000anna": "201"}
    assert umbrella.is_logged_on("203") == ["u203"]


async def test_the_same_extension_here_has_a_pin_of_its_own(
    world: World, acme: Company, umbrella: Company, anna: SimulatedPhone, theirs: list[SimulatedPhone]
) -> None:
    hall = await acme.phone("hall")
    call = await hall.dials("901")
    await answers(call, "ask_extension", "202#")
    await answers(call, "ask_pin", "7391#")  # that of Umbrella's 202
    await answers(call, "ask_extension", "202#", time=2)
    await answers(call, "ask_pin", "2580#", time=2)
    await call.ended()
    assert said(call)[-1] == "logged_on"
    assert acme.is_logged_on("202") == ["hall"]
    assert umbrella.is_logged_on("202") == ["u202"]
    await world.over()


async def test_guessing_at_one_company_locks_nobody_out_at_the_other(
    world: World, acme: Company, umbrella: Company, anna: SimulatedPhone, theirs: list[SimulatedPhone]
) -> None:
    hall = await acme.phone("hall")
    for _ in range(2):
        call = await hall.dials("901")
        for time in (1, 2):
            await answers(call, "ask_extension", "202#", time=time)
            await answers(call, "ask_pin", "1357#", time=time)
        await call.hang_up()
    lobby = await umbrella.phone("lobby")
    call = await lobby.dials("901")
    await answers(call, "ask_extension", "202#")
    await answers(call, "ask_pin", "7391#")
    await call.ended()
    assert said(call)[-1] == "logged_on_moved"
    await world.over()


async def test_logging_off_everywhere_leaves_the_namesake_logged_on(
    world: World, acme: Company, umbrella: Company, anna: SimulatedPhone, theirs: list[SimulatedPhone]
) -> None:
    await acme.phone("desk", logged_on="201")
    call = await anna.dials("902")
    await answers(call, "ask_pin", "2580#")
    await answers(call, "logoff_choice", "2")
    await call.ended()
    assert (acme.is_logged_on("201"), umbrella.is_logged_on("201")) == ([], ["u201"])
    await world.over()


async def test_who_is_here_tells_the_own_user(
    world: World, umbrella: Company, anna: SimulatedPhone, theirs: list[SimulatedPhone]
) -> None:
    call = await theirs[0].dials("900")
    await call.ended()
    await world.over()
    assert world.last_record["trace"][-1]["facts"] == {"name": "Umbrella 201", "extension": "201"}


async def test_a_namesake_in_a_call_makes_nobody_busy_here(
    world: World, acme: Company, anna: SimulatedPhone, theirs: list[SimulatedPhone]
) -> None:
    talk = await theirs[0].dials("202")
    await (await theirs[1].rings()).answer()
    await talk.answered()
    acme.user("202", "Acme 202", offer_second_call=False)
    ben = await acme.phone("ben", logged_on="202")
    call = await anna.dials("202")
    await ben.rings()
    await call.hang_up()
    await talk.hang_up()
    await world.over()


@pytest.mark.parametrize("claim", [Presentation("203", "Umbrella 203"), Presentation(THEIRS), Presentation("2000u203")])
async def test_claiming_to_be_one_of_them_helps_nobody(
    world: World, anna: SimulatedPhone, theirs: list[SimulatedPhone], claim: Presentation
) -> None:
    call = forged(world, anna, "203", claim)
    await nobody_rings(*theirs)
    await call.ended()
    await world.over()
    record = world.last_record
    assert (record["account"], record["caller"]) == (1, "201")


async def test_their_announcement_and_sounds_are_not_heard_here(
    world: World, acme: Company, umbrella: Company, anna: SimulatedPhone, theirs: list[SimulatedPhone]
) -> None:
    umbrella.extension("400", "announcement", "Hours", sound="hours.wav")
    call = await anna.dials("400")
    await call.ended()
    assert said(call) == ["number_unknown"]

    acme.extension("400", "announcement", "Hours", sound="hours.wav")
    ours, other = await anna.dials("400"), await theirs[0].dials("400")
    await ours.ended()
    await other.ended()
    assert ours.heard[0][1] == f"/sounds/{acme.id}/hours"
    assert other.heard[0][1] == f"/sounds/{umbrella.id}/hours"
    await world.over()


async def test_a_record_stays_with_the_company_whose_call_it_is(
    world: World, acme: Company, umbrella: Company, anna: SimulatedPhone, theirs: list[SimulatedPhone]
) -> None:
    call = await theirs[0].dials("202")
    assert [live.account_id for live in world.platform.live.of(umbrella.id)] == [umbrella.id]
    assert not list(world.platform.live.of(acme.id))
    await call.hang_up()
    await world.over()
    assert world.last_record["account"] == umbrella.id
