"""What makes the demo account a small company: a queue, a menu, voicemail, office hours, holidays and a phone book.

Its main number leads to the group at any hour, so that `centrale demo` plays the same by night; the customer service
has office hours. None of it has a PIN or a password: what is known of the demo stands in `demo`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from centrale.accounts import contacts, extensions, holidays, numbers, plans, queues, schedules
from centrale.accounts.contacts import COMPANY
from centrale.accounts.contacts_fields import ContactIn, ContactNumber, NumberLabel
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.numbers import NumberIn
from centrale.accounts.plans_fields import HolidayIn, PlanEntryIn, PlanIn, ScheduleEntryIn, SchemaIn
from centrale.accounts.unit import Unit
from centrale.kinds.wall_time import read_time
from centrale.routing.schedule_times import Weekday
from centrale.routing.snapshot import AccountId, ExtensionNumber

SERVICE_NUMBER, ORDER_NUMBER = "+31205550110", "+31205550120"
QUEUE, MENU, LUNCH, MAILBOX = "510", "520", "530", "590"
AGENTS = ("203", "204")
"""By rank: the first one who is free is rung."""

_OPEN, _CLOSED = 1, 2
_WORKING_DAYS = [Weekday.MONDAY, Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY, Weekday.FRIDAY]

VOICEMAIL = {"unreachable": True, "no_answer": True, "busy": True}
"""Of each user."""


async def furnish(unit: Unit, id: AccountId, *, sales: str, timezone: str) -> None:
    """`sales`: the group that the menu leads to as well; `timezone`: the account's."""
    for e164 in (SERVICE_NUMBER, ORDER_NUMBER):
        await numbers.create(unit, id, NumberIn(e164=e164))
    for number, kind, name, settings in _extensions(sales):
        await extensions.create(unit, id, ExtensionIn(number=number, kind=kind, name=name, settings=settings))
    for agent in AGENTS:
        await queues.log_on(unit, id, ExtensionNumber(QUEUE), ExtensionNumber(agent))
    await _service_hours(unit, id, unit.clock.now().astimezone(ZoneInfo(timezone)).date())
    for contact in _phone_book():
        await contacts.create(unit, id, COMPANY, contact)


def order_entry() -> PlanEntryIn:
    """The number for orders, which leads straight to the queue."""
    return PlanEntryIn(e164=ORDER_NUMBER, destination=QUEUE, prefix="Bestelling")


def _extensions(sales: str) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Number, kind, name and settings, each behind what it leads to."""
    away = "Wij zijn nu niet bereikbaar. Spreek uw naam en telefoonnummer in na de toon, dan bellen wij u terug."
    welcome = "Welkom bij de klantenservice. Er komt zo een medewerker bij u."
    question = "Welkom. Wilt u iets bestellen, kies dan 1. Hebt u een vraag over uw bestelling, kies dan 2."
    return [
        (MAILBOX, "mailbox", "Algemene voicemail", {"linked_user": "201", "welcome": {"text": away}}),
        (
            QUEUE,
            "queue",
            "Klantenservice",
            {
                "strategy": "linear",
                "members": [{"agent": agent} for agent in AGENTS],
                "wrap_up": 10,
                "introduction": {"text": welcome},
                "skip_introduction": True,
                "announce_position": True,
                "announce_every": 45,
                "forward": {"to": MAILBOX, "after": 300},
                "no_agents": MAILBOX,
            },
        ),
        (
            MENU,
            "menu",
            "Keuzemenu",
            {
                "question": {"text": question},
                "options": [
                    {"digits": "1", "destination": sales, "prefix": "Bestelling"},
                    {"digits": "2", "destination": QUEUE, "prefix": "Vraag"},
                ],
                "failover": QUEUE,
            },
        ),
        (
            LUNCH,
            "time_routing",
            "Lunchpauze",
            {
                "periods": [
                    {
                        "days": [day.value for day in _WORKING_DAYS],
                        "start": "12:30",
                        "end": "13:00",
                        "destination": MAILBOX,
                        "description": "Lunch",
                    }
                ],
                "failover": MENU,
            },
        ),
    ]


async def _service_hours(unit: Unit, id: AccountId, today: date) -> None:
    schema = (await plans.create_schema(unit, id, SchemaIn(name="Klantenservice"))).number
    for number, name, leads_to in ((_OPEN, "Open", LUNCH), (_CLOSED, "Gesloten", MAILBOX)):
        entry = PlanEntryIn(e164=SERVICE_NUMBER, destination=leads_to, prefix="Service")
        await plans.create_plan(unit, id, schema, PlanIn(number=number, name=name, entries=[entry]))
    await plans.change_schema(unit, id, schema, SchemaIn(name="Klantenservice", standing=_CLOSED))
    hours = ScheduleEntryIn(days=_WORKING_DAYS, start=read_time("09:00"), end=read_time("17:00"), plan=_OPEN)
    await schedules.create(unit, id, schema, hours)
    for description, first, days in (
        ("Eerste en tweede kerstdag", (12, 25), 2),
        ("Nieuwjaarsdag", (1, 1), 1),
        ("Koningsdag", (4, 27), 1),
    ):
        start = _next(today, *first)
        await holidays.create(
            unit,
            id,
            schema,
            HolidayIn(description=description, start=start, end=start + timedelta(days=days), plan=_CLOSED),
        )


def _next(today: date, month: int, day: int) -> datetime:
    """The beginning of that day, the next time that it comes."""
    this_year = datetime(today.year, month, day)  # noqa: DTZ001 - a date and time where the account is
    return this_year if this_year.date() > today else this_year.replace(year=today.year + 1)


def _phone_book() -> list[ContactIn]:
    work, mobile = NumberLabel.WORK, NumberLabel.MOBILE
    return [
        ContactIn(
            first_name="Eva",
            prefix="van der",
            surname="Meer",
            company="Bloemen van der Meer",
            numbers=[
                ContactNumber(number="+31205550610", label=work),
                ContactNumber(number="+31612340610", label=mobile),
            ],
            email="eva@vandermeer.example",
            favourite=True,
        ),
        ContactIn(
            first_name="Karim",
            surname="Haddad",
            company="Haddad Transport",
            numbers=[ContactNumber(number="+31105550620", label=work)],
            notes="Levert op dinsdag en donderdag.",
        ),
        ContactIn(
            first_name="Lotte",
            surname="Mulder",
            numbers=[ContactNumber(number="+31612340630", label=mobile)],
        ),
        ContactIn(company="Drukkerij Zuid", numbers=[ContactNumber(number="+31405550640", label=work)]),
    ]
