"""What voicemail asks of storage: PINs, greetings, languages (VM-1, VM-5, VM-6, USR-1)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from centrale.accounts import extensions, messages, sounds
from centrale.accounts.database import Database
from centrale.accounts.desk import Desk
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.messages import Message
from centrale.accounts.messages_desk import MessageDesk
from centrale.accounts.messages_store import MessageStore
from centrale.accounts.models import ExtensionRow
from centrale.calls.ports import PinVerdict, Whence
from centrale.phones.audio import tone
from centrale.routing.snapshot import AccountId, ExtensionNumber
from centrale.voice.pcm import PCM, write_wav

from .conftest import SetClock
from .office import DE_JONG, Office, invalid, refused
from .outage import Outage
from .transfers import Transfers, edited, told

BOX = ExtensionNumber("500")
PIN, OTHER = "7391", "8527"


class People:
    """Those at the phones of an office."""

    def __init__(self, desk: MessageDesk, logons: Desk, office: Office, clock: SetClock) -> None:
        self.desk = desk
        self.logons = logons
        self.office = office
        self.clock = clock

    async def try_(
        self, pin: str, box: str = BOX, *, office: Office | None = None, whence: Whence | None = None
    ) -> PinVerdict:
        account = (office or self.office).id
        at = whence or Whence("desk")
        return await self.desk.try_box_pin(account, at, ExtensionNumber(box), pin, self.clock.now())

    async def logs_on(self, user: str, pin: str) -> PinVerdict:
        return await self.logons.try_pin(self.office.id, Whence("hall"), ExtensionNumber(user), pin, self.clock.now())

    async def settings(self, box: str = BOX) -> dict[str, Any]:
        stored = (await self.office.see(extensions.get, box)).settings
        found = stored.get("voicemail", stored)
        assert isinstance(found, dict)
        return found


@pytest.fixture
async def people(database: Database, office: Office, clock: SetClock, tmp_path: Path) -> People:
    await office.do(extensions.create, mailbox())
    await office.employ(DE_JONG, pin="4711")
    logons = Desk(database)
    store = MessageStore(database, tmp_path, lambda recording: tmp_path / recording)
    return People(MessageDesk(database, logons, store, tmp_path, tmp_path / "sounds"), logons, office, clock)


def mailbox(pin: str | None = PIN, **settings: Any) -> ExtensionIn:
    return ExtensionIn(number=BOX, kind="mailbox", name="Sales", pin=pin, settings=settings)


@pytest.mark.parametrize("pin", ["123", "12345", "1234", "4321", "1111", "1212", "0000", "12a4"])
async def test_a_mailboxs_pin_has_four_digits_and_is_no_sequence(office: Office, people: People, pin: str) -> None:
    assert list(await invalid(office.do(extensions.change, BOX, mailbox(pin)))) == ["pin"]
    assert list(await invalid(people.desk.choose_box_pin(office.id, BOX, pin))) == ["pin"]
    user = ExtensionIn(number=DE_JONG, kind="user", name="De Jong", voicemail_pin=pin)
    assert list(await invalid(office.do(extensions.change, DE_JONG, user))) == ["voicemail_pin"]


async def test_what_has_no_voicemail_has_no_pin_for_it(office: Office, people: People) -> None:
    group = ExtensionIn(number="300", kind="group", name="Sales", pin=PIN)
    assert list(await invalid(office.do(extensions.create, group))) == ["pin"]
    box = ExtensionIn(number="501", kind="mailbox", name="Sales", voicemail_pin=PIN)
    assert list(await invalid(office.do(extensions.create, box))) == ["voicemail_pin"]


async def test_a_mailboxs_pin_opens_it_and_nothing_else(people: People, rivals: Office) -> None:
    assert await people.try_(PIN) is PinVerdict.RIGHT
    assert await people.try_(OTHER) is PinVerdict.WRONG
    assert await people.try_(PIN, "599") is PinVerdict.WRONG
    assert await people.try_(PIN, office=rivals) is PinVerdict.WRONG
    assert await people.logs_on(BOX, PIN) is PinVerdict.WRONG, "nobody logs on as a mailbox"


async def test_it_is_stored_as_a_hash_and_shown_to_nobody(people: People, database: Database) -> None:
    async with database.read() as unit:
        rows = await unit.session.scalars(select(ExtensionRow).where(ExtensionRow.pin_hash.is_not(None)))
        assert all(row.pin_hash is not None and row.pin_hash.startswith("$argon2id$") for row in rows)
    shown = await people.office.see(extensions.get, BOX)
    assert shown.has_pin
    assert PIN not in shown.model_dump_json()


async def test_a_user_without_a_pin_for_voicemail_gives_the_one_for_logging_on(people: People) -> None:
    assert await people.try_("4711", DE_JONG) is PinVerdict.RIGHT
    await people.desk.choose_box_pin(people.office.id, DE_JONG, OTHER)
    assert await people.try_("4711", DE_JONG) is PinVerdict.WRONG
    assert await people.try_(OTHER, DE_JONG) is PinVerdict.RIGHT
    assert await people.logs_on(DE_JONG, "4711") is PinVerdict.RIGHT, "that one stays as it was"
    assert await people.logs_on(DE_JONG, OTHER) is PinVerdict.WRONG


async def test_only_0000_makes_the_user_choose(people: People) -> None:
    await people.office.settle(DE_JONG, pin="0000")
    assert await people.try_("0000", DE_JONG) is PinVerdict.MUST_CHOOSE


async def test_guessing_locks_the_box_and_not_the_users_logon(people: People) -> None:
    for n in range(4):
        assert await people.try_(OTHER, DE_JONG, whence=Whence(f"phone{n}")) is PinVerdict.WRONG
    assert await people.try_("4711", DE_JONG, whence=Whence("phone9")) is PinVerdict.LOCKED
    assert await people.logs_on(DE_JONG, "4711") is PinVerdict.RIGHT
    people.clock.pass_time(seconds=31)
    assert await people.try_("4711", DE_JONG) is PinVerdict.RIGHT


async def test_from_outside_it_is_counted_apart(people: People) -> None:
    caller = Whence("+31612345678", outside=True)
    for _ in range(4):
        await people.try_(OTHER, whence=caller)
    assert await people.try_(PIN, whence=caller) is PinVerdict.LOCKED
    assert await people.try_(PIN) is PinVerdict.RIGHT


async def test_a_new_pin_forgets_the_failures_of_the_old_one(people: People) -> None:
    for n in range(4):
        await people.try_(OTHER, whence=Whence(f"phone{n}"))
    assert await people.try_(PIN, whence=Whence("phone9")) is PinVerdict.LOCKED
    await people.office.do(extensions.change, BOX, mailbox(OTHER))
    assert await people.try_(OTHER, whence=Whence("phone9")) is PinVerdict.RIGHT


@pytest.mark.parametrize("box", [BOX, DE_JONG])
async def test_the_language_is_set_and_all_else_stays(people: People, box: ExtensionNumber) -> None:
    before = await people.settings(box)
    await people.desk.set_language(people.office.id, box, "lv")
    assert await people.settings(box) == before | {"language": "lv"}


@pytest.mark.parametrize("box", [BOX, DE_JONG])
async def test_a_greeting_is_kept_replaced_and_goes(people: People, tmp_path: Path, box: ExtensionNumber) -> None:
    files = []
    for n in range(2):
        people.clock.pass_time(seconds=1)
        assert await people.desk.set_greeting(people.office.id, box, recording(tmp_path, n))
        files.append((await people.settings(box))["welcome"]["sound"])
    assert files[0] != files[1]
    kept = [sound.file for sound in await people.office.see(sounds.list_all)]
    assert kept == [files[1]], "the one before goes, row and file"
    assert [path.name for path in (tmp_path / "sounds").rglob("*.wav")] == [files[1]]
    assert await people.desk.set_greeting(people.office.id, box, None)
    assert (await people.settings(box))["welcome"] is None
    assert list((tmp_path / "sounds").rglob("*.wav")) == []


async def test_a_greeting_that_another_extension_plays_stays(people: People, tmp_path: Path) -> None:
    await people.desk.set_greeting(people.office.id, BOX, recording(tmp_path))
    file = (await people.settings())["welcome"]["sound"]
    hours = ExtensionIn(number="400", kind="announcement", name="Hours", settings={"sound": file})
    await people.office.do(extensions.create, hours)
    assert await people.desk.set_greeting(people.office.id, BOX, None)
    assert [sound.file for sound in await people.office.see(sounds.list_all)] == [file]


async def test_what_cannot_be_kept_now_stays_where_it_is(outage: Outage, people: People, tmp_path: Path) -> None:
    take = recording(tmp_path)
    await outage.begin()
    assert not await people.desk.set_greeting(people.office.id, BOX, take)
    await outage.end()
    assert take.exists()
    assert not await people.desk.set_greeting(people.office.id, BOX, tmp_path / "none.wav")
    assert await people.desk.set_greeting(people.office.id, BOX, take)


async def test_listening_from_two_phones_at_once_is_no_fault(people: People, clock: SetClock) -> None:
    await people.office.do(leave, "one", clock.now())
    desk, account = people.desk, people.office.id
    [message] = await desk.messages(account, BOX, new=True)
    await desk.delete(account, message.id)
    await desk.delete(account, message.id)
    await desk.heard(account, message.id, clock.now())
    assert await desk.messages(account, BOX, new=False) == []


async def leave(unit: Any, account: AccountId, id: str, at: datetime) -> bool:
    message = Message(id=id, mailbox=BOX, left_at=at, seconds=3, caller="", caller_name="", call_id="x", heard_at=None)
    return await messages.add(unit, account, message)


def recording(folder: Path, n: int = 0) -> Path:
    """A sound as the switch leaves it."""
    path = folder / f"greeting-{n}.wav"
    write_wav(path, PCM.from_bytes(tone(440, 8000, 1.0)))
    return path


async def test_an_account_file_carries_settings_and_pins(people: People, files: Transfers, office: Office) -> None:
    mail = {"address": "sales@example.org"}
    await office.do(extensions.change, BOX, mailbox(None, linked_user=DE_JONG, language="de", mail=mail))
    await people.desk.choose_box_pin(office.id, DE_JONG, OTHER)
    text = await files.out(office.id, with_secrets=True)
    assert PIN not in text
    assert (await files.plan(text)).changes == (), "nothing would change"

    def without_pins(data: dict[str, Any]) -> None:
        for extension in data["extensions"]:
            extension.pop("pin_hash", None)
            extension.pop("voicemail_pin_hash", None)

    def other_pins(data: dict[str, Any]) -> None:
        without_pins(data)
        for extension in data["extensions"]:
            if extension["number"] == BOX:
                extension["pin"] = "9146"
            if extension["number"] == DE_JONG:
                extension["voicemail_pin"] = "9146"

    assert (await files.plan(edited(text, without_pins))).changes == (), "PINs that are not named stay"
    changed = edited(text, other_pins)
    assert told(await files.plan(changed)) == [
        ("change", f"extension {DE_JONG}", {"voicemail_pin": ("•••", "••• (another)")}),
        ("change", f"extension {BOX}", {"pin": ("•••", "••• (another)")}),
    ]
    await files.do(changed)
    assert await people.try_("9146") is PinVerdict.RIGHT
    assert await people.try_("9146", DE_JONG) is PinVerdict.RIGHT
    assert await people.logs_on(DE_JONG, "4711") is PinVerdict.RIGHT
    await files.do(text)
    assert await people.try_(PIN) is PinVerdict.RIGHT
    assert await people.try_(OTHER, DE_JONG) is PinVerdict.RIGHT


async def test_a_user_who_is_linked_to_a_mailbox_stays(people: People, office: Office) -> None:
    await office.do(extensions.change, BOX, mailbox(None, linked_user=DE_JONG))
    refusal = await refused(office.do(extensions.delete, DE_JONG))
    assert [str(use) for use in refusal.uses] == [f"extension {BOX} (settings.linked_user)"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"mail": {"address": "not an address"}},
        {"mail": {"address": "a@b.nl\r\nBcc: x@y.nl"}},
        {"mail": {"address": "a@b.nl", "attach": False, "delete_after": True}},
        {"sms": "0612345678"},
        {"linked_user": "500"},
        {"longest": 1},
        {"silence": 0},
        {"language": "fr"},
    ],
)
async def test_settings_that_cannot_be_right_are_refused(people: People, office: Office, wrong: dict[str, Any]) -> None:
    assert await invalid(office.do(extensions.change, BOX, mailbox(None, **wrong)))
