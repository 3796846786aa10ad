"""A dry run takes the very path of a real call, and leaves no trace but its own (issue 2.10, OPS-2, NP-10)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scenarios.hearing import because, story
from tests.scenarios.world import World

from centrale.accounts.errors import Invalid, NotFound
from centrale.calls.naming import KnownNames
from centrale.calls.record import CallRecord
from centrale.explain import NO_ASSUMPTIONS, Assumptions, dry_run, explain, explainer
from centrale.routing.phone_book import Names
from centrale.routing.snapshot import (
    E164,
    AccountId,
    ExtensionNumber,
    Facility,
    NumberUse,
    PlatformSnapshot,
)
from centrale.telephony.simulated.virtual_time import run_virtual

MONDAY_TEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SALES, BOSS, RIVAL = "+31201110300", "+31612345201", "+31209990200"
ACME, UMBRELLA = AccountId(1), AccountId(2)


async def build() -> PlatformSnapshot:
    world = World()
    acme = world.company(facilities=frozenset({Facility.TWINNING}))
    for number, name in (("201", "Anna"), ("202", "Ben"), ("203", "Carla")):
        acme.user(number, name, rights={"twinning": number == "202"})
    await acme.phone("anna", logged_on="201")
    await acme.phone("ben", logged_on="202")
    await acme.phone("desk", logged_on="202")
    await acme.phone("hall")
    acme.extension("300", "group", "Sales", members=["202", "203"], outside={"no_answer": "0687654321"})
    acme.extension("400", "announcement", "Hours", sound="hours.wav")
    acme.number(SALES, "300", prefix="Sales")
    acme.number(BOSS, use=NumberUse.PERSONAL, user=ExtensionNumber("201"))
    acme.change(default_caller_id=E164(SALES))
    umbrella = world.company("2000", "Umbrella")
    umbrella.user("201", "Ursula")
    await umbrella.phone("ursula", logged_on="201")
    umbrella.number(RIVAL, "201")
    await world.carrier("one", acme, umbrella)
    await world.carrier("two", acme)
    return world.books.current


PICTURE = run_virtual(build())


def tried(caller: str, called: str, assumed: Assumptions = NO_ASSUMPTIONS, sounds: Path | None = None) -> CallRecord:
    return dry_run(PICTURE, ACME, caller, called, MONDAY_TEN, assumed, sounds=sounds)


def test_a_colleague_is_called_and_answers_after_three_seconds() -> None:
    record = tried("201", "202")
    assert story(record.as_json()) == [
        "0.0 dialled: extension 202",
        "0.0 user: 202 Ben: rings the user's phones for 60 s",
        "0.0 ring: rings 202 on 1000ben, 202 on 1000desk",
        "3.0 ring: 202 Ben answered",
        "3.0 talk: connected with 202 Ben",
        "13.0 talk: 202 on 1000ben hung up",
    ]
    assert record.started == MONDAY_TEN
    assert record.answered == MONDAY_TEN + timedelta(seconds=3)


@pytest.mark.parametrize("caller", ["+31301234567", "0301234567"])
def test_somebody_outside_calls_a_number_of_the_account(caller: str) -> None:
    record = tried(caller, "0201110300")
    assert (record.caller, record.called, record.trunk) == ("+31301234567", "0201110300", "one")
    assert record.answered_by == "202 Ben"
    assert "203 Carla is not logged on to any phone" in because(record.as_json())


def test_somebody_who_withholds() -> None:
    assert (tried("anonymous", SALES).caller, tried("anonymous", BOSS).answered_by) == ("", "201 Anna")


def test_a_channel_may_call_where_nobody_is_logged_on() -> None:
    assert tried("1000hall", "202").cause == "not_allowed"
    assert tried("1000hall", "112").answered_by == "112"


def test_nobody_answers_and_the_forward_follows() -> None:
    lines = story(tried("+31301234567", SALES, Assumptions(nobody_answers=True)).as_json())
    assert "30.0 forward: 0687654321" in lines
    assert lines[-1] == "90.0 refuse: no_answer"


@pytest.mark.parametrize(
    ("assumed", "answered_by", "after"),
    [
        (Assumptions(answer_after=7), "202 Ben", 7),
        (Assumptions(busy=("1000ben",)), "202 Ben", 3),
        (Assumptions(busy=("202",)), "+31687654321", None),
        (Assumptions(switched_off=("202",)), "+31687654321", 3),
        (Assumptions(declining=("202",)), "+31687654321", 6),
        (Assumptions(answering=("+31687654321",)), "+31687654321", 33),
        (Assumptions(answering=("202",)), "202 Ben", 3),
        (Assumptions(answering=("1000desk",)), "202 Ben", 3),
        (Assumptions(nobody_answers=True, trunks_down=("one",)), None, None),
        (Assumptions(answering=("0687654321",), trunks_down=("one",)), "+31687654321", 33),
        (Assumptions(answering=("0687654321",), trunks_down=("one", "two")), None, None),
        (Assumptions(answering=("0687654321",), busy=("0687654321",)), None, None),
        (Assumptions(switched_off=("202", "0687654321")), None, None),
    ],
)
def test_what_people_do_can_be_assumed(assumed: Assumptions, answered_by: str | None, after: float | None) -> None:
    record = tried("+31301234567", SALES, assumed)
    if assumed.busy == ("202",):
        assert record.cause == "busy"  # there is no busy forward
        return
    assert record.answered_by == answered_by
    if after is not None:
        assert record.answered == MONDAY_TEN + timedelta(seconds=after)


def test_a_trunk_that_is_down_is_told_and_passed_over() -> None:
    lines = story(tried("201", "0612345678", Assumptions(trunks_down=("one",))).as_json())
    assert "0.0 ring: +31612345678 by one: unreachable; tries +31612345678 by two" in lines


def test_the_callers_keys_answer_one_question_each() -> None:
    record = tried("1000hall", "901", Assumptions(press=("203#", "2580#")))
    lines = [line.split(" ", 1)[1] for line in story(record.as_json())]
    assert lines[2:] == [
        "ask: 203",
        "ask: 4 digits",
        "pin: right",
        "log-on: 203 logged on to 1000hall",
        "say: logged_on",
    ]


def test_an_entry_without_hash_is_not_mixed_with_the_next_one() -> None:
    record = tried("1000hall", "901", Assumptions(press=("29", "2580", "203", "2580#")))
    outcomes = [(step.rule, step.outcome) for step in record.trace if step.rule in ("ask", "pin")]
    assert outcomes == [
        ("ask", "29"),
        ("ask", "4 digits"),
        ("pin", "wrong"),
        ("ask", "203"),
        ("ask", "4 digits"),
        ("pin", "right"),
    ]


def test_who_presses_nothing_hears_goodbye() -> None:
    record = tried("1000hall", "901")
    assert [step.outcome for step in record.trace][-2:] == ["goodbye", "no logon"]


def test_pin_0000_leads_to_choosing_another() -> None:
    record = tried("1000hall", "901", Assumptions(press=("203", "0000#", "7391#", "7391#")))
    assert record.trace[-1].outcome == "logged_on"


def test_logging_on_moves_the_user_in_the_dry_run_only() -> None:
    record = tried("1000hall", "901", Assumptions(press=("201", "2580#")))
    assert record.trace[-1].outcome == "logged_on_moved"
    assert PICTURE.accounts[ACME].devices_of(ExtensionNumber("201")) == ("1000anna",)
    off = tried("201", "902", Assumptions(press=("2580#",)))
    assert off.trace[-1].outcome == "logged_off"
    assert PICTURE.accounts[ACME].devices_of(ExtensionNumber("201")) == ("1000anna",)


def test_a_sound_that_was_never_uploaded_is_told(tmp_path: Path) -> None:
    missing = "hours.wav could not be played: there is no such file"
    assert tried("201", "400", sounds=tmp_path).trace[-1].outcome == missing
    (tmp_path / str(ACME)).mkdir()
    (tmp_path / str(ACME) / "hours.wav").touch()
    assert tried("201", "400", sounds=tmp_path).trace[-1].outcome == "hours.wav"


@pytest.mark.parametrize(
    ("caller", "called", "field", "words"),
    [
        ("300", "202", "caller", "300 Sales is a group; only a user can call"),
        ("203", "202", "caller", "203 Carla is not logged on to any phone"),
        ("2000ursula", "202", "caller", "is no channel, no extension and no telephone number of account 1000"),
        ("rubbish", "202", "caller", "is no channel, no extension and no telephone number of account 1000"),
        ("+31301234567", "202", "called", "202 is no telephone number of account 1000"),
        ("+31301234567", RIVAL, "called", "is no telephone number of account 1000"),
        ("+31301234567", "+31209999999", "called", "is no telephone number of account 1000"),
    ],
)
def test_a_call_that_cannot_be_made_is_told(caller: str, called: str, field: str, words: str) -> None:
    with pytest.raises(Invalid, match=words) as caught:
        tried(caller, called)
    assert [problem.field for problem in caught.value.problems] == [field]


@pytest.mark.parametrize(
    ("assumed", "field"),
    [
        (Assumptions(busy=("299x",)), "busy"),
        (Assumptions(answering=("2000ursula",)), "answering"),
        (Assumptions(trunks_down=("three",)), "trunks_down"),
    ],
)
def test_somebody_unknown_cannot_be_assumed_anything_of(assumed: Assumptions, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        tried("201", "202", assumed)
    assert caught.value.problems[0].field == field


def test_without_a_trunk_nobody_outside_can_call() -> None:
    picture = replace(PICTURE, trunks={}, accounts={ACME: replace(PICTURE.accounts[ACME], trunks=())})
    with pytest.raises(Invalid, match="there is no trunk"):
        dry_run(picture, ACME, "+31301234567", SALES, MONDAY_TEN)


def test_an_unknown_account_is_told() -> None:
    with pytest.raises(NotFound):
        dry_run(PICTURE, AccountId(9), "201", "202", MONDAY_TEN)


def test_the_same_extension_of_another_account_is_another_person() -> None:
    record = dry_run(PICTURE, UMBRELLA, "+31301234567", RIVAL, MONDAY_TEN)
    assert record.answered_by == "201 Ursula"
    assert record.account == UMBRELLA


words = (
    st.text(max_size=40)
    | st.from_regex(r"[+#*0-9]{0,14}", fullmatch=True)
    | st.sampled_from(["201", "1000hall", SALES])
)


@settings(max_examples=100, deadline=None)
@given(caller=words, called=words, press=st.lists(st.from_regex(r"[0-9#*]{0,6}", fullmatch=True), max_size=3))
def test_whatever_is_asked_there_is_a_record_or_a_reason(caller: str, called: str, press: list[str]) -> None:
    try:
        record = tried(caller, called, Assumptions(press=tuple(press)))
    except Invalid as problem:
        record, reason = None, problem.problems[0].field
    if record is None:
        assert reason in ("caller", "called")
        return
    assert record.trace
    assert record.outcome not in (None, "failed")
    assert record.account == ACME


async def test_it_runs_beside_a_running_loop_as_the_api_needs_it() -> None:
    class Picture:
        current = PICTURE

    explain_now = explainer(Picture(), Path("/no-sounds"))
    before = asyncio.get_running_loop()
    records = await asyncio.gather(*(explain_now(ACME, "201", called, MONDAY_TEN) for called in ("202", "300")))
    assert [record.answered_by for record in records] == ["202 Ben", "202 Ben"]
    assert asyncio.get_running_loop() is before
    with pytest.raises(Invalid):
        await explain(PICTURE, ACME, "nobody", "202", MONDAY_TEN)


async def test_it_shows_the_name_that_the_phone_book_has_and_no_personal_one() -> None:
    class Picture:
        current = PICTURE

    book = KnownNames(Names("Bakkerij Vos", {ExtensionNumber("201"): "Lieve schat"}))
    explain_now = explainer(Picture(), Path("/no-sounds"), book)
    record = await explain_now(ACME, "+31611112222", BOSS, MONDAY_TEN)
    assert (record.caller, record.caller_name) == ("+31611112222", "Bakkerij Vos")
    assert [step.outcome for step in record.trace if step.rule == "caller-name"] == ["Bakkerij Vos"]
    assert "schat" not in str(record.as_json())
    for caller in ("anonymous", "201"):
        assert (await explain_now(ACME, caller, BOSS, MONDAY_TEN)).caller_name in ("", "Anna")
