"""Which phone is on a channel, from where and since when (CHN-1)."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from centrale.routing.snapshot import ChannelName
from centrale.telephony.asterisk.contacts import Contacts
from centrale.telephony.asterisk.registrations import Device, Registrations

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Clock:
    """Stands still until it is moved."""

    moment = NOON

    def now(self) -> datetime:
        return self.moment


class Asterisk:
    """Its own database, with the phones that are registered."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "astdb.sqlite3"
        with closing(sqlite3.connect(self.file)) as file:
            file.execute("CREATE TABLE astdb (key TEXT PRIMARY KEY, value TEXT)")

    def registers(self, name: str, uri: str, until: datetime, via: str = "192.168.1.20") -> None:
        """A phone registers, or does so again."""
        value = {"user_agent": "Snom D785", "via_addr": via, "via_port": "5060", "uri": uri}
        value["expiration_time"] = str(int(until.timestamp()))
        self.writes(name, json.dumps(value))

    def writes(self, name: str, value: str) -> None:
        """Whatever Asterisk keeps of a contact."""
        with closing(sqlite3.connect(self.file)) as file:
            file.execute("INSERT OR REPLACE INTO astdb VALUES (?, ?)", (f"/registrar/contact/{name};@1", value))
            file.commit()


def test_a_phone_behind_a_router_shows_both_addresses_and_its_transport(tmp_path: Path) -> None:
    asterisk = Asterisk(tmp_path)
    soon = NOON + timedelta(minutes=10)
    asterisk.registers("desk", "sip:desk@203.0.113.7:40001;transport=TCP", soon)
    asterisk.registers("hall", "sip:hall@[2001:db8::7]:5060^3Btransport=tls", soon)
    asterisk.registers("attic", "sip:attic@203.0.113.8", soon)
    phones = Registrations(Contacts(asterisk.file), Clock())
    assert phones.of(ChannelName("desk")) == Device(
        "Snom D785", "203.0.113.7:40001", "192.168.1.20:5060", "tcp", None, soon
    )
    hall, attic = phones.of(ChannelName("hall")), phones.of(ChannelName("attic"))
    assert hall is not None
    assert attic is not None
    assert (hall.address, hall.transport) == ("[2001:db8::7]:5060", "tls")
    assert (attic.address, attic.transport) == ("203.0.113.8", "udp")
    assert phones.of(ChannelName("nobody")) is None
    assert phones.of(ChannelName("des")) is None, "the beginning of another's name"


def test_since_when_a_phone_is_there_is_known_of_those_who_came_while_we_looked(tmp_path: Path) -> None:
    asterisk, clock = Asterisk(tmp_path), Clock()
    contacts = Contacts(asterisk.file)
    phones = Registrations(contacts, clock)

    def since(name: str) -> datetime | None:
        device = phones.of(ChannelName(name))
        assert device is not None
        return device.since

    asterisk.registers("before", "sip:before@192.0.2.1", NOON + timedelta(hours=1))
    phones.look(contacts.names())
    clock.moment = came = NOON + timedelta(minutes=1)
    asterisk.registers("desk", "sip:desk@192.0.2.2", NOON + timedelta(hours=1))
    assert since("desk") == came, "not looked yet: it has only just come"
    phones.look(contacts.names())
    clock.moment = NOON + timedelta(minutes=30)
    asterisk.registers("desk", "sip:desk@192.0.2.2", NOON + timedelta(hours=2))  # again, as phones do
    phones.look(contacts.names())
    assert (since("desk"), since("before")) == (came, None)
    phones.look(set())
    phones.look(contacts.names())
    assert since("before") == clock.moment, "it had been away"


def test_a_file_that_is_not_there_yet_is_no_phone(tmp_path: Path) -> None:
    assert Registrations(Contacts(tmp_path / "none.sqlite3"), Clock()).of(ChannelName("desk")) is None


def test_the_file_of_an_asterisk_that_begins_anew_is_the_one_that_is_read(tmp_path: Path) -> None:
    before, soon = Asterisk(tmp_path), NOON + timedelta(minutes=10)
    before.registers("desk", "sip:desk@192.0.2.2", soon)
    contacts = Contacts(before.file)
    assert contacts.registered([ChannelName("desk")], NOON) == {"desk"}
    before.file.rename(tmp_path / "old.sqlite3")
    Asterisk(tmp_path).registers("hall", "sip:hall@192.0.2.3", soon)
    assert contacts.registered([ChannelName("desk"), ChannelName("hall")], NOON) == {"hall"}


def test_many_channels_are_asked_for_at_once(tmp_path: Path) -> None:
    asterisk = Asterisk(tmp_path)
    for name in ("desk", "hall", "hall2", "attic"):
        asterisk.registers(name, f"sip:{name}@192.0.2.2", NOON + timedelta(minutes=10))
    asterisk.registers("cellar", "sip:cellar@192.0.2.2", NOON)
    asterisk.writes("shed", "{}")
    asterisk.writes("barn", "not JSON")
    contacts = Contacts(asterisk.file)
    asked = [ChannelName(name) for name in ("hall", "desk", "cellar", "shed", "barn", "nobody", "att", "'\"--")]
    assert contacts.registered(asked, NOON) == {"desk", "hall"}, "those who were asked for and are there still"
    assert contacts.registered([], NOON) == set()
    assert Contacts(tmp_path / "none.sqlite3").registered(asked, NOON) is None
