"""From any account to any other by one import, and a file that was exported changes nothing (issue 2.10)."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from centrale.accounts import trunks
from centrale.accounts.database import Database
from centrale.accounts.trunks import TrunkIn

from .transfers import Transfers

USERS = [str(number) for number in range(201, 206)]
GROUPS = ["301", "302"]
NUMBERS = [f"+3120123000{n}" for n in range(5)]
CHANNELS = ["desk", "hall", "attic"]
TRUNKS = ["carrier", "spare"]
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)


def some(values: list[str], min_size: int = 0) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True, min_size=min_size) if values else st.just([])


def one(values: list[str]) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, *values])


@st.composite
def account_files(draw: st.DrawFn) -> dict[str, Any]:
    """An account that keeps every rule."""
    users = draw(some(USERS, min_size=1))
    groups = draw(some(GROUPS))
    business = draw(some(NUMBERS, min_size=1))
    others = [e164 for e164 in NUMBERS if e164 not in business]
    personal = draw(some(others))
    facilities = draw(some(["twinning", "presence"]))
    twins = draw(some(users)) if "twinning" in facilities else []
    shown = business + personal
    return {
        "format": 1,
        "account": {
            "number": "500",
            "name": draw(NAMES),
            "area_code": draw(st.sampled_from([None, "020", "0497"])),
            "default_caller_id": draw(one(shown)),
            "emergency_caller_id": draw(st.sampled_from(shown)),
            "facilities": facilities,
        },
        "extensions": [
            *(
                {"number": it, "kind": "user", "name": draw(NAMES), "settings": draw(person(it in twins, shown))}
                for it in users
            ),
            *(
                {"number": it, "kind": "group", "name": draw(NAMES), "settings": draw(group(users, groups))}
                for it in groups
            ),
        ],
        "channels": draw(channels(users, twins, shown)),
        "numbers": [
            *({"e164": e164, "status": "active"} for e164 in business),
            *({"e164": e164, "use": "personal", "user": draw(st.sampled_from(users))} for e164 in personal),
            *({"e164": e164, "status": "ordered"} for e164 in others if e164 not in personal and draw(st.booleans())),
        ],
        "schemas": draw(schemas(business, users + groups)),
        "trunks": draw(some(TRUNKS)),
        "expectations": draw(expected(users)),
    }


def expected(users: list[str]) -> st.SearchStrategy[list[dict[str, Any]]]:
    outcome = st.one_of(
        st.fixed_dictionaries({"reaches": st.sampled_from(users)}),
        st.fixed_dictionaries({"rings": st.lists(st.sampled_from(users), min_size=1, max_size=2)}),
        st.fixed_dictionaries({"is_told": st.sampled_from(["busy", "not_in_use"])}),
    )
    expectation = st.fixed_dictionaries(
        {
            "name": st.sampled_from(["Mondays", "Christmas", "Boss"]),
            "at": st.sampled_from(["monday 10:00", "2026-12-25 10:00"]),
            "caller": st.sampled_from(users),
            "called": st.just("+31201234567"),
            "choices": st.lists(st.sampled_from(["1", "2"]), max_size=2),
            "outcome": outcome,
        }
    )
    return st.lists(expectation, max_size=3, unique_by=lambda it: it["name"])


def person(twinning: bool, numbers: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"ring_for": st.integers(1, 300), "default_caller_id": one(numbers), "rights": st.just({"twinning": twinning})}
    )


def group(users: list[str], groups: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    forwards = st.fixed_dictionaries({"busy": one(users + groups)})
    return st.fixed_dictionaries({"members": some(users), "inside": forwards})


@st.composite
def channels(draw: st.DrawFn, users: list[str], twins: list[str], numbers: list[str]) -> list[dict[str, Any]]:
    free = [*users, *twins]
    found = []
    for name in draw(some(CHANNELS)):
        linked = draw(one(free))
        if linked is not None:
            free.remove(linked)
        found.append({"name": name, "linked_user": linked, "emergency_caller_id": draw(one(numbers))})
    return found


@st.composite
def schemas(draw: st.DrawFn, numbers: list[str], extensions: list[str]) -> list[dict[str, Any]]:
    home = {e164: draw(st.integers(1, 3)) for e164 in numbers}
    found = []
    for schema in [1, *draw(st.lists(st.sampled_from([2, 3]), unique=True))]:
        own = [e164 for e164 in numbers if home[e164] == schema]
        plans = [
            {
                "number": number,
                "name": draw(NAMES),
                "entries": [
                    {
                        "e164": e164,
                        "destination": draw(st.sampled_from(extensions)),
                        "prefix": draw(st.just("") | NAMES),
                    }
                    for e164 in draw(some(own))
                ],
            }
            for number in draw(st.lists(st.integers(1, 4), unique=True, max_size=3))
        ]
        chosen = st.sampled_from([None, *(plan["number"] for plan in plans)])
        found.append(
            {
                "number": schema,
                "name": draw(NAMES),
                "standing": draw(chosen),
                "override": draw(chosen),
                "plans": plans,
                "schedule": draw(scheduled(WEEKLY, plans)),
                "holidays": draw(scheduled(HOLIDAYS, plans)),
            }
        )
    return found


WEEKLY = [
    {"days": ["monday", "friday"], "start": "09:00", "end": "17:30"},
    {"days": ["sunday"], "start": "22:00", "end": "06:00"},
    {"start_day": "friday", "start": "17:30", "end_day": "monday", "end": "09:00"},
]
HOLIDAYS = [
    {"description": "Christmas", "start": "2031-12-25 00:00", "end": "2031-12-27 00:00"},
    {"description": "Kerst", "start": "2031-12-24 18:00", "end": "2031-12-25 00:00", "temporary": True},
]


@st.composite
def scheduled(draw: st.DrawFn, times: list[dict[str, Any]], plans: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Some with an id, some without."""
    if not plans:
        return []
    ids = draw(st.lists(st.integers(1, 5) | st.none(), max_size=3, unique_by=lambda id: object() if id is None else id))
    return [
        deepcopy(draw(st.sampled_from(times)))
        | {"plan": draw(st.sampled_from(plans))["number"]}
        | ({"id": id} if id else {})
        for id in ids
    ]


@given(st.lists(account_files(), min_size=2, max_size=3))
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), phases=set(Phase) - {Phase.shrink})
async def test_any_account_becomes_any_other(database: Database, states: list[dict[str, Any]]) -> None:
    """Whatever changes places on the way: the steps of an import find an order that the rules allow."""
    files = Transfers(database)
    async with database.change("root") as unit:
        for name in set(TRUNKS) - {it.name for it in await trunks.list_all(unit)}:
            await trunks.create(unit, TrunkIn(name=name, host="192.0.2.1"))
    for state in states:
        text = yaml.safe_dump(state, allow_unicode=True, sort_keys=False)
        account = await files.do(text)
        assert (await files.plan(text)).changes == ()
    out = await files.out(account, with_secrets=True)
    assert (await files.plan(out)).changes == ()
