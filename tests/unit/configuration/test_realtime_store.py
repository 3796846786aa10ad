"""Phones and trunks in the file that Asterisk reads: exact, live, and small steps however many there are."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centrale.telephony.asterisk.configuration import (
    Changes,
    Dtmf,
    RealtimeStore,
    SipChannel,
    SipTrunk,
    digest_ha1,
    pushed_objects,
    realtime,
)

MANY = 10_000
Row = dict[str, str]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "asterisk" / "realtime.db"


@pytest.fixture
def store(path: Path) -> RealtimeStore:
    return RealtimeStore(path)


@pytest.fixture
def asterisk(store: RealtimeStore, path: Path) -> Iterator[sqlite3.Connection]:
    """A reader that stays connected, as Asterisk does."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def rows(reader: sqlite3.Connection, table: str) -> dict[str, Row]:
    return {row["id"]: dict(row) for row in reader.execute(f"SELECT * FROM {table}")}


def row(reader: sqlite3.Connection, table: str, name: str) -> Row | None:
    found = reader.execute(f"SELECT * FROM {table} WHERE id = ?", (name,)).fetchone()
    return None if found is None else dict(found)


def everything(path: Path) -> dict[str, dict[str, Row]]:
    with closing(sqlite3.connect(path)) as reader:
        reader.row_factory = sqlite3.Row
        return {table: rows(reader, table) for table in realtime.TABLES}


def test_of_ten_thousand_phones_only_the_one_that_changed_is_written(
    store: RealtimeStore, path: Path, asterisk: sqlite3.Connection
) -> None:
    phones = [SipChannel(f"phone{number}", f"secret{number}") for number in range(MANY)]
    assert store.sync(phones, []) == Changes(added=MANY)
    assert store.sync(phones, []) == Changes()
    before = rows(asterisk, "ps_auths")
    with closing(sqlite3.connect(path)) as keeper:
        keeper.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        phones[4321] = SipChannel("phone4321", "another secret")
        assert store.sync(phones, []) == Changes(changed=1)
        written = path.with_name("realtime.db-wal").stat().st_size
    after = rows(asterisk, "ps_auths")
    assert [name for name in after if after[name] != before[name]] == ["phone4321"]
    assert len(after) == MANY
    assert written < 200_000, "bytes of a file of many megabytes"


def test_a_connected_asterisk_sees_a_change_at_its_next_look(
    store: RealtimeStore, asterisk: sqlite3.Connection
) -> None:
    assert row(asterisk, "ps_endpoints", "anna") is None
    store.put_channel(SipChannel("anna", "secret", language="nl"))
    seen = row(asterisk, "ps_endpoints", "anna")
    assert seen is not None
    assert seen["language"] == "nl"
    store.put_channel(SipChannel("anna", "secret", language="de", dtmf=Dtmf.INFO))
    seen = row(asterisk, "ps_endpoints", "anna")
    assert seen is not None
    assert (seen["language"], seen["dtmf_mode"]) == ("de", "info")
    store.remove_channel("anna")
    assert all(row(asterisk, table, "anna") is None for table in realtime.TABLES)


def test_what_is_no_longer_wanted_goes(store: RealtimeStore, asterisk: sqlite3.Connection) -> None:
    carrier = SipTrunk("carrier", "198.51.100.1", sources=("198.51.100.0/24",))
    store.sync([SipChannel("anna", "a"), SipChannel("ben", "b")], [carrier])
    assert store.sync([SipChannel("ben", "b"), SipChannel("carl", "c")], []) == Changes(added=1, removed=2)
    assert set(rows(asterisk, "ps_endpoints")) == {"ben", "carl"}
    assert rows(asterisk, "ps_endpoint_id_ips") == {}


def test_removing_what_is_not_there_is_fine(store: RealtimeStore) -> None:
    store.remove_channel("nobody")
    store.remove_trunk("trunk-nobody")


def test_a_phones_password_is_kept_as_a_digest_only(store: RealtimeStore, path: Path) -> None:
    store.put_channel(SipChannel("anna", "very-secret-word"))
    assert everything(path)["ps_auths"]["anna"]["password_digest"] == f"MD5:{digest_ha1('anna', 'very-secret-word')}"
    files = [file.read_bytes() for file in path.parent.iterdir()]
    assert not [data for data in files if b"very-secret-word" in data]


def test_no_secret_shows_where_a_phone_or_trunk_is_printed() -> None:
    trunk = SipTrunk("carrier", "sip.example", username="us", password="hidden-word", register=True)
    assert "hidden-word" not in f"{trunk} {SipChannel('anna', 'hidden-word')}"


def test_only_the_owner_can_read_it_also_while_it_is_being_written(
    store: RealtimeStore, path: Path, asterisk: sqlite3.Connection
) -> None:
    assert rows(asterisk, "ps_auths") == {}
    store.put_channel(SipChannel("anna", "secret"))
    files = list(path.parent.iterdir())
    assert {file.name for file in files} == {"realtime.db", "realtime.db-wal", "realtime.db-shm"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_phone_has_what_a_phone_needs_and_is_believed_nothing(store: RealtimeStore, path: Path) -> None:
    store.put_channel(SipChannel("anna", "secret"))
    tables = everything(path)
    endpoint, aor = tables["ps_endpoints"]["anna"], tables["ps_aors"]["anna"]
    assert (endpoint["context"], endpoint["aors"].partition(",")[0], endpoint["auth"]) == ("phones", "anna", "anna")
    assert (endpoint["identify_by"], endpoint["trust_id_inbound"]) == ("username", "no")
    assert (endpoint["allow_transfer"], endpoint["direct_media"]) == ("no", "no")
    assert (aor["max_contacts"], aor["remove_existing"]) == ("1", "yes"), "one registration; the newest one counts"


def test_a_carrier_without_registration_is_known_by_its_addresses(store: RealtimeStore, path: Path) -> None:
    sources = ("198.51.100.0/24", "203.0.113.9:5070", "[2001:db8::1]:5060")
    store.put_trunk(SipTrunk("carrier", "198.51.100.1", 5062, sources=sources))
    tables = everything(path)
    endpoint = tables["ps_endpoints"]["trunk-carrier"]
    assert (endpoint["context"], endpoint["identify_by"], endpoint["auth"]) == ("trunks", "ip", "")
    assert tables["ps_endpoint_id_ips"]["trunk-carrier"] == {
        "id": "trunk-carrier",
        "endpoint": "trunk-carrier",
        "match": ",".join(sources),
    }
    assert tables["ps_aors"]["trunk-carrier"]["contact"] == "sip:198.51.100.1:5062;transport=udp"
    assert tables["ps_auths"] == {}


def test_a_carrier_that_wants_a_registration_gets_one_by_push(store: RealtimeStore, path: Path) -> None:
    trunk = SipTrunk("carrier", "2001:db8::1", username="us", password="word", register=True)
    store.put_trunk(trunk)
    assert everything(path)["ps_auths"]["trunk-carrier"]["username"] == "us"
    fields = pushed_objects(trunk)["registration/trunk-carrier"]
    assert fields["server_uri"] == "sip:[2001:db8::1]:5060;transport=udp"
    assert fields["client_uri"] == "sip:us@[2001:db8::1]:5060;transport=udp"
    assert (fields["line"], fields["endpoint"], fields["outbound_auth"]) == ("yes", "trunk-carrier", "trunk-carrier")
    assert pushed_objects(SipTrunk("plain", "198.51.100.1")) == {}


def test_a_carrier_that_is_checked_has_its_address_by_push_and_only_there(store: RealtimeStore, path: Path) -> None:
    checked = SipTrunk("carrier", "198.51.100.1", qualify_seconds=30)
    store.put_trunk(checked)
    assert everything(path)["ps_aors"] == {}
    pushed = pushed_objects(checked)
    assert list(pushed) == ["aor/trunk-carrier", "endpoint/trunk-carrier.check"], "the address comes first"
    address, asking = pushed.values()
    assert address == {"contact": "sip:198.51.100.1:5060;transport=udp", "qualify_frequency": "30"}
    assert asking["aors"] == "trunk-carrier"
    assert asking["identify_by"] == "ip", "nobody who calls can pass for it"


@pytest.mark.parametrize("name", ["", "an na", "../anna", "anna'--", "-anna", "trunk-anna", "a" * 41, "ánna", "a\nb"])
def test_a_name_that_could_be_mistaken_is_no_phones_name(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be a SIP user name"):
        SipChannel(name, "secret")


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"name": "car rier"}, "cannot be a trunk's name"),
        ({"host": "carrier;transport=tls"}, "neither a host name nor an address"),
        ({"host": ""}, "neither a host name nor an address"),
        ({"sources": ("carrier.example",)}, "'carrier.example' is not an address"),
        ({"sources": ("198.51.100.300",)}, "'198.51.100.300' is not an address"),
        ({"sources": ("198.51.100.1,0.0.0.0/0",)}, "is not an address"),
        ({"register": True}, "trunk carrier cannot register without a user name"),
    ],
)
def test_a_trunk_that_cannot_be_is_refused(wrong: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        SipTrunk(**({"name": "carrier", "host": "198.51.100.1"} | wrong))  # type: ignore[arg-type]


def test_a_file_of_an_older_version_grows_and_keeps_its_phones(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as old:
        old.execute("CREATE TABLE ps_aors (id TEXT PRIMARY KEY, max_contacts TEXT) WITHOUT ROWID")
        old.execute("INSERT INTO ps_aors VALUES ('anna', '1')")
        old.commit()
    RealtimeStore(path)
    anna = everything(path)["ps_aors"]["anna"]
    assert set(anna) == {"id", *realtime.TABLES["ps_aors"]}
    assert anna["maximum_expiration"] == "7200", "Asterisk takes an empty number for a mistake"


def test_a_change_that_breaks_off_changes_nothing(
    store: RealtimeStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.sync([SipChannel("anna", "a"), SipChannel("ben", "b")], [])
    before = everything(path)

    put, room = realtime._put, [1]

    def full_disk(*arguments: object) -> None:
        if not room:
            raise sqlite3.OperationalError("database or disk is full")
        room.pop()
        put(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(realtime, "_put", full_disk)
    with pytest.raises(sqlite3.OperationalError, match="full"):
        store.sync([SipChannel("carl", "c"), SipChannel("dora", "d")], [])
    assert everything(path) == before


def test_whoever_finds_it_locked_waits_and_then_says_so(
    store: RealtimeStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(realtime, "_BUSY_SECONDS", 0.01)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            store.put_channel(SipChannel("anna", "secret"))
        other.execute("ROLLBACK")
    store.put_channel(SipChannel("anna", "secret"))
    assert "anna" in everything(path)["ps_endpoints"]


channels = st.builds(
    SipChannel,
    st.sampled_from(["anna", "ben", "carl", "dora"]),
    st.sampled_from(["one", "two"]),
    language=st.sampled_from(["nl", "en"]),
)
trunks = st.builds(
    SipTrunk,
    st.sampled_from(["a", "b"]),
    st.just("198.51.100.1"),
    sources=st.sampled_from([(), ("198.51.100.1",)]),
    username=st.just("us"),
    password=st.sampled_from([None, "word"]),
    register=st.booleans(),
)
worlds = st.tuples(
    st.lists(channels, unique_by=lambda channel: channel.name), st.lists(trunks, unique_by=lambda trunk: trunk.name)
)


@settings(max_examples=25, deadline=None)
@given(worlds, worlds)
def test_whatever_was_there_a_sync_leaves_exactly_what_is_wanted(
    tmp_path_factory: pytest.TempPathFactory,
    old: tuple[list[SipChannel], list[SipTrunk]],
    new: tuple[list[SipChannel], list[SipTrunk]],
) -> None:
    folder = tmp_path_factory.mktemp("worlds")
    changed, fresh = RealtimeStore(folder / "changed.db"), RealtimeStore(folder / "fresh.db")
    changed.sync(*old)
    changed.sync(*new)
    fresh.sync(*new)
    assert everything(folder / "changed.db") == everything(folder / "fresh.db")
    assert changed.sync(*new) == Changes()


def test_a_phones_lamp_has_a_secret_name_and_comes_and_goes_with_the_phone(store: RealtimeStore, path: Path) -> None:
    """Asterisk would let any phone subscribe to what has messages, if it knew the name."""
    anna = SipChannel("anna", "secret")
    store.put_channel(anna)
    tables = everything(path)
    _, secret = tables["ps_endpoints"]["anna"]["aors"].split(",")
    assert tables["ps_aors"]["anna"]["mailboxes"] == ""
    assert (tables["ps_aors"][secret]["mailboxes"], tables["ps_aors"][secret]["max_contacts"]) == ("anna@centrale", "0")
    assert len(secret) == 32
    assert store.sync([anna], []) == Changes()

    store.put_channel(SipChannel("anna", "another secret"))
    assert len(everything(path)["ps_aors"]) == 2
    assert secret not in everything(path)["ps_aors"]
    store.remove_channel("anna")
    assert everything(path)["ps_aors"] == {}
