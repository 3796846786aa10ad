"""Plays the scenes one after the other and gathers what came of each."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import httpx

from centrale.clock import Clock
from centrale.demo.client import Client, Record
from centrale.demo.scenes import SCENES, Scene, ScenesDiffer
from centrale.demo.stage import Stage
from centrale.phones.phone import PhoneError
from centrale.phones.tools import Toolbox


@dataclass(frozen=True, slots=True)
class Outcome:
    """`problem`: why the scene failed; empty when it did not. `tones_heard`: sound recognised at the other end."""

    scene: Scene
    problem: str
    tones_heard: int
    records: list[Record] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.problem


class Audience(Protocol):
    """Is shown the demo while it is played."""

    def prepared(self, sentence: str) -> None: ...
    def begins(self, scene: Scene) -> None: ...
    def told(self, sentence: str) -> None: ...
    def ended(self, outcome: Outcome) -> None: ...


async def perform(client: Client, toolbox: Toolbox, clock: Clock, audience: Audience) -> Sequence[Outcome]:
    """Play all scenes; a scene that fails does not stop the others. Logons are put back as they were.

    Raises PhoneError, OSError when the phones cannot be switched on.
    """
    logons = await client.logons()
    for channel in sorted(await client.registered()):
        audience.prepared(f"a phone of yours is registered on {channel}: it rings together with the demo's")
    try:
        async with Stage(client, toolbox, audience.told) as stage:
            audience.prepared("four phones are registered at the exchange, and a carrier listens behind its trunk")
            return [await play(stage, scene, clock, audience) for scene in SCENES]
    finally:
        await client.restore_logons(logons)


async def play(stage: Stage, scene: Scene, clock: Clock, audience: Audience) -> Outcome:
    """Play one scene, end every call that it left, and fetch the records of its calls."""
    audience.begins(scene)
    stage.new_scene()
    since = clock.now() - timedelta(seconds=1)
    problem = ""
    try:
        await scene.play(stage)
    except (PhoneError, ScenesDiffer, httpx.HTTPError) as error:
        problem = str(error) or repr(error)
    await stage.curtain()
    found = await asyncio.gather(
        *(
            stage.client.record(since, placed.called, channel=placed.channel, trunk=placed.trunk)
            for placed in stage.placed
        )
    )
    records = [record for record in found if record is not None]
    if not problem and len(records) < len(stage.placed):
        problem = f"{len(stage.placed) - len(records)} of {len(stage.placed)} calls left no record"
    outcome = Outcome(scene, problem, stage.tones_heard, records)
    audience.ended(outcome)
    return outcome
