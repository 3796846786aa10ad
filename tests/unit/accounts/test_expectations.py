"""Expectations are kept, go into files, and stop what would break them; by phone they only warn (NP-10)."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from centrale.accounts import audit, expectations, extensions, holidays, plans, plans_roll_back, plans_versions, trunks
from centrale.accounts.desk import Desk
from centrale.accounts.directory import Directory
from centrale.accounts.errors import BreaksExpectations, NotFound
from centrale.accounts.expectations import ExpectationIn
from centrale.accounts.plans import SchemaIn
from centrale.accounts.trunks import TrunkIn
from centrale.calls.ports import PlanChange, Situation
from centrale.explain.guard import Guard
from centrale.routing.snapshot import ExtensionNumber

from .conftest import SetClock
from .office import BAKKER, JANSEN, MAIN, Office, refused
from .office_hours import CLOSED, LUNCH, NIGHT, close, day_off, open_up
from .transfers import Transfers, edited


def expected(name: str = "Monday morning", **other: Any) -> ExpectationIn:
    fields = {"at": "monday 10:00", "caller": "+4930123456", "called": MAIN, "outcome": {"reaches": JANSEN}}
    return ExpectationIn.model_validate({"name": name, **fields, **other})


@pytest.fixture
async def open_office(office: Office) -> Office:
    """Opening hours, a trunk, and a guard."""
    await open_up(office)
    async with office.database.change("root") as unit:
        await trunks.create(unit, TrunkIn(name="carrier", host="192.0.2.1"))
        await trunks.choose(unit, office.id, ["carrier"])
    directory = Directory(office.database)
    await directory.load()
    Guard(office.database, look=directory.as_seen_in)
    return office


async def broken_by(office: Office, attempt: Any) -> list[str]:
    """The names of the expectations on which `attempt` fails."""
    with pytest.raises(BreaksExpectations) as refusal:
        await attempt
    assert all(it.trace and it.found and it.expected for it in refusal.value.broken)
    return [it.name for it in refusal.value.broken]


@pytest.mark.parametrize(
    ("at", "kept"),
    [
        ("Monday 10:00", "monday 10:00"),
        ("sunday 9:30", "sunday 09:30"),
        ("2026-12-25T10:00", "2026-12-25 10:00"),
    ],
)
def test_a_moment_is_a_weekday_or_a_date(at: str, kept: str) -> None:
    assert expected(at=at).at == kept


@pytest.mark.parametrize("at", ["10:00", "monday", "maandag 10:00", "monday 10:60", "2026-02-30 10:00", ""])
def test_what_is_no_moment_is_refused_with_an_example(at: str) -> None:
    with pytest.raises(ValidationError, match="write it like monday 10:00 or 2026-12-25 10:00"):
        expected(at=at)


def test_it_reads_as_a_sentence() -> None:
    data = expected(choices=["2", "3012"], people="no_answer", outcome={"leaves_message_in": "800"})
    assert str(data) == (
        f"Monday 10:00, from +4930123456 to {MAIN}, entering 2, 3012, when nobody answers: leaves message in 800"
    )


async def test_names_are_told_apart(office: Office, rivals: Office) -> None:
    made = await office.do(expectations.create, expected())
    await rivals.do(expectations.create, expected())
    conflict = await refused(office.do(expectations.create, expected()))
    assert conflict.field == "name"
    other = await office.do(expectations.create, expected("Another"))
    await refused(office.do(expectations.change, other.id, expected()))
    assert await office.do(expectations.change, made.id, expected(at="friday 9:00")) is not None
    with pytest.raises(NotFound):
        await rivals.see(expectations.get, other.id)


async def test_what_keeps_the_outcome_goes_through(open_office: Office) -> None:
    await open_office.do(expectations.create, expected())
    await open_office.do(plans.change_plan, 1, LUNCH, plans.PlanIn(name="Noon"))
    await close(open_office, day_off("Christmas", "2026-12-25 00:00", "2026-12-27 00:00"))
    assert len(await open_office.see(expectations.list_all)) == 1


async def test_a_roll_back_that_breaks_is_refused_too(open_office: Office) -> None:
    office = open_office
    before = (await office.see(plans_versions.versions, 1))[0].version
    await office.do(plans.change_schema, 1, SchemaIn(name="Acme", override=NIGHT))
    await office.do(expectations.create, expected(outcome={"reaches": BAKKER}))
    assert await broken_by(office, office.do(plans_roll_back.roll_back, 1, before)) == ["Monday morning"]


async def test_deleting_who_is_expected_to_be_reached(open_office: Office) -> None:
    office = open_office
    await office.employ("209", "Visser")
    dialled = expected(caller=JANSEN, called="209", outcome={"rings": ["209"]})
    await office.do(expectations.create, dialled)
    assert await broken_by(office, office.do(extensions.delete, "209")) == ["Monday morning"]


async def test_a_usual_monday_stays_what_it_is_through_holidays(open_office: Office, clock: SetClock) -> None:
    office = open_office
    await office.do(expectations.create, expected())
    for week in (9, 16, 23):  # the coming Mondays, one by one
        await close(office, day_off("Off", f"2026-03-{week:02} 00:00", f"2026-03-{week:02} 23:59"))
    clock.pass_time(days=300)
    await office.do(holidays.remove_expired, 1, clock.now())


async def test_a_day_that_is_over_says_nothing_any_more(open_office: Office, clock: SetClock) -> None:
    office = open_office
    await office.do(expectations.create, expected(at="2026-03-03 10:00"))
    override = SchemaIn(name="Acme", override=NIGHT)
    assert await broken_by(office, office.do(plans.change_schema, 1, override)) == ["Monday morning"]
    clock.pass_time(days=2)
    await office.do(plans.change_schema, 1, override)


async def broken_in_the_audit(office: Office) -> list[tuple[str, str, str]]:
    """Who broke which expectation, and what came instead; newest first."""
    entries = await office.see(audit.list_all, object_type="expectation")
    broken = [(it.actor, it.after) for it in entries if it.action == "break"]
    return [(actor, after["name"], after["found"]) for actor, after in broken if after is not None]


async def test_by_phone_it_is_done_and_noted(open_office: Office, clock: SetClock) -> None:
    office, desk, user = open_office, Desk(open_office.database), ExtensionNumber(JANSEN)
    await office.do(expectations.create, expected())
    await desk.choose_plan(office.id, user, 1, PlanChange.PERMANENT, CLOSED, clock.now())
    told = ("user 201", "Monday morning", f"{MAIN}. Refused: unknown number.")
    assert await broken_in_the_audit(office) == [told]
    await desk.choose_plan(office.id, user, 1, PlanChange.SCHEDULE, None, clock.now())
    await office.do(expectations.create, expected("Jansen's phone", outcome={"rings": [JANSEN]}))
    await desk.set_forward(office.id, user, Situation.ALWAYS, BAKKER)
    forwarded = f"{MAIN} → 201 Jansen → 202 Bakker. Answered by 202 Bakker after 3 s."
    assert await broken_in_the_audit(office) == [("user 201", "Jansen's phone", forwarded), told]


async def test_what_915_chose_for_a_while_is_no_usual_day(open_office: Office, clock: SetClock) -> None:
    office, desk = open_office, Desk(open_office.database)
    await office.do(expectations.create, expected())
    await desk.choose_plan(office.id, ExtensionNumber(JANSEN), 1, PlanChange.TEMPORARY, CLOSED, clock.now())
    assert [it.action for it in await office.see(audit.list_all, object_type="expectation")] == ["create"]


async def test_accounts_without_expectations_try_nothing(open_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a call was tried")

    monkeypatch.setattr("centrale.explain.guard.judge_all", never)
    await open_office.do(plans.change_schema, 1, SchemaIn(name="Acme", override=NIGHT))
    await open_office.do(expectations.create, expected())  # which leads no call elsewhere
    await open_office.do(expectations.delete, 1)


async def test_a_file_carries_them(open_office: Office, files: Transfers) -> None:
    office = open_office
    await office.do(expectations.create, expected(choices=["2"], people="busy", outcome={"is_told": "busy"}))
    text = await files.out(office.id)
    assert yaml.safe_load(text)["expectations"] == [
        {
            "name": "Monday morning",
            "at": "monday 10:00",
            "caller": "+4930123456",
            "called": MAIN,
            "choices": ["2"],
            "people": "busy",
            "outcome": {"is_told": "busy"},
        }
    ]

    def edit(data: dict[str, Any]) -> None:
        del data["expectations"][0]["choices"], data["expectations"][0]["people"]
        data["expectations"][0]["outcome"] = {"reaches": JANSEN}
        data["expectations"].append(data["expectations"][0] | {"name": "Second", "outcome": {"reaches": JANSEN}})

    await files.do(edited(text, edit))
    assert [(it.name, str(it.outcome)) for it in await office.see(expectations.list_all)] == [
        ("Monday morning", "reaches 201"),
        ("Second", "reaches 201"),
    ]
    assert not (await files.plan(await files.out(office.id))).changes

    await files.do(edited(text, lambda data: data.update(expectations=[])))
    assert await office.see(expectations.list_all) == []


async def test_a_file_that_would_break_one_shows_it_and_is_refused(open_office: Office, files: Transfers) -> None:
    office = open_office
    await office.do(expectations.create, expected())
    text = edited(await files.out(office.id), lambda data: data["schemas"][0].update(override=NIGHT))
    plan = await files.plan(text)
    assert [it.name for it in plan.broken] == ["Monday morning"]
    assert plan.changes
    assert await broken_by(office, files.do(text)) == ["Monday morning"]
    both = edited(text, lambda data: data.update(expectations=[]))
    assert not (await files.plan(both)).broken
    await files.do(both)
