"""The call centre of `bench.queues`: the same queues and agents for our exchange and for Asterisk's `app_queue`."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from bench.account import furnish
from bench.exchange import MeasuredExchange, measured_exchange, private_settings
from bench.people import Pair, register
from centrale.accounts import extensions
from centrale.accounts.extensions import ExtensionIn
from centrale.bootstrap import open_database
from centrale.runtime import Runtime
from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import Extras, Places
from centrale.telephony.asterisk.configuration.dialplan import PHONES
from centrale.telephony.asterisk.configuration.files import sorcery_conf
from centrale.telephony.asterisk.process import running_asterisk

AGENTS, QUEUES = 500, 100
STEPS = (0, 1, 3, 9, 27)
"""Each agent is in five queues, so many further on: no two queues have the same members."""
FIRST, LARGEST = 70_000, "71000"
"""The number of the first of the many queues; that of the one queue of all agents."""
CHANGES = 5_000
STATES = "60001"
"""Who calls this has the device states of members changed `CHANGES` times."""
RINGS_FOR = 20

ALONE = Extras()
"""Our Asterisk, with nothing beside it."""


def arranged(people: Sequence[Pair]) -> dict[str, list[Pair]]:
    """By queue its members, by rank: each agent in five of the hundred, and in the one of all."""
    found: dict[str, list[Pair]] = {str(FIRST + number): [] for number in range(QUEUES)}
    for number, pair in enumerate(people):
        for step in STEPS:
            found[str(FIRST + (number + step) % QUEUES)].append(pair)
    return found | {LARGEST: list(people)}


async def furnish_queues(settings: Settings, people: Sequence[Pair]) -> None:
    """The account, its queues, whose members are logged on. Callers hear it ring: sound is not measured."""
    account, _ = await furnish(settings, people)
    database = await open_database(settings)
    try:
        queues = arranged(people)
        async with database.change("bench") as unit:
            for number, members in queues.items():
                given = {
                    "members": [{"agent": pair.callee_extension} for pair in members],
                    "ring_timeout": RINGS_FOR,
                    "call_limit": 1000,
                    "music": False,
                }
                name = f"Queue {number}"
                await extensions.create(
                    unit, account, ExtensionIn(number=number, kind="queue", name=name, settings=given)
                )
    finally:
        await database.close()


@dataclass(frozen=True, slots=True)
class CallCentre:
    """Ours and the plain one, with the same phones registered at both."""

    ours: MeasuredExchange
    plain_port: int
    plain: int
    """Process number of the Asterisk with `app_queue`."""


@asynccontextmanager
async def call_centre(folder: Path, runtime: Runtime, people: Sequence[Pair]) -> AsyncIterator[CallCentre]:
    """Both, until the block ends."""
    settings = private_settings(folder / "ours")
    await furnish_queues(settings, people)
    async with (
        measured_exchange(folder, settings, runtime, people, ALONE) as ours,
        app_queue(folder / "app_queue", runtime, ours) as (port, pid),
    ):
        await register([pair.callee for pair in people], port, ours.callee_port)
        yield CallCentre(ours, port, pid)


@asynccontextmanager
async def app_queue(
    home: Path, runtime: Runtime, ours: MeasuredExchange, *, by_custom_states: bool = False, with_queues: bool = True
) -> AsyncIterator[tuple[int, int]]:
    """An Asterisk like ours, with `app_queue` instead of us; gives its port for SIP and its process number.

    A second one, because `app_queue` wants device states, of which ours makes none, and would have to be told of those
    of our calls, too. `by_custom_states`: members are as busy as custom devices say, which a dialplan can set.
    `with_queues`: otherwise it has all but `app_queue`.
    """
    settings = private_settings(home)
    places = Places(settings.home.resolve())
    places.make()
    with (
        closing(sqlite3.connect(Places(ours.settings.home.resolve()).realtime)) as phones,
        closing(sqlite3.connect(places.realtime)) as copy,
    ):
        phones.backup(copy)
    extras = Extras(
        modules=("app_queue", "func_devstate") if with_queues else ("func_devstate",),
        dialplan=_dialplan(),
        files={
            "queues.conf": "".join(_queues(ours.people, custom=by_custom_states)),
            "stasis.conf": "",
            # Asterisk follows whether a phone is there only of those that it listed at its start.
            "sorcery.conf": sorcery_conf().replace(",allow_unqualified_fetch=no", ""),
        },
    )
    async with running_asterisk(settings, runtime, extras=extras) as asterisk:
        yield settings.sip_port, asterisk.pid


def _queues(people: Sequence[Pair], *, custom: bool) -> Iterator[str]:
    yield "[general]\npersistentmembers = no\nautofill = yes\n"
    device = {pair.callee: f"Custom:member{number}" for number, pair in enumerate(people)}
    for number, members in arranged(people).items():
        yield f"\n[{number}]\nstrategy = leastrecent\nringinuse = no\nautofill = yes\n"
        yield f"timeout = {RINGS_FOR}\nretry = 1\n"
        for pair in members:
            state = device[pair.callee] if custom else f"PJSIP/{pair.callee}"
            yield f"member => PJSIP/{pair.callee},0,{pair.callee},{state}\n"


def _dialplan() -> str:
    """The caller's number is shown as ours shows it. `r`: ringing instead of music, as in ours."""
    lines = [
        f"[{PHONES}](+)",
        "exten => _7XXXX,1,Set(CALLERID(num)=${CALLERID(num):6})",
        " same => n,Queue(${EXTEN},r)",
        " same => n,Hangup()",
    ]
    device = f"Custom:member$[${{I}} % {AGENTS}]"
    lines += [
        f"exten => {STATES},1,Set(I=0)",
        f" same => n(again),Set(DEVICE_STATE({device})=INUSE)",
        f" same => n,Set(DEVICE_STATE({device})=NOT_INUSE)",
        " same => n,Set(I=$[${I} + 1])",
        f" same => n,GotoIf($[${{I}} < {CHANGES // 2}]?again)",
        " same => n,Answer()",
        " same => n,Wait(10)",
    ]
    return "\n".join([*lines, ""])
