"""Asterisk's events, told to the legs in our words.

The end of a leg may be announced by any of three events, of which two may never come. `ChannelHangupRequest` only
says why; the leg is gone when it has left our application (`StasisEnd`) or no longer exists (`ChannelDestroyed`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from centrale.telephony.asterisk.causes import gone_of
from centrale.telephony.asterisk.configuration.dialplan import APPLICATION
from centrale.telephony.asterisk.legs import Legs
from centrale.telephony.switch import (
    Answered,
    Arrival,
    Cause,
    Digit,
    EarlyMedia,
    Gone,
    LegEvent,
    LegId,
    PlaybackEnded,
    PlaybackId,
    RecordingEnded,
    RecordingId,
    Ringing,
)

HEARD = (
    "StasisStart",
    "StasisEnd",
    "Dial",
    "ChannelDtmfReceived",
    "ChannelHangupRequest",
    "ChannelDestroyed",
    "PlaybackFinished",
    "RecordingFinished",
    "RecordingFailed",
)
"""All that we listen to. Every other type costs Asterisk the making and us the reading."""

DIALLED = "dialled"
"""The argument with which the channels that we create enter our application; see `configuration.dialplan`."""

_PROGRESS: dict[str, LegEvent] = {"RINGING": Ringing(), "PROGRESS": EarlyMedia(), "ANSWER": Answered()}
_PROGRESS_OF_PHONE: dict[str, LegEvent] = {"RINGING": Ringing(), "PROGRESS": Ringing()}
"""Of the other words of a Dial event, the end of the channel says more. A phone has answered when it is in our
application and can be connected, which is a moment later: see `_entered`."""

_ORIGINATED = "AppDial2"
"""What Asterisk calls the application of a channel that it dials for us (dial.c)."""


def tell(legs: Legs, event: dict[str, Any], stranger: Callable[[dict[str, Any], list[str]], None]) -> None:
    """Tell `legs` what happened. A channel that enters our application and that nobody follows goes to `stranger`,
    with the arguments with which it entered.
    """
    match event["type"]:
        case "StasisStart":
            _entered(legs, event, stranger)
        case "Dial":
            _dialled(legs, event)
        case "ChannelDtmfReceived":
            legs.tell(_leg(event), Digit(event["digit"]))
        case "PlaybackFinished":
            playback = event["playback"]
            leg = LegId(playback["target_uri"].removeprefix("channel:"))
            legs.tell(leg, PlaybackEnded(PlaybackId(playback["id"]), playback["state"] == "failed"))
        case "RecordingFinished" | "RecordingFailed" as kind:
            recording = event["recording"]
            leg = LegId(recording["target_uri"].removeprefix("channel:"))
            legs.tell(leg, RecordingEnded(RecordingId(recording["name"]), failed=kind == "RecordingFailed"))
        case "ChannelHangupRequest":
            entry = legs.get(_leg(event))
            if entry is not None and entry.end is None:
                entry.end = gone_of(event)
        case "ChannelDestroyed":
            legs.end(_leg(event), gone_of(event))
        case "StasisEnd":
            legs.end(_leg(event), Gone(Cause.NORMAL))


def _leg(event: dict[str, Any]) -> LegId:
    return LegId(event["channel"]["id"])


def _entered(legs: Legs, event: dict[str, Any], stranger: Callable[[dict[str, Any], list[str]], None]) -> None:
    entry = legs.get(_leg(event))
    if entry is None:
        stranger(event["channel"], event["args"])
    elif entry.originated:
        legs.tell(_leg(event), Answered())
    elif entry.entered is not None and not entry.entered.done():
        entry.entered.set_result(None)


def _dialled(legs: Legs, event: dict[str, Any]) -> None:
    leg = LegId(event["peer"]["id"])
    entry = legs.get(leg)
    if entry is not None:
        words = _PROGRESS_OF_PHONE if entry.originated else _PROGRESS
        if (progress := words.get(event["dialstatus"])) is not None:
            legs.tell(leg, progress)


def calls_in(args: Sequence[str]) -> bool:
    """Do these arguments tell of somebody who calls us?"""
    return args[:1] in (["phone"], ["trunk"])


def arrival_of(channel: dict[str, Any], args: Sequence[str]) -> Arrival:
    """See `configuration.dialplan` for the arguments."""
    kind, endpoint, *more = args
    caller = channel["caller"]
    presentation, diverted_from = (*more, "", "")[:2]
    withheld = presentation.startswith("prohib") or caller["number"].lower() == "anonymous"
    return Arrival(
        LegId(channel["id"]),
        endpoint,
        from_trunk=kind == "trunk",
        dialled=channel["dialplan"]["exten"],
        number=caller["number"],
        name=caller["name"],
        withheld=withheld,
        diverted_from=diverted_from or None,
    )


def arguments_of(channel: dict[str, Any]) -> list[str]:
    """The arguments with which a listed channel entered our application; none when it is elsewhere."""
    dialplan = channel["dialplan"]
    name, *args = str(dialplan.get("app_data", "")).split(",")
    return args if dialplan.get("app_name") == "Stasis" and name == APPLICATION else []


def is_originated(channel: dict[str, Any]) -> bool:
    """Is a listed channel a phone that we dialled, and that has not come into our application yet?"""
    return channel["dialplan"].get("app_name") == _ORIGINATED and str(channel["name"]).startswith("PJSIP/")


def is_ours(channel: dict[str, Any]) -> bool:
    """Is a listed channel in our application, or on its way there?"""
    return is_originated(channel) or bool(arguments_of(channel))


def is_answered(channel: dict[str, Any]) -> bool:
    """Has a listed channel been answered, and can it be connected?"""
    return bool(channel["state"] == "Up") and not is_originated(channel)


def came_in(channel: dict[str, Any]) -> Arrival | None:
    """How a listed channel called us; None for one that we dialled."""
    args = arguments_of(channel)
    return arrival_of(channel, args) if calls_in(args) else None
