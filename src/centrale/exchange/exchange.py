"""Takes the legs that arrive at the switch, finds whose call it is, and starts the task that conducts it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, fields
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from centrale.calls.call import Call
from centrale.calls.caller import Caller
from centrale.calls.conduct import Flow, conduct
from centrale.calls.leg import Leg, new_id
from centrale.calls.platform import Platform
from centrale.calls.record import CallRecord, Direction, Outcome
from centrale.exchange import conducting
from centrale.kinds.queue_journal import Waits
from centrale.routing import callerid, entrance
from centrale.routing.callerid import Presented
from centrale.routing.e164 import readings
from centrale.routing.plans import NotInUse
from centrale.routing.snapshot import AccountSnapshot, Channel, ChannelName, Trunk
from centrale.routing.trace import Decision, Step
from centrale.telephony.switch import Arrival, Cause, LegGone, Listener, SwitchDown
from centrale.voice.prompts import Prompt
from centrale.voice.speaker import SpeechUnavailable

log = structlog.get_logger(__name__)

_OF_ARRIVAL = tuple(field.name for field in fields(Arrival))
"""`dataclasses.asdict` copies each value deeply: a thirtieth of all that a call costs us."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """What is known of a call that an earlier process of ours took. `answered`: had we answered the caller? `waits`:
    where they stood in line."""

    record: CallRecord
    answered: bool
    waits: Waits | None = None


class Exchange:
    """Runs the calls of one platform. `start` makes the switch hand its arrivals to us."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Take calls from now on."""
        self.platform.switch.on_arrival = self.take

    async def stop(self) -> None:
        """Stop conducting; the legs and the journal stay as they are, for the next process to take up (design §7)."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def note_down(self) -> None:
        """Have the journal hold what has happened in each call; called every few seconds, so that the trace of a call
        that the next process takes up begins at its beginning. Most calls are connected or over before, and cost
        nothing: connecting writes it all."""
        for call in self.platform.live.of():
            call.note_down()

    async def idle(self) -> None:
        """Wait until no call runs."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def take(self, arrival: Arrival, resumed: Resumed | None = None) -> Listener:
        """A leg arrived; gives the listener of its events. Never fails: whom we cannot serve is told so.

        `resumed`: the leg arrived at an earlier process of ours, whose call begins anew.
        """
        if arrival.from_trunk:
            return self._from_trunk(arrival, resumed)
        return self._from_channel(arrival, resumed)

    def take_over(self, call: Call, other: Leg) -> None:
        """Go on with a talk that an earlier process of ours connected (design §7)."""
        self._run(conduct(call, lambda call: call.talk_on(other)), call.id)

    def _from_channel(self, arrival: Arrival, resumed: Resumed | None) -> Listener:
        account = self.platform.directory.current.owner_of_channel(arrival.endpoint)
        channel = account.channels.get(ChannelName(arrival.endpoint)) if account else None
        if account is None or channel is None:
            log.warning("a call from a channel that no account has", channel=arrival.endpoint)
            return self._turn_away(arrival, resumed, "en", Prompt.NOT_ALLOWED, Cause.NOT_ALLOWED)
        user = account.user_on(channel.name)
        shown = callerid.inside(user) if user else _nobody_on(channel)
        caller = Caller(shown, channel=channel.name, user=user.number if user else None)
        dialled = arrival.dialled
        return self._begin(
            arrival, resumed, account, caller, Direction.INSIDE, lambda call: conducting.from_phone(call, dialled)
        )

    def _from_trunk(self, arrival: Arrival, resumed: Resumed | None) -> Listener:
        platform = self.platform.directory.current
        trunk = platform.trunks.get(arrival.endpoint)
        if trunk is None:
            log.warning("a call from a trunk that is not ours", trunk=arrival.endpoint)
            return self._turn_away(arrival, resumed, "en", Prompt.NOT_ALLOWED, Cause.NOT_ALLOWED)
        entered = entrance.from_trunk(
            platform,
            trunk,
            arrival.dialled,
            arrival.number or None,
            self.platform.clock.now(),
            caller_name=arrival.name,
            withheld=arrival.withheld,
        )
        match entered:
            case entrance.Arrival(account, caller=shown):
                owner: AccountSnapshot | None = account
            case NotInUse(number):
                owner = platform.owner_of_number(number)
                shown = _from_outside(arrival, trunk, owner)
            case entrance.NotDialable():
                owner = None
        if owner is None:
            log.info("a call to a number that no account has", trunk=trunk.name, called=arrival.dialled)
            return self._turn_away(
                arrival, resumed, _language_of(trunk), Prompt.NUMBER_NOT_IN_USE, Cause.UNKNOWN_NUMBER
            )
        caller = Caller(shown, trunk=trunk.name)
        return self._begin(
            arrival, resumed, owner, caller, Direction.INBOUND, lambda call: conducting.from_outside(call, entered)
        )

    def _begin(
        self,
        arrival: Arrival,
        resumed: Resumed | None,
        account: AccountSnapshot,
        caller: Caller,
        direction: Direction,
        flow: Flow,
    ) -> Listener:
        now = self.platform.clock.now()
        record = CallRecord(
            id=_call_id(now),
            account=account.id,
            started=now,
            direction=direction,
            caller=caller.number,
            caller_name=caller.shown.name,
            called=arrival.dialled,
            channel=caller.channel,
            trunk=caller.trunk,
        )
        leg = Leg(self.platform.switch, arrival.leg, f"the caller {caller.number}")
        if resumed is not None:
            record = resumed.record
            leg.answered = resumed.answered
            goes_on = "the caller stands in line again" if resumed.waits else "the call begins anew"
            record.trace.append(Step(now, "resume", f"the exchange was away; {goes_on}"))
            if (waits := resumed.waits) is not None:
                flow = partial(conducting.back_in_line, waits=waits, otherwise=flow)
        call = Call(self.platform, account, caller, leg, record)
        left_for_a_successor = {"arrival": {name: getattr(arrival, name) for name in _OF_ARRIVAL}, "user": caller.user}
        left_for_a_successor |= resumed.waits.as_fields() if resumed and resumed.waits else {}
        self.platform.journal.opened(call.id, record.as_json() | left_for_a_successor)
        self._run(conduct(call, flow), call.id)
        return leg.deliver

    def _turn_away(
        self, arrival: Arrival, resumed: Resumed | None, language: str, prompt: Prompt, cause: Cause
    ) -> Listener:
        """Somebody whom no account knows (any more): say so, end; it leaves no record but that of its past."""
        if resumed is not None:
            record = resumed.record
            record.ended, record.cause, record.ended_by, record.outcome = (
                self.platform.clock.now(),
                cause,
                "exchange",
                Outcome.REFUSED,
            )
            self.platform.journal.closed(record.id, record.as_json())
        leg = Leg(self.platform.switch, arrival.leg, arrival.endpoint)

        async def say_so() -> None:
            try:
                await leg.play([str(await self.platform.prompts.sound(prompt, language))])
            except SpeechUnavailable as problem:
                log.warning("could not say why a call is refused", problem=str(problem))
            except LegGone:
                return
            await leg.hang_up(cause)

        self._run(say_so(), f"turned away {arrival.leg}")
        return leg.deliver

    def _run(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (problem := task.exception()) is not None:
            if isinstance(problem, SwitchDown):
                log.warning("the switch went away during a call", task=task.get_name())
            else:
                log.error("a call's own clean-up failed", task=task.get_name(), exc_info=problem)


def _call_id(now: datetime) -> str:
    """Sorts by time: milliseconds since 1970 in hexadecimal, then chance."""
    return f"{int(now.timestamp() * 1000):012x}-{new_id('call')[5:]}"


def _nobody_on(channel: Channel) -> Presented:
    return Presented(number=None, name="", decision=Decision("caller-id", f"nobody on {channel.name}"))


def _from_outside(arrival: Arrival, trunk: Trunk, account: AccountSnapshot | None) -> Presented:
    calling = readings(arrival.number, trunk.country) if arrival.number and not arrival.withheld else ()
    if account is None:
        return Presented(decision=Decision("caller-id", "not looked at"))
    return callerid.from_outside(calling[0] if calling else None, arrival.name, account)


def _language_of(trunk: Trunk) -> str:
    return {"NL": "nl", "BE": "nl", "DE": "de", "AT": "de", "ES": "es", "LV": "lv"}.get(trunk.country, "en")
