"""Statistics over HTTP: figures as people know them, tables for spreadsheets, and who may see them (QUE-27..29)."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from api_world import ApiWorld
from pydantic import BaseModel

from centrale.accounts import extensions, queue_event_store
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.queue_figures import QueueEvent, ms_of
from centrale.api.resources.statistics_out import AgentStatistics, QueueStatistics, WaitStatistics
from centrale.routing.snapshot import AccountId

MONDAY = ms_of(datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
"""Nine o'clock in Amsterdam."""
DAY = {"since": "2026-03-02T00:00:00+01:00", "until": "2026-03-03T00:00:00+01:00"}

DESCRIBED: dict[str, type[BaseModel]] = {"queues": QueueStatistics, "agents": AgentStatistics, "waits": WaitStatistics}


class Hall:
    """A company with queue 300."""

    def __init__(self, world: ApiWorld, account: int) -> None:
        self.world = world
        self.account = account
        self._callers = 0

    async def happens(self, *events: QueueEvent) -> None:
        async with self.world.database.connection() as connection:
            await queue_event_store.store(connection, events)

    async def call(
        self, came: int, waited: int, talked: int | None = None, *, queue: str = "300", end: str = "abandoned"
    ) -> None:
        """A caller, `came` seconds after nine; answered by 201 when they talked."""
        self._callers += 1
        call, moment = f"c{self._callers}", MONDAY + came * 1000

        def event(what: str, after: int, ms: int | None = None, agent: str | None = None) -> QueueEvent:
            return QueueEvent(self.account, queue, moment, moment + after * 1000, what, call, agent, ms)

        events = [event("joined", 0)]
        if talked is None:
            events.append(event(end, waited, waited * 1000))
        else:
            events += [event("offered", 0, None, "201"), event("answered", waited, waited * 1000, "201")]
            events.append(event("talk_ended", waited + talked, talked * 1000, "201"))
        await self.happens(*events)

    async def asks(self, what: str, **query: Any) -> dict[str, Any]:
        address = f"/api/v1/accounts/{self.account}/statistics/{what}"
        answer = await self.world.platform.get(address, params=DAY | query)
        assert answer.status_code == 200, answer.text
        assert DESCRIBED[what].model_validate_json(answer.content).model_dump_json() == answer.text
        return dict(answer.json())

    async def table(self, what: str, **query: Any) -> list[dict[str, str]]:
        address = f"/api/v1/accounts/{self.account}/statistics/{what}"
        answer = await self.world.platform.get(address, params=DAY | query, headers={"Accept": "text/csv"})
        assert answer.headers["content-type"].startswith("text/csv"), answer.text
        return list(csv.DictReader(io.StringIO(answer.text)))


@pytest.fixture
async def hall(world: ApiWorld) -> Hall:
    account = await world.company()
    await a_queue(world, account, "300", "Support")
    return Hall(world, account)


async def a_queue(world: ApiWorld, account: int, number: str, name: str) -> None:
    async with world.database.change("set-up") as unit:
        await extensions.create(unit, AccountId(account), ExtensionIn(number=number, kind="queue", name=name))


async def test_a_queue_in_a_day(hall: Hall) -> None:
    await hall.call(0, 10, 60)
    await hall.call(5, 21, 120)
    await hall.call(60, 30)
    await hall.call(70, 40, end="forwarded")
    await hall.call(80, 20, end="broke_out")

    found = await hall.asks("queues")
    assert (found["timezone"], found["by"], found["within"]) == ("Europe/Amsterdam", "all", 20)
    (line,) = found["lines"]
    assert (line["since"], line["queue"], line["name"]) == ("2026-03-02T00:00:00+01:00", "300", "Support")
    counts = ("calls", "answered", "unanswered", "forwarded", "broke_out", "abandoned", "waiting")
    assert [line[name] for name in counts] == [5, 2, 3, 1, 1, 1, 0]
    assert line["wait"] == {
        "all": {"total": 121, "min": 10, "max": 40, "average": 24.2},
        "answered": {"total": 31, "min": 10, "max": 21, "average": 15.5},
        "unanswered": {"total": 90, "min": 20, "max": 40, "average": 30},
    }
    assert line["talk"]["answered"] == {"total": 180, "min": 60, "max": 120, "average": 90}
    assert line["talk"]["all"] == {"total": 180, "min": 0, "max": 120, "average": 36}
    assert line["talk"]["unanswered"] == {"total": 0, "min": 0, "max": 0, "average": 0}
    assert (line["answered_within"], line["service_level"]) == (1, 0.2)


@pytest.mark.parametrize(("within", "share"), [(9, 0), (10, 0.5), (20, 0.5), (21, 1)])
async def test_the_service_level_is_exact_for_each_number_of_seconds(hall: Hall, within: int, share: float) -> None:
    await hall.call(0, 10, 60)
    await hall.call(5, 21, 120)
    (line,) = (await hall.asks("queues", within=within))["lines"]
    assert line["service_level"] == share


async def test_hours_without_callers_are_told_too(hall: Hall) -> None:
    await hall.call(0, 10, 60)
    lines = (await hall.asks("queues", by="hour"))["lines"]
    assert [line["calls"] for line in lines] == [0] * 9 + [1] + [0] * 14
    assert lines[9]["since"] == "2026-03-02T09:00:00+01:00"
    assert lines[0]["service_level"] is None
    assert lines[0]["wait"]["all"] == {"total": 0, "min": None, "max": None, "average": None}


async def test_several_queues_apart_and_together(hall: Hall) -> None:
    await a_queue(hall.world, hall.account, "301", "Sales")
    await hall.call(0, 10, 60)
    await hall.call(0, 30, queue="301")
    await hall.call(0, 30, queue="399")  # it is no more

    lines = (await hall.asks("queues"))["lines"]
    assert [(line["queue"], line["name"], line["calls"]) for line in lines] == [
        ("300", "Support", 1),
        ("301", "Sales", 1),
        ("399", "", 1),
    ]
    (line,) = (await hall.asks("queues", together=True))["lines"]
    assert (line["queue"], line["calls"], line["wait"]["all"]["max"]) == (None, 3, 30)
    (line,) = (await hall.asks("queues", together=True, queue=["300", "399"]))["lines"]
    assert line["calls"] == 2


async def test_waits_for_a_chart(hall: Hall) -> None:
    for waited, talked in ((0, 9), (10, 9), (11, 9), (25, None), (31, 9), (90, None)):
        await hall.call(0, waited, talked)
    found = await hall.asks("waits", step=10, upto=30)
    assert found["calls"] == 6
    shown = [(it["above"], it["upto"], it["answered"], it["unanswered"], it["held"]) for it in found["lines"]]
    assert shown == [(0, 10, 2, 0, 4), (10, 20, 1, 0, 3), (20, 30, 0, 1, 2), (30, None, 1, 1, 0)]
    assert [round(it["answered_share"], 3) for it in found["lines"]] == [0.333, 0.5, 0.5, 0.667]


async def test_agents(hall: Hall) -> None:
    on = QueueEvent(hall.account, "300", MONDAY, MONDAY, "logged_on", agent="201")
    offered = QueueEvent(hall.account, "300", MONDAY, MONDAY, "offered", "x", "202")
    missed = offered._replace(what="missed", detail="no_answer")
    wrap_up = QueueEvent(hall.account, "300", MONDAY, MONDAY, "wrap_up", agent="201", ms=15_000)
    await hall.happens(on, offered, missed, wrap_up, on._replace(what="logged_off", at=MONDAY + 3_600_500))
    await hall.call(0, 10, 60)
    await hall.call(5, 21, 120)
    first, second = (await hall.asks("agents"))["lines"]
    assert (first["agent"], first["name"], first["answered"], first["missed"]) == ("201", "Jansen", 2, 0)
    assert (first["talk"], first["talk_average"], first["talk_max"]) == (180, 90, 120)
    assert (first["logged_on"], first["wrap_ups"], first["wrap_up"]) == (3600.5, 1, 15)
    assert (second["agent"], second["missed"], second["talk_average"]) == ("202", 1, None)


async def test_who_is_logged_on_has_been_so_until_now(hall: Hall) -> None:
    on = QueueEvent(hall.account, "300", MONDAY, MONDAY, "logged_on", agent="201")
    await hall.happens(on, on._replace(queue="301"))
    hall.world.clock.moment = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    (line,) = (await hall.asks("agents"))["lines"]
    assert line["logged_on"] == 1800


async def test_today_is_meant_when_nothing_else_is_said(hall: Hall) -> None:
    hall.world.clock.moment = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    await hall.call(0, 10, 60)
    await hall.call(-10 * 3600, 10, 60)  # yesterday
    found = (await hall.world.platform.get(f"/api/v1/accounts/{hall.account}/statistics/queues")).json()
    assert (found["since"], found["until"]) == ("2026-03-02T00:00:00+01:00", "2026-03-02T09:30:00+01:00")
    assert [line["calls"] for line in found["lines"]] == [1]


async def test_a_table_is_the_same_in_every_language(hall: Hall) -> None:
    await hall.call(0, 10, 61)
    await hall.call(0, 25, 60)
    (line,) = await hall.table("queues")
    assert (line["since"], line["queue"], line["calls"]) == ("2026-03-02T00:00:00+01:00", "300", "2")
    assert (line["wait.all.average"], line["talk.answered.total"]) == ("17.5", "121.0")
    by_name = await hall.world.platform.get(
        f"/api/v1/accounts/{hall.account}/statistics/waits", params=DAY | {"format": "csv"}
    )
    assert by_name.text.splitlines()[0] == "above,upto,answered,unanswered,held,answered_share"
    assert by_name.headers["content-disposition"] == 'attachment; filename="waits.csv"'


@pytest.mark.parametrize("name", ['=HYPERLINK("http://evil")', "+31 1", "-2", "@SUM(1)"])
async def test_no_name_is_a_formula(hall: Hall, name: str) -> None:
    async with hall.world.database.change("set-up") as unit:
        await extensions.create(unit, AccountId(hall.account), ExtensionIn(number="205", kind="user", name=name))
    await hall.happens(QueueEvent(hall.account, "300", MONDAY, MONDAY, "offered", "x", "205"))
    (line,) = await hall.table("agents")
    assert line["name"] == f"'{name}"


async def test_what_nobody_can_read_is_refused(hall: Hall) -> None:
    address = f"/api/v1/accounts/{hall.account}/statistics/queues"
    for query in (
        {"since": DAY["until"], "until": DAY["since"]},
        {"since": "2020-01-01T00:00:00Z", "until": "2026-01-01T00:00:00Z", "by": "hour"},
        {"within": "3601"},
        {"since": "yesterday"},
    ):
        answer = await hall.world.platform.get(address, params=query)
        assert answer.status_code == 422, query
        assert answer.json()["errors"]


async def test_another_account_has_figures_of_its_own(hall: Hall) -> None:
    await hall.call(0, 10, 60)
    rival = await hall.world.company("2000", "Rival")
    await a_queue(hall.world, rival, "300", "Theirs")
    theirs = await hall.world.as_account(rival)
    (line,) = (await theirs.get(f"/api/v1/accounts/{rival}/statistics/queues", params=DAY)).json()["lines"]
    assert (line["name"], line["calls"]) == ("Theirs", 0)
    assert (await theirs.get(f"/api/v1/accounts/{hall.account}/statistics/queues")).status_code == 404


async def test_a_supervisor_sees_them_and_a_user_does_not(hall: Hall) -> None:
    address = f"/api/v1/accounts/{hall.account}/statistics/agents"
    supervisor = await hall.world.person("s@example.org", "supervisor", account=hall.account)
    user = await hall.world.person("u@example.org", "end_user", account=hall.account, extension="201")
    assert (await supervisor.client.get(address)).status_code == 200
    assert (await user.client.get(address)).status_code == 403
