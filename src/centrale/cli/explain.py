"""`centrale explain`: where would a call go, and why?"""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import orjson
import typer
from cryptography.fernet import Fernet
from rich.console import Console
from rich.text import Text
from typer.core import TyperCommand

from centrale.accounts import transfer
from centrale.accounts.database import Database
from centrale.accounts.directory import Directory
from centrale.accounts.errors import Invalid, NotFound, StorageUnavailable
from centrale.accounts.phone_book import PhoneBook
from centrale.accounts.vault import Vault
from centrale.cli.failure import fail, fail_without_database, settings_or_fail
from centrale.cli.reader import LanguageOption, reader
from centrale.cli.steps import steps
from centrale.clock import SystemClock, monotonic
from centrale.explain import Assumptions, Rehearsal, Said, rehearse
from centrale.explain.caller import outside_number
from centrale.explain.conclusion import conclusion
from centrale.explain.wording import Telling, hints, way
from centrale.routing.phone_book import NO_NAMES, Names
from centrale.routing.schedule_times import WEEKDAYS
from centrale.routing.snapshot import AccountId, AccountSnapshot, PlatformSnapshot
from centrale.settings import Settings
from centrale.wording import Language

ORDER = "centrale.order"


class Command(TyperCommand):
    """Remembers in which order `--press` and `--say` stood: they answer one question after another."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        _, _, given = self.make_parser(ctx).parse_args(args=list(args))
        ctx.meta[ORDER] = [option.name for option in given if option.name in ("press", "say")]
        return super().parse_args(ctx, args)


def in_order(context: typer.Context, press: list[str], say: list[str]) -> tuple[str, ...]:
    """What `Command` has seen, as one list."""
    left = {"press": iter(press), "say": map(Said, say)}
    return tuple(next(left[name]) for name in context.meta[ORDER])


def explain(
    context: typer.Context,
    account: Annotated[str, typer.Argument(help="Customer number, or id.")],
    caller: Annotated[
        str, typer.Argument(help="An extension, a channel, a number outside such as +31612345678, or anonymous.")
    ],
    called: Annotated[str, typer.Argument(help="What is dialled; from outside, a telephone number of the account.")],
    at: Annotated[
        str | None, typer.Option(help="When, in the account's time: '2026-03-02 10:00'. Now if left out.")
    ] = None,
    press: Annotated[
        list[str] | None,
        typer.Option(metavar="KEYS", help="The keys that the caller presses when asked; once for each question."),
    ] = None,
    say: Annotated[
        list[str] | None,
        typer.Option(metavar="DIGITS", help="The same, closed with # where needed: an extension, a postcode, a PIN."),
    ] = None,
    speak: Annotated[
        float, typer.Option(min=0, max=600, help="Seconds that the caller speaks when something is recorded.")
    ] = 10,
    hang_up_after: Annotated[
        float | None, typer.Option(min=0.1, max=3600, help="Seconds until the caller hangs up.")
    ] = None,
    everybody: Annotated[
        bool, typer.Option("--everybody", help="As if everybody were logged on, whoever is so now.")
    ] = False,
    answer_after: Annotated[float, typer.Option(min=0, max=600, help="Seconds until whoever is called answers.")] = 3,
    nobody_answers: Annotated[bool, typer.Option("--nobody-answers", help="Phones ring, and nobody is there.")] = False,
    answers: Annotated[
        list[str] | None, typer.Option(metavar="WHO", help="Only these answer: extension, channel, outside number.")
    ] = None,
    busy: Annotated[list[str] | None, typer.Option(metavar="WHO", help="These are busy.")] = None,
    declines: Annotated[list[str] | None, typer.Option(metavar="WHO", help="These press the call away.")] = None,
    switched_off: Annotated[list[str] | None, typer.Option(metavar="WHO", help="The phones of these are off.")] = None,
    trunk_down: Annotated[list[str] | None, typer.Option(metavar="NAME", help="This trunk is down.")] = None,
    language: LanguageOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="The call record with its trace, as the API gives it.")
    ] = False,
) -> None:
    """Try a call without making it: where it goes, step by step, and what was passed over. Nothing rings.

    --press and --say answer the questions in the order in which they stand. Every phone on which somebody is logged on
    counts as registered, and everybody answers after three seconds, unless an option says otherwise. Any
    PIN that is entered counts as right.
    """
    assumed = Assumptions(
        answer_after=answer_after,
        nobody_answers=nobody_answers,
        answering=tuple(answers or ()),
        busy=tuple(busy or ()),
        declining=tuple(declines or ()),
        switched_off=tuple(switched_off or ()),
        trunks_down=tuple(trunk_down or ()),
        press=in_order(context, press or [], say or []),
        speak=speak,
        hang_up_after=hang_up_after,
        everybody_there=everybody,
    )
    settings = settings_or_fail()
    fail_without_database(settings)
    try:
        asyncio.run(_explain(settings, account, caller, called, at, assumed, None if as_json else reader(language)))
    except NotFound as problem:
        fail(str(problem), "name it by its customer number, such as DEMO, or its id")
    except Invalid as problem:
        fail(problem.problems[0].message, "see `centrale explain --help`")
    except (StorageUnavailable, OSError) as problem:
        fail(str(problem), "is CENTRALE_HOME (or CENTRALE_DATABASE_URL) that of the exchange?")


async def _explain(
    settings: Settings,
    name: str,
    caller: str,
    called: str,
    at: str | None,
    assumed: Assumptions,
    language: Language | None,
) -> None:
    """Prints the call in `language`, or as JSON."""
    platform, account, names = await _picture(settings, name, caller)
    moment = _moment(at, account)
    began = monotonic()
    sounds = settings.home / "sounds"
    tried = partial(rehearse, platform, account.id, caller, called, moment, assumed, sounds=sounds, names=names)
    found = await asyncio.to_thread(tried)
    took = monotonic() - began
    if language is None:
        typer.echo(orjson.dumps(found.record.as_json(), option=orjson.OPT_INDENT_2))
    else:
        _print(found, account, took, Telling(language))


async def _picture(settings: Settings, name: str, caller: str) -> tuple[PlatformSnapshot, AccountSnapshot, Names]:
    """The account as the database has it now, and what its contacts call the caller; makes no tables and no keys.
    Raises `NotFound`."""
    database = Database(settings.database, Vault(Fernet.generate_key()))  # no secret is read
    try:
        async with database.read() as unit:
            id = AccountId((await transfer.find(unit, name)).id)
        directory = Directory(database)
        await directory.refresh(id)
        account = directory.current.accounts[id]
        number = outside_number(account, caller)
        names = NO_NAMES if number is None else await PhoneBook(database).names_of(id, number)
        return directory.current, account, names
    finally:
        await database.close()


def _moment(text: str | None, account: AccountSnapshot) -> datetime:
    """`text` in the account's time zone; a time zone in the text wins."""
    zone = ZoneInfo(account.timezone)
    if text is None:
        return SystemClock().now().astimezone(zone)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid.field("at", f"{text!r} is no moment; write it like '2026-03-02 10:00'") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _print(found: Rehearsal, account: AccountSnapshot, took: float, say: Telling) -> None:
    console = Console(highlight=False)
    record = found.record
    began = record.started.astimezone(ZoneInfo(account.timezone))
    who = " ".join(part for part in (record.caller or say("Somebody unknown"), record.caller_name) if part)
    console.print(
        Text(say("{who} calls {called}", who=who, called=record.called), style="bold"),
        Text(f"({account.name}, {_date(began, say)}, {began:%H:%M}, {account.timezone})"),
    )
    console.print(Text(way(found, account)))
    console.print()
    console.print(steps(record.trace, record.started, say.language))
    console.print()
    console.print(Text(say.told(conclusion(record)), style="bold"))
    for hint in hints(found, account, say.language):
        console.print(Text(hint, style="yellow"))
    if any(step.rule == "pin" for step in record.trace):
        console.print(Text(say("In a dry run every PIN counts as right."), style="dim"))
    dry_run = say("A dry run of {ms} ms: nothing rang and nothing was written.", ms=f"{took * 1000:.0f}")
    console.print(Text(dry_run, style="dim"))


def _date(began: datetime, say: Telling) -> str:
    """`Monday 23 November 2026`, `maandag 23-11-2026`."""
    if say.language is Language.ENGLISH:
        return f"{began:%A %-d %B %Y}"
    return f"{say.choice(WEEKDAYS[began.weekday()])} {began:%-d-%-m-%Y}"
