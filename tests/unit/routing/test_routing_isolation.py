"""No call crosses accounts, whatever is dialled or claimed (ACC-1)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from routing_world import CARRIER, DESK, HALL, NOW, STRANGERS_NUMBER, company, platform, stranger

from centrale.routing.entrance import Arrival, EmergencyCall, OutsideCall, from_channel, from_trunk
from centrale.routing.person import Person
from centrale.routing.snapshot import E164, AccountSnapshot, ChannelName

OURS, THEIRS = company(), stranger()
PLATFORM = platform(OURS, THEIRS)

numbers = st.sampled_from([*OURS.numbers, *THEIRS.numbers, E164("+31612345678")])
dialled = st.one_of(
    st.text("0123456789*#+", max_size=16),
    st.integers(100, 999).map(str),
    numbers,
    numbers.map(lambda number: f"#31#0{number[3:]}"),
    numbers.map(lambda number: f"0{number[3:]}"),
)
phones = st.sampled_from([(OURS, DESK), (OURS, HALL), (THEIRS, ChannelName("1002-1"))])
wishes = st.builds(
    Person,
    area_code=st.sampled_from([None, "010", "020"]),
    default_caller_id=numbers,
    emergency_caller_id=numbers,
    further_caller_ids=st.dictionaries(st.integers(0, 9), numbers),
)


@given(phone=phones, dialled=dialled, person=wishes, mobile=st.booleans())
def test_a_phone_reaches_its_own_account_or_leaves_through_a_trunk(
    phone: tuple[AccountSnapshot, ChannelName], dialled: str, person: Person, mobile: bool
) -> None:
    account, name = phone
    call = from_channel(account, account.channels[name], dialled, NOW, person, mobile=mobile)
    if isinstance(call, Arrival):
        assert call.account is account
        assert account.extensions[call.destination.number] is call.destination
        assert call.called is None or call.called in account.numbers
        assert call.caller.number in account.extensions
    if isinstance(call, OutsideCall):
        assert call.number not in account.numbers
        assert call.caller.e164 is None or account.numbers[call.caller.e164].active
    if isinstance(call, EmergencyCall):
        assert call.caller_id is None or account.numbers[call.caller_id].active


@given(called=dialled, caller=st.none() | dialled | st.text())
def test_a_trunk_reaches_only_the_owner_of_the_called_number(called: str, caller: str | None) -> None:
    call = from_trunk(PLATFORM, CARRIER, called, caller, NOW)
    if isinstance(call, Arrival):
        assert call.called is not None
        owner = PLATFORM.owner_of_number(call.called)
        assert call.account is owner
        assert owner.extensions[call.destination.number] is call.destination
        assert call.caller.number not in owner.extensions


def test_the_same_extension_number_is_someone_else_in_every_account() -> None:
    ours = from_channel(OURS, OURS.channels[DESK], "201", NOW)
    theirs = from_channel(THEIRS, THEIRS.channels[ChannelName("1002-1")], "201", NOW)
    assert isinstance(ours, Arrival)
    assert isinstance(theirs, Arrival)
    assert (ours.destination.name, theirs.destination.name) == ("Jansen", "Stranger")


def test_an_extension_that_only_the_other_account_has_is_unknown_here() -> None:
    assert "299" in THEIRS.extensions
    assert not isinstance(from_channel(OURS, OURS.channels[DESK], "299", NOW), Arrival)


def test_the_other_accounts_number_is_reached_by_trunk_and_only_by_trunk() -> None:
    assert isinstance(from_channel(OURS, OURS.channels[DESK], STRANGERS_NUMBER, NOW), OutsideCall)
