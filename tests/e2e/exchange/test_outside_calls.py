"""Calls from outside and to outside, seen from the carrier's end of the trunk (NP-2, NP-9, CID-1..5, GRP-4, EMG-1)."""

from __future__ import annotations

import asyncio

import pytest

from centrale.phones.digest import Credentials
from centrale.phones.sip import NameAddress
from centrale.phones.tools import free_port
from centrale.phones.wire import WirePhone
from centrale.phones.wire_call import WireCall
from tests.e2e.exchange.office import CARRIERS_TONE, Office, facts, steps

OUTSIDER = "+31612345678"


def asserted(call: WireCall) -> str:
    return NameAddress.parse(call.headers.get("P-Asserted-Identity")).user


def in_from(call: WireCall) -> str:
    return NameAddress.parse(call.headers["From"]).user


def called(call: WireCall) -> str:
    return NameAddress.parse(f"<{call.dialog.invite.start.split(' ')[1]}>").user


async def test_a_call_from_outside_follows_the_number_plan_and_shows_its_prefix(office: Office) -> None:
    await office.user("201", "Jansen")
    await office.user("202", "Bakker")
    await office.group("300", "Verkoop", "201", "202")
    await office.plan((office.main, "300", "Verkoop"))
    await office.plan((office.main, "202", "Nacht"), number=2, name="Nacht")
    jansen, bakker = await office.phone("201"), await office.phone("202")
    carrier = await office.carrier()

    callers = await carrier.calls(office.main, caller=OUTSIDER, name="De Wit")
    jansens, bakkers = await asyncio.gather(jansen.rings(), bakker.rings())
    assert (jansens.caller_name, jansens.caller_number) == ("Verkoop: De Wit", "0612345678")
    await bakkers.answer()
    assert (await jansens.ended()).answered_elsewhere
    await asyncio.gather(callers.hears_tone(bakker.tone), bakkers.hears_tone(carrier.tone))
    await callers.hang_up()
    await bakkers.ended()
    record = await office.record(1)
    assert (record["direction"], record["caller"], record["trunk"]) == ("inbound", OUTSIDER, office.carriers[0])
    assert facts(record, "number-plan")["active_by"] == "standing plan"
    assert ("number-plan", "extension 300") in steps(record)

    await office.api.put(f"{office.path}/schemas/1/override", plan=2)
    callers = await carrier.calls(office.main, caller=OUTSIDER)
    bakkers = await bakker.rings()
    assert bakkers.caller_name == "Nacht: 0612345678"
    await callers.hang_up()
    await bakkers.ended()
    assert facts(await office.record(2), "number-plan")["active_by"] == "manual override"


async def test_a_number_not_in_use_is_told_for_free(office: Office) -> None:
    await office.gets_number(office.number(1))
    carrier = await office.carrier()
    ours, nobodys = office.number(1), office.number(2)
    for number in (nobodys, ours):
        callers = await carrier.calls(number, caller=OUTSIDER)
        await callers.hears_speech()
        end = await callers.ended(timeout=20)
        assert (end.code, end.q850, callers.dialog.answered) == (404, 1, False)
    assert (await office.record(1))["called"] == ours, "a number of nobody is in nobody's records"


async def test_a_caller_who_withholds_the_number_is_anonymous_here_and_his_number_is_not_kept(office: Office) -> None:
    await office.user("201", "Jansen")
    await office.plan((office.main, "201", ""))
    jansen, carrier = await office.phone("201"), await office.carrier()
    callers = await carrier.calls(office.main, caller=OUTSIDER, name="De Wit", withheld=True)
    jansens = await jansen.rings()
    assert jansens.caller_number == "anonymous"
    assert not any("612345678" in value or "Wit" in value for _, value in jansens.headers)
    await callers.hang_up()
    assert "612345678" not in str(await office.record(1))


@pytest.mark.parametrize(
    ("dialled", "sent"),
    [
        ("0612345678", "+31612345678"),
        ("5551234", "+31205551234"),
        ("004930123456", "+4930123456"),
    ],
)
async def test_a_call_to_outside_carries_the_number_in_one_form_and_who_calls(
    office: Office, dialled: str, sent: str
) -> None:
    await office.gets_number(office.number(201))
    await office.user("201", "Jansen", default_caller_id=office.number(201))
    jansen, carrier = await office.phone("201"), await office.carrier()
    jansens = await jansen.dials(dialled)
    call = await carrier.rings()
    assert (called(call), asserted(call), in_from(call)) == (sent, office.number(201), office.number(201))
    await jansens.ringing()
    await call.answer()
    await asyncio.gather(jansens.hears_tone(CARRIERS_TONE), call.hears_tone(jansen.tone))
    await call.hang_up()
    await jansens.ended()
    record = await office.record(1)
    assert (record["direction"], record["outcome"], record["called"]) == ("outbound", "answered", dialled)
    assert ("caller-id", office.number(201)) in steps(record)


async def test_who_dials_31_is_anonymous_but_asserted_and_colleagues_see_him_all_the_same(office: Office) -> None:
    await office.user("201", "Jansen")
    await office.user("202", "Bakker")
    jansen, bakker, carrier = await office.phone("201"), await office.phone("202"), await office.carrier()
    jansens = await jansen.dials("#31#0612345678")
    call = await carrier.rings()
    assert in_from(call) == "anonymous"
    assert (asserted(call), call.headers["Privacy"]) == (office.main, "id")
    await jansens.hang_up()
    await call.ended()

    jansens = await jansen.dials("#31#202")
    assert (await bakker.rings()).caller_number == "201"
    await jansens.hang_up()


async def test_a_forged_identity_changes_nothing(office: Office) -> None:
    for number, name in (("201", "Jansen"), ("202", "Bakker")):
        await office.user(number, name)
    forger, bakker, carrier = await office.wire_phone("201"), await office.phone("202"), await office.carrier()
    forger.display_name = "Your Bank"
    forged = (
        ("P-Asserted-Identity", '"Your Bank" <sip:+31201111111@127.0.0.1>'),
        ("P-Preferred-Identity", "<sip:+31201111111@127.0.0.1>"),
        ("Remote-Party-ID", "<sip:+31201111111@127.0.0.1>;party=calling"),
        ("Diversion", "<sip:+31201111111@127.0.0.1>;reason=unconditional"),
        ("Privacy", "id"),
    )
    outward = await forger.dials("0612345678", *forged)
    call = await carrier.rings()
    assert (asserted(call), in_from(call)) == (office.main, office.main)
    assert not any("1111111" in value or "Bank" in value for _, value in call.headers)
    await outward.hang_up()
    await call.ended()

    inward = await forger.dials("202", *forged)
    bakkers = await bakker.rings()
    assert (bakkers.caller_number, bakkers.caller_name) == ("201", "Jansen")
    assert not any("1111111" in value or "Bank" in value for _, value in bakkers.headers)
    await inward.hang_up()


async def test_a_forwarded_call_says_through_which_number_it_came(office: Office) -> None:
    await office.group("300", "Verkoop", outside={"always": "0687654321"}, forwarded_caller_id="caller")
    await office.plan((office.main, "300", ""))
    carrier = await office.carrier(keeps_foreign_caller_id=True)
    callers = await carrier.calls(office.main, caller=OUTSIDER)
    onward = await carrier.rings()
    assert called(onward) == "+31687654321"
    assert asserted(onward) == OUTSIDER
    diversion = onward.headers["Diversion"]
    assert NameAddress.parse(diversion).user == office.main
    assert "reason=unconditional" in diversion
    await onward.answer()
    await asyncio.gather(callers.hears_tone(CARRIERS_TONE), onward.hears_tone(CARRIERS_TONE))
    await callers.hang_up()
    await onward.ended()
    assert (await office.record(1))["outcome"] == "answered"


@pytest.mark.parametrize(("forward", "code", "reason"), [("busy", 486, "user-busy"), ("no_answer", 480, "no-answer")])
async def test_why_a_call_was_forwarded_is_said_as_well(office: Office, forward: str, code: int, reason: str) -> None:
    await office.user("201", "Jansen")
    await office.group("300", "Verkoop", "201", outside={forward: "0687654321", "no_answer_after": 1})
    await office.plan((office.main, "300", ""))
    jansen, carrier = await office.wire_phone("201"), await office.carrier()
    callers = await carrier.calls(office.main, caller=OUTSIDER)
    jansens = await jansen.rings()
    if forward == "busy":
        await jansens.decline(code)
    onward = await carrier.rings()
    assert f"reason={reason}" in onward.headers["Diversion"]
    await callers.hang_up()
    await onward.ended()


async def test_where_a_carrier_allows_no_foreign_number_a_forwarded_call_shows_ours(office: Office) -> None:
    await office.group("300", "Verkoop", outside={"always": "0687654321"}, forwarded_caller_id="caller")
    await office.plan((office.main, "300", ""))
    carrier = await office.carrier()
    callers = await carrier.calls(office.main, caller=OUTSIDER)
    onward = await carrier.rings()
    assert (asserted(onward), in_from(onward)) == (office.main, office.main)
    assert not any("612345678" in value for _, value in onward.headers)
    await callers.hang_up()
    await onward.ended()


async def test_a_trunk_that_is_down_is_passed_over_for_the_next_and_without_any_it_is_told(office: Office) -> None:
    await office.user("201", "Jansen")
    jansen = await office.wire_phone("201")
    await office.trunk("dead", free_port(), host="127.0.0.3")
    refusing, good = await office.carrier("refusing"), await office.carrier("good")

    jansens = await jansen.dials("0612345678")
    await (await refusing.rings(timeout=20)).decline(503)
    call = await good.rings()
    await call.answer()
    await jansens.hears_tone(good.tone)
    await jansens.hang_up()
    await call.ended()
    record = await office.record(1)
    assert record["legs"] == [f"+31612345678 by {trunk}" for trunk in office.carriers]

    await office.api.put(f"{office.path}/trunks", trunks=office.carriers[1:])
    jansens = await jansen.dials("0612345678")
    await (await refusing.rings(timeout=20)).decline(503)
    await (await good.rings()).decline(503)
    await jansens.hears_speech()
    end = await jansens.ended(timeout=20)
    assert (end.code, jansens.dialog.answered) == (503, False)
    assert ("refuse", "lines_unavailable") in steps(await office.record(2))


async def test_a_busy_number_outside_is_busy_and_no_reason_to_try_another_trunk(office: Office) -> None:
    await office.user("201", "Jansen")
    jansen, first, second = (
        await office.wire_phone("201"),
        await office.carrier("first"),
        await office.carrier("second"),
    )
    jansens = await jansen.dials("0612345678")
    await (await first.rings()).decline(486)
    assert (await jansens.ended(timeout=20)).code == 486
    assert not second.received


async def test_an_emergency_call_goes_out_from_a_phone_with_nobody_logged_on(office: Office) -> None:
    phone, carrier = await office.phone(), await office.carrier()
    calls = await phone.dials("112")
    call = await carrier.rings()
    assert (called(call), asserted(call)) == ("112", office.main)
    await call.answer()
    await asyncio.gather(calls.hears_tone(CARRIERS_TONE), call.hears_tone(phone.tone))
    await calls.hang_up()


async def test_a_carrier_that_wants_registration_is_registered_at_and_brings_calls_over_it(office: Office) -> None:
    await office.user("201", "Jansen")
    await office.plan((office.main, "201", ""))
    jansen = await office.phone("201")
    ours = Credentials("customer", "a-password-of-theirs")
    elsewhere = "127.0.0.2"
    async with WirePhone("registrar", office.exchange.server, host=elsewhere, asks_for=ours) as carrier:
        trunk = {"host": elsewhere, "username": ours.username, "password": ours.password}
        name = await office.trunk("registrar", carrier.port, mode="registration", **trunk)
        register = await carrier.is_registered_at()
        assert NameAddress.parse(register.headers["To"]).user == ours.username

        jansens = await jansen.dials("0612345678")
        call = await carrier.rings()
        assert asserted(call) == office.main
        await call.answer()
        await jansens.hears_tone(carrier.tone)
        await jansens.hang_up()
        await call.ended()

        await carrier.calls(office.main, caller=OUTSIDER)
        assert (await jansen.rings()).caller_number == "0612345678"
        await office.api.put(f"{office.path}/trunks", trunks=[])
        await office.api.delete(f"trunks/{name}")
