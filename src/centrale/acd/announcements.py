"""What a waiting caller hears, and when (QUE-8..12, QUE-22). Pure: whoever plays it says what was heard, and is told
what comes now, or until when only the background plays.

    heard, now = Heard(), joined
    while waiting:
        heard, sound = coming(settings, heard, now, agent_free=…, offered=…)
        match sound:
            case Play():                # play it; report CallerHeld before and CallerReleased after when `holds`
                heard = heard.after(sound, when it ended)
            case Background(until=…):   # music or ring tone until then, or until something happens
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

SHORTEST_INTERVAL = 5.0
"""Seconds; a shorter interval counts as this: callers should hear some of the music."""
INFOTAINMENT_INTERVAL = 60.0
"""Seconds; older exchanges had 40, so it is a setting of the account (QUE-11)."""
BREAKOUT_KEY = "1"


@dataclass(frozen=True, slots=True)
class SoundSettings:
    """What there is to hear in a queue. Files by name; times in seconds."""

    ringback: bool = False
    """Once, before all else."""
    introduction: str | None = None
    skip_introduction: bool = False
    """When an agent is free (QUE-9)."""
    position: bool = False
    expected_wait: bool = False
    interval: float = 30.0
    """Between announcements of position and expected wait."""
    infotainment: tuple[str, ...] = ()
    infotainment_interval: float = INFOTAINMENT_INTERVAL
    music: bool = True
    """Off: ring tone (QUE-12)."""
    breakout: bool = False
    """QUE-22."""


class What(StrEnum):
    """What is played."""

    RINGBACK = "ringback"
    INTRODUCTION = "introduction"
    ANNOUNCEMENT = "announcement"
    """Position, expected wait, or both."""
    INFOTAINMENT = "infotainment"


@dataclass(frozen=True, slots=True)
class Play:
    """Play this now. `holds`: the caller is offered to nobody until it has ended."""

    what: What
    file: str | None = None
    position: bool = False
    expected_wait: bool = False
    breakable: bool = False
    """Pressing `BREAKOUT_KEY` while it plays leads out (QUE-22)."""

    @property
    def holds(self) -> bool:
        return self.what is not What.ANNOUNCEMENT


@dataclass(frozen=True, slots=True)
class Background:
    """Music, or else the ring tone, until `until`; None: until the caller is answered or leaves."""

    music: bool
    until: datetime | None
    breakable: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """What a caller has heard so far."""

    ringback: bool = False
    introduced: datetime | None = None
    """When the introduction ended, or was not played: intervals count from here."""
    announced: int = 0
    """Intervals whose announcement is over, those that were missed among them."""
    infotainment: int = 0
    """Files."""

    def after(self, sound: Play, ended: datetime) -> Heard:
        """`sound` was played until `ended`."""
        match sound.what:
            case What.RINGBACK:
                return replace(self, ringback=True)
            case What.INTRODUCTION:
                return replace(self, introduced=ended)
            case What.ANNOUNCEMENT:
                return replace(self, announced=self.announced + 1)
            case What.INFOTAINMENT:
                return replace(self, infotainment=self.infotainment + 1)

    @classmethod
    def resumed(cls, settings: SoundSettings, since: datetime, now: datetime) -> Heard:
        """For somebody who has been waiting since before a restart: nothing is played twice that is played once."""
        files = (now - since) // timedelta(seconds=max(settings.infotainment_interval, SHORTEST_INTERVAL))
        return cls(True, since, 0, min(files, len(settings.infotainment)))


def holds_at_first(settings: SoundSettings, *, agent_free: bool) -> bool:
    """Whether a new caller hears something that comes before being offered: join with `held`."""
    introduced = settings.introduction is not None and not (settings.skip_introduction and agent_free)
    return settings.ringback or introduced


def coming(
    settings: SoundSettings, heard: Heard, now: datetime, *, agent_free: bool = False, offered: bool = False
) -> tuple[Heard, Play | Background]:
    """What comes at `now`, and what counts as heard by then.

    `agent_free`: somebody could take the caller at once (`Engine.free_for_another`). `offered`: a phone rings for the
    caller (`Engine.is_offered`): nothing begins that an answer must not interrupt.
    """
    if settings.ringback and not heard.ringback and heard.introduced is None:
        return heard, Play(What.RINGBACK)
    if heard.introduced is None:
        if settings.introduction is not None and not (settings.skip_introduction and agent_free):
            return heard, Play(What.INTRODUCTION, settings.introduction)
        heard = replace(heard, introduced=now)
    begun = heard.introduced
    assert begun is not None

    due: list[datetime] = []
    if settings.position or settings.expected_wait:
        interval = max(settings.interval, SHORTEST_INTERVAL)
        # One that fell into another sound is made up for once that has ended; of several, only the last.
        passed = (now - begun) // timedelta(seconds=interval)
        if passed > heard.announced:
            heard = replace(heard, announced=passed - 1)
            return heard, Play(
                What.ANNOUNCEMENT,
                position=settings.position,
                expected_wait=settings.expected_wait,
                breakable=settings.breakout,
            )
        due.append(begun + timedelta(seconds=interval * (heard.announced + 1)))

    if not settings.position and heard.infotainment < len(settings.infotainment):
        interval = max(settings.infotainment_interval, SHORTEST_INTERVAL)
        at = begun + timedelta(seconds=interval * (heard.infotainment + 1))
        if at > now:
            due.append(at)
        elif not offered:
            file = settings.infotainment[heard.infotainment]
            return heard, Play(What.INFOTAINMENT, file, breakable=settings.breakout)

    return heard, Background(settings.music, min(due, default=None), settings.breakout)
