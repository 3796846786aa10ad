"""The stage of a dry run: a switch, phones and carriers that do as was assumed, and books that nobody keeps."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from centrale.calls.ports import ChosenPlan, PinVerdict, PlanChange, QueueVerdict, Situation, Whence
from centrale.explain.assumptions import Parties
from centrale.kinds.queue_logons import logged_off, logged_on
from centrale.routing.pins import must_choose
from centrale.routing.plans import active_plan
from centrale.routing.snapshot import (
    AccountId,
    AccountSnapshot,
    ChannelName,
    ExtensionNumber,
    PlatformSnapshot,
    devices_by_user,
)
from centrale.telephony.simulated import SimulatedCall, SimulatedCarrier, SimulatedPhone, SimulatedSwitch
from centrale.telephony.switch import LegId, Listener, PlaybackId, Presentation, RecordingId, Target, ToPhone
from centrale.voice.silent import SilentPrompts

RINGS_THAT_TELL, RINGS_IN_VAIN = 3, 60
"""So often one phone rings before that tells nothing new, and so often phones then ring until it is enough."""

SOUND_LASTS = 5.0
"""Seconds that an uploaded sound is taken to last."""


class Stage(SimulatedSwitch):
    """Every phone and carrier is there from the moment in which it is called."""

    def __init__(self, parties: Parties, prompts: SilentPrompts, has_sound: Callable[[str], bool]) -> None:
        super().__init__(self._lasts)
        self.plays: Counter[LegId] = Counter()
        """How often something was played, per leg."""
        self.rung: dict[float, list[Target]] = {}
        """Whom it rang, by the loop's time."""
        self.on_nothing_new: Callable[[], None] = lambda: None
        """Called once when the same phones have rung again and again."""
        self._rung_before: Counter[Target] = Counter()
        self._rung_again = 0
        self._parties = parties
        self._prompts = prompts
        self._has_sound = has_sound
        self._acts: set[asyncio.Task[None]] = set()

    async def dial(
        self, leg: LegId, target: Target, presentation: Presentation, listener: Listener, caller: LegId | None = None
    ) -> None:
        if isinstance(target, ToPhone):
            if target.channel not in self._parties.switched_off:
                self.phones[target.channel] = _Person(self, target.channel)
        elif target.endpoint not in self._parties.trunks_down:
            self.carriers[target.endpoint] = _FarSide(self, target.endpoint)
        self.rung.setdefault(asyncio.get_running_loop().time(), []).append(target)
        self._see_whether_it_is_new(target)
        await super().dial(leg, target, presentation, listener, caller)

    async def play(self, leg: LegId, playback: PlaybackId, sounds: Sequence[str]) -> None:
        self.plays[leg] += 1
        await super().play(leg, playback, sounds)

    async def record(self, leg: LegId, recording: RecordingId, *, longest: float, silence: float) -> None:
        await super().record(leg, recording, longest=longest, silence=silence)
        self.legs[leg].call.speaks(self._parties.given.speak)

    def _see_whether_it_is_new(self, target: Target) -> None:
        self._rung_before[target] += 1
        if self._rung_before[target] > RINGS_THAT_TELL:
            self._rung_again += 1
            if self._rung_again == RINGS_IN_VAIN:
                self.on_nothing_new()

    def react(self, call: SimulatedCall, party: str) -> None:
        """Have whoever is called at `party` do as was assumed."""
        if not self._parties.acts(party):
            return
        task = asyncio.get_running_loop().create_task(self._behave(call, party))
        self._acts.add(task)
        task.add_done_callback(self._acts.discard)

    async def _behave(self, call: SimulatedCall, party: str) -> None:
        given = self._parties.given
        if party in self._parties.switched_off:  # an outside number that is out of service
            await call.decline(480)
        elif given.everybody_busy or party in self._parties.busy:
            await call.decline(486)
        elif party in self._parties.declining:
            await asyncio.sleep(given.answer_after)
            if call.end is None:
                await call.decline(603)
        elif self._parties.answers(party):
            await asyncio.sleep(given.answer_after)
            if call.end is None:
                await call.answer()
                await asyncio.sleep(given.talk)
                await call.hang_up()

    def _lasts(self, sound: str) -> float | None:
        try:
            return self._prompts.duration(Path(sound))
        except KeyError:
            return SOUND_LASTS if self._has_sound(sound) else None


class _Person(SimulatedPhone):
    """Somebody at a phone of the account."""

    switch: Stage

    def __init__(self, stage: Stage, channel: str) -> None:
        super().__init__(stage, channel, channel, tone=440)

    def incoming(self, call: SimulatedCall) -> None:
        super().incoming(call)
        self.switch.react(call, self.channel)


class _FarSide(SimulatedCarrier):
    """Whoever is called through a trunk."""

    switch: Stage

    def __init__(self, stage: Stage, endpoint: str) -> None:
        super().__init__(stage, endpoint, endpoint, tone=440)

    def incoming(self, call: SimulatedCall) -> None:
        super().incoming(call)
        self.switch.react(call, call.dialled)


Listening = Callable[[PlatformSnapshot, frozenset[AccountId]], None]


class Books:
    """The picture of the accounts, and a logon desk that changes no more than this copy of it.

    No PIN is known here: every one counts as right, so that what follows can be seen.
    """

    def __init__(self, platform: PlatformSnapshot) -> None:
        self.current = platform
        self._listeners: list[Listening] = []

    def on_change(self, listener: Listening) -> None:
        self._listeners.append(listener)

    async def try_pin(
        self, account: AccountId, whence: Whence, user: ExtensionNumber, pin: str, now: datetime
    ) -> PinVerdict:
        extension = self.current.accounts[account].extensions.get(user)
        if extension is None or extension.kind != "user":
            return PinVerdict.WRONG
        return PinVerdict.MUST_CHOOSE if must_choose(pin) else PinVerdict.RIGHT

    async def choose_pin(self, account: AccountId, user: ExtensionNumber, pin: str) -> None:
        return None

    async def set_forward(
        self, account: AccountId, user: ExtensionNumber, situation: Situation, number: str | None
    ) -> None:
        return None

    async def choose_plan(
        self,
        account: AccountId,
        user: ExtensionNumber,
        schema: int,
        change: PlanChange,
        plan: int | None,
        now: datetime,
    ) -> ChosenPlan:
        schemas = {found.number: found for found in self.current.accounts[account].schemas}
        named = schemas[schema].plans.get(plan) if plan is not None else active_plan(schemas[schema], now).plan
        return ChosenPlan(named.name if named else None, None)

    async def keep_sound(self, account: AccountId, recorded: Path, *, maker: str, now: datetime) -> str | None:
        return "recording-not-kept.wav"

    async def log_on(
        self, account: AccountId, user: ExtensionNumber, channel: ChannelName, *, alone: bool, now: datetime
    ) -> None:
        picture = self.current.accounts[account]
        left = {name for name, who in picture.logons.items() if alone and who == user}
        self._log(picture, {**_without(picture, left), channel: user})

    async def log_off(
        self, account: AccountId, user: ExtensionNumber, channel: ChannelName, *, everywhere: bool, now: datetime
    ) -> None:
        picture = self.current.accounts[account]
        left = {name for name, who in picture.logons.items() if who == user and (everywhere or name == channel)}
        self._log(picture, _without(picture, left))

    async def log_on_to_queue(
        self, account: AccountId, queue: ExtensionNumber, agent: ExtensionNumber, now: datetime
    ) -> QueueVerdict:
        verdict, changed = logged_on(self.current.accounts[account], queue, agent, now)
        self._keep(changed)
        return verdict

    async def log_off_from_queue(
        self, account: AccountId, queue: ExtensionNumber, agent: ExtensionNumber, now: datetime
    ) -> QueueVerdict:
        verdict, changed = logged_off(self.current.accounts[account], queue, agent)
        self._keep(changed)
        return verdict

    def _log(self, picture: AccountSnapshot, logons: dict[ChannelName, ExtensionNumber]) -> None:
        changed = replace(picture, logons=MappingProxyType(logons), devices=MappingProxyType(devices_by_user(logons)))
        self._keep(changed)

    def _keep(self, changed: AccountSnapshot) -> None:
        accounts = MappingProxyType({**self.current.accounts, changed.id: changed})
        self.current = replace(self.current, accounts=accounts)
        for listener in self._listeners:
            listener(self.current, frozenset({changed.id}))


def _without(picture: AccountSnapshot, left: set[ChannelName]) -> dict[ChannelName, ExtensionNumber]:
    """The logons without those on channels in `left`; a linked user stays (LNK-1)."""
    return {
        name: who
        for name, who in picture.logons.items()
        if name not in left or picture.channels[name].linked_to is not None
    }


class NoJournal:
    """Remembers nothing: a dry run has nothing to lose."""

    def opened(self, call: str, fields: Mapping[str, Any]) -> None:
        return None

    def changed(self, call: str, fields: Mapping[str, Any]) -> None:
        return None

    def closed(self, call: str, record: Mapping[str, Any]) -> None:
        return None
