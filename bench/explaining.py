"""How long a dry run of a call takes (`centrale explain`, NP-10): `python -m bench.explaining`.

A typical call comes from outside by a plan and a menu to a group. The worst one has all that is long: a caller without
an answer to any question in nested menus, ten forwards, three hundred users who ring at once, a queue that rings
fifteen agents time after time, and nobody who answers.
Then fifty saved expectations at once, as before a change goes live. Milliseconds are those that the processor spends on
the dry run's thread, so that other work does not count.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median
from time import thread_time
from types import MappingProxyType
from typing import Any

from centrale.accounts.expectations import ExpectationOut
from centrale.explain import Assumptions, Said, rehearse
from centrale.explain.expecting import judge_all
from centrale.kinds.registry import KINDS
from centrale.routing.schedule import Schedule
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

USERS = 300
ROUNDS = 21
MOST_MS = 50
EXPECTATIONS = 50
MOST_MS_FOR_ALL = 1000

MAIN = E164("+31201110300")
ACCOUNT = AccountId(1)
MONDAY_TEN = datetime(2026, 3, 2, 9, tzinfo=UTC)
CALLER = "+4930123456"


def _extension(number: int, kind: str, name: str, **settings: Any) -> Extension:
    return Extension(ExtensionNumber(str(number)), kind, name, KINDS[kind].settings.model_validate(settings))


def _extensions() -> dict[ExtensionNumber, Extension]:
    users = [_extension(1000 + n, "user", f"Person {n}") for n in range(USERS)]
    hops = [
        _extension(4000 + n, "user", f"Hop {n}", forwards={"no_answer": str(4001 + n), "no_answer_after": 5})
        for n in range(9)
    ]
    question = {"text": "Press one for sales, two for service, or wait."}
    menus = [
        _extension(5000 + n, "menu", f"Menu {n}", question=question, failover=str(5001 + n), options=options)
        for n in range(8)
        for options in [[{"digits": "1", "destination": "3000"}, {"digits": "2", "destination": str(5001 + n)}]]
    ]
    everybody = [user.number for user in users]
    made = [
        *users,
        *hops,
        *menus,
        _extension(3000, "group", "Sales", members=everybody[:10]),
        _extension(3001, "group", "Everybody", members=everybody),
        _extension(
            6000,
            "queue",
            "Support",
            strategy="ring_all",
            announce_position=True,
            introduction=question,
            members=[{"agent": number} for number in everybody[:15]],
        ),
        _extension(4009, "group", "At last", members=everybody),
        _extension(5008, "group", "After all", members=everybody),
    ]
    return {extension.number: extension for extension in made}


def platform() -> PlatformSnapshot:
    """A company of three hundred and nine people, each at a phone."""
    extensions = _extensions()
    users = [number for number, extension in extensions.items() if extension.kind == "user"]
    channels = {ChannelName(f"phone{number}"): Channel(ChannelName(f"phone{number}")) for number in users}
    logons = {ChannelName(f"phone{number}"): number for number in users}
    trunk = Trunk("carrier", "trunk-carrier")
    plan = NumberPlan(1, "Day", MappingProxyType({MAIN: PlanEntry(ExtensionNumber("5000"), "Main")}))
    account = AccountSnapshot(
        ACCOUNT,
        "1000",
        "Measured",
        area_code="020",
        extension_length=4,
        extensions=MappingProxyType(extensions),
        channels=MappingProxyType(channels),
        numbers=MappingProxyType({MAIN: TelephoneNumber(MAIN)}),
        schemas=(PlanSchema(1, "Main", MappingProxyType({1: plan}), standing=1, schedule=Schedule()),),
        trunks=(trunk,),
        logons=MappingProxyType(logons),
        devices=MappingProxyType(devices_by_user(logons)),
    )
    return PlatformSnapshot(
        {ACCOUNT: account}, dict.fromkeys(channels, ACCOUNT), {MAIN: ACCOUNT}, {trunk.endpoint: trunk}
    )


def expected() -> list[ExpectationOut]:
    """Fifty that hold: each presses through two menus to the group."""
    return [
        ExpectationOut.model_validate(
            {
                "id": n,
                "name": f"Number {n}",
                "at": "monday 10:00",
                "caller": CALLER,
                "called": MAIN,
                "choices": ["2", "1"],
                "outcome": {"reaches": "3000"},
            }
        )
        for n in range(1, EXPECTATIONS + 1)
    ]


def _milliseconds(act: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """The median and the worst."""
    act()
    took = []
    for _ in range(rounds):
        start = thread_time()
        act()
        took.append((thread_time() - start) * 1000)
    return median(took), max(took)


def run() -> dict[str, float]:
    """Milliseconds: of a typical dry run, of the worst kinds, and of fifty expectations at once."""
    company = platform()
    silent = Assumptions(nobody_answers=True)

    def tried(caller: str, called: str, assumed: Assumptions) -> Callable[[], object]:
        return lambda: rehearse(company, ACCOUNT, caller, called, MONDAY_TEN, assumed)

    typical, _ = _milliseconds(tried(CALLER, MAIN, Assumptions(press=(Said("2"), Said("1")))))
    worst = {
        "who never answers a question": tried(CALLER, MAIN, silent),
        "three hundred phones": tried("1000", "3001", silent),
        "ten forwards": tried("1000", "4000", silent),
        "a queue where nobody answers": tried("1299", "6000", replace(silent, everybody_there=True)),
    }
    found = {name: _milliseconds(act)[0] for name, act in worst.items()}
    judged, _ = _milliseconds(lambda: judge_all(company, ACCOUNT, expected(), MONDAY_TEN, None), rounds=3)
    return {"typical": typical, **found, "expectations": judged}


if __name__ == "__main__":
    for name, figure in run().items():
        most = MOST_MS_FOR_ALL if name == "expectations" else MOST_MS
        print(f"{name:34} {figure:8.1f} ms   aim {most} ms")
