"""Who is engaged, on which channel, in which call limit: counted as calls change, and right at every moment."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from centrale.calls.live import Counted, LiveCalls
from centrale.routing.snapshot import AccountId, ChannelName, ExtensionNumber

MEMBERS = ["a", "b", "c"]
KINDS = ["engaged", "channels", "places"]


@dataclass(eq=False)
class SomeCall:
    """What `LiveCalls` sees of a call."""

    id: str
    account_id: AccountId
    engaged: Counted[Any] = field(default_factory=lambda: Counted({"a"}))
    channels: Counted[Any] = field(default_factory=lambda: Counted({"b"}))
    places: Counted[Any] = field(default_factory=Counted)


which_call = st.integers(0, 3)
kinds, members = st.sampled_from(KINDS), st.sampled_from(MEMBERS)
steps = st.one_of(
    st.tuples(st.sampled_from(["begins", "ends"]), which_call),
    st.tuples(st.sampled_from(["add", "discard"]), which_call, kinds, members),
    st.tuples(st.sampled_from(["joins", "leaves"]), which_call, kinds, st.sets(members)),
)


@given(st.lists(steps, max_size=40))
def test_counts_are_what_looking_through_all_calls_would_find(story: list[tuple[Any, ...]]) -> None:
    live: Any = LiveCalls()
    calls = [SomeCall(f"call-{number}", AccountId(number % 2)) for number in range(4)]
    for what, number, *more in story:
        call = calls[number]
        match what, more:
            case "begins", []:
                live.began(call)
            case "ends", []:
                live.ended(call)
            case "add" | "discard", [kind, member]:
                getattr(getattr(call, kind), what)(member)
            case "joins", [kind, several]:
                setattr(call, kind, getattr(call, kind).__ior__(several))
            case "leaves", [kind, several]:
                setattr(call, kind, getattr(call, kind).__isub__(several))
        running = list(live.of())
        for member in MEMBERS:
            assert live.on_channel(ChannelName(member)) == sum(member in call.channels for call in running)
            for account in (AccountId(0), AccountId(1)):
                own = [call for call in running if call.account_id == account]
                extension = ExtensionNumber(member)
                assert live.engaged(account, extension) == sum(member in call.engaged for call in own)
                assert live.places_in(account, extension) == sum(member in call.places for call in own)
    for call in calls:
        live.ended(call)
    assert (live._engaged, live._channels, live._places) == (Counter(), Counter(), Counter()), "nothing is kept"
