"""Messages come into the account exactly once, whatever dies on the way (VM-2, VM-3)."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from centrale.accounts import extensions, messages, messages_files
from centrale.accounts.database import Database
from centrale.accounts.errors import NotFound, StorageUnavailable
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.messages import Message
from centrale.accounts.messages_changes import MessageChanges
from centrale.accounts.messages_store import MessageStore
from centrale.accounts.models import NoticeRow
from centrale.calls.ports import Leaving
from centrale.phones.audio import tone
from centrale.routing.snapshot import AccountId, ExtensionNumber
from centrale.telephony.switch import RecordingId
from centrale.voice.pcm import PCM, wav_seconds, write_wav

from .conftest import SetClock
from .office import Office
from .outage import Outage

BOX = ExtensionNumber("500")


@dataclass
class Exchange:
    """One process after another on one home: each has a store, and the switch keeps its recordings."""

    database: Database
    office: Office
    clock: SetClock
    home: Path
    running: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.spool = self.home / "asterisk" / "spool" / "recording"
        self.spool.mkdir(parents=True)
        self.changes: list[tuple[AccountId, ExtensionNumber]] = []
        MessageChanges(self.database).watch(lambda account, box: self.changes.append((account, box)))
        self.store = self._store()

    def _store(self) -> MessageStore:
        return MessageStore(self.database, self.home, lambda recording: self.spool / f"{recording}.wav")

    async def dies_and_starts_again(self) -> None:
        """`kill -9`: nothing of the old one's memory is left."""
        self.store = self._store()
        await self.store.load()

    async def is_up(self) -> None:
        """The switch is there, and every call that goes on is known."""
        self.store.calls_are_known(self.running.__contains__)
        await self.store.flush()

    async def begins(self, call: str = "call-1", box: str = BOX, *, caller: str = "+31301234567") -> RecordingId:
        """A caller hears the tone."""
        recording = RecordingId(f"voicemail-{self.office.id}-{box}-{call}-4")
        self.running.add(call)
        leaving = Leaving(self.office.id, ExtensionNumber(box), call, caller, "De Jong", self.clock.now())
        await self.store.expect(recording, leaving)
        return recording

    def says(self, recording: RecordingId, seconds: float = 3.0) -> Path:
        """What was said until now lies in the switch's spool."""
        path = self.spool / f"{recording}.wav"
        write_wav(path, PCM.from_bytes(tone(440, 8000, seconds)))
        return path

    def hangs_up(self, call: str = "call-1") -> None:
        self.running.discard(call)

    async def leaves(self, call: str = "call-1", box: str = BOX, **how: str) -> RecordingId:
        """A whole message."""
        recording = await self.begins(call, box, **how)
        await self.store.keep(recording, self.says(recording))
        self.hangs_up(call)
        return recording

    async def there(self, *, new: bool = True, box: str = BOX) -> list[Message]:
        """What the database has."""
        return await self.office.see(messages.in_box, ExtensionNumber(box), new=new)

    @property
    def files(self) -> list[str]:
        """Everything that lies about for voicemail."""
        return sorted(str(path.relative_to(self.home)) for path in self.home.rglob("*") if path.is_file())

    def sound(self, recording: str) -> str:
        return f"voicemail/{self.office.id}/{recording}.wav"


@pytest.fixture
async def exchange(database: Database, office: Office, clock: SetClock, tmp_path: Path) -> Exchange:
    settings = {
        "language": "en",
        "mail": {"address": "sales@example.org", "attach": True, "delete_after": True},
        "sms": "+31612345678",
    }
    data = ExtensionIn(number=BOX, kind="mailbox", name="Sales", pin="7391", settings=settings)
    await office.do(extensions.create, data)
    return Exchange(database, office, clock, tmp_path)


@pytest.fixture
async def background(exchange: Exchange) -> AsyncIterator[None]:
    """The store's own task runs."""
    task = asyncio.create_task(exchange.store.run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_message_is_safe_when_keep_returns_and_in_the_database_soon(exchange: Exchange) -> None:
    recording = await exchange.begins()
    seconds = await exchange.store.keep(recording, exchange.says(recording, 3.0))
    assert seconds == 3.0
    assert exchange.files == [exchange.sound(recording).replace(".wav", ".json"), exchange.sound(recording)]
    await exchange.store.flush()
    [message] = await exchange.there()
    assert message == Message(
        id=recording,
        mailbox=BOX,
        left_at=exchange.clock.now(),
        seconds=3.0,
        caller="+31301234567",
        caller_name="De Jong",
        call_id="call-1",
        heard_at=None,
    )
    assert exchange.files == [exchange.sound(recording)]
    assert wav_seconds(messages.file_of(exchange.home, exchange.office.id, recording)) == 3.0
    assert exchange.changes == [(exchange.office.id, BOX)]


async def test_bringing_it_in_again_changes_nothing(exchange: Exchange) -> None:
    """It died between the commit and the end of the slip."""
    recording = await exchange.leaves()
    [slip] = messages_files.slips(exchange.home)
    await exchange.store.flush()
    messages_files.write(exchange.home, slip)
    await exchange.dies_and_starts_again()
    await exchange.is_up()
    assert [message.id for message in await exchange.there()] == [recording]
    assert len(await notices(exchange)) == 2
    assert exchange.files == [exchange.sound(recording)]


async def test_dying_before_the_database_knows_loses_nothing(exchange: Exchange) -> None:
    recording = await exchange.leaves()
    await exchange.dies_and_starts_again()
    assert await exchange.there() == []
    await exchange.is_up()
    assert [message.id for message in await exchange.there()] == [recording]


async def test_dying_between_moving_the_sound_and_saying_so_loses_nothing(exchange: Exchange) -> None:
    recording = await exchange.begins()
    place = messages.file_of(exchange.home, exchange.office.id, recording)
    exchange.says(recording, 4.0).rename(place)
    await exchange.dies_and_starts_again()
    exchange.hangs_up()
    await exchange.is_up()
    [message] = await exchange.there()
    assert message.seconds == 4.0


async def test_what_was_being_recorded_when_we_died_is_kept_if_the_caller_has_hung_up(exchange: Exchange) -> None:
    recording = await exchange.begins()
    exchange.says(recording, 5.0)
    exchange.clock.pass_time(seconds=60)
    await exchange.dies_and_starts_again()
    exchange.hangs_up()
    await exchange.is_up()
    [message] = await exchange.there()
    assert (message.id, message.seconds, message.caller) == (recording, 5.0, "+31301234567")
    assert message.left_at == exchange.clock.now() - timedelta(seconds=60)
    assert exchange.files == [exchange.sound(recording)]


async def test_a_call_that_goes_on_gets_its_own_recording_back_once(exchange: Exchange) -> None:
    recording = await exchange.begins()
    exchange.says(recording, 2.0)
    await exchange.dies_and_starts_again()
    await exchange.is_up()
    assert await exchange.there() == [], "the caller is still speaking"
    assert exchange.store.expected("call-1") == recording
    assert exchange.store.expected("call-1") is None
    assert exchange.store.expected("call-2") is None
    assert await exchange.store.keep(recording, exchange.says(recording, 8.0)) == 8.0
    await exchange.store.flush()
    assert [message.seconds for message in await exchange.there()] == [8.0]


@pytest.mark.parametrize("in_the_database", [False, True])
async def test_who_was_being_thanked_when_we_died_is_thanked_and_not_asked_again(
    exchange: Exchange, in_the_database: bool
) -> None:
    recording = await exchange.begins()
    await exchange.store.keep(recording, exchange.says(recording, 3.0))
    if in_the_database:
        await exchange.store.flush()
    await exchange.dies_and_starts_again()
    await exchange.is_up()
    assert exchange.store.expected("call-1") == recording
    assert await exchange.store.keep(recording, exchange.spool / "gone.wav") == 3.0
    await exchange.store.flush()
    assert len(await exchange.there()) == 1
    exchange.clock.pass_time(hours=2)
    await exchange.dies_and_starts_again()
    assert exchange.store.expected("call-1") is None, "a message of long ago is nobody's who calls now"


async def test_nothing_is_taken_in_before_it_is_known_which_calls_go_on(exchange: Exchange) -> None:
    recording = await exchange.begins()
    exchange.says(recording)
    await exchange.dies_and_starts_again()
    await exchange.store.flush()
    assert await exchange.there() == []
    assert len(exchange.files) == 2


async def test_a_recording_whose_writer_died_is_mended(exchange: Exchange) -> None:
    """Asterisk writes the length into the header when it closes the file."""
    recording = await exchange.begins()
    path = exchange.says(recording, 5.0)
    whole = path.read_bytes()
    path.write_bytes(whole[:4] + bytes(4) + whole[8:40] + bytes(4) + whole[44:])
    with pytest.raises(ValueError, match="not a WAVE file"):
        wav_seconds(path)
    assert await exchange.store.keep(recording, path) == 5.0


async def test_silence_a_click_and_an_empty_file_are_no_messages(exchange: Exchange) -> None:
    hiss = [(n * 7919) % 41 - 20 for n in range(8000 * 10)]
    click = [*hiss[:8000], *[12000] * 400, *hiss[:8000]]
    for call, samples in {"silent": [0] * 8000 * 10, "hiss": hiss, "click": click, "nothing": []}.items():
        recording = await exchange.begins(call)
        path = exchange.spool / f"{recording}.wav"
        write_wav(path, PCM(array("h", samples)))
        assert await exchange.store.keep(recording, path) is None, call
    recording = await exchange.begins("torn")
    path = exchange.spool / f"{recording}.wav"
    path.write_bytes(b"RIFF")
    assert await exchange.store.keep(recording, path) is None
    recording = await exchange.begins("unrecorded")
    assert await exchange.store.keep(recording, exchange.spool / "none.wav") is None
    await exchange.store.flush()
    assert await exchange.there() == []
    assert exchange.files == []


async def test_a_short_quiet_yes_is_a_message(exchange: Exchange) -> None:
    recording = await exchange.begins()
    path = exchange.spool / f"{recording}.wav"
    quiet = PCM.from_bytes(tone(300, 8000, 0.4, amplitude=400)).samples
    write_wav(path, PCM(array("h", [*[0] * 16000, *quiet, *[0] * 16000])))
    assert await exchange.store.keep(recording, path) is not None


async def test_a_database_that_is_away_for_an_hour_is_waited_for(outage: Outage, exchange: Exchange) -> None:
    await outage.begin()
    recording = await exchange.leaves("call-1")
    with pytest.raises(StorageUnavailable):
        await exchange.store.flush()
    exchange.clock.pass_time(hours=1)
    await exchange.leaves("call-2")
    assert exchange.store.waiting == 2
    await outage.end()
    await exchange.store.flush()
    first, second = await exchange.there()
    assert (first.id, second.left_at - first.left_at) == (recording, timedelta(hours=1))
    assert exchange.store.waiting == 0


async def test_the_background_brings_it_in_by_itself(exchange: Exchange, background: None) -> None:
    there = asyncio.Event()
    MessageChanges(exchange.database).watch(lambda account, box: there.set())
    await exchange.leaves()
    await asyncio.wait_for(there.wait(), 5)
    assert len(await exchange.there()) == 1


async def test_a_disk_that_is_full_keeps_the_recording_for_later(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = await exchange.begins()
    path = exchange.says(recording)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(messages_files, "move_durably", full)
        with pytest.raises(OSError, match="No space left"):
            await exchange.store.keep(recording, path)
        exchange.hangs_up()
        await exchange.is_up()
        assert await exchange.there() == []
    assert path.exists()
    await exchange.store.flush()
    assert [message.id for message in await exchange.there()] == [recording]


async def test_a_disk_that_cannot_take_the_slip_does_not_stop_the_caller(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(messages_files, "write", full)
        recording = await exchange.begins()
    assert await exchange.store.keep(recording, exchange.says(recording)) == 3.0


async def test_with_the_mailbox_its_messages_go_from_the_disk_too(exchange: Exchange) -> None:
    await exchange.leaves("call-1")
    await exchange.store.flush()
    waiting = await exchange.begins("call-2")
    await exchange.office.do(extensions.delete, BOX)
    await exchange.store.keep(waiting, exchange.says(waiting))
    await exchange.store.flush()
    await exchange.store.tidy()
    assert exchange.files == []


async def test_tidying_leaves_what_is_on_its_way(exchange: Exchange) -> None:
    known = await exchange.leaves("call-1")
    await exchange.store.flush()
    waiting = await exchange.leaves("call-2")
    await exchange.store.tidy()
    assert exchange.sound(known) in exchange.files
    assert exchange.sound(waiting) in exchange.files
    await exchange.store.flush()
    assert len(await exchange.there()) == 2


async def test_heard_and_deleted(exchange: Exchange) -> None:
    first, second = await exchange.leaves("call-1"), await exchange.leaves("call-2")
    await exchange.store.flush()
    exchange.changes.clear()
    see, do = exchange.office.see, exchange.office.do
    assert (await see(messages.new_count, BOX), await see(messages.old_count, BOX)) == (2, 0)
    await do(messages.set_heard, first, exchange.clock.now())
    assert (await see(messages.new_count, BOX), await see(messages.old_count, BOX)) == (1, 1)
    await do(messages.set_heard, first, exchange.clock.now() + timedelta(hours=1))
    assert [message.heard_at for message in await exchange.there(new=False)] == [exchange.clock.now()]
    assert len(exchange.changes) == 1, "heard twice is heard once"
    await do(messages.set_heard, first, None)
    await do(messages.delete, second)
    assert len(exchange.changes) == 3
    assert [message.id for message in await exchange.there()] == [first]
    assert exchange.files == [exchange.sound(first)]
    with pytest.raises(NotFound):
        await do(messages.delete, second)


async def test_a_change_that_is_not_committed_is_told_to_nobody(exchange: Exchange) -> None:
    recording = await exchange.leaves()
    await exchange.store.flush()
    exchange.changes.clear()

    async def delete_and_fail() -> None:
        async with exchange.database.change("anna") as unit:
            await messages.delete(unit, exchange.office.id, recording)
            raise NotFound("thing", "x")

    with pytest.raises(NotFound):
        await delete_and_fail()
    assert exchange.changes == []
    assert exchange.files == [exchange.sound(recording)]


async def test_page_by_page_the_newest_first(exchange: Exchange) -> None:
    left = []
    for n in range(5):
        exchange.clock.pass_time(minutes=n // 2)  # some in the same instant
        left.append(await exchange.leaves(f"call-{n}"))
    await exchange.store.flush()
    await exchange.office.do(messages.set_heard, left[0], exchange.clock.now())
    page = await exchange.office.see(messages.list_all, BOX, limit=2)
    shown = [message.id for message in page.messages]
    while page.next:
        page = await exchange.office.see(messages.list_all, BOX, cursor=page.next, limit=2)
        shown += [message.id for message in page.messages]
    assert shown == left[::-1]
    new = await exchange.office.see(messages.list_all, BOX, new=True)
    assert [message.id for message in new.messages] == left[:0:-1]


async def test_another_account_sees_hears_and_deletes_nothing(exchange: Exchange, rivals: Office) -> None:
    recording = await exchange.leaves()
    await exchange.store.flush()
    assert await rivals.see(messages.in_box, BOX, new=True) == []
    assert await rivals.see(messages.new_count, BOX) == 0
    for attempt in (messages.get, messages.delete):
        with pytest.raises(NotFound):
            await rivals.do(attempt, recording)
    with pytest.raises(NotFound):
        await rivals.do(messages.set_heard, recording, None)
    assert len(await exchange.there()) == 1


@pytest.mark.parametrize("id", ["../../secret", "a/b", "", "x" * 65, "a.b"])
def test_no_id_leads_out_of_the_folder(tmp_path: Path, id: str) -> None:
    with pytest.raises(NotFound):
        messages.file_of(tmp_path, AccountId(1), id)


async def notices(exchange: Exchange) -> list[NoticeRow]:
    async with exchange.database.read() as unit:
        return list(await unit.session.scalars(select(NoticeRow).order_by(NoticeRow.way)))


async def test_people_are_told_in_the_mailboxs_language_with_the_message_itself(exchange: Exchange) -> None:
    recording = await exchange.leaves()
    await exchange.store.flush()
    mail, sms = await notices(exchange)
    assert (mail.recipient, mail.message_id, mail.attach, mail.delete_after) == (
        "sales@example.org",
        recording,
        True,
        True,
    )
    assert mail.subject == "New voicemail message from De Jong (+31301234567)"
    assert mail.body == (
        "There is a new voicemail message for 500 Sales.\n\n"
        "Caller: De Jong (+31301234567)\nTime: 02/03/2026 10:00\nDuration: 0:03\n"
    ), "nine in UTC is ten in Amsterdam"
    assert (sms.recipient, sms.attach) == ("+31612345678", False)
    assert sms.body.startswith("New voicemail message for 500 Sales from De Jong (+31301234567), 02/03/2026 10:00")


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("nl", "Nieuw voicemailbericht van anonieme beller"),
        ("de", "Neue Sprachnachricht von anonymer Anrufer"),
        ("es", "Nuevo mensaje de voz de número oculto"),
        ("lv", "Jauna balss ziņa no anonīms zvanītājs"),
    ],
)
async def test_every_language_has_its_words(exchange: Exchange, language: str, subject: str) -> None:
    settings = {"language": language, "mail": {"address": "sales@example.org"}}
    await exchange.office.do(
        extensions.change, BOX, ExtensionIn(number=BOX, kind="mailbox", name="Sales", settings=settings)
    )
    recording = await exchange.begins()
    slip = exchange.store._slips[recording]
    exchange.store._slips[recording] = slip.model_copy(update={"caller": "", "caller_name": ""})
    await exchange.store.keep(recording, exchange.says(recording))
    await exchange.store.flush()
    [mail] = await notices(exchange)
    assert mail.subject == subject
    assert "500 Sales" in mail.body


async def test_a_users_voicemail_tells_too(exchange: Exchange) -> None:
    voicemail = {"mail": {"address": "jansen@example.org", "attach": False}}
    await exchange.office.settle("201", "Jansen", voicemail=voicemail)
    await exchange.leaves(box="201")
    await exchange.store.flush()
    [mail] = await notices(exchange)
    assert (mail.recipient, mail.attach) == ("jansen@example.org", False)
    assert len(await exchange.there(box="201")) == 1


async def test_a_message_that_cannot_be_brought_in_is_kept_on_the_disk_and_holds_up_no_other(
    exchange: Exchange, office: Office
) -> None:
    """Its mailbox has settings of another version."""
    await office.do(extensions.create, ExtensionIn(number="501", kind="mailbox", name="Odd"))
    async with exchange.database.change("another version") as unit:
        (await extensions.load(unit, office.id, "501")).settings = {"from": "the future"}
    odd, sound = await exchange.leaves("call-1", "501"), await exchange.leaves("call-2")
    with capture_logs() as logs:
        await exchange.store.flush()
        await exchange.store.flush()
    assert [message.id for message in await exchange.there()] == [sound]
    assert await exchange.there(box="501") == []
    assert exchange.sound(odd) in exchange.files
    assert [line["event"] for line in logs] == ["a message cannot be brought into the database"], "told once"
    async with exchange.database.change("this version") as unit:
        (await extensions.load(unit, office.id, "501")).settings = {}
    await exchange.dies_and_starts_again()
    await exchange.is_up()
    assert [message.id for message in await exchange.there(box="501")] == [odd]


async def test_a_slip_that_nobody_wrote_here_is_left_alone(exchange: Exchange) -> None:
    recording = await exchange.begins()
    [slip] = messages_files.slips(exchange.home)
    folder = exchange.home / "voicemail" / "77"
    folder.mkdir()
    for name, text in {"other": slip.model_dump_json(), "torn": "{", recording: slip.model_dump_json()}.items():
        (folder / f"{name}.json").write_text(text)
    assert messages_files.slips(exchange.home) == [slip]


async def test_a_hostile_name_does_no_harm(exchange: Exchange) -> None:
    recording = RecordingId("voicemail-hostile")
    name = "A\x00B\r\nBcc: x@y.z" * 99
    leaving = Leaving(exchange.office.id, BOX, "call-1", "+31" + "9" * 500, name, exchange.clock.now())
    await exchange.store.expect(recording, leaving)
    await exchange.store.keep(recording, exchange.says(recording))
    await exchange.store.flush()
    [message] = await exchange.there()
    assert message.caller_name.startswith("A B")
    assert "\n" not in (await notices(exchange))[0].subject
