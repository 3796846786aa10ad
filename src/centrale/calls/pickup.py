"""Picking up: a leg that called us becomes the one that answered a call which rings for others (QUE-25, SYS-9).

Whoever knows what rings (a queue's line) chooses the call, and hands the leg over in the same turn of the loop. So
the leg belongs to one call at each moment, two who pick up at once cannot both get the caller, and no call has to
watch another's task: each ends by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from centrale.calls.reach import display
from centrale.calls.record import Outcome
from centrale.calls.ring import AnsweredBy, Attempt, Way
from centrale.telephony.switch import ToPhone

if TYPE_CHECKING:
    from centrale.calls.call import Call


def hand_over(picker: Call, to: Call) -> AnsweredBy:
    """Make the leg of `picker`, an inside caller whom we have answered, one of `to`'s; gives it as who answered there.

    `to` must talk with it, or hang it up. The flow of `picker` must return at once: its record is as good as closed.
    """
    user, channel = picker.user, picker.caller.channel
    assert user is not None
    assert channel is not None
    leg, party = picker.leg, f"{user.number} {user.name}"
    name = f"{user.number} on {channel}"
    way = Way(ToPhone(channel), display(to.caller.shown, to.prefixes), name)

    to.open_legs.add(leg)
    picker.open_legs.discard(leg)
    leg.party = name
    leg.on_gone = leg.on_progress = None
    leg.forget_digits()

    to.step("pickup", f"{party} picks the call up", call=picker.id)
    to.record.legs += [name] if name not in to.record.legs else []
    picker.step("pickup", f"takes the call from {to.caller.number or 'somebody unknown'}", call=to.id)
    picker.record.outcome = Outcome.PICKED_UP
    # The user is in a call all the while: in both until the picker's has ended.
    to.engaged.add(user.number)
    to.channels.add(channel)
    to.platform.live.changed(to)
    return AnsweredBy(leg, Attempt(party, (way,), user.number), way, unaware=True)
