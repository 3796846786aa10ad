"""A queue's settings (QUE-1..26); what it does on a call stands in `queue`."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from centrale.acd.announcements import SoundSettings
from centrale.acd.picture import RING_ALL_MOST, Overrides, QueueSettings, Strategy
from centrale.acd.picture import Member as EngineMember
from centrale.calls.dialogue import Sound, Words
from centrale.calls.ports import QueueVerdict
from centrale.kinds.group import Targets
from centrale.kinds.kind import Destination, Digits, KindSettings, Language, Seconds, SoundRef, Utterance, semantic
from centrale.routing.snapshot import ExtensionNumber
from centrale.wording import Wording

PLAIN_NAME = re.compile(r"[\w .'-]+")
"""QUE-26: no special characters."""

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

    def may_pick_up(self, user: ExtensionNumber, logged_on: Collection[ExtensionNumber]) -> bool:
        """Anyone where anyone may log on; else members, logged on or not (QUE-25)."""
        return self.access is Access.OPEN or user in self.agents or user in logged_on


def summary(queue: Queue, words: Wording) -> str:
    """In one sentence."""
    parts = [words("emergency queue")] if queue.emergency else []
    count, limit = len(queue.members), queue.call_limit
    if count == 0:
        parts.append(words("no members yet, up to {limit} callers", limit=limit))
    elif count == 1:
        parts.append(words("1 member, up to {limit} callers", limit=limit))
    else:
        parts.append(words("{count} members, up to {limit} callers", count=count, limit=limit))
    parts.append(words("offers to {whom}", whom=words.choice(queue.strategy)))
    if (later := queue.forward) is not None and later.after:
        parts.append(words("after {seconds} s to {to}", seconds=later.after, to=words.targets(later.to)))
    if queue.no_agents:
        parts.append(words("while no agents are logged on to {to}", to=words.targets(queue.no_agents)))
    return "; ".join(parts)
