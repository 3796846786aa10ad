"""What a new process does with the calls that the one before it left behind (design §7).

The journal says which calls there were; the switch says which legs are still there. Between the two:

    its leg talks in another call     it picked that one up: its record is closed
    both legs talk                    they are ours again: hanging up and the record go on
    the caller waits in a queue       back in line, at the same place and with the same waiting time
    the caller rings, listens         the call begins anew where it came in, with the same record
    one side or both have gone        what is left is hung up, and the record is closed
    it called in and nobody noted it  it is taken as if it came in now

Legs that no call knows (phones that rang) are hung up first, so that a call that begins anew can ring them again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from centrale.calls.call import Call
from centrale.calls.caller import Caller
from centrale.calls.leg import Leg
from centrale.calls.line import Line
from centrale.calls.record import CallRecord, Outcome
from centrale.exchange.exchange import Exchange, Resumed
from centrale.kinds.queue import KIND as QUEUE
from centrale.kinds.queue_journal import Talks, Waits, read_talks, read_waits
from centrale.routing.callerid import Presented
from centrale.routing.snapshot import AccountId, AccountSnapshot, ChannelName, ExtensionNumber
from centrale.routing.trace import Decision, Step
from centrale.telephony.switch import (
    Arrival,
    BridgeId,
    Cause,
    Gone,
    LegEvent,
    LegGone,
    LegId,
    Listener,
    Survivor,
    Switch,
)

log = structlog.get_logger(__name__)

BACK_IN_LINE_WITHIN = 2.0
"""Seconds. It takes milliseconds, unless whoever is asked for the callers' names does not answer."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """How many calls went on, began anew, and were over."""

    talking: int = 0
    begun_anew: int = 0
    over: int = 0


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A call as the journal knows it. `other`: the leg that the caller was connected with last."""

    record: CallRecord
    arrival: Arrival
    user: ExtensionNumber | None
    other: LegId | None
    party: str
    bridge: BridgeId | None
    engaged: frozenset[ExtensionNumber]
    channels: frozenset[ChannelName]
    places: frozenset[ExtensionNumber]
    waits: Waits | None
    """In which queue the caller stood."""
    talks: Talks | None
    """Which agent of which queue the caller talked with."""


async def recover(exchange: Exchange, open_calls: Mapping[str, Mapping[str, Any]], last_alive: datetime) -> Recovered:
    """Take up every open call of the journal. `last_alive`: when the process before us was seen last.

    Call it once, when the switch has come up for the first time. Raises SwitchDown when it goes away meanwhile; what
    was taken up until then stays.
    """
    platform = exchange.platform
    survivors = {survivor.leg: survivor for survivor in await platform.switch.survivors()}
    talking: list[LeftBehind] = []
    waiting: list[LeftBehind] = []
    over: list[LeftBehind] = []
    for call_id, fields in open_calls.items():
        try:
            left = _read(fields)
        except (KeyError, TypeError, ValueError) as problem:
            log.error("a call in the journal cannot be read", call=call_id, problem=repr(problem))
            continue
        caller, other = survivors.get(left.arrival.leg), survivors.get(left.other) if left.other else None
        known = AccountId(left.record.account) in platform.directory.current.accounts
        if known and _talk(caller, other):
            talking.append(left)
        elif known and caller is not None and left.record.answered is None:
            waiting.append(left)
        else:
            over.append(left)

    picked_up = {left.other for left in talking}
    for left in [left for left in waiting if left.arrival.leg in picked_up]:
        waiting.remove(left)  # it gave its leg to one that talks, and nobody closed its record
        left.record.outcome = Outcome.PICKED_UP
        over.append(left)

    ours = {leg for left in talking for leg in (left.arrival.leg, left.other)} | {left.arrival.leg for left in waiting}
    known_to_calls = {left.arrival.leg for left in over}
    unheard: list[Arrival] = []
    for leg in survivors.keys() - ours:
        arrival = survivors[leg].arrival
        if arrival is not None and leg not in known_to_calls and not survivors[leg].answered:
            unheard.append(arrival)
        else:
            await _end(platform.switch, leg)
    for left in talking:
        await _take_over(exchange, left)
    for left in waiting:
        await _begin_anew(exchange, left, survivors[left.arrival.leg])
    stood = [left.record.id for left in waiting if _has_a_queue(exchange, left)]
    await platform.queues.back(stood, within=BACK_IN_LINE_WITHIN)
    for left in over:
        await _close(exchange, left, last_alive)  # queues hear of it, too: whose talk ended has wrap-up
    platform.queues.open()
    for arrival in unheard:
        await _take(exchange, arrival)
    return Recovered(len(talking), len(waiting), len(over))


def _talk(caller: Survivor | None, other: Survivor | None) -> bool:
    return (
        caller is not None
        and other is not None
        and caller.answered
        and other.answered
        and caller.bridge is not None
        and caller.bridge == other.bridge
    )


async def _take_over(exchange: Exchange, left: LeftBehind) -> None:
    platform, record = exchange.platform, left.record
    now = platform.clock.now()
    assert left.other is not None
    leg = Leg(platform.switch, left.arrival.leg, f"the caller {record.caller}")
    other = Leg(platform.switch, left.other, left.party)
    leg.answered = other.answered = True
    if record.answered is None:
        # It died between connecting the two and noting it.
        record.answered, record.answered_by, record.outcome = now, left.party, Outcome.ANSWERED
    record.trace.append(Step(now, "resume", "the exchange was away; the talk went on"))
    shown = Presented(
        number=record.caller or None, name=record.caller_name, decision=Decision("caller-id", "as before")
    )
    caller = Caller(
        shown,
        ChannelName(record.channel) if record.channel else None,
        left.user,
        None if record.channel else record.trunk,
    )
    call = Call(platform, _account(exchange, left), caller, leg, record)
    call.open_legs.add(other)
    call.engaged |= left.engaged
    call.channels |= left.channels
    call.places |= left.places
    call.bridge, call.connected_to = left.bridge, other
    if left.talks is not None:
        talks = left.talks
        platform.queues.talks(
            call, talks.queue, talks.agent, talks.since, left.waits.since if left.waits else talks.since
        )
    for one in (leg, other):
        await _follow(platform.switch, one)
    exchange.take_over(call, other)


async def _take(exchange: Exchange, arrival: Arrival, resumed: Resumed | None = None) -> None:
    """The leg is listened to before its call begins: what a call does first may be to say something to it."""
    early = _Early()
    try:
        await exchange.platform.switch.listen(arrival.leg, early)
    except LegGone:
        exchange.take(arrival, resumed)(Gone(Cause.NORMAL))
    else:
        early.go_on_to(exchange.take(arrival, resumed))


class _Early:
    """A listener that keeps what it is told until it is known to whom that goes."""

    def __init__(self) -> None:
        self._told: list[LegEvent] = []
        self._listener: Listener = self._told.append

    def __call__(self, event: LegEvent) -> None:
        self._listener(event)

    def go_on_to(self, listener: Listener) -> None:
        """All of it, and what comes from now on."""
        self._listener = listener
        for event in self._told:
            listener(event)


async def _begin_anew(exchange: Exchange, left: LeftBehind, caller: Survivor) -> None:
    switch = exchange.platform.switch
    if caller.bridge is not None:
        await switch.dissolve(caller.bridge)  # it heard the called side's sound before the answer
    await _take(exchange, left.arrival, Resumed(left.record, caller.answered, left.waits))


async def _close(exchange: Exchange, left: LeftBehind, last_alive: datetime) -> None:
    """When exactly it ended nobody saw: the last moment at which it surely ran counts, in the customer's favour."""
    platform, record = exchange.platform, left.record
    if left.bridge is not None:
        await platform.switch.dissolve(left.bridge)
    now = platform.clock.now()
    seen = [moment for moment in (record.started, record.ringing, record.answered, last_alive) if moment is not None]
    record.ended = min(max(seen), now)
    record.cause = record.cause or Cause.NORMAL
    record.outcome = record.outcome or Outcome.ABANDONED
    facts = {"between": [record.ended.isoformat(timespec="seconds"), now.isoformat(timespec="seconds")]}
    record.trace.append(Step(now, "end", "the call ended while the exchange was away", facts))
    if left.talks is not None or left.waits is not None:
        _tell_of_the_queue(platform.queues, left, record.ended)
    platform.journal.closed(record.id, record.as_json())


def _tell_of_the_queue(line: Line, left: LeftBehind, ended: datetime) -> None:
    """Statistics count who hung up while nobody watched, too (QUE-27)."""
    place = left.talks or left.waits
    assert place is not None
    came = left.waits.since if left.waits else place.since
    talked = None if left.talks is None else (left.talks.agent, left.talks.since)
    line.went(AccountId(left.record.account), left.record.id, place.queue, came, ended, talked)


async def _follow(switch: Switch, leg: Leg) -> None:
    try:
        await switch.listen(leg.id, leg.deliver)
    except LegGone:
        leg.deliver(Gone(Cause.NORMAL))  # in the moment between the list and our asking


async def _end(switch: Switch, leg: LegId) -> None:
    try:
        await switch.listen(leg, _nobody)
    except LegGone:
        return
    await switch.hang_up(leg)


def _has_a_queue(exchange: Exchange, left: LeftBehind) -> bool:
    """Did the caller stand in a queue that is still there?"""
    if left.waits is None:
        return False
    queue = _account(exchange, left).extensions.get(left.waits.queue)
    return queue is not None and queue.kind == QUEUE.name


def _account(exchange: Exchange, left: LeftBehind) -> AccountSnapshot:
    return exchange.platform.directory.current.accounts[AccountId(left.record.account)]


def _read(fields: Mapping[str, Any]) -> LeftBehind:
    return LeftBehind(
        record=CallRecord.from_json(fields),
        arrival=Arrival(**fields["arrival"]),
        user=ExtensionNumber(fields["user"]) if fields.get("user") else None,
        other=LegId(fields["other"]) if fields.get("other") else None,
        party=str(fields.get("party", "")),
        bridge=BridgeId(fields["bridge"]) if fields.get("bridge") else None,
        engaged=frozenset(map(ExtensionNumber, fields.get("engaged", ()))),
        channels=frozenset(map(ChannelName, fields.get("channels", ()))),
        places=frozenset(map(ExtensionNumber, fields.get("places", ()))),
        waits=read_waits(fields),
        talks=read_talks(fields),
    )


def _nobody(_event: LegEvent) -> None:
    """A leg that is being hung up has nothing to say to anyone."""
