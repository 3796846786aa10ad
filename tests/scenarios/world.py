"""A small company in virtual time: accounts, people with phones, a carrier. Stories are told on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from centrale.calls.live import LiveCalls
from centrale.calls.naming import CallerNames
from centrale.calls.platform import Platform
from centrale.calls.ports import ChosenPlan, PinVerdict, PlanChange, QueueVerdict, Situation, Whence
from centrale.clock import LoopClock
from centrale.exchange.exchange import Exchange
from centrale.kinds.queue_logons import logged_off, logged_on
from centrale.kinds.registry import KINDS
from centrale.queueing.happenings import Happening
from centrale.queueing.queues import Queues
from centrale.routing import lockout
from centrale.routing.phone_book import NO_NAMES, Names
from centrale.routing.pins import must_choose
from centrale.routing.plans import active_plan, as_scheduled, next_change
from centrale.routing.schedule import Holiday
from centrale.routing.snapshot import (
    E164,
    AccountId,
    AccountSnapshot,
    Channel,
    ChannelName,
    Extension,
    ExtensionNumber,
    NumberPlan,
    PlanEntry,
    PlanSchema,
    PlatformSnapshot,
    TelephoneNumber,
    Trunk,
    devices_by_user,
)
from centrale.telephony.simulated import SimulatedCall, SimulatedCarrier, SimulatedPhone, SimulatedSwitch
from centrale.telephony.simulated.leg import two_seconds
from centrale.telephony.switch import Presentation
from centrale.voice.silent import SilentPrompts
from tests.scenarios.voicemail import Boxes

MONDAY_NINE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # nine o'clock in Amsterdam


class Books:
    """The accounts, kept in memory: a `Directory` and a `LogonDesk`."""

    def __init__(self) -> None:
        self.accounts: dict[AccountId, AccountSnapshot] = {}
        self.trunks: dict[str, Trunk] = {}
        self.pins: dict[tuple[AccountId, str], str] = {}
        self.failures: dict[tuple[AccountId, str], lockout.Failures] = {}
        self.sounds: list[tuple[AccountId, str, str]] = []
        """Of each sound that was kept: whose it is, the file's name, and who made it."""
        self.disk_is_full = False
        self.names: dict[tuple[AccountId, str], Names] = {}
        """What contacts call a number."""
        self.name_takes = 0.0
        """Seconds that looking up a name takes."""
        self._listeners: list[Callable[[PlatformSnapshot, frozenset[AccountId]], None]] = []

    @property
    def current(self) -> PlatformSnapshot:
        return PlatformSnapshot(
            dict(self.accounts),
            {name: account.id for account in self.accounts.values() for name in account.channels},
            {number: account.id for account in self.accounts.values() for number in account.numbers},
            {trunk.endpoint: trunk for trunk in self.trunks.values()},
        )

    def on_change(self, listener: Callable[[PlatformSnapshot, frozenset[AccountId]], None]) -> None:
        self._listeners.append(listener)

    def change(self, account: AccountId, **changes: Any) -> None:
        self.put(replace(self.accounts[account], **changes))

    def put(self, account: AccountSnapshot) -> None:
        self.accounts[account.id] = account
        for listener in self._listeners:
            listener(self.current, frozenset({account.id}))

    async def names_of(self, account: AccountId, number: E164) -> Names:
        await asyncio.sleep(self.name_takes)
        return self.names.get((account, number), NO_NAMES)

    async def try_pin(
        self, account: AccountId, whence: Whence, user: ExtensionNumber, pin: str, now: datetime
    ) -> PinVerdict:
        side = "outside " if whence.outside else ""
        keys = tuple((account, f"{side}{subject}") for subject in (user, f"from {whence.name}", "all"))
        guard = lockout.Guard(*(self.failures.get(key, lockout.NO_FAILURES) for key in keys))
        if isinstance(lockout.verdict(guard, now), lockout.Locked):
            return PinVerdict.LOCKED
        right = self.pins.get((account, user)) == pin
        guard = lockout.after_success(guard) if right else lockout.after_failure(guard, now)
        self.failures.update(zip(keys, (guard.extension, guard.channel, guard.account), strict=True))
        if not right:
            return PinVerdict.WRONG
        return PinVerdict.MUST_CHOOSE if must_choose(pin) else PinVerdict.RIGHT

    async def choose_pin(self, account: AccountId, user: ExtensionNumber, pin: str) -> None:
        self.pins[account, user] = pin

    async def set_forward(
        self, account: AccountId, user: ExtensionNumber, situation: Situation, number: str | None
    ) -> None:
        extension = self.accounts[account].extensions[user]
        changed = extension.settings.model_dump(mode="json")
        changed["forwards"][situation.value] = number
        settings = type(extension.settings).model_validate(changed)
        extensions = {**self.accounts[account].extensions, user: replace(extension, settings=settings)}
        self.change(account, extensions=extensions)

    async def choose_plan(
        self,
        account: AccountId,
        user: ExtensionNumber,
        schema: int,
        change: PlanChange,
        plan: int | None,
        now: datetime,
    ) -> ChosenPlan:
        """As storage does it: a temporary choice is a holiday until the next scheduled change, if there is one."""
        schemas = {found.number: found for found in self.accounts[account].schemas}
        scheduled = as_scheduled(schemas[schema])
        coming = next_change(scheduled, now)
        until = coming.at if coming else None
        if change is PlanChange.TEMPORARY and plan is not None and until is not None:
            start, end = (moment.astimezone(scheduled.schedule.zone).replace(tzinfo=None) for moment in (now, until))
            chosen_for_a_while = Holiday("Temporary", start, end, plan, temporary=True)
            holidays = (*scheduled.schedule.holidays, chosen_for_a_while)
            chosen = replace(scheduled, schedule=replace(scheduled.schedule, holidays=holidays))
        else:
            chosen = replace(scheduled, override=None if change is PlanChange.SCHEDULE else plan)
        schemas[schema] = chosen
        self.change(account, schemas=tuple(schemas.values()))
        active = active_plan(chosen, now).plan
        return ChosenPlan(active.name if active else None, None if chosen.override else until)

    async def keep_sound(self, account: AccountId, recorded: Path, *, maker: str, now: datetime) -> str | None:
        if self.disk_is_full:
            return None
        self.sounds.append((account, recorded.name, maker))
        return recorded.name

    async def log_on(
        self, account: AccountId, user: ExtensionNumber, channel: ChannelName, *, alone: bool, now: datetime
    ) -> None:
        kept = {
            name: who
            for name, who in self.accounts[account].logons.items()
            if name != channel and not (alone and who == user and not self._linked(account, name))
        }
        self._set(account, {**kept, channel: user})

    async def log_off(
        self, account: AccountId, user: ExtensionNumber, channel: ChannelName, *, everywhere: bool, now: datetime
    ) -> None:
        gone = {
            name
            for name, who in self.accounts[account].logons.items()
            if who == user and (everywhere or name == channel) and not self._linked(account, name)
        }
        logons = self.accounts[account].logons
        self._set(account, {name: who for name, who in logons.items() if name not in gone})

    async def log_on_to_queue(
        self, account: AccountId, queue: ExtensionNumber, agent: ExtensionNumber, now: datetime
    ) -> QueueVerdict:
        verdict, changed = logged_on(self.accounts[account], queue, agent, now)
        self.put(changed)
        return verdict

    async def log_off_from_queue(
        self, account: AccountId, queue: ExtensionNumber, agent: ExtensionNumber, now: datetime
    ) -> QueueVerdict:
        verdict, changed = logged_off(self.accounts[account], queue, agent)
        self.put(changed)
        return verdict

    def _linked(self, account: AccountId, channel: ChannelName) -> bool:
        """A channel that an administrator linked to a user stays so (LNK-1)."""
        return self.accounts[account].channels[channel].linked_to is not None

    def _set(self, account: AccountId, logons: Mapping[ChannelName, ExtensionNumber]) -> None:
        self.change(account, logons=logons, devices=devices_by_user(logons))


class Notebook:
    """A `Journal` in memory."""

    def __init__(self) -> None:
        self.running: dict[str, dict[str, Any]] = {}
        self.records: list[dict[str, Any]] = []

    def opened(self, call: str, fields: Mapping[str, Any]) -> None:
        self.running[call] = dict(fields)

    def changed(self, call: str, fields: Mapping[str, Any]) -> None:
        self.running[call].update(fields)

    def closed(self, call: str, record: Mapping[str, Any]) -> None:
        del self.running[call]
        self.records.append(dict(record))


class Company:
    """One account under construction, with the verbs that a story begins with."""

    def __init__(self, world: World, account: AccountSnapshot) -> None:
        self.world = world
        self.id = account.id

    @property
    def account(self) -> AccountSnapshot:
        return self.world.books.accounts[self.id]

    def change(self, **facts: Any) -> None:
        """Set facts of the account anew."""
        self.world.books.change(self.id, **facts)

    def extension(self, number: str, kind: str, name: str, /, **settings: Any) -> ExtensionNumber:
        parsed = KINDS[kind].settings.model_validate(settings)
        extension = Extension(ExtensionNumber(number), kind, name, parsed)
        self.world.books.change(self.id, extensions={**self.account.extensions, extension.number: extension})
        return extension.number

    def user(self, number: str, name: str, pin: str = "2580", **settings: Any) -> ExtensionNumber:
        self.world.books.pins[self.id, number] = pin
        return self.extension(number, "user", name, **settings)

    async def queue(self, number: str, name: str, /, *agents: str, **settings: Any) -> ExtensionNumber:
        """A queue with members who are all logged on."""
        members = settings.pop("members", [{"agent": agent} for agent in agents])
        queue = self.extension(number, "queue", name, members=members, **settings)
        for agent in agents:
            await self.world.books.log_on_to_queue(self.id, queue, ExtensionNumber(agent), MONDAY_NINE)
        return queue

    async def phone(self, name: str, *, logged_on: str | None = None, **channel: Any) -> SimulatedPhone:
        """A phone on a channel of its own, registered; `logged_on`: as which user."""
        channel_name = ChannelName(f"{self.account.number}{name}")
        added = Channel(channel_name, **channel)
        self.world.books.change(self.id, channels={**self.account.channels, channel_name: added})
        if logged_on:
            await self.world.books.log_on(
                self.id, ExtensionNumber(logged_on), channel_name, alone=False, now=MONDAY_NINE
            )
        phone = SimulatedPhone(self.world.switch, name, channel_name, self.world.next_tone())
        await phone.register()
        return phone

    def is_logged_on(self, user: str) -> list[str]:
        """The names of the phones on which `user` is logged on."""
        prefix = self.account.number
        return [name.removeprefix(prefix) for name in self.account.devices_of(ExtensionNumber(user))]

    def remove(self, extension: str) -> None:
        """Delete an extension; who was logged on as it is no longer."""
        account = self.account
        logons = {name: who for name, who in account.logons.items() if who != extension}
        extensions = {number: kept for number, kept in account.extensions.items() if number != extension}
        self.world.books.change(self.id, extensions=extensions, logons=logons, devices=devices_by_user(logons))

    def number(self, e164: str, destination: str | None = None, prefix: str = "", **facts: Any) -> E164:
        """A telephone number; with a destination it stands in the account's first plan."""
        number = E164(e164)
        added = TelephoneNumber(number, **facts)
        self.world.books.change(self.id, numbers={**self.account.numbers, number: added})
        if destination is not None:
            plans = dict(self.account.schemas[0].plans) if self.account.schemas else {}
            plan = plans.get(1, NumberPlan(1, "Day"))
            entries = {**plan.entries, number: PlanEntry(ExtensionNumber(destination), prefix)}
            plans[1] = replace(plan, entries=entries)
            self.world.books.change(self.id, schemas=(PlanSchema(1, self.account.name, plans, standing=1),))
        return number


class World:
    """The platform. Make it inside a running virtual loop."""

    def __init__(
        self,
        prompts: SilentPrompts | None = None,
        duration: Callable[[str], float | None] = two_seconds,
        switch: SimulatedSwitch | None = None,
    ) -> None:
        self.prompts = prompts or SilentPrompts()
        self.switch = switch or SimulatedSwitch(duration)
        self.books = Books()
        self.notebook = Notebook()
        self.boxes = Boxes(self)
        clock, live = LoopClock(MONDAY_NINE), LiveCalls()
        self.began = clock.now()
        self.happened: list[Happening] = []
        """In queues."""
        self.queues = Queues(clock, self.books, live, self.happened.append)
        self.platform = Platform(
            self.switch,
            clock,
            self.books,
            self.prompts,
            self.books,
            self.notebook,
            Path("/sounds"),
            queue_desk=self.books,
            queues=self.queues,
            live=live,
            sound_desk=self.books,
            messages=self.boxes,
            names=CallerNames(self.books),
        )
        self.exchange = Exchange(self.platform)
        self.exchange.start()
        self._tones = iter(range(400, 3000, 60))

    def next_tone(self) -> int:
        return next(self._tones)

    def company(self, number: str = "1000", name: str = "Acme", **facts: Any) -> Company:
        account = AccountSnapshot(AccountId(len(self.books.accounts) + 1), number, name, area_code="020", **facts)
        self.books.put(account)
        return Company(self, account)

    def knows(self, company: Company, number: str, name: str = "", **personal: str) -> None:
        """Contacts call `number` so: the company's, and those of users (`user_201="Mum"`)."""
        of_users = {ExtensionNumber(user.removeprefix("user_")): called for user, called in personal.items()}
        self.books.names[company.id, number] = Names(name, of_users)

    async def carrier(self, name: str = "carrier", *companies: Company, **facts: Any) -> SimulatedCarrier:
        trunk = Trunk(name, f"trunk-{name}", **facts)
        self.books.trunks[name] = trunk
        for company in companies:
            self.books.change(company.id, trunks=(*company.account.trunks, trunk))
        carrier = SimulatedCarrier(self.switch, name, trunk.endpoint, self.next_tone())
        await carrier.register()
        return carrier

    async def over(self) -> None:
        """Wait until every call has ended, and see that nothing of it is left."""
        await self.exchange.idle()
        assert not self.switch.legs, self.switch.legs
        assert not self.switch.bridges, self.switch.bridges
        assert not self.notebook.running
        assert not len(self.platform.live)
        await asyncio.sleep(0)  # what was cancelled last gets its turn
        assert asyncio.all_tasks() == {asyncio.current_task()}

    @property
    def records(self) -> list[dict[str, Any]]:
        return self.notebook.records

    @property
    def last_record(self) -> dict[str, Any]:
        return self.notebook.records[-1]


def forged(world: World, phone: SimulatedPhone, dialled: str, claim: Presentation) -> SimulatedCall:
    """A call whose From claims something else than the truth."""
    call = SimulatedCall(phone, claim, dialled)
    world.switch.arrive(call, phone.channel, from_trunk=False)
    return call
