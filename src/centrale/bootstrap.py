"""The one place where the parts of call control are wired together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from centrale.accounts import demo, idempotency
from centrale.accounts.database import Database
from centrale.accounts.desk import Desk
from centrale.accounts.directory import Directory
from centrale.accounts.errors import StorageUnavailable
from centrale.accounts.journal import Journal
from centrale.accounts.messages_changes import MessageChanges
from centrale.accounts.messages_desk import MessageDesk
from centrale.accounts.messages_store import MessageStore
from centrale.accounts.migrate import upgrade
from centrale.accounts.phone_book import PhoneBook
from centrale.accounts.queue_desk import QueueDesk
from centrale.accounts.queue_event_writer import QueueEventWriter
from centrale.accounts.queue_events import QueueEvents
from centrale.accounts.queue_recall import lasting_wrap_ups, recall
from centrale.accounts.record_writer import RecordWriter
from centrale.accounts.sound_desk import SoundDesk
from centrale.accounts.sound_files import tidy
from centrale.accounts.stored import StoredListeners
from centrale.accounts.vault import Vault
from centrale.api.services import ApiServices
from centrale.calls.live import LiveCalls
from centrale.calls.naming import CallerNames
from centrale.calls.platform import Platform
from centrale.clock import SystemClock
from centrale.exchange.exchange import Exchange
from centrale.exchange.recovery import recover
from centrale.explain import explainer
from centrale.explain.guard import Guard
from centrale.notices.chosen import chosen_ways
from centrale.notices.sender import Sender
from centrale.notices.telling import OutboxState
from centrale.operation.endpoints import Endpoints
from centrale.operation.health import Health
from centrale.operation.heartbeat import Heartbeat
from centrale.operation.lamps import Lamps
from centrale.operation.music import Music
from centrale.queueing.happenings import Listeners
from centrale.queueing.queues import Queues
from centrale.routing.snapshot import PlatformSnapshot
from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import ARI_USER, MusicStore, Places, RealtimeStore, ari_password
from centrale.telephony.asterisk.contacts import Contacts
from centrale.telephony.asterisk.presence import Presence
from centrale.telephony.asterisk.registrations import Registrations
from centrale.telephony.asterisk.reminder import Reminder
from centrale.telephony.asterisk.switch import AsteriskSwitch
from centrale.voice.at_home import prompt_library
from centrale.voice.library import PromptLibrary
from centrale.voice.speaker import SpeechUnavailable
from centrale.webhooks.calling import Calling
from centrale.webhooks.deliverer import Deliverer
from centrale.webhooks.subscribed import Subscribed
from centrale.webhooks.watching import Watching

log = structlog.get_logger(__name__)

RECALLED_WITHIN = 2.0
"""Seconds that a start has for what queues counted before."""


@dataclass(frozen=True, slots=True)
class CallControl:
    """What runs, for whoever serves it.

    `services`: what the API needs of it. `taken_up`: the switch is there, and the calls of before are ours again.
    `health` says in sentences why calls cannot be made now.
    """

    services: ApiServices
    taken_up: asyncio.Event
    switch: AsteriskSwitch
    exchange: Exchange
    records: RecordWriter
    health: Health


async def open_database(settings: Settings) -> Database:
    """The database with the tables of this version. Raises StorageUnavailable, VaultError, OSError."""
    settings.home.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database, Vault.open(settings.home))
    await upgrade(database)
    return database


@asynccontextmanager
async def call_control(settings: Settings) -> AsyncIterator[CallControl]:
    """Everything of one exchange but its processes, its terminal and its web server, running until the block ends.

    At the end calls stay as they are on the switch, for the next process (design §7). Raises StorageUnavailable when
    the database is away, JournalInUse when another exchange runs in this home.
    """
    async with AsyncExitStack() as stack:
        places = Places(settings.home.resolve())
        journal = Journal(settings.home / "journal")
        stack.callback(journal.close)
        database = await open_database(settings)
        stack.push_async_callback(database.close)
        if settings.demo:
            await demo.make(
                database, settings.home, open_to_network=settings.open_to_network, trunk_port=settings.demo_trunk_port
            )
        await tidy(database, settings.home)
        directory = Directory(database)
        await directory.load()
        guard = Guard(database, settings.home / "sounds", directory.as_seen_in)
        prompts = prompt_library(settings)
        stack.push_async_callback(prompts.aclose)
        recorded = StoredListeners()
        records = RecordWriter(database, journal, settings.home / "journal" / "set-aside.jsonl", recorded)
        ari = f"http://127.0.0.1:{settings.ari_port}"
        switch = AsteriskSwitch(ari, ARI_USER, ari_password(places), places.recordings)
        endpoints = Endpoints(database, directory, await asyncio.to_thread(RealtimeStore, places.realtime), switch)
        await endpoints.load()
        music = Music(database, directory, await asyncio.to_thread(MusicStore, places.realtime), places.home)
        await music.load()
        messages = MessageStore(database, settings.home, switch.recorded)
        await messages.load()
        clock = SystemClock()
        desk, live = Desk(database), LiveCalls()
        events = QueueEvents(journal)
        told = Listeners(events)
        queues = Queues(clock, directory, live, told, opened=False)
        platform = Platform(
            switch,
            clock,
            directory,
            prompts,
            desk,
            journal,
            settings.home / "sounds",
            queue_desk=QueueDesk(database),
            queues=queues,
            live=live,
            sound_desk=SoundDesk(database, settings.home / "sounds"),
            messages=MessageDesk(database, desk, messages, settings.home, settings.home / "sounds"),
            names=CallerNames(PhoneBook(database)),
        )
        exchange = Exchange(platform)
        exchange.start()
        heartbeat = Heartbeat(settings.home / "journal" / "alive", exchange.note_down)
        gone_at = heartbeat.last or clock.now()
        stored, set_aside = StoredListeners(), settings.home / "journal" / "set-aside.jsonl"
        queue_events = QueueEventWriter(database, journal, set_aside, gone_at, stored)
        await _recall(queues, events, queue_events, database, directory.current, clock.now())
        left_behind = dict(journal.open_calls)
        taken_up = asyncio.Event()

        async def on_up() -> None:
            if not taken_up.is_set():
                found = await recover(exchange, left_behind, heartbeat.last or clock.now())
                taken_up.set()
                messages.calls_are_known(lambda call: platform.live.get(call) is not None)
                if left_behind:
                    log.info("calls of before", talking=found.talking, begun_anew=found.begun_anew, over=found.over)
            await endpoints.push_trunks()
            lamps.relight()
            reminder.asterisk_is_up()

        switch.on_up = on_up
        lamps = Lamps(database, directory, MessageChanges(database), switch, places.var / "lamps")
        sender = Sender(database, chosen_ways(settings))
        outbox = OutboxState(settings, sender, clock)
        contacts = Contacts(places.var / "astdb.sqlite3")
        reminder = Reminder(switch.client, contacts, clock)
        registrations = Registrations(contacts, clock)
        health = Health(switch)
        subscribed = Subscribed(database)
        deliverer = Deliverer(database, subscribed, private=settings.webhooks_private)
        calling = Calling(database, platform.live, subscribed)
        watching = Watching(database, directory, subscribed, lambda: asyncio.to_thread(_there, contacts, clock))
        services = ApiServices(
            database=database,
            directory=directory,
            live=platform.live,
            queues=queues,
            happenings=told,
            queue_figures_stored=stored,
            records_stored=recorded,
            clock=clock,
            settings=settings,
            health=health.problems,
            notes=outbox.notes,
            explain=explainer(directory, settings.home / "sounds", PhoneBook(database)),
            judge=guard.judge,
            prompts=prompts,
            registered=lambda channels: contacts.registered(channels, clock.now()),
            device_on=registrations.of,
        )
        outbox.measure(services.metrics)
        deliverer.measure(services.metrics)
        stack.push_async_callback(_finish, records, queue_events)
        stack.push_async_callback(exchange.stop)
        stack.callback(queues.stop)
        presence = Presence(places.var / "astdb.sqlite3", clock, queues.phones_are)
        background = [endpoints.keep(), directory.watch(), records.run(), heartbeat.run(), _warm(prompts, directory)]
        background += [queue_events.run(), music.keep(), sender.run(), messages.run(), lamps.keep(), reminder.keep()]
        background += [registrations.keep(), presence.keep()]
        background += [idempotency.tidy(database), subscribed.keep(), deliverer.run(), calling.run()]
        background += [watching.watch_plans(), watching.watch_phones()]
        tasks = [asyncio.create_task(_told(work)) for work in background]
        stack.push_async_callback(_cancelled, tasks)
        await stack.enter_async_context(switch)
        yield CallControl(services, taken_up, switch, exchange, records, health)


def _there(contacts: Contacts, clock: SystemClock) -> set[str] | None:
    """The channels on which a phone is registered; None when the switch's list cannot be read now."""
    try:
        return {name.partition(";")[0] for name in contacts.valid(clock.now())}
    except OSError:
        return None


async def _warm(prompts: PromptLibrary, directory: Directory) -> None:
    """Make the fixed sentences of the languages in use, so that the first caller does not wait for them."""
    languages = {account.language for account in directory.current.accounts.values()} | {"en"}
    try:
        await prompts.warm(sorted(languages))
    except SpeechUnavailable as problem:
        log.error("the exchange cannot speak; calls go on without words", problem=str(problem))


async def _told(work: Coroutine[Any, Any, None]) -> None:
    """A background task that dies of a mistake of ours is told at once, and takes the process along: it is restarted,
    and the calls go on meanwhile."""
    try:
        await work
    except Exception:
        log.exception("a background task died; call control starts again")
        asyncio.get_running_loop().call_soon(_give_up)


def _give_up() -> None:
    raise SystemExit(70)


async def _cancelled(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _recall(
    queues: Queues,
    events: QueueEvents,
    writer: QueueEventWriter,
    database: Database,
    platform: PlatformSnapshot,
    now: datetime,
) -> None:
    """Tell queues what was counted before. Callers may be waiting: without it when the database takes its time."""
    try:
        async with asyncio.timeout(RECALLED_WITHIN):
            await writer.flush()
            for wrap_up in await lasting_wrap_ups(database, now):
                events.goes_on(wrap_up)
            for account, remembered in (await recall(database, platform, now)).items():
                queues.remember(account, remembered)
    except (StorageUnavailable, TimeoutError) as problem:
        log.warning("queues count anew", problem=repr(problem))


async def _finish(records: RecordWriter, queue_events: QueueEventWriter) -> None:
    """What waits goes into the database now if that is quickly possible; the journal has it in any case."""
    try:
        async with asyncio.timeout(timedelta(seconds=3).total_seconds()):
            await records.flush()
            await queue_events.flush()
    except (StorageUnavailable, TimeoutError) as problem:
        waiting = {"records": records.waiting, "queue_events": queue_events.waiting}
        log.warning("call records wait in the journal", **waiting, problem=str(problem))
