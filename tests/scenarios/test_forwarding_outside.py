"""What an outside party is shown of a call that a group sends on to them (GRP-3, GRP-4, CID-3).

Only numbers of the account are presented as own; a foreign number is kept where the trunk allows it, and then one of
ours stands in the Diversion.
"""

from __future__ import annotations

import pytest

from centrale.routing.snapshot import E164
from centrale.telephony.simulated import SimulatedCall, SimulatedCarrier, SimulatedPhone
from tests.scenarios.hearing import because, heard, now, said
from tests.scenarios.world import Company, World

MAIN, SALES = E164("+31201110200"), E164("+31201110300")
CUSTOMER, MOBILE = E164("+31301234567"), E164("+31612345678")


@pytest.fixture
async def strict(world: World, acme: Company) -> SimulatedCarrier:
    """A carrier that lets us show our own numbers only."""
    return await world.carrier("strict", acme)


@pytest.fixture
async def liberal(world: World, acme: Company) -> SimulatedCarrier:
    """A carrier that lets a forwarded call keep the caller's number."""
    return await world.carrier("liberal", acme, keeps_foreign_caller_id=True)


@pytest.fixture
async def sales(acme: Company) -> Company:
    """Group 300, reached by SALES, forwards every call to a mobile phone."""
    acme.number(MAIN)
    acme.change(default_caller_id=MAIN)
    group(acme)
    acme.number(SALES, "300")
    return acme


def group(acme: Company, shows: str = "caller", **more: object) -> None:
    both = {"inside": {"always": MOBILE}, "outside": {"always": MOBILE}}
    acme.extension("300", "group", "Sales", forwarded_caller_id=shows, **{**both, **more})


async def forwarded(carrier: SimulatedCarrier, caller: str, *, withheld: bool = False) -> SimulatedCall:
    """What the mobile phone is shown when `caller` calls SALES."""
    call = await carrier.calls(SALES, caller=caller, withheld=withheld)
    mobile = await carrier.rings()
    assert mobile.dialled == MOBILE
    await call.hang_up()
    return mobile


async def test_the_callers_number_is_kept_where_the_trunk_allows_it(
    world: World, sales: Company, liberal: SimulatedCarrier
) -> None:
    mobile = await forwarded(liberal, CUSTOMER)
    assert (mobile.caller_number, mobile.presentation.diverted_from) == (CUSTOMER, SALES)
    await world.over()


async def test_elsewhere_the_called_number_is_shown_instead(
    world: World, sales: Company, strict: SimulatedCarrier
) -> None:
    mobile = await forwarded(strict, CUSTOMER)
    assert (mobile.caller_number, mobile.presentation.diverted_from) == (SALES, SALES)
    await world.over()
    assert "caller: trunk strict allows only numbers of ours" in because(world.last_record)


async def test_the_called_number_is_shown_when_the_group_says_so(
    world: World, sales: Company, liberal: SimulatedCarrier
) -> None:
    group(sales, shows="called")
    mobile = await forwarded(liberal, CUSTOMER)
    assert (mobile.caller_number, mobile.presentation.diverted_from) == (SALES, SALES)
    await world.over()


@pytest.mark.parametrize("shows", ["caller", "called"])
async def test_who_withheld_stays_withheld(world: World, sales: Company, liberal: SimulatedCarrier, shows: str) -> None:
    group(sales, shows=shows)
    mobile = await forwarded(liberal, CUSTOMER, withheld=True)
    assert mobile.presentation.withheld
    assert mobile.caller_number == "anonymous"
    assert CUSTOMER not in str(mobile.presentation)
    await world.over()


async def test_a_second_trunk_with_other_rules_shows_another_number(
    world: World, sales: Company, liberal: SimulatedCarrier, strict: SimulatedCarrier
) -> None:
    call = await liberal.calls(SALES, caller=CUSTOMER)
    first = await liberal.rings()
    assert first.caller_number == CUSTOMER
    await first.decline(503)
    assert (await strict.rings()).caller_number == SALES
    await call.hang_up()
    await world.over()


async def test_a_colleagues_call_shows_the_accounts_number(
    world: World, sales: Company, liberal: SimulatedCarrier
) -> None:
    """A colleague has no telephone number of one's own to be kept, and no number of ours was called."""
    sales.user("201", "Anna Jansen")
    anna = await sales.phone("anna", logged_on="201")
    call = await anna.dials("300")
    mobile = await liberal.rings()
    assert (mobile.caller_number, mobile.presentation.diverted_from) == (MAIN, MAIN)
    await call.hang_up()
    await world.over()


async def test_a_colleague_who_dialled_the_number_shows_that(
    world: World, sales: Company, liberal: SimulatedCarrier
) -> None:
    sales.user("201", "Anna Jansen")
    anna = await sales.phone("anna", logged_on="201")
    call = await anna.dials(SALES)
    mobile = await liberal.rings()
    assert (mobile.caller_number, mobile.presentation.diverted_from) == (SALES, SALES)
    await call.hang_up()
    await world.over()


async def test_all_targets_outside_ring_at_once_and_the_first_wins(
    world: World, sales: Company, liberal: SimulatedCarrier
) -> None:
    group(sales, outside={"always": f"{MOBILE};0687654321"})
    call = await liberal.calls(SALES, caller=CUSTOMER)
    one, two = await liberal.rings(), await liberal.rings()
    assert now() == 0
    assert (one.dialled, two.dialled) == (MOBILE, "+31687654321")
    await two.answer()
    await call.answered()
    assert (await one.ended()).answered_elsewhere
    await two.hears_tone(liberal.tone)
    await call.hang_up()
    await world.over()
    assert world.last_record["answered_by"] == "+31687654321"


@pytest.mark.parametrize(
    ("forwards", "instant"), [({"busy": MOBILE}, 0), ({"no_answer": MOBILE, "no_answer_after": 15}, 15)]
)
async def test_busy_and_no_answer_lead_outside_too(
    world: World, sales: Company, liberal: SimulatedCarrier, forwards: dict[str, object], instant: float
) -> None:
    sales.user("201", "Anna Jansen")
    anna: SimulatedPhone = await sales.phone("anna", logged_on="201")
    group(sales, members=["201"], outside=forwards)
    call = await liberal.calls(SALES, caller=CUSTOMER)
    rings = await anna.rings()
    if "busy" in forwards:
        await rings.decline(486)
    mobile = await liberal.rings(timeout=60)
    assert now() == instant
    assert (mobile.dialled, mobile.presentation.diverted_from) == (MOBILE, SALES)
    await mobile.answer()
    await call.answered()
    await call.hang_up()
    await world.over()


@pytest.mark.parametrize(
    ("code", "told"),
    [(486, "busy"), (404, "number_not_in_use"), (503, "lines_unavailable"), (603, "user_unavailable")],
)
async def test_why_the_target_cannot_be_reached_is_told(
    world: World, sales: Company, liberal: SimulatedCarrier, code: int, told: str
) -> None:
    call = await liberal.calls(SALES, caller=CUSTOMER)
    await (await liberal.rings()).decline(code)
    await call.ended()
    assert said(call) == [told]
    await world.over()


async def test_the_caller_hangs_up_and_the_mobile_stops(
    world: World, sales: Company, liberal: SimulatedCarrier
) -> None:
    call = await liberal.calls(SALES, caller=CUSTOMER)
    mobile = await liberal.rings()
    await call.hang_up()
    await mobile.ended()
    await world.over()
    assert world.last_record["outcome"] == "abandoned"


@pytest.mark.parametrize("target", ["112", "900", "1233"])
async def test_emergency_and_service_numbers_are_no_targets(
    world: World, sales: Company, liberal: SimulatedCarrier, target: str
) -> None:
    sales.user("201", "Anna Jansen")
    anna = await sales.phone("anna", logged_on="201")
    group(sales, inside={"always": target})
    call = await anna.dials("300")
    await call.ended()
    assert heard(call) == [(0, "call_failed")]
    await world.over()
    assert target in because(world.last_record)
