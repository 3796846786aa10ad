"""Call records: stored once, found by who and when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from centrale.accounts import records
from centrale.accounts.database import Database
from centrale.accounts.errors import NotFound

from .ended_calls import NINE, call, ended
from .office import MAIN, SECOND, Office, invalid


async def keep(database: Database, *calls: records.Record) -> None:
    async with database.connection() as connection:
        await records.store(connection, calls)


async def ids(office: Office, **filters: Any) -> list[str]:
    return [it.id for it in (await office.see(records.list_all, **filters)).records]


async def test_a_record_is_kept_whole_and_with_its_trace(database: Database, office: Office) -> None:
    trace = [{"at": NINE.isoformat(), "what": "number", "outcome": "user 202", "rejected": [["group", "none"]]}]
    made = call("c1", account=office.id, trace=trace, trunk="carrier", ringing=NINE.isoformat())

    await keep(database, made)

    found = await office.see(records.get, "c1")
    assert found == made
    assert found.trace == trace
    assert found.started == NINE
    assert found.legs == ["c1-in", "c1-out"]


async def test_storing_twice_is_storing_once(database: Database, office: Office) -> None:
    await keep(database, call("c1", account=office.id), call("c2", account=office.id))
    await keep(database, call("c2", account=office.id, called="somebody else"), call("c3", account=office.id))

    assert await ids(office) == ["c3", "c2", "c1"]
    assert (await office.see(records.get, "c2")).called == "202"


async def test_records_are_found_by_who_took_part(database: Database, office: Office) -> None:
    await keep(
        database,
        call("inside", account=office.id, minute=0),
        call("in", account=office.id, minute=1, caller=SECOND, called=MAIN, answered_by="201"),
        call("out", account=office.id, minute=2, caller="202", called=SECOND, answered_by=SECOND),
        call("group", account=office.id, minute=3, caller="203", called="300", answered_by=None),
    )

    assert await ids(office, extension="201") == ["in", "inside"]
    assert await ids(office, extension="202") == ["out", "inside"]
    assert await ids(office, extension="300") == ["group"]
    assert await ids(office, caller=SECOND) == ["in"]
    assert await ids(office, called=SECOND) == ["out"]
    assert await ids(office, caller="202", extension="202") == ["out"]


async def test_records_are_found_by_time(database: Database, office: Office) -> None:
    await keep(database, *(call(f"c{n}", account=office.id, minute=n) for n in range(5)))
    at = [NINE + timedelta(minutes=n) for n in range(5)]

    assert await ids(office, since=at[3]) == ["c4", "c3"]
    assert await ids(office, until=at[1]) == ["c0"]
    assert await ids(office, since=at[1], until=at[3]) == ["c2", "c1"]


@pytest.mark.parametrize("oldest_first", [False, True])
@pytest.mark.parametrize(
    "asked", [{}, {"extension": "201"}, {"caller": "201"}, {"called": "202", "outcome": "answered"}]
)
async def test_pages_lose_and_repeat_nothing(
    database: Database, office: Office, asked: dict[str, str], oldest_first: bool
) -> None:
    # Four calls begin at the same moment; a new one comes in between two pages.
    await keep(database, *(call(f"c{n}", account=office.id, minute=n // 4) for n in range(10)))
    seen: list[str] = []
    cursor: str | None = None
    for page in range(10):
        found = await office.see(records.list_all, **asked, oldest_first=oldest_first, cursor=cursor, limit=3)
        seen += [it.id for it in found.records]
        cursor = found.next
        if cursor is None:
            break
        before_the_first = -60 - page if oldest_first else 60 + page
        await keep(database, call(f"new{page}", account=office.id, minute=before_the_first))

    in_order = [f"c{n}" for n in range(10)]
    assert seen == (in_order if oldest_first else in_order[::-1])


INDEXED: list[tuple[dict[str, Any], str]] = [
    ({}, "started_id (account_id=?)"),
    ({"since": NINE, "until": NINE}, "started_id (account_id=? AND started>? AND started<?)"),
    ({"cursor": f"{NINE.isoformat()}~c1"}, "started_id (account_id=? AND started<?)"),
    ({"caller": "201", "since": NINE}, "caller_started (account_id=? AND caller=? AND started>?)"),
    ({"called": "202"}, "called_started (account_id=? AND called=?)"),
    ({"extension": "201"}, "extension_started (account_id=? AND extension=?)"),
]


async def test_an_index_knows_where_records_are(database: Database, office: Office) -> None:
    """However many there are, nobody looks through others than those that are shown."""
    if not database.is_sqlite:
        pytest.skip("PostgreSQL counts, and decides then")
    executed: list[tuple[str, Any]] = []
    event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *it: executed.append((it[2], it[3])))
    for asked, index in INDEXED:
        await office.see(records.list_all, **asked)
        statement, values = executed[-1]
        async with database.engine.connect() as connection:
            plan = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)).all()
        assert plan[0][3].endswith(index), asked
        assert not any(step[3].endswith("FOR ORDER BY") for step in plan), asked


@pytest.mark.parametrize("cursor", ["", "~", "yesterday~c1", "2026-03-02T09:00:00~c1", "2026-03-02T09:00:00+00:00"])
async def test_a_cursor_of_ones_own_making_is_refused(office: Office, cursor: str) -> None:
    assert list(await invalid(office.see(records.list_all, cursor=cursor))) == ["cursor"]


async def test_accounts_see_their_own_calls_only(database: Database, office: Office, rivals: Office) -> None:
    await keep(database, call("ours", account=office.id), call("theirs", account=rivals.id))

    assert await ids(office) == await ids(office, extension="201") == ["ours"]
    assert await ids(rivals, caller="201") == ["theirs"]
    with pytest.raises(NotFound):
        await office.see(records.get, "theirs")


def test_what_is_too_long_is_cut_rather_than_lost() -> None:
    made = records.Record.model_validate(ended("c1", caller="9" * 500, caller_name="A" * 500, channel="x" * 90))
    assert (len(made.caller), len(made.caller_name), len(made.channel or "")) == (80, 255, 40)
