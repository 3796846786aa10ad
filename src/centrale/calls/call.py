"""A call: one caller, what is done for them, and the record of it.

The verbs live in files of their own (`dialogue`, `ring`, `talk`, `outside`) and are methods here, so that a kind reads
as prose. Each verb records its own step. When the caller hangs up, the task that conducts the call is cancelled at the
verb it awaits: hanging up is cancellation, not a flag (design §4).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from centrale.calls import dialogue, forwarding
from centrale.calls.caller import Caller
from centrale.calls.dialogue import Question, Utterance
from centrale.calls.leg import Leg, new_id
from centrale.calls.live import Counted
from centrale.calls.next import Next
from centrale.calls.platform import Platform
from centrale.calls.record import CallRecord, Outcome
from centrale.calls.ring import AnsweredBy, Attempt, NobodyAnswered, Way, first_to_answer
from centrale.calls.ringback import Ringback
from centrale.routing.callerid import DiversionReason, ForwardShows
from centrale.routing.snapshot import E164, NOTHING, AccountId, AccountSnapshot, ChannelName, Extension, ExtensionNumber
from centrale.routing.trace import Decision, Step
from centrale.telephony.switch import BridgeId, Cause, LegGone, RecordingId, ToPhone
from centrale.voice.prompts import Prompt


class Call:
    """One call of one account, from the caller's first ring to the stored record."""

    def __init__(
        self, platform: Platform, account: AccountSnapshot, caller: Caller, leg: Leg, record: CallRecord
    ) -> None:
        self.id = record.id
        self.platform = platform
        self.caller = caller
        self.leg = leg
        self.record = record
        self.prefixes: list[str] = []
        """Texts before the caller's name on the display, outermost first (CID-2)."""
        self.speaks: str | None = None
        """The language that the caller turned out to speak, when an extension found that out."""
        self.ring_tone: str | None = None
        self.called: E164 | None = None
        """The telephone number of ours that was called, when one was."""
        self.path: tuple[ExtensionNumber | E164, ...] = ()
        """Where the call has been, so that it does not go round (`routing.forwards.follow`)."""
        self.open_legs: set[Leg] = {leg}
        self.engaged: Counted[ExtensionNumber] = Counted({caller.user} if caller.user else ())
        self.channels: Counted[ChannelName] = Counted({caller.channel} if caller.channel else ())
        self.places: Counted[ExtensionNumber] = Counted()
        """The call limits in which this call has a place (LIM-1)."""
        self.waited_in: tuple[ExtensionNumber, datetime] | None = None
        """The queue in which the caller stood when an earlier process of ours died, and since when."""
        self.bridge: BridgeId | None = None
        self.connected_to: Leg | None = None
        self._account = account
        self._noted = len(record.trace)

    # -- facts ---------------------------------------------------------------------------------------------------

    @property
    def account_id(self) -> AccountId:
        """Whose call this is."""
        return self._account.id

    @property
    def account(self) -> AccountSnapshot:
        """The account as it is now; the last picture of it when it was deleted meanwhile."""
        self._account = self.platform.directory.current.accounts.get(self._account.id, self._account)
        return self._account

    @property
    def user(self) -> Extension | None:
        """The account's user who calls, if one is logged on to the phone."""
        return None if self.caller.user is None else self.account.extensions.get(self.caller.user)

    @property
    def language(self) -> str:
        """Of what is said to the caller: `speaks`, else the user's own, else the channel's, else the account's."""
        own = getattr(self.user.settings, "language", None) if self.user else None
        channel = self.account.channels.get(self.caller.channel) if self.caller.channel else None
        return self.speaks or own or (channel.language if channel else None) or self.account.language

    def now(self) -> datetime:
        """The present instant."""
        return self.platform.clock.now()

    # -- the trace -----------------------------------------------------------------------------------------------

    def step(self, rule: str, outcome: str, **facts: Any) -> None:
        """Record an act."""
        self.record.trace.append(Step(self.now(), rule, outcome, facts))

    def note(self, decision: Decision) -> None:
        """Record what a pure rule decided."""
        self.record.trace.append(
            Step(self.now(), decision.rule, decision.outcome, decision.facts, decision.rejected),
        )

    def note_down(self) -> None:
        """Have the journal hold the steps up to here; nothing is written when it does already."""
        if len(self.record.trace) == self._noted:
            return
        self._noted = len(self.record.trace)
        taking_part = {
            "engaged": sorted(self.engaged),
            "channels": sorted(self.channels),
            "places": sorted(self.places),
        }
        self.platform.journal.changed(self.id, self.record.as_json() | taking_part)

    # -- talking with the caller ---------------------------------------------------------------------------------

    async def answer(self) -> None:
        """Answer the caller; once is enough."""
        if not self.leg.answered:
            await self.leg.answer()
            self.step("answer", "the exchange answered the caller")
            self.platform.live.changed(self)

    async def say(self, prompt: Prompt, **values: object) -> None:
        """Answer, and say `prompt` to the end."""
        await dialogue.say(self, prompt, values)

    async def play(self, sound: str) -> bool:
        """Answer, and play a sound file of the account to the end. False: there is no such file."""
        return await dialogue.play(self, sound)

    async def record_caller(
        self,
        keep: Callable[[Path], Awaitable[None]],
        *,
        name: str,
        longest: float,
        silence: float = 5.0,
        before: Callable[[RecordingId], Awaitable[None]] | None = None,
        unfinished: RecordingId | None = None,
    ) -> None:
        """Beep, record until `#`, `longest` seconds, `silence` seconds without a sound, or the caller's hanging up,
        and give the file to `keep`, which must put it away. `name` begins the file's name.

        Also for a caller who hangs up is `keep` awaited to its end: nothing that was said is lost. `before` is awaited
        before the switch records, to note it down for the process after us: the recording goes on when we stop.
        `unfinished`: no new recording, but this one that an earlier process of ours began; it may go on still.
        """
        await dialogue.record_caller(self, keep, name, longest, silence, before, unfinished)

    async def hear(self, utterance: Utterance) -> bool:
        """Answer, and play a sound, speak words or say a prompt to the end. False: there is no such sound."""
        return await dialogue.hear(self, utterance)

    async def speak(self, text: str, language: str | None = None) -> None:
        """Answer, and speak a free text to the end."""
        await dialogue.speak(self, text, language or self.language)

    async def ask(
        self,
        question: Question,
        *,
        max_digits: int = 20,
        timeout: float = 6.0,
        values: Mapping[str, object] = NOTHING,
        complete: Callable[[str], bool] = lambda digits: False,
    ) -> str:
        """Answer, put the question, and collect keys until `#`, `max_digits`, or a pause. `""` when nothing came.

        `timeout`: seconds that the caller has for the first key, counted from the end of the question. `complete`:
        says of the keys so far whether no further one can be meant.
        """
        return await dialogue.ask(self, question, max_digits, timeout, values, complete)

    async def ring_twice(self) -> None:
        """Let a caller who has not been answered hear two rings first; one who has been goes on at once."""
        await dialogue.ring_twice(self)

    async def refuse(self, prompt: Prompt, cause: Cause, **values: object) -> Cause:
        """Tell the caller why the call does not come about, free of charge (early media), and give back `cause`."""
        return await dialogue.refuse(self, prompt, cause, values)

    # -- reaching others -----------------------------------------------------------------------------------------

    async def ring(self, attempts: Sequence[Attempt], *, timeout: float) -> AnsweredBy | NobodyAnswered:
        """Ring all of `attempts`; the first to answer wins. The caller hears ringing, or the called side's sound."""
        ways = [way.name for attempt in attempts for way in attempt.ways[:1]]
        self.step("ring", f"rings {', '.join(ways) or 'nobody'}", timeout=timeout)
        if ways and self.record.ringing is None:
            self.record.ringing = self.now()
            self.platform.live.changed(self)
        self.record.legs += [way.name for attempt in attempts for way in attempt.ways]
        ringback = Ringback(self, early_media=len(ways) == 1)
        rung = {phone for attempt in attempts for phone in attempt.phones if phone not in self.channels}
        self.channels |= rung  # a phone that rings takes part (CHN-1)
        try:
            result = await first_to_answer(
                self.platform.switch,
                attempts,
                caller=self.leg.id,
                timeout=timeout,
                open_legs=self.open_legs,
                on_progress=ringback.progress,
                on_failure=self._way_failed,
            )
        finally:
            await ringback.settled()
            self.channels -= rung
        match result:
            case AnsweredBy(_, attempt, way):
                self.step("ring", f"{attempt.party} answered", way=way.name)
            case NobodyAnswered(cause, causes):
                self.step("ring", f"nobody answered: {cause}", **causes)
                await self.disconnect()
        return result

    def _way_failed(self, way: Way, cause: Cause, following: Way | None) -> None:
        failed = f"{way.name}: {cause}"
        self.step("ring", failed if following is None else f"{way.name}: {cause}; tries {following.name}")

    async def forward(
        self,
        owner: Extension,
        targets: str,
        *,
        shows: ForwardShows,
        reason: DiversionReason,
        inside_for_all: bool = False,
    ) -> Next:
        """Send the call on to `targets` of `owner`'s forward (GRP-3): numbers separated by `;`, rung at once.

        `inside_for_all`: calls from outside may be forwarded to extensions too, as a user's own may and a group's not.
        """
        return await forwarding.forward(self, owner, targets, shows, reason, inside_for_all=inside_for_all)

    async def send_on(
        self,
        owner: Extension,
        destination: str,
        *,
        prefix: str = "",
        shows: ForwardShows = ForwardShows.CALLER,
        own_number: E164 | None = None,
    ) -> Next:
        """On to `destination`: an extension, or an outside number as it would be dialled. `owner` sends it there.

        `prefix` is put before the caller's name on the display (CID-2); `shows`: whose number an outside destination
        is shown (CID-3), with `USER` the account's `own_number`.
        """
        return await forwarding.send_on(self, owner, destination, prefix, shows, own_number)

    def attempts_at(
        self,
        owner: Extension,
        targets: str,
        *,
        shows: ForwardShows,
        reason: DiversionReason,
        delay: float = 0.0,
        own_number: E164 | None = None,
    ) -> list[Attempt]:
        """What rings when `owner`'s forward leads to `targets` while others ring too (GRP-2), after `delay` seconds.

        `own_number`: as in `send_on`.
        """
        return forwarding.attempts_at(self, owner, targets, shows, reason, delay, own_number)

    async def talk(self, answered: AnsweredBy) -> Cause:
        """Connect the caller with who answered, until either hangs up; gives the cause to release the rest with."""
        other, party = answered.leg, answered.attempt.party
        if answered.attempt.user is not None:
            self.engaged.add(answered.attempt.user)
        if isinstance(answered.way.target, ToPhone):
            self.channels.add(ChannelName(answered.way.target.channel))
        try:
            await self.leg.answer()
            await self.connect(other)
            if answered.unaware:
                await self.platform.switch.show(other.id, answered.way.presentation)
        except LegGone:
            self.step("talk", "one of both hung up in the moment of answering")  # its `Gone` is on its way to us
        self.record.answered = self.now()
        self.record.answered_by = party
        self.record.outcome = Outcome.ANSWERED
        self.step("talk", f"connected with {party}")
        self.note_down()
        self.platform.live.changed(self)
        return await self.talk_on(other)

    async def talk_on(self, other: Leg) -> Cause:
        """Stay with a talk that has begun, until the called side hangs up (the caller's hanging up cancels)."""
        gone = await other.ended()
        self.record.ended_by = "called"
        self.step("talk", f"{other.party} hung up", cause=gone.cause)
        return Cause.NORMAL

    async def connect(self, leg: Leg) -> None:
        """Let the caller and `leg` hear each other; nothing to do when they already do (early media)."""
        if self.connected_to is leg:
            return
        await self.disconnect()
        self.bridge = BridgeId(new_id("bridge"))
        self.connected_to = leg
        self.platform.journal.changed(self.id, {"bridge": self.bridge, "other": leg.id, "party": leg.party})
        await self.platform.switch.connect(self.bridge, [self.leg.id, leg.id])

    async def disconnect(self) -> None:
        """Take the caller out of the talk; nothing to do when there is none."""
        bridge, self.bridge, self.connected_to = self.bridge, None, None
        if bridge is not None:
            await self.platform.switch.dissolve(bridge)

    async def release(self, cause: Cause) -> None:
        """End every leg that is left, and the bridge."""
        legs = [leg for leg in self.open_legs if leg.gone is None]
        for leg in self.open_legs:
            leg.on_gone = leg.on_progress = None
        await asyncio.gather(
            *(leg.hang_up(cause if leg is self.leg else Cause.NORMAL) for leg in legs), self.disconnect()
        )
