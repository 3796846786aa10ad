"""The legs that we follow: who listens to each, and what was told of it.

One entry holds all that is known of a leg, and `end` takes it out: a leg is told `Gone` once, as its last event, and
nothing of it is left behind. What Asterisk says twice (an event, and the list of channels after a lost connection) is
told once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from centrale.telephony.asterisk.ari_errors import AriError, AriUnavailable, NotFound
from centrale.telephony.switch import (
    Answered,
    Cause,
    Gone,
    LegEvent,
    LegId,
    Listener,
    PlaybackEnded,
    PlaybackId,
    RecordingEnded,
    RecordingId,
    Ringing,
)

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class FollowedLeg:
    """One leg. `calls_in`: it called us; before our answer it hears sound only after a *progress* (SIP 183).

    `originated`: a phone that comes into our application by answering (`dialling`).
    """

    listener: Listener
    calls_in: bool = False
    originated: bool = False
    answered: bool = False
    rings: bool = False
    entered: asyncio.Future[None] | None = None
    """Done when the channel can be dialled."""
    end: Gone | None = None
    """Why it will end, known before it has ended."""
    doomed: Cause | None = None
    """We hung it up; whether Asterisk heard of that is not sure while the connection is lost."""
    playbacks: set[PlaybackId] = field(default_factory=set)
    recordings: set[RecordingId] = field(default_factory=set)


class Legs:
    """All followed legs, by id."""

    def __init__(self) -> None:
        self._legs: dict[LegId, FollowedLeg] = {}

    def __contains__(self, leg: LegId) -> bool:
        return leg in self._legs

    def __len__(self) -> int:
        return len(self._legs)

    def get(self, leg: LegId) -> FollowedLeg | None:
        return self._legs.get(leg)

    def all(self) -> dict[LegId, FollowedLeg]:
        """Those followed at this moment."""
        return dict(self._legs)

    def follow(self, leg: LegId, entry: FollowedLeg) -> None:
        self._legs[leg] = entry

    def tell(self, leg: LegId, event: LegEvent) -> None:
        """Tell the leg's listener, if anyone listens and was not told before."""
        entry = self._legs.get(leg)
        if entry is not None and _is_news(entry, event):
            _hand(leg, entry.listener, event)

    def end(self, leg: LegId, gone: Gone) -> None:
        """The leg is no more. `gone` counts unless something said earlier why it would end."""
        entry = self._legs.pop(leg, None)
        if entry is None:
            return
        _fail(entry, NotFound("POST", f"channels/{leg}/dial", 404, "the channel ended before it was dialled"))
        for recording in entry.recordings:
            _hand(leg, entry.listener, RecordingEnded(recording))  # Asterisk closes its files before the channel
        _hand(leg, entry.listener, entry.end or gone)

    def forget(self, leg: LegId) -> None:
        """Nobody listens to it any more; one that has ended is fine."""
        self._legs.pop(leg, None)

    def connection_lost(self) -> None:
        """The `StasisStart` that somebody waits for may have been lost: they give up, and the leg with them."""
        for leg, entry in self._legs.items():
            _fail(entry, AriUnavailable("POST", f"channels/{leg}/dial", 0, "the connection to Asterisk broke"))


def _is_news(entry: FollowedLeg, event: LegEvent) -> bool:
    match event:
        case Answered():
            known, entry.answered = entry.answered, True
            return not known
        case Ringing():
            known, entry.rings = entry.rings or entry.answered, True
            return not known
        case PlaybackEnded(playback):
            known = playback in entry.playbacks
            entry.playbacks.discard(playback)
            return known
        case RecordingEnded(recording):
            known = recording in entry.recordings
            entry.recordings.discard(recording)
            return known
        case _:
            return True


def _fail(entry: FollowedLeg, error: AriError) -> None:
    if entry.entered is not None and not entry.entered.done():
        entry.entered.set_exception(error)


def _hand(leg: LegId, listener: Callable[[LegEvent], None], event: LegEvent) -> None:
    try:
        listener(event)
    except Exception:
        # A mistake in one call must reach neither the other legs of a loop nor the reader of the connection.
        log.exception("the listener of a leg failed", leg=leg, told=event)
