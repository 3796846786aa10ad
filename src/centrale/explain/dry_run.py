"""Makes one call on the simulated switch with an account as it is, in virtual time, and gives its record.

The very code that conducts real calls runs here; only the switch, the clock and the books are others. A dry run has
an event loop of its own, because its hours pass at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

from centrale.accounts.errors import NotFound
from centrale.calls.call import Call
from centrale.calls.platform import Platform
from centrale.calls.ports import Directory
from centrale.calls.record import CallRecord
from centrale.clock import LoopClock
from centrale.exchange.exchange import Exchange
from centrale.explain.assumptions import NO_ASSUMPTIONS, Assumptions, Parties, find_everybody
from centrale.explain.caller import AtPhone, Outside, find_caller
from centrale.explain.stage import Books, NoJournal, Stage
from centrale.routing.snapshot import AccountId, PlatformSnapshot
from centrale.telephony.simulated import SimulatedCall, SimulatedCarrier, SimulatedPhone
from centrale.telephony.simulated.virtual_time import run_virtual
from centrale.voice.silent import SilentPrompts

PATIENCE = 900.0
"""Seconds after which the caller gives up: nobody learns more by waiting on."""

NO_FOLDER = Path("/no-sounds")


def explainer(directory: Directory, sounds: Path) -> Callable[[AccountId, str, str, datetime], Awaitable[CallRecord]]:
    """Explains calls of the accounts as `directory` has them at that moment, one after another: dry runs that the API
    is asked for must not crowd out real calls."""
    one_at_a_time = asyncio.Lock()

    async def explain_now(account: AccountId, caller: str, called: str, at: datetime) -> CallRecord:
        async with one_at_a_time:
            return await explain(directory.current, account, caller, called, at, sounds=sounds)

    return explain_now


async def explain(
    platform: PlatformSnapshot,
    account: AccountId,
    caller: str,
    called: str,
    at: datetime,
    assumptions: Assumptions = NO_ASSUMPTIONS,
    *,
    sounds: Path | None = None,
) -> CallRecord:
    """`dry_run` without keeping the running event loop: in a thread, with a loop of its own."""
    return await asyncio.to_thread(dry_run, platform, account, caller, called, at, assumptions, sounds=sounds)


def dry_run(
    platform: PlatformSnapshot,
    account: AccountId,
    caller: str,
    called: str,
    at: datetime,
    assumptions: Assumptions = NO_ASSUMPTIONS,
    *,
    sounds: Path | None = None,
) -> CallRecord:
    """The record of the call that `caller` would make at `at`, with the trace that explains it.

    `caller`: a channel, an extension that is logged on, an outside number, or `anonymous`. `called`: what is dialled.
    `at`: an instant with its time zone. `sounds`: the folder of uploaded sounds, to see which are missing; without it
    all are taken to be there. Not to be called where an event loop runs; see `explain`.

    Raises:
        NotFound: there is no such account.
        Invalid: this call cannot be made; names `caller`, `called` or the assumption that is wrong.
    """
    picture = platform.accounts.get(account)
    if picture is None:
        raise NotFound("account", account)
    parties = find_everybody(assumptions, platform, picture)
    who = find_caller(platform, picture, caller, called)
    return run_virtual(_make_the_call(platform, parties, who, called, at, sounds))


async def _make_the_call(
    picture: PlatformSnapshot,
    parties: Parties,
    who: AtPhone | Outside,
    called: str,
    at: datetime,
    sounds: Path | None,
) -> CallRecord:
    prompts = SilentPrompts()
    stage = Stage(parties, prompts, lambda sound: sounds is None or Path(f"{sound}.wav").is_file())
    books = Books(picture)
    platform = Platform(stage, LoopClock(at), books, prompts, books, NoJournal(), sounds or NO_FOLDER)
    begun: list[Call] = []
    platform.live.watch(lambda what, call: begun.append(call) if what == "began" else None)
    exchange = Exchange(platform)
    exchange.start()
    made = await _dial(stage, who, called)
    pressing = asyncio.create_task(_press(stage, made, begun, parties.given.press))
    try:
        async with asyncio.timeout(PATIENCE):
            await exchange.idle()
    except TimeoutError:
        await made.hang_up()
        await exchange.idle()
    finally:
        pressing.cancel()
    [call] = begun
    return call.record


async def _dial(stage: Stage, who: AtPhone | Outside, called: str) -> SimulatedCall:
    match who:
        case AtPhone(channel):
            return await SimulatedPhone(stage, channel, channel, tone=440).dials(called)
        case Outside(trunk, number):
            outside = SimulatedCarrier(stage, trunk.name, trunk.endpoint, tone=440)
            return await outside.calls(called, caller=number or "", withheld=number is None)


async def _press(stage: Stage, made: SimulatedCall, begun: list[Call], entries: tuple[str, ...]) -> None:
    """Answer one question after another. A question is a sound that was heard out while keys are awaited."""
    heard = 0

    def asked() -> bool | None:
        return (stage.plays[made.leg.id] > heard and not made.leg.playbacks and begun[0].leg.awaits_digit) or None

    for entry in entries:
        await made.happenings.until(asked, 2 * PATIENCE, lambda: "no question was put")
        heard = stage.plays[made.leg.id]
        await made.press(entry)
