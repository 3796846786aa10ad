"""What people heard and what was written down, in a form that a story can compare."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from centrale.telephony.simulated import SimulatedCall

if TYPE_CHECKING:
    from tests.scenarios.world import World

SENTENCE = 2.0
"""Seconds that every sentence and sound lasts on the simulated switch."""


def now() -> float:
    """The virtual instant: seconds since the story began."""
    return asyncio.get_running_loop().time()


async def until(instant: float) -> None:
    """Let time pass up to `instant`."""
    await asyncio.sleep(instant - now())


def _name(sound: str) -> str:
    path = PurePath(sound)
    return path.name.rpartition("-")[0] if path.is_relative_to("/silent") else path.name


def heard(call: SimulatedCall) -> list[tuple[float, str]]:
    """Each sentence by its prompt, each sound by its file, with the instant at which it began."""
    return [(round(at, 3), _name(sound)) for at, sound in call.heard]


def said(call: SimulatedCall) -> list[str]:
    """What was said, in order."""
    return [what for _, what in heard(call)]


def words(world: World, call: SimulatedCall) -> list[str]:
    """The very words that were said, in order."""
    return [world.prompts.spoken(Path(sound)) for _, sound in call.heard]


async def answers(call: SimulatedCall, question: str, keys: str, *, time: int = 1) -> None:
    """Wait until `question` is put for the nth `time`, hear it out, and press `keys`."""

    def put() -> bool | None:
        return said(call).count(question) >= time or None

    await call.happenings.until(put, 120, lambda: f"nobody asked {question} ({time}); heard: {said(call)}")
    await asyncio.sleep(SENTENCE)
    await call.press(keys)


def language(call: SimulatedCall) -> str:
    """The language of what was said last."""
    return PurePath(call.heard[-1][1]).parent.name


def story(record: Mapping[str, Any]) -> list[str]:
    """A record's trace, a line a step: the second of the call, rule, outcome, and what was passed over."""
    began = datetime.fromisoformat(record["started"])
    lines = []
    for step in record["trace"]:
        second = (datetime.fromisoformat(step["at"]) - began).total_seconds()
        rejected = "".join(f" [not: {reason}]" for reason in step.get("rejected", ()))
        lines.append(f"{second:.1f} {step['rule']}: {step['outcome']}{rejected}")
    return lines


def because(record: Mapping[str, Any]) -> str:
    """Everything that a trace gives as a reason, in one text."""
    return " | ".join(reason for step in record["trace"] for reason in step.get("rejected", ()))
