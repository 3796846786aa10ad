"""Makes one call on the simulated switch with an account as it is, in virtual time, and gives its record.

The very code that conducts real calls runs here; only the switch, the clock and the books are others. A dry run has
an event loop of its own, because its hours pass at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from centrale.accounts.errors import NotFound
from centrale.calls.call import Call
from centrale.calls.live import LiveCalls
from centrale.calls.naming import CallerNames, KnownNames, PhoneBook
from centrale.calls.platform import Platform
from centrale.calls.ports import Directory
from centrale.calls.record import CallRecord
from centrale.clock import LoopClock
from centrale.exchange.exchange import Exchange
from centrale.explain.acting import Caller
from centrale.explain.assumptions import NO_ASSUMPTIONS, Assumptions, Parties, find_everybody
from centrale.explain.caller import AtPhone, Outside, find_caller, outside_number
from centrale.explain.presence import with_everybody_there
from centrale.explain.rehearsal import Rehearsal
from centrale.explain.stage import Books, NoJournal, Stage
from centrale.explain.voicemail import NoMessages
from centrale.queueing.queues import Queues
from centrale.routing.phone_book import NO_NAMES, Names
from centrale.routing.snapshot import AccountId, AccountSnapshot, ChannelName, PlatformSnapshot
from centrale.telephony.simulated import SimulatedCall, SimulatedCarrier, SimulatedPhone
from centrale.telephony.simulated.virtual_time import run_virtual
from centrale.telephony.switch import Target, ToPhone
from centrale.voice.silent import SilentPrompts

PATIENCE = 900.0
"""Seconds after which the caller gives up: nobody learns more by waiting on."""

NO_FOLDER = Path("/no-sounds")


class Explainer(Protocol):
    """Dry run of a call: account, caller (extension, channel or E.164), what is dialled, when. Gives its record."""

    async def __call__(
        self, account: AccountId, caller: str, called: str, at: datetime, assumptions: Assumptions = NO_ASSUMPTIONS
    ) -> CallRecord: ...


def explainer(directory: Directory, sounds: Path, book: PhoneBook | None = None) -> Explainer:
    """Explains calls of the accounts as `directory` has them at that moment, one after another: dry runs that the API
    is asked for must not crowd out real calls. `book`: knows the names of callers."""
    one_at_a_time = asyncio.Lock()

    async def explain_now(
        account: AccountId, caller: str, called: str, at: datetime, assumptions: Assumptions = NO_ASSUMPTIONS
    ) -> CallRecord:
        async with one_at_a_time:
            platform = directory.current
            number = outside_number(platform.accounts[account], caller) if account in platform.accounts else None
            names = await book.names_of(account, number) if book is not None and number is not None else NO_NAMES
            return await explain(platform, account, caller, called, at, assumptions, sounds=sounds, names=names)

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
    names: Names = NO_NAMES,
) -> CallRecord:
    """`dry_run` without keeping the running event loop: in a thread, with a loop of its own."""
    return await asyncio.to_thread(
        dry_run, platform, account, caller, called, at, assumptions, sounds=sounds, names=names
    )


def dry_run(
    platform: PlatformSnapshot,
    account: AccountId,
    caller: str,
    called: str,
    at: datetime,
    assumptions: Assumptions = NO_ASSUMPTIONS,
    *,
    sounds: Path | None = None,
    names: Names = NO_NAMES,
) -> CallRecord:
    """The record of the call that `caller` would make at `at`, with the trace that explains it; see `rehearse`."""
    return rehearse(platform, account, caller, called, at, assumptions, sounds=sounds, names=names).record


def rehearse(
    platform: PlatformSnapshot,
    account: AccountId,
    caller: str,
    called: str,
    at: datetime,
    assumptions: Assumptions = NO_ASSUMPTIONS,
    *,
    sounds: Path | None = None,
    names: Names = NO_NAMES,
) -> Rehearsal:
    """The call that `caller` would make at `at`.

    `caller`: a channel, an extension that is logged on, an outside number, or `anonymous`. `called`: what is dialled.
    `at`: an instant with its time zone. `sounds`: the folder of uploaded sounds, to see which are missing; without it
    all are taken to be there. `names`: what contacts call the caller. Not to be called where an event loop
    runs; see `explain`.

    Raises:
        NotFound: there is no such account.
        Invalid: this call cannot be made; names `caller`, `called` or the assumption that is wrong.
    """
    if account not in platform.accounts:
        raise NotFound("account", account)
    if assumptions.everybody_there:
        platform = with_everybody_there(platform, platform.accounts[account])
    picture = platform.accounts[account]
    parties = find_everybody(assumptions, platform, picture)
    who = find_caller(platform, picture, caller, called)
    return run_virtual(_make_the_call(platform, account, parties, who, called, at, sounds, names))


async def _make_the_call(
    picture: PlatformSnapshot,
    account: AccountId,
    parties: Parties,
    who: AtPhone | Outside,
    called: str,
    at: datetime,
    sounds: Path | None,
    names: Names,
) -> Rehearsal:
    prompts = SilentPrompts()
    stage = Stage(parties, prompts, lambda sound: sounds is None or Path(f"{sound}.wav").is_file())
    books = Books(picture)
    clock, live = LoopClock(at), LiveCalls()
    messages = NoMessages(stage, lambda: books.current)
    platform = Platform(
        stage,
        clock,
        books,
        prompts,
        books,
        NoJournal(),
        sounds or NO_FOLDER,
        queue_desk=books,
        queues=Queues(clock, books, live, when_called=True),
        live=live,
        sound_desk=books,
        messages=messages,
        names=CallerNames(KnownNames(names)),
    )
    begun: list[Call] = []
    platform.live.watch(lambda what, call: begun.append(call) if what == "began" else None)
    exchange = Exchange(platform)
    exchange.start()
    made = await _dial(stage, who, called)
    caller = Caller(stage, made, begun[0], parties.given, prompts)
    stage.on_nothing_new = caller.lose_patience
    acting = asyncio.create_task(caller.act())
    try:
        async with asyncio.timeout(parties.given.hang_up_after or PATIENCE):
            await exchange.idle()
    except TimeoutError:
        await made.hang_up()
        await exchange.idle()
    finally:
        acting.cancel()
    return Rehearsal(
        begun[0].record,
        path=begun[0].path,
        rung=tuple(_who(targets, picture.accounts[account]) for targets in stage.rung.values()),
        heard=caller.heard,
        waits_for=caller.waits_for,
        messages_in=tuple(messages.left),
    )


def _who(targets: Sequence[Target], account: AccountSnapshot) -> tuple[str, ...]:
    """Users by extension, once each; others by their number."""
    names = (
        account.logons.get(ChannelName(target.channel), target.channel)
        if isinstance(target, ToPhone)
        else target.number
        for target in targets
    )
    return tuple(dict.fromkeys(names))


async def _dial(stage: Stage, who: AtPhone | Outside, called: str) -> SimulatedCall:
    match who:
        case AtPhone(channel):
            return await SimulatedPhone(stage, channel, channel, tone=440).dials(called)
        case Outside(trunk, number):
            outside = SimulatedCarrier(stage, trunk.name, trunk.endpoint, tone=440)
            return await outside.calls(called, caller=number or "", withheld=number is None)
