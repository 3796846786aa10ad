"""Queue: callers wait in line, agents get them one by one (QUE-1..26)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from centrale.acd.announcements import BREAKOUT_KEY, SoundSettings, holds_at_first
from centrale.acd.picture import RING_ALL_MOST, Overrides, QueueSettings, Strategy
from centrale.acd.picture import Member as EngineMember
from centrale.calls import AnsweredBy, Attempt, Call, Done, GoTo, Next, NobodyAnswered, reachable
from centrale.calls.dialogue import Sound, Words
from centrale.calls.line import Because, SentOn, Taken, TurnedAway
from centrale.calls.ports import QueueVerdict
from centrale.kinds import forward
from centrale.kinds.group import Targets
from centrale.kinds.kind import (
    Destination,
    Digits,
    Kind,
    KindSettings,
    Language,
    Seconds,
    SoundRef,
    Utterance,
    semantic,
)
from centrale.kinds.queue_journal import OUT_OF_LINE, in_line, with_agent
from centrale.kinds.queue_waiting import Waiting
from centrale.routing.callerid import DiversionReason, ForwardShows
from centrale.routing.snapshot import Extension, ExtensionNumber
from centrale.telephony.switch import Cause
from centrale.voice.prompts import Prompt

PLAIN_NAME = re.compile(r"[\w .'-]+")
"""QUE-26: no special characters."""

EMERGENCY_RING = "alert-emergency"
"""How phones ring for a caller of an emergency queue (QUE-3)."""

FOR_AS_LONG_AS_THE_CALLER_LIKES = 86_400.0
"""Seconds (QUE-23)."""

AgentRef = Annotated[Digits, Field(json_schema_extra=semantic("extension", kind="user|forward"))]
"""Whoever can be an agent: a user, or a forward, which makes an outside phone one (QUE-14)."""

Pause = Annotated[int, Field(ge=0, le=3600, json_schema_extra=semantic("seconds"))]
Weight = Annotated[int, Field(ge=0, le=100)]


class Access(StrEnum):
    """Who may log on (QUE-15)."""

    OPEN = "open"
    """Any user, who thereby becomes a member."""
    CLOSED = "closed"
    """Members that an administrator chose."""


class Member(KindSettings):
    """An agent, with what is different for them (QUE-17)."""

    agent: AgentRef = Field(title="Agent")
    wrap_up: Pause | None = Field(default=None, title="Wrap-up (seconds)", description="The queue's if empty.")
    ring_timeout: Seconds | None = Field(default=None, title="Rings for (seconds)", description="The queue's if empty.")
    weight: Weight | None = Field(default=None, title="Weight", description="The queue's if empty.")


class QueueForward(KindSettings):
    """Where callers go who wait too long or find no place (QUE-23)."""

    to: Targets = Field(title="Forward to")
    after: int | None = Field(
        default=None, ge=1, le=86_400, title="After (seconds)", json_schema_extra=semantic("seconds")
    )
    individual_forwards: bool = Field(
        default=False,
        title="Individual forwards allowed",
        description="Otherwise the target rings until somebody answers or the caller gives up.",
    )


class Queue(KindSettings):
    """A queue (QUE-26: call limit and emergency are chosen when it is ordered)."""

    call_limit: int = Field(default=10, ge=1, le=1000, title="Callers at most")
    emergency: bool = Field(
        default=False, title="Emergency queue", description="Offered before any other queue's calls (QUE-3)."
    )
    strategy: Strategy = Field(default=Strategy.LONGEST_IDLE, title="Strategy")
    weight: Weight = Field(
        default=0, title="Weight", description="An agent of several queues serves the highest first."
    )
    access: Access = Field(default=Access.OPEN, title="Who may log on")
    members: list[Member] = Field(default_factory=list, max_length=5000, title="Members", description="By rank.")
    ring_timeout: Seconds = Field(default=20, title="Rings an agent for (seconds)")
    wrap_up: Pause = Field(default=0, title="Wrap-up (seconds)")
    offer_second_call: bool = Field(
        default=False, title="Offer second call", description="Agents in a call are offered another (QUE-4)."
    )
    language: Language | None = Field(
        default=None, title="Language", description="Of what is said; the account's if empty."
    )
    ring_first: bool = Field(default=False, title="Ringback once first")
    introduction: Utterance | None = Field(default=None, title="Introduction")
    skip_introduction: bool = Field(default=False, title="Skip the introduction when an agent is free")
    announce_position: bool = Field(default=False, title="Announce the position")
    announce_wait: bool = Field(default=False, title="Announce the expected wait")
    announce_every: int = Field(
        default=60, ge=10, le=3600, title="Announce every (seconds)", json_schema_extra=semantic("seconds")
    )
    infotainment: list[SoundRef] = Field(
        default_factory=list,
        max_length=50,
        title="Infotainment",
        description="Each is played once; not while the position is announced (QUE-11).",
    )
    music: bool = Field(default=True, title="Music", description="Off: ring tone.")
    music_shuffled: bool = Field(default=False, title="Music in random order")
    breakout: Destination | None = Field(default=None, title="Key 1 leads to")
    forward: QueueForward | None = Field(default=None, title="Forward when busy or not answered")
    no_agents: Targets | None = Field(default=None, title="When no agents are logged on to")

    @field_validator("members")
    @classmethod
    def _each_once(cls, members: list[Member]) -> list[Member]:
        agents = [member.agent for member in members]
        if len(set(agents)) < len(agents):
            twice = next(agent for agent in agents if agents.count(agent) > 1)
            raise ValueError(f"{twice} is a member twice")
        return members

    @model_validator(mode="after")
    def _ring_all_is_small(self) -> Self:
        if self.strategy is Strategy.RING_ALL and len(self.members) > RING_ALL_MOST:
            raise ValueError(f"a queue that rings all at once has at most {RING_ALL_MOST} members")
        return self

    @classmethod
    def name_problem(cls, name: str) -> str | None:
        if PLAIN_NAME.fullmatch(name):
            return None
        return "the name of a queue has letters, digits, spaces, dots, dashes and apostrophes only"

    @property
    def agents(self) -> list[ExtensionNumber]:
        """The members that an administrator chose, by rank."""
        return [ExtensionNumber(member.agent) for member in self.members]

    def distribution(self, number: ExtensionNumber) -> QueueSettings:
        """As the engine needs it."""
        later = self.forward
        return QueueSettings(
            number,
            tuple(
                EngineMember(ExtensionNumber(it.agent), Overrides(it.wrap_up, it.ring_timeout, it.weight))
                for it in self.members
            ),
            strategy=self.strategy,
            call_limit=self.call_limit,
            emergency=self.emergency,
            weight=self.weight,
            ring_timeout=self.ring_timeout,
            wrap_up=self.wrap_up,
            offer_second_call=self.offer_second_call,
            forward_to=tuple(later.to.split(";")) if later else (),
            forward_after=later.after if later else None,
            when_no_agents=tuple(self.no_agents.split(";")) if self.no_agents else (),
        )

    def sounds(self, infotainment_every: float) -> SoundSettings:
        """What there is to hear."""
        return SoundSettings(
            ringback=self.ring_first,
            introduction=str(self.introduction) if self.introduction else None,
            skip_introduction=self.skip_introduction,
            position=self.announce_position,
            expected_wait=self.announce_wait,
            interval=self.announce_every,
            infotainment=tuple(self.infotainment),
            infotainment_interval=infotainment_every,
            music=self.music,
            breakout=self.breakout is not None,
        )

    def said_first(self, language: str) -> Sound | Words | None:
        """The introduction."""
        said = self.introduction.said if self.introduction else None
        return replace(said, language=said.language or language) if isinstance(said, Words) else said

    def may_log_on(self, agent: ExtensionNumber, logged_on: Collection[ExtensionNumber]) -> QueueVerdict:
        """What becomes of a wish to log on. `logged_on`: who is already."""
        chosen = self.agents
        if agent in logged_on:
            return QueueVerdict.ALREADY
        if agent in chosen:
            return QueueVerdict.LOGGED_ON
        if self.access is Access.CLOSED:
            return QueueVerdict.MEMBERS_ONLY
        if self.strategy is Strategy.RING_ALL and len({*chosen, *logged_on}) >= RING_ALL_MOST:
            return QueueVerdict.FULL
        return QueueVerdict.LOGGED_ON


STRATEGY_IN_WORDS = {
    Strategy.LONGEST_IDLE: "the agent who has been idle longest",
    Strategy.FEWEST_CALLS: "the agent with the fewest calls",
    Strategy.RANDOM: "agents in random order",
    Strategy.LINEAR: "agents by rank",
    Strategy.LINEAR_REMEMBERING: "agents by rank, from the last one offered a call",
    Strategy.ROUND_ROBIN: "agents in turn",
    Strategy.LEAST_TALK_TIME: "the agent with the least talk time",
    Strategy.RING_ALL: "all agents at once",
}


def summary(queue: Queue) -> str:
    emergency = "emergency queue; " if queue.emergency else ""
    later = queue.forward
    forward = f"; after {later.after} s to {later.to}" if later and later.after else ""
    members = f"{len(queue.members)} member{'' if len(queue.members) == 1 else 's'}"
    offers = f"offers to {STRATEGY_IN_WORDS[queue.strategy]}"
    return f"{emergency}{members}, up to {queue.call_limit} callers; {offers}{forward}"


async def answer(queue: Queue, extension: Extension, call: Call) -> Next:
    """Have the caller wait until an agent takes the call, or until the way leads elsewhere."""
    line, number = call.platform.queues, extension.number
    before, call.waited_in = call.waited_in, None
    since = before[1] if before is not None and before[0] == number else None
    sounds = queue.sounds(call.account.infotainment_every)
    free = line.someone_is_free(call.account_id, number)
    call.platform.journal.changed(call.id, in_line(call, number, since or call.now()))
    usual_ring, call.ring_tone = call.ring_tone, EMERGENCY_RING if queue.emergency else call.ring_tone
    held = since is None and holds_at_first(sounds, agent_free=free)
    place = line.join(call, number, lambda agent: _phones(agent, call), held=held, since=since)
    try:
        language = queue.language or call.account.language
        waiting = Waiting(call, number, place, sounds, queue.said_first(language), language, free, since, held)
        outcome = await waiting.over()
        if isinstance(outcome, Taken):
            call.platform.journal.changed(call.id, with_agent(call, number, outcome.agent))
            return Done(await call.talk(outcome.answered))
        if outcome is None:
            place.broke_out()
        await waiting.silence()
    finally:
        place.leave()
        call.ring_tone = usual_ring
    call.platform.journal.changed(call.id, OUT_OF_LINE)
    match outcome:
        case None:
            call.step("queue", f"{BREAKOUT_KEY} was pressed", to=queue.breakout)
            return GoTo(ExtensionNumber(queue.breakout or ""))
        case SentOn(targets, because):
            return await _send_on(queue, extension, call, ";".join(targets), because)
        case TurnedAway(Because.FULL):
            call.step("queue", f"all {queue.call_limit} places are taken")
            # Who has been answered on the way here hears no tone of the network any more.
            return Done(await call.refuse(Prompt.BUSY, Cause.BUSY) if call.leg.answered else Cause.BUSY)
        case TurnedAway():
            call.step("queue", "was deleted")
            return Done(await call.refuse(Prompt.NUMBER_NOT_IN_USE, Cause.UNKNOWN_NUMBER))


def _phones(agent: ExtensionNumber, call: Call) -> list[Attempt]:
    """What rings when an agent is offered the caller."""
    extension = call.account.extensions.get(agent)
    if extension is None:
        return []
    return reachable(call, [extension]) if extension.kind == "user" else forward.attempts(extension, call)


async def _send_on(queue: Queue, extension: Extension, call: Call, targets: str, because: Because) -> Next:
    """To the targets of the forward, or to where callers go while nobody is logged on (QUE-23, QUE-24)."""
    call.step("queue", f"forwards to {targets}", because=because)
    reason = _REASONS[because]
    kept = because is not Because.NO_AGENTS and not (queue.forward and queue.forward.individual_forwards)
    if not kept or _answers_by_itself(targets, call):
        return await call.forward(extension, targets, shows=ForwardShows.CALLER, reason=reason, inside_for_all=True)
    attempts = call.attempts_at(extension, targets, shows=ForwardShows.CALLER, reason=reason)
    match await call.ring(attempts, timeout=FOR_AS_LONG_AS_THE_CALLER_LIKES):
        case AnsweredBy() as answered:
            return Done(await call.talk(answered))
        case NobodyAnswered(cause):
            return Done(await call.refuse(_TOLD.get(cause, Prompt.GROUP_UNREACHABLE), cause))


def _answers_by_itself(targets: str, call: Call) -> bool:
    """Is it one extension that is no phone to be rung: a mailbox, a menu, another queue?"""
    extension = call.account.extensions.get(ExtensionNumber(targets))
    return extension is not None and not extension.settings.rung_together(extension.number)


_REASONS = {
    Because.FULL: DiversionReason.BUSY,
    Because.WAITED_ENOUGH: DiversionReason.NO_ANSWER,
    Because.NO_AGENTS: DiversionReason.ALWAYS,
    Because.QUEUE_GONE: DiversionReason.ALWAYS,
}

_TOLD = {Cause.BUSY: Prompt.BUSY, Cause.NO_ANSWER: Prompt.NO_ANSWER, Cause.DECLINED: Prompt.USER_UNAVAILABLE}


KIND = Kind(name="queue", title={"en": "Queue", "nl": "Wachtrij"}, settings=Queue, answer=answer, summary=summary)
