"""After a restart of Asterisk, phones hear of their lamps before they register again (VM-4)."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from centrale.telephony.asterisk import reminder as reminder_module
from centrale.telephony.asterisk.ari_errors import AriUnavailable, NotFound
from centrale.telephony.asterisk.contacts import Contacts
from centrale.telephony.asterisk.reminder import Reminder

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class Noon:
    def now(self) -> datetime:
        return NOON


class Asterisk:
    """Knows registrations, and notes which are written again."""

    def __init__(self, *registered: str) -> None:
        self.registered = set(registered)
        self.written: list[tuple[str, str]] = []
        self.variable = ""
        self.breaks = 0
        self.done = asyncio.Event()

    async def request(self, method: str, path: str, params: Any = None, body: Any = None) -> Any:
        if path == "asterisk/variable":
            if method == "GET":
                return {"value": self.variable}
            self.variable = params["value"]
            self.done.set()
            return None
        id = unquote(path.rpartition("/")[2])
        if id not in self.registered:
            raise NotFound(method, path, 404, "there is no such contact")
        if method == "PUT":
            if self.breaks:
                self.breaks -= 1
                self.done.set()
                raise AriUnavailable(method, path, 0, "the connection broke")
            self.written.append((id, body["fields"][0]["value"]))
        return None


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminder_module, "AT_ONCE", 2)
    monkeypatch.setattr(reminder_module, "EVERY", 0)


@pytest.fixture
def contacts(tmp_path: Path) -> Contacts:
    """Asterisk's own list: anna, ben and carl; dora's has expired; one that nobody can read."""
    path = tmp_path / "astdb.sqlite3"
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TABLE astdb (key TEXT PRIMARY KEY, value TEXT)")
        for name, left in (("anna", 60), ("ben", 60), ("carl", 60), ("dora", -60)):
            expires = (NOON + timedelta(seconds=left)).timestamp()
            value = {"user_agent": f"Phone of {name}", "expiration_time": str(int(expires))}
            file.execute("INSERT INTO astdb VALUES (?, ?)", (f"/registrar/contact/{name};@1", json.dumps(value)))
        file.execute("INSERT INTO astdb VALUES ('/registrar/contact/odd;@1', '{}')")
        file.execute("INSERT INTO astdb VALUES ('/pbx/UUID', 'x')")
        file.commit()
    return Contacts(path)


@asynccontextmanager
async def reminding(asterisk: Asterisk, contacts: Contacts) -> AsyncIterator[Reminder]:
    reminder = Reminder(asterisk, contacts, Noon())  # type: ignore[arg-type]
    task = asyncio.create_task(reminder.keep())
    yield reminder
    task.cancel()
    await asyncio.wait([task])


async def up(reminder: Reminder, asterisk: Asterisk) -> None:
    """Asterisk is up, and what follows has ended."""
    asterisk.done.clear()
    reminder.asterisk_is_up()
    async with asyncio.timeout(10):
        await asterisk.done.wait()


async def test_each_valid_registration_is_written_again_as_it_is_once_in_the_life_of_an_asterisk(
    contacts: Contacts,
) -> None:
    asterisk = Asterisk("anna;@1", "ben;@1", "carl;@1", "dora;@1")
    async with reminding(asterisk, contacts) as reminder:
        await up(reminder, asterisk)
        everybody = [(f"{name};@1", f"Phone of {name}") for name in ("anna", "ben", "carl")]
        assert sorted(asterisk.written) == everybody
        reminder.asterisk_is_up()  # only the connection was lost
        for _ in range(100):
            await asyncio.sleep(0)
        assert len(asterisk.written) == 3
        asterisk.variable = ""  # another Asterisk
        await up(reminder, asterisk)
        assert sorted(asterisk.written[3:]) == everybody


async def test_a_registration_that_has_gone_meanwhile_is_not_made_anew(contacts: Contacts) -> None:
    asterisk = Asterisk("anna;@1", "carl;@1")
    async with reminding(asterisk, contacts) as reminder:
        await up(reminder, asterisk)
    assert sorted(id for id, _ in asterisk.written) == ["anna;@1", "carl;@1"]


async def test_a_connection_that_breaks_is_followed_by_all_of_it_again(contacts: Contacts) -> None:
    asterisk = Asterisk("anna;@1", "ben;@1", "carl;@1")
    asterisk.breaks = 1
    async with reminding(asterisk, contacts) as reminder:
        await up(reminder, asterisk)
        assert asterisk.variable == ""
        await up(reminder, asterisk)
    assert {id for id, _ in asterisk.written} == {"anna;@1", "ben;@1", "carl;@1"}
